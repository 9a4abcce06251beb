/*
 * lda.h
 *	  Linear discriminant analysis with a shrunk covariance, trained in closed form.
 *
 * Features are standardised (z); classes share one within-class covariance S of the standardised
 * rows, which is shrunk towards a scaled identity, (1 - shrinkage) S + shrinkage tr(S)/d I (Friedman
 * 1989, "Regularized discriminant analysis"; the form of Ledoit & Wolf 2004).  The score of class c
 * is then linear in z (Hastie, Tibshirani & Friedman, "The elements of statistical learning", eq.
 * 4.10), and a softmax of the scores over a temperature gives probabilities (Guo et al. 2017, "On
 * calibration of modern neural networks").
 */
#ifndef EMO_LDA_H
#define EMO_LDA_H

#include "core/base/env.h"

#define EMO_MIN_CLASSES 2
#define EMO_MAX_CLASSES 1000

/* The covariance of so many features takes 2 GB. */
#define EMO_MAX_FEATURES 16384

/* Stands for probability zero: exp() of it is 0, and sums of many of them are finite. */
#define EMO_MIN_LOG_POSTERIOR (-1e4f)

/*
 * Rows may be augmented copies of one recording: they share its recording id, so that they never
 * stand on both sides of a split; only the originals (copy_kind 0) are scored.
 */
typedef struct EmoTrainingSet
{
	const float *features;     /* [n_rows][n_features], finite */
	const int32_t *label;      /* [n_rows], 0 .. n_classes - 1 */
	const int32_t *speaker;    /* [n_rows], 0 .. n_speakers - 1, -1 unknown; NULL: all unknown */
	const int32_t *recording;  /* [n_rows], 0 .. n_rows - 1, any order; NULL: each row its own */
	const int32_t *copy_kind;  /* [n_rows], 0 the original, 1.. which copy; NULL: all originals */
	int32_t first_random_kind; /* copies from this kind on are altered at random, each otherwise,
								* so that speaker profiles of them mean nothing; 0: none */
	const float *row_weight;   /* [n_rows], > 0; NULL: all 1 */
	int64_t n_rows;
	int n_features;
	int n_classes;
	int n_speakers;
} EmoTrainingSet;

typedef enum EmoPriors
{
	EMO_PRIORS_EQUAL,    /* every class is as likely: what UAR rewards */
	EMO_PRIORS_EMPIRICAL /* as frequent as in the training rows */
} EmoPriors;

typedef struct EmoLdaOptions
{
	double shrinkage; /* 0.0001 .. 1 */
	EmoPriors priors;
	double max_z; /* standardised features are clipped to +- this, 1 .. 1e6; when fitting too */
} EmoLdaOptions;

#define EMO_MIN_TEMPERATURE 0.1f
#define EMO_MAX_TEMPERATURE 1000.0f
#define EMO_MIN_SHRINKAGE   1e-4
#define EMO_MAX_SHRINKAGE   1.0
#define EMO_MIN_MAX_Z       1.0
#define EMO_MAX_MAX_Z       1e6

/* The options of the recipe (see lda.c). */
extern EmoLdaOptions emo_lda_default_options(void);

/* How a head did on rows that were held out from it. */
typedef struct EmoHeldOut
{
	int64_t n_rows;
	bool by_speaker; /* no speaker was on both sides; otherwise no recording was */
	double uar;      /* unweighted average recall: the mean over classes of the share recognised */
	double war;      /* share of all rows recognised */
	double log_loss;
} EmoHeldOut;

typedef struct EmoLdaHead
{
	int n_features;
	int n_classes;
	float *mean;              /* [n_features] */
	float *inverse_deviation; /* [n_features], 0 for a feature that never varied */
	float *weights;           /* [n_classes][n_features], on standardised features */
	float *bias;              /* [n_classes] */
	float max_z;              /* clip of the standardised features */
	float temperature;        /* > 0; 1 until emo_lda_calibrate() */
	EmoHeldOut held_out;      /* by emo_lda_calibrate(); n_rows is 0 before.  Not stored */
} EmoLdaHead;

/*
 * Train a head; its arrays are allocated from env.  Takes the cheaper of the covariance (d x d) and
 * the Gram matrix of the rows (n x n), d features, n rows: about n d min(n, d) multiplications, and
 * 8 min(n, d)^2 bytes plus 8 MB of working memory.  Same input, same build: same bits.
 *
 * Errors: EMO_INVALID_PARAMETER for options out of range; EMO_LIMIT_EXCEEDED for too many classes
 * or features; EMO_BAD_DATA for features that aren't finite, labels out of range, one class only or
 * a class without rows; EMO_CANCELED; EMO_OUT_OF_MEMORY.
 */
