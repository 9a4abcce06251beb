/*
 * plot_dataset.c
 *	  emoser_plot_durations(), emoser_plot_counts(): pictures of a table or query.
 */
#include "pg/base/glue.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/draw/colors.h"
#include "core/draw/histogram.h"
#include "core/draw/rows.h"
#include "pg/base/name_table.h"
#include "pg/draw/result.h"
#include "pg/source/source.h"

/* Values to split by: as many as there are colours. */
#define MAX_SPLIT EMO_N_SERIES_COLORS

/* Rows of a count beyond these become one. */
#define MAX_COUNTED (EMO_PLOT_MAX_NAMES - 1)

static char *
source_argument(FunctionCallInfo fcinfo)
{
	return emoser_source_item(text_to_cstring(PG_GETARG_TEXT_PP(0)));
}

static void
raise_empty(const char *what)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("the source has no %s", what)));
}

PG_FUNCTION_INFO_V1(emoser_plot_durations);
Datum
emoser_plot_durations(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"source"};
	PlotQuery query;
	SPITupleTable *rows;
	ArrayType *array;
	char *item;
	Datum value;
	bool is_null;
	const char *svg;
	size_t length;
	EmoStatus status;

	emoser_plot_begin(&query, fcinfo, names, lengthof(names));
	item = source_argument(fcinfo);
	emoser_plot_require_column(item, "audio", BYTEAOID);
	rows = emoser_plot_run(psprintf("SELECT pg_catalog.array_agg(d) FROM (SELECT "
									"(%s.emoser_audio_info(source.audio)).duration_s FROM %s) AS q "
									"(d) WHERE d IS NOT NULL",
									query.schema, item),
						   0, NULL, NULL, NULL);
	value = SPI_getbinval(rows->vals[0], rows->tupdesc, 1, &is_null);
	if (is_null)
		raise_empty("recordings");
	array = DatumGetArrayTypeP(value);
	status = emo_plot_histogram(
		&query.env, query.title != NULL ? query.title : "Durations of recordings",
		(const double *) ARR_DATA_PTR(array), ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)),
		"recordings", "Recordings", "Duration (s)", "s", query.width, &svg, &length);
	return emoser_plot_end(&query, status, svg, length);
}

/* Counts of a column's values, by another's. */
typedef struct Counts
{
	const char *names[EMO_PLOT_MAX_NAMES];
	int n_names;
	const char **series;
	int n_series;
	double *values; /* [n_names][n_series] */
} Counts;

/* Rows come by name; all but the first MAX_COUNTED names are the last. */
static int
name_row(Counts *counts, const char *name)
{
	static const char others[] = "(others)";

	name = name != NULL ? name : "(null)";
	if (counts->n_names > 0 && strcmp(counts->names[counts->n_names - 1], name) == 0)
		return counts->n_names - 1;
	if (counts->n_names > MAX_COUNTED)
		return MAX_COUNTED;
	counts->names[counts->n_names] = counts->n_names == MAX_COUNTED ? others : name;
	return counts->n_names++;
}

/* The places of the series, in the order of their names. */
static int32 *
number_series(const SPITupleTable *rows, uint64 n_rows, Counts *counts)
{
	int32 *series = palloc(n_rows * sizeof(int32)), *place;
	NameTable table;

	emoser_name_table_init(&table, "values");
	for (uint64 i = 0; i < n_rows; i++)
	{
		char *name = emoser_row_text(rows, i, 2);

		CHECK_FOR_INTERRUPTS();
		/* Longer names are not told apart. */
		if (name != NULL && strlen(name) > EMOSER_MAX_NAME_BYTES)
			name[EMOSER_MAX_NAME_BYTES] = '\0';
		series[i] = emoser_name_number(&table, name != NULL ? name : "(null)");
	}
	counts->n_series = list_length(table.names);
	counts->series = emoser_sort_names(&table, &place);
	for (uint64 i = 0; i < n_rows; i++)
		series[i] = place[series[i]];
	return series;
}

static Counts *
read_counts(const SPITupleTable *rows, uint64 n_rows, bool is_split)
{
	Counts *counts = palloc0(sizeof(Counts));
	int32 *series = NULL;

	counts->n_series = 1;
	if (is_split)
		series = number_series(rows, n_rows, counts);
	if (counts->n_series > MAX_SPLIT)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("the column to split by has more than %d values", MAX_SPLIT),
						errhint("Count by that column, and split by another.")));
	counts->values = palloc0(sizeof(double) * EMO_PLOT_MAX_NAMES * counts->n_series);
	for (uint64 i = 0; i < n_rows; i++)
	{
		int row = name_row(counts, emoser_row_text(rows, i, 1));

		CHECK_FOR_INTERRUPTS();
		counts->values[row * counts->n_series + (is_split ? series[i] : 0)] +=
			emoser_row_double(rows, i, 3);
	}
	return counts;
}

PG_FUNCTION_INFO_V1(emoser_plot_counts);
Datum
emoser_plot_counts(PG_FUNCTION_ARGS)
{
	static const char *const required[] = {"source", "by"};
	bool is_split = !PG_ARGISNULL(2);
	char *item, *by, *split = NULL, *title;
	PlotQuery query;
	SPITupleTable *rows;
	uint64 n_rows;
	Counts *counts;
	EmoRows panel = {.from_zero = true, .highlight = -1, .value_title = "Utterances"};
	const char *svg;
	size_t length;
	EmoStatus status;

	emoser_plot_begin(&query, fcinfo, required, lengthof(required));
	by = text_to_cstring(PG_GETARG_TEXT_PP(1));
	if (is_split)
		split = text_to_cstring(PG_GETARG_TEXT_PP(2));
	item = source_argument(fcinfo);
	emoser_plot_require_column(item, by, InvalidOid);
	if (is_split)
		emoser_plot_require_column(item, split, InvalidOid);
	rows = emoser_plot_run(
		psprintf("SELECT b, s, n::pg_catalog.float8 FROM (SELECT b, s, pg_catalog.count(*) AS n, "
				 "pg_catalog.sum(pg_catalog.count(*)) OVER (PARTITION BY b) AS total "
				 "FROM (SELECT source.%s::pg_catalog.text COLLATE pg_catalog.\"C\", "
				 "%s%s::pg_catalog.text COLLATE pg_catalog.\"C\" FROM %s) AS q (b, s) "
				 "GROUP BY b, s) AS t ORDER BY total DESC, b, s",
				 quote_identifier(by), is_split ? "source." : "",
				 is_split ? quote_identifier(split) : "''", item),
		0, NULL, NULL, NULL);
	n_rows = SPI_processed;
	if (n_rows == 0)
		raise_empty("rows");
	counts = read_counts(rows, n_rows, is_split);
	panel.names = counts->names;
	panel.n_names = counts->n_names;
	panel.series = counts->series;
	panel.n_series = counts->n_series;
	panel.values = counts->values;
	by = emoser_utf8_text(by);
	title = is_split ? psprintf("Utterances by %s and %s", by, emoser_utf8_text(split))
					 : psprintf("Utterances by %s", by);
	status = emo_plot_rows(&query.env, query.title != NULL ? query.title : title, NULL, &panel, 1,
						   query.width, &svg, &length);
	return emoser_plot_end(&query, status, svg, length);
}
