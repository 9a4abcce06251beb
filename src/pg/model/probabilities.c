/*
 * probabilities.c
 *	  Probabilities of all emotions as a jsonb object.
 */
#include "pg/model/probabilities.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/numeric.h"

Jsonb *
emoser_probabilities(const char *const *labels, const float *log_probabilities, int n, int *best)
{
	JsonbParseState *state = NULL;

	*best = 0;
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int c = 0; c < n; c++)
	{
		JsonbValue key, value;

		if (log_probabilities[c] > log_probabilities[*best])
			*best = c;
		key.type = jbvString;
		key.val.string.val = unconstify(char *, labels[c]);
		key.val.string.len = strlen(labels[c]);
		value.type = jbvNumeric;
		value.val.numeric = DatumGetNumeric(
			DirectFunctionCall1(float4_numeric, Float4GetDatum(expf(log_probabilities[c]))));
		pushJsonbValue(&state, WJB_KEY, &key);
		pushJsonbValue(&state, WJB_VALUE, &value);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}
