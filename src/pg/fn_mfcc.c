/*
 * fn_mfcc.c
 *	  emoser_mfcc() and emoser_mel(), of recordings and of samples.
 */
#include "pg/glue.h"

#include <limits.h>
#include <math.h>

#include "core/mfcc.h"
#include "lib/stringinfo.h"
#include "pg/audio_arg.h"
#include "pg/mfcc_plan.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(emoser_mfcc);
PG_FUNCTION_INFO_V1(emoser_mfcc_of_samples);
PG_FUNCTION_INFO_V1(emoser_mel);
PG_FUNCTION_INFO_V1(emoser_mel_of_samples);

/* Beyond that, powers would overflow a float with the longest transform. */
static const float max_sample = 1e9f;

/* In the order of EmoWindow, EmoMelScale and EmoMelNorm. */
static const char *const window_names[] = {"hann", "hamming", "blackman", "rectangular", NULL};
static const char *const mel_scale_names[] = {"slaney", "htk", NULL};
static const char *const mel_norm_names[] = {"slaney", "none", NULL};

/* The SQL function's arguments, read from left to right. */
typedef struct ArgumentReader
{
	FunctionCallInfo fcinfo;
	int next;
} ArgumentReader;

static Datum
next_datum(ArgumentReader *reader, const char *name)
{
	NullableDatum *argument = &reader->fcinfo->args[reader->next++];

	if (argument->isnull)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("parameter \"%s\" must not be null", name)));
	return argument->value;
}

static int
next_int(ArgumentReader *reader, const char *name)
{
	return DatumGetInt32(next_datum(reader, name));
}

static double
next_double(ArgumentReader *reader, const char *name)
{
	return DatumGetFloat8(next_datum(reader, name));
}

/* NULL stands for "none", which the core calls 0. */
static double
next_double_or_none(ArgumentReader *reader)
{
	NullableDatum *argument = &reader->fcinfo->args[reader->next++];

	return argument->isnull ? 0 : DatumGetFloat8(argument->value);
}

static void
raise_unknown_name(const char *parameter, const text *value, const char *const *names)
{
	StringInfoData allowed;

	initStringInfo(&allowed);
	for (int i = 0; names[i] != NULL; i++)
		appendStringInfo(&allowed, "%s\"%s\"", i > 0 ? ", " : "", names[i]);
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("invalid value for parameter \"%s\": \"%s\"", parameter,
						   text_to_cstring(value)),
					errdetail("Allowed values: %s.", allowed.data)));
}

static int
next_name(ArgumentReader *reader, const char *parameter, const char *const *names)
{
	text *value = DatumGetTextPP(next_datum(reader, parameter));

	for (int i = 0; names[i] != NULL; i++)
		if (VARSIZE_ANY_EXHDR(value) == strlen(names[i]) &&
			memcmp(VARDATA_ANY(value), names[i], strlen(names[i])) == 0)
			return i;
	raise_unknown_name(parameter, value, names);
	return -1;
}

/* n_mels to mel_norm, which both functions have in the same order. */
static void
read_common(ArgumentReader *reader, EmoMfccParams *params)
{
	params->n_mels = next_int(reader, "n_mels");
	params->sample_rate = next_int(reader, "sample_rate");
	params->n_fft = next_int(reader, "n_fft");
	params->win_length = next_int(reader, "win_length");
	params->hop_length = next_int(reader, "hop_length");
	params->fmin = next_double(reader, "fmin");
	params->fmax = next_double_or_none(reader);
	params->mel_scale = next_name(reader, "mel_scale", mel_scale_names);
	params->mel_norm = next_name(reader, "mel_norm", mel_norm_names);
}

static void
read_signal_options(ArgumentReader *reader, EmoMfccParams *params)
{
	params->window = next_name(reader, "window_name", window_names);
	params->center = DatumGetBool(next_datum(reader, "center"));
	params->top_db = next_double_or_none(reader);
	params->preemphasis = next_double(reader, "preemphasis");
}

