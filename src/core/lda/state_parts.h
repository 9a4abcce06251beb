/*
 * state_parts.h
 *	  The inside of training states that are worked on (for lda's own files).
 */
#ifndef EMO_LDA_STATE_PARTS_H
#define EMO_LDA_STATE_PARTS_H

#include "core/lda/state_layout.h"

/* One of its parts. */
typedef struct EmoStateWork
{
	int64_t n_rows;
	int64_t *class_rows; /* [class_room] */
	int32_t *label;      /* [row_room], of the rows that are kept */
	int16_t *rows;       /* [row_room][n_features] */
	int64_t n_kept;
	int64_t row_room;
	int64_t *class_sum; /* [class_room][n_features], of rows that aren't kept; NULL: all are */
	int64_t *triangle;
} EmoStateWork;

struct EmoTrainingState
{
	int n_features;
	int n_classes;
	int class_room; /* for so many there is room */
	uint64_t scale_id;
	char (*labels)[EMO_STATE_MAX_LABEL_BYTES + 1]; /* [class_room] */
	EmoHashSum data_hash;
	EmoStateWork part[EMO_STATE_N_PARTS];
};

/* Let the rows that are kept go into the sums. */
extern EmoStatus emo_state_fold(EmoEnv *env, const EmoTrainingState *state, EmoStateWork *part);

/* Sums of zero where there are none, and none. */
extern EmoStatus emo_state_make_sums(EmoEnv *env, const EmoTrainingState *state,
									 EmoStateWork *part);
extern void emo_state_free_sums(EmoEnv *env, EmoStateWork *part);

/* Add (sign 1) or take out (sign -1) a row, sums, or numbers of rows. */
extern void emo_state_add_to_class_sum(int64_t *class_sum, const int16_t *q, int n_features,
									   int sign);
extern EmoStatus emo_state_add_sums(EmoEnv *env, const EmoTrainingState *state, EmoStateWork *part,
									const EmoStatePartView *view, int n_classes,
									const int *class_of, int sign);
extern void emo_state_count_rows(EmoStateWork *part, const EmoStatePartView *view, int n_classes,
								 const int *class_of, int sign);

/* EMO_BAD_DATA unless both are of the same scale and length. */
extern EmoStatus emo_state_check_scale(EmoEnv *env, const EmoTrainingState *state,
									   const EmoFlatState *other);

#endif
