/*
 * plot_scores.c
 *	  emoser_plot_metrics(), emoser_plot_comparison(), emoser_plot_grid(): scores with their intervals.
 */
#include "pg/base/glue.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/draw/rows.h"
#include "pg/draw/result.h"

/* Combinations of a grid search, the best ones. */
#define MAX_COMBINATIONS 40

/* Columns of emoser_evaluate(), as they are selected below. */
enum
{
	SCOPE = 1,
	NAME,
	METRIC,
	VALUE,
	LOW,
	HIGH
};

/* Scores of names by series, all NaN at first. */
static EmoRows
new_rows(int n_names, int n_series, const char *const *series)
{
	Size n = (Size) n_names * n_series;
	double *numbers = palloc(3 * n * sizeof(double) + 1);

	for (Size i = 0; i < 3 * n; i++)
		numbers[i] = NAN;
	return (EmoRows){.names = palloc0(n_names * sizeof(char *) + 1),
					 .n_series = n_series,
					 .series = series,
					 .values = numbers,
					 .low = numbers + n,
					 .high = numbers + 2 * n,
					 .percent = true,
					 .highlight = -1};
}

static void
set_score(EmoRows *rows, int name, int series, const SPITupleTable *table, uint64 row)
{
	int i = name * rows->n_series + series;

	/* They are this file's own, made by new_rows(). */
	((double *) rows->values)[i] = emoser_row_double(table, row, VALUE);
	((double *) rows->low)[i] = emoser_row_double(table, row, LOW);
	((double *) rows->high)[i] = emoser_row_double(table, row, HIGH);
}

static SPITupleTable *
evaluate(const PlotQuery *query, Datum model, Datum source)
{
	Oid types[] = {TEXTOID, TEXTOID};
	Datum values[] = {model, source};

	return emoser_plot_run(psprintf("SELECT e.scope, e.name, e.metric, e.value, e.low, e.high "
									"FROM %s.emoser_evaluate($1, $2) AS e",
									query->schema),
						   2, types, values, NULL);
}

static int
series_of(const char *metric, const char *const *metrics, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(metric, metrics[i]) == 0)
			return i;
	return -1;
}

/* The scores of one scope of an evaluation, whose names come one after another. */
static EmoRows
rows_of_scope(const SPITupleTable *table, uint64 n_rows, const char *scope,
			  const char *const *metrics, const char *const *series, int n_series)
{
	EmoRows rows = new_rows(EMO_PLOT_MAX_NAMES, n_series, series);

	for (uint64 i = 0; i < n_rows; i++)
	{
		const char *name = emoser_row_text(table, i, NAME);
		int which = series_of(emoser_row_text(table, i, METRIC), metrics, n_series), place = 0;

		if (strcmp(emoser_row_text(table, i, SCOPE), scope) != 0 || which < 0)
			continue;
		while (place < rows.n_names && strcmp(rows.names[place], name) != 0)
			place++;
		if (place == EMO_PLOT_MAX_NAMES)
			continue;
		if (place == rows.n_names)
			((const char **) rows.names)[rows.n_names++] = name;
		set_score(&rows, place, which, table, i);
	}
	return rows;
}

static bool
has_metric(const SPITupleTable *table, uint64 n_rows, const char *metric)
{
	for (uint64 i = 0; i < n_rows; i++)
		if (strcmp(emoser_row_text(table, i, METRIC), metric) == 0)
			return true;
	return false;
}

PG_FUNCTION_INFO_V1(emoser_plot_metrics);
Datum
emoser_plot_metrics(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"model", "source"};
	static const char *const of_emotion[] = {"precision", "recall"};
	static const char *const emotion_series[] = {"precision", "recall"};
	static const char *const of_speaker[] = {"uar", "uar_with_profile"};
	static const char *const speaker_series[] = {"UAR", "UAR with profile"};
	EmoRows panels[2];
	PlotQuery query;
	SPITupleTable *table;
	uint64 n_rows;
	char *title;
	int n_panels = 1;
	EmoStatus status;
	const char *svg;
	size_t length;

	emoser_plot_begin(&query, fcinfo, names, lengthof(names));
	table = evaluate(&query, PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
	n_rows = SPI_processed;
	panels[0] = rows_of_scope(table, n_rows, "emotion", of_emotion, emotion_series, 2);
	panels[0].value_title = "Precision and recall of each emotion (%)";
	panels[1] = rows_of_scope(table, n_rows, "speaker", of_speaker, speaker_series,
							  has_metric(table, n_rows, "uar_with_profile") ? 2 : 1);
	panels[1].value_title = "UAR of each speaker (%)";
	panels[1].first_series = 2;
	n_panels += panels[1].n_names > 0;
	title =
		psprintf("Metrics of model %s", emoser_utf8_text(text_to_cstring(PG_GETARG_TEXT_PP(0))));
	status = emo_plot_rows(&query.env, query.title != NULL ? query.title : title,
						   "Whiskers: 95 % bootstrap intervals. UAR: unweighted average recall",
						   panels, n_panels, query.width, &svg, &length);
	return emoser_plot_end(&query, status, svg, length);
}

/* The models' names; raises for none, for too many and for nulls. */
static int
model_names(ArrayType *array, Datum **models)
{
	bool *nulls;
	int n;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("array \"models\" must have one dimension")));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, models, &nulls, &n);
	if (n == 0 || n > EMO_PLOT_MAX_NAMES)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("array \"models\" must have 1 to %d elements", EMO_PLOT_MAX_NAMES)));
	for (int i = 0; i < n; i++)
		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("array \"models\" must not contain nulls")));
	return n;
}

