/*
 * training_state.c
 *	  The SQL type emoser_training_state.
 */
#include "pg/model/training_state.h"

#include "utils/memutils.h"

#include "core/lda/state_pack.h"

static Size measure(ExpandedObjectHeader *header);
static void flatten(ExpandedObjectHeader *header, void *result, Size allocated_size);

static const ExpandedObjectMethods methods = {measure, flatten};

void
emoser_raise_damaged_state(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("training state is damaged"),
					errdetail_internal("%s", detail)));
}

WorkingState *
emoser_new_working_state(MemoryContext context, int n_features, uint64 scale_id)
{
	MemoryContext own =
		AllocSetContextCreate(context, "emoser training state", ALLOCSET_START_SMALL_SIZES);
	WorkingState *state = MemoryContextAllocZero(own, sizeof(WorkingState));

	EOH_init_header(&state->header, &methods, own);
	emoser_env_init(&state->env, own);
	emoser_check(&state->env, emo_state_new(&state->env, n_features, scale_id, &state->state));
	return state;
}

static WorkingState *
working_state_of(ExpandedObjectHeader *header)
{
	return header->eoh_methods == &methods ? (WorkingState *) header : NULL;
}

WorkingState *
emoser_changeable_state(Datum datum)
{
	if (!VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(datum)))
		return NULL;
	return working_state_of(DatumGetEOHP(datum));
}

/* The flat form of what is worked on, in the current context. */
static EmoFlatState *
finished(WorkingState *state)
{
	EmoEnv env;
	EmoFlatState *flat;
	size_t n_bytes;

	emoser_check(&state->env, emo_state_finish(&state->env, state->state, &n_bytes));
	emoser_env_init(&env, CurrentMemoryContext);
	if ((flat = emo_alloc(&env, 1, n_bytes)) == NULL)
		emoser_raise(&env);
	emo_state_write(state->state, flat);
	return flat;
}

static void
release_flat(EmoFlatState *flat)
{
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emo_free(&env, flat);
}

static void
forget_packed(WorkingState *state)
{
	if (state->packed != NULL)
		pfree(state->packed);
	state->packed = NULL;
}

/* The server asks for the size and then, at once, for the bytes. */
static Size
measure(ExpandedObjectHeader *header)
{
	WorkingState *state = working_state_of(header);
	EmoFlatState *flat;
	EmoEnv env;

	forget_packed(state);
	flat = finished(state);
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_state_pack(&env, flat, NULL, &state->n_packed));
	if (state->n_packed > EMO_MAX_PACKED_STATE_BYTES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("training state has %zu bytes", state->n_packed),
						errdetail("The limit is %zu.", (Size) EMO_MAX_PACKED_STATE_BYTES)));
	state->packed = MemoryContextAllocHuge(state->header.eoh_context, state->n_packed);
	emoser_check(&env, emo_state_pack(&env, flat, state->packed, &state->n_packed));
	release_flat(flat);
	return VARHDRSZ + state->n_packed;
}

static void
flatten(ExpandedObjectHeader *header, void *result, Size allocated_size)
{
	WorkingState *state = working_state_of(header);

	Assert(state->packed != NULL && allocated_size == VARHDRSZ + state->n_packed);
	SET_VARSIZE(result, allocated_size);
	memcpy(VARDATA(result), state->packed, state->n_packed);
	forget_packed(state);
}

static EmoFlatState *
unpacked(const void *bytes, Size n_bytes, bool is_known)
{
	EmoEnv env;
	EmoFlatState *flat;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_state_unpack(&env, bytes, n_bytes, is_known, &flat));
	return flat;
}

static EmoFlatState *
flat_state(Datum datum)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);
	struct varlena *packed;
	EmoFlatState *flat;

	if (VARATT_IS_EXTERNAL_EXPANDED(value) && working_state_of(DatumGetEOHP(datum)) != NULL)
		return finished(working_state_of(DatumGetEOHP(datum)));
	packed = pg_detoast_datum_packed(value);
	flat = unpacked(VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed), true);
	if (packed != value)
		pfree(packed);
	return flat;
}

const EmoFlatState *
emoser_flat_state(Datum datum)
{
	return flat_state(datum);
}

WorkingState *
emoser_working_copy(MemoryContext context, Datum datum)
{
	EmoFlatState *flat = flat_state(datum);
	WorkingState *state = emoser_new_working_state(context, flat->n_features, flat->scale_id);

	emoser_check(&state->env, emo_state_merge(&state->env, state->state, flat));
	release_flat(flat);
	return state;
}

void
emoser_merge_state(WorkingState *state, Datum other)
{
	EmoFlatState *flat = flat_state(other);

	emoser_check(&state->env, emo_state_merge(&state->env, state->state, flat));
	release_flat(flat);
}

void
emoser_subtract_state(WorkingState *state, Datum other)
{
	EmoFlatState *flat = flat_state(other);

	emoser_check(&state->env, emo_state_subtract(&state->env, state->state, flat));
	release_flat(flat);
}

void
emoser_check_packed_state(struct varlena *value)
{
	release_flat(unpacked(VARDATA(value), VARSIZE(value) - VARHDRSZ, false));
}
