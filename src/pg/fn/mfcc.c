/*
 * mfcc.c
 *	  emoser_mfcc() and emoser_mel(), of recordings and of samples.
 */
#include "pg/base/glue.h"

#include <limits.h>
#include <math.h>

#include "core/dsp/mfcc.h"
#include "pg/source/audio_arg.h"
#include "pg/source/mfcc_args.h"
#include "pg/source/mfcc_plan.h"

PG_FUNCTION_INFO_V1(emoser_mfcc);
PG_FUNCTION_INFO_V1(emoser_mfcc_of_samples);
PG_FUNCTION_INFO_V1(emoser_mel);
PG_FUNCTION_INFO_V1(emoser_mel_of_samples);

/* Beyond that, powers would overflow a float with the longest transform. */
static const float max_sample = 1e9f;

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
	params = emoser_read_mfcc_params(fcinfo);
	return analyse_recording(fcinfo, &params, emo_mfcc, emo_mfcc_values_per_frame(&params));
}

Datum
emoser_mfcc_of_samples(PG_FUNCTION_ARGS)
{
	EmoMfccParams params;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	params = emoser_read_mfcc_params(fcinfo);
	return analyse_samples(fcinfo, &params, emo_mfcc, emo_mfcc_values_per_frame(&params));
}

Datum
emoser_mel(PG_FUNCTION_ARGS)
{
	EmoMfccParams params;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	params = emoser_read_mel_params(fcinfo);
	return analyse_recording(fcinfo, &params, emo_mel, params.n_mels);
}

Datum
emoser_mel_of_samples(PG_FUNCTION_ARGS)
{
	EmoMfccParams params;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	params = emoser_read_mel_params(fcinfo);
	return analyse_samples(fcinfo, &params, emo_mel, params.n_mels);
}
