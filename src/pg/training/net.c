/*
 * net.c
 *	  A net through all epochs of its training, observed and resumable.
 */
#include "pg/training/net.h"

#include "utils/memutils.h"

#include "core/base/folds.h"
#include "core/lda/lda.h"
#include "pg/base/options.h"

/* As many as are held out of the calibration of "lda" on average. */
#define CALIBRATION_SHARE 0.2

bool
emoser_net_is_calibrated_apart(const CnnOptions *options)
{
	return options->calibrate && options->core.validation_share == 0;
}

static int
n_runs(const CnnOptions *options)
{
	return emoser_net_is_calibrated_apart(options) ? 2 : 1;
}

int
emoser_net_epochs(const CnnOptions *options)
{
	return n_runs(options) * options->core.epochs;
}

static void
notify_observer(const NetTraining *training, EmoEnv *env, const EmoNnTrainer *trainer,
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
read_checkpoint(NetTraining *training, struct varlena *checkpoint)
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
resume(NetTraining *training, EmoEnv *env, EmoNnTrainer *trainer)
{
	if (training->checkpoint == NULL)
		return;
	emoser_check(env, emo_nn_resume(env, trainer, training->checkpoint, training->n_checkpoint));
	training->checkpoint = NULL;
}

/* Keep what the held-out recordings have said, and judge it. */
static void
keep_validation(NetTraining *training, EmoEnv *env, const EmoNnTrainer *trainer,
				const EmoNnModel *net, const EmoNnEpoch *best)
{
	const EmoNnData *data = training->data;
	EmoNnRun *run = &training->run;
	EmoFolds held_out;
	EmoRowScores scores;
	EmoNnPredictor *predictor;

	run->validated = *best;
	run->temperature = net->temperature;
	run->n_held_out = 0;
	emoser_check(env, emo_new_folds(env, data->n_recordings, 1, &held_out));
	for (int64 r = 0; r < data->n_recordings; r++)
	{
		held_out.fold_of[r] = emo_nn_is_held_out(trainer, r) ? 0 : EMO_ALWAYS_TRAINED;
		run->n_held_out += held_out.fold_of[r] == 0;
	}
	if (training->judge == NULL)
		return;
	emoser_check(env, emo_new_scores(env, data->n_recordings, data->n_classes, &scores));
	emoser_check(env, emo_nn_predictor_create(env, net, &predictor));
	for (int64 r = 0; r < data->n_recordings; r++)
	{
		const uint16_t *frames;

		if (held_out.fold_of[r] != 0)
			continue;
		emoser_check(env, data->fetch(env, data->source, r, &frames));
		emoser_check(env, emo_nn_predict(env, predictor, frames, data->n_frames[r],
										 emo_scores_of_row(&scores, r)));
	}
	training->judge(training, &held_out, &scores, run->host_numbers);
}

/* A trainer to the end of its epochs. */
static EmoNnModel *
train_epochs(NetTraining *training, EmoEnv *env, EmoNnTrainer *trainer)
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
		notify_observer(training, env, trainer, &epoch);
		if (training->progress != NULL)
			emoser_progress_report(training->progress, training->progress_before + epoch.epoch);
	}
	emoser_check(env, emo_nn_finish(env, trainer, &net));
	emo_nn_last_and_best_epoch(trainer, &training->last, &best);
	if (best.validated)
		keep_validation(training, env, trainer, net, &best);
	return net;
}

/* The run for the temperature.  Where nobody can be held out, the temperature stays 1. */
static void
calibrate(NetTraining *training)
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

EmoNnModel *
emoser_train_net(NetTraining *training, const TrainingSet *set, Jsonb *all)
{
	const CnnOptions *options = training->options;
	struct varlena *checkpoint = NULL;
	EmoNnTrainer *trainer;
	EmoNnModel *net;
	EmoEnv env;

	training->run.temperature = 1;
	if (training->observer != NULL)
		checkpoint = training->observer->begin(training->observer, set, all,
											   emoser_net_epochs(options), options->resume);
	if (checkpoint != NULL)
		read_checkpoint(training, checkpoint);
	if (training->run.run < n_runs(options) - 1)
		calibrate(training);
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_nn_trainer_create(&env, training->data, &options->core, &trainer));
	resume(training, &env, trainer);
	net = train_epochs(training, &env, trainer);
	net->temperature = options->calibrate ? training->run.temperature : 1;
	return net;
}

Jsonb *
emoser_net_metrics(NetTraining *training, bool has_speakers)
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

/* Those recordings of a set that a fold is trained on. */
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

static EmoStatus
fetch_copy_of_fold(EmoEnv *env, void *source, int64_t recording, int copy, const uint16_t **frames,
				   int *n_frames)
{
	const FoldData *fold = source;

	return fold->all->fetch_copy(env, fold->all->source, fold->place[recording], copy, frames,
								 n_frames);
}

static void
fill_fold(const TrainingSet *set, const EmoFolds *folds, int fold, FoldData *part)
{
	Size n = set->n_utterances;
	int32 *label = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	int32 *speaker = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	int32 *n_frames = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	bool *repeats = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(bool));
	int64 n_taken = 0;

	part->all = &set->net;
	part->place = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int64));
	for (Size i = 0; i < n; i++)
	{
		if (folds->fold_of[i] == fold || folds->fold_of[i] == EMO_LEFT_OUT)
			continue;
		label[n_taken] = set->net.label[i];
		speaker[n_taken] = set->net.speaker != NULL ? set->net.speaker[i] : -1;
		n_frames[n_taken] = set->net.n_frames[i];
		repeats[n_taken] =
			set->repeats[i] && n_taken > 0 && part->place[n_taken - 1] == (int64) i - 1;
		part->place[n_taken++] = i;
	}
	part->data = set->net;
	part->data.n_recordings = n_taken;
	part->data.label = label;
	part->data.speaker = set->net.speaker != NULL ? speaker : NULL;
	part->data.repeats = repeats;
	part->data.n_frames = n_frames;
	part->data.fetch = fetch_of_fold;
	part->data.fetch_copy = fetch_copy_of_fold;
	part->data.source = part;
}

int64
emoser_utterance_of_fold(const NetTraining *training, int64 recording)
{
	return ((const FoldData *) training->data->source)->place[recording];
}

void
emoser_score_fold_by_net(NetTraining *training, const TrainingSet *set, const EmoFolds *folds,
						 int fold, EmoRowScores *scores)
{
	EmoNnPredictor *predictor;
	FoldData part;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_check_rows(&env, set->n_utterances, set->core.n_classes, folds, scores));
	fill_fold(set, folds, fold, &part);
	training->data = &part.data;
	emoser_check(&env,
				 emo_nn_predictor_create(&env, emoser_train_net(training, set, NULL), &predictor));
	for (int64 i = 0; i < set->n_utterances; i++)
	{
		const uint16_t *frames;

		if (folds->fold_of[i] != fold)
			continue;
		emoser_check(&env, set->net.fetch(&env, set->net.source, i, &frames));
		emoser_check(&env, emo_nn_predict(&env, predictor, frames, set->net.n_frames[i],
										  emo_scores_of_row(scores, i)));
	}
	training->data = NULL;
}
