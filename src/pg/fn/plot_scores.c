/*
 * plot_scores.c
 *	  emoser_plot_metrics(), emoser_plot_comparison(), emoser_plot_grid(): scores with their intervals.
 */
#include "pg/base/glue.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/draw/rows.h"
#include "pg/draw/result.h"
#include "pg/evaluate/model_evaluation.h"

/* Combinations of a grid search, the best ones. */
#define MAX_COMBINATIONS 40

/* Columns of the query for a grid, as they are selected below. */
enum
{
	OPTIONS = 1,
	VALUE,
	LOW,
	HIGH,
	COMBINATION,
	ALGORITHM,
	N_COMBINATIONS
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
					 .n_names = n_names,
					 .n_series = n_series,
					 .series = series,
					 .values = numbers,
					 .low = numbers + n,
					 .high = numbers + 2 * n,
					 .percent = true,
					 .highlight = -1};
}

/* Names and numbers are this file's own, made by new_rows(). */
static void
set_name(EmoRows *rows, int name, const char *text)
{
	((const char **) rows->names)[name] = text;
}

static void
set_numbers(EmoRows *rows, int name, int series, double value, double low, double high)
{
	int i = name * rows->n_series + series;

	((double *) rows->values)[i] = value;
	((double *) rows->low)[i] = low;
	((double *) rows->high)[i] = high;
}

static void
set_score(EmoRows *rows, int name, int series, const EmoEstimates *estimates, int which)
{
	set_numbers(rows, name, series, estimates->value[which], estimates->low[which],
				estimates->high[which]);
}

/* What is predicted, without or with speaker profiles. */
typedef struct Variant
{
	EmoJudged judged;
	EmoEstimates estimates;
} Variant;

/* [2]; returns how many there are. */
static int
judge_variants(ModelEvaluation *evaluation, Variant *variants)
{
	int n = evaluation->profiles != NULL ? 2 : 1;

	for (int v = 0; v < n; v++)
	{
		variants[v].judged = emoser_judge_model(evaluation, emoser_predict_all(evaluation, v == 1));
		variants[v].estimates = emoser_estimate(&evaluation->all, &variants[v].judged);
	}
	return n;
}

static EmoRows
rows_of_emotions(const Evaluation *evaluation, const EmoEstimates *estimates)
{
	static const char *const series[] = {"precision", "recall"};
	EmoRows rows = new_rows(Min(evaluation->n_labels, EMO_PLOT_MAX_NAMES), 2, series);

	rows.value_title = "Precision and recall of each emotion (%)";
	for (int label = 0; label < rows.n_names; label++)
	{
		int first = EMO_N_METRICS + label * EMO_LABEL_METRICS;

		set_name(&rows, label, emoser_utf8_text(evaluation->labels[label]));
		set_score(&rows, label, 0, estimates, first + EMO_LABEL_PRECISION);
		set_score(&rows, label, 1, estimates, first + EMO_LABEL_RECALL);
	}
	return rows;
}

static EmoRows
rows_of_speakers(Evaluation *evaluation, const Variant *variants, int n_variants)
{
	static const char *const series[] = {"UAR", "UAR with profile"};
	EmoRows rows = new_rows(Min(evaluation->n_speakers, EMO_PLOT_MAX_NAMES), n_variants, series);

	rows.value_title = "UAR of each speaker (%)";
	rows.first_series = 2;
	for (int speaker = 0; speaker < rows.n_names; speaker++)
	{
		set_name(&rows, speaker, emoser_utf8_text(evaluation->speakers[speaker]));
		for (int v = 0; v < n_variants; v++)
		{
			EmoEstimates estimates =
				emoser_estimate_speaker(evaluation, &variants[v].judged, speaker);

			set_score(&rows, speaker, v, &estimates, EMO_METRIC_UAR);
		}
	}
	return rows;
}

