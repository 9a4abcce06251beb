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

/* Arguments of both, in their order. */
static const char *const argument_names[] = {"source", "algorithm", "options", "protocol",
											 "k",      "share",     "seed"};
#define PROTOCOL_ARGUMENT 3

/* Metrics of a fold that are columns, in their order. */
static const EmoMetric fold_columns[] = {EMO_METRIC_UAR, EMO_METRIC_WAR, EMO_METRIC_MACRO_F1,
										 EMO_METRIC_LOG_LOSS};

/* All of the work, with SPI connected. */
static CrossRun
cross_validate(FunctionCallInfo fcinfo)
{
	const Algorithm *algorithm;
	CrossProtocol protocol;
	TrainingSetOptions set_options;
	TrainingSet *set;
	Jsonb *all;
	bool quiet;
	void *options;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	algorithm = emoser_find_algorithm(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	options = algorithm->read_options(PG_GETARG_JSONB_P(2), &all, &quiet);
	protocol = emoser_read_protocol(fcinfo, PROTOCOL_ARGUMENT);
	protocol.quiet = quiet;
	set_options = algorithm->set_options(options);
	set_options.with_ids = true;
	set = emoser_read_training_set(text_to_cstring(PG_GETARG_TEXT_PP(0)), &set_options);
	if (!quiet)
		emoser_report_skipped(set);
	return emoser_cross_run(algorithm, options, set, &protocol);
}

PG_FUNCTION_INFO_V1(emoser_cross_validate);
Datum
emoser_cross_validate(PG_FUNCTION_ARGS)
{
	enum
	{
		N_METRICS = lengthof(fold_columns)
	};
	RowWriter rows;
	Sql sql;
	CrossRun run;
	const EmoFolds *folds = &run.folds.of_utterances;
	EmoJudged judged[2];

	emoser_begin_rows(fcinfo, &rows);
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	run = cross_validate(fcinfo);
	judged[0] = emoser_judge(run.set, folds, &run.scores.plain);
	if (run.scores.has_profiles)
		judged[1] = emoser_judge(run.set, folds, &run.scores.with_profile);
	for (int fold = 0; fold < folds->n_folds; fold++)
	{
		Datum values[3 + 2 * N_METRICS];
		bool nulls[3 + 2 * N_METRICS] = {false};

		CHECK_FOR_INTERRUPTS();
		values[0] = Int32GetDatum(fold + 1);
		values[1] = CStringGetTextDatum(run.folds.names[fold]);
		for (int variant = 0; variant < 2; variant++)
		{
			double metrics[EMO_N_METRICS];
			bool has = variant == 0 || run.scores.has_profiles;

			if (has)
				values[2] =
					Int64GetDatum(emoser_fold_metrics(&judged[variant], folds, fold, metrics));
			for (int m = 0; m < N_METRICS; m++)
			{
				values[3 + variant * N_METRICS + m] =
					Float8GetDatum(has ? metrics[fold_columns[m]] : 0);
				nulls[3 + variant * N_METRICS + m] = !has || isnan(metrics[fold_columns[m]]);
			}
		}
		emoser_put_row(&rows, values, nulls);
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
	CrossRun run;
	int64 *order;
	MemoryContext row_context;

	emoser_begin_rows(fcinfo, &rows);
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	run = cross_validate(fcinfo);
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
