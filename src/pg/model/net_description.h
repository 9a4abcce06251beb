/*
 * net_description.h
 *	  What a net is besides its arrays, as JSON that is enough to build it again.
 *
 * An object with the options of "cnn" that are about the architecture (architecture, input,
 * n_coefficients, pitch, blocks, pooling, n_heads, head_dropout) and n_warps.
 */
#ifndef EMOSER_NET_DESCRIPTION_H
#define EMOSER_NET_DESCRIPTION_H

#include "postgres.h"

#include "utils/jsonb.h"

#include "core/nn/model.h"

extern Jsonb *emoser_describe_net(const EmoNnModel *net);

/*
 * Set architecture and n_warps of a net.  Raises INVALID_PARAMETER_VALUE; whether the architecture
 * can be is checked by the core.
 */
extern void emoser_read_net_description(Jsonb *description, EmoNnModel *net);

#endif
