/*
 * contours.c
 *	  Frame-wise quantities of a recording, from which utterance features are made.
 */
#include "core/dsp/contours.h"

#include <math.h>
#include <string.h>

#include "core/dsp/activity.h"
#include "core/dsp/mel.h"
#include "core/dsp/pitch.h"
#include "core/dsp/spectrum.h"

#define RATE        EMO_CONTOUR_SAMPLE_RATE
#define HOP         EMO_CONTOUR_HOP
#define WINDOW      400 /* 25 ms */
#define N_FFT       512
#define N_BINS      EMO_CONTOUR_N_BINS
#define BIN_HZ      ((double) RATE / N_FFT)
#define PREEMPHASIS 0.97f

/* Lowest edge of the mel bands in Hz: below it there is hum. */
#define MEL_LOW_HZ 20

/*
 * Below the power of anything audible in a recording of RMS 1; they bound logarithms.  A mel band
 * of a frame of white noise of RMS 1 has a power of about 1e3.
 */
#define MEL_FLOOR   1e-5f
#define BAND_FLOOR  1e-4f
#define POWER_FLOOR 1e-5f

/* Of a frame of white noise of RMS 1 it is 200. */
#define LOUDNESS_FLOOR 0.1f

#define ROLLOFF_SHARE  0.85f

/* Semitones are counted from A1. */
#define SEMITONE_BASE_HZ 55.0f

/* A row of the history that EmoKernels.flux keeps. */
#define HISTORY_BYTES (2 * EMO_LANES * sizeof(float))

const EmoSpectrumParams emo_speech_spectrum = {.n_fft = N_FFT,
											   .win_length = WINDOW,
											   .hop_length = HOP,
											   .window = EMO_WINDOW_HAMMING,
											   .framing = EMO_FRAMES_OF_WINDOW,
											   .preemphasis = PREEMPHASIS};

const EmoMelParams emo_speech_mels = {.sample_rate = RATE,
									  .n_fft = N_FFT,
									  .n_mels = EMO_CONTOUR_N_MELS,
									  .fmin = MEL_LOW_HZ,
									  .fmax = RATE / 2.0,
									  .scale = EMO_MEL_HTK,
									  .norm = EMO_MEL_NORM_NONE};

struct EmoContourPlan
{
	const EmoKernels *kernels;
	EmoSpectrum *spectrum;
	EmoMelBank *bank;
	EmoPitch *pitch;
	EmoHarmonicPlan *harmonics;
	EmoVoicePlan *voice;
	float *dct;       /* [EMO_CONTOUR_N_MFCC][EMO_CONTOUR_N_MELS] */
	float *ones;      /* [N_BINS] */
	float *frequency; /* [N_BINS], kHz */
	float *square;    /* [N_BINS], kHz^2 */
	float *power;     /* [N_BINS][16] */
	float *unchanged; /* [N_BINS][16], before an EmoSpectralChange */
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
	EmoContourPlan *plan = emo_alloc_zero(env, 1, sizeof(EmoContourPlan));
	EmoPitchParams of_pitch = emo_pitch_feature_params();

	*result = NULL;
	if (plan == NULL)
		return env->status;
	plan->kernels = emo_kernels();
	plan->dct = emo_alloc(env, EMO_CONTOUR_N_MFCC * EMO_CONTOUR_N_MELS, sizeof(float));
	plan->ones = emo_alloc(env, N_BINS, sizeof(float));
	plan->frequency = emo_alloc(env, N_BINS, sizeof(float));
	plan->square = emo_alloc(env, N_BINS, sizeof(float));
	plan->power = emo_alloc(env, N_BINS, EMO_LANES * sizeof(float));
	plan->unchanged = emo_alloc(env, N_BINS, EMO_LANES * sizeof(float));
	plan->history = emo_alloc(env, N_BINS + 1, HISTORY_BYTES);
	if (plan->dct == NULL || plan->ones == NULL || plan->frequency == NULL ||
		plan->square == NULL || plan->power == NULL || plan->unchanged == NULL ||
		plan->history == NULL ||
		emo_mel_bank_create(env, &emo_speech_mels, &plan->bank) != EMO_OK ||
		emo_spectrum_create(env, &emo_speech_spectrum, &plan->spectrum) != EMO_OK ||
		emo_pitch_create(env, &of_pitch, &plan->pitch) != EMO_OK ||
		emo_harmonics_create(env, &plan->harmonics) != EMO_OK ||
		emo_voice_create(env, &plan->voice) != EMO_OK)
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
	emo_harmonics_destroy(plan->harmonics);
}

