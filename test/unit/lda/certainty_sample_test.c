/*
 * certainty_sample_test.c
 *	  Rows that are kept until it is known how sure a model was of them, against all rows kept and sorted.
 */
#include "unit.h"

#include "core/base/random.h"
#include "core/base/stats.h"
#include "core/lda/certainty_sample.h"
#include "core/lda/priors.h"

#define N_CLASSES   3
#define TEMPERATURE 1.7
#define N_ROWS      (3 * EMO_SAMPLE_ROWS)

typedef struct HeldOutRow
{
	uint64_t key;
	float log_posteriors[N_CLASSES];
	double log_distance;
} HeldOutRow;

static const double log_prior[N_CLASSES] = {-0.5, -1.5, -1.7};
static HeldOutRow rows[N_ROWS], sorted[N_ROWS];
static EmoFamiliarity familiarity = {
	.log_mean = 1, .log_deviation = 0.5f, .fade_from = 0.5f, .fade = 1.3f};

static void
make_rows(void)
{
	EmoRandom random;

	emo_random_seed(&random, 5);
	for (int i = 0; i < N_ROWS; i++)
	{
		rows[i].key = (uint64_t) (emo_random_uniform(&random) * 0x1p62);
		rows[i].log_distance = 3 * emo_random_uniform(&random);
		for (int c = 0; c < N_CLASSES; c++)
			rows[i].log_posteriors[c] = (float) (-5 * emo_random_uniform(&random));
	}
}

static EmoCertaintySample *
new_sample(EmoEnv *env)
{
	EmoCertaintySample *sample = emo_alloc_zero(env, 1, emo_certainty_sample_size(N_CLASSES));

	emo_certainty_sample_init(sample, N_CLASSES);
	return sample;
}

static void
add(EmoCertaintySample *sample, const HeldOutRow *row)
{
	emo_certainty_sample_add(sample, row->key, row->log_posteriors, log_prior, row->log_distance);
}

static int
by_key(const void *a, const void *b)
{
	uint64_t x = ((const HeldOutRow *) a)->key, y = ((const HeldOutRow *) b)->key;

	return (x > y) - (x < y);
}

/* The first n of all in the order of their keys, in long hand. */
static EmoCertainty *
expected(EmoEnv *env, int n_rows, int n)
{
	int64_t predicted[N_CLASSES] = {0};
	EmoCertaintySums sums = {.predicted = predicted};
	EmoCertainty *certainty;

	memcpy(sorted, rows, n_rows * sizeof(HeldOutRow));
	qsort(sorted, n_rows, sizeof(HeldOutRow), by_key);
	for (int i = 0; i < n; i++)
	{
		double off = (sorted[i].log_distance - 1) / 0.5;
		double fading = 1 + 1.3 * fmax(0, off - 0.5), sum = 0, faded_sum = 0;
		double p[N_CLASSES];
		float faded[N_CLASSES];

		for (int c = 0; c < N_CLASSES; c++)
			sum += p[c] = exp(sorted[i].log_posteriors[c] / TEMPERATURE + log_prior[c]);
		for (int c = 0; c < N_CLASSES; c++)
			faded_sum += p[c] = pow(p[c] / sum, 1 / fading);
		for (int c = 0; c < N_CLASSES; c++)
			faded[c] = (float) (p[c] / faded_sum);
		emo_certainty_add(&sums, faded, N_CLASSES);
	}
	CHECK(emo_certainty_of_sums(env, &sums, N_CLASSES, &certainty) == EMO_OK);
	return certainty;
}

static EmoCertainty *
certainty_of(EmoEnv *env, EmoCertaintySample *sample)
{
	EmoCertainty *certainty;

	CHECK(emo_certainty_of_sample(env, sample, TEMPERATURE, &familiarity, &certainty) == EMO_OK);
	return certainty;
}

static void
check_same(const EmoCertainty *a, const EmoCertainty *b, double tolerance)
{
	CHECK(a->n_rows == b->n_rows);
	CHECK_NEAR(a->top_probability, b->top_probability, tolerance);
	CHECK_NEAR(a->entropy, b->entropy, tolerance);
	for (int i = 0; i < EMO_CERTAINTY_BINS; i++)
		CHECK_NEAR(a->bins[i], b->bins[i], 100 * tolerance);
	for (int c = 0; c < N_CLASSES; c++)
		CHECK_NEAR(a->predicted[c], b->predicted[c], 100 * tolerance);
}

