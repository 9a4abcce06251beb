/*
 * training_state.h
 *	  The SQL type emoser_training_state.
 *
 * Its values are packed states (core/lda/state_pack.h).  A state that is worked on is an expanded object
 * of the server, which an aggregate changes where it lies, and which becomes a value when it is stored or
 * goes to another process.
 */
#ifndef EMOSER_TRAINING_STATE_H
#define EMOSER_TRAINING_STATE_H

#include "pg/base/glue.h"

#include "utils/expandeddatum.h"

#include "core/lda/state.h"

/* Its fields are for training_state.c, and those who add to the state with the environment. */
typedef struct WorkingState
{
	ExpandedObjectHeader header;
	EmoEnv env; /* allocates in the context of the object */
	EmoTrainingState *state;
	uint8_t *packed; /* as measured for the server, which is about to ask for it; or NULL */
	Size n_packed;
} WorkingState;

/* A new one without rows, in a child of the context. */
extern WorkingState *emoser_new_working_state(MemoryContext context, int n_features,
											  uint64 scale_id);

/* What to return of a function or of a transition. */
static inline Datum
emoser_working_datum(WorkingState *state)
{
	return EOHPGetRWDatum(&state->header);
}

/* The state of a datum if it is one that may be changed where it lies; otherwise NULL. */
extern WorkingState *emoser_changeable_state(Datum datum);

/* A state that may be changed, with all rows of the datum, in a child of the context. */
extern WorkingState *emoser_working_copy(MemoryContext context, Datum datum);

/* The flat state of a datum, palloc'd.  Raises DATA_CORRUPTED for one that is damaged. */
extern const EmoFlatState *emoser_flat_state(Datum datum);

/* Add all rows of the datum, or take them out. */
extern void emoser_merge_state(WorkingState *state, Datum other);
extern void emoser_subtract_state(WorkingState *state, Datum other);

/* Packed bytes that come from outside: raises DATA_CORRUPTED unless they are a valid state. */
extern void emoser_check_packed_state(struct varlena *value);

extern void emoser_raise_damaged_state(const char *detail) __attribute__((noreturn));

#endif
