/*
 * reliability.c
 *	  The aggregate emoser_reliability(actual, probabilities), and emoser_plot_reliability().
 *
 * The state of the aggregate is an array of 3 numbers for each bin: predictions, the sum of their
 * confidences, and how many were right.
 */
#include "pg/base/glue.h"

#include <float.h>
#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "core/draw/reliability.h"
#include "pg/base/json.h"
#include "pg/draw/result.h"
#include "pg/evaluate/model_evaluation.h"
#include "pg/model/store.h"

#define N_NUMBERS (3 * EMO_CALIBRATION_BINS)

static void
check_state(ArrayType *state)
{
	if (ARR_NDIM(state) != 1 || ARR_DIMS(state)[0] != N_NUMBERS || ARR_HASNULL(state) ||
		ARR_ELEMTYPE(state) != FLOAT8OID)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("not a state of emoser_reliability")));
}

/* The state as it is to be changed; a new one for NULL. */
static ArrayType *
own_state(FunctionCallInfo fcinfo)
{
	Datum zeros[N_NUMBERS];
	ArrayType *state;

	if (!PG_ARGISNULL(0))
	{
		/* Of an aggregate, it may be changed in place. */
		state = AggCheckCallContext(fcinfo, NULL) ? PG_GETARG_ARRAYTYPE_P(0)
												  : PG_GETARG_ARRAYTYPE_P_COPY(0);
		check_state(state);
		return state;
	}
	for (int i = 0; i < N_NUMBERS; i++)
		zeros[i] = Float8GetDatum(0);
	return construct_array(zeros, N_NUMBERS, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
						   TYPALIGN_DOUBLE);
}

static void
raise_no_probabilities(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("probabilities must be a JSON object of numbers from 0 to 1")));
}

/* The likeliest label, the first of equals; raises unless there is one. */
static double
likeliest(Jsonb *probabilities, const char **label, int *label_bytes)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue value;
	const char *key = NULL;
	int key_bytes = 0;
	double best = -1;

	if (!JB_ROOT_IS_OBJECT(probabilities))
		raise_no_probabilities();
	iterator = JsonbIteratorInit(&probabilities->root);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		double number;

		if (token == WJB_KEY)
		{
			key = value.val.string.val;
			key_bytes = value.val.string.len;
		}
		if (token != WJB_VALUE)
			continue;
		if (value.type != jbvNumeric)
			raise_no_probabilities();
		number = DatumGetFloat8(
			DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value.val.numeric)));
		if (!(number >= 0 && number <= 1.001))
			raise_no_probabilities();
		if (number <= best)
			continue;
		best = number;
		*label = key;
		*label_bytes = key_bytes;
	}
	if (best < 0)
		raise_no_probabilities();
	return best;
}

PG_FUNCTION_INFO_V1(emoser_reliability_accumulate);
Datum
emoser_reliability_accumulate(PG_FUNCTION_ARGS)
{
	ArrayType *state = own_state(fcinfo);
	double *numbers = (double *) ARR_DATA_PTR(state);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		text *actual = PG_GETARG_TEXT_PP(1);
		const char *label = NULL;
		int label_bytes = 0;
		double confidence = likeliest(PG_GETARG_JSONB_P(2), &label, &label_bytes);
		double *bin = numbers + 3 * emo_calibration_bin(confidence);

		bin[0]++;
		bin[1] += confidence;
		bin[2] += (int) VARSIZE_ANY_EXHDR(actual) == label_bytes &&
				  memcmp(VARDATA_ANY(actual), label, label_bytes) == 0;
	}
	PG_RETURN_ARRAYTYPE_P(state);
}

PG_FUNCTION_INFO_V1(emoser_reliability_combine);
Datum
emoser_reliability_combine(PG_FUNCTION_ARGS)
{
	ArrayType *state = own_state(fcinfo), *other;

	if (!PG_ARGISNULL(1))
	{
		other = PG_GETARG_ARRAYTYPE_P(1);
		check_state(other);
		for (int i = 0; i < N_NUMBERS; i++)
			((double *) ARR_DATA_PTR(state))[i] += ((double *) ARR_DATA_PTR(other))[i];
	}
	PG_RETURN_ARRAYTYPE_P(state);
}

static void
put_count(Json *json, double count)
{
	emoser_json_key(json, "n");
	emoser_json_real(json, count);
}

static void
put_share(Json *json, const char *key, double share)
{
	emoser_json_key(json, key);
	emoser_json_digits(json, share, FLT_DECIMAL_DIG);
}

