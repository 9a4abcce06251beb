/*
 * gap_measures.c
 *	  What groups of rows are compared by.
 */
#include "core/base/gap.h"

#include <math.h>

/* Sums for UAR: of each label, how many rows, and how many of them were recognised. */
static void
add_judged(const EmoGroupMeasure *measure, int64_t row, double *sums)
{
	const EmoJudged *judged = measure->of;
	int32_t label = judged->actual[row];

	sums[2 * label]++;
	sums[2 * label + 1] += judged->predicted[row] == label;
}

static double
uar_of(const EmoGroupMeasure *measure, const double *sums)
{
	double sum = 0;
	int n = 0;

	for (int label = 0; label < measure->n_sums / 2; label++)
		if (sums[2 * label] > 0)
		{
			sum += sums[2 * label + 1] / sums[2 * label];
			n++;
		}
	return n > 0 ? sum / n : NAN;
}

EmoGroupMeasure
emo_measure_uar(const EmoJudged *judged)
{
	return (EmoGroupMeasure){
		.n_sums = 2 * judged->n_labels, .add = add_judged, .value = uar_of, .of = judged};
}

/* Sums for CCC. */
enum
{
	PAIRS,
	ACTUAL,
	PREDICTED,
	ACTUAL_SQUARE,
	PREDICTED_SQUARE,
	PRODUCT,
	N_PAIR_SUMS
};

static void
add_pair(const EmoGroupMeasure *measure, int64_t row, double *sums)
{
	const EmoPairs *pairs = measure->of;
	double actual = pairs->actual[row] - measure->origin[0];
	double predicted = pairs->predicted[row] - measure->origin[1];

	sums[PAIRS]++;
	sums[ACTUAL] += actual;
	sums[PREDICTED] += predicted;
	sums[ACTUAL_SQUARE] += actual * actual;
	sums[PREDICTED_SQUARE] += predicted * predicted;
	sums[PRODUCT] += actual * predicted;
}

static double
ccc_of(const EmoGroupMeasure *measure, const double *sums)
{
	double n = sums[PAIRS];
	EmoAgreement agreement = {.n = (int64_t) n};
	double values[EMO_N_AGREEMENTS];

	if (n == 0)
		return NAN;
	agreement.actual_mean = sums[ACTUAL] / n + measure->origin[0];
	agreement.predicted_mean = sums[PREDICTED] / n + measure->origin[1];
	agreement.actual_square = fmax(0, sums[ACTUAL_SQUARE] - sums[ACTUAL] * sums[ACTUAL] / n);
	agreement.predicted_square =
		fmax(0, sums[PREDICTED_SQUARE] - sums[PREDICTED] * sums[PREDICTED] / n);
	agreement.product = sums[PRODUCT] - sums[ACTUAL] * sums[PREDICTED] / n;
	emo_agreement_metrics(&agreement, values);
	return values[EMO_AGREEMENT_CCC];
}

EmoGroupMeasure
emo_measure_ccc(const EmoPairs *pairs, int64_t n_rows)
{
	EmoGroupMeasure measure = {
		.n_sums = N_PAIR_SUMS, .add = add_pair, .value = ccc_of, .of = pairs};

	for (int64_t row = 0; row < n_rows; row++)
	{
		measure.origin[0] += pairs->actual[row] / (double) n_rows;
		measure.origin[1] += pairs->predicted[row] / (double) n_rows;
	}
	return measure;
}
