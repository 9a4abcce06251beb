/*
 * griffin_lim.h
 *	  A signal whose short-time spectra have given amplitudes.
 */
#ifndef EMO_GRIFFIN_LIM_H
#define EMO_GRIFFIN_LIM_H

#include "core/base/env.h"
#include "core/dsp/spectrum.h"

typedef struct EmoGriffinLimParams
{
	int n_fft;
	int win_length;
	int hop_length;
	EmoWindow window;
	bool symmetric_window;
	EmoFraming framing;
	int n_iterations;
	double momentum; /* 0: Griffin & Lim 1984; 0.99: fast (Perraudin, Balazs & Sondergaard 2013) */
	uint64_t seed;   /* of the phases at the start */
} EmoGriffinLimParams;

/*
 * The fewest samples that have n_frames > 0 frames (centred at a hop of one sample, even one sample
 * has two).
 */
extern int64_t emo_griffin_lim_n_samples(const EmoGriffinLimParams *params, int64_t n_frames);

/*
 * samples[emo_griffin_lim_n_samples()] from amplitude[n_frames][n_fft/2+1].  Temporary memory: 12
 * bytes per sample.
 */
extern EmoStatus emo_griffin_lim(EmoEnv *env, const EmoGriffinLimParams *params,
								 const float *amplitude, int64_t n_frames, float *samples);

#endif
