/*
 * png.h
 *	  Heat maps as PNG pictures.
 */
#ifndef EMO_PNG_H
#define EMO_PNG_H

#include "core/base/env.h"

/* Pixels of one side. */
#define EMO_PNG_MAX_SIDE 8192

/*
 * A PNG with a palette, in the colours of emo_heat_rgb(): pixels[height][width] are the amounts 0 ..
 * 255, the first row on top.  *png is allocated from env.  EMO_LIMIT_EXCEEDED for another size.
 */
extern EmoStatus emo_heat_png(EmoEnv *env, const uint8_t *pixels, int width, int height,
							  uint8_t **png, size_t *n_bytes);

/* The same in the colours of emo_signed_rgb(): 0 .. 255, with nothing between 127 and 128. */
extern EmoStatus emo_signed_png(EmoEnv *env, const uint8_t *pixels, int width, int height,
								uint8_t **png, size_t *n_bytes);

#endif
