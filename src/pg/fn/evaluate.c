/*
 * evaluate.c
 *	  emoser_evaluate(source, model): how a stored model does on recordings.
 */
#include "pg/evaluate/model_evaluation.h"

#include "utils/builtins.h"

#include "pg/base/sql.h"
#include "pg/evaluate/metric_rows.h"
#include "pg/model/store.h"

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
	emoser_put_metrics(&rows, &evaluation->all, &evaluation->plain, "");
	if (evaluation->has_profiles)
		emoser_put_metrics(&rows, &evaluation->all, &evaluation->with_profile,
						   EMOSER_PROFILE_SUFFIX);
	emoser_sql_end(&sql);
	return (Datum) 0;
}
