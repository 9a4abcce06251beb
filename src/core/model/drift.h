/*
 * drift.h
 *	  How far what comes in is from what a model was trained on: features, how usual utterances are, how sure the
 *	  model is, and what it says.
 *
 * Utterances are counted in whatever order and in parts, in memory that doesn't grow with them.  Features are
 * compared by the population stability index where the model knows its training's cells (lda/cells.h), and
 * otherwise by what that tends to for normals of the means and deviations, which is the divergence of Jeffreys (1946).
 * Intervals are by the delete-a-group jackknife over parts (Kott 2001, Journal of Official Statistics
 * 17(4)): parts of speakers where these are told, so that recordings of one speaker don't count as many.
 */
#ifndef EMO_DRIFT_H
#define EMO_DRIFT_H

#include "core/model/model.h"

/* For the jackknife. */
#define EMO_DRIFT_PARTS 10

/* Of the familiarity, each a tenth wide. */
#define EMO_FAMILIARITY_BINS 10

/* What features are compared with. */
typedef enum EmoDriftReference
{
	EMO_DRIFT_TRAINING,
	EMO_DRIFT_COLLECTION, /* of an adapted model */
	EMO_N_DRIFT_REFERENCES
} EmoDriftReference;

/* What there is to be counted of a model's utterances. */
typedef struct EmoDrift
{
	const EmoModel *model;
	double n_training; /* recordings of the training, and its speakers; 0: not known */
	double n_training_speakers;
	int n_groups;      /* of features; 0 without features */
	int32_t *group_of; /* [n_features] */
} EmoDrift;

/* Sums of z and of its square. */
typedef struct EmoMoments
{
	double sum, squares;
} EmoMoments;

/* Some of the utterances. */
typedef struct EmoDriftPart
{
	int64_t n;
	uint32_t *cells;     /* [n_features][EMO_N_CELLS]; NULL if the model has none */
	EmoMoments *moments; /* [n_features] by the population; NULL if it has cells, or no features */
	EmoMoments *of_collection; /* [n_features] by the collection; NULL if there is none */
	EmoCertaintySums certainty;
	int64_t familiarity_bins[EMO_FAMILIARITY_BINS];
	int64_t n_unfamiliar; /* below EMO_UNFAMILIAR */
	double familiarity;   /* the sum */
	double *values;       /* [n_classes] of a regression, sums; NULL: it is none */
} EmoDriftPart;

typedef struct EmoDriftCounts
{
	EmoDriftPart parts[EMO_DRIFT_PARTS];
} EmoDriftCounts;

/* What is told, one number each. */
typedef enum EmoDriftScope
{
	EMO_DRIFT_FEATURES, /* which: the group; -1: all */
	EMO_DRIFT_FAMILIARITY,
	EMO_DRIFT_CERTAINTY,
	EMO_DRIFT_PREDICTED, /* which: the class; -1: all */
	EMO_DRIFT_VALUE      /* which: the target */
} EmoDriftScope;

/* Which number of a familiarity or of a certainty. */
enum
{
	EMO_DRIFT_DISTRIBUTION = -1,
	EMO_DRIFT_MEAN, /* of the familiarity, or of the largest probability */
	EMO_DRIFT_OTHER /* the share that is unlike the training, or the entropy */
};

typedef struct EmoDriftItem
{
	EmoDriftScope scope;
	EmoDriftReference reference;
	int which;
	bool is_psi;        /* now is a PSI */
	double in_training; /* NaN: not known, and of a PSI */
	double now;         /* NaN: not known */
	double
		by_chance; /* of a PSI: what as many recordings of as many speakers of the training have on average */
	double low, high; /* 95 % interval of now, or of a PSI less by_chance; NaN: not known */
	int worst;        /* of features: the one that is farthest off, -1 of none; and how far */
	double worst_psi;
} EmoDriftItem;

/* What the counts of a model hold; n_training and n_speakers are used where it doesn't know itself. */
extern EmoStatus emo_drift_begin(EmoEnv *env, const EmoModel *model, double n_training,
								 double n_speakers, EmoDrift *drift);

/* Bytes of the counts of one bucket, for who limits them. */
extern size_t emo_drift_bytes(const EmoDrift *drift);

extern EmoStatus emo_drift_new_counts(EmoEnv *env, const EmoDrift *drift, EmoDriftCounts **counts);

/* Of a model with probabilities, or values of a regression, [n_classes]; the other is NULL. */
extern void emo_drift_add(const EmoDrift *drift, EmoDriftPart *part, const EmoUtterance *utterance,
						  const float *probabilities, const EmoValue *values);

/* A part alone. */
extern EmoStatus emo_drift_new_part(EmoEnv *env, const EmoDrift *drift, EmoDriftPart *part);
extern void emo_drift_free_part(EmoEnv *env, EmoDriftPart *part);
extern void emo_drift_merge_part(const EmoDrift *drift, const EmoDriftPart *from,
								 EmoDriftPart *into);

extern void emo_drift_merge(const EmoDrift *drift, EmoDriftCounts *counts,
							const EmoDriftCounts *others);

/*
 * All there is to be told of counts of so many speakers (0: each recording of another one), one utterance
 * at least.  items are allocated from env.
 */
extern EmoStatus emo_drift_measure(EmoEnv *env, const EmoDrift *drift, const EmoDriftCounts *counts,
								   int64_t n_speakers, EmoDriftItem **items, int *n_items);

/* Utterances in all. */
extern int64_t emo_drift_count(const EmoDriftCounts *counts);

/* EMO_PSI_MODERATE and EMO_PSI_LARGE, as words for a PSI whose lower end is above: "none", "moderate", "large"; NULL: not known. */
extern const char *emo_drift_word(const EmoDriftItem *item);

#endif
