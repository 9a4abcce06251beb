/*
 * gini.c
 *	  How unequally speakers are recognised: the Gini coefficient.
 */
#include "core/base/gini.h"

#include <math.h>
#include <string.h>

#include "core/base/random.h"
#include "core/base/sort.h"

/* Between two looks whether to stop. */
#define ROWS_PER_STOP_CHECK 65536

/*
 * Rows that are dealt, in all deals together: some seconds.  With many rows there are fewer deals, which
 * then are nearly alike.
 */
#define DEALT_ROWS 200000000
#define MIN_DEALS  20

/* Values that are defined, sorted; *n becomes how many they are. */
static EmoStatus
sort_defined(EmoEnv *env, double *values, int64_t *n)
{
	int64_t n_defined = 0;

	for (int64_t i = 0; i < *n; i++)
		if (!isnan(values[i]))
			values[n_defined++] = values[i];
	*n = n_defined;
	return emo_sort_items(env, values, (size_t) n_defined, sizeof(double), emo_compare_doubles);
}

/*
 * Of sorted values, each as often as times says (NULL: once).  The differences of all pairs add up to twice
 * the sum of values weighted by how many are below less how many are above.
 */
static double
gini_of_sorted(const double *values, const int32_t *times, int64_t n)
{
	double sum = 0, weighted = 0, n_all = 0, n_before = 0;

	for (int64_t i = 0; i < n; i++)
		n_all += times == NULL ? 1 : times[i];
	for (int64_t i = 0; i < n; i++)
	{
		double n_here = times == NULL ? 1 : times[i];

		sum += n_here * values[i];
		weighted += n_here * values[i] * (2 * n_before + n_here - n_all);
		n_before += n_here;
	}
	if (n_all == 0)
		return NAN;
	/* Whom nothing is recognised of are all the same. */
	return sum > 0 ? weighted / (n_all * sum) : 0;
}

EmoStatus
emo_gini(EmoEnv *env, double *values, int64_t n, double *gini)
{
	if (sort_defined(env, values, &n) != EMO_OK)
		return env->status;
	*gini = gini_of_sorted(values, NULL, n);
	return EMO_OK;
}

/* Rows of units, as they are dealt: by label, and of a label by unit. */
typedef struct Deal
{
	int n_labels;
	int64_t n_units, n_rows;
	const int64_t *row_of_unit, *unit_start;
	const EmoJudged *judged;
	int64_t *n_actual, *n_right;  /* [n_labels] */
	int64_t *n_left, *right_left; /* [n_labels], of a deal */
	int64_t *counts;              /* [2 * n_labels], of a unit: rows, and those recognised */
	double *uar;                  /* [n_units] */
} Deal;

static EmoStatus
prepare(EmoEnv *env, const EmoJudged *judged, const int64_t *row_of_unit, const int64_t *unit_start,
		int64_t n_units, Deal *deal)
{
	size_t n_labels = (size_t) judged->n_labels;

	*deal = (Deal){.n_labels = judged->n_labels,
				   .n_units = n_units,
				   .n_rows = unit_start[n_units] - unit_start[0],
				   .row_of_unit = row_of_unit,
				   .unit_start = unit_start,
				   .judged = judged,
				   .n_actual = emo_alloc_zero(env, n_labels, sizeof(int64_t)),
				   .n_right = emo_alloc_zero(env, n_labels, sizeof(int64_t)),
				   .n_left = emo_alloc(env, n_labels, sizeof(int64_t)),
				   .right_left = emo_alloc(env, n_labels, sizeof(int64_t)),
				   .counts = emo_alloc(env, 2 * n_labels, sizeof(int64_t)),
				   .uar = emo_alloc(env, n_units, sizeof(double))};
	if (deal->n_actual == NULL || deal->n_right == NULL || deal->n_left == NULL ||
		deal->right_left == NULL || deal->counts == NULL || deal->uar == NULL)
		return env->status;
	for (int64_t i = unit_start[0]; i < unit_start[n_units]; i++)
	{
		int64_t row = row_of_unit[i];

		deal->n_actual[judged->actual[row]]++;
		deal->n_right[judged->actual[row]] += judged->actual[row] == judged->predicted[row];
	}
	return EMO_OK;
}

static void
free_deal(EmoEnv *env, Deal *deal)
{
	emo_free(env, deal->uar);
	emo_free(env, deal->counts);
	emo_free(env, deal->right_left);
	emo_free(env, deal->n_left);
	emo_free(env, deal->n_right);
	emo_free(env, deal->n_actual);
}

static double
uar_of_counts(const int64_t *counts, int n_labels)
{
	double sum = 0;
	int n = 0;

	for (int label = 0; label < n_labels; label++)
		if (counts[2 * label] > 0)
		{
			sum += (double) counts[2 * label + 1] / (double) counts[2 * label];
			n++;
		}
	return n > 0 ? sum / n : NAN;
}

