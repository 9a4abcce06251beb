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

int
main(void)
{
	RUN(test_alloc_is_aligned);
	RUN(test_alloc_overflow);
	RUN(test_alloc_failure);
	RUN(test_fail_clears_older_texts);
	return unit_finish();
}