/* In a row, backwards, and in three parts: the same bits. */
static void
check_rows(EmoEnv *env, int n_rows, int n_kept)
{
	EmoCertaintySample *forwards = new_sample(env), *backwards = new_sample(env);
	EmoCertaintySample *merged = new_sample(env);
	EmoCertainty *certainty;

	for (int i = 0; i < n_rows; i++)
	{
		add(forwards, &rows[i]);
		add(backwards, &rows[n_rows - 1 - i]);
	}
	for (int part = 0; part < 3; part++)
	{
		EmoCertaintySample *sample = new_sample(env);

		for (int i = part; i < n_rows; i += 3)
			add(sample, &rows[i]);
		emo_certainty_sample_merge(merged, sample);
	}
	CHECK(forwards->n == n_kept);
	certainty = certainty_of(env, forwards);
	check_same(certainty, expected(env, n_rows, n_kept), 1e-5);
	check_same(certainty, certainty_of(env, backwards), 0);
	check_same(certainty, certainty_of(env, merged), 0);
}

static void
test_rows(EmoEnv *env)
{
	make_rows();
	check_rows(env, 100, 100);
	check_rows(env, EMO_SAMPLE_ROWS, EMO_SAMPLE_ROWS);
	check_rows(env, N_ROWS, EMO_SAMPLE_ROWS);
}

static void
test_little(EmoEnv *env)
{
	EmoCertaintySample *sample = new_sample(env);
	EmoCertainty *certainty;

	make_rows();
	for (int i = 0; i < EMO_CERTAINTY_MIN_ROWS - 1; i++)
		add(sample, &rows[i]);
	CHECK(certainty_of(env, sample) == NULL);
	add(sample, &rows[N_ROWS - 1]);
	CHECK((certainty = certainty_of(env, sample)) != NULL);
	CHECK(certainty->n_rows == EMO_CERTAINTY_MIN_ROWS);
}

/* A class that the head didn't know has no probability, and nothing is infinite. */
static void
test_unknown_class(EmoEnv *env)
{
	static const double priors[N_CLASSES] = {-0.69314718, -0.69314718, -INFINITY};
	static const float log_posteriors[N_CLASSES] = {-0.1f, -2, EMO_MIN_LOG_POSTERIOR};
	EmoCertaintySample *sample = new_sample(env);
	EmoCertainty *certainty;

	for (int i = 0; i < EMO_CERTAINTY_MIN_ROWS; i++)
		emo_certainty_sample_add(sample, i, log_posteriors, i % 2 == 0 ? priors : NULL, 0);
	CHECK(emo_certainty_of_sample(env, sample, 1, NULL, &certainty) == EMO_OK);
	CHECK_NEAR(certainty->top_probability, 1 / (1 + exp(-1.9)), 1e-6);
	CHECK(certainty->predicted[0] == 1);
}

/* Many classes take no more memory; bytes of another shape are found out. */
static void
test_bytes(EmoEnv *env)
{
	EmoCertaintySample *sample = new_sample(env);
	size_t used;

	CHECK(emo_certainty_sample_size(EMO_MAX_CLASSES) < (size_t) 2 << 20);
	make_rows();
	for (int i = 0; i < 50; i++)
		add(sample, &rows[i]);
	used = emo_certainty_sample_used(sample);
	CHECK(used < emo_certainty_sample_size(N_CLASSES));
	CHECK(emo_certainty_sample_is_valid(sample, used, N_CLASSES));
	CHECK(!emo_certainty_sample_is_valid(sample, used - 1, N_CLASSES));
	CHECK(!emo_certainty_sample_is_valid(sample, used, N_CLASSES + 1));
	CHECK(!emo_certainty_sample_is_valid(sample, 4, N_CLASSES));
	sample->n = sample->room + 1;
	CHECK(!emo_certainty_sample_is_valid(sample, emo_certainty_sample_used(sample), N_CLASSES));
	sample->n = -1;
	CHECK(!emo_certainty_sample_is_valid(sample, used, N_CLASSES));
}

int
main(void)
{
	RUN(test_rows);
	RUN(test_little);
	RUN(test_unknown_class);
	RUN(test_bytes);
	return unit_finish();
}
