/*
 * algorithm_lda.c
 *	  "lda": training, and cross-validation, where folds are taken out of the statistics of all rows.
 */
#include "pg/training/algorithm.h"

#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/lda/profiled_rows.h"
#include "pg/base/json.h"
#include "pg/base/options.h"
#include "pg/base/progress.h"
#include "pg/training/fold_rows.h"
#include "pg/training/heard_set.h"
#include "pg/training/lda_options.h"
#include "pg/training/summed.h"

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

	return (TrainingSetOptions){.source = lda->source,
								.features = true,
								.encoder = emoser_encoder_of_options(&lda->encoder),
								.augment = lda->augment,
								.degrade = lda->degrade,
								.by_corpus = true,
								.balance = lda->balance,
								.quiet = lda->quiet,
								.seed = lda->seed};
}

/* How many utterances of the set each corpus has; NULL without corpora. */
static Jsonb *
count_corpora(const TrainingSet *set)
{
	int64 *counts;
	Json json;

	if (set->corpora == NULL)
		return NULL;
	counts = palloc0(set->core.n_corpora * sizeof(int64));
	for (int64 i = 0; i < set->n_utterances; i++)
		counts[set->core.corpus[i * set->n_copies]]++;
	emoser_json_init(&json);
	emoser_json_open(&json, '{');
	for (int i = 0; i < set->core.n_corpora; i++)
	{
		emoser_json_key(&json, set->corpora[i]);
		emoser_json_integer(&json, counts[i]);
	}
	emoser_json_close(&json, '}');
	return emoser_json_to_jsonb(&json);
}

Jsonb *
emoser_lda_metrics(const EmoModel *model, Jsonb *corpora)
{
	static const char *const plain_names[] = {"held_out_utterances", "uar", "war", "log_loss"};
	static const char *const profile_names[] = {"held_out_utterances_with_profile",
												"uar_with_profile", "war_with_profile",
												"log_loss_with_profile"};
	static const char *const protocols[] = {"held-out recordings", "held-out speakers", NULL};
	int protocol = model->heads[0].lda.held_out.by_speaker ? 1 : 0;
	OptionSpec specs[2 + 2 * lengthof(plain_names)];
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
	specs[n_specs++] = (OptionSpec){"corpora", OPTION_JSON, &corpora, 0, 0, NULL};
	return emoser_write_options(specs, n_specs);
}

static LayerChoice
layer_choice(const LdaOptions *lda, const TrainingSet *set)
{
	return (LayerChoice){.loss = emo_lda_held_out_loss,
						 .options = &lda->core,
						 .with_profiles = lda->profile_head && set->speaker != NULL,
						 .quiet = lda->quiet};
}

static void
train(const TrainingSet *set, const void *options, Jsonb *all, TrainingObserver *observer,
	  EmoModel *model, Jsonb **metrics)
{
	const LdaOptions *lda = options;
	LayerChoice choice = layer_choice(lda, set);
	const EmoTrainingSet *rows;
	Jsonb *layers;
	EmoEnv env;

	(void) all;
	(void) observer;
	rows = emoser_heard_rows(set, &choice, model, &layers);
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_model_train_lda(&env, rows, &lda->core, lda->profile_head, model));
	*metrics = emoser_metrics_with_layers(emoser_lda_metrics(model, count_corpora(set)), layers);
}

static TrainingSet *
train_source(Oid function, const char *source, const void *options, EmoModel *model,
			 Jsonb **metrics, StatesToKeep **states)
{
	TrainingSetOptions reading = set_options(options);
	TrainingSet *set = emoser_train_summed(function, source, options, &reading, model, states);

	if (set != NULL)
		*metrics = emoser_lda_metrics(model, NULL);
	return set;
}

/* Calibrated log posteriors of one head by each of n options, into those of the utterances. */
static void
score_head(EmoEnv *env, const FoldRows *rows, const EmoLdaOptions *options, int n,
		   Progress *progress, int64 n_folds_before, EmoRowScores *const *scores)
{
	const EmoTrainingSet *set = rows->set;
	EmoRowScores *of_rows = palloc(n * sizeof(EmoRowScores));
	EmoLdaCross *cross;

	for (int i = 0; i < n; i++)
		emoser_check(env, emo_new_scores(env, set->n_rows, set->n_classes, &of_rows[i]));
	emoser_check(env, emo_lda_cross_begin(env, set, options, &rows->folds, &cross));
	for (int fold = 0; fold < rows->folds.n_folds; fold++)
	{
		TimestampTz start = GetCurrentTimestamp();

		emoser_check(env, emo_lda_cross_fold_by_each(env, cross, fold, options, n, of_rows));
		if (n_folds_before + fold == 0)
			emoser_progress_foretell(progress, start);
		emoser_progress_report(progress, n_folds_before + fold + 1);
	}
	emo_lda_cross_end(env, cross);
	for (int i = 0; i < n; i++)
	{
		emoser_check(env,
					 emo_lda_calibrate_cross(env, set, &options[i], &rows->folds, &of_rows[i]));
		for (int64 row = 0; row < set->n_rows; row++)
			if (rows->folds.fold_of[row] >= 0 && set->copy_kind[row] == 0)
				memcpy(emo_scores_of_row(scores[i], rows->utterance[row]),
					   emo_scores_of_row(&of_rows[i], row), set->n_classes * sizeof(float));
		emo_free(env, of_rows[i].ln_p);
	}
}

/*
 * Rows are normalised by the mean and deviation of each speaker's rows, held-out ones included:
 * that is what a profile is, and it knows no labels.
 */
