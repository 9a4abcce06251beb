/*
 * counts.c
 *	  How often values of a column occur, also by those of another column, as a picture.
 */
#include "pg/draw/counts.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/draw/rows.h"
#include "pg/base/encoding.h"

/* Values beyond these become one bar. */
#define MAX_COUNTED (EMO_PLOT_MAX_NAMES - 1)

typedef struct Bar
{
	const char *name;
	int number; /* in Counts.names */
	int64 total;
} Bar;

Counts *
emoser_counts_new(bool is_split)
{
	Counts *counts = palloc0(sizeof(Counts));

	counts->is_split = is_split;
	emoser_name_table_init(&counts->names, "values");
	emoser_name_table_init(&counts->series, "values to split by");
	return counts;
}

static int
number_of(NameTable *table, const char *value)
{
	if (value == NULL)
		value = "(null)";
	return emoser_name_number(
		table, pnstrdup(value, pg_mbcliplen(value, strlen(value), EMOSER_MAX_NAME_BYTES)));
}

static void
reserve(Counts *counts, int n)
{
	Size old = (Size) counts->capacity * EMOSER_MAX_SPLIT, size;

	if (n <= counts->capacity)
		return;
	counts->capacity = Max(2 * counts->capacity, 64);
	size = (Size) counts->capacity * EMOSER_MAX_SPLIT;
	counts->counts = counts->counts == NULL
						 ? MemoryContextAllocHuge(counts->names.context, size * sizeof(int64))
						 : repalloc_huge(counts->counts, size * sizeof(int64));
	memset(counts->counts + old, 0, (size - old) * sizeof(int64));
}

bool
emoser_count_row(Counts *counts, const char *name, const char *split)
{
	int row = number_of(&counts->names, name);
	int series = counts->is_split ? number_of(&counts->series, split) : 0;

	reserve(counts, row + 1);
	if (series >= EMOSER_MAX_SPLIT)
		return false;
	counts->counts[(Size) row * EMOSER_MAX_SPLIT + series]++;
	return true;
}

int
emoser_n_split(const Counts *counts)
{
	return list_length(counts->series.names);
}

static int
compare_bars(const void *a, const void *b)
{
	const Bar *x = a, *y = b;

	CHECK_FOR_INTERRUPTS();
	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	return strcmp(x->name, y->name);
}

static Bar *
sort_bars(const Counts *counts)
{
	int n = list_length(counts->names.names);
	Bar *bars = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(Bar));

	for (int i = 0; i < n; i++)
	{
		bars[i] = (Bar){list_nth(counts->names.names, i), i, 0};
		for (int s = 0; s < EMOSER_MAX_SPLIT; s++)
			bars[i].total += counts->counts[(Size) i * EMOSER_MAX_SPLIT + s];
	}
	qsort(bars, n, sizeof(Bar), compare_bars);
	return bars;
}

EmoStatus
emoser_draw_counts(EmoEnv *env, const Counts *counts, const char *title, int width,
				   const char **svg, size_t *length)
{
	const char *names[EMO_PLOT_MAX_NAMES], **series = NULL;
	int n = list_length(counts->names.names);
	int n_series = counts->is_split ? emoser_n_split(counts) : 1;
	double *values = palloc0(EMO_PLOT_MAX_NAMES * n_series * sizeof(double));
	int32 *place = NULL;
	Bar *bars = sort_bars(counts);
	EmoRows panel = {.names = names,
					 .n_names = Min(n, EMO_PLOT_MAX_NAMES),
					 .n_series = n_series,
					 .values = values,
					 .from_zero = true,
					 .highlight = -1,
					 .names_are_emotions = counts->names_are_emotions,
					 .series_are_emotions = counts->series_are_emotions,
					 .value_title = "Utterances"};

	if (counts->is_split)
		series = emoser_sort_names(&counts->series, &place);
	for (int i = 0; i < n; i++)
	{
		int row = Min(i, MAX_COUNTED);

		names[row] = i < MAX_COUNTED ? emoser_utf8_text(bars[i].name) : "(others)";
		for (int s = 0; s < n_series; s++)
			values[row * n_series + (place != NULL ? place[s] : s)] +=
				(double) counts->counts[(Size) bars[i].number * EMOSER_MAX_SPLIT + s];
	}
	for (int s = 0; series != NULL && s < n_series; s++)
		series[s] = emoser_utf8_text(series[s]);
	panel.series = series;
	return emo_plot_rows(env, title, NULL, &panel, 1, width, svg, length);
}
