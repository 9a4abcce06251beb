/*
 * contours.c
 *	  Frame-wise quantities of a recording, from which utterance features are made.
 */
#include "core/contours.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/mel.h"
#include "core/pitch.h"
#include "core/sort.h"
#include "core/spectrum.h"

#define RATE        EMO_CONTOUR_SAMPLE_RATE
#define HOP         EMO_CONTOUR_HOP
#define WINDOW      400 /* 25 ms */
#define N_FFT       512
#define N_BINS      (N_FFT / 2 + 1)
#define BIN_HZ      ((double) RATE / N_FFT)
#define PREEMPHASIS 0.97f

/* Lowest edge of the mel bands in Hz: below it there is hum. */
#define MEL_LOW_HZ 20

/* Quieter recordings are noise of the converter, which is not to be raised to the level of speech. */
#define MIN_RMS 1e-5

/*
 * Below the power of anything audible in a recording of RMS 1; they bound logarithms.  A mel band
 * of a frame of white noise of RMS 1 has a power of about 1e3.
 */
#define MEL_FLOOR    1e-5f
#define ENERGY_FLOOR 1e-3f
#define BAND_FLOOR   1e-4f
#define POWER_FLOOR  1e-5f

/* Frames this far (in nats) below the loud ones are pauses; "loud" is the 95th percentile. */
#define ACTIVE_RANGE    4.5f
#define LOUD_PERCENTILE 0.95

#define ROLLOFF_SHARE   0.85f

/* Semitones are counted from A1. */
#define SEMITONE_BASE_HZ 55.0f

/* Energy and zero crossings are summed over steps that divide both window and hop. */
#define STEP             80
#define STEPS_PER_WINDOW (WINDOW / STEP)
#define STEPS_PER_HOP    (HOP / STEP)

/* A row of the history that EmoKernels.flux keeps. */
#define HISTORY_BYTES (2 * EMO_LANES * sizeof(float))

/* Sums are kept apart by so many, so that the compiler may use SIMD; additions don't commute. */
#define N_SUMS 16

struct EmoContourPlan
{
	const EmoKernels *kernels;
	EmoSpectrum *spectrum;
	EmoMelBank *bank;
	EmoPitch *pitch;
	float *dct;       /* [EMO_CONTOUR_N_MFCC][EMO_CONTOUR_N_MELS] */
	float *ones;      /* [N_BINS] */
	float *frequency; /* [N_BINS], kHz */
	float *square;    /* [N_BINS], kHz^2 */
	float *power;     /* [N_BINS][16] */
	float *history;   /* [N_BINS + 1][32], of the flux */
};

static void
fill_tables(EmoContourPlan *plan)
{
	int n = EMO_CONTOUR_N_MELS;

	for (int k = 0; k < N_BINS; k++)
	{
		plan->ones[k] = 1;
		plan->frequency[k] = (float) (k * BIN_HZ / 1000);
		plan->square[k] = plan->frequency[k] * plan->frequency[k];
	}
	/* Orthonormal DCT-II. */
	for (int j = 0; j < EMO_CONTOUR_N_MFCC; j++)
		for (int m = 0; m < n; m++)
			plan->dct[j * n + m] =
				(float) (sqrt((j == 0 ? 1.0 : 2.0) / n) * cos(M_PI * j * (2 * m + 1) / (2.0 * n)));
}

EmoStatus
emo_contour_plan_create(EmoEnv *env, EmoContourPlan **result)
{
	static const EmoSpectrumParams of_spectrum = {.n_fft = N_FFT,
												  .win_length = WINDOW,
												  .hop_length = HOP,
												  .window = EMO_WINDOW_HAMMING,
												  .framing = EMO_FRAMES_OF_WINDOW,
												  .preemphasis = PREEMPHASIS};
	static const EmoMelParams of_mel = {.sample_rate = RATE,
										.n_fft = N_FFT,
										.n_mels = EMO_CONTOUR_N_MELS,
										.fmin = MEL_LOW_HZ,
										.fmax = RATE / 2.0,
										.scale = EMO_MEL_HTK,
										.norm = EMO_MEL_NORM_NONE};
	EmoContourPlan *plan = emo_alloc_zero(env, 1, sizeof(EmoContourPlan));

	*result = NULL;
	if (plan == NULL)
		return env->status;
	plan->kernels = emo_kernels();
	plan->dct = emo_alloc(env, EMO_CONTOUR_N_MFCC * EMO_CONTOUR_N_MELS, sizeof(float));
	plan->ones = emo_alloc(env, N_BINS, sizeof(float));
	plan->frequency = emo_alloc(env, N_BINS, sizeof(float));
	plan->square = emo_alloc(env, N_BINS, sizeof(float));
	plan->power = emo_alloc(env, N_BINS, EMO_LANES * sizeof(float));
	plan->history = emo_alloc(env, N_BINS + 1, HISTORY_BYTES);
	if (plan->dct == NULL || plan->ones == NULL || plan->frequency == NULL ||
		plan->square == NULL || plan->power == NULL || plan->history == NULL ||
		emo_mel_bank_create(env, &of_mel, &plan->bank) != EMO_OK ||
		emo_spectrum_create(env, &of_spectrum, &plan->spectrum) != EMO_OK ||
		emo_pitch_create(env, &plan->pitch) != EMO_OK)
	{
		emo_contour_plan_destroy(plan);
		return env->status;
	}
	fill_tables(plan);
	*result = plan;
	return EMO_OK;
}

