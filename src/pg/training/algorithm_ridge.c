/*
 * algorithm_ridge.c
 *	  "ridge": numbers by ridge regression, on the rows and folds of "lda".
 */
#include "pg/training/algorithm.h"

#include <math.h>

#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/lda/profiled_rows.h"
#include "pg/base/json.h"
#include "pg/base/options.h"
#include "pg/base/progress.h"
#include "pg/source/corpora.h"
#include "pg/source/targets.h"
#include "pg/training/encoder_options.h"
#include "pg/training/fold_rows.h"
#include "pg/training/heard_set.h"
#include "pg/training/training_memory.h"

typedef struct RidgeOptions
{
	SourceOptions source;
	EncoderOptions encoder;
	EmoRidgeOptions core;
	bool augment;
	EmoDegradeOptions degrade; /* no copies unless augment */
	bool profile_head;
	int64 seed;
	bool quiet;
} RidgeOptions;

#define N_CORE_OPTIONS 2
#define N_OWN_OPTIONS  4

static void *
read_options(Jsonb *given, Jsonb **all, bool *quiet)
{
	RidgeOptions *options = palloc0(sizeof(RidgeOptions));
	OptionSpec specs[N_CORE_OPTIONS + N_OWN_OPTIONS + EMOSER_N_DEGRADE_OPTIONS +
					 EMOSER_N_SOURCE_OPTIONS + EMOSER_N_ENCODER_OPTIONS];
	const OptionSpec own[N_OWN_OPTIONS] = {
		{"augment", OPTION_BOOLEAN, &options->augment, 0, 0, NULL},
		{"profile_head", OPTION_BOOLEAN, &options->profile_head, 0, 0, NULL},
		{"seed", OPTION_INTEGER, &options->seed, 0, PG_INT32_MAX, NULL},
		{"quiet", OPTION_BOOLEAN, &options->quiet, 0, 0, NULL},
	};
	int n;

	options->encoder = emoser_default_encoder_options();
	options->augment = !emoser_names_encoder(given);
	options->profile_head = true;
	emo_default_options(&emo_ridge_options, &options->core);
	emo_default_options(&emo_degrade_options, &options->degrade);
	n = emoser_core_specs(&emo_ridge_options, &options->core, specs);
	Assert(n == N_CORE_OPTIONS && emo_degrade_options.n == EMOSER_N_DEGRADE_OPTIONS);
	memcpy(specs + n, own, sizeof(own));
	n += N_OWN_OPTIONS;
	n += emoser_core_specs(&emo_degrade_options, &options->degrade, specs + n);
	emoser_source_options(&options->source, specs + n);
	n += EMOSER_N_SOURCE_OPTIONS;
	emoser_encoder_specs(&options->encoder, specs + n);
	emoser_read_options(given, "algorithm \"ridge\"", emoser_owner_of_option, specs,
						n + EMOSER_N_ENCODER_OPTIONS);
	emoser_check_encoder_options(&options->encoder);
	n += emoser_n_encoder_options_written(&options->encoder);
	emoser_refuse_corpora(&options->source, "ridge");
	*all = emoser_write_options(specs, n);
	*quiet = options->quiet;
	return options;
}

static TrainingSetOptions
set_options(const void *options)
{
	const RidgeOptions *ridge = options;

	emoser_require_target(ridge->source.target, "ridge");
	return (TrainingSetOptions){.source = ridge->source,
								.features = true,
								.encoder = emoser_encoder_of_options(&ridge->encoder),
								.augment = ridge->augment,
								.degrade = ridge->degrade,
								.quiet = ridge->quiet,
								.seed = ridge->seed};
}

