/*
 * profile.c
 *	  The aggregate emoser_profile(features): how a speaker usually sounds.
 */
#include "pg/model/speaker_profile.h"

#include <math.h>

#include "access/htup_details.h"
#include "funcapi.h"

#include "core/lda/lda.h"

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

static void
add_features(EmoProfileState *state, const float *features)
{
	EmoEnv env;

	if (emo_profile_add(state, features))
		return;
	for (int i = 0; i < state->n_features; i++)
		if (!isfinite(features[i]))
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("features must be finite"),
							errdetail("Element %d is %g.", i + 1, features[i])));
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_profile_add_row(&env, state, features));
}

PG_FUNCTION_INFO_V1(emoser_profile_accumulate);
Datum
emoser_profile_accumulate(PG_FUNCTION_ARGS)
{
	MemoryContext context = emoser_aggregate_context(fcinfo);
	EmoProfileState *state = PG_ARGISNULL(0) ? NULL : (EmoProfileState *) PG_GETARG_POINTER(0);
	const float *features;
	int n_features;

	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	features = emoser_real_vector_data(PG_GETARG_ARRAYTYPE_P(1), "features", &n_features);
	check_length(n_features, state != NULL ? state->n_features : n_features);
	if (state == NULL)
		state = new_state(context, n_features);
	add_features(state, features);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(emoser_profile_combine);
Datum
emoser_profile_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = emoser_aggregate_context(fcinfo);
	EmoProfileState *state = PG_ARGISNULL(0) ? NULL : (EmoProfileState *) PG_GETARG_POINTER(0);
	const EmoProfileState *other =
		PG_ARGISNULL(1) ? NULL : (const EmoProfileState *) PG_GETARG_POINTER(1);
	EmoEnv env;

	if (other == NULL)
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	check_length(other->n_features, state != NULL ? state->n_features : other->n_features);
	if (state == NULL)
		state = new_state(context, other->n_features);
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_profile_merge(&env, state, other));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(emoser_profile_serialize);
Datum
emoser_profile_serialize(PG_FUNCTION_ARGS)
{
	EmoProfileState *state = (EmoProfileState *) PG_GETARG_POINTER(0);
	Size size = emo_profile_state_size(state->n_features);
	bytea *bytes = palloc(VARHDRSZ + size);

	(void) emoser_aggregate_context(fcinfo);
	emo_profile_settle(state);
	SET_VARSIZE(bytes, VARHDRSZ + size);
	memcpy(VARDATA(bytes), state, size);
	PG_RETURN_BYTEA_P(bytes);
}

PG_FUNCTION_INFO_V1(emoser_profile_deserialize);
Datum
emoser_profile_deserialize(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	Size size = VARSIZE_ANY_EXHDR(bytes);
	EmoProfileState *state = palloc(Max(size, sizeof(EmoProfileState)));
	EmoEnv env;

	(void) emoser_aggregate_context(fcinfo);
	memcpy(state, VARDATA_ANY(bytes), size);
	/* Any bytes end in a state or an error, though they come from a worker of this query. */
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_profile_check(&env, state, size));
	PG_RETURN_POINTER(state);
}

/* Doesn't change the state, as window frames want it. */
PG_FUNCTION_INFO_V1(emoser_profile_final);
Datum
emoser_profile_final(PG_FUNCTION_ARGS)
{
	const EmoProfileState *state;
	TupleDesc row_type;
	Datum values[EMOSER_PROFILE_COLUMNS];
	bool nulls[EMOSER_PROFILE_COLUMNS] = {false};
	float *mean, *deviation;

	(void) emoser_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (const EmoProfileState *) PG_GETARG_POINTER(0);
	if (get_call_result_type(fcinfo, NULL, &row_type) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	emoser_check_profile_type(row_type);
	values[0] = Int64GetDatum(state->count);
	values[1] = PointerGetDatum(emoser_new_real_array(1, &state->n_features, &mean));
	values[2] = PointerGetDatum(emoser_new_real_array(1, &state->n_features, &deviation));
	emo_profile_finish(state, mean, deviation);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row_type), values, nulls)));
}
