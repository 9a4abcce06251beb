/*
 * versions.c
 *	  The versions of a name in emoser_models: which one predicts, who owns them.
 */
#include "pg/model/versions.h"

#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"

/* The columns of READ_COLUMNS. */
enum
{
	READ_VERSION = 1,
	READ_ALGORITHM,
	READ_LABELS,
	READ_OPTIONS,
	READ_FEATURE_VERSION,
	READ_N_UTTERANCES,
	READ_N_SPEAKERS,
	READ_DATA_HASH,
	READ_METRICS,
	READ_MODEL,
	READ_SOURCE,
	READ_IMPORTED,
	READ_CREATOR
};

#define READ_COLUMNS                                                                               \
	"version, algorithm, labels, options, feature_version, n_utterances, n_speakers, data_hash, "  \
	"metrics, model, source, imported, creator"

/* What all of one name's rows, or one of them, are found by: $1 the name, $2 the version or NULL. */
#define WHERE_NAME    " WHERE name OPERATOR(pg_catalog.=) $1"
#define WHERE_VERSION WHERE_NAME " AND ($2 IS NULL OR version OPERATOR(pg_catalog.=) $2)"
#define WHERE_OWN     WHERE_VERSION " AND NOT is_bundled"

/*
 * Run a statement in which each %s is the table; rows it returns or touches.  Functions that are
 * not VOLATILE keep to the caller's snapshot, others see what was committed while they waited.
 */
static uint64
execute(Oid function, const char *format, const char *name, int version, int expected)
{
	Oid types[2] = {TEXTOID, INT4OID};
	Datum values[2] = {CStringGetTextDatum(name), Int32GetDatum(version)};
	char nulls[] = {' ', version == EMOSER_NO_VERSION ? 'n' : ' ', '\0'};
	char *table = emoser_models_table(function);
	char *command = psprintf(format, table, table);

	if (SPI_execute_with_args(command, 2, types, values, nulls,
							  func_volatile(function) != PROVOLATILE_VOLATILE, 0) != expected)
		elog(ERROR, "could not execute \"%s\"", command);
	return SPI_processed;
}

static Datum
value(int number, bool *is_null)
{
	return SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, number, is_null);
}

static Datum
present_value(int number)
{
	bool is_null;

	return value(number, &is_null);
}

/* The versions that the caller can see; none is an error. */
static int64
count_versions(Oid function, const char *name, int version)
{
	execute(function, "SELECT pg_catalog.count(*) FROM %s" WHERE_VERSION, name, version,
			SPI_OK_SELECT);
	return DatumGetInt64(present_value(1));
}

static void
check_exists(Oid function, const char *name, int version)
{
	ModelName missing = {unconstify(char *, name), version};

	if (count_versions(function, name, version) == 0)
		emoser_no_such_version(function, &missing, false);
}

static void
not_owner(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("must be owner of model \"%s\"", name),
			 errdetail("Its owner is the role in the column \"creator\", and members of the "
					   "role emoser_admin may do the same.")));
}

ModelVersion *
emoser_read_version(Oid function, const char *name, int version)
{
	MemoryContext context = CurrentMemoryContext;
	ModelVersion *row = palloc0(sizeof(ModelVersion));
	bool is_null;
	Datum datum;

	SPI_connect();
	if (execute(function, "SELECT " READ_COLUMNS " FROM %s" WHERE_VERSION " " EMOSER_ACTIVE_FIRST,
				name, version, SPI_OK_SELECT) == 0)
		check_exists(function, name, version);
	MemoryContextSwitchTo(context);
	row->version = DatumGetInt32(present_value(READ_VERSION));
	row->creator = TextDatumGetCString(present_value(READ_CREATOR));
	row->record.name = pstrdup(name);
	row->record.algorithm = TextDatumGetCString(present_value(READ_ALGORITHM));
	row->record.labels = DatumGetArrayTypePCopy(present_value(READ_LABELS));
	row->record.options = DatumGetJsonbPCopy(present_value(READ_OPTIONS));
	row->record.feature_version = DatumGetInt32(present_value(READ_FEATURE_VERSION));
	row->record.n_utterances = DatumGetInt64(present_value(READ_N_UTTERANCES));
	row->record.n_speakers = DatumGetInt32(present_value(READ_N_SPEAKERS));
	row->record.data_hash = TextDatumGetCString(present_value(READ_DATA_HASH));
	row->record.metrics = DatumGetJsonbPCopy(present_value(READ_METRICS));
	row->record.model = PG_DETOAST_DATUM_COPY(present_value(READ_MODEL));
	datum = value(READ_SOURCE, &is_null);
	row->record.source = is_null ? NULL : TextDatumGetCString(datum);
	datum = value(READ_IMPORTED, &is_null);
	row->record.imported = is_null ? NULL : DatumGetJsonbPCopy(datum);
	SPI_finish();
	return row;
}

int
emoser_active_version(Oid function, const char *name, bool *is_deployed)
{
	if (execute(function,
				"SELECT version, deployed_at IS NOT NULL FROM %s" WHERE_VERSION
				" " EMOSER_ACTIVE_FIRST " LIMIT 1",
				name, EMOSER_NO_VERSION, SPI_OK_SELECT) == 0)
		emoser_no_such_model(function, name, false);
	*is_deployed = DatumGetBool(present_value(2));
	return DatumGetInt32(present_value(1));
}

