/*
 * plot_scores.c
 *	  emoser_plot_metrics(), emoser_plot_comparison(), emoser_plot_grid(): scores with their intervals.
 */
#include "pg/base/glue.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/draw/rows.h"
#include "pg/base/shown.h"
#include "pg/draw/result.h"
#include "pg/draw/scores.h"
#include "pg/evaluate/named_evaluation.h"
#include "pg/model/store.h"

/* Combinations of a grid search, the best ones. */
#define MAX_COMBINATIONS 40

#define WHISKERS         "Whiskers: 95 % bootstrap intervals. UAR: unweighted average recall"

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

PG_FUNCTION_INFO_V1(emoser_plot_metrics);
Datum
emoser_plot_metrics(PG_FUNCTION_ARGS)
{
	ModelEvaluation *evaluation;
	EmoJudged variants[2];
	EmoEstimates estimates;
	EmoRows panels[2];
	Picture picture;

	evaluation = emoser_picture_begin_model(&picture, fcinfo, "Metrics", true);
	variants[0] = evaluation->plain;
	variants[1] = evaluation->with_profile;
	estimates = emoser_estimate(&evaluation->all, &variants[0]);
	panels[0] = emoser_scores_of_emotions(&evaluation->all, &estimates);
	panels[1] =
		emoser_scores_of_speakers(&evaluation->all, variants, evaluation->has_profiles ? 2 : 1);
	return emoser_picture_end(
		&picture,
		emo_plot_rows(
			&picture.env, picture.title,
			psprintf("%s%s", picture.warning != NULL ? psprintf("%s. ", picture.warning) : "",
					 WHISKERS),
			panels, panels[1].n_names > 0 ? 2 : 1, picture.width, &picture.svg, &picture.length));
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
	int n;               /* without profiles, there is no third one */
	const char *warning; /* NULL: none */
} Compared;

static void
set_compared(Compared *compared, const EmoEstimates *estimates, int which)
{
	compared->value[compared->n] = estimates->value[which];
	compared->low[compared->n] = estimates->low[which];
	compared->high[compared->n] = estimates->high[which];
	compared->n++;
}

/* *compared and all that is in it, in the caller's memory. */
static void
set_scores(Compared *compared, const NamedEvaluation *evaluation, MemoryContext outer)
{
	ModelEvaluation *of = evaluation->of;
	EmoEstimates estimates = emoser_estimate(&of->all, &of->plain);
	const char *warning = emoser_trained_on_words(evaluation);

	compared->n = 0;
	compared->warning = warning != NULL ? MemoryContextStrdup(outer, warning) : NULL;
	set_compared(compared, &estimates, EMO_METRIC_UAR);
	set_compared(compared, &estimates, EMO_METRIC_WAR);
	if (of->has_profiles)
	{
		estimates = emoser_estimate(&of->all, &of->with_profile);
		set_compared(compared, &estimates, EMO_METRIC_UAR);
	}
}

/* One after the other, in a memory context that goes before the next model comes. */
static void
compare_marked(Oid function, Datum *models, int n, Source *source, const EvaluationOptions *options,
			   Compared *compared)
{
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext work = AllocSetContextCreate(outer, "emoser model", ALLOCSET_DEFAULT_SIZES);

	for (int m = 0; m < n; m++)
	{
		NamedEvaluation evaluation;

		MemoryContextSwitchTo(work);
		evaluation =
			emoser_evaluate_chosen(function, TextDatumGetCString(models[m]), source, options, true);
		set_scores(&compared[m], &evaluation, outer);
		MemoryContextSwitchTo(outer);
		MemoryContextReset(work);
	}
	MemoryContextDelete(work);
}

/* On recordings that none of them was trained on, which is known of all only when it is of each. */
static void
compare_chosen(Oid function, Datum *models, int n, Source *source, const EvaluationOptions *options,
			   Compared *compared)
{
	NamedEvaluation *evaluations = palloc(n * sizeof(NamedEvaluation));

	for (int m = 0; m < n; m++)
		evaluations[m] =
			emoser_evaluate_named(function, TextDatumGetCString(models[m]), source, options, true);
	emoser_choose_recordings(evaluations, n, options);
	for (int m = 0; m < n; m++)
		set_scores(&compared[m], &evaluations[m], CurrentMemoryContext);
}

/* What is told of models that were trained on recordings which they are compared on. */
static char *
comparison_subtitle(const Compared *compared, Datum *models, int n)
{
	StringInfoData subtitle;

	initStringInfo(&subtitle);
	for (int m = 0; m < n; m++)
		if (compared[m].warning != NULL)
			appendStringInfo(&subtitle, "* %s: %s. ", TextDatumGetCString(models[m]),
							 compared[m].warning);
	appendStringInfoString(&subtitle, WHISKERS);
	return emoser_utf8_text(subtitle.data);
}

