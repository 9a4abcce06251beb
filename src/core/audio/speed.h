/*
 * speed.h
 *	  Recordings played faster or slower.
 */
#ifndef EMO_SPEED_H
#define EMO_SPEED_H

#include "core/base/env.h"

/* Largest term of a ratio. */
#define EMO_SPEED_MAX_TERM 32

/*
 * From each n_input samples make n_output (1 .. EMO_SPEED_MAX_TERM each, alike within a tenth): played
 * at the same rate, pitch, formants and tempo all go up by n_input / n_output.  Flat within 0.1 dB up
 * to 80 % of the lower Nyquist frequency, aliases below -70 dB.  *copy is env's, of *n_copy samples,
 * at least one.
 */
extern EmoStatus emo_change_speed(EmoEnv *env, int n_input, int n_output, const float *samples,
								  int64_t n_samples, float **copy, int64_t *n_copy);

#endif
