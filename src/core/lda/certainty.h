/*
 * certainty.h
 *	  How sure a model is of utterances that it was not trained on: what training found of those that were
 *	  held out, and what is found later.
 */
#ifndef EMO_CERTAINTY_H
#define EMO_CERTAINTY_H

#include "core/base/env.h"
#include "core/base/training_set.h"

/* Of the probability of what is most likely, each a tenth wide. */
#define EMO_CERTAINTY_BINS 10

/* Of fewer held-out utterances nothing is said. */
#define EMO_CERTAINTY_MIN_ROWS 20

/* What a model stores. */
typedef struct EmoCertainty
{
	float n_rows;                   /* whole, at least 1 */
	float top_probability;          /* the mean of the largest probability, 0 .. 1 */
	float entropy;                  /* the mean, of that of equal probabilities: 0 .. 1 */
	float bins[EMO_CERTAINTY_BINS]; /* shares of utterances by their largest probability */
	float *predicted;               /* [n_classes], shares of utterances by what is most likely */
} EmoCertainty;

/* The numbers in front of predicted, which go as floats. */
#define EMO_CERTAINTY_NUMBERS (3 + EMO_CERTAINTY_BINS)

/* Utterances, counted in whatever order and in parts. */
typedef struct EmoCertaintySums
{
	int64_t n;
	double top_probability, entropy;
	int64_t bins[EMO_CERTAINTY_BINS];
	int64_t *predicted; /* [n_classes], of the caller */
} EmoCertaintySums;

/* probabilities [n_classes] are finite, and sum to one. */
extern void emo_certainty_add(EmoCertaintySums *sums, const float *probabilities, int n_classes);

/* Log posteriors, as a prediction makes them fade: by what emo_fading_of() says, or 1. */
extern void emo_certainty_add_faded(EmoCertaintySums *sums, const float *log_posteriors,
									int n_classes, double fading);
extern void emo_certainty_merge(EmoCertaintySums *sums, const EmoCertaintySums *other,
								int n_classes);

/* *certainty, allocated from env, is NULL for fewer than EMO_CERTAINTY_MIN_ROWS. */
extern EmoStatus emo_certainty_of_sums(EmoEnv *env, const EmoCertaintySums *sums, int n_classes,
									   EmoCertainty **certainty);

#endif
