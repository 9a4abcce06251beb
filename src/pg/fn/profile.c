/*
 * profile.c
 *	  The aggregate emoser_profile(features): how a speaker usually sounds.
 */
#include "pg/model/speaker_profile.h"

#include <math.h>

#include "access/htup_details.h"
#include "funcapi.h"

#include "core/base/number_line.h"
#include "core/lda/lda.h"
#include "pg/base/value_text.h"

/* What servers tell each other of a state. */
#define FORMAT_VERSION 1

/* EMO_MAX_FEATURES, each with words of 8 bytes at most, and what stands before them. */
#define MAX_STATE_BYTES ((Size) EMO_MAX_FEATURES * EMO_PROFILE_WORDS * sizeof(int64) + 64)

static void
raise_damaged(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("state of a profile is damaged"),
					errdetail_internal("%s", detail)));
}

static const ValueText state_text = {.type_name = "emoser_profile_state",
									 .noun = "a state of a profile",
									 .prefix = "emoser-profile:1:",
									 .max_bytes = MAX_STATE_BYTES,
									 .raise_damaged = raise_damaged};

static EmoProfileState *
new_state(int n_features)
{
	EmoProfileState *state = palloc(emo_profile_state_size(n_features));

	emo_profile_init(state, n_features);
	SET_VARSIZE(state, emo_profile_state_size(n_features));
	return state;
}

static void
check_state(const EmoProfileState *state)
{
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_profile_check(&env, state, VARSIZE(state)));
}

/* A copy of the state that is an argument, in its one form. */
static EmoProfileState *
settled_copy(FunctionCallInfo fcinfo, int arg)
{
	EmoProfileState *state = (EmoProfileState *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(arg));

	if (VARSIZE(state) < sizeof(EmoProfileState) || state->n_features < 1 ||
		state->n_features > EMO_MAX_FEATURES ||
		VARSIZE(state) != emo_profile_state_size(state->n_features))
		raise_damaged("Its length is not that of what it holds.");
	emo_profile_settle(state);
	check_state(state);
	return state;
}

/* The state that is the first argument, to be changed: that of an aggregate where it lies. */
static EmoProfileState *
state_to_change(FunctionCallInfo fcinfo)
{
	struct varlena *value = (struct varlena *) PG_GETARG_POINTER(0);

	if (AggCheckCallContext(fcinfo, NULL) && !VARATT_IS_EXTENDED(value))
		return (EmoProfileState *) value;
	return settled_copy(fcinfo, 0);
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
	EmoProfileState *state = NULL;
	const float *features;
	int n_features;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	if (!PG_ARGISNULL(0))
		state = state_to_change(fcinfo);
	features = emoser_real_vector_data(PG_GETARG_ARRAYTYPE_P(1), "features", &n_features);
	check_length(n_features, state != NULL ? state->n_features : n_features);
	if (state == NULL)
		state = new_state(n_features);
	add_features(state, features);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(emoser_profile_combine);
Datum
emoser_profile_combine(PG_FUNCTION_ARGS)
{
	EmoProfileState *state = state_to_change(fcinfo);
	const EmoProfileState *other = settled_copy(fcinfo, 1);
	EmoEnv env;

	check_length(other->n_features, state->n_features);
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_profile_merge(&env, state, other));
	PG_RETURN_POINTER(state);
}

/* So that equal states are equal bytes, stored or compared. */
PG_FUNCTION_INFO_V1(emoser_profile_state_final);
Datum
emoser_profile_state_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(settled_copy(fcinfo, 0));
}

/* Version, features, utterances, and a line of each word of the sums, of a settled state. */
static void
write_state(EmoWriter *writer, const EmoProfileState *state)
{
	emo_write_u8(writer, FORMAT_VERSION);
	emo_write_u32(writer, state->n_features);
	emo_write_u64(writer, state->count);
	for (int word = 0; word < EMO_PROFILE_WORDS; word++)
		emo_write_line(writer, state->sums + (Size) word * state->n_features, state->n_features);
}

static bytea *
bytes_of_state(FunctionCallInfo fcinfo)
{
	const EmoProfileState *state = settled_copy(fcinfo, 0);
	EmoWriter writer = {.bytes = NULL};
	bytea *bytes;

	write_state(&writer, state);
	bytes = palloc(VARHDRSZ + writer.n);
	SET_VARSIZE(bytes, VARHDRSZ + writer.n);
	writer = (EmoWriter){.bytes = (uint8_t *) VARDATA(bytes)};
	write_state(&writer, state);
	return bytes;
}

/* Any bytes end in a state or an error. */
static EmoProfileState *
state_of_bytes(const struct varlena *bytes)
{
	EmoReader reader = {.bytes = (const uint8_t *) VARDATA(bytes),
						.n_left = VARSIZE(bytes) - VARHDRSZ};
	int version = emo_read_u8(&reader);
	uint32 n_features = emo_read_u32(&reader);
	int64 count = (int64) emo_read_u64(&reader);
	EmoProfileState *state;

	if (reader.ended)
		raise_damaged("It is too short.");
	if (version != FORMAT_VERSION)
		raise_damaged("It is of another version.");
	if (n_features < 1 || n_features > EMO_MAX_FEATURES)
		raise_damaged("Its number of features is out of range.");
	state = new_state(n_features);
	state->count = count;
	for (int word = 0; word < EMO_PROFILE_WORDS; word++)
		if (!emo_read_line(&reader, state->sums + (Size) word * n_features, n_features))
			raise_damaged("Its numbers are none.");
	if (reader.n_left > 0)
		raise_damaged("Its length is not that of what it holds.");
	check_state(state);
	return state;
}

PG_FUNCTION_INFO_V1(emoser_profile_state_in);
Datum
emoser_profile_state_in(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(state_of_bytes(emoser_value_of_text(&state_text, PG_GETARG_CSTRING(0))));
}

PG_FUNCTION_INFO_V1(emoser_profile_state_out);
Datum
emoser_profile_state_out(PG_FUNCTION_ARGS)
{
	bytea *bytes = bytes_of_state(fcinfo);

	PG_RETURN_CSTRING(emoser_text_of_value(&state_text, VARDATA(bytes), VARSIZE(bytes) - VARHDRSZ));
}

PG_FUNCTION_INFO_V1(emoser_profile_state_recv);
Datum
emoser_profile_state_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);

	PG_RETURN_POINTER(state_of_bytes(emoser_value_of_message(&state_text, message)));
}

PG_FUNCTION_INFO_V1(emoser_profile_state_send);
Datum
emoser_profile_state_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(bytes_of_state(fcinfo));
}

/* Doesn't change the state, as window frames want it. */
PG_FUNCTION_INFO_V1(emoser_profile_final);
Datum
emoser_profile_final(PG_FUNCTION_ARGS)
{
	const EmoProfileState *state = settled_copy(fcinfo, 0);
	TupleDesc row_type;
	Datum values[EMOSER_PROFILE_COLUMNS];
	bool nulls[EMOSER_PROFILE_COLUMNS] = {false};
	float *mean, *deviation;

	if (get_call_result_type(fcinfo, NULL, &row_type) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	emoser_check_profile_type(row_type);
	values[0] = Int64GetDatum(state->count);
	values[1] = PointerGetDatum(emoser_new_real_array(1, &state->n_features, &mean));
	values[2] = PointerGetDatum(emoser_new_real_array(1, &state->n_features, &deviation));
	emo_profile_finish(state, mean, deviation);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row_type), values, nulls)));
}
