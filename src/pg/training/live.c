/*
 * live.c
 *	  The TrainingObserver of emoser_train().
 *
 * Where it may, it commits after each epoch, so that others can look, and a cancel or crash loses
 * the running epoch only.  Between commits no snapshot is held, so that vacuum can remove old
 * checkpoints, and no table is locked.
 */
#include "pg/training/live.h"

#include "access/xact.h"
#include "lib/stringinfo.h"
#include "nodes/parsenodes.h"
#include "utils/timestamp.h"

#include "pg/base/shown.h"
#include "pg/base/sql.h"

bool
emoser_may_commit(FunctionCallInfo fcinfo)
{
	return fcinfo->context != NULL && IsA(fcinfo->context, CallContext) &&
		   !castNode(CallContext, fcinfo->context)->atomic && !IsSubTransaction();
}

static void
commit(const LiveTraining *live)
{
	if (live->may_commit)
		emoser_sql_commit();
}

static bool
is_true(Jsonb *options, const char *name)
{
	JsonbValue value;

	return JB_ROOT_IS_OBJECT(options) &&
		   getKeyJsonValueFromContainer(&options->root, name, strlen(name), &value) != NULL &&
		   value.type == jbvBool && value.val.boolean;
}

/* What a training that was interrupted lacks to be resumed is told, as far as it is known yet. */
static InterruptedTraining *
find_resumable(const LiveTraining *live)
{
	const TrainingRecord *training = &live->training;
	InterruptedTraining *found = emoser_find_interrupted(training);

	if (found == NULL || !found->has_checkpoint)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("there is no training of model \"%s\" to resume",
							   emoser_shown(training->model)),
						found != NULL ? errdetail("One was interrupted in its first epoch.")
									  : errdetail("None of yours was interrupted."),
						errhint("Train it without \"resume\".")));
	if (strcmp(found->algorithm, training->algorithm) != 0)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the interrupted training of model \"%s\" is of another algorithm",
							   emoser_shown(training->model)),
						errdetail("It is \"%s\", not \"%s\".", emoser_shown(found->algorithm),
								  emoser_shown(training->algorithm))));
	return found;
}

/* After the source was read. */
static void
check_same(const TrainingRecord *training, const InterruptedTraining *found)
{
	char *names = emoser_differing_options(training, found->options);

	if (names != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the interrupted training of model \"%s\" has other options",
						emoser_shown(training->model)),
				 errdetail("These differ: %s.", emoser_shown(names)),
				 errhint("Give it the same ones to resume it, or train without \"resume\".")));
	if (strcmp(found->data_hash, training->data_hash) != 0)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the interrupted training of model \"%s\" had other data",
							   emoser_shown(training->model)),
						errdetail("The source has changed since, or is another one."),
						errhint("Train it without \"resume\".")));
}

static struct varlena *
take_over(LiveTraining *live)
{
	TrainingRecord *training = &live->training;
	InterruptedTraining *found = find_resumable(live);
	struct varlena *checkpoint;

	check_same(training, found);
	training->id = found->id;
	checkpoint = emoser_read_checkpoint(training, found->id);
	emoser_take_over_training(training);
	if (!live->quiet)
		ereport(NOTICE,
				(errmsg("resuming after epoch %d of %d", found->epochs_done, found->epochs)));
	return checkpoint;
}

static void
begin_anew(LiveTraining *live)
{
	TrainingRecord *training = &live->training;
	InterruptedTraining *found = emoser_find_interrupted(training);

	if (found != NULL && found->has_checkpoint && !live->quiet)
		ereport(NOTICE,
				(errmsg("an interrupted training of model \"%s\" is discarded",
						emoser_shown(training->model)),
				 errdetail("It had done %d of %d epochs.", found->epochs_done, found->epochs)));
	emoser_insert_training(training);
}

static struct varlena *
begin(TrainingObserver *observer, const TrainingSet *set, Jsonb *options, int epochs, bool resume)
{
	LiveTraining *live = (LiveTraining *) observer;
	struct varlena *checkpoint = NULL;

	live->training.options = options;
	live->training.data_hash = set->data_hash;
	live->training.epochs = epochs;
	if (resume)
		checkpoint = take_over(live);
	else
		begin_anew(live);
	commit(live);
	live->start = GetCurrentTimestamp();
	return checkpoint;
}

