/*
 * algorithm_cnn.c
 *	  "cnn": training a convolutional net epoch by epoch, and cross-validation by training one for
 *	  each fold.
 */
#include "pg/algorithm.h"

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

/* The epoch whose weights a model has, and how many there were. */
typedef struct Course
{
	EmoNnEpoch kept, last;
	int64 n_held_out;
} Course;

static Jsonb *
metrics_of(Course *course, bool has_speakers)
{
	static const char *const protocols[] = {"held-out recordings", "held-out speakers", NULL};
	int protocol = has_speakers ? 1 : 0;
	EmoNnEpoch *kept = &course->kept;
	OptionSpec specs[] = {
		{"epochs", OPTION_INT, &course->last.epoch, 0, 0, NULL},
		{"training_loss", OPTION_REAL, &course->last.training_loss, 0, 0, NULL},
		{"training_accuracy", OPTION_REAL, &course->last.training_accuracy, 0, 0, NULL},
		{"protocol", OPTION_CHOICE, &protocol, 0, 0, protocols},
		{"held_out_utterances", OPTION_INTEGER, &course->n_held_out, 0, 0, NULL},
		{"best_epoch", OPTION_INT, &kept->epoch, 0, 0, NULL},
		{"uar", OPTION_REAL, &kept->validation_uar, 0, 0, NULL},
		{"war", OPTION_REAL, &kept->validation_accuracy, 0, 0, NULL},
		{"log_loss", OPTION_REAL, &kept->validation_loss, 0, 0, NULL},
	};

	/* Without held-out utterances there is nothing to tell of them. */
	return emoser_write_options(specs, kept->validated ? lengthof(specs) : 3);
}

static void
tell_observer(TrainingObserver *observer, EmoEnv *env, const EmoNnTrainer *trainer,
			  const EmoNnEpoch *epoch, bool quiet)
{
	uint8_t *checkpoint;
	size_t n_checkpoint;

	if (observer == NULL)
		return;
	emoser_check(env, emo_nn_checkpoint(env, trainer, &checkpoint, &n_checkpoint));
	observer->epoch_done(observer, epoch, checkpoint, n_checkpoint, quiet);
	emo_free(env, checkpoint);
}

static void
begin(TrainingObserver *observer, EmoEnv *env, EmoNnTrainer *trainer, const TrainingSet *set,
	  const CnnOptions *options, Jsonb *all)
{
	struct varlena *checkpoint = NULL;

	if (observer != NULL)
		checkpoint = observer->begin(observer, set, all, options->core.epochs, options->resume);
	if (checkpoint != NULL)
		emoser_check(env, emo_nn_resume(env, trainer, (const uint8_t *) VARDATA_ANY(checkpoint),
										VARSIZE_ANY_EXHDR(checkpoint)));
}

static void
train(const TrainingSet *set, const void *options, Jsonb *all, TrainingObserver *observer,
	  EmoModel *model, Jsonb **metrics)
{
	const CnnOptions *cnn = options;
	Course course = {0};
	EmoNnTrainer *trainer;
	EmoNnModel *net;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_nn_trainer_create(&env, &set->net, &cnn->core, &trainer));
	begin(observer, &env, trainer, set, cnn, all);
	while (!emo_nn_training_done(trainer))
	{
		emoser_check(&env, emo_nn_train_epoch(&env, trainer, &course.last));
		tell_observer(observer, &env, trainer, &course.last, cnn->quiet);
	}
	emoser_check(&env, emo_nn_finish(&env, trainer, &net));
	emo_nn_last_and_best_epoch(trainer, &course.last, &course.kept);
	for (int64 i = 0; i < set->n_utterances; i++)
		course.n_held_out += emo_nn_is_held_out(trainer, i);
	model->algorithm = "cnn";
	model->n_classes = set->core.n_classes;
	model->net = net;
	model->net_weight = model->net_profile_weight = 1;
	*metrics = metrics_of(&course, set->speaker != NULL);
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
	EmoNnTrainer *trainer;
	EmoNnModel *model;
	EmoNnPredictor *predictor;
	FoldData part;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	fill_fold(set, fold_of, fold, &part);
	emoser_check(&env, emo_nn_trainer_create(&env, &part.data, &options->core, &trainer));
	while (!emo_nn_training_done(trainer))
	{
		EmoNnEpoch epoch;

		emoser_check(&env, emo_nn_train_epoch(&env, trainer, &epoch));
		emoser_progress_report(progress, (int64) fold * options->core.epochs + epoch.epoch);
	}
	emoser_check(&env, emo_nn_finish(&env, trainer, &model));
	emoser_check(&env, emo_nn_predictor_create(&env, model, &predictor));
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

/* Nets know nothing of profiles. */
static void
score(const TrainingSet *set, const void *options, const int32 *fold_of, int n_folds,
	  bool with_profile, CrossScores *scores)
{
	const CnnOptions *cnn = options;
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext work = AllocSetContextCreate(outer, "emoser fold", ALLOCSET_DEFAULT_SIZES);
	Progress progress;

	(void) with_profile;
	scores->with_profile = NULL;
	scores->plain = MemoryContextAllocHuge(outer, (Size) set->n_utterances * set->core.n_classes *
													  sizeof(float));
	emoser_progress_start(&progress, "epochs trained", (int64) n_folds * cnn->core.epochs,
						  cnn->quiet);
	MemoryContextSwitchTo(work);
	for (int fold = 0; fold < n_folds; fold++)
	{
		score_fold(set, cnn, fold_of, fold, &progress, scores->plain);
		MemoryContextReset(work);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

const Algorithm emoser_algorithm_cnn = {"cnn", read_options, set_options, train, score};
