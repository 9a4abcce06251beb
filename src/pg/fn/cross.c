/*
 * cross.c
 *	  emoser_cross_validate(), emoser_cross_evaluate() and emoser_cross_predictions().
 */
#include "pg/evaluate/cross_call.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/base/sql.h"
#include "pg/evaluate/metric_rows.h"
#include "pg/model/probabilities.h"
#include "pg/source/reader.h"
#include "pg/training/summed.h"
#include "pg/training/summed_predictions.h"

/* Metrics of a fold that are columns, in their order. */
static const EmoMetric fold_columns[] = {EMO_METRIC_UAR, EMO_METRIC_WAR, EMO_METRIC_MACRO_F1,
										 EMO_METRIC_LOG_LOSS};

/* Whether it may be done without rows in memory. */
static bool
may_be_summed(const CrossCall *call)
{
	ProtocolKind kind = call->protocol.kind;

	return call->algorithm == &emoser_algorithm_lda &&
		   (kind == PROTOCOL_SPEAKERS || kind == PROTOCOL_AUTO);
}

/* So many speakers at least are held out in folds. */
static int
more_speakers_than(const CrossCall *call)
{
	return call->protocol.kind == PROTOCOL_AUTO ? MAX_SPEAKERS_ONE_BY_ONE : 1;
}

/* Without rows in memory; NULL where that is not possible. */
static FoldsJudged *
judge_summed(Oid function, const CrossCall *call)
{
	TrainingSetOptions set_options = call->algorithm->set_options(call->options);
	FoldsJudged *judged;

	emoser_choose_group(&call->protocol, &set_options.source);
	if (!may_be_summed(call))
		return NULL;
	judged = emoser_judge_summed(function, call->source, call->options, &set_options,
								 call->protocol.k, more_speakers_than(call));
	if (judged != NULL && !call->protocol.quiet)
		emoser_report_skipped_rows(judged->n_skipped);
	return judged;
}

#define N_METRICS ((int) lengthof(fold_columns))

/* A row of the result: metrics[EMO_N_METRICS] without profile, and with it (NULL: none). */
static void
put_fold(RowWriter *rows, int fold, const char *held_out, int64 n, const double *plain,
		 const double *with_profile)
{
	const double *variants[2] = {plain, with_profile};
	Datum values[3 + 2 * lengthof(fold_columns)];
	bool nulls[3 + 2 * lengthof(fold_columns)] = {false};

	values[0] = Int32GetDatum(fold + 1);
	values[1] = CStringGetTextDatum(held_out);
	values[2] = Int64GetDatum(n);
	for (int variant = 0; variant < 2; variant++)
		for (int m = 0; m < N_METRICS; m++)
		{
			int column = 3 + variant * N_METRICS + m;
			double value = variants[variant] != NULL ? variants[variant][fold_columns[m]] : NAN;

			values[column] = Float8GetDatum(value);
			nulls[column] = isnan(value);
		}
	emoser_put_row(rows, values, nulls);
}

static void
put_run(RowWriter *rows, const CrossRun *run)
{
	const EmoFolds *folds = &run->folds.of_utterances;
	EmoJudged plain = emoser_judge(run->set, folds, &run->scores.plain), with_profile;

	if (run->scores.has_profiles)
		with_profile = emoser_judge(run->set, folds, &run->scores.with_profile);
	for (int fold = 0; fold < folds->n_folds; fold++)
	{
		double metrics[2][EMO_N_METRICS];
		int64 n;

		CHECK_FOR_INTERRUPTS();
		n = emoser_fold_metrics(&plain, folds, fold, metrics[0]);
		if (run->scores.has_profiles)
			(void) emoser_fold_metrics(&with_profile, folds, fold, metrics[1]);
		put_fold(rows, fold, run->folds.names[fold], n, metrics[0],
				 run->scores.has_profiles ? metrics[1] : NULL);
	}
}

static void
put_judged(RowWriter *rows, const FoldsJudged *judged, int k)
{
	for (int fold = 0; fold < judged->n; fold++)
	{
		const FoldJudged *of_fold = &judged->fold[fold];
		double metrics[2][EMO_N_METRICS];

		for (int h = 0; h < 2; h++)
		{
			bool is_there = of_fold->n > 0;

			metrics[h][EMO_METRIC_UAR] = is_there ? of_fold->head[h].uar : NAN;
			metrics[h][EMO_METRIC_WAR] = is_there ? of_fold->head[h].war : NAN;
			metrics[h][EMO_METRIC_MACRO_F1] = is_there ? of_fold->head[h].macro_f1 : NAN;
			metrics[h][EMO_METRIC_LOG_LOSS] = is_there ? of_fold->head[h].log_loss : NAN;
		}
		put_fold(rows, fold, emoser_speaker_fold_name("speaker", fold, k), of_fold->n, metrics[0],
				 judged->has_profiles ? metrics[1] : NULL);
	}
}

