/*
 * kernels.h
 *	  Inner loops that work on 16 frames at once, in the instruction set of the running processor.
 *
 * Layout ("lanes"): a matrix float[rows][EMO_LANES] whose columns are different frames (or
 * different features) and whose rows are samples, bins, bands or coefficients.  Every row is one
 * cache line, aligned to EMO_ALIGNMENT.  So SIMD needs no shuffles, and no size is awkward.
 *
 * The loops are written once, in kernels_body.h, and compiled for AVX-512, AVX2 with FMA, and the
 * compiler's baseline (SSE2, NEON).  Results of the three are the same, bit for bit (simd.h).
 */
#ifndef EMO_KERNELS_H
#define EMO_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#define EMO_LANES 16

/* Samples that are measured together: 5 ms at 16 kHz, which divide frames and hops. */
#define EMO_STEP 80

/* Outputs of a convolution that are summed up together. */
#define EMO_CONVOLVED 8

typedef struct EmoKernels
{
	const char *name; /* "avx512", "avx2", "baseline" */

	/*
	 * Cut frames: rows[i][lane] = window[i] * x[lane * hop_length + i], i < length, where
	 * x[i] = samples[i] - preemphasis * samples[i - 1].  With preemphasis, samples[-1] is read.
	 */
	void (*frame)(const float *samples, ptrdiff_t hop_length, const float *window, int length,
				  float preemphasis, float *rows);

	/*
	 * Complex DFT in place of n values (a power of two, at least 4), rows alternating real and
	 * imaginary part.  Radix 4, decimation in frequency: value k is left at the digit-reversed
	 * place.  twiddles: see fft.c.
	 */
	void (*complex_fft)(float *rows, int n, const float *twiddles);

	/*
	 * From the complex DFT of half_n values z[m] = x[2m] + i x[2m+1] to the power spectrum
	 * scale * |X[k]|^2, k = 0 .. half_n, of the real x.  position[k] is where value k stands;
	 * twiddles[k] = (cos, -sin)(pi k / half_n), k = 0 .. half_n / 2.
	 */
	void (*real_power)(const float *rows, const int32_t *position, int half_n,
					   const float *twiddles, float scale, float *power);

	/* The same for scale * Re X[k]. */
	void (*real_part)(const float *rows, const int32_t *position, int half_n, const float *twiddles,
					  float scale, float *real);

	/* A band's sum: out = sum of weights[i] * rows[i], i < n. */
	void (*weighted_sum)(const float *rows, const float *weights, int n, float *out);

	/*
	 * In place rows = scale * ln(max(rows, floor)), relative error of ln below 1e-6, for a normal
	 * positive floor; maximum[lane] is raised to the lane's largest result.
	 */
	void (*log_rows)(float *rows, int n, float floor, float scale, float *maximum);

	/* out[j] = sum over i of matrix[j][i] * max(rows[i], floor), i < n_in, j < n_out. */
	void (*multiply)(const float *rows, int n_in, float floor, const float *matrix, int n_out,
					 float *out);

	/*
	 * A convolution over time of rectified inputs: for each output j < n_out, a multiple of
	 * EMO_CONVOLVED,
	 *
	 *	out[j * out_stride + lane] = bias[j] + sum over taps and inputs i < n_in of
	 *		weights[tap][i] * max(input[i * stride + offsets[tap] + lane], 0),
	 *
	 * in this order, the bias last; plus kept[j * stride + lane], if kept is not NULL.  weights:
	 * for EMO_CONVOLVED outputs at a time [n_taps][n_in][EMO_CONVOLVED], then as many biases.
	 * Nothing needs to be aligned.
	 */
	void (*convolve)(const float *input, ptrdiff_t stride, int n_in, const int *offsets, int n_taps,
					 const float *weights, int n_out, const float *kept, float *out,
					 ptrdiff_t out_stride);

	/*
	 * Sums over n rows of d, d^2, d^3, d^4 and d t, d = row - center[lane], to sums[0 .. 4][16];
	 * t counts the rows from first_t on.
	 */
	void (*moments)(const float *rows, size_t n, const float *center, float first_t, float *sums);

	/*
	 * Spectral flux of power[n][16]: the Euclidean distance between the amplitude spectra of each
	 * frame and the one before it, each divided by its sum + floor.  history[n + 1][32] is for this
	 * kernel to keep from block to block; zeros before the first one.
	 */
	void (*flux)(const float *power, int n, float floor, float *history, float *flux);

	/* The first row at which the running sum of power[n][16] reaches share of the whole. */
	void (*rolloff)(const float *power, int n, const float *share_of_total, float *row);

	/*
	 * The highest local maximum of x[i] - bias * i, first <= i <= last, where
	 * x[i] = scale[lane] * gain[i] * rows[i], first - 3 <= i <= last + 3: its place, between rows,
	 * and height, by values interpolated half-way between rows and a parabola through three of
	 * them.  Row first and height 0 without one.
	 */
	void (*highest_peak)(const float *rows, const float *scale, const float *gain, int first,
						 int last, float bias, float *row, float *height);

	/* Sum of n samples; in single precision over short stretches only. */
	double (*sum)(const float *samples, size_t n);

	/*
	 * Of EMO_STEP samples x[i] = samples[i] - offset, where samples[-1] is read: the sum of squares
	 * and how often the sign changes from one to the next, x[-1] included.
	 */
	void (*measure_step)(const float *samples, float offset, float *energy, int *crossings);

	/* out[i] += sum over k of taps[k] * (x[i - 1 - k] + x[i + k]), i < n, k < n_taps. */
	void (*filter)(const float *x, size_t n, const float *taps, int n_taps, float *out);

	/*
	 * For all rows i < n - distance whose bit period (a power of two) is as in phase (0 or period):
	 * the smaller value of each lane goes to row i and the larger to row i + distance.
	 */
	void (*exchange_pass)(float *rows, size_t n, size_t period, size_t phase, size_t distance);

	/* even[i] = scale * samples[2 i], odd[i] = samples[2 i + 1], i < n. */
	void (*split)(const float *samples, size_t n, float scale, float *restrict even,
				  float *restrict odd);

	/* out[i] = scale * (samples[i] - offset), i < n. */
	void (*shift_and_scale)(const float *samples, size_t n, float offset, float scale,
							float *restrict out);

	/* sums[i][j] += x[i] * x[j], i, j < n. */
	void (*add_products)(const double *x, int n, double *restrict sums);
} EmoKernels;

/* The fastest kernels that this processor runs. */
extern const EmoKernels *emo_kernels(void);

/* Those of one instruction set, for tests; NULL if this processor or build hasn't got them. */
extern const EmoKernels *emo_kernels_named(const char *name);

/* The three builds of kernels_body.h; the first two only on x86-64. */
extern const EmoKernels emo_kernels_avx512;
extern const EmoKernels emo_kernels_avx2;
extern const EmoKernels emo_kernels_baseline;

#endif