void
emo_contour_plan_destroy(EmoContourPlan *plan)
{
	if (plan == NULL)
		return;
	emo_spectrum_destroy(plan->spectrum);
	emo_pitch_destroy(plan->pitch);
}

static EmoStatus
alloc_contours(EmoEnv *env, int64_t n_frames, EmoContours *contours)
{
	contours->n_frames = n_frames;
	contours->mel = emo_alloc(env, n_frames, EMO_CONTOUR_N_MELS * sizeof(float));
	contours->spectral = emo_alloc_zero(env, n_frames, EMO_CONTOUR_STRIDE * sizeof(float));
	contours->f0 = emo_alloc(env, n_frames, sizeof(float));
	contours->voicing = emo_alloc(env, n_frames, sizeof(float));
	contours->active = emo_alloc(env, n_frames, sizeof(bool));
	contours->voiced = emo_alloc(env, n_frames, sizeof(bool));
	if (contours->mel == NULL || contours->spectral == NULL || contours->f0 == NULL ||
		contours->voicing == NULL || contours->active == NULL || contours->voiced == NULL)
		return env->status;
	return EMO_OK;
}

/* Sum and sum of squares. */
static void
sum_samples(const float *samples, int64_t n_samples, double *sum, double *square_sum)
{
	double sums[N_SUMS] = {0}, squares[N_SUMS] = {0};
	int64_t i = 0;

	for (; i + N_SUMS <= n_samples; i += N_SUMS)
		for (int j = 0; j < N_SUMS; j++)
		{
			double x = samples[i + j];

			sums[j] += x;
			squares[j] += x * x;
		}
	for (int j = 0; i + j < n_samples; j++)
	{
		sums[j] += samples[i + j];
		squares[j] += (double) samples[i + j] * samples[i + j];
	}
	*sum = *square_sum = 0;
	for (int j = 0; j < N_SUMS; j++)
	{
		*sum += sums[j];
		*square_sum += squares[j];
	}
}

/* A copy without the mean, at RMS 1. */
static float *
normalise_level(EmoEnv *env, const float *samples, int64_t n_samples)
{
	float *normal = emo_alloc(env, n_samples, sizeof(float));
	double mean, square;
	float offset, gain;

	if (normal == NULL)
		return NULL;
	sum_samples(samples, n_samples, &mean, &square);
	mean /= (double) n_samples;
	gain = (float) (1 / fmax(sqrt(fmax(square / (double) n_samples - mean * mean, 0)), MIN_RMS));
	offset = (float) mean;
	for (int64_t i = 0; i < n_samples; i++)
		normal[i] = (samples[i] - offset) * gain;
	return normal;
}

/* Energy and zero crossings of one step; a crossing is between a sample and the one before it. */
static void
measure_step(const float *samples, int64_t n_samples, int64_t first, float *energy, int *crossings)
{
	int64_t n = first + STEP < n_samples ? STEP : n_samples - first;
	float sums[N_SUMS] = {0};
	int count = 0;

	for (int64_t i = 0; i + N_SUMS <= n; i += N_SUMS)
		for (int j = 0; j < N_SUMS; j++)
			sums[j] += samples[first + i + j] * samples[first + i + j];
	for (int64_t i = n - n % N_SUMS; i < n; i++)
		sums[0] += samples[first + i] * samples[first + i];
	*energy = 0;
	for (int j = 0; j < N_SUMS; j++)
		*energy += sums[j];
	for (int64_t i = first > 0 ? 0 : 1; i < n; i++)
		count += (samples[first + i] < 0) != (samples[first + i - 1] < 0);
	*crossings = count;
}

