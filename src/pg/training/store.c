/*
 * store.c
 *	  The tables emoser_trainings and emoser_training_history: all SQL against them.
 */
#include "pg/training/store.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "pg/base/table_rights.h"

#define TRAININGS_NAME "emoser_trainings"
#define HISTORY_NAME   "emoser_training_history"

/* $1 is the name. */
#define WHERE_UNFINISHED " WHERE model OPERATOR(pg_catalog.=) $1 AND finished_at IS NULL"

/* Of whoever is asking, not of a group that he is in. */
#define AND_OWN " AND creator OPERATOR(pg_catalog.=) CURRENT_USER::pg_catalog.text"

static Oid
find_table(Oid function, const char *name)
{
	return get_relname_relid(name, get_func_namespace(function));
}

/*
 * With its schema, quoted, as it is called now: sessions may rename schemas during a training, or
 * drop the extension.  Locked, so that it isn't dropped between here and the statement about it.
 */
static char *
table_of(const TrainingRecord *training, const char *name)
{
	Oid table = find_table(training->function, name);

	if (OidIsValid(table))
		LockRelationOid(table, RowExclusiveLock);
	/* Waiting for the lock has told of what was dropped meanwhile. */
	if (!OidIsValid(table) || find_table(training->function, name) != table)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("the extension was dropped while model \"%s\" was being trained",
							   training->model)));
	return quote_qualified_identifier(get_namespace_name(get_func_namespace(training->function)),
									  name);
}

Oid
emoser_trainings_oid(const TrainingRecord *training)
{
	(void) table_of(training, TRAININGS_NAME);
	return find_table(training->function, TRAININGS_NAME);
}

static uint64
execute(const char *command, int n, Oid *types, Datum *values, const char *nulls, int expected)
{
	if (SPI_execute_with_args(command, n, types, values, nulls, false, 0) != expected)
		elog(ERROR, "could not execute \"%s\"", command);
	return SPI_processed;
}

static Datum
column(int number, bool *is_null)
{
	return SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, number, is_null);
}

static Datum
present_column(int number)
{
	bool is_null;

	return column(number, &is_null);
}

void
emoser_check_training_rights(Oid function)
{
	emoser_check_table_rights(function, TRAININGS_NAME, HISTORY_NAME);
}

int
emoser_training_lock_holder(int64 key)
{
	Oid types[3] = {OIDOID, OIDOID, OIDOID};
	Datum values[3] = {ObjectIdGetDatum(MyDatabaseId), ObjectIdGetDatum((uint32) (key >> 32)),
					   ObjectIdGetDatum((uint32) key)};
	int pid = 0;

	SPI_connect();
	/* objsubid 1: of a lock on a bigint. */
	if (execute("SELECT pid FROM pg_catalog.pg_locks "
				"WHERE locktype OPERATOR(pg_catalog.=) 'advisory'::pg_catalog.text "
				"AND database OPERATOR(pg_catalog.=) $1 AND classid OPERATOR(pg_catalog.=) $2 "
				"AND objid OPERATOR(pg_catalog.=) $3 "
				"AND objsubid OPERATOR(pg_catalog.=) 1::pg_catalog.int2 AND granted",
				3, types, values, NULL, SPI_OK_SELECT) > 0)
		pid = DatumGetInt32(present_column(1));
	SPI_finish();
	return pid;
}

InterruptedTraining *
emoser_find_interrupted(const TrainingRecord *training)
{
	MemoryContext context = CurrentMemoryContext;
	Oid types[1] = {TEXTOID};
	Datum values[1] = {CStringGetTextDatum(training->model)};
	InterruptedTraining *found = NULL;

	SPI_connect();
	/* One that was interrupted in its first epoch doesn't hide one that can be resumed. */
	if (execute(psprintf("SELECT id, epochs_done, epochs, checkpoint IS NOT NULL, algorithm, "
						 "options, data_hash FROM %s" WHERE_UNFINISHED AND_OWN
						 " ORDER BY checkpoint IS NULL, id DESC LIMIT 1",
						 table_of(training, TRAININGS_NAME)),
				1, types, values, NULL, SPI_OK_SELECT) > 0)
	{
		MemoryContextSwitchTo(context);
		found = palloc(sizeof(InterruptedTraining));
		found->id = DatumGetInt64(present_column(1));
		found->epochs_done = DatumGetInt32(present_column(2));
		found->epochs = DatumGetInt32(present_column(3));
		found->has_checkpoint = DatumGetBool(present_column(4));
		found->algorithm = TextDatumGetCString(present_column(5));
		found->options = DatumGetJsonbPCopy(present_column(6));
		found->data_hash = TextDatumGetCString(present_column(7));
	}
	SPI_finish();
	return found;
}

