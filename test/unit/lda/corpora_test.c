/*
 * corpora_test.c
 *	  Rows that are normalised by speaker and again by corpus, against a plain computation.
 */
#include "lda_sample.h"

#include "core/lda/profile.h"
#include "core/lda/profiled_rows.h"

#define N_SPEAKERS 4
#define N_CORPORA  2
#define N_KINDS    2
#define ROWS       48
#define FEATURES   3

typedef struct Corpora
{
	Sample sample;
	int32_t corpus[ROWS];
	float weight[ROWS];
} Corpora;

/* Speakers 0 and 1 are in corpus 0, the others in corpus 1; every second row is a copy. */
static void
make_corpora(Corpora *corpora)
{
	make_sample(&corpora->sample, ROWS, FEATURES, 3, 11);
	corpora->sample.set.speaker = corpora->sample.speaker;
	corpora->sample.set.recording = corpora->sample.recording;
	corpora->sample.set.copy_kind = corpora->sample.copy_kind;
	corpora->sample.set.n_speakers = N_SPEAKERS;
	for (int row = 0; row < ROWS; row++)
	{
		corpora->sample.speaker[row] = row / 2 % N_SPEAKERS;
		corpora->corpus[row] = row / 2 % N_SPEAKERS / 2;
		corpora->weight[row] = 1 + (float) (row % 5);
	}
	corpora->sample.set.corpus = corpora->corpus;
	corpora->sample.set.n_corpora = N_CORPORA;
}

/* A feature by the profile of all rows of the same kind whose of_row is the same. */
static double
normalised(const Corpora *corpora, int row, int feature, const int32_t *of_row,
		   const float *population_mean, const float *population_deviation)
{
	double n = 0, sum = 0, squares = 0, share, mean, variance;
	const float *features = corpora->sample.features;
	const int32_t *kind = corpora->sample.copy_kind;

	for (int other = 0; other < ROWS; other++)
		if (of_row[other] == of_row[row] && kind[other] == kind[row])
		{
			n++;
			sum += features[other * FEATURES + feature];
		}
	mean = sum / n;
	for (int other = 0; other < ROWS; other++)
		if (of_row[other] == of_row[row] && kind[other] == kind[row])
			squares += pow(features[other * FEATURES + feature] - mean, 2);
	share = EMO_PROFILE_PRIOR_COUNT / (n + EMO_PROFILE_PRIOR_COUNT);
	mean += share * (population_mean[feature] - mean);
	variance = squares / n;
	variance += share * (pow(population_deviation[feature], 2) - variance);
	return (features[row * FEATURES + feature] - mean) / sqrt(variance);
}

static void
check_rows(const Corpora *corpora, const EmoTrainingSubset *subset, const float *mean,
		   const float *deviation)
{
	CHECK(subset->set.n_rows == 2 * ROWS);
	for (int i = 0; i < 2 * ROWS; i++)
	{
		int row = i % ROWS;
		bool by_corpus = i >= ROWS;

		CHECK(subset->source_row[i] == row && subset->set.label[i] == corpora->sample.label[row]);
		/* Those by corpus are copies of other kinds, so that nobody scores them. */
		CHECK(emo_copy_kind(&subset->set, i) ==
			  corpora->sample.copy_kind[row] + (by_corpus ? N_KINDS : 0));
		for (int f = 0; f < FEATURES; f++)
			CHECK_NEAR(subset->features[i * FEATURES + f],
					   normalised(corpora, row, f,
								  by_corpus ? corpora->corpus : corpora->sample.speaker, mean,
								  deviation),
					   1e-4);
	}
}

static void
test_rows(EmoEnv *env)
{
	static Corpora corpora;
	EmoTrainingSubset subset;
	float *mean, *deviation;

	make_corpora(&corpora);
	CHECK(emo_measure_population(env, &corpora.sample.set, &mean, &deviation) == EMO_OK);
	CHECK(emo_profiled_rows(env, &corpora.sample.set, mean, deviation, &subset) == EMO_OK);
	check_rows(&corpora, &subset, mean, deviation);
	for (int i = 0; i < 2 * ROWS; i++)
		CHECK_NEAR(emo_row_weight(&subset.set, i), i < ROWS ? 1 : EMO_CORPUS_ROWS_WEIGHT, 1e-6);
	emo_training_subset_free(env, &subset);

	/* Without corpora there is one of each, as ever. */
	corpora.sample.set.corpus = NULL;
	CHECK(emo_profiled_rows(env, &corpora.sample.set, mean, deviation, &subset) == EMO_OK);
	CHECK(subset.set.n_rows == ROWS && subset.set.row_weight == NULL);
	emo_training_subset_free(env, &subset);
	emo_free(env, mean);
	emo_free(env, deviation);
}

static void
test_weights(EmoEnv *env)
{
	static Corpora corpora;
	EmoTrainingSubset subset;
	float *mean, *deviation;

	make_corpora(&corpora);
	corpora.sample.set.row_weight = corpora.weight;
	CHECK(emo_measure_population(env, &corpora.sample.set, &mean, &deviation) == EMO_OK);
	for (int plain_only = 0; plain_only < 2; plain_only++)
	{
		corpora.sample.set.weighs_plain_rows_only = plain_only == 1;
		CHECK(emo_profiled_rows(env, &corpora.sample.set, mean, deviation, &subset) == EMO_OK);
		for (int i = 0; i < 2 * ROWS; i++)
			CHECK_NEAR(emo_row_weight(&subset.set, i),
					   (plain_only ? 1 : corpora.weight[i % ROWS]) *
						   (i < ROWS ? 1 : EMO_CORPUS_ROWS_WEIGHT),
					   1e-6);
		emo_training_subset_free(env, &subset);
	}
	emo_free(env, mean);
	emo_free(env, deviation);
}

int
main(void)
{
	RUN(test_rows);
	RUN(test_weights);
	return unit_finish();
}