/*
 * Whether a row is recognised: as it is, or (random is not NULL) drawn from what is left of its label, so
 * that each choice of rows is as likely as any other.
 */
static bool
is_right(Deal *deal, int64_t row, EmoRandom *random)
{
	int32_t label = deal->judged->actual[row];
	bool right;

	if (random == NULL)
		return deal->judged->predicted[row] == label;
	right = emo_random_uniform(random) * (double) deal->n_left[label] <
			(double) deal->right_left[label];
	deal->n_left[label]--;
	deal->right_left[label] -= right;
	return right;
}

/* UAR of each unit. */
static EmoStatus
deal_uar(EmoEnv *env, Deal *deal, EmoRandom *random)
{
	size_t n_bytes = (size_t) deal->n_labels * sizeof(int64_t);
	int64_t n_rows = 0;

	memcpy(deal->n_left, deal->n_actual, n_bytes);
	memcpy(deal->right_left, deal->n_right, n_bytes);
	for (int64_t unit = 0; unit < deal->n_units; unit++)
	{
		memset(deal->counts, 0, 2 * n_bytes);
		for (int64_t i = deal->unit_start[unit]; i < deal->unit_start[unit + 1]; i++)
		{
			int64_t row = deal->row_of_unit[i];
			int32_t label = deal->judged->actual[row];

			if (n_rows++ % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
				return env->status;
			deal->counts[2 * label]++;
			deal->counts[2 * label + 1] += is_right(deal, row, random);
		}
		deal->uar[unit] = uar_of_counts(deal->counts, deal->n_labels);
	}
	return EMO_OK;
}

static EmoStatus
deal_ginis(EmoEnv *env, Deal *deal, double *ginis, EmoEstimate *by_chance)
{
	int64_t affordable = DEALT_ROWS / (deal->n_rows > 0 ? deal->n_rows : 1);
	int n_deals = affordable > EMO_RESAMPLES ? EMO_RESAMPLES
				  : affordable < MIN_DEALS   ? MIN_DEALS
											 : (int) affordable;
	EmoRandom random;
	double sum = 0;

	emo_random_seed(&random, EMO_RESAMPLING_SEED);
	for (int i = 0; i < n_deals; i++)
	{
		if (deal_uar(env, deal, &random) != EMO_OK ||
			emo_gini(env, deal->uar, deal->n_units, &ginis[i]) != EMO_OK)
			return env->status;
		sum += ginis[i];
	}
	by_chance->value = sum / n_deals;
	(void) emo_interval(ginis, n_deals, &by_chance->low, &by_chance->high);
	return EMO_OK;
}

/* Of sorted values. */
static EmoStatus
draw_ginis(EmoEnv *env, const double *values, int64_t n, double *ginis)
{
	int32_t *times = emo_alloc(env, n, sizeof(int32_t));
	int64_t n_drawn = 0;
	EmoRandom random;

	if (times == NULL)
		return env->status;
	emo_random_seed(&random, EMO_RESAMPLING_SEED);
	for (int draw = 0; draw < EMO_RESAMPLES; draw++)
	{
		memset(times, 0, (size_t) n * sizeof(int32_t));
		for (int64_t i = 0; i < n; i++)
		{
			if (n_drawn++ % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
				return env->status;
			times[(int64_t) (emo_random_uniform(&random) * (double) n)]++;
		}
		ginis[draw] = gini_of_sorted(values, times, n);
	}
	emo_free(env, times);
	return EMO_OK;
}

EmoStatus
emo_estimate_gini(EmoEnv *env, const EmoJudged *judged, const int64_t *row_of_unit,
				  const int64_t *unit_start, int64_t n_units, EmoGini *estimates)
{
	double *ginis = emo_alloc(env, EMO_RESAMPLES, sizeof(double));
	Deal deal;
	int64_t n = n_units;

	if (ginis == NULL || prepare(env, judged, row_of_unit, unit_start, n_units, &deal) != EMO_OK ||
		deal_uar(env, &deal, NULL) != EMO_OK || sort_defined(env, deal.uar, &n) != EMO_OK)
		return env->status;
	estimates->gini.value = gini_of_sorted(deal.uar, NULL, n);
	if (draw_ginis(env, deal.uar, n, ginis) != EMO_OK)
		return env->status;
	(void) emo_interval(ginis, EMO_RESAMPLES, &estimates->gini.low, &estimates->gini.high);
	if (deal_ginis(env, &deal, ginis, &estimates->by_chance) != EMO_OK)
		return env->status;
	free_deal(env, &deal);
	emo_free(env, ginis);
	return EMO_OK;
}
