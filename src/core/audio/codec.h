/*
 * codec.h
 *	  Recordings that are known, and that no library of the core reads: their names.
 */
#ifndef EMO_AUDIO_CODEC_H
#define EMO_AUDIO_CODEC_H

#include "core/audio/codec_boxes.h"
#include "core/base/env.h"

/*
 * By its first bytes, and by what a WAV or Ogg file says is in it.  NULL for what a library of the core
 * reads, and for what is not known.
 */
extern const EmoForeignCodec *emo_foreign_codec(const uint8_t *bytes, size_t n_bytes);

/* The format tag (WAVE_FORMAT_...) of a WAV file, that of its sub-format if it is extensible; -1: none. */
extern int emo_wave_format_tag(const uint8_t *bytes, size_t n_bytes);

/*
 * EMO_BAD_DATA, with a detail that names the codec and a hint how to convert it, or which package to
 * install; NULL: none.
 */
extern EmoStatus emo_fail_foreign_codec(EmoEnv *env, const EmoForeignCodec *codec,
										const char *package);

#endif
