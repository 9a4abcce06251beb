/*
 * profile.c
 *	  The aggregate emoser_profile(features): how a speaker usually sounds.
 */
#include "pg/model/speaker_profile.h"

#include <float.h>
#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/typcache.h"

#include "core/lda/lda.h"

#define N_PROFILE_COLUMNS 3

static MemoryContext
aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	return context;
}

static EmoProfileState *
new_state(MemoryContext context, int n_features)
{
	EmoProfileState *state = MemoryContextAlloc(context, emo_profile_state_size(n_features));

	emo_profile_init(state, n_features);
	return state;
}

static void
check_length(int n_features, int n_expected)
{
	if (n_features == 0 || n_features > EMO_MAX_FEATURES)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION), errmsg("features have %d elements", n_features),
				 errdetail("Allowed range: 1 to %d.", EMO_MAX_FEATURES)));
	if (n_features != n_expected)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("features of one profile must all have the same length"),
						errdetail("One has %d elements, another %d.", n_expected, n_features)));
}

PG_FUNCTION_INFO_V1(emoser_profile_accumulate);
Datum
emoser_profile_accumulate(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	EmoProfileState *state = PG_ARGISNULL(0) ? NULL : (EmoProfileState *) PG_GETARG_POINTER(0);
	const float *features;
	int n_features;

	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	features = emoser_real_array_data(PG_GETARG_ARRAYTYPE_P(1), "features", &n_features);
	check_length(n_features, state != NULL ? state->n_features : n_features);
	for (int i = 0; i < n_features; i++)
		if (!isfinite(features[i]))
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("features must be finite"),
							errdetail("Element %d is %g.", i + 1, features[i])));
	if (state == NULL)
		state = new_state(context, n_features);
	emo_profile_add(state, features);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(emoser_profile_combine);
Datum
emoser_profile_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	EmoProfileState *state = PG_ARGISNULL(0) ? NULL : (EmoProfileState *) PG_GETARG_POINTER(0);
	const EmoProfileState *other =
		PG_ARGISNULL(1) ? NULL : (const EmoProfileState *) PG_GETARG_POINTER(1);

	if (other == NULL)
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	check_length(other->n_features, state != NULL ? state->n_features : other->n_features);
	if (state == NULL)
		state = new_state(context, other->n_features);
	emo_profile_merge(state, other);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(emoser_profile_serialize);
Datum
emoser_profile_serialize(PG_FUNCTION_ARGS)
{
	const EmoProfileState *state = (const EmoProfileState *) PG_GETARG_POINTER(0);
	Size size = emo_profile_state_size(state->n_features);
	bytea *bytes = palloc(VARHDRSZ + size);

	(void) aggregate_context(fcinfo);
	SET_VARSIZE(bytes, VARHDRSZ + size);
	memcpy(VARDATA(bytes), state, size);
	PG_RETURN_BYTEA_P(bytes);
}

PG_FUNCTION_INFO_V1(emoser_profile_deserialize);
Datum
emoser_profile_deserialize(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	EmoProfileState *state;

	/* Only ever called with what emoser_profile_serialize() made in a worker of this query. */
	(void) aggregate_context(fcinfo);
	state = palloc(VARSIZE_ANY_EXHDR(bytes));
	memcpy(state, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	PG_RETURN_POINTER(state);
}

/* ALTER TYPE lets the owner add attributes; dropped ones still count. */
static void
check_row_type(TupleDesc row_type)
{
	if (row_type->natts != N_PROFILE_COLUMNS)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("type emoser_speaker_profile has %d attributes instead of %d",
							   row_type->natts, N_PROFILE_COLUMNS)));
}

/* Doesn't change the state, as window frames want it. */
PG_FUNCTION_INFO_V1(emoser_profile_final);
Datum
emoser_profile_final(PG_FUNCTION_ARGS)
{
	const EmoProfileState *state;
	TupleDesc row_type;
	Datum values[N_PROFILE_COLUMNS];
	bool nulls[N_PROFILE_COLUMNS] = {false};
	float *mean, *deviation;

	(void) aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const EmoProfileState *) PG_GETARG_POINTER(0);
	if (get_call_result_type(fcinfo, NULL, &row_type) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	check_row_type(row_type);
	values[0] = Int64GetDatum(state->count);
	values[1] = PointerGetDatum(emoser_new_real_array(1, &state->n_features, &mean));
	values[2] = PointerGetDatum(emoser_new_real_array(1, &state->n_features, &deviation));
	emo_profile_finish(state, mean, deviation);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row_type), values, nulls)));
}

static const float *
profile_array(Datum value, bool is_null, const char *name, int n_features, float min)
{
	const float *elements;
	int n_elements;

	if (is_null)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("speaker profile has no \"%s\"", name)));
	elements = emoser_real_array_data(DatumGetArrayTypeP(value), name, &n_elements);
	if (n_elements != n_features)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("speaker profile is of %d features, the model of %d", n_elements,
							   n_features),
						errhint("Make the profile with emoser_profile() from the same features as "
								"those that are predicted.")));
	for (int i = 0; i < n_features; i++)
		if (!isfinite(elements[i]) || elements[i] < min)
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION), errmsg("speaker profile is not valid"),
					 errdetail("Element %d of its \"%s\" is %g.", i + 1, name, elements[i])));
	return elements;
}

void
emoser_read_profile(Datum composite, int n_features, EmoProfile *profile)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(composite);
	TupleDesc row_type =
		lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
	HeapTupleData row;
	Datum values[N_PROFILE_COLUMNS];
	bool nulls[N_PROFILE_COLUMNS];

	check_row_type(row_type);
	row.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&row.t_self);
	row.t_tableOid = InvalidOid;
	row.t_data = header;
	heap_deform_tuple(&row, row_type, values, nulls);
	ReleaseTupleDesc(row_type);

	profile->count = nulls[0] ? 0 : DatumGetInt64(values[0]);
	if (profile->count < 1)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("speaker profile is not valid"),
						errdetail("Its count must be at least 1.")));
	profile->n_features = n_features;
	profile->mean = profile_array(values[1], nulls[1], "mean", n_features, -FLT_MAX);
	profile->deviation = profile_array(values[2], nulls[2], "deviation", n_features, 0);
}
