/*
 * certainty_sample.h
 *	  What models say of held-out rows, some of which are kept until it is known at what temperature and
 *	  distance: of how sure a model is, sums can't be made before.
 *
 * Kept are the rows of the least keys, which are as good as drawn by lot where keys are hashes: the same rows in whatever
 * order they come, and in parts.
 */
#ifndef EMO_CERTAINTY_SAMPLE_H
#define EMO_CERTAINTY_SAMPLE_H

#include "core/lda/certainty.h"
#include "core/lda/familiarity.h"

/* The mean of as many probabilities is within 0.01. */
#define EMO_SAMPLE_ROWS 4096

/* Flat, so that it can be copied as bytes. */
typedef struct EmoCertaintySample
{
	int32_t n_classes;
	int32_t room;     /* rows; fewer than EMO_SAMPLE_ROWS where classes are many */
	int32_t n;        /* rows that are kept */
	int32_t reserved; /* 0 */
	uint8_t rows[];   /* a heap with the largest key first */
} EmoCertaintySample;

extern size_t emo_certainty_sample_size(int n_classes);
extern void emo_certainty_sample_init(EmoCertaintySample *sample, int n_classes);

/* The bytes of it that are used. */
extern size_t emo_certainty_sample_used(const EmoCertaintySample *sample);

/* Whether bytes are those of a sample of n_classes, and all of them used. */
extern bool emo_certainty_sample_is_valid(const EmoCertaintySample *sample, size_t n_bytes,
										  int n_classes);

/*
 * Add a row: log_posteriors[n_classes] of temperature 1 and equal priors, log_prior[n_classes] those of its fold
 * (NULL: equal), log_distance from the population outside it.
 */
extern void emo_certainty_sample_add(EmoCertaintySample *sample, uint64_t key,
									 const float *log_posteriors, const double *log_prior,
									 double log_distance);

/* Both have the same n_classes. */
extern void emo_certainty_sample_merge(EmoCertaintySample *sample, const EmoCertaintySample *other);

/*
 * How sure predictions without profile would have been of the rows; familiarity NULL: they don't fade.
 * *certainty is as that of emo_certainty_of_sums().  Rows are put in order, and can't be added to.
 */
extern EmoStatus emo_certainty_of_sample(EmoEnv *env, EmoCertaintySample *sample,
										 double temperature, const EmoFamiliarity *familiarity,
										 EmoCertainty **certainty);

#endif
