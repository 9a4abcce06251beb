/*
 * folds.c
 *	  Who is held out from whom in a cross-validation.
 */
#include "core/base/folds.h"

#include <math.h>

#include "core/base/random.h"

/* Utterances by class, in random order within each: class c has order[start[c]] .. start[c + 1]. */
typedef struct Deck
{
	int64_t *order; /* [n] */
	int64_t *start; /* [n_classes + 1] */
} Deck;

static EmoStatus
shuffle(EmoEnv *env, const int32_t *label, int64_t n, int n_classes, uint64_t seed, Deck *deck)
{
	EmoRandom random;
	int64_t *next;

	if ((deck->order = emo_alloc(env, n, sizeof(int64_t))) == NULL ||
		(deck->start = emo_alloc_zero(env, n_classes + 1, sizeof(int64_t))) == NULL ||
		(next = emo_alloc(env, n_classes, sizeof(int64_t))) == NULL)
		return env->status;
	for (int64_t i = 0; i < n; i++)
		deck->start[label[i] + 1]++;
	for (int c = 0; c < n_classes; c++)
	{
		deck->start[c + 1] += deck->start[c];
		next[c] = deck->start[c];
	}
	for (int64_t i = 0; i < n; i++)
		deck->order[next[label[i]]++] = i;
	emo_free(env, next);

	/* Fisher and Yates, class by class. */
	emo_random_seed(&random, seed);
	for (int c = 0; c < n_classes; c++)
		for (int64_t i = deck->start[c + 1] - 1; i > deck->start[c]; i--)
		{
			int64_t left = i - deck->start[c] + 1;
			int64_t j = deck->start[c] + (int64_t) (emo_random_uniform(&random) * (double) left);
			int64_t taken = deck->order[i];

			deck->order[i] = deck->order[j];
			deck->order[j] = taken;
		}
	return EMO_OK;
}

static void
put_away(EmoEnv *env, Deck *deck)
{
	emo_free(env, deck->start);
	emo_free(env, deck->order);
}

EmoStatus
emo_new_folds(EmoEnv *env, int64_t n_rows, int n_folds, EmoFolds *folds)
{
	*folds = (EmoFolds){n_rows, n_folds, emo_alloc(env, n_rows, sizeof(int32_t))};
	return folds->fold_of == NULL ? env->status : EMO_OK;
}

EmoStatus
emo_new_scores(EmoEnv *env, int64_t n_rows, int n_classes, EmoRowScores *scores)
{
	*scores = (EmoRowScores){n_rows, n_classes, emo_alloc(env, n_rows, n_classes * sizeof(float))};
	return scores->ln_p == NULL ? env->status : EMO_OK;
}

EmoStatus
emo_check_rows(EmoEnv *env, int64_t n_rows, int n_classes, const EmoFolds *folds,
			   const EmoRowScores *scores)
{
	if (folds != NULL && folds->n_rows != n_rows)
		return emo_fail(env, EMO_INVALID_PARAMETER, "folds are of %lld rows, not of %lld",
						(long long) folds->n_rows, (long long) n_rows);
	if (scores != NULL && (scores->n_rows != n_rows || scores->n_classes != n_classes))
		return emo_fail(env, EMO_INVALID_PARAMETER,
						"scores are of %lld rows and %d classes, not of %lld and %d",
						(long long) scores->n_rows, scores->n_classes, (long long) n_rows,
						n_classes);
	return EMO_OK;
}

EmoStatus
emo_folds_drawn(EmoEnv *env, const int32_t *label, int64_t n, int n_classes, int k, uint64_t seed,
				EmoFolds *folds)
{
	Deck deck;

	if (emo_new_folds(env, n, k, folds) != EMO_OK ||
		shuffle(env, label, n, n_classes, seed, &deck) != EMO_OK)
		return env->status;
	/* Dealt in turn, from class to class on, so that the folds stay equally large. */
	for (int64_t i = 0; i < n; i++)
		folds->fold_of[deck.order[i]] = (int32_t) (i % k);
	put_away(env, &deck);
	return EMO_OK;
}

EmoStatus
emo_folds_holdout(EmoEnv *env, const int32_t *label, int64_t n, int n_classes, double share,
				  uint64_t seed, EmoFolds *folds)
{
	Deck deck;

	if (emo_new_folds(env, n, 1, folds) != EMO_OK ||
		shuffle(env, label, n, n_classes, seed, &deck) != EMO_OK)
		return env->status;
	for (int c = 0; c < n_classes; c++)
	{
		int64_t n_class = deck.start[c + 1] - deck.start[c];
		int64_t n_held_out = (int64_t) floor(share * (double) n_class + 0.5);

		if (n_held_out > n_class - 1)
			n_held_out = n_class - 1;
		if (n_held_out < 1)
			n_held_out = n_class > 1 ? 1 : 0;
		for (int64_t i = 0; i < n_class; i++)
			folds->fold_of[deck.order[deck.start[c] + i]] = i < n_held_out ? 0 : EMO_ALWAYS_TRAINED;
	}
	put_away(env, &deck);
	return EMO_OK;
}
