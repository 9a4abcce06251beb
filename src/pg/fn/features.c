/*
 * features.c
 *	  emoser_features() and emoser_feature_names(): one vector for a recording.
 */
#include "pg/base/glue.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/features/features.h"
#include "pg/base/plans.h"
#include "pg/source/audio_arg.h"

/* What was said in this statement (fn_extra). */
typedef struct Said
{
	bool talkers_mixed, no_speech;
} Said;

static Said *
said(FunctionCallInfo fcinfo)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Said));
	return fcinfo->flinfo->fn_extra;
}

PG_FUNCTION_INFO_V1(emoser_features);
Datum
emoser_features(PG_FUNCTION_ARGS)
{
	OnNoSpeech on_no_speech;
	AudioOptions options = emoser_emotion_options(fcinfo, &on_no_speech);
	EmoEnv env;
	EmoAudio audio;
	EmoSpoken spoken;
	ArrayType *result;
	float *features;
	int n_features = emo_feature_count();

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	emoser_env_init(&env, CurrentMemoryContext);
	if (!emoser_decode_audio(&env, PG_GETARG_BYTEA_PP(0), EMO_FEATURE_SAMPLE_RATE, options, &audio))
		PG_RETURN_NULL();
	if (audio.differs)
		emoser_notice_talkers(&said(fcinfo)->talkers_mixed);
	if (!emoser_speech_accepted(&env, &audio, on_no_speech, &said(fcinfo)->no_speech, &spoken))
		PG_RETURN_NULL();
	result = emoser_new_real_array(1, &n_features, &features);
	emoser_check(&env, emo_features(&env, emoser_feature_plan(), spoken.samples, spoken.n_samples,
									NULL, features));
	PG_RETURN_ARRAYTYPE_P(result);
}

PG_FUNCTION_INFO_V1(emoser_feature_names);
Datum
emoser_feature_names(PG_FUNCTION_ARGS)
{
	int n_features = emo_feature_count();
	Datum *names = palloc(n_features * sizeof(Datum));

	(void) fcinfo;
	for (int i = 0; i < n_features; i++)
	{
		char name[EMO_FEATURE_NAME_SIZE];

		emo_feature_name(i, name);
		names[i] = CStringGetTextDatum(name);
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(names, n_features, TEXTOID, -1, false, TYPALIGN_INT));
}