PG_FUNCTION_INFO_V1(emoser_plot_metrics);
Datum
emoser_plot_metrics(PG_FUNCTION_ARGS)
{
	static const char *const required[] = {"model", "source"};
	SourceNames names = {0};
	ModelEvaluation *evaluation;
	Variant variants[2];
	int n_variants;
	EmoRows panels[2];
	PlotQuery query;
	char *model, *title;
	EmoStatus status;
	const char *svg;
	size_t length;

	emoser_plot_begin(&query, fcinfo, required, lengthof(required));
	model = text_to_cstring(PG_GETARG_TEXT_PP(0));
	evaluation = emoser_evaluate_model(
		fcinfo->flinfo->fn_oid, model,
		emoser_open_source(text_to_cstring(PG_GETARG_TEXT_PP(1)), false), &names);
	n_variants = judge_variants(evaluation, variants);
	panels[0] = rows_of_emotions(&evaluation->all, &variants[0].estimates);
	panels[1] = rows_of_speakers(&evaluation->all, variants, n_variants);
	title = psprintf("Metrics of model %s", emoser_utf8_text(model));
	status = emo_plot_rows(&query.env, query.title != NULL ? query.title : title,
						   "Whiskers: 95 % bootstrap intervals. UAR: unweighted average recall",
						   panels, panels[1].n_names > 0 ? 2 : 1, query.width, &svg, &length);
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

/* Of a model: UAR, accuracy, and UAR with profile. */
#define N_COMPARED 3

typedef struct Compared
{
	double value[N_COMPARED], low[N_COMPARED], high[N_COMPARED];
	int n; /* without profiles, there is no third one */
} Compared;

static void
set_compared(Compared *compared, const EmoEstimates *estimates, int which)
{
	compared->value[compared->n] = estimates->value[which];
	compared->low[compared->n] = estimates->low[which];
	compared->high[compared->n] = estimates->high[which];
	compared->n++;
}

/* In a memory context that goes before the next model comes. */
static Compared
compare_model(Oid function, const char *model, Source *source)
{
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext work = AllocSetContextCreate(outer, "emoser model", ALLOCSET_DEFAULT_SIZES);
	SourceNames names = {0};
	Variant variants[2];
	Compared compared = {.n = 0};
	int n_variants;

	MemoryContextSwitchTo(work);
	n_variants = judge_variants(emoser_evaluate_model(function, model, source, &names), variants);
	set_compared(&compared, &variants[0].estimates, EMO_METRIC_UAR);
	set_compared(&compared, &variants[0].estimates, EMO_METRIC_WAR);
	if (n_variants == 2)
		set_compared(&compared, &variants[1].estimates, EMO_METRIC_UAR);
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
	return compared;
}

PG_FUNCTION_INFO_V1(emoser_plot_comparison);
Datum
emoser_plot_comparison(PG_FUNCTION_ARGS)
{
	static const char *const required[] = {"models", "source"};
	static const char *const series[N_COMPARED] = {"UAR", "accuracy", "UAR with profile"};
	PlotQuery query;
	Datum *models;
	int n_models, n_series = 0;
	Source *source;
	Compared *compared;
	EmoRows rows;
	EmoStatus status;
	const char *svg;
	size_t length;

	emoser_plot_begin(&query, fcinfo, required, lengthof(required));
	n_models = model_names(PG_GETARG_ARRAYTYPE_P(0), &models);
	compared = palloc(n_models * sizeof(Compared));
	source = emoser_open_source(text_to_cstring(PG_GETARG_TEXT_PP(1)), n_models > 1);
	for (int m = 0; m < n_models; m++)
	{
		compared[m] = compare_model(fcinfo->flinfo->fn_oid, TextDatumGetCString(models[m]), source);
		n_series = Max(n_series, compared[m].n);
	}
	rows = new_rows(n_models, n_series, series);
	rows.value_title = "Share recognised (%)";
	rows.zoom = true;
	for (int m = 0; m < n_models; m++)
	{
		set_name(&rows, m, emoser_utf8_text(TextDatumGetCString(models[m])));
		for (int i = 0; i < compared[m].n; i++)
			set_numbers(&rows, m, i, compared[m].value[i], compared[m].low[i], compared[m].high[i]);
	}
	status = emo_plot_rows(&query.env, query.title != NULL ? query.title : "Models compared",
						   "Whiskers: 95 % bootstrap intervals. UAR: unweighted average recall",
						   &rows, 1, query.width, &svg, &length);
	return emoser_plot_end(&query, status, svg, length);
}

/* The options that a grid has values for, and the inner scores over the outer folds. */
static const char grid_query[] =
	"SELECT (SELECT pg_catalog.string_agg(pg_catalog.concat(o.key, ' ', o.value), ', ' "
	"ORDER BY o.key) FROM pg_catalog.jsonb_each_text(r.options) AS o WHERE pg_catalog.jsonb_typeof("
	"pg_catalog.jsonb_object_field(g.grid, o.key)) OPERATOR(pg_catalog.=) 'array'), "
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
		const char *options = emoser_row_text(table, i, OPTIONS);

		set_name(&rows, i, options != NULL ? options : emoser_row_text(table, i, COMBINATION));
		set_numbers(&rows, i, 0, emoser_row_double(table, i, VALUE),
					emoser_row_double(table, i, LOW), emoser_row_double(table, i, HIGH));
	}
	title = psprintf("Grid search %s", emoser_utf8_text(text_to_cstring(PG_GETARG_TEXT_PP(0))));
	status = emo_plot_rows(&query.env, query.title != NULL ? query.title : title,
						   psprintf("%s, %d of %s combinations, the best first",
									emoser_row_text(table, 0, ALGORITHM), rows.n_names,
									emoser_row_text(table, 0, N_COMBINATIONS)),
						   &rows, 1, query.width, &svg, &length);
	return emoser_plot_end(&query, status, svg, length);
}
