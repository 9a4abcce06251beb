/*
 * versions.c
 *	  The versions of a name in emoser_models: which one predicts.
 */
#include "pg/model/versions.h"

#include "catalog/pg_proc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "pg/base/shown.h"
#include "pg/base/sql.h"
#include "pg/model/names.h"
#include "pg/model/published.h"

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
	READ_SOURCE,
	READ_IMPORTED,
	READ_CREATOR,
	READ_IS_BUNDLED
};

#define READ_COLUMNS                                                                               \
	"version, algorithm, labels, options, feature_version, n_utterances, n_speakers, data_hash, "  \
	"metrics, source, imported, creator, is_bundled"

#define MODELS "@extschema@.emoser_models"
#define KNOWN  EMOSER_KNOWN_MODELS

/* What all of one name's rows, or one of them, are found by: $1 the name, $2 the version or NULL. */
#define WHERE_NAME    " WHERE name = $1"
#define WHERE_VERSION WHERE_NAME " AND ($2 IS NULL OR version = $2)"

/*
 * Run a statement with a name and a version as parameters.  Functions that are not VOLATILE keep to
 * the caller's snapshot, others see what was committed while they waited.
 */
static uint64
run(Sql *sql, const char *statement, const char *name, int version)
{
	const SqlValue values[] = {sql_text(name),
							   sql_if(version != EMOSER_NO_VERSION, sql_int4(version))};

	if (func_volatile(sql->function) == PROVOLATILE_VOLATILE)
		return emoser_sql_run(sql, statement, values, lengthof(values));
	return emoser_sql_read(sql, statement, values, lengthof(values));
}

/* Raises unless the caller can see it. */
static void
check_exists(Sql *sql, const char *name, int version)
{
	ModelName missing = {unconstify(char *, name), version};

	if (run(sql, "SELECT FROM " KNOWN WHERE_VERSION " LIMIT 1", name, version) == 0)
		emoser_no_such_version(sql->function, &missing, false);
}

static struct varlena *
read_value(Sql *sql, const char *name, int version)
{
	if (run(sql, "SELECT model FROM @extschema@.emoser_model_values" WHERE_VERSION, name,
			version) == 0)
		emoser_no_value(name, version);
	return emoser_sql_varlena(sql, 0, 1);
}

ModelVersion *
emoser_read_version(Oid function, const char *name, int version)
{
	ModelVersion *row = palloc0(sizeof(ModelVersion));
	ModelRecord *record = &row->record;
	Sql sql;

	record->name = pstrdup(name);
	emoser_sql_begin(&sql, function);
	emoser_refuse_on_worker(&sql);
	if (run(&sql,
			"SELECT " READ_COLUMNS " FROM " KNOWN WHERE_VERSION " " EMOSER_ACTIVE_FIRST " LIMIT 1",
			name, version) == 0)
		check_exists(&sql, name, version);
	row->version = emoser_sql_int4(&sql, 0, READ_VERSION);
	row->creator = emoser_sql_text(&sql, 0, READ_CREATOR);
	record->algorithm = emoser_sql_text(&sql, 0, READ_ALGORITHM);
	record->labels = (ArrayType *) emoser_sql_varlena(&sql, 0, READ_LABELS);
	record->options = emoser_sql_jsonb(&sql, 0, READ_OPTIONS);
	record->feature_version = emoser_sql_int4(&sql, 0, READ_FEATURE_VERSION);
	record->n_utterances = emoser_sql_int8(&sql, 0, READ_N_UTTERANCES);
	record->n_speakers = emoser_sql_int4(&sql, 0, READ_N_SPEAKERS);
	record->data_hash = emoser_sql_text(&sql, 0, READ_DATA_HASH);
	record->metrics = emoser_sql_jsonb(&sql, 0, READ_METRICS);
	record->source = emoser_sql_text(&sql, 0, READ_SOURCE);
	record->imported = emoser_sql_jsonb(&sql, 0, READ_IMPORTED);
	record->model = emoser_sql_bool(&sql, 0, READ_IS_BUNDLED)
						? emoser_bundled_value(&sql)
						: read_value(&sql, record->name, row->version);
	emoser_sql_end(&sql);
	return row;
}

static int
active_version(Sql *sql, const char *name, bool *is_deployed)
{
	if (run(sql,
			"SELECT version, deployed_at IS NOT NULL FROM " KNOWN WHERE_VERSION
			" " EMOSER_ACTIVE_FIRST " LIMIT 1",
			name, EMOSER_NO_VERSION) == 0)
		emoser_no_such_model(sql->function, name, false);
	*is_deployed = emoser_sql_bool(sql, 0, 2);
	return emoser_sql_int4(sql, 0, 1);
}

