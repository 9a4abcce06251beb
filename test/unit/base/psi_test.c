/*
 * psi_test.c
 *	  The population stability index of known cells, and what it is by chance.
 */
#include "unit.h"

#include "core/base/psi.h"
#include "core/base/random.h"

/* A published example: shares 20 % each expected, 10, 20, 25, 25 and 20 % found. */
static void
test_known_cells(EmoEnv *env)
{
	static const double found[5] = {0.10, 0.20, 0.25, 0.25, 0.20};
	const double n = 1e9;
	double psi = 0, naive = 0;

	(void) env;
	for (int i = 0; i < 5; i++)
	{
		psi += emo_psi_of_cell(found[i] * n, n, 0.2);
		naive += (found[i] - 0.2) * log(found[i] / 0.2);
	}
	CHECK_NEAR(psi, naive, 1e-7);
	CHECK_NEAR(psi, 0.0916291, 1e-6);
	CHECK_NEAR(emo_psi_of_cell(200, 1000, 0.2), 0, 1e-15);
	/* Empty and full cells. */
	CHECK_NEAR(emo_psi_of_cell(0, 9, 0.5), (0.05 - 0.5) * log(0.1), 1e-12);
	CHECK(isfinite(emo_psi_of_cell(0, 1e12, 1e-9)) && isfinite(emo_psi_of_cell(5, 5, 1)));
}

/* By drawing, with the standard error of that. */
static double
drawn(EmoRandom *random, int n, double share, int n_draws, double *error)
{
	double sum = 0, squares = 0, mean;

	for (int draw = 0; draw < n_draws; draw++)
	{
		int count = 0;

		for (int i = 0; i < n; i++)
			count += emo_random_uniform(random) < share;
		mean = emo_psi_of_cell(count, n, share);
		sum += mean;
		squares += mean * mean;
	}
	mean = sum / n_draws;
	*error = sqrt((squares / n_draws - mean * mean) / n_draws);
	return mean;
}

static void
test_chance(EmoEnv *env)
{
	static const int rows[] = {1, 5, 20, 100, 250, 260, 600, 3000};
	static const double shares[] = {0.01, 0.2, 0.5, 0.9};
	EmoRandom random;

	(void) env;
	emo_random_seed(&random, 11);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t s = 0; s < sizeof(shares) / sizeof(shares[0]); s++)
		{
			double chance = emo_psi_by_chance(rows[i], shares[s]);
			double error, naive = drawn(&random, rows[i], shares[s], 4000, &error);

			CHECK_NEAR(chance, naive, 4 * error + 0.02 * naive);
		}
	/* The asymptotic mean, (1 - e) / n for each cell. */
	CHECK_NEAR(emo_psi_by_chance(250, 0.2), 0.8 / 250, 0.02 * 0.8 / 250);
	CHECK_NEAR(emo_psi_by_chance(251, 0.2), 0.8 / 251, 0.02 * 0.8 / 251);
	CHECK_NEAR(emo_psi_by_chance(1000000, 0.2), 0.8 / 1e6, 1e-12);
	CHECK(emo_psi_by_chance(0, 0.5) == 0 && emo_psi_by_chance(10, 1) == 0);
}

int
main(void)
{
	RUN(test_known_cells);
	RUN(test_chance);
	return unit_finish();
}
