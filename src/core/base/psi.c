/*
 * psi.c
 *	  The population stability index.
 */
#include "core/base/psi.h"

#include <math.h>

/* Where so many rows are expected, the first term of the series is within 2 %. */
#define MAX_EXACT_COUNT 50

/* What follows adds nothing to a sum of this order. */
#define NEGLIGIBLE_P 1e-12

double
emo_psi_of_cell(double count, double n, double share)
{
	double found = (count + share) / (n + 1);

	return (found - share) * log(found / share);
}

double
emo_psi_by_chance(int64_t n, double share)
{
	double rest = 1 - share, sum = 0, ln_odds, ln_ways = 0;

	if (n < 1 || rest <= 0)
		return 0;
	if (share * (double) n > MAX_EXACT_COUNT)
		return rest / (double) n;
	ln_odds = log(share) - log(rest);
	for (int64_t count = 0; count <= n; count++)
	{
		double ln_p = ln_ways + (double) count * ln_odds + (double) n * log(rest);

		if ((double) count > share * (double) n && ln_p < log(NEGLIGIBLE_P))
			break;
		sum += exp(ln_p) * emo_psi_of_cell((double) count, (double) n, share);
		ln_ways += log((double) (n - count)) - log((double) count + 1);
	}
	return sum;
}
