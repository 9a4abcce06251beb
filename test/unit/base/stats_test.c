/*
 * stats_test.c
 *	  Probabilities and decisions against direct sums.
 */
#include "unit.h"

#include "core/base/stats.h"

static void
test_log_softmax(EmoEnv *env)
{
	static const double scores[] = {1000, 1002.5, 999};
	double direct[3], sum = 0;
	float log_posteriors[3];

	(void) env;
	for (int c = 0; c < 3; c++)
		sum += direct[c] = exp((scores[c] - 1000) / 2);
	emo_log_softmax(scores, 3, 2, log_posteriors);
	for (int c = 0; c < 3; c++)
		CHECK_NEAR(log_posteriors[c], log(direct[c] / sum), 1e-6);
}

/*
 * Trained models keep their bits: this is the order of operations, with the largest score taken off,
 * divided by the temperature, summed from the first on, and rounded to float at the end.
 */
static void
test_bits(EmoEnv *env)
{
	double scores[7];
	float log_posteriors[7];

	(void) env;
	for (int trial = 0; trial < 1000; trial++)
	{
		double temperature = 0.1 + rand() % 1000 / 7.0, largest = -INFINITY, sum = 0;

		for (int c = 0; c < 7; c++)
		{
			scores[c] = (rand() % 20001 - 10000) / 333.0;
			largest = fmax(largest, scores[c]);
		}
		for (int c = 0; c < 7; c++)
			sum += exp((scores[c] - largest) / temperature);
		emo_log_softmax(scores, 7, temperature, log_posteriors);
		for (int c = 0; c < 7; c++)
			CHECK(log_posteriors[c] == (float) fmax((scores[c] - largest) / temperature - log(sum),
													EMO_MIN_LOG_POSTERIOR));
	}
}

static void
test_limits(EmoEnv *env)
{
	static const double hopeless[] = {0, -1e9, -INFINITY}, undefined[] = {0, NAN, 1};
	float log_posteriors[3];

	(void) env;
	emo_log_softmax(hopeless, 3, 1, log_posteriors);
	CHECK(log_posteriors[0] == 0 && log_posteriors[1] == EMO_MIN_LOG_POSTERIOR &&
		  log_posteriors[2] == EMO_MIN_LOG_POSTERIOR);
	emo_log_softmax(undefined, 3, 1, log_posteriors);
	for (int c = 0; c < 3; c++)
		CHECK(isnan(log_posteriors[c]));
}

static void
test_argmax(EmoEnv *env)
{
	static const float values[] = {-3, 2, -1, 2};

	(void) env;
	CHECK(emo_argmax(values, 4) == 1);
	CHECK(emo_argmax(values, 1) == 0);
	CHECK(emo_argmax(values + 2, 2) == 1);
}

static void
test_ranges(EmoEnv *env)
{
	static const float values[] = {0, 0.5f, 1}, undefined[] = {0, NAN}, huge[] = {-INFINITY};

	(void) env;
	CHECK(emo_all_within(values, 3, 0, 1) && !emo_all_within(values, 3, 0, 0.9f));
	CHECK(emo_all_within(values, 0, 2, 1) && !emo_all_within(undefined, 2, -1, 1));
	CHECK(emo_all_finite(values, 3) && !emo_all_finite(undefined, 2) && !emo_all_finite(huge, 1));
}

int
main(void)
{
	srand(1);
	RUN(test_log_softmax);
	RUN(test_bits);
	RUN(test_limits);
	RUN(test_argmax);
	RUN(test_ranges);
	return unit_finish();
}
