/*
 * algorithm_cnn.c
 *	  "cnn": training a convolutional net epoch by epoch, and cross-validation by training one for
 *	  each fold.
 */
#include "pg/algorithm.h"

#include <math.h>

#include "utils/memutils.h"

#include "core/nn_train.h"
#include "pg/cnn_options.h"
#include "pg/options.h"
#include "pg/progress.h"

static void *
read_options(Jsonb *given, Jsonb **all, bool *quiet)
{
	CnnOptions *options = palloc(sizeof(CnnOptions));

	*options = emoser_read_cnn_options(given, all);
	*quiet = options->quiet;
	return options;
}

static TrainingSetOptions
set_options(const void *options)
{
	const CnnOptions *cnn = options;

	return (TrainingSetOptions){.frames = true, .memory_mb = cnn->memory_mb, .quiet = cnn->quiet};
}

typedef struct Training
{
	const EmoNnData *data;
	const CnnOptions *options;
	TrainingObserver *observer; /* NULL: none */
	Progress *progress;         /* NULL: none */
	int64 progress_before;      /* epochs that were done in other trainings */
	const uint8_t *checkpoint;  /* of a trainer, to go on from; NULL: from the start */
	size_t n_checkpoint;
	EmoNnRun run;
	EmoNnEpoch last; /* of the last run */
} Training;

/* As many as are held out of the calibration of "lda" on average. */
#define CALIBRATION_SHARE 0.2

static bool
calibrates(const CnnOptions *options)
{
	return options->calibrate && options->core.validation_share == 0;
}

static int
n_runs(const CnnOptions *options)
{
	return calibrates(options) ? 2 : 1;
}

static void
tell_observer(const Training *training, EmoEnv *env, const EmoNnTrainer *trainer,
			  const EmoNnEpoch *epoch)
{
	uint8_t *checkpoint;
	size_t n_bytes;

	if (training->observer == NULL)
		return;
	emoser_check(env, emo_nn_run_checkpoint(env, &training->run, trainer, &checkpoint, &n_bytes));
	training->observer->epoch_done(training->observer, epoch, checkpoint, n_bytes,
								   training->options->quiet);
	emo_free(env, checkpoint);
}

/* Where a checkpoint goes on: the run, and the checkpoint of its trainer. */
static void
read_checkpoint(Training *training, struct varlena *checkpoint)
{
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_nn_read_run(&env, (const uint8_t *) VARDATA_ANY(checkpoint),
									   VARSIZE_ANY_EXHDR(checkpoint), &training->run,
									   &training->checkpoint, &training->n_checkpoint));
	if (training->run.run >= n_runs(training->options))
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("training checkpoint is damaged"),
						errdetail("It is of run %d of %d.", training->run.run + 1,
								  n_runs(training->options)),
						errhint("Train without \"resume\".")));
}

static void
resume(Training *training, EmoEnv *env, EmoNnTrainer *trainer)
{
	if (training->checkpoint == NULL)
		return;
	emoser_check(env, emo_nn_resume(env, trainer, training->checkpoint, training->n_checkpoint));
	training->checkpoint = NULL;
}

/* A trainer to the end of its epochs. */
static EmoNnModel *
train_epochs(Training *training, EmoEnv *env, EmoNnTrainer *trainer)
{
	EmoNnRun *run = &training->run;
	int n_before = run->run * training->options->core.epochs;
	EmoNnEpoch best;
	EmoNnModel *net;

	while (!emo_nn_training_done(trainer))
	{
		EmoNnEpoch epoch;

		emoser_check(env, emo_nn_train_epoch(env, trainer, &epoch));
		epoch.epoch += n_before;
		tell_observer(training, env, trainer, &epoch);
		if (training->progress != NULL)
			emoser_progress_report(training->progress, training->progress_before + epoch.epoch);
	}
	emoser_check(env, emo_nn_finish(env, trainer, &net));
	emo_nn_last_and_best_epoch(trainer, &training->last, &best);
	if (best.validated)
	{
		run->validated = best;
		run->temperature = net->temperature;
		run->n_held_out = 0;
		for (int64 r = 0; r < training->data->n_recordings; r++)
			run->n_held_out += emo_nn_is_held_out(trainer, r);
	}
	return net;
}

