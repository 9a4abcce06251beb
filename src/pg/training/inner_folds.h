/*
 * inner_folds.h
 *	  Folds within what a fold is trained on, to choose options, temperatures and weights by.
 */
#ifndef EMOSER_INNER_FOLDS_H
#define EMOSER_INNER_FOLDS_H

#include "core/base/folds.h"
#include "pg/source/set.h"

/*
 * Folds of the utterances that are taken[n_utterances]: speakers share at most ten; without
 * speakers, fifths of the utterances.  inner[n_utterances] becomes the folds, EMO_LEFT_OUT for what
 * isn't taken.  Returns their number, 0 if there is nothing to hold out.
 */
extern int emoser_inner_folds(const TrainingSet *set, const bool *taken, int32 *inner);

#endif
