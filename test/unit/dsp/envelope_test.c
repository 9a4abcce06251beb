/*
 * envelope_test.c
 *	  The least and the largest sample of each column, against a plain reference.
 */
#include "core/dsp/envelope.h"

#include "../unit.h"

#define MAX_SAMPLES 1000

/* Each sample for itself; columns are as long as each other, or one sample longer. */
static void
compare(EmoEnv *env, const float *samples, int n_samples, int n_columns)
{
	float lows[MAX_SAMPLES], highs[MAX_SAMPLES];
	int column = 0;

	CHECK(emo_envelope(env, samples, n_samples, n_columns, lows, highs) == EMO_OK);
	CHECK(emo_column_start(n_samples, n_columns, 0) == 0);
	CHECK(emo_column_start(n_samples, n_columns, n_columns) == n_samples);
	for (int i = 0; i < n_samples;)
	{
		int length = 0;
		float low = samples[i], high = samples[i];

		while (i < n_samples && i < (int) ((int64_t) n_samples * (column + 1) / n_columns))
		{
			low = samples[i] < low ? samples[i] : low;
			high = samples[i] > high ? samples[i] : high;
			i++;
			length++;
		}
		CHECK(length >= n_samples / n_columns && length <= n_samples / n_columns + 1);
		CHECK(lows[column] == low && highs[column] == high);
		column++;
	}
	CHECK(column == n_columns);
}

static void
test_columns(EmoEnv *env)
{
	float samples[MAX_SAMPLES];
	int counts[] = {1, 2, 3, 7, 99, 333, 999, 1000};

	for (int i = 0; i < MAX_SAMPLES; i++)
		samples[i] = (float) sin(i * i * 0.37) - 0.2f;
	for (size_t c = 0; c < sizeof(counts) / sizeof(*counts); c++)
		compare(env, samples, MAX_SAMPLES, counts[c]);
	compare(env, samples, 1, 1);
	compare(env, samples, 17, 5);
}

int
main(void)
{
	RUN(test_columns);
	return unit_finish();
}
