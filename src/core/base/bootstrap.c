/*
 * bootstrap.c
 *	  Intervals of metrics, by drawing rows again.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/metrics.h"
#include "core/base/random.h"
#include "core/base/sort.h"

/* The share outside a 95 % interval, on each side. */
#define TAIL 0.025

/* Between two looks whether to stop. */
#define UNITS_PER_STOP_CHECK 65536

/* Between order statistics linearly (Hyndman & Fan 1996, definition 7). */
static double
quantile(const double *sorted, int n, double at)
{
	double place = at * (n - 1);
	int below = (int) place;
	int above = below + 1 < n ? below + 1 : below;

	return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

int
emo_interval(double *draws, int n_draws, double *low, double *high)
{
	int n = 0;

	for (int i = 0; i < n_draws; i++)
		if (!isnan(draws[i]))
			draws[n++] = draws[i];
	*low = *high = NAN;
	if (n == 0)
		return 0;
	qsort(draws, n, sizeof(double), emo_compare_doubles);
	*low = quantile(draws, n, TAIL);
	*high = quantile(draws, n, 1 - TAIL);
	return n;
}

/* So many rows of a label were taken for another. */
typedef struct Cell
{
	size_t place; /* in a confusion matrix */
	int64_t n_rows;
} Cell;

/* What the rows of a unit add up to, which is drawn again and again. */
typedef struct UnitSum
{
	double loss;
	double bin_confidence[EMO_CALIBRATION_BINS];
	int64_t bin_right[EMO_CALIBRATION_BINS];
	int64_t n_rows;
	const Cell *cells; /* [n_cells] */
	int n_cells;
} UnitSum;

/* Units to be drawn, with their rows, and with their sums where these are fewer. */
typedef struct Units
{
	const EmoJudged *judged;
	const int64_t *rows, *start;
	int64_t n;
	UnitSum *sums; /* [n]; NULL: rows are added one by one */
	Cell *cells;
} Units;

/* Units have so many rows, on average, where sums save time and memory. */
#define MIN_ROWS_OF_SUMS 4

static UnitSum
sum_unit(const Units *units, int64_t unit, EmoTally *tally, Cell *cells)
{
	UnitSum sum = {.cells = cells};

	for (int64_t r = units->start[unit]; r < units->start[unit + 1]; r++)
	{
		int64_t row = units->rows[r];

		cells[sum.n_cells].place =
			(size_t) units->judged->actual[row] * tally->n_labels + units->judged->predicted[row];
		sum.n_cells += tally->confusion[cells[sum.n_cells].place] == 0;
		emo_tally_add(tally, units->judged, row);
	}
	for (int c = 0; c < sum.n_cells; c++)
	{
		cells[c].n_rows = tally->confusion[cells[c].place];
		tally->confusion[cells[c].place] = 0;
	}
	sum.loss = tally->loss;
	sum.n_rows = tally->n_rows;
	memcpy(sum.bin_confidence, tally->bin_confidence, sizeof(sum.bin_confidence));
	memcpy(sum.bin_right, tally->bin_right, sizeof(sum.bin_right));
	emo_tally_clear_sums(tally);
	return sum;
}

static EmoStatus
sum_units(EmoEnv *env, Units *units, EmoTally *tally)
{
	int64_t first = units->start[0], n_rows = units->start[units->n] - first;

	if (n_rows < MIN_ROWS_OF_SUMS * units->n)
		return EMO_OK;
	units->sums = emo_alloc(env, units->n, sizeof(UnitSum));
	units->cells = emo_alloc(env, n_rows, sizeof(Cell));
	if (units->sums == NULL || units->cells == NULL)
		return env->status;
	emo_tally_clear(tally);
	for (int64_t unit = 0; unit < units->n; unit++)
	{
		if (unit % UNITS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		units->sums[unit] =
			sum_unit(units, unit, tally, units->cells + (units->start[unit] - first));
	}
	return EMO_OK;
}

static void
add_unit(const Units *units, int64_t unit, EmoTally *tally)
{
	const UnitSum *sum;

	if (units->sums == NULL)
	{
		for (int64_t r = units->start[unit]; r < units->start[unit + 1]; r++)
			emo_tally_add(tally, units->judged, units->rows[r]);
		return;
	}
	sum = &units->sums[unit];
	for (int c = 0; c < sum->n_cells; c++)
		tally->confusion[sum->cells[c].place] += sum->cells[c].n_rows;
	for (int bin = 0; bin < EMO_CALIBRATION_BINS; bin++)
	{
		tally->bin_confidence[bin] += sum->bin_confidence[bin];
		tally->bin_right[bin] += sum->bin_right[bin];
	}
	tally->loss += sum->loss;
	tally->n_rows += sum->n_rows;
}

EmoStatus
emo_draw_metrics(EmoEnv *env, const EmoJudged *judged, const int64_t *row_of_unit,
				 const int64_t *unit_start, int64_t n_units, int n_resamples, uint64_t seed,
				 double *draws)
{
	Units units = {judged, row_of_unit, unit_start, n_units, NULL, NULL};
	int n_values = emo_metric_count(judged->n_labels);
	double *values = emo_alloc(env, n_values, sizeof(double));
	EmoTally tally;
	EmoRandom random;

	if (values == NULL || emo_tally_new(env, judged->n_labels, &tally) != EMO_OK ||
		sum_units(env, &units, &tally) != EMO_OK)
		return env->status;
	emo_random_seed(&random, seed);
	for (int draw = 0; draw < n_resamples; draw++)
	{
		emo_tally_clear(&tally);
		for (int64_t i = 0; i < n_units; i++)
		{
			if (i % UNITS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
				return env->status;
			add_unit(&units, (int64_t) (emo_random_uniform(&random) * (double) n_units), &tally);
		}
		emo_tally_metrics(&tally, values);
		for (int v = 0; v < n_values; v++)
			draws[(size_t) v * n_resamples + draw] = values[v];
	}
	emo_free(env, units.cells);
	emo_free(env, units.sums);
	emo_free(env, tally.confusion);
	emo_free(env, values);
	return EMO_OK;
}

EmoStatus
emo_bootstrap(EmoEnv *env, const EmoJudged *judged, const int64_t *row_of_unit,
			  const int64_t *unit_start, int64_t n_units, int n_resamples, uint64_t seed,
			  double *low, double *high)
{
	int n_values = emo_metric_count(judged->n_labels);
	double *draws = emo_alloc(env, n_values, n_resamples * sizeof(double));

	if (draws == NULL || emo_draw_metrics(env, judged, row_of_unit, unit_start, n_units,
										  n_resamples, seed, draws) != EMO_OK)
		return env->status;
	for (int v = 0; v < n_values; v++)
		(void) emo_interval(draws + (size_t) v * n_resamples, n_resamples, &low[v], &high[v]);
	emo_free(env, draws);
	return EMO_OK;
}

EmoStatus
emo_estimate_metrics(EmoEnv *env, const EmoJudged *judged, const int64_t *row_of_unit,
					 const int64_t *unit_start, int64_t n_units, EmoEstimates *estimates)
{
	size_t n_values = (size_t) emo_metric_count(judged->n_labels);
	EmoTally tally;

	estimates->value = emo_alloc(env, n_values, sizeof(double));
	estimates->low = emo_alloc(env, n_values, sizeof(double));
	estimates->high = emo_alloc(env, n_values, sizeof(double));
	if (estimates->value == NULL || estimates->low == NULL || estimates->high == NULL ||
		emo_tally_new(env, judged->n_labels, &tally) != EMO_OK)
		return env->status;
	for (int64_t i = unit_start[0]; i < unit_start[n_units]; i++)
		emo_tally_add(&tally, judged, row_of_unit[i]);
	emo_tally_metrics(&tally, estimates->value);
	emo_free(env, tally.confusion);
	return emo_bootstrap(env, judged, row_of_unit, unit_start, n_units, EMO_RESAMPLES,
						 EMO_RESAMPLING_SEED, estimates->low, estimates->high);
}

/* Rows of few labels: code[n_rows] is 2 * label, and 1 more where it was recognised. */
typedef struct RecallRows
{
	int32_t *code;
	int64_t *count; /* [2 * n_labels], of a draw */
	int64_t n_rows;
	int n_labels; /* that there are */
} RecallRows;

/* Labels keep their order. */
static EmoStatus
code_rows(EmoEnv *env, const EmoJudged *judged, const int64_t *row, int64_t n_rows,
		  RecallRows *recalls)
{
	int32_t *place = emo_alloc_zero(env, judged->n_labels, sizeof(int32_t));

	*recalls = (RecallRows){emo_alloc(env, n_rows, sizeof(int32_t)), NULL, n_rows, 0};
	if (place == NULL || recalls->code == NULL)
		return env->status;
	for (int64_t i = 0; i < n_rows; i++)
		place[judged->actual[row[i]]] = 1;
	for (int label = 0; label < judged->n_labels; label++)
		if (place[label] != 0)
			place[label] = recalls->n_labels++;
	for (int64_t i = 0; i < n_rows; i++)
		recalls->code[i] = 2 * place[judged->actual[row[i]]] +
						   (judged->actual[row[i]] == judged->predicted[row[i]]);
	recalls->count = emo_alloc(env, recalls->n_labels, 2 * sizeof(int64_t));
	emo_free(env, place);
	return recalls->count == NULL ? env->status : EMO_OK;
}

/* As emo_confusion_metrics(), to the bit. */
static void
recalls_of_counts(const RecallRows *recalls, double *uar, double *war)
{
	double sum = 0;
	int64_t n_right = 0;
	int n_actual = 0;

	for (int label = 0; label < recalls->n_labels; label++)
	{
		int64_t right = recalls->count[2 * label + 1], actual = right + recalls->count[2 * label];

		if (actual == 0)
			continue;
		n_actual++;
		n_right += right;
		sum += (double) right / (double) actual;
	}
	*uar = n_actual > 0 ? sum / n_actual : NAN;
	*war = recalls->n_rows > 0 ? (double) n_right / (double) recalls->n_rows : NAN;
}

static void
clear_counts(RecallRows *recalls)
{
	memset(recalls->count, 0, 2 * (size_t) recalls->n_labels * sizeof(int64_t));
}

EmoStatus
emo_estimate_recalls(EmoEnv *env, const EmoJudged *judged, const int64_t *row, int64_t n_rows,
					 EmoRecalls *estimates)
{
	double *uar = emo_alloc(env, EMO_RESAMPLES, sizeof(double));
	double *war = emo_alloc(env, EMO_RESAMPLES, sizeof(double));
	RecallRows recalls;
	EmoRandom random;

	if (uar == NULL || war == NULL || code_rows(env, judged, row, n_rows, &recalls) != EMO_OK)
		return env->status;
	clear_counts(&recalls);
	for (int64_t i = 0; i < n_rows; i++)
		recalls.count[recalls.code[i]]++;
	recalls_of_counts(&recalls, &estimates->uar.value, &estimates->war.value);
	emo_random_seed(&random, EMO_RESAMPLING_SEED);
	for (int draw = 0; draw < EMO_RESAMPLES; draw++)
	{
		clear_counts(&recalls);
		for (int64_t i = 0; i < n_rows; i++)
		{
			if (i % UNITS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
				return env->status;
			recalls
				.count[recalls.code[(int64_t) (emo_random_uniform(&random) * (double) n_rows)]]++;
		}
		recalls_of_counts(&recalls, &uar[draw], &war[draw]);
	}
	(void) emo_interval(uar, EMO_RESAMPLES, &estimates->uar.low, &estimates->uar.high);
	(void) emo_interval(war, EMO_RESAMPLES, &estimates->war.low, &estimates->war.high);
	emo_free(env, recalls.count);
	emo_free(env, recalls.code);
	emo_free(env, war);
	emo_free(env, uar);
	return EMO_OK;
}