int
emoser_active_version(Oid function, const char *name, bool *is_deployed)
{
	int version;
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_refuse_on_worker(&sql);
	version = active_version(&sql, name, is_deployed);
	emoser_sql_end(&sql);
	return version;
}

char *
emoser_version_notes(Oid function, const char *name, int version)
{
	char *notes;
	Sql sql;

	emoser_sql_begin(&sql, function);
	if (run(&sql,
			"SELECT jsonb_build_object('name', name, 'version', version, "
			"'n_utterances', n_utterances, 'n_speakers', n_speakers, 'data_hash', data_hash, "
			"'training_s', date_part('epoch', training_time), 'metrics', metrics, "
			"'creator', creator, 'created_at', created_at, 'source', source) "
			"FROM " KNOWN WHERE_VERSION,
			name, version) == 0)
		check_exists(&sql, name, version);
	notes = emoser_sql_text(&sql, 0, 1);
	emoser_sql_end(&sql);
	return notes;
}

static void
which_version(Sql *sql, const char *name)
{
	int newest;

	run(sql, "SELECT max(version) FROM " KNOWN WHERE_VERSION, name, EMOSER_NO_VERSION);
	newest = emoser_sql_int4(sql, 0, 1);
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("the version of model \"%s\" to deploy is missing", emoser_shown(name)),
					errhint("SELECT emoser_deploy(%s) deploys the newest one.",
							emoser_shown_version(name, newest))));
}

static bool
is_bundled(Sql *sql, const char *name, int version)
{
	return run(sql, "SELECT FROM " KNOWN WHERE_VERSION " AND is_bundled", name, version) > 0;
}

/* time may be NULL: it is taken out of use. */
static void
set_deployed(Sql *sql, const char *name, int version, SqlValue time)
{
	if (!is_bundled(sql, name, version))
	{
		if (emoser_sql_run(sql,
						   "UPDATE " MODELS " SET deployed_at = $3 "
						   "WHERE name = $1 AND version = $2",
						   SQL_VALUES(sql_text(name), sql_int4(version), time)) == 0)
			emoser_not_owner(name);
		return;
	}
	if (!emoser_is_admin())
		emoser_not_owner(name);
	emoser_deploy_bundled(sql->function, name, time);
}

void
emoser_deploy_version(Oid function, const char *name, int version)
{
	bool is_null;
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_lock_model(function, name);
	check_exists(&sql, name, version);
	if (version == EMOSER_NO_VERSION)
		which_version(&sql, name);
	/* Later than any other, whatever the clock does. */
	run(&sql,
		"SELECT greatest(clock_timestamp(), max(deployed_at) + INTERVAL '1 microsecond') "
		"FROM " KNOWN WHERE_VERSION,
		name, EMOSER_NO_VERSION);
	set_deployed(&sql, name, version,
				 sql_value(TIMESTAMPTZOID, emoser_sql_datum(&sql, 0, 1, &is_null)));
	emoser_sql_end(&sql);
}

int
emoser_undeploy_version(Oid function, const char *name, int version)
{
	bool is_deployed;
	int active;
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_lock_model(function, name);
	check_exists(&sql, name, version);
	active = active_version(&sql, name, &is_deployed);
	if (version == EMOSER_NO_VERSION)
		version = active;
	if (run(&sql, "SELECT FROM " KNOWN WHERE_VERSION " AND deployed_at IS NOT NULL", name,
			version) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 is_deployed ? errmsg("version %d of model \"%s\" is not deployed", version,
									  emoser_shown(name))
							 : errmsg("no version of model \"%s\" is deployed", emoser_shown(name)),
				 errdetail(is_deployed ? "Version %d is, and predicts."
									   : "Its newest version, %d, predicts.",
						   active),
				 is_deployed ? 0
							 : errhint("SELECT emoser_deploy(%s) keeps it in use when a newer one "
									   "is trained.",
									   emoser_shown_version(name, active))));
	set_deployed(&sql, name, version, sql_null(TIMESTAMPTZOID));
	active = active_version(&sql, name, &is_deployed);
	emoser_sql_end(&sql);
	return active;
}

int64
emoser_drop_versions(Oid function, const char *name, int version)
{
	int64 n_versions;
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_lock_model(function, name);
	check_exists(&sql, name, version);
	run(&sql, "SELECT count(*) FROM " MODELS WHERE_VERSION, name, version);
	n_versions = emoser_sql_int8(&sql, 0, 1);
	if (n_versions == 0)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("the bundled version of model \"%s\" cannot be dropped",
							   emoser_shown(name)),
						errhint("It came with the extension; DROP EXTENSION removes it.")));
	if (run(&sql, "DELETE FROM " MODELS WHERE_VERSION, name, version) != (uint64) n_versions)
		emoser_not_owner(name);
	emoser_sql_end(&sql);
	return n_versions;
}
