/*
 * folds.c
 *	  Who is held out from whom in a cross-validation.
 */
#include "core/base/folds.h"

#include <math.h>
#include <stdlib.h>

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

typedef struct GroupRows
{
	int64_t n_rows;
	int32_t group;
} GroupRows;

/* Most rows first; equal ones by number, so that the order is that of the input alone. */
static int
compare_groups(const void *left_pointer, const void *right_pointer)
{
	const GroupRows *left = left_pointer;
	const GroupRows *right = right_pointer;

	if (left->n_rows != right->n_rows)
		return left->n_rows > right->n_rows ? -1 : 1;
	return left->group < right->group ? -1 : 1;
}

typedef struct FoldRows
{
	int64_t n_rows;
	int32_t fold;
} FoldRows;

static bool
goes_before(const FoldRows *left, const FoldRows *right)
{
	return left->n_rows < right->n_rows ||
		   (left->n_rows == right->n_rows && left->fold < right->fold);
}

/* Let the first of a heap down to where it belongs: on top is the fold with the fewest rows. */
static void
sift_down(FoldRows *heap, int n)
{
	for (int at = 0, child; (child = 2 * at + 1) < n; at = child)
	{
		FoldRows moved = heap[at];

		child += child + 1 < n && goes_before(&heap[child + 1], &heap[child]);
		if (!goes_before(&heap[child], &moved))
			return;
		heap[at] = heap[child];
		heap[child] = moved;
	}
}

/* The group with the most rows first, each into the fold with the fewest; returns how many have rows. */
static int
deal(const GroupRows *groups, int n_groups, FoldRows *heap, int k, int32_t *fold_of_group)
{
	int n_used = 0;

	/* Folds without rows, in their order, are a heap. */
	for (int fold = 0; fold < k; fold++)
		heap[fold] = (FoldRows){0, fold};
	for (int i = 0; i < n_groups && groups[i].n_rows > 0; i++)
	{
		fold_of_group[groups[i].group] = heap[0].fold;
		n_used += heap[0].n_rows == 0;
		heap[0].n_rows += groups[i].n_rows;
		sift_down(heap, k);
	}
	return n_used;
}

EmoStatus
emo_deal_groups(EmoEnv *env, const int64_t *rows_of_group, int n_groups, int k,
				int32_t *fold_of_group, int *n_folds)
{
	GroupRows *groups = emo_alloc(env, n_groups, sizeof(GroupRows));
	FoldRows *heap = emo_alloc(env, k, sizeof(FoldRows));

	if (groups == NULL || heap == NULL)
		return env->status;
	for (int g = 0; g < n_groups; g++)
		groups[g] = (GroupRows){rows_of_group[g], g};
	qsort(groups, n_groups, sizeof(GroupRows), compare_groups);
	*n_folds = deal(groups, n_groups, heap, k, fold_of_group);
	emo_free(env, heap);
	emo_free(env, groups);
	return EMO_OK;
}

EmoStatus
emo_folds_of_groups(EmoEnv *env, const int32_t *group, int64_t n, int n_groups, int k,
					EmoFolds *folds)
{
	int64_t *rows_of_group = emo_alloc_zero(env, n_groups, sizeof(int64_t));
	int32_t *fold_of_group = emo_alloc(env, n_groups, sizeof(int32_t));

	if (rows_of_group == NULL || fold_of_group == NULL || emo_new_folds(env, n, k, folds) != EMO_OK)
		return env->status;
	for (int64_t row = 0; row < n; row++)
	{
		if (group[row] >= n_groups)
			return emo_fail(env, EMO_BAD_DATA, "speaker of training row %lld is out of range",
							(long long) row + 1);
		if (group[row] >= 0)
			rows_of_group[group[row]]++;
	}
	if (emo_deal_groups(env, rows_of_group, n_groups, k, fold_of_group, &folds->n_folds) != EMO_OK)
		return env->status;
	for (int64_t row = 0; row < n; row++)
		folds->fold_of[row] = group[row] < 0 ? EMO_ALWAYS_TRAINED : fold_of_group[group[row]];
	emo_free(env, fold_of_group);
	emo_free(env, rows_of_group);
	return EMO_OK;
}
