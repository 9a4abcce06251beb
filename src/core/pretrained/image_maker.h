/*
 * image_maker.h
 *	  From a checkpoint to an image, a block at a time, with a few MB of memory.
 *
 * Reading and writing are the host's, which may raise errors there, as no frame of the core lies between:
 *
 *	  emo_image_maker_create(env, &config, &checkpoint, precision, &maker);
 *	  while (emo_image_maker_wants(maker, &wanted))
 *	  {
 *		  read wanted.n_bytes at wanted.offset of file wanted.file into wanted.into, if n_bytes is above 0;
 *		  emo_image_maker_go_on(env, maker, &bytes, &n_bytes);
 *		  write bytes behind those that were written before;
 *	  }
 */
#ifndef EMO_IMAGE_MAKER_H
#define EMO_IMAGE_MAKER_H

#include "core/encoder/image.h"
#include "core/pretrained/checkpoint.h"

typedef struct EmoImageMaker EmoImageMaker;

typedef struct EmoWantedBytes
{
	int file;
	uint64_t offset;
	size_t n_bytes; /* may be 0 */
	void *into;
} EmoWantedBytes;

/* EMO_N_PRECISIONS as precision: that of the checkpoint, F32 if it has several. */
#define EMO_OWN_PRECISION EMO_N_PRECISIONS

/*
 * Accounts for every tensor.  config and checkpoint have to stay.  EMO_CORRUPTED and EMO_UNSUPPORTED, see recipe.h and
 * emo_checkpoint_check_rest(); EMO_LIMIT_EXCEEDED, EMO_OUT_OF_MEMORY.
 */
extern EmoStatus emo_image_maker_create(EmoEnv *env, const EmoEncoderConfig *config,
										const EmoCheckpoint *checkpoint, EmoPrecision precision,
										EmoImageMaker **maker);

extern EmoPrecision emo_image_maker_precision(const EmoImageMaker *maker);

/* Of the whole image. */
extern uint64_t emo_image_maker_length(const EmoImageMaker *maker);

/* Numbers of all tensors that are used, as they are counted in the name of a model. */
extern uint64_t emo_image_maker_n_parameters(const EmoImageMaker *maker);

/* What to read next; false once the image is complete. */
extern bool emo_image_maker_wants(EmoImageMaker *maker, EmoWantedBytes *wanted);

/*
 * Makes the next bytes of the image (perhaps none) of what was wanted and has been read; they stay until the next call.
 * EMO_CORRUPTED if a number is infinite or NaN, EMO_INVALID_PARAMETER if it is too large for the precision, EMO_CANCELED.
 */
extern EmoStatus emo_image_maker_go_on(EmoEnv *env, EmoImageMaker *maker, const void **bytes,
									   size_t *n_bytes);

#endif