static EmoStatus
fill_energy(EmoEnv *env, const float *samples, int64_t n_samples, EmoContours *contours)
{
	int64_t n_steps = contours->n_frames * STEPS_PER_HOP + STEPS_PER_WINDOW;
	float *energy = emo_alloc_zero(env, n_steps, sizeof(float));
	int *crossings = emo_alloc_zero(env, n_steps, sizeof(int));

	if (energy == NULL || crossings == NULL)
		return env->status;
	for (int64_t step = 0; step < n_steps && step * STEP < n_samples; step++)
		measure_step(samples, n_samples, step * STEP, &energy[step], &crossings[step]);
	for (int64_t t = 0; t < contours->n_frames; t++)
	{
		float *row = contours->spectral + t * EMO_CONTOUR_STRIDE;
		float energy_sum = 0;
		int crossing_sum = 0;

		for (int step = 0; step < STEPS_PER_WINDOW; step++)
		{
			energy_sum += energy[t * STEPS_PER_HOP + step];
			crossing_sum += crossings[t * STEPS_PER_HOP + step];
		}
		row[EMO_LOG_ENERGY] = logf(energy_sum + ENERGY_FLOOR);
		row[EMO_ZERO_CROSSINGS] = (float) crossing_sum * 10 / WINDOW;
	}
	emo_free(env, energy);
	emo_free(env, crossings);
	return EMO_OK;
}

/* Sum of the power from low to high Hz. */
static void
band_power(const EmoContourPlan *plan, double low_hz, double high_hz, float *sum)
{
	int first = (int) ceil(low_hz / BIN_HZ), end = (int) ceil(high_hz / BIN_HZ);

	plan->kernels->weighted_sum(plan->power + (size_t) first * EMO_LANES, plan->ones, end - first,
								sum);
}

