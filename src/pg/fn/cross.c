/*
 * cross.c
 *	  emoser_cross_validate() and emoser_cross_predictions().
 */
#include "pg/evaluate/cross_run.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/base/sql.h"
#include "pg/model/probabilities.h"
#include "pg/source/reader.h"
#include "pg/training/summed.h"

/* Arguments of both, in their order. */
static const char *const argument_names[] = {"source", "algorithm", "options", "protocol",
											 "k",      "share",     "seed"};
#define PROTOCOL_ARGUMENT 3

/* Metrics of a fold that are columns, in their order. */
static const EmoMetric fold_columns[] = {EMO_METRIC_UAR, EMO_METRIC_WAR, EMO_METRIC_MACRO_F1,
										 EMO_METRIC_LOG_LOSS};

/* What is asked for. */
typedef struct CrossCall
{
	char *source;
	const Algorithm *algorithm;
	void *options;
	CrossProtocol protocol;
} CrossCall;

static CrossCall
read_call(FunctionCallInfo fcinfo)
{
	CrossCall call;
	Jsonb *all;
	bool quiet;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	call.algorithm = emoser_find_algorithm(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	call.options = call.algorithm->read_options(PG_GETARG_JSONB_P(2), &all, &quiet);
	call.protocol = emoser_read_protocol(fcinfo, PROTOCOL_ARGUMENT);
	call.protocol.quiet = quiet;
	call.source = text_to_cstring(PG_GETARG_TEXT_PP(0));
	return call;
}

/* All of the work, with SPI connected. */
static CrossRun
cross_validate(const CrossCall *call)
{
	TrainingSetOptions set_options = call->algorithm->set_options(call->options);
	TrainingSet *set;

	set_options.with_ids = true;
	set = emoser_read_training_set(call->source, &set_options);
	if (!call->protocol.quiet)
		emoser_report_skipped(set);
	return emoser_cross_run(call->algorithm, call->options, set, &call->protocol);
}

/* Without rows in memory; NULL where that is not possible. */
static FoldsJudged *
judge_summed(Oid function, const CrossCall *call)
{
	ProtocolKind kind = call->protocol.kind;
	TrainingSetOptions set_options = call->algorithm->set_options(call->options);
	FoldsJudged *judged;

	if (call->algorithm != &emoser_algorithm_lda ||
		(kind != PROTOCOL_SPEAKERS && kind != PROTOCOL_AUTO))
		return NULL;
	judged =
		emoser_judge_summed(function, call->source, call->options, &set_options, call->protocol.k,
							kind == PROTOCOL_AUTO ? MAX_SPEAKERS_ONE_BY_ONE : 1);
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
	call = read_call(fcinfo);
	judged = judge_summed(sql.function, &call);
	if (judged != NULL)
		put_judged(&rows, judged, call.protocol.k);
	else
	{
		CrossRun run = cross_validate(&call);

		put_run(&rows, &run);
	}
	emoser_sql_end(&sql);
	return (Datum) 0;
}

static void
put_prediction(RowWriter *rows, const CrossRun *run, int64 utterance)
{
	const TrainingSet *set = run->set;
	const EmoRowScores *variants[2] = {&run->scores.plain,
									   run->scores.has_profiles ? &run->scores.with_profile : NULL};
	Datum values[9] = {0};
	bool nulls[9] = {false};
	int fold = run->folds.of_utterances.fold_of[utterance];

	values[0] = CStringGetTextDatum(emoser_utterance_name(set, utterance));
	nulls[1] = set->speaker == NULL;
	if (!nulls[1])
		values[1] = CStringGetTextDatum(set->speakers[set->speaker[utterance]]);
	values[2] = CStringGetTextDatum(set->labels[set->label[utterance]]);
	for (int variant = 0; variant < 2; variant++)
	{
		/* predicted and probabilities, then fold, then the two with profile. */
		int column = variant == 0 ? 3 : 6;
		const float *scores;
		int best;

		nulls[column] = nulls[column + 1] = variants[variant] == NULL;
		if (variants[variant] == NULL)
			continue;
		scores = emo_scores_of_row(variants[variant], utterance);
		values[column + 1] =
			JsonbPGetDatum(emoser_probabilities(set->labels, scores, set->core.n_classes, &best));
		values[column] = CStringGetTextDatum(set->labels[best]);
	}
	values[5] = Int32GetDatum(fold + 1);
	values[8] = CStringGetTextDatum(run->folds.names[fold]);
	emoser_put_row(rows, values, nulls);
}

PG_FUNCTION_INFO_V1(emoser_cross_predictions);
Datum
emoser_cross_predictions(PG_FUNCTION_ARGS)
{
	RowWriter rows;
	Sql sql;
	CrossCall call;
	CrossRun run;
	int64 *order;
	MemoryContext row_context;

	emoser_begin_rows(fcinfo, &rows);
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	call = read_call(fcinfo);
	run = cross_validate(&call);
	order = emoser_source_order(run.set);
	row_context = AllocSetContextCreate(CurrentMemoryContext, "emoser row", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(row_context);
	for (int64 i = 0; i < run.set->n_utterances; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (run.folds.of_utterances.fold_of[order[i]] >= 0)
			put_prediction(&rows, &run, order[i]);
		MemoryContextReset(row_context);
	}
	emoser_sql_end(&sql);
	return (Datum) 0;
}