PG_FUNCTION_INFO_V1(emoser_plot_comparison);
Datum
emoser_plot_comparison(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"models", "source"};
	static const char *const metrics[] = {"uar", "war", "uar_with_profile"};
	static const char *const series[] = {"UAR", "accuracy", "UAR with profile"};
	PlotQuery query;
	Datum *models;
	int n_models, n_series = 2;
	EmoRows rows;
	EmoStatus status;
	const char *svg;
	size_t length;

	emoser_plot_begin(&query, fcinfo, names, lengthof(names));
	n_models = model_names(PG_GETARG_ARRAYTYPE_P(0), &models);
	rows = new_rows(n_models, lengthof(series), series);
	rows.n_names = n_models;
	rows.value_title = "Share recognised (%)";
	rows.zoom = true;
	for (int m = 0; m < n_models; m++)
	{
		SPITupleTable *table = evaluate(&query, models[m], PG_GETARG_DATUM(1));
		uint64 n_rows = SPI_processed;

		((const char **) rows.names)[m] = emoser_utf8_text(TextDatumGetCString(models[m]));
		for (uint64 i = 0; i < n_rows; i++)
		{
			int which = series_of(emoser_row_text(table, i, METRIC), metrics, lengthof(metrics));

			if (which < 0 || strcmp(emoser_row_text(table, i, SCOPE), "overall") != 0)
				continue;
			set_score(&rows, m, which, table, i);
			n_series = Max(n_series, which + 1);
		}
		SPI_freetuptable(table);
	}
	/* Without profiles, the third series is empty and takes no room. */
	if (n_series < rows.n_series)
	{
		EmoRows fewer = new_rows(n_models, n_series, series);

		for (int i = 0; i < n_models * n_series; i++)
		{
			int from = i / n_series * rows.n_series + i % n_series;

			((double *) fewer.values)[i] = rows.values[from];
			((double *) fewer.low)[i] = rows.low[from];
			((double *) fewer.high)[i] = rows.high[from];
		}
		fewer.names = rows.names;
		fewer.n_names = n_models;
		fewer.value_title = rows.value_title;
		fewer.zoom = true;
		rows = fewer;
	}
	status = emo_plot_rows(&query.env, query.title != NULL ? query.title : "Models compared",
						   "Whiskers: 95 % bootstrap intervals. UAR: unweighted average recall",
						   &rows, 1, query.width, &svg, &length);
	return emoser_plot_end(&query, status, svg, length);
}

/* The options that a grid has values for, and the inner scores over the outer folds. */
static const char grid_query[] =
	"SELECT NULL, (SELECT pg_catalog.string_agg(pg_catalog.concat(o.key, ' ', o.value), ', ' "
	"ORDER BY o.key) FROM pg_catalog.jsonb_each_text(r.options) AS o WHERE pg_catalog.jsonb_typeof("
	"pg_catalog.jsonb_object_field(g.grid, o.key)) OPERATOR(pg_catalog.=) 'array'), NULL, "
	"pg_catalog.avg(r.uar), pg_catalog.min(r.uar), pg_catalog.max(r.uar), r.combination, "
	"g.algorithm, pg_catalog.count(*) OVER () "
	"FROM %s.emoser_grid_results AS r "
	"JOIN %s.emoser_grid_runs AS g ON g.run OPERATOR(pg_catalog.=) r.run "
	"WHERE r.run OPERATOR(pg_catalog.=) $1 AND r.uar IS NOT NULL "
	"GROUP BY r.combination, r.options, g.grid, g.algorithm "
	"ORDER BY pg_catalog.avg(r.uar) DESC, r.combination LIMIT %d";

PG_FUNCTION_INFO_V1(emoser_plot_grid);
Datum
emoser_plot_grid(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"run"};
	static const char *const series[] = {"UAR"};
	Oid types[] = {TEXTOID};
	Datum values[1];
	PlotQuery query;
	SPITupleTable *table;
	EmoRows rows;
	char *title;
	EmoStatus status;
	const char *svg;
	size_t length;

	emoser_plot_begin(&query, fcinfo, names, lengthof(names));
	values[0] = PG_GETARG_DATUM(0);
	table = emoser_plot_run(psprintf(grid_query, query.schema, query.schema, MAX_COMBINATIONS), 1,
							types, values, NULL);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("grid search \"%s\" has no results",
														   text_to_cstring(PG_GETARG_TEXT_PP(0)))));
	rows = new_rows((int) SPI_processed, 1, series);
	rows.value_title = "UAR: mean and range over folds (%)";
	rows.zoom = true;
	rows.highlight = 0;
	for (int i = 0; i < (int) SPI_processed; i++)
	{
		const char *options = emoser_row_text(table, i, NAME);

		((const char **) rows.names)[i] =
			options != NULL ? options : emoser_row_text(table, i, HIGH + 1);
		set_score(&rows, i, 0, table, i);
	}
	rows.n_names = (int) SPI_processed;
	title = psprintf("Grid search %s", emoser_utf8_text(text_to_cstring(PG_GETARG_TEXT_PP(0))));
	status = emo_plot_rows(&query.env, query.title != NULL ? query.title : title,
						   psprintf("%s, %d of %s combinations, the best first",
									emoser_row_text(table, 0, HIGH + 2), rows.n_names,
									emoser_row_text(table, 0, HIGH + 3)),
						   &rows, 1, query.width, &svg, &length);
	return emoser_plot_end(&query, status, svg, length);
}
