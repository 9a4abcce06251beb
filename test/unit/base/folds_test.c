/*
 * folds_test.c
 *	  Dealing rows and groups of rows into folds.
 */
#include "core/base/folds.h"

#include "core/base/random.h"
#include "unit.h"

#define MAX_ROWS   4000
#define MAX_GROUPS 300

/* The plain way: groups in turn, each time the largest that is left, into the smallest fold. */
static void
deal_plainly(const int32_t *group, int n, int n_groups, int k, int32_t *fold_of_group)
{
	int64_t rows_of_group[MAX_GROUPS] = {0}, rows_of_fold[MAX_GROUPS] = {0};

	for (int row = 0; row < n; row++)
		if (group[row] >= 0)
			rows_of_group[group[row]]++;
	for (;;)
	{
		int largest = 0, smallest = 0;

		for (int g = 1; g < n_groups; g++)
			largest = rows_of_group[g] > rows_of_group[largest] ? g : largest;
		if (rows_of_group[largest] == 0)
			return;
		for (int f = 1; f < k; f++)
			smallest = rows_of_fold[f] < rows_of_fold[smallest] ? f : smallest;
		fold_of_group[largest] = smallest;
		rows_of_fold[smallest] += rows_of_group[largest];
		rows_of_group[largest] = 0;
	}
}

static void
test_groups_as_dealt_plainly(EmoEnv *env)
{
	static int32_t group[MAX_ROWS], expected[MAX_GROUPS];
	EmoRandom random;

	emo_random_seed(&random, 1);
	for (int round = 0; round < 20; round++)
	{
		int n_groups = 1 + (int) (emo_random_uniform(&random) * (MAX_GROUPS - 1));
		int k = 1 + (int) (emo_random_uniform(&random) * 40);
		int n_used = 0, n = MAX_ROWS;
		bool used[MAX_GROUPS] = {false};
		EmoFolds folds;

		for (int row = 0; row < n; row++)
		{
			double at = emo_random_uniform(&random);

			/* Unequal groups, the square's; some rows of none. */
			group[row] = at < 0.05 ? -1 : (int32_t) (at * at * n_groups);
		}
		deal_plainly(group, n, n_groups, k, expected);
		CHECK(emo_folds_of_groups(env, group, n, n_groups, k, &folds) == EMO_OK);
		CHECK(folds.n_rows == n && folds.n_folds >= 1 && folds.n_folds <= k);
		for (int row = 0; row < n; row++)
		{
			CHECK(folds.fold_of[row] ==
				  (group[row] < 0 ? EMO_ALWAYS_TRAINED : expected[group[row]]));
			if (group[row] >= 0 && !used[folds.fold_of[row]])
			{
				used[folds.fold_of[row]] = true;
				n_used++;
			}
		}
		CHECK(n_used == folds.n_folds);
		emo_free(env, folds.fold_of);
	}
}

/* 2000 speakers of 1 to 9 rows: folds are as large as each other, to a row or so. */
static void
test_groups_make_even_folds(EmoEnv *env)
{
	static int32_t group[10000];
	int64_t rows_of_fold[10] = {0};
	int n = 0, n_groups = 0;
	EmoRandom random;
	EmoFolds folds;

	emo_random_seed(&random, 2);
	while (n < 9990)
	{
		for (int left = 1 + (int) (emo_random_uniform(&random) * 9); left > 0; left--)
			group[n++] = n_groups;
		n_groups++;
	}
	CHECK(emo_folds_of_groups(env, group, n, n_groups, 10, &folds) == EMO_OK);
	CHECK(folds.n_folds == 10);
	for (int row = 0; row < n; row++)
		rows_of_fold[folds.fold_of[row]]++;
	for (int fold = 0; fold < 10; fold++)
		CHECK(rows_of_fold[fold] >= n / 10 - 1 && rows_of_fold[fold] <= n / 10 + 2);
	emo_free(env, folds.fold_of);
}

static void
test_groups_fewer_than_folds(EmoEnv *env)
{
	static const int32_t group[] = {2, 0, 2, -1, 0, 2}, beyond[] = {0, 3};
	EmoFolds folds;

	/* Of three groups, number 1 has no rows. */
	CHECK(emo_folds_of_groups(env, group, 6, 3, 1000, &folds) == EMO_OK);
	CHECK(folds.n_folds == 2);
	CHECK(folds.fold_of[0] == 0 && folds.fold_of[1] == 1 && folds.fold_of[3] == EMO_ALWAYS_TRAINED);
	emo_free(env, folds.fold_of);
	CHECK(emo_folds_of_groups(env, beyond, 2, 3, 2, &folds) == EMO_BAD_DATA);
}

int
main(void)
{
	RUN(test_groups_as_dealt_plainly);
	RUN(test_groups_make_even_folds);
	RUN(test_groups_fewer_than_folds);
	return unit_finish();
}
