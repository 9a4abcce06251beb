/*
 * gap.h
 *	  How far apart the best and the worst of several groups of rows are, and how far chance alone
 *	  would bring them.
 *
 * Groups are such as the sexes or sites of speakers.  The best of k groups is always better than the
 * worst, and the more so the more groups there are and the smaller they are: so the gap is told beside
 * the one that groups dealt out at random have.  Rows are those that are to be compared: of groups that
 * are large enough, and of labels that all of them have.
 */
#ifndef EMO_GAP_H
#define EMO_GAP_H

#include "core/base/agreement.h"
#include "core/base/metrics.h"

/* What rows are, of which some are compared. */
typedef struct EmoGroupedRows
{
	const int64_t *row; /* [n], those that are compared */
	int64_t n;
	const int32_t *group;   /* of each row, compared or not, 0 .. n_groups - 1 */
	int n_groups;           /* not all of them need have rows */
	const int32_t *speaker; /* of each row, 0 .. n_speakers - 1; NULL: not known */
	int n_speakers;
} EmoGroupedRows;

/* What rows are compared by: numbers that add up over rows, and a value that is made of the sums. */
typedef struct EmoGroupMeasure
{
	int n_sums;
	void (*add)(const struct EmoGroupMeasure *measure, int64_t row, double *sums);
	double (*value)(const struct EmoGroupMeasure *measure,
					const double *sums); /* NaN: not defined */
	const void *of;
	double
		origin[2]; /* of pairs, near which their numbers are, so that sums of squares are exact */
} EmoGroupMeasure;

/* UAR, over the labels that a group has. */
extern EmoGroupMeasure emo_measure_uar(const EmoJudged *judged);

/* CCC, of pairs of which there are n_rows. */
extern EmoGroupMeasure emo_measure_ccc(const EmoPairs *pairs, int64_t n_rows);

typedef struct EmoGap
{
	int best, worst; /* groups; -1: fewer than two have a value */
	EmoEstimate
		gap; /* between these two; its interval goes below zero where their order isn't sure */
	EmoEstimate by_chance; /* mean over deals, and where 95 % of them are */
	double p;              /* how often deals have such a gap or a larger one */
} EmoGap;

/*
 * The interval by draws of speakers, as emo_estimate_metrics() has it, where there are two at least;
 * otherwise of rows.  By chance: each speaker keeps the rows that belong together, which are those of
 * one group, and groups are dealt anew to them, as often as they were there: among the speaker's own
 * where each speaker is in several groups, otherwise among all.  p counts what is there as a deal, too
 * (Phipson & Smyth 2010), and so is 0.001 at least.  NaN for what isn't defined.
 */
extern EmoStatus emo_estimate_gap(EmoEnv *env, const EmoGroupMeasure *measure,
								  const EmoGroupedRows *rows, EmoGap *gap);

#endif
