/*
 * ebml.h
 *	  Whether a Matroska or WebM file ends within an element.
 */
#ifndef EMO_AV_EBML_H
#define EMO_AV_EBML_H

#include "core/base/env.h"

/* EMO_CANCELED. */
extern EmoStatus emo_av_ebml_is_cut(EmoEnv *env, const uint8_t *bytes, size_t n_bytes,
									bool *is_cut);

#endif
