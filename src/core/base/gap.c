/*
 * gap.c
 *	  How far apart the best and the worst of several groups of rows are.
 */
#include "core/base/gap.h"

#include <math.h>
#include <string.h>

#include "core/base/random.h"

/* Between two looks whether to stop. */
#define ROWS_PER_STOP_CHECK 16384

/* A deal counts as large a gap as there is if rounding alone makes it smaller. */
#define ROUNDING 1e-9

/* Rows by speaker, and those of a speaker by group: a cell has the rows of one speaker in one group. */
typedef struct Cells
{
	const EmoGroupMeasure *measure;
	int n_groups;
	int64_t *row;        /* [n_rows] */
	int64_t *start;      /* [n + 1] in row, of cells */
	int32_t *group;      /* [n] */
	int64_t *unit_start; /* [n_units + 1] in cells, of speakers */
	int64_t n, n_units;
	bool are_crossed; /* each speaker is in several groups */
	double *sums;     /* [n_groups][measure->n_sums], of a draw or a deal */
} Cells;

/* Whether the rows are known to be of several. */
static bool
has_speakers(const EmoGroupedRows *rows)
{
	if (rows->speaker == NULL)
		return false;
	for (int64_t i = 1; i < rows->n; i++)
		if (rows->speaker[rows->row[i]] != rows->speaker[rows->row[0]])
			return true;
	return false;
}

/* Rows from [n] in the order of their keys, of equal keys in the order that they had, to [n]. */
static EmoStatus
sort_by_key(EmoEnv *env, const int32_t *key_of_row, int n_keys, const int64_t *from, int64_t n,
			int64_t *to)
{
	int64_t *next = emo_alloc_zero(env, (size_t) n_keys + 1, sizeof(int64_t));

	if (next == NULL)
		return env->status;
	for (int64_t i = 0; i < n; i++)
		next[key_of_row[from[i]] + 1]++;
	for (int key = 0; key < n_keys; key++)
		next[key + 1] += next[key];
	for (int64_t i = 0; i < n; i++)
		to[next[key_of_row[from[i]]]++] = from[i];
	emo_free(env, next);
	return EMO_OK;
}

static EmoStatus
sort_into_cells(EmoEnv *env, const EmoGroupedRows *rows, Cells *cells)
{
	int64_t *by_group = emo_alloc(env, rows->n, sizeof(int64_t));

	if (by_group == NULL ||
		sort_by_key(env, rows->group, rows->n_groups, rows->row, rows->n, by_group) != EMO_OK ||
		sort_by_key(env, rows->speaker, rows->n_speakers, by_group, rows->n, cells->row) != EMO_OK)
		return env->status;
	for (int64_t i = 0; i < rows->n; i++)
	{
		int64_t row = cells->row[i], before = i > 0 ? cells->row[i - 1] : -1;
		bool is_new_unit = before < 0 || rows->speaker[row] != rows->speaker[before];

		if (is_new_unit)
			cells->unit_start[cells->n_units++] = cells->n;
		if (!is_new_unit && rows->group[row] == rows->group[before])
			continue;
		cells->group[cells->n] = rows->group[row];
		cells->start[cells->n++] = i;
	}
	emo_free(env, by_group);
	return EMO_OK;
}

/* Each row is a cell and a unit. */
static void
take_each_row(const EmoGroupedRows *rows, Cells *cells)
{
	for (int64_t i = 0; i < rows->n; i++)
	{
		cells->row[i] = rows->row[i];
		cells->group[i] = rows->group[rows->row[i]];
		cells->start[i] = cells->unit_start[i] = i;
	}
	cells->n = cells->n_units = rows->n;
}

