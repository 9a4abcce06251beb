/*
 * mel_inverse.c
 *	  From MFCC back to mel levels, and from mel levels back to amplitude spectra.
 *
 * A filterbank of 40 bands over 257 bins leaves most of a spectrum open.  The pseudo-inverse would
 * answer with negative powers, and least squares would fit the loud bands only, whereas levels in
 * dB count all bands alike.  The updates here keep to positive powers, fit ratios, and stay close to
 * where they start: a spectrum without details that the bands don't ask for.
 */
#include "core/dsp/mel_inverse.h"

#include <math.h>
#include <string.h>

#include "core/dsp/mfcc_dct.h"

/* On average, bands of speech are met within 0.01 dB then (mel_inverse_test.c). */
#define N_UPDATES 60

/* Powers of bands below the frame's largest by more (-200 dB) count as that. */
static const float power_range = 1e-20f;

struct EmoMelInverse
{
	const EmoKernels *kernels;
	EmoMelBank *bank;
	EmoMelBank *spread; /* "bands" are bins, "bins" are bands: each bin's mean over its bands */
	int n_bins, n_mels;
	int power;          /* of the spectra that bands sum */
	float db_per_unit;  /* of levels */
	float gain;         /* of what the levels are of */
	float *band_weight; /* [n_mels]: sum of a band's weights */
	/* Of 16 frames (see kernels.h): */
	float *wanted;          /* [n_mels][16]: powers */
	float *ratio;           /* [n_mels][16] */
	float *spectrum;        /* [n_bins][16]: powers, or amplitudes */
	float *update;          /* [n_bins][16] */
	float scale[EMO_LANES]; /* of amplitudes, as wanted powers are relative to the largest */
};

EmoStatus
emo_mfcc_to_mel(EmoEnv *env, const EmoMfccParams *params, const float *mfcc, int64_t n_frames,
				float *mel)
{
	int n_mels = params->n_mels, n_mfcc = params->n_mfcc;
	int stride = emo_mfcc_values_per_frame(params);
	float *inverse = emo_alloc(env, (size_t) n_mfcc * n_mels, sizeof(float));

	if (inverse == NULL)
		return env->status;
	emo_mfcc_fill_inverse_dct(params, inverse);
	for (int64_t t = 0; t < n_frames; t++)
	{
		float *levels = mel + t * n_mels;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		memset(levels, 0, n_mels * sizeof(float));
		for (int j = 0; j < n_mfcc; j++)
			for (int m = 0; m < n_mels; m++)
				levels[m] += mfcc[t * stride + j] * inverse[j * n_mels + m];
	}
	emo_free(env, inverse);
	return EMO_OK;
}

/* The weight of band m at bin k. */
static float
weight_at(const EmoMelBank *bank, int m, int k)
{
	int i = k - bank->first[m];

	return i >= 0 && i < bank->count[m] ? bank->weights[bank->offset[m] + i] : 0;
}

/* Bin k's bands are spread->first[k] to first[k] + count[k] - 1, its weights those of the bank. */
static void
find_bands_of_bins(const EmoMelBank *bank, EmoMelBank *spread)
{
	for (int m = 0; m < bank->n_mels; m++)
		for (int k = bank->first[m]; k < bank->first[m] + bank->count[m]; k++)
		{
			if (spread->count[k] == 0)
				spread->first[k] = m;
			spread->count[k] = m - spread->first[k] + 1;
		}
}

static EmoStatus
create_spread(EmoEnv *env, EmoMelInverse *inverse)
{
	EmoMelBank *spread = emo_alloc_zero(env, 1, sizeof(EmoMelBank));
	int n_bins = inverse->n_bins, n_weights = 0;

	inverse->spread = spread;
	if (spread == NULL)
		return env->status;
	spread->n_mels = n_bins;
	spread->first = emo_alloc_zero(env, n_bins, sizeof(int));
	spread->count = emo_alloc_zero(env, n_bins, sizeof(int));
	spread->offset = emo_alloc_zero(env, n_bins, sizeof(int));
	if (spread->first == NULL || spread->count == NULL || spread->offset == NULL)
		return env->status;
	find_bands_of_bins(inverse->bank, spread);
	for (int k = 0; k < n_bins; k++)
	{
		spread->offset[k] = n_weights;
		n_weights += spread->count[k];
	}
	spread->weights = emo_alloc(env, n_weights, sizeof(float));
	if (spread->weights == NULL)
		return env->status;
	for (int k = 0; k < n_bins; k++)
	{
		float *weights = spread->weights + spread->offset[k], sum = 0;

		for (int i = 0; i < spread->count[k]; i++)
			sum += weights[i] = weight_at(inverse->bank, spread->first[k] + i, k);
		for (int i = 0; i < spread->count[k]; i++)
			weights[i] /= sum;
	}
	return EMO_OK;
}

