/*
 * folds.h
 *	  Who is held out from whom in a cross-validation.
 */
#ifndef EMO_FOLDS_H
#define EMO_FOLDS_H

#include "core/base/env.h"

/* In fold_of[]: utterances that every fold trains on, and those that no fold does. */
#define EMO_ALWAYS_TRAINED (-1)
#define EMO_LEFT_OUT       (-2)

/*
 * k folds of utterances, drawn with a seed, apart for each class, so that every fold has its share
 * of every class: fold_of[n].  label[n] is 0 .. n_classes - 1.  Folds differ by one utterance at
 * most in each class, and in all.
 */
extern EmoStatus emo_folds_drawn(EmoEnv *env, const int32_t *label, int64_t n, int n_classes, int k,
								 uint64_t seed, int32_t *fold_of);

/*
 * A share (0 < share < 1) of each class, drawn with a seed, in fold 0, the others in
 * EMO_ALWAYS_TRAINED; of a class with two utterances or more, at least one on either side.
 */
extern EmoStatus emo_folds_holdout(EmoEnv *env, const int32_t *label, int64_t n, int n_classes,
								   double share, uint64_t seed, int32_t *fold_of);

#endif
