/*
 * store.c
 *	  The tables emoser_trainings and emoser_training_history: all SQL against them.
 */
#include "pg/training/store.h"

#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"

#include "pg/base/shown.h"
#include "pg/base/sql.h"
#include "pg/base/table_rights.h"
#include "pg/model/store.h"
#include "pg/training/checkpoint.h"

#define TRAININGS_NAME   "emoser_trainings"
#define HISTORY_NAME     "emoser_training_history"
#define CHECKPOINTS_NAME "emoser_training_checkpoints"

#define TRAININGS        "@extschema@." TRAININGS_NAME
#define HISTORY          "@extschema@." HISTORY_NAME

/* $1 is the name. */
#define WHERE_UNFINISHED " WHERE model = $1 AND finished_at IS NULL"

/* Of whoever is asking, not of a group that he is in. */
#define AND_OWN " AND creator = current_user::text"

static Oid
find_table(Oid function, const char *name)
{
	return get_relname_relid(name, get_func_namespace(function));
}

/* So that the table isn't dropped, with the extension, between here and the statement about it. */
static Oid
lock_table(const TrainingRecord *training, const char *name, LOCKMODE mode)
{
	Oid table = find_table(training->function, name);

	if (OidIsValid(table))
		LockRelationOid(table, mode);
	/* Waiting for the lock has told of what was dropped meanwhile. */
	if (!OidIsValid(table) || find_table(training->function, name) != table)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("the extension was dropped while model \"%s\" was being trained",
							   emoser_shown(training->model))));
	return table;
}

Oid
emoser_trainings_oid(const TrainingRecord *training)
{
	return lock_table(training, TRAININGS_NAME, RowExclusiveLock);
}

static void
begin(Sql *sql, const TrainingRecord *training)
{
	emoser_sql_begin(sql, training->function);
	/* What foreign keys refer to comes first, as in DROP EXTENSION: the other way round, both wait. */
	lock_table(training, "emoser_models", RowShareLock);
	lock_table(training, TRAININGS_NAME, RowExclusiveLock);
}

void
emoser_check_training_rights(Oid function)
{
	static const char *const tables[] = {TRAININGS_NAME, HISTORY_NAME, CHECKPOINTS_NAME};

	emoser_check_table_rights(function, tables, lengthof(tables));
}

InterruptedTraining *
emoser_find_interrupted(const TrainingRecord *training)
{
	InterruptedTraining *found = NULL;
	Sql sql;

	begin(&sql, training);
	/* One that was interrupted in its first epoch doesn't hide one that can be resumed. */
	if (emoser_sql_run(&sql,
					   "SELECT id, epochs_done, epochs, checkpoint_bytes IS NOT NULL, algorithm, "
					   "options, data_hash FROM " TRAININGS WHERE_UNFINISHED AND_OWN
					   " ORDER BY checkpoint_bytes IS NULL, id DESC LIMIT 1",
					   SQL_VALUES(sql_text(training->model))) > 0)
	{
		found = MemoryContextAlloc(sql.outer, sizeof(InterruptedTraining));
		found->id = emoser_sql_int8(&sql, 0, 1);
		found->epochs_done = emoser_sql_int4(&sql, 0, 2);
		found->epochs = emoser_sql_int4(&sql, 0, 3);
		found->has_checkpoint = emoser_sql_bool(&sql, 0, 4);
		found->algorithm = emoser_sql_text(&sql, 0, 5);
		found->options = emoser_sql_jsonb(&sql, 0, 6);
		found->data_hash = emoser_sql_text(&sql, 0, 7);
	}
	emoser_sql_end(&sql);
	return found;
}

/* Of a statement about the row of a training: raise unless there was one. */
static void
check_found(const TrainingRecord *training, uint64 n_rows)
{
	if (n_rows == 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("the training of model \"%s\" was dropped while it ran",
							   emoser_shown(training->model)),
						errdetail("Its row " INT64_FORMAT " of " TRAININGS_NAME " is gone.",
								  training->id)));
}

struct varlena *
emoser_read_checkpoint(const TrainingRecord *training, int64 id)
{
	struct varlena *checkpoint;
	Sql sql;

	begin(&sql, training);
	checkpoint = emoser_read_checkpoint_parts(&sql, id);
	emoser_sql_end(&sql);
	if (checkpoint == NULL)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("training checkpoint is damaged"),
						errdetail("It has no rows in " CHECKPOINTS_NAME "."),
						errhint("Train without \"resume\".")));
	return checkpoint;
}

char *
emoser_differing_options(const TrainingRecord *training, Jsonb *other)
{
	char *names;
	Sql sql;

	emoser_sql_begin(&sql, training->function);
	emoser_sql_run(&sql,
				   "SELECT string_agg(name, ', ' ORDER BY name) "
				   "FROM (SELECT jsonb_object_keys($1) UNION SELECT jsonb_object_keys($2)) "
				   "AS o (name) WHERE ($1 -> name) IS DISTINCT FROM ($2 -> name)",
				   SQL_VALUES(sql_jsonb(other), sql_jsonb(training->options)));
	names = emoser_sql_text(&sql, 0, 1);
	emoser_sql_end(&sql);
	return names;
}

