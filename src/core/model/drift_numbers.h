/*
 * drift_numbers.h
 *	  The numbers of a drift, from counts of all parts or all but one (not for users of drift.h).
 */
#ifndef EMO_DRIFT_NUMBERS_H
#define EMO_DRIFT_NUMBERS_H

#include "core/model/drift.h"

/* Counts of all parts but one. */
typedef struct EmoDriftRest
{
	const EmoDrift *drift;
	const EmoDriftPart *all, *without; /* without may be NULL */
	double n;
} EmoDriftRest;

/*
 * The number of each item, values[n_items]; those of features are means over the features of their group.  With
 * note_worst, items are told which feature is farthest off.
 */
extern EmoStatus emo_drift_numbers(EmoEnv *env, const EmoDriftRest *rest, EmoDriftItem *items,
								   int n_items, bool note_worst, double *values);

/* Sets by_chance of each PSI. */
extern EmoStatus emo_drift_set_chance(EmoEnv *env, const EmoDrift *drift, int64_t n_rows,
									  int64_t n_speakers, EmoDriftItem *items, int n_items);

/* Whether features are compared by cells, otherwise by moments. */
static inline bool
emo_drift_has_cells(const EmoDrift *drift, EmoDriftReference reference)
{
	return reference == EMO_DRIFT_TRAINING && drift->model->cells != NULL;
}

/* What was stored as shares of so many rows, none of them 0. */
extern void emo_drift_smooth_shares(const float *stored, int n, double n_rows, double *shares);

/* A tenth each. */
extern void emo_drift_uniform_shares(double shares[EMO_FAMILIARITY_BINS]);

#endif
