/*
 * report.c
 *	  emoser_report(source, model, ...): a page about a model.
 */
#include "pg/report/report.h"

#include "utils/builtins.h"

#include "pg/model/store.h"

/* Arguments, in their order. */
enum
{
	SOURCE,
	MODEL,
	PREDICTIONS,
	CROSS_VALIDATE,
	AUDIO,
	TITLE,
	OPTIONS
};

static char *
text_argument(FunctionCallInfo fcinfo, int argument)
{
	return PG_ARGISNULL(argument) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(argument));
}

static void
check_no_null(FunctionCallInfo fcinfo, int argument, const char *name)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("%s must not be null", name)));
}

/* Predictions that are given have no columns of the source. */
static void
check_has_groups(const Report *report)
{
	if (report->by != NIL && report->predictions_text != NULL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("predictions that are given are not told apart by groups"),
						errhint("Leave out the option \"by\", or the predictions.")));
}

PG_FUNCTION_INFO_V1(emoser_report);
Datum
emoser_report(PG_FUNCTION_ARGS)
{
	static const char *const required[] = {"source", "model"};
	Report report = {0};
	EvaluationOptions evaluation_options;
	StringInfo page;
	MemoryContext inner;
	text *result;

	emoser_check_no_nulls(fcinfo, required, lengthof(required));
	check_no_null(fcinfo, CROSS_VALIDATE, "cross_validate");
	check_no_null(fcinfo, AUDIO, "audio");
	check_no_null(fcinfo, OPTIONS, "options");
	emoser_sql_begin(&report.sql, fcinfo->flinfo->fn_oid);
	report.page = makeStringInfo();
	emoser_env_init(&report.env, CurrentMemoryContext);
	report.model_name = text_argument(fcinfo, MODEL);
	report.source_text = text_argument(fcinfo, SOURCE);
	report.predictions_text = text_argument(fcinfo, PREDICTIONS);
	emoser_check_argument_order(report.source_text, report.model_name);
	report.title = text_argument(fcinfo, TITLE);
	report.cross_validate = PG_GETARG_BOOL(CROSS_VALIDATE);
	report.with_audio = PG_GETARG_BOOL(AUDIO);
	report.source_options = PG_GETARG_JSONB_P(OPTIONS);
	evaluation_options = emoser_read_evaluation_options(report.source_options, true);
	report.reading = evaluation_options.source;
	report.wanted = evaluation_options.trained_on;
	report.by = evaluation_options.by;
	check_has_groups(&report);

	emoser_report_read_model(&report);
	emoser_report_read_source(&report);
	emoser_report_read_predictions(&report);
	emoser_report_data(&report);
	emoser_report_features(&report);
	emoser_report_training(&report);
	emoser_report_evaluation(&report);
	emoser_report_groups(&report);
	emoser_report_errors(&report);
	emoser_report_explanations(&report);
	emoser_report_class_images(&report);
	emoser_report_calibration(&report);
	emoser_report_limits(&report);
	emoser_report_reproduce(&report);
	page = emoser_report_assemble(&report);
	if (page->len > REPORT_MAX_BYTES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("the report would have %d bytes, more than %d", page->len,
							   REPORT_MAX_BYTES),
						errhint("Leave out the sound with audio => false.")));

	inner = MemoryContextSwitchTo(report.sql.outer);
	result = cstring_to_text_with_len(page->data, page->len);
	MemoryContextSwitchTo(inner);
	emoser_sql_end(&report.sql);
	PG_RETURN_TEXT_P(result);
}
