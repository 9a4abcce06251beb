/*
 * algorithm_lda.c
 *	  Cross-validation of "lda": folds are taken out of the statistics of all rows.
 */
#include "pg/algorithm.h"

#include "utils/memutils.h"

#include "core/training_subset.h"
#include "pg/lda_options.h"
#include "pg/progress.h"
#include "pg/training_set.h"

static void *
read_options(Jsonb *given, Jsonb **all, bool *quiet)
{
	LdaOptions *options = palloc(sizeof(LdaOptions));

	*options = emoser_read_lda_options(given, all);
	*quiet = options->quiet;
	return options;
}

static bool
same_data(const void *options, const void *others)
{
	const LdaOptions *a = options, *b = others;

	return a->augment == b->augment && a->seed == b->seed;
}

static CrossSet *
read_source(const char *source, const void *options)
{
	const LdaOptions *lda = options;
	TrainingSetOptions set_options = {.features = true,
									  .augment = lda->augment,
									  .quiet = lda->quiet,
									  .seed = lda->seed,
									  .with_ids = true};
	TrainingSet *read = emoser_read_training_set(source, &set_options);
	CrossSet *set = palloc0(sizeof(CrossSet));
	int32 *label, *speaker;
	Size n_bytes = read->n_utterances * sizeof(int32);

	if (!lda->quiet)
		emoser_tell_skipped(read);
	label = MemoryContextAllocHuge(CurrentMemoryContext, n_bytes);
	speaker = MemoryContextAllocHuge(CurrentMemoryContext, n_bytes);
	for (int64 i = 0; i < read->n_utterances; i++)
	{
		label[i] = read->core.label[i * read->n_copies];
		speaker[i] = read->core.speaker != NULL ? read->core.speaker[i * read->n_copies] : 0;
	}
	set->n_utterances = read->n_utterances;
	set->n_classes = read->core.n_classes;
	set->n_speakers = read->core.n_speakers;
	set->label = label;
	set->speaker = read->core.speaker != NULL ? speaker : NULL;
	set->labels = read->labels;
	set->speakers = read->speakers;
	set->ids = read->ids;
	set->source_rows = read->source_rows;
	set->data_hash = read->data_hash;
	set->data = read;
	return set;
}

/* Rows that are trained on, with the fold and the utterance of each. */
typedef struct FoldRows
{
	const EmoTrainingSet *set;
	int32 *fold;      /* [set->n_rows] */
	int64 *utterance; /* [set->n_rows] */
} FoldRows;

/* Those of a subset of other rows. */
static FoldRows
rows_of_subset(const FoldRows *others, const EmoTrainingSubset *subset)
{
	Size n = subset->set.n_rows;
	FoldRows rows = {&subset->set, MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32)),
					 MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int64))};

	for (Size row = 0; row < n; row++)
	{
		rows.fold[row] = others->fold[subset->source_row[row]];
		rows.utterance[row] = others->utterance[subset->source_row[row]];
	}
	return rows;
}

/* Rows of the set but those that are left out. */
static FoldRows
training_rows(EmoEnv *env, const CrossSet *set, const int32 *fold_of, EmoTrainingSubset *subset)
{
	const TrainingSet *read = set->data;
	Size n_rows = read->core.n_rows;
	FoldRows rows = {&read->core,
					 MemoryContextAllocHuge(CurrentMemoryContext, n_rows * sizeof(int32)),
					 MemoryContextAllocHuge(CurrentMemoryContext, n_rows * sizeof(int64))};
	bool *keep = MemoryContextAllocHuge(CurrentMemoryContext, n_rows);
	bool all = true;

	for (Size row = 0; row < n_rows; row++)
	{
		rows.utterance[row] = row / read->n_copies;
		rows.fold[row] = fold_of[rows.utterance[row]];
		keep[row] = rows.fold[row] != EMO_LEFT_OUT;
		all = all && keep[row];
	}
	if (all)
		return rows;
	emoser_check(env, emo_training_subset(env, &read->core, keep, subset));
	return rows_of_subset(&rows, subset);
}

/* Calibrated log posteriors of one head, into those of the utterances. */
static void
score_head(EmoEnv *env, const FoldRows *rows, const EmoLdaOptions *options, int n_folds,
		   Progress *progress, int64 n_folds_before, float *scores)
{
	const EmoTrainingSet *set = rows->set;
	Size n_classes = set->n_classes;
	float *log_posteriors =
		MemoryContextAllocHuge(CurrentMemoryContext, set->n_rows * n_classes * sizeof(float));
	EmoLdaCross *cross;

	emoser_check(env, emo_lda_cross_begin(env, set, options, rows->fold, n_folds, &cross));
	for (int fold = 0; fold < n_folds; fold++)
	{
		emoser_check(env, emo_lda_cross_fold(env, cross, fold, log_posteriors));
		emoser_progress_report(progress, n_folds_before + fold + 1);
	}
	emo_lda_cross_end(env, cross);
	emoser_check(env,
				 emo_lda_calibrate_cross(env, set, options, rows->fold, n_folds, log_posteriors));
	for (int64 row = 0; row < set->n_rows; row++)
		if (rows->fold[row] >= 0 && set->copy_kind[row] == 0)
			memcpy(scores + rows->utterance[row] * n_classes, log_posteriors + row * n_classes,
				   n_classes * sizeof(float));
	pfree(log_posteriors);
}

/*
 * Rows are normalised by the mean and deviation of each speaker's rows, held-out ones included:
 * that is what a profile is, and it knows no labels.
 */
static void
score_with_profile(EmoEnv *env, const FoldRows *rows, const EmoLdaOptions *options, int n_folds,
				   Progress *progress, float *scores)
{
	EmoTrainingSubset profiled;
	FoldRows profiled_rows;
	float *mean, *deviation;

	emoser_check(env, emo_measure_population(env, rows->set, &mean, &deviation));
	emoser_check(env, emo_profiled_rows(env, rows->set, mean, deviation, &profiled));
	profiled_rows = rows_of_subset(rows, &profiled);
	score_head(env, &profiled_rows, options, n_folds, progress, n_folds, scores);
}

static void
score(const CrossSet *set, const void *options, const int32 *fold_of, int n_folds,
	  bool with_profile, CrossScores *scores)
{
	const LdaOptions *lda = options;
	Size n_bytes = set->n_utterances * set->n_classes * sizeof(float);
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext work = AllocSetContextCreate(outer, "emoser folds", ALLOCSET_DEFAULT_SIZES);
	EmoTrainingSubset subset;
	FoldRows rows;
	Progress progress;
	EmoEnv env;

	scores->plain = MemoryContextAllocHuge(outer, n_bytes);
	scores->with_profile = NULL;
	MemoryContextSwitchTo(work);
	emoser_env_init(&env, work);
	rows = training_rows(&env, set, fold_of, &subset);
	with_profile = with_profile && lda->profile_head;
	if (with_profile)
		emoser_check(&env, emo_can_use_profiles(&env, rows.set, &with_profile));
	emoser_progress_start(&progress, "folds trained", n_folds * (with_profile ? 2 : 1), lda->quiet);
	score_head(&env, &rows, &lda->core, n_folds, &progress, 0, scores->plain);
	if (with_profile)
	{
		scores->with_profile = MemoryContextAllocHuge(outer, n_bytes);
		score_with_profile(&env, &rows, &lda->core, n_folds, &progress, scores->with_profile);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

const Algorithm emoser_algorithm_lda = {"lda", read_options, same_data, read_source, score};