/* Of a statement about the row of a training: raise unless there was one. */
static void
check_found(const TrainingRecord *training, uint64 n_rows)
{
	if (n_rows == 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("the training of model \"%s\" was dropped while it ran", training->model),
			 errdetail("Its row " INT64_FORMAT " of " TRAININGS_NAME " is gone.", training->id)));
}

struct varlena *
emoser_read_checkpoint(const TrainingRecord *training, int64 id)
{
	MemoryContext context = CurrentMemoryContext;
	Oid types[1] = {INT8OID};
	Datum values[1] = {Int64GetDatum(id)};
	struct varlena *checkpoint;

	SPI_connect();
	check_found(training, execute(psprintf("SELECT checkpoint FROM %s WHERE id "
										   "OPERATOR(pg_catalog.=) $1 AND checkpoint IS NOT NULL",
										   table_of(training, TRAININGS_NAME)),
								  1, types, values, NULL, SPI_OK_SELECT));
	MemoryContextSwitchTo(context);
	checkpoint = PG_DETOAST_DATUM_COPY(present_column(1));
	SPI_finish();
	return checkpoint;
}

char *
emoser_differing_options(Jsonb *a, Jsonb *b)
{
	MemoryContext context = CurrentMemoryContext;
	Oid types[2] = {JSONBOID, JSONBOID};
	Datum values[2] = {JsonbPGetDatum(a), JsonbPGetDatum(b)};
	char *names = NULL;
	Datum datum;
	bool is_null;

	SPI_connect();
	execute("SELECT pg_catalog.string_agg(o.name, ', ' ORDER BY o.name) "
			"FROM (SELECT pg_catalog.jsonb_object_keys($1) "
			"UNION SELECT pg_catalog.jsonb_object_keys($2)) AS o (name) "
			"WHERE coalesce(($1 OPERATOR(pg_catalog.->) o.name) OPERATOR(pg_catalog.<>) "
			"($2 OPERATOR(pg_catalog.->) o.name), true)",
			2, types, values, NULL, SPI_OK_SELECT);
	datum = column(1, &is_null);
	MemoryContextSwitchTo(context);
	if (!is_null)
		names = TextDatumGetCString(datum);
	SPI_finish();
	return names;
}

void
emoser_insert_training(TrainingRecord *training)
{
	Oid types[6] = {TEXTOID, TEXTOID, TEXTOID, JSONBOID, TEXTOID, INT4OID};
	Datum values[6] = {
		CStringGetTextDatum(training->model),     CStringGetTextDatum(training->source),
		CStringGetTextDatum(training->algorithm), JsonbPGetDatum(training->options),
		CStringGetTextDatum(training->data_hash), Int32GetDatum(training->epochs)};

	SPI_connect();
	execute(psprintf("DELETE FROM %s" WHERE_UNFINISHED AND_OWN, table_of(training, TRAININGS_NAME)),
			1, types, values, NULL, SPI_OK_DELETE);
	execute(psprintf("INSERT INTO %s (model, source, algorithm, options, data_hash, epochs) "
					 "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
					 table_of(training, TRAININGS_NAME)),
			6, types, values, NULL, SPI_OK_INSERT_RETURNING);
	training->id = DatumGetInt64(present_column(1));
	SPI_finish();
}

void
emoser_take_over_training(const TrainingRecord *training)
{
	Oid types[1] = {INT8OID};
	Datum values[1] = {Int64GetDatum(training->id)};

	SPI_connect();
	check_found(training, execute(psprintf("UPDATE %s SET pid = pg_catalog.pg_backend_pid(), "
										   "updated_at = pg_catalog.clock_timestamp() "
										   "WHERE id OPERATOR(pg_catalog.=) $1",
										   table_of(training, TRAININGS_NAME)),
								  1, types, values, NULL, SPI_OK_UPDATE));
	SPI_finish();
}

