/*
 * mfcc_plan.c
 *	  Plans for MFCC that a backend keeps: Fourier transform, window, filterbank, DCT.
 */
#include "pg/base/glue.h"

#include "pg/source/mfcc_plan.h"
#include "utils/memutils.h"

/* Queries use one or two settings; someone who compares settings row by row a few more. */
#define CACHE_SIZE 8

/* Each plan has a context of its own, which also holds the entry. */
typedef struct CachedPlan
{
	EmoMfccParams params;
	EmoMfccPlan *plan;
	MemoryContext context;
	EmoEnv env;
	MemoryContextCallback on_delete;
} CachedPlan;

/* Most recently used first; free places are NULL. */
static CachedPlan *cache[CACHE_SIZE];

static void
destroy_plan(void *entry)
{
	emo_mfcc_plan_destroy(((CachedPlan *) entry)->plan);
}

static CachedPlan *
make_entry(const EmoMfccParams *params)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser MFCC plan", ALLOCSET_SMALL_SIZES);
	CachedPlan *entry = MemoryContextAllocZero(context, sizeof(CachedPlan));

	entry->params = *params;
	entry->context = context;
	entry->on_delete.func = destroy_plan;
	entry->on_delete.arg = entry;
	MemoryContextRegisterResetCallback(context, &entry->on_delete);
	emoser_env_init(&entry->env, context);
	emoser_check(&entry->env, emo_mfcc_plan_create(&entry->env, params, &entry->plan));
	/* Complete: from here on it outlives the statement. */
	MemoryContextSetParent(context, CacheMemoryContext);
	return entry;
}

EmoMfccPlan *
emoser_mfcc_plan(const EmoMfccParams *params)
{
	CachedPlan *entry = NULL;
	int place = 0;

	while (place < CACHE_SIZE && cache[place] != NULL &&
		   !emo_mfcc_params_equal(&cache[place]->params, params))
		place++;
	if (place < CACHE_SIZE)
		entry = cache[place];
	if (entry == NULL)
	{
		entry = make_entry(params);
		if (place == CACHE_SIZE)
			MemoryContextDelete(cache[--place]->context);
	}
	memmove(cache + 1, cache, place * sizeof(cache[0]));
	cache[0] = entry;
	return entry->plan;
}
