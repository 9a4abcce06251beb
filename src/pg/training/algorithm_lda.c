/*
 * algorithm_lda.c
 *	  "lda": training, and cross-validation, where folds are taken out of the statistics of all rows.
 */
#include "pg/training/algorithm.h"

#include "utils/memutils.h"

#include "core/lda/profiled_rows.h"
#include "pg/base/options.h"
#include "pg/base/progress.h"
#include "pg/training/lda_options.h"

static void *
read_options(Jsonb *given, Jsonb **all, bool *quiet)
{
	LdaOptions *options = palloc(sizeof(LdaOptions));

	*options = emoser_read_lda_options(given, true, all);
	*quiet = options->quiet;
	return options;
}

static TrainingSetOptions
set_options(const void *options)
{
	const LdaOptions *lda = options;

	return (TrainingSetOptions){.names = lda->names,
								.features = true,
								.augment = lda->augment,
								.quiet = lda->quiet,
								.seed = lda->seed};
}

/* What held-out speakers (or recordings) said of the heads, as a jsonb object. */
static Jsonb *
metrics_of(const EmoModel *model)
{
	static const char *const plain_names[] = {"held_out_utterances", "uar", "war", "log_loss"};
	static const char *const profile_names[] = {"held_out_utterances_with_profile",
												"uar_with_profile", "war_with_profile",
												"log_loss_with_profile"};
	static const char *const protocols[] = {"held-out recordings", "held-out speakers", NULL};
	int protocol = model->heads[0].lda.held_out.by_speaker ? 1 : 0;
	OptionSpec specs[1 + 2 * lengthof(plain_names)];
	int n_specs = 0;

	specs[n_specs++] = (OptionSpec){"protocol", OPTION_CHOICE, &protocol, 0, 0, protocols};
	for (int h = 0; h < model->n_heads; h++)
	{
		EmoHeldOut *held_out = &model->heads[h].lda.held_out;
		const char *const *names = model->heads[h].on_profile ? profile_names : plain_names;

		specs[n_specs++] = (OptionSpec){names[0], OPTION_INTEGER, &held_out->n_rows, 0, 0, NULL};
		if (held_out->n_rows == 0)
			continue;
		specs[n_specs++] = (OptionSpec){names[1], OPTION_REAL, &held_out->uar, 0, 0, NULL};
		specs[n_specs++] = (OptionSpec){names[2], OPTION_REAL, &held_out->war, 0, 0, NULL};
		specs[n_specs++] = (OptionSpec){names[3], OPTION_REAL, &held_out->log_loss, 0, 0, NULL};
	}
	return emoser_write_options(specs, n_specs);
}

static void
train(const TrainingSet *set, const void *options, Jsonb *all, TrainingObserver *observer,
	  EmoModel *model, Jsonb **metrics)
{
	const LdaOptions *lda = options;
	EmoEnv env;

	(void) all;
	(void) observer;
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_model_train_lda(&env, &set->core, &lda->core, lda->profile_head, model));
	*metrics = metrics_of(model);
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
training_rows(EmoEnv *env, const TrainingSet *set, const int32 *fold_of, EmoTrainingSubset *subset)
{
	Size n_rows = set->core.n_rows;
	FoldRows rows = {&set->core,
					 MemoryContextAllocHuge(CurrentMemoryContext, n_rows * sizeof(int32)),
					 MemoryContextAllocHuge(CurrentMemoryContext, n_rows * sizeof(int64))};
	bool *keep = MemoryContextAllocHuge(CurrentMemoryContext, n_rows);
	bool all = true;

	for (Size row = 0; row < n_rows; row++)
	{
		rows.utterance[row] = row / set->n_copies;
		rows.fold[row] = fold_of[rows.utterance[row]];
		keep[row] = rows.fold[row] != EMO_LEFT_OUT;
		all = all && keep[row];
	}
	if (all)
		return rows;
	emoser_check(env, emo_training_subset(env, &set->core, keep, subset));
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
score(const TrainingSet *set, const void *options, const int32 *fold_of, int n_folds,
	  bool with_profile, CrossScores *scores)
{
	const LdaOptions *lda = options;
	Size n_bytes = set->n_utterances * set->core.n_classes * sizeof(float);
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

const Algorithm emoser_algorithm_lda = {read_options, set_options, train, score};
