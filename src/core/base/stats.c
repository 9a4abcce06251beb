/*
 * stats.c
 *	  From scores to probabilities and decisions, and what numbers may be.
 */
#include "core/base/stats.h"

#include <float.h>
#include <math.h>

/* Of (scores[c] - the largest) / temperature. */
static double
log_sum_exp(const double *scores, int n, double temperature, double *largest)
{
	double sum = 0;

	*largest = scores[0];
	for (int c = 1; c < n; c++)
		*largest = scores[c] > *largest ? scores[c] : *largest;
	for (int c = 0; c < n; c++)
		sum += exp((scores[c] - *largest) / temperature);
	return log(sum);
}

void
emo_log_softmax(const double *scores, int n, double temperature, float *log_posteriors)
{
	double largest;
	double log_sum = log_sum_exp(scores, n, temperature, &largest);

	for (int c = 0; c < n; c++)
	{
		double log_posterior = (scores[c] - largest) / temperature - log_sum;

		/* Written so that NaN stays. */
		log_posteriors[c] =
			(float) (log_posterior < EMO_MIN_LOG_POSTERIOR ? EMO_MIN_LOG_POSTERIOR : log_posterior);
	}
}

int
emo_argmax(const float *values, int n)
{
	int best = 0;

	for (int i = 1; i < n; i++)
		best = values[i] > values[best] ? i : best;
	return best;
}

bool
emo_all_within(const float *values, size_t n, float least, float most)
{
	for (size_t i = 0; i < n; i++)
		if (!(values[i] >= least && values[i] <= most))
			return false;
	return true;
}

bool
emo_all_finite(const float *values, size_t n)
{
	return emo_all_within(values, n, -FLT_MAX, FLT_MAX);
}