/* The run for the temperature.  Where nobody can be held out, the temperature stays 1. */
static void
calibrate(Training *training)
{
	EmoNnTrainOptions options = training->options->core;
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext work = AllocSetContextCreate(outer, "emoser calibration", ALLOCSET_DEFAULT_SIZES);
	EmoNnTrainer *trainer;
	EmoStatus status;
	EmoEnv env;

	MemoryContextSwitchTo(work);
	emoser_env_init(&env, work);
	options.validation_share = CALIBRATION_SHARE;
	status = emo_nn_trainer_create(&env, training->data, &options, &trainer);
	if (status == EMO_OK)
	{
		resume(training, &env, trainer);
		(void) train_epochs(training, &env, trainer);
	}
	else if (status != EMO_BAD_DATA)
		emoser_raise(&env);
	training->run.run = 1;
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

/* In the current memory context. */
static EmoNnModel *
train_net(Training *training)
{
	EmoNnTrainer *trainer;
	EmoNnModel *net;
	EmoEnv env;

	if (training->run.run < n_runs(training->options) - 1)
		calibrate(training);
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env,
				 emo_nn_trainer_create(&env, training->data, &training->options->core, &trainer));
	resume(training, &env, trainer);
	net = train_epochs(training, &env, trainer);
	net->temperature = training->options->calibrate ? training->run.temperature : 1;
	return net;
}

static Jsonb *
metrics_of(Training *training, bool has_speakers)
{
	static const char *const protocols[] = {"held-out recordings", "held-out speakers", NULL};
	int protocol = has_speakers ? 1 : 0;
	EmoNnEpoch *last = &training->last, *validated = &training->run.validated;
	OptionSpec specs[] = {
		{"training_loss", OPTION_REAL, &last->training_loss, 0, 0, NULL},
		{"training_accuracy", OPTION_REAL, &last->training_accuracy, 0, 0, NULL},
		{"protocol", OPTION_CHOICE, &protocol, 0, 0, protocols},
		{"held_out_utterances", OPTION_INTEGER, &training->run.n_held_out, 0, 0, NULL},
		{"best_epoch", OPTION_INT, &validated->epoch, 0, 0, NULL},
		{"uar", OPTION_REAL, &validated->validation_uar, 0, 0, NULL},
		{"war", OPTION_REAL, &validated->validation_accuracy, 0, 0, NULL},
		{"log_loss", OPTION_REAL, &validated->validation_loss, 0, 0, NULL},
	};

	/* Without held-out utterances there is nothing to tell of them. */
	return emoser_write_options(specs, validated->validated ? lengthof(specs) : 2);
}

static void
train(const TrainingSet *set, const void *options, Jsonb *all, TrainingObserver *observer,
	  EmoModel *model, Jsonb **metrics)
{
	const CnnOptions *cnn = options;
	Training training = {
		.data = &set->net, .options = cnn, .observer = observer, .run = {.temperature = 1}};
	struct varlena *checkpoint = NULL;

	if (observer != NULL)
		checkpoint =
			observer->begin(observer, set, all, n_runs(cnn) * cnn->core.epochs, cnn->resume);
	if (checkpoint != NULL)
		read_checkpoint(&training, checkpoint);
	model->net = train_net(&training);
	model->algorithm = "cnn";
	model->n_classes = set->core.n_classes;
	model->net_weight = model->net_profile_weight = 1;
	*metrics = metrics_of(&training, set->speaker != NULL);
}

/* Those recordings of a set that some fold trains on. */
typedef struct FoldData
{
	EmoNnData data;
	const EmoNnData *all;
	int64 *place; /* [data.n_recordings], which of all it is */
} FoldData;

