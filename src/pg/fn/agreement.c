/*
 * agreement.c
 *	  The aggregates emoser_ccc(actual, predicted) and emoser_mae(actual, predicted).
 *
 * Their state is an array of the numbers of an EmoAgreement, in its order, but for the pairs that an interval
 * covers.
 */
#include "pg/base/glue.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"

#include "core/base/agreement.h"

#define N_NUMBERS 8

static void
write_state(const EmoAgreement *agreement, double *numbers)
{
	numbers[0] = (double) agreement->n;
	numbers[1] = agreement->actual_mean;
	numbers[2] = agreement->predicted_mean;
	numbers[3] = agreement->actual_square;
	numbers[4] = agreement->predicted_square;
	numbers[5] = agreement->product;
	numbers[6] = agreement->error;
	numbers[7] = agreement->square_error;
}

static void
not_a_state(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("not a state of emoser_ccc or emoser_mae")));
}

static EmoAgreement
read_state(ArrayType *state)
{
	const double *numbers = (const double *) ARR_DATA_PTR(state);

	if (ARR_NDIM(state) != 1 || ARR_DIMS(state)[0] != N_NUMBERS || ARR_HASNULL(state) ||
		ARR_ELEMTYPE(state) != FLOAT8OID)
		not_a_state();
	/* Whole numbers that doubles have. */
	if (!(numbers[0] >= 0 && numbers[0] <= 9007199254740992.0))
		not_a_state();
	return (EmoAgreement){.n = (int64) numbers[0],
						  .actual_mean = numbers[1],
						  .predicted_mean = numbers[2],
						  .actual_square = numbers[3],
						  .predicted_square = numbers[4],
						  .product = numbers[5],
						  .error = numbers[6],
						  .square_error = numbers[7]};
}

/* The state that is to be changed, with what it says; a new one for NULL. */
static ArrayType *
own_state(FunctionCallInfo fcinfo, EmoAgreement *agreement)
{
	Datum zeros[N_NUMBERS];
	ArrayType *state;

	*agreement = (EmoAgreement){0};
	if (!PG_ARGISNULL(0))
	{
		/* Of an aggregate, it may be changed in place. */
		state = AggCheckCallContext(fcinfo, NULL) ? PG_GETARG_ARRAYTYPE_P(0)
												  : PG_GETARG_ARRAYTYPE_P_COPY(0);
		*agreement = read_state(state);
		return state;
	}
	for (int i = 0; i < N_NUMBERS; i++)
		zeros[i] = Float8GetDatum(0);
	return construct_array(zeros, N_NUMBERS, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
						   TYPALIGN_DOUBLE);
}

PG_FUNCTION_INFO_V1(emoser_agreement_accumulate);
Datum
emoser_agreement_accumulate(PG_FUNCTION_ARGS)
{
	EmoAgreement agreement;
	ArrayType *state = own_state(fcinfo, &agreement);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		double actual = PG_GETARG_FLOAT8(1), predicted = PG_GETARG_FLOAT8(2);

		if (!isfinite(actual) || !isfinite(predicted))
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("numbers must be finite"),
							errdetail("A pair is %g and %g.", actual, predicted)));
		emo_agreement_add(&agreement, actual, predicted);
		write_state(&agreement, (double *) ARR_DATA_PTR(state));
	}
	PG_RETURN_ARRAYTYPE_P(state);
}

PG_FUNCTION_INFO_V1(emoser_agreement_combine);
Datum
emoser_agreement_combine(PG_FUNCTION_ARGS)
{
	EmoAgreement agreement;
	ArrayType *state = own_state(fcinfo, &agreement);

	if (!PG_ARGISNULL(1))
	{
		EmoAgreement other = read_state(PG_GETARG_ARRAYTYPE_P(1));

		emo_agreement_merge(&agreement, &other);
		write_state(&agreement, (double *) ARR_DATA_PTR(state));
	}
	PG_RETURN_ARRAYTYPE_P(state);
}

static Datum
final(FunctionCallInfo fcinfo, EmoAgreementMetric metric)
{
	EmoAgreement agreement;
	double values[EMO_N_AGREEMENTS];

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	agreement = read_state(PG_GETARG_ARRAYTYPE_P(0));
	if (!isfinite(agreement.actual_square) || !isfinite(agreement.predicted_square) ||
		!isfinite(agreement.product) || !isfinite(agreement.error))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("value out of range: overflow")));
	emo_agreement_metrics(&agreement, values);
	if (isnan(values[metric]))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(values[metric]);
}

PG_FUNCTION_INFO_V1(emoser_ccc_final);
Datum
emoser_ccc_final(PG_FUNCTION_ARGS)
{
	return final(fcinfo, EMO_AGREEMENT_CCC);
}

PG_FUNCTION_INFO_V1(emoser_mae_final);
Datum
emoser_mae_final(PG_FUNCTION_ARGS)
{
	return final(fcinfo, EMO_AGREEMENT_MAE);
}
