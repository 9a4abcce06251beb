/*
 * mfcc_params.c
 *	  Ranges of the parameters of MFCC, and what follows from them.
 */
#include "core/dsp/mfcc_params.h"

#include "core/base/options.h"
#include "core/base/samples.h"

#include <math.h>

#define MAX_HOP_LENGTH 65536
#define MAX_MELS       512
#define MAX_TOP_DB     1000
#define MAX_LIFTER     1000
#define MAX_FULL_SCALE 32768 /* that of 16-bit integers */

bool
emo_mfcc_params_equal(const EmoMfccParams *a, const EmoMfccParams *b)
{
	return a->convention == b->convention && a->sample_rate == b->sample_rate &&
		   a->n_fft == b->n_fft && a->win_length == b->win_length &&
		   a->hop_length == b->hop_length && a->n_mels == b->n_mels && a->n_mfcc == b->n_mfcc &&
		   a->fmin == b->fmin && a->fmax == b->fmax && a->mel_scale == b->mel_scale &&
		   a->mel_norm == b->mel_norm && a->window == b->window && a->center == b->center &&
		   a->pad_mode == b->pad_mode && a->full_scale == b->full_scale &&
		   a->preemphasis == b->preemphasis && a->power == b->power && a->top_db == b->top_db &&
		   a->dct_type == b->dct_type && a->lifter == b->lifter && a->use_energy == b->use_energy &&
		   a->deltas == b->deltas && a->delta_width == b->delta_width;
}

EmoMelParams
emo_mfcc_mel_params(const EmoMfccParams *params)
{
	return (EmoMelParams){
		.sample_rate = params->sample_rate,
		.n_fft = params->n_fft,
		.n_mels = params->n_mels,
		.fmin = params->fmin,
		.fmax = params->fmax > 0 ? params->fmax : params->sample_rate / 2.0,
		.scale = params->mel_scale,
		.norm = params->mel_norm,
		.slopes = params->convention->slopes,
	};
}

EmoFraming
emo_mfcc_framing(const EmoMfccParams *params)
{
	if (params->center)
		return EMO_FRAMES_CENTERED;
	return params->convention->frames_of_window ? EMO_FRAMES_OF_WINDOW : EMO_FRAMES_OF_N_FFT;
}

float
emo_mfcc_gain(const EmoMfccParams *params)
{
	double divisor = params->convention->divides_by_n_fft ? sqrt(params->n_fft) : 1;

	return (float) (params->full_scale / divisor);
}

float
emo_mfcc_level_scale(const EmoMfccParams *params)
{
	return params->convention->natural_levels ? 1 : (float) (10 / M_LN10);
}

static EmoStatus
check_frequencies(EmoEnv *env, const EmoMfccParams *params)
{
	double nyquist = params->sample_rate / 2.0;
	double fmax = params->fmax > 0 ? params->fmax : nyquist;

	if (emo_check_parameter(env, "fmax", params->fmax, 0, nyquist, "half the sample rate") !=
			EMO_OK ||
		emo_check_parameter(env, "fmin", params->fmin, 0, fmax, "fmax") != EMO_OK)
		return env->status;
	if (params->fmin < fmax)
		return EMO_OK;
	emo_fail(env, EMO_INVALID_PARAMETER, "parameter \"fmin\" must be less than \"fmax\"");
	emo_set_detail(env, "Both are %g Hz.", fmax);
	return env->status;
}

static EmoStatus
check_dct_type(EmoEnv *env, const EmoMfccParams *params)
{
	if (emo_check_parameter(env, "dct_type", params->dct_type, 1, 3, NULL) != EMO_OK)
		return env->status;
	if (params->dct_type == 1 && params->n_mels < 2)
		return emo_fail(env, EMO_INVALID_PARAMETER, "\"dct_type\" 1 needs two mel bands at least");
	return EMO_OK;
}

static EmoStatus
check_deltas(EmoEnv *env, const EmoMfccParams *params)
{
	if (emo_check_parameter(env, "deltas", params->deltas, 0, 2, NULL) != EMO_OK ||
		emo_check_parameter(env, "delta_width", params->delta_width, 3, EMO_DELTA_MAX_WIDTH,
							NULL) != EMO_OK)
		return env->status;
	if (params->delta_width % 2 == 1)
		return EMO_OK;
	emo_fail(env, EMO_INVALID_PARAMETER, "parameter \"delta_width\" must be odd");
	emo_set_detail(env, "The value is %d.", params->delta_width);
	return env->status;
}

/* Those whose range is a pair of numbers, or another parameter. */
static EmoStatus
check_ranges(EmoEnv *env, const EmoMfccParams *params)
{
	const struct
	{
		const char *name;
		double value, low, high;
		const char *high_name;
	} ranges[] = {
		{"sample_rate", params->sample_rate, EMO_MIN_SAMPLE_RATE, EMO_MAX_SAMPLE_RATE, NULL},
		{"n_fft", params->n_fft, EMO_FFT_MIN_SIZE, EMO_FFT_MAX_SIZE, NULL},
		{"win_length", params->win_length, 1, params->n_fft, "n_fft"},
		{"hop_length", params->hop_length, 1, MAX_HOP_LENGTH, NULL},
		{"n_mels", params->n_mels, 1, MAX_MELS, NULL},
		{"n_mfcc", params->n_mfcc, 1, params->n_mels, "n_mels"},
		{"full_scale", params->full_scale, 1, MAX_FULL_SCALE, NULL},
		{"preemphasis", params->preemphasis, 0, 1, NULL},
		{"power", params->power, 1, 2, NULL},
		{"top_db", params->top_db, 0, MAX_TOP_DB, NULL},
		{"lifter", params->lifter, 0, MAX_LIFTER, NULL},
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (emo_check_parameter(env, ranges[i].name, ranges[i].value, ranges[i].low, ranges[i].high,
								ranges[i].high_name) != EMO_OK)
			return env->status;
	return EMO_OK;
}

EmoStatus
emo_mfcc_check_params(EmoEnv *env, const EmoMfccParams *params)
{
	if (check_ranges(env, params) != EMO_OK || check_frequencies(env, params) != EMO_OK ||
		check_dct_type(env, params) != EMO_OK || check_deltas(env, params) != EMO_OK)
		return env->status;
	return EMO_OK;
}
