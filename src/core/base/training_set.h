/*
 * training_set.h
 *	  What training has in memory: labelled rows of features, and some of them as a set of their own.
 */
#ifndef EMO_TRAINING_SET_H
#define EMO_TRAINING_SET_H

#include "core/base/env.h"

#define EMO_MIN_CLASSES 2
#define EMO_MAX_CLASSES 1000

/* Of the name of a class or target, in UTF-8. */
#define EMO_MAX_LABEL_BYTES 63

/* Numbers that a regression learns at once. */
#define EMO_MAX_TARGETS 16

/*
 * All layers of a large pre-trained encoder, means and deviations, are 51200.  The covariance of so many is formed only
 * where there are as many rows, see solve.h; it takes 10 GB then.
 */
#define EMO_MAX_FEATURES 65536

/*
 * Rows may be augmented copies of one recording: they share its recording id, so that they never
 * stand on both sides of a split; only the originals (copy_kind 0) are scored.
 */
typedef struct EmoTrainingSet
{
	const float *features;     /* [n_rows][n_features], finite */
	const int32_t *label;      /* [n_rows], 0 .. n_classes - 1 */
	const int32_t *speaker;    /* [n_rows], 0 .. n_speakers - 1, -1 unknown; NULL: all unknown */
	const int32_t *corpus;     /* [n_rows], 0 .. n_corpora - 1; NULL: not known */
	const int32_t *recording;  /* [n_rows], 0 .. n_rows - 1, any order; NULL: each row its own */
	const int32_t *copy_kind;  /* [n_rows], 0 the original, 1.. which copy; NULL: all originals */
	int32_t first_random_kind; /* copies from this kind on are altered at random, each otherwise,
								* so that speaker profiles of them mean nothing; 0: none */
	int32_t
		first_degraded_kind; /* copies from this kind on, and before the random ones, sound as if
								  * recorded elsewhere; 0: none */
	float degraded_weight;   /* > 0, of their rows beside the others; 0: as any other */
	const float *row_weight; /* [n_rows], > 0; NULL: all 1 */
	bool weighs_plain_rows_only; /* these are not of rows that are normalised by profiles */
	int64_t n_rows;
	int n_features;
	int n_classes;
	int n_speakers;
	int n_corpora;

	/* What a regression learns, whose rows are of one class; none: classes are learnt. */
	const float *target; /* [n_rows][n_targets], finite; NULL: none */
	int n_targets;       /* 0 .. EMO_MAX_TARGETS */
} EmoTrainingSet;

/* What a head has a score for: targets, or else classes. */
static inline int
emo_n_outputs(const EmoTrainingSet *set)
{
	return set->n_targets > 0 ? set->n_targets : set->n_classes;
}

/* Of so many classes at least there must be rows. */
static inline int
emo_min_classes(const EmoTrainingSet *set)
{
	return set->n_targets > 0 ? 1 : EMO_MIN_CLASSES;
}

static inline int64_t
emo_recording_of(const EmoTrainingSet *set, int64_t row)
{
	return set->recording == NULL ? row : set->recording[row];
}

static inline int32_t
emo_copy_kind(const EmoTrainingSet *set, int64_t row)
{
	return set->copy_kind == NULL ? 0 : set->copy_kind[row];
}

static inline bool
emo_is_original(const EmoTrainingSet *set, int64_t row)
{
	return emo_copy_kind(set, row) == 0;
}

static inline bool
emo_is_degraded(const EmoTrainingSet *set, int64_t row)
{
	int32_t kind = emo_copy_kind(set, row);

	return set->first_degraded_kind > 0 && kind >= set->first_degraded_kind &&
		   !(set->first_random_kind > 0 && kind >= set->first_random_kind);
}

static inline double
emo_row_weight(const EmoTrainingSet *set, int64_t row)
{
	double weight = set->row_weight == NULL ? 1.0 : set->row_weight[row];

	return set->degraded_weight > 0 && emo_is_degraded(set, row) ? weight * set->degraded_weight
																 : weight;
}

typedef struct EmoTrainingSubset
{
	EmoTrainingSet set;
	int64_t *source_row; /* [set.n_rows], the row of the whole set */
	float *features;     /* set.features, which may be changed */
} EmoTrainingSubset;

/*
 * The rows with keep[row], in their order; classes and speakers keep their numbers, recordings get
 * new ones.  EMO_BAD_DATA for a recording out of range, EMO_CANCELED, EMO_OUT_OF_MEMORY.
 */
extern EmoStatus emo_training_subset(EmoEnv *env, const EmoTrainingSet *set, const bool *keep,
									 EmoTrainingSubset *subset);

/* The same of rows [n_rows] in any order, each as often as it is named; the array becomes the subset's. */
extern EmoStatus emo_training_rows(EmoEnv *env, const EmoTrainingSet *set, int64_t *rows,
								   int64_t n_rows, EmoTrainingSubset *subset);

extern void emo_training_subset_free(EmoEnv *env, EmoTrainingSubset *subset);

#endif
