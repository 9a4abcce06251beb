/*
 * speed.c
 *	  Recordings played faster or slower: resampling by a ratio of small numbers.
 *
 * A polyphase filter: output m lies at input t = m * n_input / n_output, and n_output outputs later
 * the fractions of t come again, so that n_output sets of taps are all there are.  16 stretches of
 * n_input samples are filtered at once (see kernels.h for the layout).
 */
#include "core/audio/speed.h"

#include <math.h>
#include <string.h>

#include "core/dsp/kernels.h"

#define N_TAPS 80
#define BEFORE (N_TAPS / 2 - 1) /* taps before the input at or before t */

/*
 * A sinc under a Blackman window of N taps falls from its passband to -74 dB within 6 / N of the
 * sample rate; half of that, in Nyquist frequencies, is kept below the lower Nyquist frequency.
 */
#define HALF_TRANSITION (6.0 / N_TAPS)

typedef struct Filter
{
	int n_input, n_output;
	const EmoKernels *kernels;
	float taps[EMO_SPEED_MAX_TERM][N_TAPS];
	float ones[EMO_SPEED_MAX_TERM + N_TAPS];
	float rows[EMO_SPEED_MAX_TERM + N_TAPS][EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
} Filter;

/* At x samples from the centre, the cutoff in Nyquist frequencies; cos 2a is 2 cos^2 a - 1. */
static double
windowed_sinc(double x, double cutoff)
{
	double cosine = cos(2 * M_PI * x / N_TAPS);
	double sinc = x == 0 ? cutoff : sin(M_PI * cutoff * x) / (M_PI * x);

	return fabs(x) < N_TAPS / 2 ? sinc * (0.34 + 0.5 * cosine + 0.16 * cosine * cosine) : 0;
}

static void
fill_taps(Filter *filter)
{
	double cutoff = fmin(1, (double) filter->n_output / filter->n_input) - HALF_TRANSITION;

	for (int i = 0; i < filter->n_input + N_TAPS; i++)
		filter->ones[i] = 1;
	for (int phase = 0; phase < filter->n_output; phase++)
	{
		double t = (double) phase * filter->n_input / filter->n_output;
		float *taps = filter->taps[phase], sum = 0;

		for (int i = 0; i < N_TAPS; i++)
			sum += taps[i] = (float) windowed_sinc(floor(t) - BEFORE + i - t, cutoff);
		for (int i = 0; i < N_TAPS; i++)
			taps[i] /= sum;
	}
}

/* The outputs of 16 stretches of input, up to n_wanted; samples has the taps' reach on both sides. */
static void
filter_block(Filter *filter, const float *samples, int64_t n_wanted, float *copy)
{
	filter->kernels->frame(samples - BEFORE, filter->n_input, filter->ones,
						   filter->n_input + N_TAPS, 0, filter->rows[0]);
	for (int phase = 0; phase < filter->n_output; phase++)
	{
		float out[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
		int first = phase * filter->n_input / filter->n_output;

		filter->kernels->weighted_sum(filter->rows[first], filter->taps[phase], N_TAPS, out);
		for (int lane = 0; lane < EMO_LANES; lane++)
			if (lane * filter->n_output + phase < n_wanted)
				copy[lane * filter->n_output + phase] = out[lane];
	}
}

EmoStatus
emo_change_speed(EmoEnv *env, int n_input, int n_output, const float *samples, int64_t n_samples,
				 float **copy, int64_t *n_copy)
{
	int64_t stretch = (int64_t) EMO_LANES * n_input, made = (int64_t) EMO_LANES * n_output;
	int64_t n_blocks = (n_samples + stretch - 1) / stretch;
	/* Zeros around, and up to the end of the last block. */
	int64_t n_padded = BEFORE + n_blocks * stretch + N_TAPS;
	float *padded = emo_alloc_zero(env, n_padded, sizeof(float));
	Filter *filter = emo_alloc(env, 1, sizeof(Filter));

	*n_copy = n_samples * n_output / n_input > 0 ? n_samples * n_output / n_input : 1;
	*copy = emo_alloc(env, *n_copy, sizeof(float));
	if (padded == NULL || filter == NULL || *copy == NULL)
		return env->status;
	memcpy(padded + BEFORE, samples, n_samples * sizeof(float));
	filter->n_input = n_input;
	filter->n_output = n_output;
	filter->kernels = emo_kernels();
	fill_taps(filter);
	for (int64_t i = 0; i < n_blocks; i++)
	{
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		filter_block(filter, padded + BEFORE + i * stretch, *n_copy - i * made, *copy + i * made);
	}
	emo_free(env, padded);
	emo_free(env, filter);
	return EMO_OK;
}
