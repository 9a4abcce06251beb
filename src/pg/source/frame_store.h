/*
 * frame_store.h
 *	  Frames of recordings (see core/nn/input.h) for a training: in memory as long as they fit into
 *	  a bound, the rest in a temporary file, so that training sets of any size can be trained on.
 */
#ifndef EMOSER_FRAME_STORE_H
#define EMOSER_FRAME_STORE_H

#include "pg/base/glue.h"

typedef struct FrameStore FrameStore;

/* A store in the current memory context, with which it goes, its file included. */
extern FrameStore *emoser_frame_store_create(int memory_mb);

/*
 * Add a recording's frames[n_frames][EMO_NN_FRAME_VALUES].  They are numbered from 0 in the order
 * in which they come.  Raises on I/O errors and when temp_file_limit is exceeded.
 */
extern void emoser_frame_store_add(FrameStore *store, const uint16 *frames, int n_frames);

/*
 * Points *frames at those of a recording, until the next call.  Doesn't raise: EMO_IO_ERROR in env
 * if the file can't be read.  Transactions may have ended since they were added.
 */
extern EmoStatus emoser_frame_store_fetch(EmoEnv *env, FrameStore *store, int64 recording,
										  const uint16_t **frames);

extern int emoser_frame_store_n_frames(const FrameStore *store, int64 recording);

#endif
