/*
 * lda_sample.h
 *	  Training sets for the tests of LDA.
 */
#ifndef LDA_SAMPLE_H
#define LDA_SAMPLE_H

#include "unit.h"

#include "core/lda/lda.h"

#define MAX_ROWS     80
#define MAX_FEATURES 90
#define MAX_CLASSES  5

/* A training set with its own storage. */
typedef struct Sample
{
	EmoTrainingSet set;
	float features[MAX_ROWS * MAX_FEATURES];
	int32_t label[MAX_ROWS];
	int32_t speaker[MAX_ROWS];
	int32_t recording[MAX_ROWS];
	int32_t copy_kind[MAX_ROWS];
	float row_weight[MAX_ROWS];
} Sample;

/* Knuth's MMIX generator; the upper bits, uniform in -1 .. 1. */
static inline double
uniform(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double) (int64_t) *state / 9223372036854775808.0;
}

/* Classes that overlap, features on scales from 0.01 to 1000 around means other than zero. */
static inline void
make_sample(Sample *sample, int n_rows, int n_features, int n_classes, uint64_t seed)
{
	memset(sample, 0, sizeof(*sample));
	sample->set = (EmoTrainingSet){.features = sample->features,
								   .label = sample->label,
								   .n_rows = n_rows,
								   .n_features = n_features,
								   .n_classes = n_classes,
								   .n_speakers = 6};
	for (int row = 0; row < n_rows; row++)
	{
		double common = uniform(&seed);

		sample->label[row] = row % n_classes;
		sample->speaker[row] = row / 3 % 6;
		sample->recording[row] = row / 2;
		sample->copy_kind[row] = row % 2;
		sample->row_weight[row] = (float) (1.5 + uniform(&seed));
		for (int i = 0; i < n_features; i++)
		{
			double scale = pow(10, i % 6 - 2);
			double shift = (i + row % n_classes) % n_classes;

			sample->features[row * n_features + i] =
				(float) (scale * (3 + 0.3 * shift + common + uniform(&seed)));
		}
	}
}

/* Float holds the weights of a head: 1e-7 of sums whose terms reach a few hundred. */
static inline double
tolerance(double log_posterior)
{
	return 1e-4 * (1 + fabs(log_posterior));
}

#endif