char *
emoser_version_notes(Oid function, const char *name, int version)
{
	MemoryContext context = CurrentMemoryContext;
	char *notes;

	SPI_connect();
	if (execute(
			function,
			"SELECT pg_catalog.jsonb_build_object('name', name, 'version', version, "
			"'n_utterances', n_utterances, 'n_speakers', n_speakers, 'data_hash', data_hash, "
			"'training_s', pg_catalog.date_part('epoch', training_time), 'metrics', metrics, "
			"'creator', creator, 'created_at', created_at, 'source', source) FROM %s" WHERE_VERSION,
			name, version, SPI_OK_SELECT) == 0)
		check_exists(function, name, version);
	notes =
		MemoryContextStrdup(context, SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1));
	SPI_finish();
	return notes;
}

static void
which_version(Oid function, const char *name)
{
	int newest;

	execute(function, "SELECT pg_catalog.max(version) FROM %s" WHERE_NAME " AND $2 IS NULL", name,
			EMOSER_NO_VERSION, SPI_OK_SELECT);
	newest = DatumGetInt32(present_value(1));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the version of model \"%s\" to deploy is missing", name),
			 errhint("SELECT emoser_deploy('%s@%d') deploys the newest one.", name, newest)));
}

void
emoser_deploy_version(Oid function, const char *name, int version)
{
	SPI_connect();
	emoser_lock_model(function, name);
	check_exists(function, name, version);
	if (version == EMOSER_NO_VERSION)
		which_version(function, name);
	/* Later than any other, whatever the clock does. */
	if (execute(function,
				"UPDATE %s SET deployed_at = greatest(pg_catalog.clock_timestamp(), "
				"(SELECT pg_catalog.max(deployed_at) FROM %s" WHERE_NAME ") "
				"OPERATOR(pg_catalog.+) INTERVAL '1 microsecond')" WHERE_VERSION,
				name, version, SPI_OK_UPDATE) == 0)
		not_owner(name);
	SPI_finish();
}

int
emoser_undeploy_version(Oid function, const char *name, int version)
{
	bool is_deployed;
	int active;

	SPI_connect();
	emoser_lock_model(function, name);
	check_exists(function, name, version);
	active = emoser_active_version(function, name, &is_deployed);
	if (version == EMOSER_NO_VERSION)
		version = active;
	if (execute(function, "SELECT FROM %s" WHERE_VERSION " AND deployed_at IS NOT NULL", name,
				version, SPI_OK_SELECT) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 is_deployed ? errmsg("version %d of model \"%s\" is not deployed", version, name)
							 : errmsg("no version of model \"%s\" is deployed", name),
				 errdetail(is_deployed ? "Version %d is, and predicts."
									   : "Its newest version, %d, predicts.",
						   active),
				 is_deployed ? 0
							 : errhint("SELECT emoser_deploy('%s@%d') keeps it in use when a newer "
									   "one is trained.",
									   name, active)));
	if (execute(function, "UPDATE %s SET deployed_at = NULL" WHERE_VERSION, name, version,
				SPI_OK_UPDATE) == 0)
		not_owner(name);
	active = emoser_active_version(function, name, &is_deployed);
	SPI_finish();
	return active;
}

int64
emoser_drop_versions(Oid function, const char *name, int version)
{
	int64 n_versions;

	SPI_connect();
	emoser_lock_model(function, name);
	check_exists(function, name, version);
	execute(function, "SELECT pg_catalog.count(*) FROM %s" WHERE_OWN, name, version, SPI_OK_SELECT);
	n_versions = DatumGetInt64(present_value(1));
	if (n_versions == 0)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("the bundled version of model \"%s\" cannot be dropped", name),
						errhint("It came with the extension; DROP EXTENSION removes it.")));
	if (execute(function, "DELETE FROM %s" WHERE_OWN, name, version, SPI_OK_DELETE) !=
		(uint64) n_versions)
		not_owner(name);
	SPI_finish();
	return n_versions;
}

bool
emoser_is_owner(const char *creator, bool is_bundled)
{
	Oid admin = get_role_oid("emoser_admin", true);
	Oid owner = get_role_oid(creator, true);

	if (superuser() || (OidIsValid(admin) && has_privs_of_role(GetUserId(), admin)))
		return true;
	return !is_bundled && OidIsValid(owner) && has_privs_of_role(GetUserId(), owner);
}

bool
emoser_may_add(Oid function, const char *name)
{
	bool may_add = true;
	uint64 n_rows;

	SPI_connect();
	n_rows = execute(function, "SELECT creator, is_bundled FROM %s" WHERE_VERSION, name,
					 EMOSER_NO_VERSION, SPI_OK_SELECT);
	for (uint64 i = 0; may_add && i < n_rows; i++)
	{
		HeapTuple row = SPI_tuptable->vals[i];
		bool is_null;
		bool is_bundled = DatumGetBool(SPI_getbinval(row, SPI_tuptable->tupdesc, 2, &is_null));

		may_add = emoser_is_owner(SPI_getvalue(row, SPI_tuptable->tupdesc, 1), is_bundled);
	}
	SPI_finish();
	return may_add;
}

void
emoser_check_may_add(Oid function, const char *name)
{
	Oid table = get_relname_relid("emoser_models", get_func_namespace(function));

	if (check_enable_rls(table, InvalidOid, true) == RLS_ENABLED && !emoser_may_add(function, name))
		not_owner(name);
}
