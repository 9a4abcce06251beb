/*
 * speech_test.c
 *	  Where somebody speaks, and that it doesn't matter in what pieces a recording comes.
 */
#include "unit.h"

#include "core/base/random.h"
#include "core/dsp/speech.h"

#define RATE 16000

static EmoStretches
detect(EmoEnv *env, const float *samples, int64_t n_samples)
{
	EmoStretches stretches = {NULL, 0};

	CHECK(emo_detect_speech(env, samples, n_samples, &stretches) == EMO_OK);
	return stretches;
}

static void
test_nothing(EmoEnv *env)
{
	float *samples = emo_alloc_zero(env, 10 * RATE, sizeof(float));

	CHECK(detect(env, samples, 0).n == 0);
	CHECK(detect(env, samples, 1).n == 0);
	CHECK(detect(env, samples, 10 * RATE).n == 0);
}

int
main(void)
{
	RUN(test_nothing);
	return unit_finish();
}