extern EmoStatus emo_lda_fit(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
							 EmoLdaHead *head);

/*
 * ln P(class | features) in log_posteriors[n_classes]: a softmax of scores / temperature.  Always
 * finite (at least EMO_MIN_LOG_POSTERIOR), and its exponentials sum to one, for any features: huge
 * ones are clipped to max_z, NaN counts as the mean.
 */
extern void emo_lda_log_posteriors(const EmoLdaHead *head, const float *features,
								   float *log_posteriors);

/*
 * What heads trained without fold f say about the rows of fold f, for every fold: log posteriors
 * (at temperature 1) in log_posteriors[n_rows][n_classes].  fold_of_row[n_rows] is 0 .. n_folds - 1;
 * rows of a negative fold are trained on always and never scored; copies (copy_kind > 0) are not
 * scored either, their output is left as it was.  A class that the other folds don't have gets
 * EMO_MIN_LOG_POSTERIOR.
 *
 * The folds are not trained from scratch: the sums and the scatter of all rows are computed once
 * and the fold's are taken out.  The result is that of training without them, including the
 * standardisation, to 1e-4 in the log posteriors if max_z clips nothing; what is clipped is decided
 * on the scale of all rows.  At most 32 min(n, d)^2 bytes of working memory.
 * EMO_BAD_DATA if all rows outside a fold are of one class.
 */
extern EmoStatus emo_lda_cross_scores(EmoEnv *env, const EmoTrainingSet *set,
									  const EmoLdaOptions *options, const int32_t *fold_of_row,
									  int n_folds, float *log_posteriors);

/*
 * The same fold by fold, so that the caller can tell how far it is.  The set stays until the end;
 * options are copied.
 */
typedef struct EmoLdaCross EmoLdaCross;

extern EmoStatus emo_lda_cross_begin(EmoEnv *env, const EmoTrainingSet *set,
									 const EmoLdaOptions *options, const int32_t *fold_of_row,
									 int n_folds, EmoLdaCross **cross);
extern EmoStatus emo_lda_cross_fold(EmoEnv *env, EmoLdaCross *cross, int fold,
									float *log_posteriors);
extern void emo_lda_cross_end(EmoEnv *env, EmoLdaCross *cross);

/*
 * The temperature at which log_posteriors[n_rows][n_classes] (of temperature 1) of the original
 * rows have the least log loss, in EMO_MIN_TEMPERATURE .. EMO_MAX_TEMPERATURE.  Rows whose class was
 * not known to the head, and rows of a negative fold, don't count; 1 if none counts.
 */
extern EmoStatus emo_lda_fit_temperature(EmoEnv *env, const EmoTrainingSet *set,
										 const int32_t *fold_of_row, const float *log_posteriors,
										 float *temperature);

/*
 * Bring the log posteriors of emo_lda_cross_scores() to temperatures that don't know what they are
 * applied to.  Folds are dealt into ten groups at most; the rows of a group get the temperature at
 * which the rows of all other groups, as they were scored when held out, have the least log loss.
 * With a single fold, the temperature is that of emo_lda_calibrate() on the rows outside it.
 */
extern EmoStatus emo_lda_calibrate_cross(EmoEnv *env, const EmoTrainingSet *set,
										 const EmoLdaOptions *options, const int32_t *fold_of_row,
										 int n_folds, float *log_posteriors);

/*
 * Set head->temperature so that the log loss on held-out speakers is least; where speakers can't be
 * held out, on held-out fifths of the recordings.  Speakers share at most ten folds.  The
 * temperature stays 1 when nothing can be held out.  Says in head->held_out how these did, at that
 * temperature.
 */
extern EmoStatus emo_lda_calibrate(EmoEnv *env, const EmoTrainingSet *set,
								   const EmoLdaOptions *options, EmoLdaHead *head);

/*
 * The folds that emo_lda_calibrate() uses, deterministic: fold_of_row[n_rows], their number in
 * *n_folds (0 when nothing can be held out).  *by_speaker is false where holding out speakers would
 * leave less than two classes, so that recordings are held out instead.
 */
extern EmoStatus emo_lda_calibration_folds(EmoEnv *env, const EmoTrainingSet *set,
										   int32_t *fold_of_row, int *n_folds, bool *by_speaker);

#endif
