/*
 * summed_grid.c
 *	  Combinations of options of lda, scored by sums over rows: what they change are the solutions alone.
 */
#include "pg/training/summed_grid.h"

#include "utils/memutils.h"

#include "pg/training/summed_training.h"

/* Of two folds, one is held out and the other one trained on: nothing would be left to choose by. */
#define MIN_FOLDS 3

/* What models of combinations that are scored together take, and as much again where they are put together. */
#define BATCH_BYTES ((Size) 64 * 1024 * 1024)

struct SummedGrid
{
	LdaOptions lda;
	SummedTraining training;
	SummedFolds folds;
};

static bool
has_rows(const SummedFolds *folds, int fold)
{
	return folds->fold[fold].rows_of_label != NULL;
}

/* Whether at least two emotions have rows outside each two folds. */
static bool
can_choose(const SummedGrid *grid)
{
	const SummedFolds *folds = &grid->folds;

	for (int f = 0; f < folds->n_folds; f++)
		for (int other = 0; other < f; other++)
		{
			int n_left = 0;

			for (int i = 0;
				 has_rows(folds, f) && has_rows(folds, other) && i < grid->training.source.n_labels;
				 i++)
				n_left += folds->rows_of_label[i] >
						  folds->fold[f].rows_of_label[i] + folds->fold[other].rows_of_label[i];
			if (has_rows(folds, f) && has_rows(folds, other) && n_left < EMO_MIN_CLASSES)
				return false;
		}
	return true;
}

SummedGrid *
emoser_sum_grid(Oid function, const char *source, const LdaOptions *lda,
				const TrainingSetOptions *set_options, int k, int more_speakers_than)
{
	SummedGrid *grid = palloc0(sizeof(SummedGrid));

	if (k < MIN_FOLDS)
		return NULL;
	grid->lda = *lda;
	/* Options are chosen by the head without a profile. */
	grid->lda.profile_head = false;
	grid->training = (SummedTraining){
		.function = function, .text = source, .lda = &grid->lda, .set_options = *set_options};
	if (!emoser_sum_folds_of_speakers(&grid->training, k, more_speakers_than, &grid->folds))
		return NULL;
	if (!can_choose(grid))
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("fewer than two classes are left outside two folds"),
						errhint("Spread the classes over more folds.")));
	return grid;
}

int
emoser_summed_grid_folds(const SummedGrid *grid)
{
	return grid->folds.n_folds;
}

bool
emoser_summed_grid_has_rows(const SummedGrid *grid, int fold)
{
	return has_rows(&grid->folds, fold);
}

int64
emoser_summed_grid_skipped(const SummedGrid *grid)
{
	return grid->training.n_skipped;
}

char *
emoser_summed_grid_hash(const SummedGrid *grid)
{
	return emoser_data_hash(&grid->folds.total[0]->data_hash);
}

bool
emoser_summed_grid_is_spooled(const SummedGrid *grid)
{
	return grid->training.is_spooled;
}

int
emoser_summed_grid_batch(const SummedGrid *grid, int most)
{
	const SummedSource *source = &grid->training.source;
	Size n_features = source->settings.n_features;
	/* Mean and deviation of the head, and those of the population, beside the weights. */
	Size of_model = (source->n_labels + 4) * n_features * sizeof(float) +
					emo_temperature_grid_size(source->n_labels);
	Size n_models = (Size) grid->folds.n_folds * (grid->folds.n_folds - 1);

	return (int) Max(1, Min((Size) most, BATCH_BYTES / (n_models * of_model)));
}

/* How those folds did that were scored without another. */
static void
judge_without(const SummedGrid *grid, const FoldModel *models, const FoldGrids *grids, int n,
			  const LdaOptions *lda, int fold, FoldJudged *score)
{
	FoldGrids sum = emoser_new_fold_grids(&grid->training.source, &grid->folds);

	for (int m = 0; m < grid->folds.n_folds * n; m++)
		if (models[m].lda == lda && models[m].also_without == fold)
			emoser_add_fold_grids(&sum, &grids[m]);
	score->n = sum.grid[0]->n_rows;
	if (score->n > 0)
		score->head[0] =
			emo_temperature_grid_judge(sum.grid[0], emo_temperature_grid_fit(sum.grid[0]));
}

void
emoser_score_grid(const SummedGrid *grid, void *const *options, int n, FoldJudged *scores)
{
	MemoryContext work =
		AllocSetContextCreate(CurrentMemoryContext, "emoser combinations", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(work);
	int n_folds = grid->folds.n_folds;
	int n_of_fold = n * (n_folds - 1);
	FoldModel *models = palloc(n_folds * n_of_fold * sizeof(FoldModel));
	FoldGrids *grids = palloc(n_folds * n_of_fold * sizeof(FoldGrids));
	int n_models = 0;

	for (int f = 0; f < n_folds; f++)
		for (int i = 0; i < n; i++)
			for (int other = 0; other < n_folds; other++)
				if (other != f)
					/* Those of an empty fold are as those without this one alone. */
					models[n_models++] =
						(FoldModel){options[i], has_rows(&grid->folds, other) ? other : -1};
	emoser_score_by_models(&grid->training.source, &grid->folds, models, n_of_fold, grids, NULL);
	for (int i = 0; i < n; i++)
		for (int f = 0; f < n_folds; f++)
		{
			FoldJudged *score = &scores[i * n_folds + f];

			*score = (FoldJudged){.n = 0};
			if (has_rows(&grid->folds, f))
				judge_without(grid, models, grids, n_of_fold, options[i], f, score);
		}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

void
emoser_test_grid(const SummedGrid *grid, void *const *options, int n, FoldJudged *scores)
{
	MemoryContext work =
		AllocSetContextCreate(CurrentMemoryContext, "emoser combinations", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(work);
	int n_folds = grid->folds.n_folds;
	FoldModel *models = palloc(n_folds * n * sizeof(FoldModel));
	FoldGrids *grids = palloc(n_folds * n * sizeof(FoldGrids));

	for (int m = 0; m < n_folds * n; m++)
		models[m] = (FoldModel){options[m % n], -1};
	emoser_score_by_models(&grid->training.source, &grid->folds, models, n, grids, NULL);
	for (int i = 0; i < n; i++)
	{
		FoldGrids of_combination[EMOSER_MAX_FOLDS];

		for (int f = 0; f < n_folds; f++)
			of_combination[f] = grids[f * n + i];
		memset(&scores[i * n_folds], 0, n_folds * sizeof(FoldJudged));
		emoser_judge_folds(&grid->training, &grid->folds, of_combination, &scores[i * n_folds]);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

void
emoser_end_summed_grid(SummedGrid *grid)
{
	emoser_drop_spooled_rows(&grid->training.spooled);
}