PG_FUNCTION_INFO_V1(emoser_cross_validate);
Datum
emoser_cross_validate(PG_FUNCTION_ARGS)
{
	RowWriter rows;
	Sql sql;
	CrossCall call;
	FoldsJudged *judged;

	emoser_begin_rows(fcinfo, &rows);
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	call = emoser_read_cross_call(fcinfo, false);
	emoser_check_learns_emotions(call.algorithm, call.options);
	judged = judge_summed(sql.function, &call);
	if (judged != NULL)
		put_judged(&rows, judged, call.protocol.k);
	else
	{
		CrossRun run = emoser_run_cross_call(&call);

		put_run(&rows, &run);
	}
	emoser_sql_end(&sql);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(emoser_cross_evaluate);
Datum
emoser_cross_evaluate(PG_FUNCTION_ARGS)
{
	CrossEvaluation *evaluation;
	RowWriter rows;
	CrossCall call;
	CrossRun run;
	Sql sql;

	emoser_begin_rows(fcinfo, &rows);
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	call = emoser_read_cross_call(fcinfo, true);
	run = emoser_run_cross_call(&call);
	evaluation = emoser_evaluate_cross_run(&run);
	if (evaluation->told != NULL)
		emoser_put_told(&rows, "target", &evaluation->all, evaluation->told);
	else
		emoser_put_metrics(&rows, &evaluation->all, &evaluation->plain, "");
	if (evaluation->has_profiles)
		emoser_put_metrics(&rows, &evaluation->all, &evaluation->with_profile,
						   EMOSER_PROFILE_SUFFIX);
	emoser_put_groups(&rows, &evaluation->all, &evaluation->plain,
					  evaluation->has_profiles ? &evaluation->with_profile : NULL,
					  evaluation->told);
	emoser_sql_end(&sql);
	return (Datum) 0;
}

/* A row of the result, whichever way it came about. */
static void
put_prediction(RowWriter *rows, const SummedPrediction *prediction, const char *held_out)
{
	Datum values[9] = {0};
	bool nulls[9] = {false};

	values[0] = CStringGetTextDatum(
		prediction->id != NULL ? prediction->id : psprintf(INT64_FORMAT, prediction->number));
	nulls[1] = prediction->speaker == NULL;
	if (!nulls[1])
		values[1] = CStringGetTextDatum(prediction->speaker);
	values[2] = CStringGetTextDatum(prediction->label);
	for (int variant = 0; variant < 2; variant++)
	{
		/* predicted and probabilities, then fold, then the two with profile. */
		int column = variant == 0 ? 3 : 6;
		const float *scores = prediction->log_probabilities[variant];
		int best;

		nulls[column] = nulls[column + 1] = scores == NULL;
		if (scores == NULL)
			continue;
		values[column + 1] = JsonbPGetDatum(
			emoser_probabilities(prediction->labels, scores, prediction->n_labels, &best));
		values[column] = CStringGetTextDatum(prediction->labels[best]);
	}
	values[5] = Int32GetDatum(prediction->fold + 1);
	values[8] = CStringGetTextDatum(held_out);
	emoser_put_row(rows, values, nulls);
}

static void
put_prediction_of_run(RowWriter *rows, const CrossRun *run, int64 utterance)
{
	const TrainingSet *set = run->set;
	int fold = run->folds.of_utterances.fold_of[utterance];
	SummedPrediction prediction = {
		.id = set->ids[utterance],
		.number = set->source_rows[utterance],
		.speaker = set->speaker != NULL ? set->speakers[set->speaker[utterance]] : NULL,
		.label = set->labels[set->label[utterance]],
		.fold = fold,
		.n_labels = set->core.n_classes,
		.labels = set->labels};

	prediction.log_probabilities[0] = emo_scores_of_row(&run->scores.plain, utterance);
	if (run->scores.has_profiles)
		prediction.log_probabilities[1] = emo_scores_of_row(&run->scores.with_profile, utterance);
	put_prediction(rows, &prediction, run->folds.names[fold]);
}

/* Where predictions go as they come. */
typedef struct PredictionSink
{
	RowWriter *rows;
	int k;
} PredictionSink;

/* A TakePrediction. */
static void
put_summed_prediction(void *argument, const SummedPrediction *prediction)
{
	PredictionSink *sink = argument;

	put_prediction(sink->rows, prediction,
				   emoser_speaker_fold_name("speaker", prediction->fold, sink->k));
}

/* Without rows in memory; false where that is not possible. */
static bool
put_summed_predictions(RowWriter *rows, Oid function, const CrossCall *call)
{
	TrainingSetOptions set_options = call->algorithm->set_options(call->options);
	PredictionSink sink = {rows, call->protocol.k};
	int64 n_skipped;

	if (!may_be_summed(call) ||
		!emoser_predict_summed(function, call->source, call->options, &set_options,
							   call->protocol.k, more_speakers_than(call), put_summed_prediction,
							   &sink, &n_skipped))
		return false;
	if (!call->protocol.quiet)
		emoser_report_skipped_rows(n_skipped);
	return true;
}

PG_FUNCTION_INFO_V1(emoser_cross_predictions);
Datum
emoser_cross_predictions(PG_FUNCTION_ARGS)
{
	RowWriter rows;
	Sql sql;
	CrossCall call;

	emoser_begin_rows(fcinfo, &rows);
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	call = emoser_read_cross_call(fcinfo, false);
	emoser_check_learns_emotions(call.algorithm, call.options);
	if (!put_summed_predictions(&rows, sql.function, &call))
	{
		CrossRun run = emoser_run_cross_call(&call);

		emoser_put_cross_rows(&rows, &run, put_prediction_of_run);
	}
	emoser_sql_end(&sql);
	return (Datum) 0;
}
