/*
 * modulation.h
 *	  Modulation spectra: how fast contours rise and fall (16 contours at once).
 *
 * Speech moves at syllable rate, 2 to 8 Hz, and emotions shift and spread that (Wu, Falk & Chan
 * 2011, "Automatic speech emotion recognition using modulation spectral features").
 */
#ifndef EMO_MODULATION_H
#define EMO_MODULATION_H

#include "core/base/env.h"
#include "core/dsp/fft.h"

/* Frames per second of the contours. */
#define EMO_MODULATION_FRAME_RATE 100

/* Bands between 0.5 and 30 Hz; emo_modulation_edges_hz has one more. */
#define EMO_N_MODULATION_BANDS 9
extern const float emo_modulation_edges_hz[EMO_N_MODULATION_BANDS + 1];

typedef struct EmoModulation EmoModulation;

/* A plan with work space, for one user at a time; *modulation is NULL on failure. */
extern EmoStatus emo_modulation_create(EmoEnv *env, EmoModulation **modulation);
extern void emo_modulation_destroy(EmoModulation *modulation);

/*
 * ln of the mean power of contours rows[n][16], less their means, in each band, to
 * bands[EMO_N_MODULATION_BANDS][16].  Contours longer than 10.24 s are cut into overlapping pieces
 * of that length whose powers are averaged (Welch 1967), so that the scale of the result does not
 * depend on the length.  Finite for finite rows.
 */
extern void emo_modulation_spectrum(EmoModulation *modulation, const float *rows, size_t n,
									float *bands);

#endif