/* Such as "0.7 s", "65 s", "12 min", "3.5 h". */
static void
append_duration(StringInfo text, double seconds)
{
	if (seconds < 10)
		appendStringInfo(text, "%.1f s", seconds);
	else if (seconds < 100)
		appendStringInfo(text, "%.0f s", seconds);
	else if (seconds < 6000)
		appendStringInfo(text, "%.0f min", seconds / 60);
	else
		appendStringInfo(text, "%.1f h", seconds / 3600);
}

static void
report_epoch(const LiveTraining *live, const EmoNnEpoch *epoch)
{
	double elapsed_s = (double) (GetCurrentTimestamp() - live->start) / USECS_PER_SEC;
	int n_left = live->training.epochs - epoch->epoch;
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "training loss %.3f, accuracy %.1f %%", epoch->training_loss,
					 100 * epoch->training_accuracy);
	if (epoch->validated)
		appendStringInfo(&text, ", validation loss %.3f%s, accuracy %.1f %%, UAR %.1f %%",
						 epoch->validation_loss, epoch->best ? " (the best so far)" : "",
						 100 * epoch->validation_accuracy, 100 * epoch->validation_uar);
	if (n_left > 0)
	{
		appendStringInfoString(&text, ", about ");
		append_duration(&text, elapsed_s / live->epochs_here * n_left);
		appendStringInfoString(&text, " left");
	}
	ereport(NOTICE, (errmsg("epoch %d of %d: %s", epoch->epoch, live->training.epochs, text.data)));
	pfree(text.data);
}

static void
epoch_done(TrainingObserver *observer, const EmoNnEpoch *epoch, const uint8_t *checkpoint,
		   size_t n_checkpoint, bool quiet)
{
	LiveTraining *live = (LiveTraining *) observer;

	/* What is not committed can't be resumed: then old checkpoints would only pile up. */
	if (!live->may_commit)
		n_checkpoint = 0;
	emoser_store_epoch(&live->training, epoch, checkpoint, n_checkpoint);
	commit(live);
	live->epochs_here++;
	if (!quiet)
		report_epoch(live, epoch);
}

void
emoser_init_live_training(LiveTraining *live, Oid function, const ModelRecord *record, Jsonb *given,
						  bool may_commit)
{
	*live = (LiveTraining){.observer = {.begin = begin, .epoch_done = epoch_done},
						   .training = {.function = function,
										.model = record->name,
										.source = record->source,
										.algorithm = record->algorithm},
						   .may_commit = may_commit,
						   .wants_resume = is_true(given, "resume"),
						   .quiet = is_true(given, "quiet")};
}

static void
in_use(const LiveTraining *live)
{
	int pid = emoser_name_lock_holder(live->training.function, &live->lock);

	ereport(ERROR, (errcode(ERRCODE_OBJECT_IN_USE),
					pid != 0 ? errmsg("model \"%s\" is being trained by process %d",
									  emoser_shown(live->training.model), pid)
							 : errmsg("model \"%s\" is being trained by another session",
									  emoser_shown(live->training.model)),
					errhint("The view emoser_training_progress shows how far it is.")));
}

void
emoser_claim_training(LiveTraining *live)
{
	emoser_check_training_rights(live->training.function);
	live->lock = emoser_name_lock_tag(emoser_trainings_oid(&live->training), live->training.model);
	if (!emoser_try_lock_name(&live->lock, live->may_commit))
		in_use(live);
	live->is_claimed = true;
	if (live->wants_resume)
		(void) find_resumable(live);
}

void
emoser_release_training(LiveTraining *live)
{
	if (live->is_claimed && live->may_commit)
		emoser_unlock_name(&live->lock);
	live->is_claimed = false;
}

void
emoser_finish_training(LiveTraining *live, int version)
{
	if (live->training.id == 0)
		return;
	emoser_finish_stored_training(&live->training, version);
	/* Before the name is free again. */
	commit(live);
}
