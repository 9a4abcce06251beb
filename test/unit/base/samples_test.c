/*
 * samples_test.c
 *	  The rates that samples may have, and their peak.
 */
#include "unit.h"

#include "core/base/samples.h"

static void
test_sample_rate(EmoEnv *env)
{
	CHECK(emo_check_sample_rate(env, EMO_MIN_SAMPLE_RATE) == EMO_OK);
	CHECK(emo_check_sample_rate(env, EMO_MAX_SAMPLE_RATE) == EMO_OK);
	CHECK(emo_check_sample_rate(env, EMO_MAX_SAMPLE_RATE + 1) == EMO_INVALID_PARAMETER);
	CHECK(emo_check_sample_rate(env, EMO_MIN_SAMPLE_RATE - 1) == EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->message, "sample rate 999 Hz is outside 1000 to 768000 Hz") == 0);
}

/* What is within full scale stays as it is, bit for bit. */
static void
test_peak(EmoEnv *env)
{
	float quiet[] = {0.3f, -1, 0.1f}, loud[] = {0.5f, -2, 1};

	(void) env;
	emo_limit_peak(quiet, 3);
	CHECK(quiet[0] == 0.3f && quiet[1] == -1 && quiet[2] == 0.1f);
	emo_limit_peak(loud, 3);
	CHECK(loud[0] == 0.25f && loud[1] == -1 && loud[2] == 0.5f);
	emo_limit_peak(NULL, 0);
}

int
main(void)
{
	RUN(test_sample_rate);
	RUN(test_peak);
	return unit_finish();
}