static EmoStatus
alloc_contours(EmoEnv *env, int64_t n_frames, EmoContours *contours)
{
	contours->n_frames = n_frames;
	contours->spectral = emo_alloc_zero(env, n_frames, EMO_CONTOUR_STRIDE * sizeof(float));
	contours->f0 = emo_alloc(env, n_frames, sizeof(float));
	contours->voicing = emo_alloc(env, n_frames, sizeof(float));
	contours->active = emo_alloc(env, n_frames, sizeof(bool));
	contours->voiced = emo_alloc(env, n_frames, sizeof(bool));
	contours->voice = emo_alloc_zero(env, n_frames, EMO_N_VOICE_CONTOURS * sizeof(float));
	contours->loudness = emo_alloc(env, n_frames, sizeof(float));
	if (contours->spectral == NULL || contours->f0 == NULL || contours->voicing == NULL ||
		contours->active == NULL || contours->voiced == NULL || contours->voice == NULL ||
		contours->loudness == NULL)
		return env->status;
	return EMO_OK;
}

void
emo_free_contours(EmoEnv *env, EmoContours *contours)
{
	emo_free(env, contours->spectral);
	emo_free(env, contours->f0);
	emo_free(env, contours->voicing);
	emo_free(env, contours->active);
	emo_free(env, contours->voiced);
	emo_free(env, contours->voice);
	emo_free(env, contours->loudness);
}

