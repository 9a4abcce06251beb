/*
 * compare.c
 *	  emoser_compare(source, model, other): two stored models on the same recordings; and the aggregate
 *	  emoser_mcnemar(), which does it for any predictions.
 */
#include "pg/evaluate/named_evaluation.h"

#include <math.h>

#include "utils/builtins.h"

#include "core/base/comparison.h"
#include "pg/base/sql.h"
#include "pg/evaluate/confusion_state.h"
#include "pg/evaluate/metric_rows.h"
#include "pg/model/store.h"

/* Columns of a row of the result. */
enum
{
	METRIC,
	FIRST,
	SECOND,
	DIFFERENCE,
	LOW,
	HIGH,
	P_VALUE,
	N,
	N_COLUMNS
};

static void
put_difference(RowWriter *rows, const char *metric, const char *suffix, EmoDifference difference,
			   int64 n)
{
	double numbers[] = {difference.first, difference.second, difference.second - difference.first,
						difference.low,   difference.high,   difference.p};
	Datum values[N_COLUMNS];
	bool nulls[N_COLUMNS] = {false};

	values[METRIC] = CStringGetTextDatum(psprintf("%s%s", metric, suffix));
	for (int i = 0; i < (int) lengthof(numbers); i++)
	{
		values[FIRST + i] = Float8GetDatum(numbers[i]);
		nulls[FIRST + i] = isnan(numbers[i]);
	}
	values[N] = Int64GetDatum(n);
	emoser_put_row(rows, values, nulls);
}

/* What two models say of the same rows, in the same order. */
static void
put_comparison(RowWriter *rows, Evaluation *of_first, const EmoJudged *first,
			   const EmoJudged *second, const char *suffix)
{
	EmoComparison comparison = emoser_compare_judged(of_first, first, second);
	EmoDifference only = {.first = (double) comparison.n_only_first,
						  .second = (double) comparison.n_only_second,
						  .low = NAN,
						  .high = NAN};

	for (int m = 0; m < EMO_N_METRICS; m++)
		put_difference(rows, emoser_metric_names[m], suffix, comparison.metric[m], first->n_rows);
	only.p = emo_mcnemar(comparison.n_only_first, comparison.n_only_second);
	put_difference(rows, "only_right", suffix, only, first->n_rows);
}

PG_FUNCTION_INFO_V1(emoser_compare);
Datum
emoser_compare(PG_FUNCTION_ARGS)
{
	static const char *const argument_names[] = {"source", "model", "other", "options"};
	NamedEvaluation named[2];
	ModelEvaluation *evaluations[2];
	EvaluationOptions options;
	char *source_text, *models[2];
	Source *source;
	RowWriter rows;
	Sql sql;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	emoser_begin_rows(fcinfo, &rows);
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	options = emoser_read_evaluation_options(PG_GETARG_JSONB_P(3), false);
	source_text = text_to_cstring(PG_GETARG_TEXT_PP(0));
	for (int i = 0; i < 2; i++)
		models[i] = text_to_cstring(PG_GETARG_TEXT_PP(1 + i));
	emoser_check_argument_order(source_text, models[0]);
	source = emoser_open_source(source_text, true);
	for (int i = 0; i < 2; i++)
		named[i] = emoser_evaluate_named(sql.function, models[i], source, &options, true);
	emoser_choose_recordings(named, 2, &options);
	for (int i = 0; i < 2; i++)
		evaluations[i] = named[i].of;
	put_comparison(&rows, &evaluations[0]->all, &evaluations[0]->plain, &evaluations[1]->plain, "");
	if (evaluations[0]->has_profiles && evaluations[1]->has_profiles)
		put_comparison(&rows, &evaluations[0]->all, &evaluations[0]->with_profile,
					   &evaluations[1]->with_profile, EMOSER_PROFILE_SUFFIX);
	emoser_sql_end(&sql);
	return (Datum) 0;
}

/* The aggregate counts who is right in a confusion of these two labels: of the one by the other. */
static const char *const outcomes[] = {"right", "wrong"};

static text *
outcome(const text *actual, const text *predicted)
{
	Size length = VARSIZE_ANY_EXHDR(actual);
	bool is_right = length == VARSIZE_ANY_EXHDR(predicted) &&
					memcmp(VARDATA_ANY(actual), VARDATA_ANY(predicted), length) == 0;

	return cstring_to_text(outcomes[is_right ? 0 : 1]);
}

PG_FUNCTION_INFO_V1(emoser_mcnemar_accumulate);
Datum
emoser_mcnemar_accumulate(PG_FUNCTION_ARGS)
{
	ConfusionState *state;
	text *actual;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	state = PG_ARGISNULL(0) ? emoser_confusion_new() : emoser_confusion_arg(fcinfo, 0, true);
	actual = PG_GETARG_TEXT_PP(1);
	PG_RETURN_POINTER(emoser_confusion_count(state, outcome(actual, PG_GETARG_TEXT_PP(2)),
											 outcome(actual, PG_GETARG_TEXT_PP(3))));
}

PG_FUNCTION_INFO_V1(emoser_mcnemar_final);
Datum
emoser_mcnemar_final(PG_FUNCTION_ARGS)
{
	const ConfusionState *state = emoser_confusion_arg(fcinfo, 0, false);
	int n_labels = state->n_labels;
	const char **labels;
	int64 *counts = emoser_confusion_sorted(state, &labels);
	int64 only[2] = {0, 0};

	if (n_labels == 0)
		PG_RETURN_NULL();
	for (int one = 0; one < n_labels; one++)
		for (int other = 0; other < n_labels; other++)
			if (strcmp(labels[one], labels[other]) < 0)
			{
				/* "right" sorts before "wrong". */
				only[0] += counts[(Size) one * n_labels + other];
				only[1] += counts[(Size) other * n_labels + one];
			}
	PG_RETURN_FLOAT8(emo_mcnemar(only[0], only[1]));
}