static EmoStatus
make_cells(EmoEnv *env, const EmoGroupMeasure *measure, const EmoGroupedRows *rows, Cells *cells)
{
	*cells =
		(Cells){.measure = measure,
				.n_groups = rows->n_groups,
				.row = emo_alloc(env, rows->n, sizeof(int64_t)),
				.start = emo_alloc(env, rows->n + 1, sizeof(int64_t)),
				.group = emo_alloc(env, rows->n, sizeof(int32_t)),
				.unit_start = emo_alloc(env, rows->n + 1, sizeof(int64_t)),
				.sums = emo_alloc(env, (size_t) rows->n_groups * measure->n_sums, sizeof(double))};
	if (cells->row == NULL || cells->start == NULL || cells->group == NULL ||
		cells->unit_start == NULL || cells->sums == NULL)
		return env->status;
	if (!has_speakers(rows))
		take_each_row(rows, cells);
	else if (sort_into_cells(env, rows, cells) != EMO_OK)
		return env->status;
	cells->start[cells->n] = rows->n;
	cells->unit_start[cells->n_units] = cells->n;
	cells->are_crossed = cells->n > cells->n_units;
	for (int64_t unit = 0; unit < cells->n_units; unit++)
		if (cells->unit_start[unit + 1] - cells->unit_start[unit] < 2)
			cells->are_crossed = false;
	return EMO_OK;
}

static void
free_cells(EmoEnv *env, Cells *cells)
{
	emo_free(env, cells->sums);
	emo_free(env, cells->unit_start);
	emo_free(env, cells->group);
	emo_free(env, cells->start);
	emo_free(env, cells->row);
}

static void
clear_sums(Cells *cells)
{
	memset(cells->sums, 0, (size_t) cells->n_groups * cells->measure->n_sums * sizeof(double));
}

/* Add the rows of a cell to a group, which need not be its own. */
static void
add_cell(Cells *cells, int64_t cell, int32_t group)
{
	double *sums = cells->sums + (size_t) group * cells->measure->n_sums;

	for (int64_t i = cells->start[cell]; i < cells->start[cell + 1]; i++)
		cells->measure->add(cells->measure, cells->row[i], sums);
}

static double
value_of_group(const Cells *cells, int32_t group)
{
	return cells->measure->value(cells->measure,
								 cells->sums + (size_t) group * cells->measure->n_sums);
}

/* Between the extremes of all groups, of equal ones the first; NaN if fewer than two have a value. */
static double
span_of(const Cells *cells, int *best, int *worst)
{
	double most = NAN, least = NAN;

	*best = *worst = -1;
	for (int32_t g = 0; g < cells->n_groups; g++)
	{
		double value = value_of_group(cells, g);

		if (isnan(value))
			continue;
		if (*best < 0 || value > most)
		{
			most = value;
			*best = g;
		}
		/* Where all are equal, the two are still different ones. */
		if (*worst < 0 || value < least || (value == least && *worst == *best))
		{
			least = value;
			*worst = g;
		}
	}
	if (*best != *worst)
		return most - least;
	*best = *worst = -1;
	return NAN;
}

/* Whether so many more rows are worth a look whether to stop. */
static EmoStatus
check_stop_after(EmoEnv *env, int64_t *n_rows, int64_t n_more)
{
	*n_rows += n_more;
	if (*n_rows < ROWS_PER_STOP_CHECK)
		return EMO_OK;
	*n_rows = 0;
	return emo_check_stop(env);
}

/* The gap between the two groups in draws of units. */
static EmoStatus
draw_gaps(EmoEnv *env, Cells *cells, const EmoGap *gap, double *draws)
{
	int64_t n_rows = 0;
	EmoRandom random;

	emo_random_seed(&random, EMO_RESAMPLING_SEED);
	for (int draw = 0; draw < EMO_RESAMPLES; draw++)
	{
		clear_sums(cells);
		for (int64_t i = 0; i < cells->n_units; i++)
		{
			int64_t unit = (int64_t) (emo_random_uniform(&random) * (double) cells->n_units);
			int64_t first = cells->unit_start[unit], end = cells->unit_start[unit + 1];

			for (int64_t cell = first; cell < end; cell++)
				add_cell(cells, cell, cells->group[cell]);
			if (check_stop_after(env, &n_rows, cells->start[end] - cells->start[first]) != EMO_OK)
				return env->status;
		}
		draws[draw] = value_of_group(cells, gap->best) - value_of_group(cells, gap->worst);
	}
	return EMO_OK;
}

