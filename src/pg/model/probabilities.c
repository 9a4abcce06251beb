/*
 * probabilities.c
 *	  Probabilities of all emotions as a jsonb object.
 */
#include "pg/model/probabilities.h"

#include <float.h>
#include <math.h>

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
