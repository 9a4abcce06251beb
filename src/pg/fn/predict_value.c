/*
 * predict_value.c
 *	  emoser_predict_value(), emoser_predict_values(), and the same of features: what a regression says.
 */
#include "pg/model/call.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "pg/base/options.h"
#include "pg/base/shown.h"
#include "pg/evaluate/told_values.h"
#include "pg/model/value.h"

/* Arguments of both; emoser_predict_value() has the target between them. */
enum
{
	ARG_DATA,
	ARG_MODEL,
	ARG_TARGET
};

/* The model and what it says; false: NULL is wanted, for NULL or a bad recording. */
static bool
predict(FunctionCallInfo fcinfo, int profile_argument, const EmoModel **model, EmoValue *values)
{
	EmoUtterance utterance = {0};
	ModelCall *call;
	DecodedModel *decoded;

	if (PG_ARGISNULL(ARG_DATA) || PG_ARGISNULL(ARG_MODEL))
		return false;
	call = emoser_model_call(fcinfo, ARG_MODEL);
	decoded = emoser_called_regression(call, fcinfo);
	*model = decoded->model;
	if (!emoser_called_utterance(call, fcinfo, *model, profile_argument, &utterance))
		return false;
	emoser_predict_values_of(decoded, &utterance, values);
	return true;
}

/* The one that is wanted; name is NULL for the only one. */
static int
find_target(const EmoModel *model, const char *name)
{
	const char **names, *closest;

	if (name == NULL && model->n_classes == 1)
		return 0;
	names = emoser_target_names(model);
	for (int t = 0; name != NULL && t < model->n_classes; t++)
		if (strcmp(names[t], name) == 0)
			return t;
	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the model tells %d numbers", model->n_classes),
				 errdetail("They are %s.", emoser_shown_list(names, model->n_classes)),
				 errhint("Say which one, as in target => %s, or use emoser_predict_values().",
						 emoser_shown_literal(names[0]))));
	closest = emoser_closest_match(name, names, model->n_classes);
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("the model has no target \"%s\"", emoser_shown(name)),
					errdetail("It tells %s.", emoser_shown_list(names, model->n_classes)),
					closest != NULL ? errhint("Did you mean \"%s\"?", emoser_shown(closest)) : 0));
	return -1;
}

PG_FUNCTION_INFO_V1(emoser_predict_value);
Datum
emoser_predict_value(PG_FUNCTION_ARGS)
{
	EmoValue values[EMO_MAX_TARGETS];
	const EmoModel *model;
	int target;

	if (!predict(fcinfo, ARG_TARGET + 1, &model, values))
		PG_RETURN_NULL();
	target = find_target(
		model, PG_ARGISNULL(ARG_TARGET) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(ARG_TARGET)));
	if (isnan(values[target].value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT4(values[target].value);
}

PG_FUNCTION_INFO_V1(emoser_predict_values);
Datum
emoser_predict_values(PG_FUNCTION_ARGS)
{
	EmoValue values[EMO_MAX_TARGETS];
	RowWriter rows;
	const EmoModel *model;

	emoser_begin_rows(fcinfo, &rows);
	if (!predict(fcinfo, ARG_MODEL + 1, &model, values))
		return (Datum) 0;
	for (int t = 0; t < model->n_classes; t++)
	{
		Datum columns[4] = {CStringGetTextDatum(emoser_model_text(model->labels[t])),
							Float4GetDatum(values[t].value), Float4GetDatum(values[t].low),
							Float4GetDatum(values[t].high)};
		bool nulls[4] = {false, isnan(values[t].value), isnan(values[t].low),
						 isnan(values[t].high)};

		emoser_put_row(&rows, columns, nulls);
	}
	return (Datum) 0;
}
