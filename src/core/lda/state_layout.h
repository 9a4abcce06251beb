/*
 * state_layout.h
 *	  The inside of flat training states (for lda's own files).
 */
#ifndef EMO_LDA_STATE_LAYOUT_H
#define EMO_LDA_STATE_LAYOUT_H

#include "core/lda/state.h"

/* "EmT" and the version. */
#define EMO_STATE_MAGIC_NAME  0xffffff00u
#define EMO_STATE_MAGIC       0x456d5401u

#define EMO_STATE_ROUND_UP(n) (((size_t) (n) + 7) & ~(size_t) 7)

extern size_t emo_state_part_bytes(EmoStateForm form, int64_t n_rows, int n_features,
								   int n_classes);

/* Of a state whose n_bytes are right. */
extern uint32_t emo_state_checksum(const EmoFlatState *flat);

/* Below, at or above zero as a comes before, is or comes after b. */
extern int emo_compare_rows(const int16_t *a, const int16_t *b, int n_features);

/* Whether sums are within what so many rows can add up to, and sums of squares not negative. */
extern bool emo_sums_are_possible(int64_t n_rows, int n_features, int n_classes,
								  const int64_t *class_rows, const int64_t *class_sum,
								  const int64_t *triangle);

#endif
