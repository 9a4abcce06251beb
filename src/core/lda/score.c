/*
 * score.c
 *	  Log posteriors of features.
 */
#include "core/lda/score.h"

#include "core/base/stats.h"
#include "core/lda/solve.h"

/* Features standardised at once: they fit the first-level cache. */
#define BLOCK_FEATURES 256

/* A dot product whose order of summation doesn't depend on the compiler, yet fits SIMD. */
static double
dot(const float *weights, const double *z, int n)
{
	double partial[8] = {0};
	int i = 0;

	for (; i + 8 <= n; i += 8)
		for (int lane = 0; lane < 8; lane++)
			partial[lane] += weights[i + lane] * z[i + lane];
	for (; i < n; i++)
		partial[0] += weights[i] * z[i];
	return ((partial[0] + partial[4]) + (partial[1] + partial[5])) +
		   ((partial[2] + partial[6]) + (partial[3] + partial[7]));
}

void
emo_lda_scores(const EmoLdaHead *head, const float *features, double *scores)
{
	double z[BLOCK_FEATURES];

	for (int c = 0; c < head->n_classes; c++)
		scores[c] = head->bias[c];
	for (int first = 0; first < head->n_features; first += BLOCK_FEATURES)
	{
		int left = head->n_features - first;
		int count = left < BLOCK_FEATURES ? left : BLOCK_FEATURES;

		emo_lda_standardise(features, head->mean, head->inverse_deviation, head->max_z, first,
							count, z);
		for (int c = 0; c < head->n_classes; c++)
			scores[c] += dot(head->weights + (size_t) c * head->n_features + first, z, count);
	}
}

void
emo_lda_log_posteriors(const EmoLdaHead *head, const float *features, float *log_posteriors)
{
	double scores[EMO_MAX_CLASSES];

	emo_lda_scores(head, features, scores);
	emo_log_softmax(scores, head->n_classes, head->temperature, log_posteriors);
}