EmoStatus
emo_mel_inverse_create(EmoEnv *env, const EmoMfccParams *params, EmoMelInverse **result)
{
	EmoMelParams of_mel = emo_mfcc_mel_params(params);
	EmoMelInverse *inverse = emo_alloc_zero(env, 1, sizeof(EmoMelInverse));
	int n_bins = params->n_fft / 2 + 1, n_mels = params->n_mels;
	const size_t row_bytes = EMO_LANES * sizeof(float);

	*result = NULL;
	if (inverse == NULL || emo_mel_bank_create(env, &of_mel, &inverse->bank) != EMO_OK)
		return env->status;
	inverse->kernels = emo_kernels();
	inverse->power = params->power;
	inverse->db_per_unit = (float) (10 / M_LN10) / emo_mfcc_level_scale(params);
	inverse->gain = emo_mfcc_gain(params);
	inverse->n_bins = n_bins;
	inverse->n_mels = n_mels;
	inverse->band_weight = emo_alloc_zero(env, n_mels, sizeof(float));
	inverse->wanted = emo_alloc_zero(env, n_mels, row_bytes);
	inverse->ratio = emo_alloc(env, n_mels, row_bytes);
	inverse->spectrum = emo_alloc(env, n_bins, row_bytes);
	inverse->update = emo_alloc(env, n_bins, row_bytes);
	if (inverse->band_weight == NULL || inverse->wanted == NULL || inverse->ratio == NULL ||
		inverse->spectrum == NULL || inverse->update == NULL ||
		create_spread(env, inverse) != EMO_OK)
		return env->status;
	for (int m = 0; m < n_mels; m++)
		for (int i = 0; i < inverse->bank->count[m]; i++)
			inverse->band_weight[m] += inverse->bank->weights[inverse->bank->offset[m] + i];
	*result = inverse;
	return EMO_OK;
}

/* The spectra of 16 frames from the powers wanted. */
static EmoStatus
invert_block(EmoEnv *env, EmoMelInverse *inverse)
{
	const EmoKernels *kernels = inverse->kernels;
	float *ratio = inverse->ratio, *spectrum = inverse->spectrum;

	/* At first, the mean power in each band. */
	for (int m = 0; m < inverse->n_mels; m++)
		for (int lane = 0; lane < EMO_LANES; lane++)
			ratio[m * EMO_LANES + lane] =
				inverse->band_weight[m] > 0
					? inverse->wanted[m * EMO_LANES + lane] / inverse->band_weight[m]
					: 0;
	emo_mel_bank_apply(inverse->spread, kernels, ratio, spectrum);
	for (int i = 0; i < N_UPDATES; i++)
	{
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		emo_mel_bank_apply(inverse->bank, kernels, spectrum, ratio);
		for (int j = 0; j < inverse->n_mels * EMO_LANES; j++)
			ratio[j] = ratio[j] > 0 ? inverse->wanted[j] / ratio[j] : 0;
		emo_mel_bank_apply(inverse->spread, kernels, ratio, inverse->update);
		for (int j = 0; j < inverse->n_bins * EMO_LANES; j++)
			spectrum[j] *= inverse->update[j];
	}
	return EMO_OK;
}

/*
 * What is wanted of a frame's bands, relative to the largest: sums of powers, or of amplitudes, for
 * which the updates are the same.
 */
static void
set_wanted(EmoMelInverse *inverse, const float *mel, int lane)
{
	float largest = mel[0], largest_db;

	for (int m = 1; m < inverse->n_mels; m++)
		largest = fmaxf(largest, mel[m]);
	for (int m = 0; m < inverse->n_mels; m++)
		inverse->wanted[m * EMO_LANES + lane] =
			fmaxf(powf(10, inverse->db_per_unit * (mel[m] - largest) / 10), power_range);
	largest_db = inverse->db_per_unit * largest;
	inverse->scale[lane] = powf(10, largest_db / (float) (10 * inverse->power)) / inverse->gain;
}

static EmoStatus
check_levels(EmoEnv *env, const EmoMelInverse *inverse, const float *mel, int64_t frame)
{
	for (int m = 0; m < inverse->n_mels; m++)
	{
		float level_db = inverse->db_per_unit * mel[m] * (float) (2 / inverse->power);

		if (level_db <= EMO_MEL_INVERSE_MAX_DB)
			continue;
		emo_fail(env, EMO_INVALID_PARAMETER, "mel level out of range: %g dB", level_db);
		emo_set_detail(env, "It is that of frame %lld, band %d; the highest allowed is %d dB.",
					   (long long) frame + 1, m + 1, EMO_MEL_INVERSE_MAX_DB);
		return env->status;
	}
	return EMO_OK;
}

static EmoStatus
start_block(EmoEnv *env, EmoMelInverse *inverse, const float *mel, int64_t first_frame, int n_used)
{
	for (int lane = 0; lane < n_used; lane++)
	{
		const float *levels = mel + (first_frame + lane) * inverse->n_mels;

		if (check_levels(env, inverse, levels, first_frame + lane) != EMO_OK)
			return env->status;
		set_wanted(inverse, levels, lane);
	}
	return EMO_OK;
}

/* The amplitude at bin k of a frame of the block. */
static float
amplitude_at(const EmoMelInverse *inverse, int k, int lane)
{
	float value = inverse->spectrum[k * EMO_LANES + lane];

	return inverse->scale[lane] * (inverse->power == 2 ? sqrtf(value) : value);
}

EmoStatus
emo_mel_inverse(EmoEnv *env, EmoMelInverse *inverse, const float *mel, int64_t n_frames,
				float *amplitude)
{
	int n_bins = inverse->n_bins;

	for (int64_t t = 0; t < n_frames; t += EMO_LANES)
	{
		int n_used = n_frames - t < EMO_LANES ? (int) (n_frames - t) : EMO_LANES;

		if (start_block(env, inverse, mel, t, n_used) != EMO_OK ||
			invert_block(env, inverse) != EMO_OK)
			return env->status;
		for (int lane = 0; lane < n_used; lane++)
			for (int k = 0; k < n_bins; k++)
				amplitude[(t + lane) * n_bins + k] = amplitude_at(inverse, k, lane);
	}
	return EMO_OK;
}
