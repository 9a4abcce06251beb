/*
 * plot_confusion.c
 *	  emoser_plot_confusion(): confusion matrices, of emoser_confusion() and of a model on a source.
 */
#include "pg/base/glue.h"

#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "core/draw/confusion.h"
#include "pg/draw/result.h"
#include "pg/draw/scores.h"
#include "pg/evaluate/model_evaluation.h"
#include "pg/model/store.h"

static void
raise_no_confusion(void)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("not a confusion matrix"),
		 errdetail("It is of the form {\"labels\": [...], \"counts\": [[...], ...]}, with counts "
				   "of at least 0."),
		 errhint("Give what emoser_confusion() returns.")));
}

/* The array of a key; raises unless it has n elements (n < 0: any number). */
static JsonbContainer *
array_of(JsonbValue *value, int n)
{
	JsonbContainer *array;

	if (value == NULL || value->type != jbvBinary)
		raise_no_confusion();
	array = value->val.binary.data;
	if (!JsonContainerIsArray(array) || (n >= 0 && JsonContainerSize(array) != (uint32) n))
		raise_no_confusion();
	return array;
}

static JsonbContainer *
array_under(Jsonb *object, const char *key, int n)
{
	return array_of(getKeyJsonValueFromContainer(&object->root, key, strlen(key), NULL), n);
}

static int64
count_of(JsonbValue *value)
{
	int64 count;

	if (value == NULL || value->type != jbvNumeric || numeric_is_nan(value->val.numeric))
		raise_no_confusion();
	count = DatumGetInt64(DirectFunctionCall1(numeric_int8, NumericGetDatum(value->val.numeric)));
	/* So that no sum of counts overflows. */
	if (count < 0 || count > PG_INT64_MAX / (EMO_PLOT_MAX_NAMES * EMO_PLOT_MAX_NAMES))
		raise_no_confusion();
	return count;
}

/* With labels in UTF-8. */
static Confusion
read_confusion(Jsonb *json)
{
	Confusion confusion;
	JsonbContainer *labels, *rows;

	if (!JB_ROOT_IS_OBJECT(json))
		raise_no_confusion();
	labels = array_under(json, "labels", -1);
	confusion.n = (int) JsonContainerSize(labels);
	if (confusion.n == 0)
		raise_no_confusion();
	rows = array_under(json, "counts", confusion.n);
	if (confusion.n > EMO_PLOT_MAX_NAMES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("more than %d labels in a picture", EMO_PLOT_MAX_NAMES)));
	confusion.labels = palloc(confusion.n * sizeof(char *));
	confusion.counts = palloc((Size) confusion.n * confusion.n * sizeof(int64));
	for (int a = 0; a < confusion.n; a++)
	{
		JsonbValue *label = getIthJsonbValueFromContainer(labels, a);
		JsonbContainer *row = array_of(getIthJsonbValueFromContainer(rows, a), confusion.n);

		if (label == NULL || label->type != jbvString)
			raise_no_confusion();
		confusion.labels[a] =
			emoser_utf8_text(pnstrdup(label->val.string.val, label->val.string.len));
		for (int p = 0; p < confusion.n; p++)
			confusion.counts[a * confusion.n + p] = count_of(getIthJsonbValueFromContainer(row, p));
	}
	return confusion;
}

PG_FUNCTION_INFO_V1(emoser_plot_confusion);
Datum
emoser_plot_confusion(PG_FUNCTION_ARGS)
{
	Confusion confusion;
	char *title;
	int width;
	EmoEnv env;
	EmoStatus status;
	const char *svg;
	size_t length;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	title = emoser_plot_title(fcinfo, 1);
	width = emoser_plot_width(fcinfo, 2);
	confusion = read_confusion(PG_GETARG_JSONB_P(0));
	emoser_env_init(&env, CurrentMemoryContext);
	status = emo_plot_confusion(&env, title != NULL ? title : "Confusion matrix", confusion.labels,
								confusion.n, confusion.counts, width, &svg, &length);
	return emoser_plot_datum(&env, status, svg, length);
}

PG_FUNCTION_INFO_V1(emoser_plot_confusion_of_model);
Datum
emoser_plot_confusion_of_model(PG_FUNCTION_ARGS)
{
	static const char *const required[] = {"source", "model"};
	SourceNames names;
	ModelEvaluation *evaluation;
	EmoJudged judged;
	PlotQuery query;
	Confusion confusion;
	char *model, *title;
	EmoStatus status;
	const char *svg;
	size_t length;

	names = emoser_plot_begin_source(&query, fcinfo, required, lengthof(required));
	model = text_to_cstring(PG_GETARG_TEXT_PP(1));
	emoser_check_argument_order(text_to_cstring(PG_GETARG_TEXT_PP(0)), model);
	evaluation = emoser_evaluate_model(
		fcinfo->flinfo->fn_oid, model,
		emoser_open_source(text_to_cstring(PG_GETARG_TEXT_PP(0)), false), &names);
	judged = emoser_judge_model(evaluation, emoser_predict_all(evaluation, false));
	confusion = emoser_confusion_of(&evaluation->all, &judged);
	title = psprintf("Confusion matrix of model %s", emoser_utf8_text(model));
	status = emoser_draw_confusion(&query.env, query.title != NULL ? query.title : title,
								   &confusion, query.width, &svg, &length);
	return emoser_plot_end(&query, status, svg, length);
}
