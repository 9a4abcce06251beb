/*
 * foreign.h
 *	  What bytes are that are no recording.
 */
#ifndef EMO_AUDIO_FOREIGN_H
#define EMO_AUDIO_FOREIGN_H

#include <stddef.h>
#include <stdint.h>

/*
 * What to do about text where bytes were meant: a sentence or two.  NULL if the bytes look like nothing known.
 */
extern const char *emo_foreign_audio_hint(const uint8_t *bytes, size_t n_bytes);

#endif
