/*
 * inverse.c
 *	  emoser_mel_to_wav(), emoser_mfcc_to_wav().
 */
#include "pg/base/glue.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/array.h"

#include "core/dsp/inverse.h"
#include "pg/source/mfcc_args.h"
#include "pg/source/wav_result.h"

PG_FUNCTION_INFO_V1(emoser_mel_to_wav);
PG_FUNCTION_INFO_V1(emoser_mfcc_to_wav);

/* A millisecond or so. */
#define VALUES_BETWEEN_CHECKS 1000000

typedef EmoStatus (*ToSamples)(EmoEnv *env, const EmoInverse *inverse, const float *values,
							   float *samples);

/* Frames and values per frame, without a look at the values. */
static void
read_dimensions(ArrayType *array, const char *name, int64_t *n_frames, int *n_values)
{
	if (ARR_NDIM(array) != 2)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("array \"%s\" must have two dimensions, frames and values", name),
						errdetail("It has %d.", ARR_NDIM(array))));
	*n_frames = ARR_DIMS(array)[0];
	*n_values = ARR_DIMS(array)[1];
}

/* Coefficients without their deltas; deltas out of range are refused later. */
static int
mfcc_per_frame(int n_columns, int deltas)
{
	return deltas >= 0 && deltas <= 2 ? Max(n_columns / (1 + deltas), 1) : 1;
}

static void
check_parameters(const EmoInverse *inverse)
{
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_inverse_check(&env, inverse, emoser_max_audio_duration_s));
}

static void
check_values_per_frame(const char *name, int n_values, int n_expected)
{
	if (n_values != n_expected)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("array \"%s\" has %d values per frame instead of %d", name, n_values,
							   n_expected)));
}

static const float *
finite_values(ArrayType *array, const char *name, int n_columns)
{
	int n_values;
	const float *values = emoser_real_array_data(array, name, &n_values);

	for (int i = 0; i < n_values; i++)
	{
		if (i % VALUES_BETWEEN_CHECKS == 0)
			CHECK_FOR_INTERRUPTS();
		if (!isfinite(values[i]))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("array \"%s\" must not contain %s", name,
								   isnan(values[i]) ? "NaN" : "infinity"),
							errdetail("It is value %d of frame %d.", i % n_columns + 1,
									  i / n_columns + 1)));
	}
	return values;
}

static Datum
to_wav(const EmoInverse *inverse, ArrayType *array, const char *name, ToSamples to_samples)
{
	const float *values = finite_values(array, name, ARR_DIMS(array)[1]);
	float *samples;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	samples = emo_alloc(&env, emo_inverse_n_samples(inverse), sizeof(float));
	if (samples == NULL)
		emoser_raise(&env);
	emoser_check(&env, to_samples(&env, inverse, values, samples));
	PG_RETURN_BYTEA_P(emoser_wav_result(&env, samples, emo_inverse_n_samples(inverse), 1,
										inverse->params.sample_rate, EMO_WAV_PCM16));
}

/* Of arrays of mel spectra or of coefficients; iterations and seed are the last two arguments. */
static Datum
invert(FunctionCallInfo fcinfo, bool is_mel)
{
	const char *name = is_mel ? "mel" : "mfcc";
	int next = 1 + (is_mel ? EMOSER_N_MEL_ARGS : EMOSER_N_MFCC_ARGS);
	EmoInverse inverse;
	EmoMfccParams *params = &inverse.params;
	int n_columns;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	read_dimensions(PG_GETARG_ARRAYTYPE_P(0), name, &inverse.n_frames, &n_columns);
	*params = is_mel ? emoser_read_mel_params(fcinfo) : emoser_read_mfcc_params(fcinfo);
	if (PG_ARGISNULL(1) && is_mel)
		params->n_mels = n_columns;
	else if (PG_ARGISNULL(1))
		params->n_mfcc = mfcc_per_frame(n_columns, params->deltas);
	inverse.n_iterations = emoser_int_argument(fcinfo, next, "iterations");
	inverse.seed = (uint32) emoser_int_argument(fcinfo, next + 1, "seed");
	check_parameters(&inverse);
	check_values_per_frame(name, n_columns,
						   is_mel ? params->n_mels : emo_mfcc_values_per_frame(params));
	return to_wav(&inverse, PG_GETARG_ARRAYTYPE_P(0), name,
				  is_mel ? emo_mel_to_samples : emo_mfcc_to_samples);
}

Datum
emoser_mel_to_wav(PG_FUNCTION_ARGS)
{
	return invert(fcinfo, true);
}

Datum
emoser_mfcc_to_wav(PG_FUNCTION_ARGS)
{
	return invert(fcinfo, false);
}
