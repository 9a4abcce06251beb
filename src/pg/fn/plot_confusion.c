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
	Picture picture;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	emoser_picture_read(&picture, fcinfo, 1);
	confusion = read_confusion(PG_GETARG_JSONB_P(0));
	return emoser_picture_datum(
		&picture,
		emo_plot_confusion(&picture.env, emoser_picture_title(&picture, "Confusion matrix"), NULL,
						   confusion.labels, confusion.n, confusion.counts, picture.width,
						   &picture.svg, &picture.length));
}

PG_FUNCTION_INFO_V1(emoser_plot_confusion_of_model);
Datum
emoser_plot_confusion_of_model(PG_FUNCTION_ARGS)
{
	Picture picture;
	ModelEvaluation *evaluation =
		emoser_picture_begin_model(&picture, fcinfo, "Confusion matrix", false);
	Confusion confusion;

	confusion = emoser_confusion_of(&evaluation->all, &evaluation->plain);
	return emoser_picture_end(
		&picture, emoser_draw_confusion(&picture.env, picture.title, picture.warning, &confusion,
										picture.width, &picture.svg, &picture.length));
}
