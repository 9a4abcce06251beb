/*
 * folds_of_speakers.h
 *	  Which speakers are held out together where rows are summed up, and not kept.
 *
 * Few speakers are dealt as in a training that keeps its rows.  Many are spread by a hash of their names,
 * the same on every machine.
 */
#ifndef EMOSER_FOLDS_OF_SPEAKERS_H
#define EMOSER_FOLDS_OF_SPEAKERS_H

#include "pg/training/survey.h"

#define EMOSER_SPEAKER_FOLDS   10
#define EMOSER_RECORDING_FOLDS 5

/* Where each speaker goes of k folds, as bytes for emoser_fold_of_speaker(); *n_folds are used. */
extern bytea *emoser_deal_folds(const Survey *survey, int k, int *n_folds);

/* The same in one fold, as if nobody were held out. */
extern bytea *emoser_single_fold(void);

typedef struct DealtFolds DealtFolds;

/* In the current memory context; raises for other bytes. */
extern DealtFolds *emoser_read_folds(const bytea *bytes);
extern bool emoser_same_folds(const DealtFolds *folds, const bytea *bytes);
extern int emoser_fold_of_speaker(const DealtFolds *folds, const char *speaker);

#endif
