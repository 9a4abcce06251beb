/*
 * evaluate.c
 *	  emoser_evaluate(source, model): how a stored model does on recordings.
 */
#include "pg/evaluate/named_evaluation.h"

#include <math.h>

#include "utils/builtins.h"

#include "pg/base/sql.h"
#include "pg/evaluate/metric_rows.h"
#include "pg/model/store.h"

/* How much of the source the model was trained on. */
static void
put_trained_on(RowWriter *rows, const NamedEvaluation *evaluation)
{
	bool is_known = evaluation->n_trained_on >= 0;

	emoser_put_number(rows, "trained_on", is_known ? (double) evaluation->n_trained_on : NAN,
					  evaluation->n_asked);
	if (evaluation->n_speakers_asked > 0)
		emoser_put_number(rows, "speakers_trained_on",
						  is_known ? (double) evaluation->n_speakers_trained_on : NAN,
						  evaluation->n_speakers_asked);
}

static void
put_unseen(RowWriter *rows, const NamedEvaluation *evaluation)
{
	ModelEvaluation *unseen = emoser_evaluation_of_unseen(evaluation);

	if (unseen == NULL)
		return;
	if (unseen->told != NULL)
	{
		emoser_put_told(rows, "unseen", &unseen->all, unseen->told);
		return;
	}
	(void) emoser_put_overall(rows, "unseen", &unseen->all, &unseen->plain, "");
	if (unseen->has_profiles)
		(void) emoser_put_overall(rows, "unseen", &unseen->all, &unseen->with_profile,
								  EMOSER_PROFILE_SUFFIX);
}

static void
put_emotions(RowWriter *rows, ModelEvaluation *evaluation)
{
	emoser_put_metrics(rows, &evaluation->all, &evaluation->plain, "");
	if (evaluation->has_profiles)
		emoser_put_metrics(rows, &evaluation->all, &evaluation->with_profile,
						   EMOSER_PROFILE_SUFFIX);
}

PG_FUNCTION_INFO_V1(emoser_evaluate);
Datum
emoser_evaluate(PG_FUNCTION_ARGS)
{
	static const char *const argument_names[] = {"source", "model", "options"};
	char *source_text, *model;
	EvaluationOptions options;
	Source *source;
	NamedEvaluation evaluation;
	RowWriter rows;
	Sql sql;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	emoser_begin_rows(fcinfo, &rows);
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	options = emoser_read_evaluation_options(PG_GETARG_JSONB_P(2), true);
	options.of_numbers = true;
	source_text = text_to_cstring(PG_GETARG_TEXT_PP(0));
	model = text_to_cstring(PG_GETARG_TEXT_PP(1));
	emoser_check_argument_order(source_text, model);
	source = emoser_open_source(source_text, false);
	evaluation = emoser_evaluate_chosen(sql.function, model, source, &options, true);
	if (evaluation.of->told != NULL)
		emoser_put_told(&rows, "target", &evaluation.of->all, evaluation.of->told);
	else
		put_emotions(&rows, evaluation.of);
	emoser_put_groups(&rows, &evaluation.of->all, &evaluation.of->plain,
					  evaluation.of->has_profiles ? &evaluation.of->with_profile : NULL,
					  evaluation.of->told);
	put_trained_on(&rows, &evaluation);
	put_unseen(&rows, &evaluation);
	emoser_sql_end(&sql);
	return (Datum) 0;
}
