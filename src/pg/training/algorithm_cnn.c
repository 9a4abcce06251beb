/*
 * algorithm_cnn.c
 *	  "cnn": training a convolutional net epoch by epoch, and cross-validation by training one for
 *	  each fold.
 */
#include "pg/training/algorithm.h"

#include "utils/memutils.h"

#include "pg/source/corpora.h"
#include "pg/training/net.h"

static void *
read_options(Jsonb *given, Jsonb **all, bool *quiet)
{
	CnnOptions *options = palloc(sizeof(CnnOptions));

	*options = emoser_read_cnn_options(given, true, all);
	emoser_refuse_corpora(&options->source, "cnn");
	*quiet = options->quiet;
	return options;
}

static TrainingSetOptions
set_options(const void *options)
{
	const CnnOptions *cnn = options;

	return (TrainingSetOptions){.source = cnn->source,
								.frames = true,
								.frame_copies = cnn->core.degrade,
								.frame_seed = cnn->core.seed,
								.memory_mb = cnn->memory_mb,
								.quiet = cnn->quiet};
}

static void
train(const TrainingSet *set, const void *options, Jsonb *all, TrainingObserver *observer,
	  EmoModel *model, Jsonb **metrics)
{
	NetTraining training = {.data = &set->net, .options = options, .observer = observer};

	model->net = emoser_train_net(&training, set, all);
	model->algorithm = emo_algorithms[EMO_CNN].name;
	model->n_classes = set->core.n_classes;
	model->net_weight = model->net_profile_weight = 1;
	*metrics = emoser_net_metrics(&training, set->speaker != NULL);
}

static void
score_fold(const TrainingSet *set, const CnnOptions *options, const EmoFolds *folds, int fold,
		   Progress *progress, EmoRowScores *scores)
{
	NetTraining training = {.options = options,
							.progress = progress,
							.progress_before = (int64) fold * options->core.epochs};

	emoser_score_fold_by_net(&training, set, folds, fold, scores);
}

/* As a net is calibrated, but on how the other folds were scored, which takes no further run. */
static void
calibrate_folds(const TrainingSet *set, const EmoFolds *folds, EmoRowScores *scores)
{
	EmoLdaOptions unused = emo_lda_default_options();
	EmoTrainingSet utterances = {
		.label = set->label, .n_rows = set->n_utterances, .n_classes = set->core.n_classes};
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_lda_calibrate_cross(&env, &utterances, &unused, folds, scores));
}

/* Nets know nothing of profiles. */
static void
score(const TrainingSet *set, const void *options, const EmoFolds *folds, bool with_profile,
	  CrossScores *scores)
{
	CnnOptions cnn = *(const CnnOptions *) options;
	bool by_folds = emoser_net_is_calibrated_apart(&cnn) && folds->n_folds > 1;
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext work = AllocSetContextCreate(outer, "emoser fold", ALLOCSET_DEFAULT_SIZES);
	Progress progress;

	(void) with_profile;
	scores->has_profiles = false;
	scores->plain = emoser_new_row_scores(set);
	cnn.calibrate = cnn.calibrate && !by_folds;
	emoser_progress_start(&progress, "epochs trained",
						  (int64) folds->n_folds * emoser_net_epochs(&cnn), cnn.quiet);
	MemoryContextSwitchTo(work);
	for (int fold = 0; fold < folds->n_folds; fold++)
	{
		score_fold(set, &cnn, folds, fold, &progress, &scores->plain);
		MemoryContextReset(work);
	}
	if (by_folds)
		calibrate_folds(set, folds, &scores->plain);
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

const Algorithm emoser_algorithm_cnn = {
	.read_options = read_options, .set_options = set_options, .train = train, .score = score};