static void
score_with_profile(EmoEnv *env, const FoldRows *rows, const EmoLdaOptions *options,
				   Progress *progress, EmoRowScores *scores)
{
	EmoLdaOptions of_profiles = emo_lda_profile_options(options);
	EmoTrainingSubset profiled;
	FoldRows profiled_rows;
	float *mean, *deviation;

	emoser_check(env, emo_measure_population(env, rows->set, &mean, &deviation));
	emoser_check(env, emo_profiled_rows(env, rows->set, mean, deviation, &profiled));
	profiled_rows = emoser_fold_rows_of_subset(env, rows, &profiled);
	score_head(env, &profiled_rows, &of_profiles, 1, progress, rows->folds.n_folds, &scores);
}

static void score(const TrainingSet *set, const void *options, const EmoFolds *folds,
				  bool with_profile, CrossScores *scores);

/* Scores that are put together, fold by fold. */
typedef struct HeardScores
{
	LdaOptions options;
	bool with_profile;
	CrossScores *scores;
} HeardScores;

static void
copy_scores(const EmoFolds *folds, const EmoRowScores *from, EmoRowScores *to)
{
	for (int64 i = 0; i < folds->n_rows; i++)
		if (folds->fold_of[i] >= 0)
			memcpy(emo_scores_of_row(to, i), emo_scores_of_row(from, i),
				   from->n_classes * sizeof(float));
}

/* A HeardFoldTaker. */
static void
score_heard_fold(void *argument, const TrainingSet *set, const EmoFolds *folds)
{
	HeardScores *heard = argument;
	CrossScores of_fold;

	score(set, &heard->options, folds, heard->with_profile, &of_fold);
	copy_scores(folds, &of_fold.plain, &heard->scores->plain);
	heard->scores->has_profiles = of_fold.has_profiles;
	if (of_fold.has_profiles)
		copy_scores(folds, &of_fold.with_profile, &heard->scores->with_profile);
}

/* Each fold by layers that the others have chosen. */
static void
score_heard(const TrainingSet *set, const LdaOptions *lda, const EmoFolds *folds, bool with_profile,
			CrossScores *scores)
{
	HeardScores heard = {.options = *lda, .with_profile = with_profile, .scores = scores};
	LayerChoice choice = layer_choice(lda, set);

	*scores = (CrossScores){.plain = emoser_new_row_scores(set),
							.with_profile = emoser_new_row_scores(set)};
	heard.options.quiet = true;
	emoser_each_heard_fold(set, folds, &choice, score_heard_fold, &heard);
}

static void
score(const TrainingSet *set, const void *options, const EmoFolds *folds, bool with_profile,
	  CrossScores *scores)
{
	const LdaOptions *lda = options;
	MemoryContext outer = CurrentMemoryContext, work;
	EmoTrainingSubset subset;
	FoldRows rows;
	Progress progress;
	EmoEnv env;

	if (emoser_has_layers_to_choose(set))
	{
		score_heard(set, lda, folds, with_profile, scores);
		return;
	}
	emoser_check_heard_memory(set, lda->profile_head && set->speaker != NULL);
	scores->plain = emoser_new_row_scores(set);
	scores->has_profiles = false;
	work = AllocSetContextCreate(outer, "emoser folds", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(work);
	emoser_env_init(&env, work);
	emoser_check(&env, emo_check_rows(&env, set->n_utterances, 0, folds, NULL));
	rows = emoser_fold_rows(&env, set, folds, &subset);
	with_profile = with_profile && lda->profile_head;
	if (with_profile)
		emoser_check(&env, emo_can_use_profiles(&env, rows.set, &with_profile));
	emoser_progress_start(&progress, "folds trained", folds->n_folds * (with_profile ? 2 : 1),
						  lda->quiet);
	score_head(&env, &rows, &lda->core, 1, &progress, 0, &(EmoRowScores *){&scores->plain});
	if (with_profile)
	{
		MemoryContextSwitchTo(outer);
		scores->with_profile = emoser_new_row_scores(set);
		scores->has_profiles = true;
		MemoryContextSwitchTo(work);
		score_with_profile(&env, &rows, &lda->core, &progress, &scores->with_profile);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

static void
score_by_each(const TrainingSet *set, void *const *options, int n, const EmoFolds *folds,
			  CrossScores *scores)
{
	const LdaOptions *first = options[0];
	EmoLdaOptions *core = palloc(n * sizeof(EmoLdaOptions));
	EmoRowScores **plain = palloc(n * sizeof(EmoRowScores *));
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext work = AllocSetContextCreate(outer, "emoser folds", ALLOCSET_DEFAULT_SIZES);
	EmoTrainingSubset subset;
	FoldRows rows;
	Progress progress;
	EmoEnv env;

	for (int i = 0; i < n && emoser_has_layers_to_choose(set); i++)
		score(set, options[i], folds, false, &scores[i]);
	if (emoser_has_layers_to_choose(set))
		return;
	for (int i = 0; i < n; i++)
	{
		core[i] = ((const LdaOptions *) options[i])->core;
		scores[i] = (CrossScores){.plain = emoser_new_row_scores(set)};
		plain[i] = &scores[i].plain;
	}
	MemoryContextSwitchTo(work);
	emoser_env_init(&env, work);
	emoser_check(&env, emo_check_rows(&env, set->n_utterances, 0, folds, NULL));
	rows = emoser_fold_rows(&env, set, folds, &subset);
	emoser_progress_start(&progress, "folds trained", folds->n_folds, first->quiet);
	score_head(&env, &rows, core, n, &progress, 0, plain);
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

const Algorithm emoser_algorithm_lda = {.read_options = read_options,
										.set_options = set_options,
										.train = train,
										.train_source = train_source,
										.score = score,
										.score_by_each = score_by_each};