static void
store_checkpoint(const TrainingRecord *training, int epochs_done, const uint8_t *bytes,
				 size_t n_bytes)
{
	Oid types[3] = {INT8OID, INT4OID, BYTEAOID};
	Datum values[3] = {Int64GetDatum(training->id), Int32GetDatum(epochs_done), (Datum) 0};
	char nulls[] = {' ', ' ', bytes == NULL ? 'n' : ' ', '\0'};

	if (bytes != NULL)
	{
		bytea *checkpoint = palloc(n_bytes + VARHDRSZ);

		SET_VARSIZE(checkpoint, n_bytes + VARHDRSZ);
		memcpy(VARDATA(checkpoint), bytes, n_bytes);
		values[2] = PointerGetDatum(checkpoint);
	}
	check_found(training, execute(psprintf("UPDATE %s SET epochs_done = $2, checkpoint = $3, "
										   "updated_at = pg_catalog.clock_timestamp() "
										   "WHERE id OPERATOR(pg_catalog.=) $1",
										   table_of(training, TRAININGS_NAME)),
								  3, types, values, nulls, SPI_OK_UPDATE));
}

static void
insert_epoch(const TrainingRecord *training, const EmoNnEpoch *epoch)
{
	Oid types[11] = {INT8OID,   TEXTOID,   INT4OID,   FLOAT8OID, FLOAT8OID, FLOAT8OID,
					 FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID, BOOLOID};
	Datum values[11] = {Int64GetDatum(training->id),
						CStringGetTextDatum(training->model),
						Int32GetDatum(epoch->epoch),
						Float8GetDatum(epoch->training_loss),
						Float8GetDatum(epoch->training_accuracy),
						Float8GetDatum(epoch->learning_rate),
						Float8GetDatum(epoch->seconds),
						Float8GetDatum(epoch->validation_loss),
						Float8GetDatum(epoch->validation_accuracy),
						Float8GetDatum(epoch->validation_uar),
						BoolGetDatum(epoch->best)};
	const char *nulls = epoch->validated ? NULL : "       nnn ";

	execute(psprintf("INSERT INTO %s (training, model, epoch, training_loss, training_accuracy, "
					 "learning_rate, seconds, validation_loss, validation_accuracy, "
					 "validation_uar, best) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
					 table_of(training, HISTORY_NAME)),
			11, types, values, nulls, SPI_OK_INSERT);
}

void
emoser_store_epoch(const TrainingRecord *training, const EmoNnEpoch *epoch,
				   const uint8_t *checkpoint, size_t n_checkpoint)
{
	SPI_connect();
	store_checkpoint(training, epoch->epoch, checkpoint, n_checkpoint);
	insert_epoch(training, epoch);
	SPI_finish();
}

void
emoser_finish_stored_training(const TrainingRecord *training, int version)
{
	Oid types[2] = {INT8OID, INT4OID};
	Datum values[2] = {Int64GetDatum(training->id), Int32GetDatum(version)};

	SPI_connect();
	check_found(training, execute(psprintf("UPDATE %s SET version = $2, checkpoint = NULL, "
										   "finished_at = pg_catalog.clock_timestamp() "
										   "WHERE id OPERATOR(pg_catalog.=) $1",
										   table_of(training, TRAININGS_NAME)),
								  2, types, values, NULL, SPI_OK_UPDATE));
	execute(psprintf("UPDATE %s SET version = $2 WHERE training OPERATOR(pg_catalog.=) $1",
					 table_of(training, HISTORY_NAME)),
			2, types, values, NULL, SPI_OK_UPDATE);
	SPI_finish();
}

void
emoser_drop_unfinished_trainings(Oid function, const char *model)
{
	TrainingRecord training = {.function = function, .model = model};
	Oid table = find_table(function, TRAININGS_NAME);
	Oid types[1] = {TEXTOID};
	Datum values[1] = {CStringGetTextDatum(model)};

	if (!OidIsValid(table) || pg_class_aclcheck(table, GetUserId(), ACL_DELETE) != ACLCHECK_OK ||
		pg_class_aclcheck(table, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		return;
	SPI_connect();
	execute(psprintf("DELETE FROM %s" WHERE_UNFINISHED, table_of(&training, TRAININGS_NAME)), 1,
			types, values, NULL, SPI_OK_DELETE);
	SPI_finish();
}
