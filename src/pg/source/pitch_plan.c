/*
 * pitch_plan.c
 *	  The plan for F0 that a backend keeps.
 */
#include "pg/base/glue.h"

#include "pg/source/pitch_plan.h"
#include "utils/memutils.h"

static struct
{
	EmoPitchParams params;
	EmoPitch *pitch; /* NULL: none yet */
	MemoryContext context;
} kept;

static void
destroy_plan(void *pitch)
{
	emo_pitch_destroy(pitch);
}

static EmoPitch *
make_plan(const EmoPitchParams *params, MemoryContext context)
{
	MemoryContextCallback *on_delete = MemoryContextAlloc(context, sizeof(MemoryContextCallback));
	EmoEnv env;
	EmoPitch *pitch;

	emoser_env_init(&env, context);
	emoser_check(&env, emo_pitch_check_params(&env, params));
	emoser_check(&env, emo_pitch_create(&env, params, &pitch));
	on_delete->func = destroy_plan;
	on_delete->arg = pitch;
	MemoryContextRegisterResetCallback(context, on_delete);
	return pitch;
}

EmoPitch *
emoser_pitch_plan(const EmoPitchParams *params)
{
	MemoryContext context;
	EmoPitch *pitch;

	/* The other parameters follow from these. */
	if (kept.pitch != NULL && kept.params.min_hz == params->min_hz &&
		kept.params.max_hz == params->max_hz)
		return kept.pitch;
	/* A child of the caller's context until nothing can fail any more. */
	context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser pitch plan", ALLOCSET_DEFAULT_SIZES);
	pitch = make_plan(params, context);
	MemoryContextSetParent(context, CacheMemoryContext);
	if (kept.pitch != NULL)
		MemoryContextDelete(kept.context);
	kept.params = *params;
	kept.pitch = pitch;
	kept.context = context;
	return pitch;
}
