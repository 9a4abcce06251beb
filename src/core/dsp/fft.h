/*
 * fft.h
 *	  Discrete Fourier transforms of 16 real frames at once (see kernels.h for the layout).
 *
 * Powers of two go through our own radix-4 transform, whose SIMD lanes are the frames; other sizes
 * through FFTW.
 */
#ifndef EMO_FFT_H
#define EMO_FFT_H

#include "core/base/env.h"
#include "core/dsp/kernels.h"

#define EMO_FFT_MIN_SIZE 16
#define EMO_FFT_MAX_SIZE 65536

typedef struct EmoFft EmoFft;

/*
 * A plan for frames of n samples, EMO_FFT_MIN_SIZE to EMO_FFT_MAX_SIZE, even or odd.  Its memory is
 * env's; emo_fft_destroy() releases only what belongs to FFTW, and must be called before env ends.
 * A plan holds work space: one user at a time.
 */
extern EmoStatus emo_fft_create(EmoEnv *env, int n, EmoFft **fft);
extern void emo_fft_destroy(EmoFft *fft);

/* Use other kernels than those of the running processor (for tests). */
extern void emo_fft_set_kernels(EmoFft *fft, const EmoKernels *kernels);

/*
 * Power spectra: power[k] = scale * |X[k]|^2, k = 0 .. n/2, where X = DFT of rows[0 .. n-1].
 * rows is float[n][16] and is overwritten, power is float[n/2+1][16]; they must not overlap.
 */
extern void emo_fft_lanes_power(EmoFft *fft, float *rows, float scale, float *power);

/*
 * The inverse for a real and even spectrum, such as a power spectrum: its autocorrelation,
 * out[t] = 1/n sum of power[|k|] cos(2 pi k t / n) over k = 0 .. n-1, t = 0 .. n/2, with
 * power[n - k] = power[k].  power is float[n/2+1][16], work float[n][16], out float[n/2+1][16].
 * out may be power.
 */
extern void emo_fft_lanes_autocorrelation(EmoFft *fft, const float *power, float *work, float *out);

#endif
