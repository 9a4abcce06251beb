/*
 * evaluate.c
 *	  emoser_evaluate(source, model): how a stored model does on recordings.
 */
#include "pg/evaluate/model_evaluation.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "pg/base/sql.h"
#include "pg/model/store.h"

static const char *const metric_names[] = {"uar", "war", "macro_f1", "log_loss", "ece"};
static const char *const label_metric_names[] = {"precision", "recall", "f1"};

/* Rows of the result that have something in common. */
typedef struct Scope
{
	RowWriter *rows;
	const char *scope, *name, *suffix;
	int64 n;
} Scope;

static void
put_metric(const Scope *scope, const char *metric, EmoEstimate estimate)
{
	double numbers[3] = {estimate.value, estimate.low, estimate.high};
	Datum values[7];
	bool nulls[7] = {false};

	values[0] = CStringGetTextDatum(scope->scope);
	nulls[1] = scope->name == NULL;
	values[1] = nulls[1] ? (Datum) 0 : CStringGetTextDatum(scope->name);
	values[2] = CStringGetTextDatum(psprintf("%s%s", metric, scope->suffix));
	for (int i = 0; i < 3; i++)
	{
		values[3 + i] = Float8GetDatum(numbers[i]);
		nulls[3 + i] = isnan(numbers[i]);
	}
	values[6] = Int64GetDatum(scope->n);
	emoser_put_row(scope->rows, values, nulls);
}

static EmoEstimate
estimate_of(const EmoEstimates *estimates, int which)
{
	return (EmoEstimate){estimates->value[which], estimates->low[which], estimates->high[which]};
}

static void
put_label(Scope scope, const Evaluation *evaluation, const EmoEstimates *estimates, int label)
{
	scope.scope = "emotion";
	scope.name = evaluation->labels[label];
	scope.n = emoser_count_of_label(evaluation, label);
	for (int m = 0; m < EMO_LABEL_METRICS; m++)
		put_metric(&scope, label_metric_names[m],
				   estimate_of(estimates, EMO_N_METRICS + label * EMO_LABEL_METRICS + m));
	if (scope.suffix[0] == '\0')
		put_metric(&scope, "support", (EmoEstimate){(double) scope.n, NAN, NAN});
}

static void
put_speaker(Scope scope, Evaluation *evaluation, const EmoJudged *judged, int speaker)
{
	EmoRecalls recalls = emoser_estimate_speaker(evaluation, judged, speaker);

	scope.scope = "speaker";
	scope.name = evaluation->speakers[speaker];
	scope.n = emoser_count_of_speaker(evaluation, speaker);
	put_metric(&scope, metric_names[EMO_METRIC_UAR], recalls.uar);
	put_metric(&scope, metric_names[EMO_METRIC_WAR], recalls.war);
}

static void
put_speakers(Scope scope, Evaluation *evaluation, const EmoJudged *judged)
{
	MemoryContext work =
		AllocSetContextCreate(CurrentMemoryContext, "emoser speaker", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(work);

	for (int speaker = 0; speaker < evaluation->n_speakers; speaker++)
	{
		CHECK_FOR_INTERRUPTS();
		put_speaker(scope, evaluation, judged, speaker);
		MemoryContextReset(work);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

static void
put_metrics(RowWriter *rows, ModelEvaluation *of_model, bool with_profile)
{
	Evaluation *evaluation = &of_model->all;
	const EmoJudged *judged = with_profile ? &of_model->with_profile : &of_model->plain;
	EmoEstimates estimates = emoser_estimate(evaluation, judged);
	Scope scope = {rows, "overall", NULL, with_profile ? "_with_profile" : "", judged->n_rows};

	for (int m = 0; m < EMO_N_METRICS; m++)
		put_metric(&scope, metric_names[m], estimate_of(&estimates, m));
	for (int label = 0; label < evaluation->n_labels; label++)
		put_label(scope, evaluation, &estimates, label);
	put_speakers(scope, evaluation, judged);
}

PG_FUNCTION_INFO_V1(emoser_evaluate);
Datum
emoser_evaluate(PG_FUNCTION_ARGS)
{
	static const char *const argument_names[] = {"source", "model", "options"};
	char *source_text, *model;
	SourceOptions source_options;
	Source *source;
	ModelEvaluation *evaluation;
	RowWriter rows;
	Sql sql;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	emoser_begin_rows(fcinfo, &rows);
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	source_options = emoser_read_source_options(PG_GETARG_JSONB_P(2));
	source_text = text_to_cstring(PG_GETARG_TEXT_PP(0));
	model = text_to_cstring(PG_GETARG_TEXT_PP(1));
	emoser_check_argument_order(source_text, model);
	source = emoser_open_source(source_text, false);
	evaluation = emoser_evaluate_model(sql.function, model, source, &source_options, true);
	put_metrics(&rows, evaluation, false);
	if (evaluation->has_profiles)
		put_metrics(&rows, evaluation, true);
	emoser_sql_end(&sql);
	return (Datum) 0;
}