PG_FUNCTION_INFO_V1(emoser_reliability_final);
Datum
emoser_reliability_final(PG_FUNCTION_ARGS)
{
	const double *numbers;
	double n = 0, distance = 0;
	Json json;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	numbers = (const double *) ARR_DATA_PTR(own_state(fcinfo));
	emoser_json_init(&json);
	emoser_json_open(&json, '{');
	emoser_json_key(&json, "bins");
	emoser_json_open(&json, '[');
	for (int b = 0; b < EMO_CALIBRATION_BINS; b++, numbers += 3)
	{
		n += numbers[0];
		distance += fabs(numbers[1] - numbers[2]);
		emoser_json_open(&json, '{');
		put_count(&json, numbers[0]);
		if (numbers[0] > 0)
		{
			put_share(&json, "confidence", numbers[1] / numbers[0]);
			put_share(&json, "accuracy", numbers[2] / numbers[0]);
		}
		emoser_json_close(&json, '}');
	}
	if (n == 0)
		PG_RETURN_NULL();
	emoser_json_close(&json, ']');
	put_count(&json, n);
	put_share(&json, "ece", distance / n);
	emoser_json_close(&json, '}');
	PG_RETURN_JSONB_P(emoser_json_to_jsonb(&json));
}

static void
raise_no_reliability(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("not what emoser_reliability() returns"),
					errdetail("It is of the form {\"bins\": [{\"n\": ..., \"confidence\": ..., "
							  "\"accuracy\": ...}, ...]} with %d bins.",
							  EMO_CALIBRATION_BINS)));
}

/* A number of an object from 0 to most; 0 for none. */
static double
number_under(JsonbContainer *object, const char *key, double most)
{
	JsonbValue *value = getKeyJsonValueFromContainer(object, key, strlen(key), NULL);
	double number;

	if (value == NULL)
		return 0;
	if (value->type != jbvNumeric)
		raise_no_reliability();
	number = DatumGetFloat8(
		DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value->val.numeric)));
	if (!(number >= 0 && number <= most))
		raise_no_reliability();
	return number;
}

static void
read_bins(Jsonb *json, EmoReliabilityBin *bins)
{
	JsonbValue *array;

	if (!JB_ROOT_IS_OBJECT(json))
		raise_no_reliability();
	array = getKeyJsonValueFromContainer(&json->root, "bins", 4, NULL);
	if (array == NULL || array->type != jbvBinary ||
		!JsonContainerIsArray(array->val.binary.data) ||
		JsonContainerSize(array->val.binary.data) != EMO_CALIBRATION_BINS)
		raise_no_reliability();
	for (int b = 0; b < EMO_CALIBRATION_BINS; b++)
	{
		JsonbValue *bin = getIthJsonbValueFromContainer(array->val.binary.data, b);

		if (bin->type != jbvBinary || !JsonContainerIsObject(bin->val.binary.data))
			raise_no_reliability();
		bins[b].n = number_under(bin->val.binary.data, "n", 1e15);
		bins[b].confidence = bins[b].n * number_under(bin->val.binary.data, "confidence", 1.001);
		bins[b].right = bins[b].n * number_under(bin->val.binary.data, "accuracy", 1.001);
	}
}

PG_FUNCTION_INFO_V1(emoser_plot_reliability);
Datum
emoser_plot_reliability(PG_FUNCTION_ARGS)
{
	EmoReliabilityBin bins[EMO_CALIBRATION_BINS];
	Picture picture;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	emoser_picture_read(&picture, fcinfo, 1);
	read_bins(PG_GETARG_JSONB_P(0), bins);
	return emoser_picture_datum(
		&picture, emo_plot_reliability(&picture.env, emoser_picture_title(&picture, "Reliability"),
									   NULL, bins, picture.width, &picture.svg, &picture.length));
}

PG_FUNCTION_INFO_V1(emoser_plot_reliability_of_model);
Datum
emoser_plot_reliability_of_model(PG_FUNCTION_ARGS)
{
	EmoReliabilityBin bins[EMO_CALIBRATION_BINS];
	ModelEvaluation *evaluation;
	Picture picture;

	evaluation = emoser_picture_begin_model(&picture, fcinfo, "Reliability", false);
	emoser_reliability_of(&evaluation->plain, bins);
	return emoser_picture_end(&picture, emo_plot_reliability(&picture.env, picture.title,
															 picture.warning, bins, picture.width,
															 &picture.svg, &picture.length));
}
