/*
 * metrics.h
 *	  How well predictions agree with what was actual, with bootstrap intervals.
 *
 * UAR, the unweighted average recall, is the mean over the actual labels of the share recognised;
 * WAR, the weighted one, the share of all rows recognised (Schuller et al. 2009, "The INTERSPEECH
 * 2009 emotion challenge").  Macro F1 is the mean F1 over the labels that are actual or predicted,
 * as in scikit-learn.  ECE, the expected calibration error, is the mean distance between confidence
 * and share of right ones over bins of equal width (Guo et al. 2017, section 2).
 */
#ifndef EMO_METRICS_H
#define EMO_METRICS_H

#include "core/base/folds.h"

#define EMO_CALIBRATION_BINS 10

/* The least probability that enters a log loss: single precision's resolution, 15.9 nats. */
#define EMO_LEAST_PROBABILITY 1.1920929e-7

/* Values of a tally: these, and then EMO_LABEL_METRICS for each label. */
typedef enum EmoMetric
{
	EMO_METRIC_UAR,
	EMO_METRIC_WAR,
	EMO_METRIC_MACRO_F1,
	EMO_METRIC_LOG_LOSS,
	EMO_METRIC_ECE,
	EMO_N_METRICS
} EmoMetric;

typedef enum EmoLabelMetric
{
	EMO_LABEL_PRECISION,
	EMO_LABEL_RECALL,
	EMO_LABEL_F1,
	EMO_LABEL_METRICS
} EmoLabelMetric;

static inline int
emo_metric_count(int n_labels)
{
	return EMO_N_METRICS + EMO_LABEL_METRICS * n_labels;
}

/* Predictions of rows. */
typedef struct EmoJudged
{
	int64_t n_rows;
	int n_labels;
	const int32_t *actual;    /* [n_rows], 0 .. n_labels - 1 */
	const int32_t *predicted; /* [n_rows], 0 .. n_labels - 1 */
	const float *confidence;  /* [n_rows], probability of the predicted label */
	const float *loss;        /* [n_rows], -ln of the probability of the actual label */
} EmoJudged;

/* What a classifier says of rows. */
typedef struct EmoScores
{
	int64_t n_rows;
	int n_classes;
	const float *score; /* [n_rows][n_classes], probabilities or their logarithms */
	bool are_logarithms;
	const int32_t *label_of; /* [n_classes], label of each class; NULL: class c is label c */
	const EmoFolds *folds;   /* of these rows; those of no fold are not judged.  NULL: all are */
} EmoScores;

/*
 * The class with the highest score, the first of equals, for what is predicted.  actual[n_rows] are
 * labels, which need not have a class.  The arrays of *judged are allocated from env.
 */
extern EmoStatus emo_judge(EmoEnv *env, const EmoScores *scores, const int32_t *actual,
						   int n_labels, EmoJudged *judged);

/* What is predicted of a row. */
typedef struct EmoSaid
{
	int32_t predicted; /* class */
	float confidence, loss;
} EmoSaid;

/* Of score[n_classes], as above; actual_class is -1 for a label that has no class. */
extern EmoSaid emo_judge_row(const float *score, int n_classes, bool are_logarithms,
							 int actual_class);

/* The bin of a confidence. */
static inline int
emo_calibration_bin(double confidence)
{
	int bin = (int) (confidence * EMO_CALIBRATION_BINS);

	return bin < 0 ? 0 : bin >= EMO_CALIBRATION_BINS ? EMO_CALIBRATION_BINS - 1 : bin;
}

/* What some rows add up to. */
typedef struct EmoTally
{
	int n_labels;
	int64_t n_rows;
	int64_t *confusion; /* [n_labels][n_labels], actual by predicted */
	double loss;
	double bin_confidence[EMO_CALIBRATION_BINS];
	int64_t bin_right[EMO_CALIBRATION_BINS];
} EmoTally;

extern EmoStatus emo_tally_new(EmoEnv *env, int n_labels, EmoTally *tally);
extern void emo_tally_clear(EmoTally *tally);
extern void emo_tally_clear_sums(EmoTally *tally); /* all but the confusion */
extern void emo_tally_add(EmoTally *tally, const EmoJudged *judged, int64_t row);

/*
 * values[emo_metric_count(n_labels)]; NaN for what isn't defined: all of no rows, precision of a
 * label that was never predicted, recall of one that was never actual, F1 of one that was neither.
 */
extern void emo_tally_metrics(const EmoTally *tally, double *values);

/* metrics[EMO_N_METRICS] of the rows of a fold, -1: of all folds, which are *n_rows. */
extern EmoStatus emo_fold_metrics(EmoEnv *env, const EmoJudged *judged, const EmoFolds *folds,
								  int fold, double *metrics, int64_t *n_rows);

/* The first three from a confusion[n_labels][n_labels] of actual by predicted; NaN without rows. */
extern void emo_confusion_metrics(const int64_t *confusion, int n_labels, double *uar, double *war,
								  double *macro_f1);

/* -ln of a probability, of EMO_LEAST_PROBABILITY at least. */
extern float emo_log_loss(double probability);

/*
 * 95 % intervals low[] and high[] of the values of emo_tally_metrics(), by the percentile bootstrap
 * (Efron & Tibshirani 1993, section 13.3) of n_resamples draws: units are drawn with replacement.
 * The rows of unit u are row_of_unit[unit_start[u]] .. row_of_unit[unit_start[u + 1] - 1]; rows that
 * belong together, as those of a speaker, are one unit (Field & Welsh 2007, the cluster bootstrap).
 * Draws in which a value isn't defined don't count for it; NaN if none counts.  Same seed, same
 * intervals.
 */
extern EmoStatus emo_bootstrap(EmoEnv *env, const EmoJudged *judged, const int64_t *row_of_unit,
							   const int64_t *unit_start, int64_t n_units, int n_resamples,
							   uint64_t seed, double *low, double *high);

/*
 * The values of the draws themselves, [emo_metric_count(n_labels)][n_resamples].  Rows judged by two models
 * are drawn alike with the same units and seed: their draws are pairs.
 */
extern EmoStatus emo_draw_metrics(EmoEnv *env, const EmoJudged *judged, const int64_t *row_of_unit,
								  const int64_t *unit_start, int64_t n_units, int n_resamples,
								  uint64_t seed, double *draws);

/* The interval of draws[n_draws], which are sorted, those that are NaN left out; returns how many aren't. */
extern int emo_interval(double *draws, int n_draws, double *low, double *high);

/* Of estimates: intervals settle to a digit or so, and the same question has the same answer. */
#define EMO_RESAMPLES       1000
#define EMO_RESAMPLING_SEED 0

/* Values of emo_tally_metrics() with their intervals, each [emo_metric_count(n_labels)]. */
typedef struct EmoEstimates
{
	double *value, *low, *high;
} EmoEstimates;

/* Of units of rows as above, by 1000 draws, allocated from env. */
extern EmoStatus emo_estimate_metrics(EmoEnv *env, const EmoJudged *judged,
									  const int64_t *row_of_unit, const int64_t *unit_start,
									  int64_t n_units, EmoEstimates *estimates);

/* UAR and WAR of rows, each a unit, to the bit as by emo_estimate_metrics(), in a fraction of the time. */
typedef struct EmoEstimate
{
	double value, low, high;
} EmoEstimate;

typedef struct EmoRecalls
{
	EmoEstimate uar, war;
} EmoRecalls;

extern EmoStatus emo_estimate_recalls(EmoEnv *env, const EmoJudged *judged, const int64_t *row,
									  int64_t n_rows, EmoRecalls *estimates);

#endif
