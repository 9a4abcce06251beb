/*
 * inner_folds.h
 *	  Folds within what a fold is trained on, to choose options, temperatures and weights by.
 */
#ifndef EMOSER_INNER_FOLDS_H
#define EMOSER_INNER_FOLDS_H

#include "pg/training/algorithm.h"

/*
 * Folds of the utterances outside one of the folds, which are of the set: speakers share at most ten, or
 * groups if the set has them and two are left; without either, fifths of the utterances.  Those of the outer fold are EMO_LEFT_OUT.  No folds if
 * there is nothing to hold out.
 */
extern EmoFolds emoser_inner_folds(const TrainingSet *set, const EmoFolds *folds, int outer_fold);

#endif
