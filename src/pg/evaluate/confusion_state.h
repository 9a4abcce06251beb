/*
 * confusion_state.h
 *	  How often each label was predicted for each actual one, as an aggregate counts it.
 *
 * A value of the type _emoser_confusion_state: one block, which is changed in place, and grows by
 * doubling.  Labels have the encoding of the database there; between servers (send, text) it is UTF-8.
 */
#ifndef EMOSER_CONFUSION_STATE_H
#define EMOSER_CONFUSION_STATE_H

#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"

typedef struct ConfusionState
{
	int32 vl_len_; /* of a varlena */
	int32 n_labels;
	int32 label_room; /* labels and bytes of labels that there is room for */
	uint32 text_room;
	int64 counts[]; /* [label_room][label_room], actual by predicted, in order of appearance */
	/* uint32 end[label_room]: where in text a label ends; it begins where the one before ends. */
	/* uint16 sorted[label_room]: labels in the order of their bytes. */
	/* char text[text_room]: labels in order of appearance. */
} ConfusionState;

extern ConfusionState *emoser_confusion_new(void);

/*
 * The state after a pair has been counted: the same one, or a larger one in the current context, to
 * which it has grown.  Raises PROGRAM_LIMIT_EXCEEDED for too many labels, and for too long ones.
 */
extern ConfusionState *emoser_confusion_count(ConfusionState *state, const text *actual,
											  const text *predicted);

/* Likewise all pairs of other. */
extern ConfusionState *emoser_confusion_merge(ConfusionState *state, const ConfusionState *other);

/*
 * The state that is an argument; a copy unless the caller is an aggregate and may change it, or only
 * reads.  Raises DATA_CORRUPTED if its parts don't fit together.
 */
extern ConfusionState *emoser_confusion_arg(FunctionCallInfo fcinfo, int arg, bool to_change);

/*
 * Labels in the order of their bytes, and counts [n][n] in that order; palloc'd.  The state is not
 * changed, as window frames want it.
 */
extern int64 *emoser_confusion_sorted(const ConfusionState *state, const char ***labels);

/* What servers tell each other: the same bytes for the same counts.  Any bytes end in a state or DATA_CORRUPTED. */
extern void emoser_confusion_write(const ConfusionState *state, StringInfo bytes);
extern ConfusionState *emoser_confusion_read(const char *bytes, Size n_bytes);

extern void emoser_raise_damaged_confusion(const char *detail) __attribute__((noreturn));

#endif
