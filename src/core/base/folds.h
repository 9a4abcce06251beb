/*
 * folds.h
 *	  Who is held out from whom in a cross-validation.
 */
#ifndef EMO_FOLDS_H
#define EMO_FOLDS_H

#include "core/base/env.h"

/* In fold_of[]: rows that every fold trains on, and those that no fold does. */
#define EMO_ALWAYS_TRAINED (-1)
#define EMO_LEFT_OUT       (-2)

/*
 * Folds of rows.  They know whose they are: utterances are fewer than the rows that are trained on,
 * which are their copies too.
 */
typedef struct EmoFolds
{
	int64_t n_rows;
	int n_folds;
	int32_t *fold_of; /* [n_rows], 0 .. n_folds - 1, or one of the above */
} EmoFolds;

/* What was said of rows by models that were trained without their folds. */
typedef struct EmoRowScores
{
	int64_t n_rows;
	int n_classes;
	float *ln_p; /* [n_rows][n_classes], ln P(class) */
} EmoRowScores;

static inline float *
emo_scores_of_row(const EmoRowScores *scores, int64_t row)
{
	return scores->ln_p + row * scores->n_classes;
}

/* Arrays are allocated from env, and not set. */
extern EmoStatus emo_new_folds(EmoEnv *env, int64_t n_rows, int n_folds, EmoFolds *folds);
extern EmoStatus emo_new_scores(EmoEnv *env, int64_t n_rows, int n_classes, EmoRowScores *scores);

/* Folds, scores, or both (NULL: none), that are of so many rows and classes; or EMO_INVALID_PARAMETER. */
extern EmoStatus emo_check_rows(EmoEnv *env, int64_t n_rows, int n_classes, const EmoFolds *folds,
								const EmoRowScores *scores);

/*
 * k folds of utterances, drawn with a seed, apart for each class, so that every fold has its share
 * of every class.  label[n] is 0 .. n_classes - 1.  Folds differ by one utterance at most in each
 * class, and in all.
 */
extern EmoStatus emo_folds_drawn(EmoEnv *env, const int32_t *label, int64_t n, int n_classes, int k,
								 uint64_t seed, EmoFolds *folds);

/*
 * A share (0 < share < 1) of each class, drawn with a seed, in the only fold, the others in
 * EMO_ALWAYS_TRAINED; of a class with two utterances or more, at least one on either side.
 */
extern EmoStatus emo_folds_holdout(EmoEnv *env, const int32_t *label, int64_t n, int n_classes,
								   double share, uint64_t seed, EmoFolds *folds);

/*
 * Folds of whole groups, such as speakers: the group with the most rows first, each into the fold
 * with the fewest, so that folds are about equally large.  Nothing is drawn.  group[n] is
 * 0 .. n_groups - 1, or negative for rows that every fold trains on.  There are k folds, or as many as
 * groups with rows if these are fewer.
 */
extern EmoStatus emo_folds_of_groups(EmoEnv *env, const int32_t *group, int64_t n, int n_groups,
									 int k, EmoFolds *folds);

/* The same for groups whose rows are counted, rows_of_group[n_groups]; *n_folds have rows. */
extern EmoStatus emo_deal_groups(EmoEnv *env, const int64_t *rows_of_group, int n_groups, int k,
								 int32_t *fold_of_group, int *n_folds);

#endif