PG_FUNCTION_INFO_V1(emoser_plot_comparison);
Datum
emoser_plot_comparison(PG_FUNCTION_ARGS)
{
	static const char *const required[] = {"source", "models"};
	static const char *const series[N_COMPARED] = {"UAR", "accuracy", "UAR with profile"};
	EvaluationOptions options;
	Picture picture;
	Datum *models;
	int n_models, n_series = 0;
	Source *source;
	Compared *compared;
	EmoRows rows;

	options = emoser_picture_begin_evaluation(&picture, fcinfo, required, lengthof(required));
	n_models = model_names(PG_GETARG_ARRAYTYPE_P(1), &models);
	compared = palloc(n_models * sizeof(Compared));
	source = emoser_open_source(text_to_cstring(PG_GETARG_TEXT_PP(0)), n_models > 1);
	if (options.trained_on == TRAINED_ON_MARK)
		compare_marked(fcinfo->flinfo->fn_oid, models, n_models, source, &options, compared);
	else
		compare_chosen(fcinfo->flinfo->fn_oid, models, n_models, source, &options, compared);
	for (int m = 0; m < n_models; m++)
		n_series = Max(n_series, compared[m].n);
	rows = emoser_new_scores(n_models, n_series, series);
	rows.value_title = "Share recognised (%)";
	rows.zoom = true;
	for (int m = 0; m < n_models; m++)
	{
		char *name = emoser_utf8_text(TextDatumGetCString(models[m]));

		emoser_set_score_name(&rows, m,
							  compared[m].warning != NULL ? psprintf("%s *", name) : name);
		for (int i = 0; i < compared[m].n; i++)
			emoser_set_score(&rows, m, i, compared[m].value[i], compared[m].low[i],
							 compared[m].high[i]);
	}
	return emoser_picture_end(
		&picture, emo_plot_rows(&picture.env, emoser_picture_title(&picture, "Models compared"),
								comparison_subtitle(compared, models, n_models), &rows, 1,
								picture.width, &picture.svg, &picture.length));
}

/* The options that a grid has values for, and the inner scores over the outer folds. */
static const char grid_query[] =
	"SELECT (SELECT string_agg(concat(o.key, ' ', o.value), ', ' ORDER BY o.key) "
	"FROM jsonb_each_text(r.options) AS o WHERE jsonb_typeof(g.grid -> o.key) = 'array'), "
	"avg(r.uar), min(r.uar), max(r.uar), r.combination, g.algorithm, count(*) OVER () "
	"FROM @extschema@.emoser_grid_results AS r JOIN @extschema@.emoser_grid_runs AS g USING (run) "
	"WHERE run = $1 AND r.uar IS NOT NULL GROUP BY r.combination, r.options, g.grid, g.algorithm "
	"ORDER BY avg(r.uar) DESC, r.combination LIMIT $2";

PG_FUNCTION_INFO_V1(emoser_plot_grid);
Datum
emoser_plot_grid(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"run"};
	static const char *const series[] = {"UAR"};
	Picture picture;
	EmoRows rows;
	char *title;

	emoser_picture_begin(&picture, fcinfo, names, lengthof(names));
	if (emoser_sql_read(
			&picture.sql, grid_query,
			SQL_VALUES(sql_value(TEXTOID, PG_GETARG_DATUM(0)), sql_int4(MAX_COMBINATIONS))) == 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("grid search \"%s\" has no results",
							   emoser_shown(text_to_cstring(PG_GETARG_TEXT_PP(0))))));
	rows = emoser_new_scores((int) picture.sql.n_rows, 1, series);
	rows.value_title = "UAR: mean and range over folds (%)";
	rows.zoom = true;
	rows.highlight = 0;
	for (int i = 0; i < (int) picture.sql.n_rows; i++)
	{
		const char *options = emoser_picture_text(&picture, i, OPTIONS);

		emoser_set_score_name(
			&rows, i, options != NULL ? options : emoser_picture_text(&picture, i, COMBINATION));
		emoser_set_score(&rows, i, 0, emoser_sql_float8(&picture.sql, i, VALUE),
						 emoser_sql_float8(&picture.sql, i, LOW),
						 emoser_sql_float8(&picture.sql, i, HIGH));
	}
	title = psprintf("Grid search %s", emoser_utf8_text(text_to_cstring(PG_GETARG_TEXT_PP(0))));
	return emoser_picture_end(
		&picture, emo_plot_rows(&picture.env, emoser_picture_title(&picture, title),
								psprintf("%s, %d of %s combinations, the best first",
										 emoser_picture_text(&picture, 0, ALGORITHM), rows.n_names,
										 emoser_picture_text(&picture, 0, N_COMBINATIONS)),
								&rows, 1, picture.width, &picture.svg, &picture.length));
}
