/*
 * training_set_test.c
 *	  Some rows of a training set as a set of their own.
 */
#include "lda_sample.h"

static void
test_subset(EmoEnv *env)
{
	static Sample sample;
	bool keep[MAX_ROWS];
	EmoTrainingSubset subset;
	int n = 0;

	make_sample(&sample, 30, 4, 3, 7);
	sample.set.speaker = sample.speaker;
	sample.set.recording = sample.recording;
	sample.set.copy_kind = sample.copy_kind;
	for (int row = 0; row < 30; row++)
		keep[row] = row % 3 != 1;
	CHECK(emo_training_subset(env, &sample.set, keep, &subset) == EMO_OK);
	CHECK(subset.set.n_rows == 20 && subset.set.row_weight == NULL);
	for (int row = 0; row < 30; row++)
	{
		if (!keep[row])
			continue;
		CHECK(subset.source_row[n] == row && subset.set.label[n] == sample.label[row]);
		CHECK(subset.set.speaker[n] == sample.speaker[row]);
		CHECK(emo_copy_kind(&subset.set, n) == sample.copy_kind[row]);
		CHECK(emo_is_original(&subset.set, n) == (row % 2 == 0));
		CHECK(memcmp(subset.features + 4 * n, sample.features + 4 * row, 4 * sizeof(float)) == 0);
		/* Rows of one recording stay together, under a number within the subset. */
		for (int64_t other = 0; other <= n; other++)
			CHECK((emo_recording_of(&subset.set, other) == emo_recording_of(&subset.set, n)) ==
				  (subset.source_row[other] / 2 == row / 2));
		CHECK(emo_recording_of(&subset.set, n) >= 0 && emo_recording_of(&subset.set, n) < 20);
		n++;
	}
	emo_training_subset_free(env, &subset);
}

static void
test_bad_recording(EmoEnv *env)
{
	static Sample sample;
	bool keep[MAX_ROWS] = {true, true};
	EmoTrainingSubset subset;

	make_sample(&sample, 4, 2, 2, 7);
	sample.set.recording = sample.recording;
	sample.recording[1] = 4;
	CHECK(emo_training_subset(env, &sample.set, keep, &subset) == EMO_BAD_DATA);
	CHECK(strcmp(env->message, "recording of training row 2 is out of range") == 0);
}

int
main(void)
{
	RUN(test_subset);
	RUN(test_bad_recording);
	return unit_finish();
}
