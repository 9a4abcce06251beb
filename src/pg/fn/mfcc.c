/*
 * mfcc.c
 *	  emoser_mfcc() and emoser_mel(), of recordings and of samples.
 */
#include "pg/base/glue.h"

#include <limits.h>
#include <math.h>

#include "core/dsp/mfcc.h"
#include "pg/base/plans.h"
#include "pg/source/audio_arg.h"
#include "pg/source/mfcc_args.h"

PG_FUNCTION_INFO_V1(emoser_mfcc);
PG_FUNCTION_INFO_V1(emoser_mfcc_of_samples);
PG_FUNCTION_INFO_V1(emoser_mel);
PG_FUNCTION_INFO_V1(emoser_mel_of_samples);

/* Beyond that, powers would overflow a float with the longest transform. */
static const float max_sample = 1e9f;

static const float *
samples_argument(ArrayType *array, int *n_samples)
{
	const float *samples = emoser_real_vector_data(array, "samples", n_samples);

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

/* The samples of argument 0, a recording or an array; false: the recording is bad and NULL is wanted. */
static bool
read_samples(FunctionCallInfo fcinfo, EmoEnv *env, bool of_samples, int sample_rate,
			 const float **samples, int64 *n_samples)
{
	EmoAudio audio;
	int n;

	if (of_samples)
	{
		*samples = samples_argument(PG_GETARG_ARRAYTYPE_P(0), &n);
		*n_samples = n;
		return true;
	}
	if (!emoser_decode_audio(env, PG_GETARG_BYTEA_PP(0), sample_rate, emoser_audio_options(fcinfo),
							 &audio))
		return false;
	*samples = audio.samples;
	*n_samples = audio.n_samples;
	return true;
}

/* real[frames][values] */
static Datum
analyse(FunctionCallInfo fcinfo, bool is_mel, bool of_samples)
{
	EmoMfccParams params;
	EmoMfccPlan *plan;
	const float *samples;
	int64 n_samples;
	int dims[2];
	ArrayType *array;
	float *out;
	EmoEnv env;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	params = is_mel ? emoser_read_mel_params(fcinfo) : emoser_read_mfcc_params(fcinfo);
	/* Wrong parameters are refused before time is spent on the recording. */
	plan = emoser_mfcc_plan(&params);
	emoser_env_init(&env, CurrentMemoryContext);
	if (!read_samples(fcinfo, &env, of_samples, params.sample_rate, &samples, &n_samples))
		PG_RETURN_NULL();
	dims[0] = (int) Min(emo_mfcc_frame_count(&params, n_samples), INT_MAX);
	dims[1] = is_mel ? params.n_mels : emo_mfcc_values_per_frame(&params);
	array = emoser_new_real_array(2, dims, &out);
	emoser_check(&env, (is_mel ? emo_mel : emo_mfcc)(&env, plan, samples, n_samples, out));
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
emoser_mfcc(PG_FUNCTION_ARGS)
{
	return analyse(fcinfo, false, false);
}

Datum
emoser_mfcc_of_samples(PG_FUNCTION_ARGS)
{
	return analyse(fcinfo, false, true);
}

Datum
emoser_mel(PG_FUNCTION_ARGS)
{
	return analyse(fcinfo, true, false);
}

Datum
emoser_mel_of_samples(PG_FUNCTION_ARGS)
{
	return analyse(fcinfo, true, true);
}
