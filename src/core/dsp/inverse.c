/*
 * inverse.c
 *	  Sound from MFCC and mel spectra.
 */
#include "core/dsp/inverse.h"

#include <math.h>

#include "core/base/options.h"
#include "core/base/samples.h"
#include "core/dsp/griffin_lim.h"
#include "core/dsp/mel_inverse.h"

/* Perraudin, Balazs & Sondergaard 2013 find the best momentum close to one. */
static const double momentum = 0.99;

/* De-emphasis with a coefficient of one would add up rounding errors for ever. */
static const double max_deemphasis = 0.999;

/* Samples between two looks at whether to stop. */
#define BLOCK_SAMPLES 65536

static EmoGriffinLimParams
griffin_lim_params(const EmoInverse *inverse)
{
	const EmoMfccParams *params = &inverse->params;

	return (EmoGriffinLimParams){
		.n_fft = params->n_fft,
		.win_length = params->win_length,
		.hop_length = params->hop_length,
		.window = params->window,
		.symmetric_window = params->convention->symmetric_window,
		.framing = emo_mfcc_framing(params),
		.n_iterations = inverse->n_iterations,
		.momentum = momentum,
		.seed = inverse->seed,
	};
}

int64_t
emo_inverse_n_samples(const EmoInverse *inverse)
{
	EmoGriffinLimParams params = griffin_lim_params(inverse);

	return emo_griffin_lim_n_samples(&params, inverse->n_frames);
}

static EmoStatus
check_size(EmoEnv *env, const EmoInverse *inverse, double max_duration_s)
{
	double duration_s = (double) emo_inverse_n_samples(inverse) / inverse->params.sample_rate;
	int n_bins = inverse->params.n_fft / 2 + 1;

	if (duration_s > max_duration_s)
	{
		emo_fail(env, EMO_REFUSED, "result would be too long: %.1f s", duration_s);
		emo_set_detail(env, "The longest allowed is %g s.", max_duration_s);
		return env->status;
	}
	if (inverse->n_frames > EMO_INVERSE_MAX_VALUES / n_bins)
	{
		emo_fail(env, EMO_LIMIT_EXCEEDED, "too many frames: %lld", (long long) inverse->n_frames);
		emo_set_detail(env, "At most %lld frames of %d frequencies are allowed.",
					   (long long) (EMO_INVERSE_MAX_VALUES / n_bins), n_bins);
		return env->status;
	}
	return EMO_OK;
}

EmoStatus
emo_inverse_check(EmoEnv *env, const EmoInverse *inverse, double max_duration_s)
{
	const EmoMfccParams *params = &inverse->params;

	if (emo_mfcc_check_params(env, params) != EMO_OK)
		return env->status;
	if (params->hop_length > params->win_length)
	{
		emo_fail(env, EMO_INVALID_PARAMETER,
				 "parameter \"hop_length\" must not be greater than \"win_length\"");
		emo_set_detail(env, "They are %d and %d; nothing would say what is between the windows.",
					   params->hop_length, params->win_length);
		return env->status;
	}
	if (params->use_energy)
	{
		emo_fail(env, EMO_INVALID_PARAMETER,
				 "MFCC with an energy in place of coefficient 0 can't be turned into sound");
		emo_set_detail(env, "The mean level of the bands is not among them.");
		emo_set_hint(env, "Make them with \"use_energy\" false, and say so here too.");
		return env->status;
	}
	if (emo_check_parameter(env, "iterations", inverse->n_iterations, 0, EMO_INVERSE_MAX_ITERATIONS,
							NULL) != EMO_OK)
		return env->status;
	return check_size(env, inverse, max_duration_s);
}

/* y[n] = x[n] + a y[n-1], in place. */
static EmoStatus
deemphasise(EmoEnv *env, double coefficient, float *samples, int64_t n_samples)
{
	double a = fmin(coefficient, max_deemphasis), last = 0;

	if (a <= 0)
		return EMO_OK;
	for (int64_t i = 0; i < n_samples; i++)
	{
		if (i % BLOCK_SAMPLES == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		last = samples[i] + a * last;
		samples[i] = (float) last;
	}
	return EMO_OK;
}

EmoStatus
emo_mel_to_samples(EmoEnv *env, const EmoInverse *inverse, const float *mel, float *samples)
{
	EmoGriffinLimParams params = griffin_lim_params(inverse);
	int64_t n_frames = inverse->n_frames, n_samples = emo_inverse_n_samples(inverse);
	float *amplitude = emo_alloc(env, n_frames, (params.n_fft / 2 + 1) * sizeof(float));
	EmoMelInverse *mel_inverse;

	if (amplitude == NULL ||
		emo_mel_inverse_create(env, &inverse->params, &mel_inverse) != EMO_OK ||
		emo_mel_inverse(env, mel_inverse, mel, n_frames, amplitude) != EMO_OK ||
		emo_griffin_lim(env, &params, amplitude, n_frames, samples) != EMO_OK ||
		deemphasise(env, inverse->params.preemphasis, samples, n_samples) != EMO_OK)
		return env->status;
	emo_free(env, amplitude);
	emo_limit_peak(samples, n_samples);
	return EMO_OK;
}

EmoStatus
emo_mfcc_to_samples(EmoEnv *env, const EmoInverse *inverse, const float *mfcc, float *samples)
{
	float *mel = emo_alloc(env, inverse->n_frames, inverse->params.n_mels * sizeof(float));

	if (mel == NULL ||
		emo_mfcc_to_mel(env, &inverse->params, mfcc, inverse->n_frames, mel) != EMO_OK ||
		emo_mel_to_samples(env, inverse, mel, samples) != EMO_OK)
		return env->status;
	emo_free(env, mel);
	return EMO_OK;
}
