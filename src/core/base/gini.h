/*
 * gini.h
 *	  How unequally speakers are recognised: the Gini coefficient.
 *
 * Half the mean difference of any two values, beside their mean (Gini 1912): 0 where all are the same,
 * 1 - 1/n where one of n has all.  Of speakers' UAR it is the measure of fairness between individuals of
 * Triantafyllopoulos & Schuller (2024), "Enrolment-based personalisation for improving individual-level
 * fairness in speech emotion recognition".  Speakers of whom there are few utterances differ by chance
 * alone, so it is told beside what it would be if all were recognised equally well.
 */
#ifndef EMO_GINI_H
#define EMO_GINI_H

#include "core/base/metrics.h"

/* Of values[n], none negative, which are sorted; those that are NaN don't count.  NaN without any. */
extern EmoStatus emo_gini(EmoEnv *env, double *values, int64_t n, double *gini);

typedef struct EmoGini
{
	EmoEstimate gini;      /* by draws of units */
	EmoEstimate by_chance; /* mean over deals, and where 95 % of them are */
} EmoGini;

/*
 * Of the UAR of each unit, which are speakers, see emo_bootstrap().  By chance: of each label as many rows
 * of all units are recognised, but which ones, is drawn.
 */
extern EmoStatus emo_estimate_gini(EmoEnv *env, const EmoJudged *judged, const int64_t *row_of_unit,
								   const int64_t *unit_start, int64_t n_units, EmoGini *estimates);

#endif
