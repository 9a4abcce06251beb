/*
 * similar.c
 *	  emoser_embedding() and emoser_distance(): how alike utterances are.
 */
#include "pg/model/call.h"

#include <math.h>

#include "miscadmin.h"

#include "pg/model/value.h"

/* Arguments of emoser_embedding(); the last of all is emotions. */
enum
{
	ARG_FEATURES,
	ARG_MODEL,
	ARG_PROFILE
};

/* Elements between two looks at interrupts. */
#define ELEMENTS_PER_CHECK 65536

PG_FUNCTION_INFO_V1(emoser_embedding);
Datum
emoser_embedding(PG_FUNCTION_ARGS)
{
	EmoUtterance utterance = {0};
	DecodedModel *decoded;
	ModelCall *call;
	ArrayType *embedding;
	float *elements;
	int n_classes;

	if (PG_ARGISNULL(ARG_FEATURES) || PG_ARGISNULL(ARG_MODEL))
		PG_RETURN_NULL();
	call = emoser_model_call(fcinfo, ARG_MODEL);
	decoded = emoser_called_classifier(call, fcinfo);
	if (!emoser_called_utterance(call, fcinfo, decoded->model, ARG_PROFILE, &utterance))
		PG_RETURN_NULL();
	n_classes = decoded->model->n_classes;
	embedding = emoser_new_real_array(1, &n_classes, &elements);
	emoser_predict_utterance(decoded, &utterance, elements);
	for (int c = 0; c < n_classes; c++)
		elements[c] = sqrtf(elements[c]);
	PG_RETURN_ARRAYTYPE_P(embedding);
}

/* Its elements, of one dimension. */
static const float *
vector_argument(ArrayType *array, const char *name, int *n)
{
	if (ARR_NDIM(array) > 1)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
						errmsg("array \"%s\" must have one dimension", name)));
	if (array_contains_nulls(array))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("array \"%s\" must not contain nulls", name)));
	*n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	return (const float *) ARR_DATA_PTR(array);
}

PG_FUNCTION_INFO_V1(emoser_distance);
Datum
emoser_distance(PG_FUNCTION_ARGS)
{
	int n, n_other;
	const float *embedding = vector_argument(PG_GETARG_ARRAYTYPE_P(0), "embedding", &n);
	const float *other = vector_argument(PG_GETARG_ARRAYTYPE_P(1), "other", &n_other);
	double sum = 0;

	if (n != n_other)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("embeddings of %d and %d elements have no distance", n, n_other),
						errhint("Both must be of the same model.")));
	for (int i = 0; i < n; i++)
	{
		double difference = (double) embedding[i] - (double) other[i];

		if (i % ELEMENTS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		sum += difference * difference;
	}
	PG_RETURN_FLOAT8(sqrt(sum));
}
