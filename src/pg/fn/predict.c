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

/* What a model says of an utterance. */
typedef struct Prediction
{
	const EmoModel *model;
	float *probabilities; /* [model->n_classes] */
	const bool *asked;    /* [model->n_classes], or NULL: all of them */
	Datum familiarity;    /* a real */
	bool familiarity_is_null;
	bool knows_place; /* by a profile, of a speaker or of the collection */
} Prediction;

/* False: NULL is wanted, for NULL or a bad recording. */
static bool
predict(FunctionCallInfo fcinfo, Prediction *prediction)
{
	EmoUtterance utterance = {0};
	ModelCall *call;
	DecodedModel *decoded;

	if (PG_ARGISNULL(ARG_DATA) || PG_ARGISNULL(ARG_MODEL))
		return false;
	call = emoser_model_call(fcinfo, ARG_MODEL);
	decoded = emoser_called_classifier(call, fcinfo);
	prediction->model = decoded->model;
	if (!emoser_called_utterance(call, fcinfo, decoded->model, ARG_PROFILE, &utterance))
		return false;
	prediction->probabilities = palloc(decoded->model->n_classes * sizeof(float));
	prediction->asked = utterance.asked;
	emoser_predict_utterance(decoded, &utterance, prediction->probabilities);
	emoser_put_familiarity(decoded->model, &utterance, &prediction->familiarity,
						   &prediction->familiarity_is_null);
	prediction->knows_place = utterance.profile != NULL || decoded->model->collection != NULL;
	return true;
}

PG_FUNCTION_INFO_V1(emoser_predict);
Datum
emoser_predict(PG_FUNCTION_ARGS)
{
	float least = emoser_min_confidence(fcinfo, ARG_MIN_CONFIDENCE);
	Prediction prediction;
	int best;

	if (!predict(fcinfo, &prediction))
		PG_RETURN_NULL();
	/* emoser_predict_proba() has a column for it. */
	if (!prediction.familiarity_is_null && !prediction.knows_place)
		emoser_call_heard(emoser_model_call(fcinfo, ARG_MODEL),
						  DatumGetFloat4(prediction.familiarity));
	best = emo_argmax(prediction.probabilities, prediction.model->n_classes);
	if (prediction.probabilities[best] < least)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(emoser_model_text(prediction.model->labels[best])));
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
	Prediction prediction;
	const EmoModel *model;
	int *order;

	emoser_begin_rows(fcinfo, &rows);
	if (!predict(fcinfo, &prediction))
		return (Datum) 0;
	model = prediction.model;
	order = palloc(model->n_classes * sizeof(int));
	for (int c = 0; c < model->n_classes; c++)
		order[c] = c;
	qsort_arg(order, model->n_classes, sizeof(int), compare_probabilities,
			  prediction.probabilities);
	for (int c = 0; c < model->n_classes; c++)
	{
		Datum values[3] = {CStringGetTextDatum(emoser_model_text(model->labels[order[c]])),
						   Float4GetDatum(prediction.probabilities[order[c]]),
						   prediction.familiarity};
		bool nulls[3] = {false, false, prediction.familiarity_is_null};

		if (prediction.asked != NULL && !prediction.asked[order[c]])
			continue;
		emoser_put_row(&rows, values, nulls);
	}
	return (Datum) 0;
}
