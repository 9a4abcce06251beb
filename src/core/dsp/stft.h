/*
 * stft.h
 *	  Short-time Fourier transform with phases, one frame at a time, and back by overlap-add.
 *
 * For what becomes sound again.  Features need power spectra only: see spectrum.h, which is faster.
 */
#ifndef EMO_STFT_H
#define EMO_STFT_H

#include "core/base/env.h"
#include "core/dsp/spectrum.h"

typedef struct EmoStft EmoStft;

/*
 * A plan for frames of n_fft samples (EMO_FFT_MIN_SIZE to EMO_FFT_MAX_SIZE, even or odd) with a
 * window of win_length (1 .. n_fft, see emo_window_fill()) in their middle.  Its memory is env's;
 * emo_stft_destroy() releases only what belongs to FFTW and must be called before env ends.  One
 * user at a time.
 */
extern EmoStatus emo_stft_create(EmoEnv *env, int n_fft, int win_length, EmoWindow window,
								 bool symmetric, EmoStft **stft);
extern void emo_stft_destroy(EmoStft *stft); /* NULL is allowed */

/* n_fft / 2 + 1. */
extern int emo_stft_n_bins(const EmoStft *stft);

/*
 * bins[n_bins][2] (real, imaginary part): DFT of the window times samples[start .. start + n_fft - 1],
 * which are zero outside of 0 .. n_samples - 1.
 */
extern void emo_stft_analyse(EmoStft *stft, const float *samples, int64_t n_samples, int64_t start,
							 float *bins);

/*
 * Add the window times the inverse DFT of bins to samples[start ..], as far as they are inside
 * 0 .. n_samples - 1.  What frames of emo_stft_analyse() add up to is samples[i] times the sum of
 * the squared windows over it; of altered frames, this sum divided by that of the squared windows is
 * the signal whose frames are the closest in squares (Griffin & Lim 1984).
 */
extern void emo_stft_add(EmoStft *stft, const float *bins, int64_t start, float *samples,
						 int64_t n_samples);

/* Add the squared window of a frame to sums[n_samples]. */
extern void emo_stft_add_squared_window(const EmoStft *stft, int64_t start, float *sums,
										int64_t n_samples);

#endif
