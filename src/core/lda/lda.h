/*
 * lda.h
 *	  Linear discriminant analysis with a shrunk covariance, trained in closed form.
 *
 * Features are standardised (z); classes share one within-class covariance S of the standardised
 * rows, which is shrunk towards a scaled identity, (1 - shrinkage) S + shrinkage tr(S)/d I (Friedman
 * 1989, "Regularized discriminant analysis"; the form of Ledoit & Wolf 2004).  The score of class c
 * is then linear in z (Hastie, Tibshirani & Friedman, "The elements of statistical learning", eq.
 * 4.10); softmax(score / temperature + ln prior) gives probabilities (see base/calibration.h and
 * lda/priors.h).
 */
#ifndef EMO_LDA_H
#define EMO_LDA_H

#include "core/base/folds.h"
#include "core/base/options.h"
#include "core/base/training_set.h"

typedef enum EmoPriors
{
	EMO_PRIORS_EQUAL,    /* every class is as likely: what UAR rewards */
	EMO_PRIORS_EMPIRICAL /* as frequent as in the training rows */
} EmoPriors;

typedef struct EmoLdaOptions
{
	double shrinkage;
	double profile_shrinkage; /* of a head on rows normalised by profiles, instead */
	double shift_weight;      /* of what copies of a kind have in common, in the covariance */
	EmoPriors priors;
	double max_z; /* standardised features are clipped to +- this, when fitting too; not a user's */
} EmoLdaOptions;

#define EMO_MIN_MAX_Z 1
#define EMO_MAX_MAX_Z 1e6

/* Ranges and defaults of what users choose. */
extern const EmoOptionTable emo_lda_options;

/* All at their defaults: those of the recipe. */
extern EmoLdaOptions emo_lda_default_options(void);

/* Those of a head on rows that are normalised by profiles. */
extern EmoLdaOptions emo_lda_profile_options(const EmoLdaOptions *options);

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
	float *bias;              /* [n_classes], with temperature * ln prior in it */
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
 * (at temperature 1, whatever the priors: as if classes were equally likely) in scores, which are of
 * the set's rows.  Rows of a negative fold are trained on always and never scored; copies
 * (copy_kind > 0) are not scored either, their output is left as it was.  A class that the other folds don't have gets
 * EMO_MIN_LOG_POSTERIOR.
 *
 * The folds are not trained from scratch: the sums and the scatter of all rows are computed once
 * and the fold's are taken out.  The result is that of training without them, including the
 * standardisation and the shifts, to 1e-4 in the log posteriors if max_z clips nothing: what is clipped is
 * decided by all rows, whatever their labels.
 * At most 32 min(n, d)^2 bytes of working memory.
 * EMO_BAD_DATA if all rows outside a fold are of one class.
 */
extern EmoStatus emo_lda_cross_scores(EmoEnv *env, const EmoTrainingSet *set,
									  const EmoLdaOptions *options, const EmoFolds *folds,
									  EmoRowScores *scores);

/*
 * The same fold by fold, so that the caller can report how far it is.  The set stays until the end;
 * options are copied.
 */
typedef struct EmoLdaCross EmoLdaCross;

extern EmoStatus emo_lda_cross_begin(EmoEnv *env, const EmoTrainingSet *set,
									 const EmoLdaOptions *options, const EmoFolds *folds,
									 EmoLdaCross **cross);
extern EmoStatus emo_lda_cross_fold(EmoEnv *env, EmoLdaCross *cross, int fold,
									EmoRowScores *scores);
extern void emo_lda_cross_end(EmoEnv *env, EmoLdaCross *cross);

/*
 * A fold by each of n_options, which differ from those of the beginning in shrinkage and priors alone, into scores[n_options]:
 * the rows are gone through as often as for one.
 */
extern EmoStatus emo_lda_cross_fold_by_each(EmoEnv *env, EmoLdaCross *cross, int fold,
											const EmoLdaOptions *options, int n_options,
											EmoRowScores *scores);

/*
 * Bring the scores of emo_lda_cross_scores() to the priors of the options and to
 * temperatures that don't know what they are applied to.  Folds are dealt into ten groups at most;
 * the rows of a group get the temperature at which the rows of all other groups, as they were
 * scored when held out, have the least log loss. With a single fold, the temperature is that of
 * emo_lda_fit_temperature() on the rows outside it.
 */
extern EmoStatus emo_lda_calibrate_cross(EmoEnv *env, const EmoTrainingSet *set,
										 const EmoLdaOptions *options, const EmoFolds *folds,
										 EmoRowScores *scores);

/* The temperature that emo_lda_calibrate() gives a head trained on the set. */
extern EmoStatus emo_lda_fit_temperature(EmoEnv *env, const EmoTrainingSet *set,
										 const EmoLdaOptions *options, float *temperature);

/*
 * How heads without held-out folds do on the rows of these, at the temperature that emo_lda_calibrate() would set; n_rows
 * is 0 where nothing can be held out.
 */
extern EmoStatus emo_lda_hold_out(EmoEnv *env, const EmoTrainingSet *set,
								  const EmoLdaOptions *options, EmoHeldOut *held_out);

/*
 * Set head->temperature so that the log loss on held-out speakers is least; where speakers can't be
 * held out, on held-out fifths of the recordings.  Speakers share at most ten folds.  The
 * temperature stays 1 when nothing can be held out.  Says in head->held_out how these did, at that
 * temperature.
 */
extern EmoStatus emo_lda_calibrate(EmoEnv *env, const EmoTrainingSet *set,
								   const EmoLdaOptions *options, EmoLdaHead *head);

/*
 * The same, with what the head said of held-out rows: calibrated log posteriors of the set's original rows in
 * the folds of emo_calibration_folds(), others not set; ln_p is NULL where nothing can be held out.
 */
extern EmoStatus emo_lda_calibrate_telling(EmoEnv *env, const EmoTrainingSet *set,
										   const EmoLdaOptions *options, EmoLdaHead *head,
										   EmoRowScores *held_out);

#endif
