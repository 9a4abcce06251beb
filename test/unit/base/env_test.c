/*
 * env_test.c
 *	  Allocation, overflow and error texts of the core's environment.
 */
#include "unit.h"

static void
test_alloc_is_aligned(EmoEnv *env)
{
	for (size_t size = 1; size < 300; size += 7)
	{
		char *block = emo_alloc_zero(env, size, 1);

		CHECK(block != NULL && (uintptr_t) block % EMO_ALIGNMENT == 0);
		CHECK(block != NULL && block[0] == 0 && block[size - 1] == 0);
		if (size % 2 == 0)
			emo_free(env, block);
	}
	emo_free(env, NULL);
}

static void
test_alloc_overflow(EmoEnv *env)
{
	CHECK(emo_alloc(env, SIZE_MAX / 2, 3) == NULL);
	CHECK(env->status == EMO_OUT_OF_MEMORY);
	CHECK(emo_alloc(env, SIZE_MAX - 8, 1) == NULL);
}

static void
test_alloc_failure(EmoEnv *env)
{
	((UnitHost *) env->host)->allocations_left = 0;
	CHECK(emo_alloc(env, 10, 10) == NULL);
	CHECK(strcmp(env->message, "out of memory") == 0);
	CHECK(strcmp(env->detail, "Failed on a request for 10 items of 10 bytes.") == 0);
}

static bool
stop_at_once(void *host)
{
	(void) host;
	return true;
}

/* An hour of samples takes longer to zero than a cancel may wait; what is small is not asked about. */
static void
test_zeroing_stops(EmoEnv *env)
{
	env->should_stop = stop_at_once;
	CHECK(emo_alloc_zero(env, 1000, 4) != NULL);
	CHECK(emo_alloc_zero(env, 10 << 20, 4) == NULL);
	CHECK(env->status == EMO_CANCELED);
}

static void
test_fail_clears_older_texts(EmoEnv *env)
{
	emo_fail(env, EMO_BAD_DATA, "first");
	emo_set_detail(env, "A detail of %d.", 1);
	emo_set_hint(env, "A hint.");
	CHECK(emo_fail(env, EMO_UNDEFINED, "second %s", "one") == EMO_UNDEFINED);
	CHECK(strcmp(env->message, "second one") == 0);
	CHECK(env->detail[0] == '\0' && env->hint[0] == '\0');
}

static void
test_fail_anew(EmoEnv *env)
{
	emo_fail(env, EMO_CORRUPTED, "first");
	emo_set_detail(env, "A detail.");
	emo_set_hint(env, "A hint.");
	CHECK(emo_fail_again(env, EMO_BAD_DATA, "100 %s") == EMO_BAD_DATA);
	CHECK(env->status == EMO_BAD_DATA && strcmp(env->message, "100 %s") == 0);
	CHECK(strcmp(env->detail, "A detail.") == 0 && env->hint[0] == '\0');
	CHECK(emo_fail_because(env, EMO_CORRUPTED, "net is damaged", "It can't be") == EMO_CORRUPTED);
	CHECK(strcmp(env->message, "net is damaged") == 0);
	CHECK(strcmp(env->detail, "It can't be: 100 %s.") == 0);
}

int
main(void)
{
	RUN(test_alloc_is_aligned);
	RUN(test_alloc_overflow);
	RUN(test_alloc_failure);
	RUN(test_zeroing_stops);
	RUN(test_fail_clears_older_texts);
	RUN(test_fail_anew);
	return unit_finish();
}