void
emoser_insert_training(TrainingRecord *training)
{
	Sql sql;

	begin(&sql, training);
	/* Before rows are locked, as dropping a model does. */
	emoser_lock_model(training->function, training->model);
	emoser_sql_run(&sql,
				   "INSERT INTO " TRAININGS
				   " (model, source, algorithm, options, data_hash, epochs) "
				   "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
				   SQL_VALUES(sql_text(training->model), sql_text(training->source),
							  sql_text(training->algorithm), sql_jsonb(training->options),
							  sql_text(training->data_hash), sql_int4(training->epochs)));
	training->id = emoser_sql_int8(&sql, 0, 1);
	/* Afterwards, so that the name is in use all the time. */
	emoser_sql_run(&sql, "DELETE FROM " TRAININGS WHERE_UNFINISHED AND_OWN " AND id <> $2",
				   SQL_VALUES(sql_text(training->model), sql_int8(training->id)));
	emoser_sql_end(&sql);
}

void
emoser_take_over_training(const TrainingRecord *training)
{
	Sql sql;

	begin(&sql, training);
	emoser_lock_model(training->function, training->model);
	check_found(training, emoser_sql_run(&sql,
										 "UPDATE " TRAININGS " SET pid = pg_backend_pid(), "
										 "updated_at = clock_timestamp() WHERE id = $1",
										 SQL_VALUES(sql_int8(training->id))));
	emoser_sql_end(&sql);
}

static void
store_progress(Sql *sql, const TrainingRecord *training, int epochs_done, size_t n_checkpoint)
{
	check_found(training,
				emoser_sql_run(sql,
							   "UPDATE " TRAININGS " SET epochs_done = $2, checkpoint_bytes = $3, "
							   "updated_at = clock_timestamp() WHERE id = $1",
							   SQL_VALUES(sql_int8(training->id), sql_int4(epochs_done),
										  sql_if(n_checkpoint > 0, sql_int4((int) n_checkpoint)))));
}

static void
insert_epoch(Sql *sql, const TrainingRecord *training, const EmoNnEpoch *epoch)
{
	lock_table(training, HISTORY_NAME, RowExclusiveLock);
	emoser_sql_run(sql,
				   "INSERT INTO " HISTORY " (training, model, epoch, training_loss, "
				   "training_accuracy, learning_rate, seconds, validation_loss, "
				   "validation_accuracy, validation_uar, best) "
				   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
				   SQL_VALUES(sql_int8(training->id), sql_text(training->model),
							  sql_int4(epoch->epoch), sql_float8(epoch->training_loss),
							  sql_float8(epoch->training_accuracy),
							  sql_float8(epoch->learning_rate), sql_float8(epoch->seconds),
							  sql_if(epoch->validated, sql_float8(epoch->validation_loss)),
							  sql_if(epoch->validated, sql_float8(epoch->validation_accuracy)),
							  sql_if(epoch->validated, sql_float8(epoch->validation_uar)),
							  sql_bool(epoch->best)));
}

void
emoser_store_epoch(const TrainingRecord *training, const EmoNnEpoch *epoch,
				   const uint8_t *checkpoint, size_t n_checkpoint)
{
	Sql sql;

	begin(&sql, training);
	store_progress(&sql, training, epoch->epoch, n_checkpoint);
	if (n_checkpoint > 0)
		emoser_write_checkpoint(&sql, training->id, checkpoint, n_checkpoint);
	insert_epoch(&sql, training, epoch);
	emoser_sql_end(&sql);
}

void
emoser_finish_stored_training(const TrainingRecord *training, int version)
{
	Sql sql;

	begin(&sql, training);
	check_found(training,
				emoser_sql_run(&sql,
							   "UPDATE " TRAININGS " SET version = $2, checkpoint_bytes = NULL, "
							   "finished_at = clock_timestamp() WHERE id = $1",
							   SQL_VALUES(sql_int8(training->id), sql_int4(version))));
	emoser_delete_checkpoint(&sql, training->id);
	emoser_sql_run(&sql, "UPDATE " HISTORY " SET version = $2 WHERE training = $1",
				   SQL_VALUES(sql_int8(training->id), sql_int4(version)));
	emoser_sql_end(&sql);
}

void
emoser_drop_unfinished_trainings(Oid function, const char *model)
{
	Oid table = find_table(function, TRAININGS_NAME);
	Sql sql;

	if (!OidIsValid(table) || pg_class_aclcheck(table, GetUserId(), ACL_DELETE) != ACLCHECK_OK ||
		pg_class_aclcheck(table, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		return;
	emoser_sql_begin(&sql, function);
	emoser_sql_run(&sql, "DELETE FROM " TRAININGS WHERE_UNFINISHED, SQL_VALUES(sql_text(model)));
	emoser_sql_end(&sql);
}
