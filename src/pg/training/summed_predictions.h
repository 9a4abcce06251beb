/*
 * summed_predictions.h
 *	  What models say of utterances that they were trained without, one after the other: no row is kept.
 */
#ifndef EMOSER_SUMMED_PREDICTIONS_H
#define EMOSER_SUMMED_PREDICTIONS_H

#include "pg/source/set_options.h"
#include "pg/training/summed_folds.h"

/* Names are in the encoding of the database. */
typedef struct SummedPrediction
{
	const char *id; /* NULL: none */
	int64 number;   /* of the row in the source, from 1 */
	const char *speaker, *label;
	int fold;
	int n_labels;
	const char *const *labels;                             /* [n_labels] */
	const float *log_probabilities[EMOSER_MAX_FOLD_HEADS]; /* [n_labels] each; NULL: no such head */
} SummedPrediction;

typedef void (*TakePrediction)(void *argument, const SummedPrediction *prediction);

/*
 * Predict all utterances by k folds of speakers, of which there must be more than so many, in the order of the source,
 * or, if it has ids, as its rows come.  False: it is to be done with all rows in memory.  SPI must be
 * connected; function is any of the extension.  *n_skipped are rows with NULLs.
 */
extern bool emoser_predict_summed(Oid function, const char *source, const LdaOptions *lda,
								  const TrainingSetOptions *set_options, int k,
								  int more_speakers_than, TakePrediction take, void *argument,
								  int64 *n_skipped);

#endif