static EmoStatus
fetch_of_fold(EmoEnv *env, void *source, int64_t recording, const uint16_t **frames)
{
	const FoldData *fold = source;

	return fold->all->fetch(env, fold->all->source, fold->place[recording], frames);
}

static void
fill_fold(const TrainingSet *set, const int32 *fold_of, int fold, FoldData *part)
{
	Size n = set->n_utterances;
	int32 *label = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	int32 *speaker = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	int32 *n_frames = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	int64 n_taken = 0;

	part->all = &set->net;
	part->place = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int64));
	for (Size i = 0; i < n; i++)
	{
		if (fold_of[i] == fold || fold_of[i] == EMO_LEFT_OUT)
			continue;
		label[n_taken] = set->net.label[i];
		speaker[n_taken] = set->net.speaker != NULL ? set->net.speaker[i] : -1;
		n_frames[n_taken] = set->net.n_frames[i];
		part->place[n_taken++] = i;
	}
	part->data = set->net;
	part->data.n_recordings = n_taken;
	part->data.label = label;
	part->data.speaker = set->net.speaker != NULL ? speaker : NULL;
	part->data.n_frames = n_frames;
	part->data.fetch = fetch_of_fold;
	part->data.source = part;
}

static void
score_fold(const TrainingSet *set, const CnnOptions *options, const int32 *fold_of, int fold,
		   Progress *progress, float *scores)
{
	Training training = {.options = options, .progress = progress, .run = {.temperature = 1}};
	EmoNnPredictor *predictor;
	FoldData part;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	fill_fold(set, fold_of, fold, &part);
	training.data = &part.data;
	training.progress_before = (int64) fold * options->core.epochs;
	emoser_check(&env, emo_nn_predictor_create(&env, train_net(&training), &predictor));
	for (int64 i = 0; i < set->n_utterances; i++)
	{
		const uint16_t *frames;

		if (fold_of[i] != fold)
			continue;
		emoser_check(&env, set->net.fetch(&env, set->net.source, i, &frames));
		emoser_check(&env, emo_nn_predict(&env, predictor, frames, set->net.n_frames[i],
										  scores + (Size) i * set->core.n_classes));
	}
}

/* As a net is calibrated, but on how the other folds were scored, which takes no further run. */
static void
calibrate_folds(const TrainingSet *set, const int32 *fold_of, int n_folds, float *scores)
{
	EmoLdaOptions unused = emo_lda_default_options();
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env,
				 emo_lda_calibrate_cross(&env, &set->core, &unused, fold_of, n_folds, scores));
}

/* Nets know nothing of profiles. */
static void
score(const TrainingSet *set, const void *options, const int32 *fold_of, int n_folds,
	  bool with_profile, CrossScores *scores)
{
	CnnOptions cnn = *(const CnnOptions *) options;
	bool by_folds = calibrates(&cnn) && n_folds > 1;
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext work = AllocSetContextCreate(outer, "emoser fold", ALLOCSET_DEFAULT_SIZES);
	Progress progress;

	(void) with_profile;
	scores->with_profile = NULL;
	scores->plain = MemoryContextAllocHuge(outer, (Size) set->n_utterances * set->core.n_classes *
													  sizeof(float));
	cnn.calibrate = cnn.calibrate && !by_folds;
	emoser_progress_start(&progress, "epochs trained",
						  (int64) n_folds * n_runs(&cnn) * cnn.core.epochs, cnn.quiet);
	MemoryContextSwitchTo(work);
	for (int fold = 0; fold < n_folds; fold++)
	{
		score_fold(set, &cnn, fold_of, fold, &progress, scores->plain);
		MemoryContextReset(work);
	}
	if (by_folds)
		calibrate_folds(set, fold_of, n_folds, scores->plain);
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

const Algorithm emoser_algorithm_cnn = {"cnn", true, read_options, set_options, train, score};