/* What held-out rows said of a head: {"arousal": {"ccc": 0.9, ...}, ...}. */
static void
write_held_out(Json *json, const TrainingSet *set, const EmoHeldOutTargets *held_out)
{
	static const char *const names[EMO_N_AGREEMENTS] = {"ccc", "pearson", "mae", "rmse"};

	emoser_json_open(json, '{');
	for (int t = 0; t < set->core.n_targets; t++)
	{
		const EmoCorrection *of_target = &held_out->target[t];

		emoser_json_key(json, set->targets[t]);
		emoser_json_open(json, '{');
		for (int m = 0; m < EMO_N_AGREEMENTS; m++)
			if (isfinite(of_target->value[m]))
			{
				emoser_json_key(json, names[m]);
				emoser_json_real(json, of_target->value[m]);
			}
		emoser_json_close(json, '}');
	}
	emoser_json_close(json, '}');
}

static Jsonb *
metrics_of(const TrainingSet *set, const EmoModel *model, const EmoHeldOutTargets *held_out)
{
	static const char *const protocols[] = {"held-out recordings", "held-out speakers"};
	Json json;

	emoser_json_init(&json);
	emoser_json_open(&json, '{');
	emoser_json_key(&json, "protocol");
	emoser_json_string(&json, protocols[held_out[0].by_speaker ? 1 : 0]);
	emoser_json_key(&json, "held_out_utterances");
	emoser_json_integer(&json, held_out[0].target[0].n_rows);
	emoser_json_key(&json, "targets");
	write_held_out(&json, set, &held_out[0]);
	if (model->n_heads > 1)
	{
		emoser_json_key(&json, "targets_with_profile");
		write_held_out(&json, set, &held_out[1]);
	}
	emoser_json_close(&json, '}');
	return emoser_json_to_jsonb(&json);
}

/* Once rows are there, and before as much again is taken. */
static void
check_memory(const TrainingSet *set, const RidgeOptions *options)
{
	emoser_check_kept_rows_memory(set->core.n_rows, set->core.n_features,
								  options->profile_head && set->speaker != NULL);
}

static LayerChoice
layer_choice(const RidgeOptions *ridge, const TrainingSet *set)
{
	return (LayerChoice){.loss = emo_ridge_held_out_loss,
						 .options = &ridge->core,
						 .with_profiles = ridge->profile_head && set->speaker != NULL,
						 .quiet = ridge->quiet};
}

static void
train(const TrainingSet *set, const void *options, Jsonb *all, TrainingObserver *observer,
	  EmoModel *model, Jsonb **metrics)
{
	const RidgeOptions *ridge = options;
	LayerChoice choice = layer_choice(ridge, set);
	EmoHeldOutTargets held_out[2];
	const EmoTrainingSet *rows;
	Jsonb *layers;
	EmoEnv env;

	(void) all;
	(void) observer;
	check_memory(set, ridge);
	rows = emoser_heard_rows(set, &choice, model, &layers);
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_model_train_ridge(&env, rows, &ridge->core, ridge->profile_head, model,
											 held_out));
	*metrics = emoser_metrics_with_layers(metrics_of(set, model, held_out), layers);
}

/* Corrected values of one head, into those of the utterances. */
static void
score_head(EmoEnv *env, const FoldRows *rows, const EmoRidgeOptions *options, Progress *progress,
		   int64 n_folds_before, EmoRowValues *values)
{
	const EmoTrainingSet *set = rows->set;
	EmoLdaOptions of_lda = emo_ridge_lda_options(options);
	EmoRowValues of_rows;
	EmoLdaCross *cross;

	emoser_check(env, emo_new_row_values(env, set->n_rows, set->n_targets, &of_rows));
	emoser_check(env, emo_lda_cross_begin(env, set, &of_lda, &rows->folds, &cross));
	for (int fold = 0; fold < rows->folds.n_folds; fold++)
	{
		TimestampTz start = GetCurrentTimestamp();

		emoser_check(env, emo_lda_cross_fold(env, cross, fold, &of_rows.value));
		if (n_folds_before + fold == 0)
			emoser_progress_foretell(progress, start);
		emoser_progress_report(progress, n_folds_before + fold + 1);
	}
	emo_lda_cross_end(env, cross);
	emoser_check(env, emo_ridge_correct_cross(env, set, options, &rows->folds, &of_rows));
	for (int64 row = 0; row < set->n_rows; row++)
		if (rows->folds.fold_of[row] >= 0 && emo_is_original(set, row))
			emo_copy_row_values(&of_rows, row, values, rows->utterance[row]);
	emo_free_row_values(env, &of_rows);
}

