/*
 * entropy.c
 *	  emoser_entropy(): how uncertain probabilities are.
 */
#include "pg/base/glue.h"

#include <math.h>

#include "pg/model/probabilities.h"

/*
 * Shannon's entropy over its highest value, that of equal probabilities, so that models of few and of many
 * emotions can be compared; of what sums to one but for rounding.
 */
static double
normalised_entropy(const double *probabilities, int n)
{
	double entropy = 0, sum = 0;

	for (int i = 0; i < n; i++)
		sum += probabilities[i];
	for (int i = 0; i < n; i++)
		if (probabilities[i] > 0)
			entropy -= probabilities[i] / sum * log(probabilities[i] / sum);
	return n == 1 ? 0 : fmin(fmax(entropy / log(n), 0), 1);
}

PG_FUNCTION_INFO_V1(emoser_entropy);
Datum
emoser_entropy(PG_FUNCTION_ARGS)
{
	int n;
	const double *probabilities = emoser_given_probabilities(PG_GETARG_JSONB_P(0), &n);

	PG_RETURN_FLOAT8(normalised_entropy(probabilities, n));
}
