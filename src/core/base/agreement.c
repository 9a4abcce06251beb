/*
 * agreement.c
 *	  How well predicted numbers agree with actual ones, with bootstrap intervals.
 */
#include "core/base/agreement.h"

#include <math.h>

#include "core/base/metrics.h"
#include "core/base/random.h"

/* Between two looks whether to stop. */
#define UNITS_PER_STOP_CHECK 65536

void
emo_agreement_add(EmoAgreement *agreement, double actual, double predicted)
{
	EmoAgreement pair = {.n = 1,
						 .actual_mean = actual,
						 .predicted_mean = predicted,
						 .error = fabs(predicted - actual),
						 .square_error = (predicted - actual) * (predicted - actual)};

	emo_agreement_merge(agreement, &pair);
}

/* Moments about the common means (Chan, Golub & LeVeque 1979). */
void
emo_agreement_merge(EmoAgreement *agreement, const EmoAgreement *other)
{
	double n = (double) agreement->n, m = (double) other->n;
	double actual = other->actual_mean - agreement->actual_mean;
	double predicted = other->predicted_mean - agreement->predicted_mean;
	double share, between;

	if (other->n == 0)
		return;
	share = m / (n + m);
	between = n * share;
	agreement->actual_square += other->actual_square + between * actual * actual;
	agreement->predicted_square += other->predicted_square + between * predicted * predicted;
	agreement->product += other->product + between * actual * predicted;
	agreement->actual_mean += share * actual;
	agreement->predicted_mean += share * predicted;
	agreement->error += other->error;
	agreement->square_error += other->square_error;
	agreement->n_covered += other->n_covered;
	agreement->n += other->n;
}

void
emo_agreement_metrics(const EmoAgreement *agreement, double *values)
{
	double n = (double) agreement->n;
	double distance = agreement->actual_mean - agreement->predicted_mean;
	double whole = agreement->actual_square + agreement->predicted_square + n * distance * distance;
	double root = sqrt(agreement->actual_square) * sqrt(agreement->predicted_square);
	bool is_there = agreement->n > 0;

	values[EMO_AGREEMENT_CCC] = is_there && whole > 0 ? 2 * agreement->product / whole : NAN;
	/* Rounding may lead beyond. */
	values[EMO_AGREEMENT_PEARSON] =
		is_there && root > 0 ? fmax(-1, fmin(1, agreement->product / root)) : NAN;
	values[EMO_AGREEMENT_MAE] = is_there ? agreement->error / n : NAN;
	values[EMO_AGREEMENT_RMSE] = is_there ? sqrt(agreement->square_error / n) : NAN;
}

static void
add_row(EmoAgreement *agreement, const EmoPairs *pairs, int64_t row)
{
	double actual = pairs->actual[row];

	emo_agreement_add(agreement, actual, pairs->predicted[row]);
	agreement->n_covered +=
		pairs->low != NULL && actual >= pairs->low[row] && actual <= pairs->high[row];
}

static bool
has_intervals(const EmoPairs *pairs, const int64_t *row_of_unit, const int64_t *unit_start,
			  int64_t n_units)
{
	for (int64_t i = unit_start[0]; pairs->low != NULL && i < unit_start[n_units]; i++)
		if (isnan(pairs->low[row_of_unit[i]]) || isnan(pairs->high[row_of_unit[i]]))
			return false;
	return pairs->low != NULL;
}

/* What each unit adds up to. */
static EmoStatus
sum_units(EmoEnv *env, const EmoPairs *pairs, const int64_t *row_of_unit, const int64_t *unit_start,
		  int64_t n_units, EmoAgreement *sums)
{
	for (int64_t unit = 0; unit < n_units; unit++)
	{
		if (unit % UNITS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int64_t i = unit_start[unit]; i < unit_start[unit + 1]; i++)
			add_row(&sums[unit], pairs, row_of_unit[i]);
	}
	return EMO_OK;
}

/* draws[EMO_N_AGREEMENTS][EMO_RESAMPLES] of units. */
static EmoStatus
draw_units(EmoEnv *env, const EmoAgreement *sums, int64_t n_units, double *draws)
{
	EmoRandom random;

	emo_random_seed(&random, EMO_RESAMPLING_SEED);
	for (int draw = 0; draw < EMO_RESAMPLES; draw++)
	{
		EmoAgreement agreement = {0};
		double values[EMO_N_AGREEMENTS];

		for (int64_t i = 0; i < n_units; i++)
		{
			if (i % UNITS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
				return env->status;
			emo_agreement_merge(&agreement,
								&sums[(int64_t) (emo_random_uniform(&random) * (double) n_units)]);
		}
		emo_agreement_metrics(&agreement, values);
		for (int m = 0; m < EMO_N_AGREEMENTS; m++)
			draws[(size_t) m * EMO_RESAMPLES + draw] = values[m];
	}
	return EMO_OK;
}

EmoStatus
emo_estimate_agreement(EmoEnv *env, const EmoPairs *pairs, const int64_t *row_of_unit,
					   const int64_t *unit_start, int64_t n_units, EmoAgreementEstimates *estimates)
{
	EmoAgreement *sums = emo_alloc_zero(env, n_units, sizeof(EmoAgreement));
	double *draws = emo_alloc(env, EMO_N_AGREEMENTS, EMO_RESAMPLES * sizeof(double));
	EmoAgreement all = {0};

	if (sums == NULL || draws == NULL ||
		sum_units(env, pairs, row_of_unit, unit_start, n_units, sums) != EMO_OK ||
		draw_units(env, sums, n_units, draws) != EMO_OK)
		return env->status;
	for (int64_t unit = 0; unit < n_units; unit++)
		emo_agreement_merge(&all, &sums[unit]);
	emo_agreement_metrics(&all, estimates->value);
	estimates->n = all.n;
	estimates->coverage = all.n > 0 && has_intervals(pairs, row_of_unit, unit_start, n_units)
							  ? (double) all.n_covered / (double) all.n
							  : NAN;
	for (int m = 0; m < EMO_N_AGREEMENTS; m++)
		(void) emo_interval(draws + (size_t) m * EMO_RESAMPLES, EMO_RESAMPLES, &estimates->low[m],
							&estimates->high[m]);
	emo_free(env, draws);
	emo_free(env, sums);
	return EMO_OK;
}