static void
score_with_profile(EmoEnv *env, const FoldRows *rows, const EmoRidgeOptions *options,
				   Progress *progress, EmoRowValues *values)
{
	EmoTrainingSubset profiled;
	FoldRows profiled_rows;
	float *mean, *deviation;

	emoser_check(env, emo_measure_population(env, rows->set, &mean, &deviation));
	emoser_check(env, emo_profiled_rows(env, rows->set, mean, deviation, &profiled));
	profiled_rows = emoser_fold_rows_of_subset(env, rows, &profiled);
	score_head(env, &profiled_rows, options, progress, rows->folds.n_folds, values);
}

static void score_values(const TrainingSet *set, const void *options, const EmoFolds *folds,
						 bool with_profile, CrossValues *values);

/* Values that are put together, fold by fold. */
typedef struct HeardValues
{
	RidgeOptions options;
	bool with_profile;
	CrossValues *values;
} HeardValues;

/* A HeardFoldTaker. */
static void
score_heard_fold(void *argument, const TrainingSet *set, const EmoFolds *folds)
{
	HeardValues *heard = argument;
	CrossValues of_fold;

	score_values(set, &heard->options, folds, heard->with_profile, &of_fold);
	heard->values->has_profiles = of_fold.has_profiles;
	for (int64 i = 0; i < folds->n_rows; i++)
	{
		if (folds->fold_of[i] < 0)
			continue;
		emo_copy_row_values(&of_fold.plain, i, &heard->values->plain, i);
		if (of_fold.has_profiles)
			emo_copy_row_values(&of_fold.with_profile, i, &heard->values->with_profile, i);
	}
}

/* Each fold by layers that the others have chosen. */
static void
score_heard(const TrainingSet *set, const RidgeOptions *ridge, const EmoFolds *folds,
			bool with_profile, CrossValues *values)
{
	HeardValues heard = {.options = *ridge, .with_profile = with_profile, .values = values};
	LayerChoice choice = layer_choice(ridge, set);

	*values = (CrossValues){.plain = emoser_new_row_values(set),
							.with_profile = emoser_new_row_values(set)};
	heard.options.quiet = true;
	emoser_each_heard_fold(set, folds, &choice, score_heard_fold, &heard);
}

static void
score_values(const TrainingSet *set, const void *options, const EmoFolds *folds, bool with_profile,
			 CrossValues *values)
{
	const RidgeOptions *ridge = options;
	MemoryContext outer = CurrentMemoryContext, work;
	EmoTrainingSubset subset;
	FoldRows rows;
	Progress progress;
	EmoEnv env;

	check_memory(set, ridge);
	if (emoser_has_layers_to_choose(set))
	{
		score_heard(set, ridge, folds, with_profile, values);
		return;
	}
	*values = (CrossValues){.plain = emoser_new_row_values(set)};
	work = AllocSetContextCreate(outer, "emoser folds", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(work);
	emoser_env_init(&env, work);
	emoser_check(&env, emo_check_rows(&env, set->n_utterances, 0, folds, NULL));
	rows = emoser_fold_rows(&env, set, folds, &subset);
	with_profile = with_profile && ridge->profile_head;
	if (with_profile)
		emoser_check(&env, emo_can_use_profiles(&env, rows.set, &with_profile));
	emoser_progress_start(&progress, "folds trained", folds->n_folds * (with_profile ? 2 : 1),
						  ridge->quiet);
	score_head(&env, &rows, &ridge->core, &progress, 0, &values->plain);
	if (with_profile)
	{
		MemoryContextSwitchTo(outer);
		values->with_profile = emoser_new_row_values(set);
		values->has_profiles = true;
		MemoryContextSwitchTo(work);
		score_with_profile(&env, &rows, &ridge->core, &progress, &values->with_profile);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

const Algorithm emoser_algorithm_ridge = {.read_options = read_options,
										  .set_options = set_options,
										  .train = train,
										  .score_values = score_values};
