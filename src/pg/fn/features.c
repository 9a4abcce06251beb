/*
 * features.c
 *	  emoser_features() and emoser_feature_names(): one vector for a recording; and
 *	  emoser_augmented_features(): that of a copy that training makes of it.
 */
#include "pg/base/glue.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/features/augment.h"
#include "core/features/features.h"
#include "pg/base/plans.h"
#include "pg/source/audio_arg.h"
#include "pg/source/set_options.h"

/* What is spoken of argument 0; false where the answer is NULL. */
static bool
hear(FunctionCallInfo fcinfo, EmoEnv *env, EmoSpoken *spoken)
{
	OnNoSpeech on_no_speech;
	AudioOptions options = emoser_emotion_options(fcinfo, PG_NARGS(), &on_no_speech);

	return emoser_hear_spoken(env, PG_GETARG_BYTEA_PP(0), EMO_FEATURE_SAMPLE_RATE, options,
							  on_no_speech, emoser_said_in_statement(fcinfo), spoken);
}

PG_FUNCTION_INFO_V1(emoser_features);
Datum
emoser_features(PG_FUNCTION_ARGS)
{
	EmoEnv env;
	EmoSpoken spoken;
	ArrayType *result;
	float *features;
	int n_features = emo_feature_count();

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	emoser_env_init(&env, CurrentMemoryContext);
	if (!hear(fcinfo, &env, &spoken))
		PG_RETURN_NULL();
	result = emoser_new_real_array(1, &n_features, &features);
	emoser_check(&env, emo_features(&env, emoser_feature_plan(), spoken.samples, spoken.n_samples,
									NULL, features));
	PG_RETURN_ARRAYTYPE_P(result);
}

static EmoDegradeOptions
degradation_of(Jsonb *given)
{
	EmoDegradeOptions options;
	OptionSpec specs[EMOSER_N_DEGRADE_OPTIONS];

	emo_default_options(&emo_degrade_options, &options);
	emoser_read_options(given, "degraded copies", NULL, specs,
						emoser_core_specs(&emo_degrade_options, &options, specs));
	return options;
}

/* Degraded copies come last here, so that the others keep their numbers however many there are. */
static void
make_copy(EmoEnv *env, int copy, uint64 seed, const EmoDegradeOptions *degrade,
		  const EmoSpoken *spoken, float *features)
{
	EmoFeaturePlan *plan = emoser_feature_plan();

	if (copy == 0)
		emoser_check(env,
					 emo_features(env, plan, spoken->samples, spoken->n_samples, NULL, features));
	else if (copy <= EMO_AUGMENT_N_COPIES)
		emoser_check(env, emo_augmented_features(env, plan, copy, seed, spoken->samples,
												 spoken->n_samples, features));
	else
		emoser_check(env,
					 emo_degraded_features(env, plan, degrade, copy - EMO_AUGMENT_N_COPIES - 1,
										   seed, spoken->samples, spoken->n_samples, features));
}

PG_FUNCTION_INFO_V1(emoser_augmented_features);
Datum
emoser_augmented_features(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"audio", "copy", "seed", "options"};
	int n_features = emo_feature_count();
	EmoDegradeOptions degrade;
	ArrayType *result;
	EmoSpoken spoken;
	float *features;
	EmoEnv env;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	for (int i = 1; i < (int) lengthof(names); i++)
		if (PG_ARGISNULL(i))
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("%s must not be null", names[i])));
	emoser_check_range("copy", PG_GETARG_INT32(1), 0,
					   EMO_AUGMENT_N_COPIES + EMO_MAX_DEGRADED_COPIES);
	degrade = degradation_of(PG_GETARG_JSONB_P(3));
	emoser_env_init(&env, CurrentMemoryContext);
	if (!hear(fcinfo, &env, &spoken))
		PG_RETURN_NULL();
	result = emoser_new_real_array(1, &n_features, &features);
	make_copy(&env, PG_GETARG_INT32(1), (uint32) PG_GETARG_INT32(2), &degrade, &spoken, features);
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
