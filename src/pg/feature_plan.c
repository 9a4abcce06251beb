/*
 * feature_plan.c
 *	  The backend's plan for utterance features.
 */
#include "pg/glue.h"

#include "utils/memutils.h"

#include "pg/feature_plan.h"

EmoFeaturePlan *
emoser_feature_plan(void)
{
	static EmoFeaturePlan *plan = NULL;
	MemoryContext context;
	EmoEnv env;
	EmoFeaturePlan *made;
	EmoStatus status;

	if (plan != NULL)
		return plan;
	/* A child of the caller's context until nothing can fail any more. */
	context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser feature plan", ALLOCSET_DEFAULT_SIZES);
	emoser_env_init(&env, context);
	status = emo_feature_plan_create(&env, &made);
	emoser_check(&env, status);
	MemoryContextSetParent(context, CacheMemoryContext);
	plan = made;
	return plan;
}
