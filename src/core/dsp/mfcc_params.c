/*
 * mfcc_params.c
 *	  Defaults and ranges of the parameters of MFCC.
 */
#include "core/dsp/mfcc.h"

#include "core/base/samples.h"
#include "core/dsp/deltas.h"

#include <math.h>

#define MAX_HOP_LENGTH 65536
#define MAX_MELS       512
#define MAX_TOP_DB     1000
#define MAX_LIFTER     1000

EmoMfccParams
emo_mfcc_default_params(void)
{
	return (EmoMfccParams){
		.sample_rate = 16000,
		.n_fft = 512,
		.win_length = 400,
		.hop_length = 160,
		.n_mels = 40,
		.n_mfcc = 13,
		.mel_scale = EMO_MEL_SLANEY,
		.mel_norm = EMO_MEL_NORM_SLANEY,
		.window = EMO_WINDOW_HANN,
		.center = true,
		.top_db = 80,
		.delta_width = 9,
	};
}

bool
emo_mfcc_params_equal(const EmoMfccParams *a, const EmoMfccParams *b)
{
	return a->sample_rate == b->sample_rate && a->n_fft == b->n_fft &&
		   a->win_length == b->win_length && a->hop_length == b->hop_length &&
		   a->n_mels == b->n_mels && a->n_mfcc == b->n_mfcc && a->fmin == b->fmin &&
		   a->fmax == b->fmax && a->mel_scale == b->mel_scale && a->mel_norm == b->mel_norm &&
		   a->window == b->window && a->center == b->center && a->preemphasis == b->preemphasis &&
		   a->top_db == b->top_db && a->lifter == b->lifter && a->deltas == b->deltas &&
		   a->delta_width == b->delta_width;
}

static bool
check_int(EmoEnv *env, const char *name, int value, int low, int high, const char *high_name)
{
	if (value >= low && value <= high)
		return true;
	emo_fail(env, EMO_INVALID_PARAMETER, "value %d out of range for parameter \"%s\"", value, name);
	if (high_name != NULL)
		emo_set_detail(env, "Allowed range: %d to %s (%d).", low, high_name, high);
	else
		emo_set_detail(env, "Allowed range: %d to %d.", low, high);
	return false;
}

/* A NaN is out of every range. */
static bool
check_double(EmoEnv *env, const char *name, double value, double low, double high,
			 const char *high_name)
{
	if (value >= low && value <= high)
		return true;
	emo_fail(env, EMO_INVALID_PARAMETER, "value %g out of range for parameter \"%s\"", value, name);
	if (high_name != NULL)
		emo_set_detail(env, "Allowed range: %g to %s (%g).", low, high_name, high);
	else
		emo_set_detail(env, "Allowed range: %g to %g.", low, high);
	return false;
}

static bool
check_frequencies(EmoEnv *env, const EmoMfccParams *params)
{
	double nyquist = params->sample_rate / 2.0;
	double fmax = params->fmax > 0 ? params->fmax : nyquist;

	if (!check_double(env, "fmax", params->fmax, 0, nyquist, "half the sample rate") ||
		!check_double(env, "fmin", params->fmin, 0, fmax, "fmax"))
		return false;
	if (params->fmin < fmax)
		return true;
	emo_fail(env, EMO_INVALID_PARAMETER, "parameter \"fmin\" must be less than \"fmax\"");
	emo_set_detail(env, "Both are %g Hz.", fmax);
	return false;
}

static bool
check_deltas(EmoEnv *env, const EmoMfccParams *params)
{
	if (!check_int(env, "deltas", params->deltas, 0, 2, NULL) ||
		!check_int(env, "delta_width", params->delta_width, 3, EMO_DELTA_MAX_WIDTH, NULL))
		return false;
	if (params->delta_width % 2 == 1)
		return true;
	emo_fail(env, EMO_INVALID_PARAMETER, "parameter \"delta_width\" must be odd");
	emo_set_detail(env, "The value is %d.", params->delta_width);
	return false;
}

EmoStatus
emo_mfcc_check_params(EmoEnv *env, const EmoMfccParams *params)
{
	if (check_int(env, "sample_rate", params->sample_rate, EMO_MIN_SAMPLE_RATE, EMO_MAX_SAMPLE_RATE,
				  NULL) &&
		check_int(env, "n_fft", params->n_fft, EMO_FFT_MIN_SIZE, EMO_FFT_MAX_SIZE, NULL) &&
		check_int(env, "win_length", params->win_length, 1, params->n_fft, "n_fft") &&
		check_int(env, "hop_length", params->hop_length, 1, MAX_HOP_LENGTH, NULL) &&
		check_int(env, "n_mels", params->n_mels, 1, MAX_MELS, NULL) &&
		check_int(env, "n_mfcc", params->n_mfcc, 1, params->n_mels, "n_mels") &&
		check_frequencies(env, params) &&
		check_double(env, "preemphasis", params->preemphasis, 0, 1, NULL) &&
		check_double(env, "top_db", params->top_db, 0, MAX_TOP_DB, NULL) &&
		check_double(env, "lifter", params->lifter, 0, MAX_LIFTER, NULL) &&
		check_deltas(env, params))
		return EMO_OK;
	return env->status;
}
