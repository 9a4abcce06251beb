/*
 * predict.c
 *	  emoser_predict(), emoser_predict_proba(), and the same of features.
 */
#include "pg/model/call.h"

#include "utils/builtins.h"

#include "core/base/stats.h"
#include "pg/model/value.h"

/* The arguments; only emoser_predict() has the last of these.  The last of all is emotions. */
enum
{
	ARG_DATA,
	ARG_MODEL,
	ARG_PROFILE,
	ARG_MIN_CONFIDENCE
};

/* The model and what it says; false: NULL is wanted, for NULL or a bad recording. */
static bool
predict(FunctionCallInfo fcinfo, const EmoModel **model, const bool **asked, float **probabilities)
{
	EmoUtterance utterance = {0};
	ModelCall *call;
	DecodedModel *decoded;

	if (PG_ARGISNULL(ARG_DATA) || PG_ARGISNULL(ARG_MODEL))
		return false;
	call = emoser_model_call(fcinfo, ARG_MODEL);
	decoded = emoser_called_classifier(call, fcinfo);
	*model = decoded->model;
	if (!emoser_called_utterance(call, fcinfo, *model, ARG_PROFILE, &utterance))
		return false;
	*probabilities = palloc((*model)->n_classes * sizeof(float));
	*asked = utterance.asked;
	emoser_predict_utterance(decoded, &utterance, *probabilities);
	return true;
}

PG_FUNCTION_INFO_V1(emoser_predict);
Datum
emoser_predict(PG_FUNCTION_ARGS)
{
	float least = emoser_min_confidence(fcinfo, ARG_MIN_CONFIDENCE);
	const EmoModel *model;
	const bool *asked;
	float *probabilities;
	int best;

	if (!predict(fcinfo, &model, &asked, &probabilities))
		PG_RETURN_NULL();
	best = emo_argmax(probabilities, model->n_classes);
	if (probabilities[best] < least)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(emoser_model_text(model->labels[best])));
}

/* Best first; the order of the labels decides between equals. */
static int
compare_probabilities(const void *a, const void *b, void *probabilities)
{
	int class_a = *(const int *) a, class_b = *(const int *) b;
	float p_a = ((const float *) probabilities)[class_a];
	float p_b = ((const float *) probabilities)[class_b];

	if (p_a != p_b)
		return p_a > p_b ? -1 : 1;
	return class_a - class_b;
}

PG_FUNCTION_INFO_V1(emoser_predict_proba);
Datum
emoser_predict_proba(PG_FUNCTION_ARGS)
{
	RowWriter rows;
	const EmoModel *model;
	const bool *asked;
	float *probabilities;
	int *order;

	emoser_begin_rows(fcinfo, &rows);
	if (!predict(fcinfo, &model, &asked, &probabilities))
		return (Datum) 0;
	order = palloc(model->n_classes * sizeof(int));
	for (int c = 0; c < model->n_classes; c++)
		order[c] = c;
	qsort_arg(order, model->n_classes, sizeof(int), compare_probabilities, probabilities);
	for (int c = 0; c < model->n_classes; c++)
	{
		Datum values[2] = {CStringGetTextDatum(emoser_model_text(model->labels[order[c]])),
						   Float4GetDatum(probabilities[order[c]])};
		bool nulls[2] = {false, false};

		if (asked != NULL && !asked[order[c]])
			continue;
		emoser_put_row(&rows, values, nulls);
	}
	return (Datum) 0;
}
