/*
 * state_quantise_test.c
 *	  Features as integers on a scale, and what tells scales apart.
 */
#include "unit.h"

#include "core/lda/state.h"

/* emo_quantise() against the standardisation that predictions use. */
static void
test_quantise(EmoEnv *env)
{
	static const float mean[] = {0, 100, -3, 1, 1, 1, 5}, deviation[] = {1, 20, 0.5f, 1, 1, 1, 0};
	static const float features[] = {0.25f, 110, 9, NAN, INFINITY, -1e30f, 7};
	static const int16_t expected[] = {1024, 2048, 16384, 0, 16384, -16384, 0};
	static const float halves[] = {0.5f / 4096, 1.5f / 4096, -0.5f / 4096, 2.5f / 4096};
	static const int16_t rounded[] = {0, 2, 0, 2};
	float inverse_deviation[7];
	int16_t q[7];

	(void) env;
	emo_state_inverse_deviation(7, mean, deviation, inverse_deviation);
	emo_quantise(7, mean, inverse_deviation, features, q);
	CHECK(memcmp(q, expected, sizeof(expected)) == 0);
	emo_quantise(4, NULL, NULL, halves, q);
	CHECK(memcmp(q, rounded, sizeof(rounded)) == 0);
}

static void
test_scale_id(EmoEnv *env)
{
	float mean[] = {1, 0}, deviation[] = {1, 2};
	uint64_t id = emo_state_scale_id(2, mean, deviation, false);

	(void) env;
	CHECK(emo_state_scale_id(2, mean, deviation, true) != id);
	CHECK(emo_state_scale_id(1, mean, deviation, false) != id);
	mean[1] = -0.0f;
	CHECK(emo_state_scale_id(2, mean, deviation, false) == id);
	mean[1] = 1e-30f;
	CHECK(emo_state_scale_id(2, mean, deviation, false) != id);
}

int
main(void)
{
	RUN(test_quantise);
	RUN(test_scale_id);
	return unit_finish();
}
