/*
 * mel.c
 *	  Mel filterbanks, by the formulas of librosa.filters.mel() and others.
 */
#include "core/dsp/mel.h"

#include <math.h>

/* Slaney: 3 mel per 200 Hz up to 1 kHz, then 27 mel per factor 6.4. */
static const double slaney_hz_per_mel = 200.0 / 3.0;
static const double slaney_break_hz = 1000.0;

static double
slaney_log_step(void)
{
	return log(6.4) / 27.0;
}

double
emo_hz_to_mel(EmoMelScale scale, double hz)
{
	if (scale == EMO_MEL_HTK)
		return 2595.0 * log10(1.0 + hz / 700.0);
	if (hz < slaney_break_hz)
		return hz / slaney_hz_per_mel;
	return slaney_break_hz / slaney_hz_per_mel + log(hz / slaney_break_hz) / slaney_log_step();
}

double
emo_mel_to_hz(EmoMelScale scale, double mel)
{
	double break_mel = slaney_break_hz / slaney_hz_per_mel;

	if (scale == EMO_MEL_HTK)
		return 700.0 * (pow(10.0, mel / 2595.0) - 1.0);
	if (mel < break_mel)
		return mel * slaney_hz_per_mel;
	return slaney_break_hz * exp((mel - break_mel) * slaney_log_step());
}

/* Height at x of the triangle over left, peak, right; of one without a slope, that of the other. */
static double
triangle(double x, double left, double peak, double right)
{
	return x < peak || peak == right ? fmax(0, (x - left) / (peak - left))
									 : fmax(0, (right - x) / (right - peak));
}

/* Where frequency hz is on the axis along which slopes are linear. */
static double
on_axis(const EmoMelParams *params, double hz)
{
	switch (params->slopes)
	{
		case EMO_MEL_SLOPES_IN_MEL:
			return emo_hz_to_mel(params->scale, hz);
		case EMO_MEL_SLOPES_OF_BINS:
			return floor((params->n_fft + 1) * hz / params->sample_rate);
		case EMO_MEL_SLOPES_IN_HZ:
			break;
	}
	return hz;
}

static double
bin_on_axis(const EmoMelParams *params, int k)
{
	if (params->slopes == EMO_MEL_SLOPES_OF_BINS)
		return k;
	return on_axis(params, k * ((double) params->sample_rate / params->n_fft));
}

/* Puts band m's weights at offset and returns how many they are; only counts without weights. */
static int
fill_band(const EmoMelParams *params, int m, EmoMelBank *bank, int offset)
{
	double low = emo_hz_to_mel(params->scale, params->fmin);
	double step = (emo_hz_to_mel(params->scale, params->fmax) - low) / (params->n_mels + 1);
	double left_hz = emo_mel_to_hz(params->scale, low + m * step);
	double right_hz = emo_mel_to_hz(params->scale, low + (m + 2) * step);
	double left = on_axis(params, left_hz), right = on_axis(params, right_hz);
	double peak = on_axis(params, emo_mel_to_hz(params->scale, low + (m + 1) * step));
	double height = params->norm == EMO_MEL_NORM_SLANEY ? 2.0 / (right_hz - left_hz) : 1.0;
	double bin_hz = (double) params->sample_rate / params->n_fft;

	bank->first[m] = 0;
	bank->count[m] = 0;
	bank->offset[m] = offset;
	for (int k = (int) (left_hz / bin_hz); k <= params->n_fft / 2 && bin_on_axis(params, k) < right;
		 k++)
	{
		double weight = height * triangle(bin_on_axis(params, k), left, peak, right);

		if (weight <= 0)
			continue;
		if (bank->count[m] == 0)
			bank->first[m] = k;
		if (bank->weights != NULL)
			bank->weights[offset + bank->count[m]] = (float) weight;
		bank->count[m]++;
	}
	return bank->count[m];
}

static int
fill_bands(const EmoMelParams *params, EmoMelBank *bank)
{
	int n_weights = 0;

	for (int m = 0; m < params->n_mels; m++)
		n_weights += fill_band(params, m, bank, n_weights);
	return n_weights;
}

EmoStatus
emo_mel_bank_create(EmoEnv *env, const EmoMelParams *params, EmoMelBank **result)
{
	EmoMelBank *bank = emo_alloc_zero(env, 1, sizeof(EmoMelBank));

	*result = NULL;
	if (bank == NULL)
		return env->status;
	bank->n_mels = params->n_mels;
	bank->first = emo_alloc(env, params->n_mels, sizeof(int));
	bank->count = emo_alloc(env, params->n_mels, sizeof(int));
	bank->offset = emo_alloc(env, params->n_mels, sizeof(int));
	if (bank->first == NULL || bank->count == NULL || bank->offset == NULL)
		return env->status;
	bank->weights = emo_alloc(env, fill_bands(params, bank), sizeof(float));
	if (bank->weights == NULL)
		return env->status;
	fill_bands(params, bank);
	*result = bank;
	return EMO_OK;
}

void
emo_mel_bank_apply(const EmoMelBank *bank, const EmoKernels *kernels, const float *power,
				   float *mel)
{
	for (int m = 0; m < bank->n_mels; m++)
		kernels->weighted_sum(power + (ptrdiff_t) bank->first[m] * EMO_LANES,
							  bank->weights + bank->offset[m], bank->count[m],
							  mel + (ptrdiff_t) m * EMO_LANES);
}