static void
shuffle(EmoRandom *random, int32_t *items, int64_t n)
{
	for (int64_t i = n - 1; i > 0; i--)
	{
		int64_t other = (int64_t) (emo_random_uniform(random) * (double) (i + 1));
		int32_t item = items[i];

		items[i] = items[other];
		items[other] = item;
	}
}

static void
deal(const Cells *cells, EmoRandom *random, int32_t *dealt)
{
	if (!cells->are_crossed)
	{
		shuffle(random, dealt, cells->n);
		return;
	}
	for (int64_t unit = 0; unit < cells->n_units; unit++)
		shuffle(random, dealt + cells->unit_start[unit],
				cells->unit_start[unit + 1] - cells->unit_start[unit]);
}

/* The gap between the best and the worst of groups that were dealt anew. */
static EmoStatus
deal_gaps(EmoEnv *env, Cells *cells, double *gaps)
{
	int32_t *dealt = emo_alloc(env, cells->n, sizeof(int32_t));
	int64_t n_rows = 0;
	EmoRandom random;

	if (dealt == NULL)
		return env->status;
	memcpy(dealt, cells->group, (size_t) cells->n * sizeof(int32_t));
	emo_random_seed(&random, EMO_RESAMPLING_SEED);
	for (int i = 0; i < EMO_RESAMPLES; i++)
	{
		int best, worst;

		deal(cells, &random, dealt);
		clear_sums(cells);
		for (int64_t cell = 0; cell < cells->n; cell++)
		{
			add_cell(cells, cell, dealt[cell]);
			if (check_stop_after(env, &n_rows, cells->start[cell + 1] - cells->start[cell]) !=
				EMO_OK)
				return env->status;
		}
		gaps[i] = span_of(cells, &best, &worst);
	}
	emo_free(env, dealt);
	return EMO_OK;
}

static void
judge_by_chance(double *gaps, EmoGap *gap)
{
	int n_as_large = 0, n = 0;
	double sum = 0;

	for (int i = 0; i < EMO_RESAMPLES; i++)
		if (!isnan(gaps[i]))
		{
			n++;
			sum += gaps[i];
			n_as_large += gaps[i] >= gap->gap.value - ROUNDING;
		}
	gap->p = (1.0 + n_as_large) / (1.0 + n);
	gap->by_chance.value = n > 0 ? sum / n : NAN;
	(void) emo_interval(gaps, EMO_RESAMPLES, &gap->by_chance.low, &gap->by_chance.high);
}

EmoStatus
emo_estimate_gap(EmoEnv *env, const EmoGroupMeasure *measure, const EmoGroupedRows *rows,
				 EmoGap *gap)
{
	double *gaps = emo_alloc(env, EMO_RESAMPLES, sizeof(double));
	Cells cells;

	*gap = (EmoGap){-1, -1, {NAN, NAN, NAN}, {NAN, NAN, NAN}, NAN};
	if (gaps == NULL || make_cells(env, measure, rows, &cells) != EMO_OK)
		return env->status;
	clear_sums(&cells);
	for (int64_t cell = 0; cell < cells.n; cell++)
		add_cell(&cells, cell, cells.group[cell]);
	gap->gap.value = span_of(&cells, &gap->best, &gap->worst);
	if (gap->best >= 0)
	{
		if (draw_gaps(env, &cells, gap, gaps) != EMO_OK)
			return env->status;
		(void) emo_interval(gaps, EMO_RESAMPLES, &gap->gap.low, &gap->gap.high);
		if (deal_gaps(env, &cells, gaps) != EMO_OK)
			return env->status;
		judge_by_chance(gaps, gap);
	}
	free_cells(env, &cells);
	emo_free(env, gaps);
	return EMO_OK;
}
