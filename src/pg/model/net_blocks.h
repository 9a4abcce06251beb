/*
 * net_blocks.h
 *	  The blocks of a convolutional net as jsonb.
 */
#ifndef EMOSER_NET_BLOCKS_H
#define EMOSER_NET_BLOCKS_H

#include "postgres.h"

#include "utils/jsonb.h"

#include "core/nn/architecture.h"

/*
 * Blocks from an array of objects such as {"type": "conv1d", "channels": 64, "kernel": 5}; what an
 * object doesn't say is that of emo_nn_default_block().  Raises INVALID_PARAMETER_VALUE, with the
 * number of the block as context.  Whether they go together is checked by the core.
 */
extern void emoser_read_blocks(Jsonb *given, EmoNnArchitecture *architecture);

/* All blocks, with all there is to say of them. */
extern Jsonb *emoser_write_blocks(const EmoNnArchitecture *architecture);

#endif
