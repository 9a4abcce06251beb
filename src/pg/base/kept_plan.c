/*
 * kept_plan.c
 *	  Plans of the core that are made at their first use and kept for the life of the backend.
 */
#include "pg/base/kept_plan.h"

#include "utils/memutils.h"

void *
emoser_kept_plan(void **slot, EmoserMakePlan make)
{
	MemoryContext context;
	EmoEnv env;
	void *plan;

	if (*slot != NULL)
		return *slot;
	/* A child of the caller's context until nothing can fail any more. */
	context = AllocSetContextCreate(CurrentMemoryContext, "emoser plan", ALLOCSET_DEFAULT_SIZES);
	emoser_env_init(&env, context);
	emoser_check(&env, make(&env, &plan));
	MemoryContextSetParent(context, CacheMemoryContext);
	*slot = plan;
	return plan;
}

static EmoStatus
make_feature_plan(EmoEnv *env, void **plan)
{
	EmoFeaturePlan *features;
	EmoStatus status = emo_feature_plan_create(env, &features);

	*plan = features;
	return status;
}

EmoFeaturePlan *
emoser_feature_plan(void)
{
	static void *plan = NULL;

	return emoser_kept_plan(&plan, make_feature_plan);
}

static EmoStatus
make_nn_input_plan(EmoEnv *env, void **plan)
{
	EmoNnInputPlan *input;
	EmoStatus status = emo_nn_input_plan_create(env, &input);

	*plan = input;
	return status;
}

EmoNnInputPlan *
emoser_nn_input_plan(void)
{
	static void *plan = NULL;

	return emoser_kept_plan(&plan, make_nn_input_plan);
}