/* The spectral contours of the block in plan->power, columns[EMO_N_CONTOURS][16] from EMO_CENTROID. */
static void
shape_of_block(EmoContourPlan *plan, float columns[][EMO_LANES])
{
	const EmoKernels *kernels = plan->kernels;
	float total[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float first[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float second[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float low[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float high[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));

	kernels->flux(plan->power, N_BINS, POWER_FLOOR, plan->history, columns[EMO_FLUX]);
	kernels->weighted_sum(plan->power, plan->ones, N_BINS, total);
	kernels->weighted_sum(plan->power, plan->frequency, N_BINS, first);
	kernels->weighted_sum(plan->power, plan->square, N_BINS, second);
	for (int lane = 0; lane < EMO_LANES; lane++)
	{
		float mean = first[lane] / (total[lane] + POWER_FLOOR);
		float variance = second[lane] / (total[lane] + POWER_FLOOR) - mean * mean;

		columns[EMO_CENTROID][lane] = mean;
		columns[EMO_SPREAD][lane] = variance > 0 ? sqrtf(variance) : 0;
		columns[EMO_FLUX][lane] *= 10;
		total[lane] *= ROLLOFF_SHARE;
	}
	kernels->rolloff(plan->power, N_BINS, total, columns[EMO_ROLLOFF]);
	band_power(plan, 250, 650, columns[EMO_LOW_BAND]);
	band_power(plan, 1000, 4000, columns[EMO_MIDDLE_BAND]);
	band_power(plan, 50, 1000, low);
	band_power(plan, 1000, 5000, high);
	for (int lane = 0; lane < EMO_LANES; lane++)
	{
		columns[EMO_ROLLOFF][lane] *= (float) (BIN_HZ / 1000);
		columns[EMO_LOW_BAND][lane] = logf(columns[EMO_LOW_BAND][lane] + BAND_FLOOR);
		columns[EMO_MIDDLE_BAND][lane] = logf(columns[EMO_MIDDLE_BAND][lane] + BAND_FLOOR);
		columns[EMO_ALPHA_RATIO][lane] = logf((low[lane] + BAND_FLOOR) / (high[lane] + BAND_FLOOR));
	}
}

/* All that comes from the spectra of frames first .. first + 15. */
static void
fill_block(EmoContourPlan *plan, const float *samples, int64_t n_samples, int64_t first,
		   EmoContours *contours)
{
	float mel[EMO_CONTOUR_N_MELS][EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float columns[EMO_N_CONTOURS][EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float maximum[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT))) = {0};

	emo_spectrum_power(plan->spectrum, samples, n_samples, first, 1, plan->power);
	emo_mel_bank_apply(plan->bank, plan->kernels, plan->power, mel[0]);
	plan->kernels->log_rows(mel[0], EMO_CONTOUR_N_MELS, MEL_FLOOR, 1, maximum);
	plan->kernels->multiply(mel[0], EMO_CONTOUR_N_MELS, -INFINITY, plan->dct, EMO_CONTOUR_N_MFCC,
							columns[0]);
	shape_of_block(plan, columns);
	for (int lane = 0; lane < EMO_LANES && first + lane < contours->n_frames; lane++)
	{
		float *mel_row = contours->mel + (first + lane) * EMO_CONTOUR_N_MELS;
		float *row = contours->spectral + (first + lane) * EMO_CONTOUR_STRIDE;

		for (int m = 0; m < EMO_CONTOUR_N_MELS; m++)
			mel_row[m] = mel[m][lane];
		for (int j = 0; j < EMO_CONTOUR_N_MFCC; j++)
			row[j] = columns[j][lane];
		for (int j = EMO_CENTROID; j < EMO_N_CONTOURS; j++)
			row[j] = columns[j][lane];
	}
}

static int
compare_floats(const void *a, const void *b)
{
	float x = *(const float *) a, y = *(const float *) b;

	return (x > y) - (x < y);
}

static EmoStatus
find_active(EmoEnv *env, EmoContours *contours)
{
	int64_t n = contours->n_frames;
	float *sorted = emo_alloc(env, n, sizeof(float));
	float threshold;

	if (sorted == NULL)
		return env->status;
	for (int64_t t = 0; t < n; t++)
		sorted[t] = contours->spectral[t * EMO_CONTOUR_STRIDE + EMO_LOG_ENERGY];
	qsort(sorted, n, sizeof(float), compare_floats);
	threshold = sorted[(int64_t) (LOUD_PERCENTILE * (double) (n - 1))] - ACTIVE_RANGE;
	for (int64_t t = 0; t < n; t++)
		contours->active[t] =
			contours->spectral[t * EMO_CONTOUR_STRIDE + EMO_LOG_ENERGY] >= threshold;
	emo_free(env, sorted);
	return EMO_OK;
}

static EmoStatus
find_pitch(EmoEnv *env, EmoContourPlan *plan, const float *samples, int64_t n_samples,
		   EmoContours *contours)
{
	if (emo_pitch_track(env, plan->pitch, samples, n_samples, contours->f0, contours->voicing) !=
		EMO_OK)
		return env->status;
	for (int64_t t = 0; t < contours->n_frames; t++)
	{
		contours->f0[t] = 12 * log2f(contours->f0[t] / SEMITONE_BASE_HZ);
		contours->voiced[t] = contours->active[t] && contours->voicing[t] > EMO_VOICING_THRESHOLD;
	}
	return EMO_OK;
}

EmoStatus
emo_contours(EmoEnv *env, EmoContourPlan *plan, const float *samples, int64_t n_samples,
			 EmoContours *contours)
{
	float *normal = normalise_level(env, samples, n_samples);

	if (normal == NULL ||
		alloc_contours(env, emo_pitch_frame_count(n_samples), contours) != EMO_OK ||
		fill_energy(env, normal, n_samples, contours) != EMO_OK)
		return env->status;
	memset(plan->history, 0, (N_BINS + 1) * HISTORY_BYTES);
	for (int64_t first = 0; first < contours->n_frames; first += EMO_LANES)
	{
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		fill_block(plan, normal, n_samples, first, contours);
	}
	/* There is nothing before the first frame to differ from. */
	contours->spectral[EMO_FLUX] = 0;
	if (find_active(env, contours) != EMO_OK ||
		find_pitch(env, plan, normal, n_samples, contours) != EMO_OK)
		return env->status;
	emo_free(env, normal);
	return EMO_OK;
}

void
emo_contour_deltas(const float *rows, int64_t n_rows, int stride, float *deltas)
{
	for (int64_t t = 0; t < n_rows; t++)
	{
		const float *before_2 = rows + (t > 1 ? t - 2 : 0) * stride;
		const float *before = rows + (t > 0 ? t - 1 : 0) * stride;
		const float *after = rows + (t + 1 < n_rows ? t + 1 : n_rows - 1) * stride;
		const float *after_2 = rows + (t + 2 < n_rows ? t + 2 : n_rows - 1) * stride;
		float *delta = deltas + t * stride;

		for (int i = 0; i < stride; i++)
			delta[i] = 0.2f * (after_2[i] - before_2[i]) + 0.1f * (after[i] - before[i]);
	}
}
