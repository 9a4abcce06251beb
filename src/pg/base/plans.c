/*
 * plans.c
 *	  Plans of the core that are made at their first use and kept by a backend.
 */
#include "pg/base/plans.h"

#include "utils/memutils.h"

/* Queries use one or two settings; someone who compares settings row by row a few more. */
#define MFCC_CACHE_SIZE 8

/* Env of a new plan: in a child of the caller's context until nothing can fail any more. */
static void
begin(EmoEnv *env)
{
	emoser_env_init(
		env, AllocSetContextCreate(CurrentMemoryContext, "emoser plan", ALLOCSET_SMALL_SIZES));
}

/* From here on the plan outlives the statement. */
static void
keep(const EmoEnv *env)
{
	MemoryContextSetParent(env->host, CacheMemoryContext);
}

EmoFeaturePlan *
emoser_feature_plan(void)
{
	static EmoFeaturePlan *kept = NULL;
	EmoFeaturePlan *plan;
	EmoEnv env;

	if (kept != NULL)
		return kept;
	begin(&env);
	emoser_check(&env, emo_feature_plan_create(&env, &plan));
	keep(&env);
	return kept = plan;
}

EmoNnInputPlan *
emoser_nn_input_plan(void)
{
	static EmoNnInputPlan *kept = NULL;
	EmoNnInputPlan *plan;
	EmoEnv env;

	if (kept != NULL)
		return kept;
	begin(&env);
	emoser_check(&env, emo_nn_input_plan_create(&env, &plan));
	keep(&env);
	return kept = plan;
}

EmoSpeechDetector *
emoser_speech_detector(void)
{
	static EmoSpeechDetector *kept = NULL;
	EmoSpeechDetector *detector;
	EmoEnv env;

	if (kept != NULL)
		return kept;
	begin(&env);
	emoser_check(&env, emo_speech_create(&env, &detector));
	keep(&env);
	return kept = detector;
}

/* Lies in the context of env. */
typedef struct CachedMfccPlan
{
	EmoMfccParams params;
	EmoMfccPlan *plan;
	EmoEnv env;
	MemoryContextCallback on_delete;
} CachedMfccPlan;

static void
destroy_mfcc_plan(void *entry)
{
	emo_mfcc_plan_destroy(((CachedMfccPlan *) entry)->plan);
}

static CachedMfccPlan *
new_mfcc_plan(const EmoMfccParams *params)
{
	CachedMfccPlan *entry;
	EmoEnv env;

	begin(&env);
	entry = MemoryContextAllocZero(env.host, sizeof(CachedMfccPlan));
	entry->params = *params;
	entry->env = env;
	entry->on_delete = (MemoryContextCallback){.func = destroy_mfcc_plan, .arg = entry};
	MemoryContextRegisterResetCallback(env.host, &entry->on_delete);
	emoser_check(&entry->env, emo_mfcc_plan_create(&entry->env, params, &entry->plan));
	keep(&env);
	return entry;
}

EmoMfccPlan *
emoser_mfcc_plan(const EmoMfccParams *params)
{
	/* Most recently used first; free places are NULL. */
	static CachedMfccPlan *cache[MFCC_CACHE_SIZE];
	CachedMfccPlan *entry = NULL;
	int place = 0;

	while (place < MFCC_CACHE_SIZE && cache[place] != NULL &&
		   !emo_mfcc_params_equal(&cache[place]->params, params))
		place++;
	if (place < MFCC_CACHE_SIZE)
		entry = cache[place];
	if (entry == NULL)
	{
		entry = new_mfcc_plan(params);
		if (place == MFCC_CACHE_SIZE)
			MemoryContextDelete(cache[--place]->env.host);
	}
	memmove(cache + 1, cache, place * sizeof(cache[0]));
	cache[0] = entry;
	return entry->plan;
}

static void
destroy_pitch(void *pitch)
{
	emo_pitch_destroy(pitch);
}

EmoPitch *
emoser_pitch_plan(const EmoPitchParams *params)
{
	static EmoPitchParams kept_params;
	static EmoPitch *kept = NULL;
	static MemoryContext kept_context;
	MemoryContextCallback *on_delete;
	EmoPitch *pitch;
	EmoEnv env;

	/* The other parameters follow from these. */
	if (kept != NULL && kept_params.min_hz == params->min_hz &&
		kept_params.max_hz == params->max_hz)
		return kept;
	begin(&env);
	on_delete = MemoryContextAlloc(env.host, sizeof(MemoryContextCallback));
	emoser_check(&env, emo_pitch_check_params(&env, params));
	emoser_check(&env, emo_pitch_create(&env, params, &pitch));
	*on_delete = (MemoryContextCallback){.func = destroy_pitch, .arg = pitch};
	MemoryContextRegisterResetCallback(env.host, on_delete);
	keep(&env);
	if (kept != NULL)
		MemoryContextDelete(kept_context);
	kept_params = *params;
	kept_context = env.host;
	return kept = pitch;
}