/* plan->power from plan->unchanged. */
static void
change_spectra(EmoContourPlan *plan, const EmoSpectralChange *change)
{
	for (int k = 0; k < N_BINS; k++)
	{
		int below = (int) change->position[k];
		int above = below + 1 < N_BINS ? below + 1 : below;
		float weight = change->position[k] - (float) below;
		const float *low = plan->unchanged + (size_t) below * EMO_LANES;
		const float *high = plan->unchanged + (size_t) above * EMO_LANES;
		float *out = plan->power + (size_t) k * EMO_LANES;

		for (int lane = 0; lane < EMO_LANES; lane++)
			out[lane] = change->gain[k] * (low[lane] + weight * (high[lane] - low[lane]));
	}
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

/*
 * Loudness is the sum over the bands of what the ear makes of each: about the fourth root of its
 * power (Zwicker & Fastl 1999, "Psychoacoustics", ch. 8: an exponent of 0.23).  The pre-emphasis
 * stands for the ear's sensitivity.
 */
static void
measure_loudness(float mel[EMO_CONTOUR_N_MELS][EMO_LANES], float *loudness)
{
	memset(loudness, 0, EMO_LANES * sizeof(float));
	for (int m = 0; m < EMO_CONTOUR_N_MELS; m++)
		for (int lane = 0; lane < EMO_LANES; lane++)
			loudness[lane] += sqrtf(sqrtf(mel[m][lane]));
}

/* All that comes from the spectra of frames first .. first + 15. */
static void
fill_block(EmoContourPlan *plan, const EmoSpeech *speech, const EmoSpectralChange *change,
		   int64_t first, EmoContours *contours)
{
	float mel[EMO_CONTOUR_N_MELS][EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float columns[EMO_N_CONTOURS][EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float maximum[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT))) = {0};
	float loudness[EMO_LANES];

	emo_spectrum_power(plan->spectrum, speech->samples, speech->n_samples, first, 1,
					   change == NULL ? plan->power : plan->unchanged);
	if (change != NULL)
		change_spectra(plan, change);
	emo_mel_bank_apply(plan->bank, plan->kernels, plan->power, mel[0]);
	measure_loudness(mel, loudness);
	plan->kernels->log_rows(mel[0], EMO_CONTOUR_N_MELS, MEL_FLOOR, 1, maximum);
	plan->kernels->multiply(mel[0], EMO_CONTOUR_N_MELS, -INFINITY, plan->dct, EMO_CONTOUR_N_MFCC,
							columns[0]);
	shape_of_block(plan, columns);
	for (int lane = 0; lane < EMO_LANES && first + lane < contours->n_frames; lane++)
	{
		float *row = contours->spectral + (first + lane) * EMO_CONTOUR_STRIDE;

		for (int j = 0; j < EMO_CONTOUR_N_MFCC; j++)
			row[j] = columns[j][lane];
		row[EMO_LOG_ENERGY] = speech->log_energy[first + lane];
		row[EMO_ZERO_CROSSINGS] = 10 * speech->crossings[first + lane];
		for (int j = EMO_CENTROID; j < EMO_N_CONTOURS; j++)
			row[j] = columns[j][lane];
		contours->loudness[first + lane] = loudness[lane];
		if (contours->voiced[first + lane])
		{
			row = contours->voice + (first + lane) * EMO_N_VOICE_CONTOURS;
			row[EMO_VOICED_LOUDNESS] = logf(loudness[lane] + LOUDNESS_FLOOR);
			emo_voice_add(plan->voice, plan->power + lane, row);
		}
	}
}

static EmoStatus
fill_pitch(EmoEnv *env, EmoContourPlan *plan, const EmoSpeech *speech, EmoContours *contours)
{
	EmoHarmonics *harmonics = emo_alloc(env, contours->n_frames, sizeof(EmoHarmonics));
	float *f0_hz = emo_alloc(env, contours->n_frames, sizeof(float));

	if (harmonics == NULL || f0_hz == NULL ||
		emo_pitch_track_harmonics(env, plan->pitch, plan->harmonics, speech->samples,
								  speech->n_samples, f0_hz, contours->voicing, harmonics) != EMO_OK)
		return env->status;
	for (int64_t t = 0; t < contours->n_frames; t++)
	{
		contours->f0[t] = 12 * log2f(f0_hz[t] / SEMITONE_BASE_HZ);
		contours->active[t] = speech->active[t];
		contours->voiced[t] = contours->active[t] && contours->voicing[t] > EMO_VOICING_THRESHOLD;
		if (contours->voiced[t])
			emo_voice_of_harmonics(contours->voicing[t], &harmonics[t],
								   contours->voice + t * EMO_N_VOICE_CONTOURS);
	}
	if (emo_measure_periods(env, speech->samples, speech->n_samples, f0_hz, contours->voiced,
							contours->n_frames, &contours->periods) != EMO_OK)
		return env->status;
	emo_free(env, f0_hz);
	emo_free(env, harmonics);
	return EMO_OK;
}

EmoStatus
emo_contours(EmoEnv *env, EmoContourPlan *plan, const float *samples, int64_t n_samples,
			 const EmoSpectralChange *change, EmoContours *contours)
{
	EmoSpeech speech;

	if (emo_find_speech(env, samples, n_samples, &speech) != EMO_OK ||
		alloc_contours(env, speech.n_frames, contours) != EMO_OK)
		return env->status;
	contours->log_gain = logf(speech.gain);
	if (fill_pitch(env, plan, &speech, contours) != EMO_OK)
		return env->status;
	emo_voice_begin(plan->voice);
	memset(plan->history, 0, (N_BINS + 1) * HISTORY_BYTES);
	for (int64_t first = 0; first < contours->n_frames; first += EMO_LANES)
	{
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		fill_block(plan, &speech, change, first, contours);
	}
	emo_voice_end(plan->voice);
	/* There is nothing before the first frame to differ from. */
	contours->spectral[EMO_FLUX] = 0;
	emo_free_speech(env, &speech);
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