static EmoMfccParams
read_mfcc_params(FunctionCallInfo fcinfo)
{
	ArgumentReader reader = {fcinfo, 1};
	EmoMfccParams params = emo_mfcc_default_params();

	params.n_mfcc = next_int(&reader, "n_mfcc");
	read_common(&reader, &params);
	params.lifter = next_double(&reader, "lifter");
	params.deltas = next_int(&reader, "deltas");
	read_signal_options(&reader, &params);
	params.delta_width = next_int(&reader, "delta_width");
	return params;
}

static EmoMfccParams
read_mel_params(FunctionCallInfo fcinfo)
{
	ArgumentReader reader = {fcinfo, 1};
	EmoMfccParams params = emo_mfcc_default_params();

	params.n_mfcc = 1;
	read_common(&reader, &params);
	read_signal_options(&reader, &params);
	return params;
}

typedef EmoStatus (*Analysis)(EmoEnv *env, EmoMfccPlan *plan, const float *samples,
							  int64_t n_samples, float *out);

/* The result array real[frames][n_values]. */
static Datum
analyse(EmoEnv *env, const EmoMfccParams *params, Analysis analysis, int n_values,
		const float *samples, int64_t n_samples)
{
	int64_t n_frames = emo_mfcc_frame_count(params, n_samples);
	int dims[2] = {(int) Min(n_frames, INT_MAX), n_values};
	float *out;
	ArrayType *array = emoser_new_real_array(2, dims, &out);

	emoser_check(env, analysis(env, emoser_mfcc_plan(params), samples, n_samples, out));
	return PointerGetDatum(array);
}

static Datum
analyse_recording(FunctionCallInfo fcinfo, const EmoMfccParams *params, Analysis analysis,
				  int n_values)
{
	EmoEnv env;
	EmoAudio audio;

	/* Wrong parameters are told before time is spent on the recording. */
	(void) emoser_mfcc_plan(params);
	emoser_env_init(&env, CurrentMemoryContext);
	if (!emoser_decode_audio(&env, PG_GETARG_BYTEA_PP(0), params->sample_rate, &audio))
		PG_RETURN_NULL();
	return analyse(&env, params, analysis, n_values, audio.samples, audio.n_samples);
}

static const float *
samples_argument(ArrayType *array, int *n_samples)
{
	const float *samples = emoser_real_array_data(array, "samples", n_samples);

	if (*n_samples == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("array \"samples\" must not be empty")));
	for (int i = 0; i < *n_samples; i++)
		if (!(fabsf(samples[i]) <= max_sample))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("value %g out of range in array \"samples\"", samples[i]),
							errdetail("Sample %d is not a number between -1e9 and 1e9.", i + 1)));
	return samples;
}

static Datum
analyse_samples(FunctionCallInfo fcinfo, const EmoMfccParams *params, Analysis analysis,
				int n_values)
{
	EmoEnv env;
	int n_samples;
	const float *samples;

	(void) emoser_mfcc_plan(params);
	emoser_env_init(&env, CurrentMemoryContext);
	samples = samples_argument(PG_GETARG_ARRAYTYPE_P(0), &n_samples);
	return analyse(&env, params, analysis, n_values, samples, n_samples);
}

Datum
emoser_mfcc(PG_FUNCTION_ARGS)
{
	EmoMfccParams params;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	params = read_mfcc_params(fcinfo);
	return analyse_recording(fcinfo, &params, emo_mfcc, emo_mfcc_values_per_frame(&params));
}

Datum
emoser_mfcc_of_samples(PG_FUNCTION_ARGS)
{
	EmoMfccParams params;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	params = read_mfcc_params(fcinfo);
	return analyse_samples(fcinfo, &params, emo_mfcc, emo_mfcc_values_per_frame(&params));
}

Datum
emoser_mel(PG_FUNCTION_ARGS)
{
	EmoMfccParams params;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	params = read_mel_params(fcinfo);
	return analyse_recording(fcinfo, &params, emo_mel, params.n_mels);
}

Datum
emoser_mel_of_samples(PG_FUNCTION_ARGS)
{
	EmoMfccParams params;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	params = read_mel_params(fcinfo);
	return analyse_samples(fcinfo, &params, emo_mel, params.n_mels);
}
