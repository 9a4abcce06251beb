/*
 * probabilities.c
 *	  Probabilities of emotions as a jsonb object.
 */
#include "pg/model/probabilities.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "core/base/stats.h"
#include "pg/base/json.h"

Jsonb *
emoser_probability_object(const char *const *labels, const bool *asked, const float *probabilities,
						  int n)
{
	Json json;

	emoser_json_init(&json);
	emoser_json_open(&json, '{');
	for (int c = 0; c < n; c++)
	{
		if (asked != NULL && !asked[c])
			continue;
		emoser_json_key(&json, labels[c]);
		emoser_json_digits(&json, probabilities[c], FLT_DIG);
	}
	emoser_json_close(&json, '}');
	return emoser_json_to_jsonb(&json);
}

Jsonb *
emoser_probabilities(const char *const *labels, const float *log_probabilities, int n, int *best)
{
	float *probabilities = palloc(n * sizeof(float));

	*best = emo_argmax(log_probabilities, n);
	for (int c = 0; c < n; c++)
		probabilities[c] = expf(log_probabilities[c]);
	return emoser_probability_object(labels, NULL, probabilities, n);
}

/* So far from one may a sum be of probabilities that are rounded, as by who stores two digits of each. */
#define MAX_SUM_ERROR 0.05

static void
raise_no_probabilities(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("probabilities must be a JSON object of numbers from 0 to 1 that sum to 1"),
			 errdetail_internal("%s", detail)));
}

static double
given_probability(const JsonbValue *value)
{
	double probability = -1;

	if (value->type == jbvNumeric)
		probability = DatumGetFloat8(
			DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value->val.numeric)));
	if (!(probability >= 0 && probability <= 1))
		raise_no_probabilities("One of them is no number from 0 to 1.");
	return probability;
}

const double *
emoser_given_probabilities(Jsonb *object, int *n)
{
	double *probabilities;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue value;
	double sum = 0;

	if (!JB_ROOT_IS_OBJECT(object))
		raise_no_probabilities("It is no object.");
	probabilities = MemoryContextAllocHuge(CurrentMemoryContext,
										   Max(JB_ROOT_COUNT(object), 1) * sizeof(double));
	*n = 0;
	iterator = JsonbIteratorInit(&object->root);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		CHECK_FOR_INTERRUPTS();
		if (token != WJB_VALUE)
			continue;
		probabilities[*n] = given_probability(&value);
		sum += probabilities[(*n)++];
	}
	if (fabs(sum - 1) > MAX_SUM_ERROR)
		raise_no_probabilities(psprintf("The sum is %g.", sum));
	return probabilities;
}
