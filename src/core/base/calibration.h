/*
 * calibration.h
 *	  Probabilities that mean what they say: a temperature for the scores, fitted to held-out rows
 *	  (Guo et al. 2017, "On calibration of modern neural networks").
 */
#ifndef EMO_CALIBRATION_H
#define EMO_CALIBRATION_H

#include "core/base/folds.h"
#include "core/base/training_set.h"

#define EMO_MIN_TEMPERATURE 0.1f
#define EMO_MAX_TEMPERATURE 1000.0f

/*
 * The temperature T, in EMO_MIN_TEMPERATURE .. EMO_MAX_TEMPERATURE, at which the original rows have
 * the least log loss under softmax(s / T + ln prior): s are scores of temperature 1 and equal priors,
 * the priors of the row's fold log_priors[n_folds][n_classes] (NULL: equal).  Rows whose class was not known to the head, and rows of a negative fold, don't count; 1
 * if none counts.
 */
extern EmoStatus emo_fit_temperature(EmoEnv *env, const EmoTrainingSet *set, const EmoFolds *folds,
									 const EmoRowScores *scores, const double *log_priors,
									 float *temperature);

/*
 * The folds that calibration holds out, deterministic, allocated from env; their number is 0 when
 * nothing can be held out.  *by_speaker is false where holding out speakers would leave less than two
 * classes, so that recordings are held out instead.
 */
extern EmoStatus emo_calibration_folds(EmoEnv *env, const EmoTrainingSet *set, EmoFolds *folds,
									   bool *by_speaker);

/* The rows of no fold: what the model of a single fold was trained on.  Errors as emo_training_subset(). */
extern EmoStatus emo_rows_outside_folds(EmoEnv *env, const EmoTrainingSet *set,
										const EmoFolds *folds, EmoTrainingSubset *rest);

#endif
