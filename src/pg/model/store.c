/*
 * store.c
 *	  The table emoser_models: names and rows, rights, locks.
 */
#include "pg/model/store.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "pg/base/name_lock.h"
#include "pg/base/options.h"
#include "pg/base/shown.h"
#include "pg/base/sql.h"
#include "pg/base/table_rights.h"
#include "pg/model/published.h"
#include "pg/model/training_hashes.h"
#include "pg/source/source.h"

#define MODELS        "@extschema@.emoser_models"
#define NAMES         "@extschema@.emoser_model_names"
#define VALUES        "@extschema@.emoser_model_values"

#define BUNDLED_VALUE "_emoser_bundled_value"

/* Names of models are identifiers of a kind: they stay readable in messages. */
#define MAX_MODEL_NAME_BYTES 63

/* Of a version, so that it is an integer; a constraint of emoser_models says the same. */
#define MAX_VERSION_DIGITS 9
#define MAX_VERSION        999999999

/* On a worker, where nobody trains and not all is known. */
static void
not_published(const ModelName *name)
{
	char *version = name->version == EMOSER_NO_VERSION ? "" : psprintf("@%d", name->version);

	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
					errmsg("model \"%s%s\" is not published to workers", emoser_shown(name->name),
						   version),
					errhint("emoser_model_list on the coordinator lists what there is.")));
}

static bool
is_encoder(Oid function, const char *name)
{
	bool is_there;
	Sql sql;

	emoser_sql_begin(&sql, function);
	is_there = emoser_sql_read(&sql, "SELECT FROM @extschema@.emoser_encoders WHERE name = $1",
							   SQL_VALUES(sql_text(name))) > 0;
	emoser_sql_end(&sql);
	return is_there;
}

void
emoser_no_such_model(Oid function, const char *name, bool can_train)
{
	const char *closest;
	const char **names;
	bool is_data, has_encoder;
	Sql sql;

	/* There may be one that the caller may not see. */
	emoser_check_model_rights(function, false);
	/* Of the caller's search_path. */
	is_data = emoser_is_source(name);
	emoser_sql_begin(&sql, function);
	emoser_sql_read(&sql, "SELECT DISTINCT name FROM " EMOSER_KNOWN_MODELS, SQL_NO_VALUES);
	names = palloc(sql.n_rows * sizeof(char *));
	for (uint64 i = 0; i < sql.n_rows; i++)
		names[i] = emoser_sql_text(&sql, i, 1);
	closest = emoser_closest_match(name, names, (int) sql.n_rows);
	has_encoder = can_train && is_encoder(function, name);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("model \"%s\" does not exist", emoser_shown(name)),
			 has_encoder ? errhint("It is an encoder without a head: emoser_embed() takes it, and "
								   "emoser_train() with the option \"encoder\".")
			 : closest != NULL ? errhint("Did you mean \"%s\"?", emoser_shown(closest))
			 : is_data         ? errhint("The data come first, then the name of the model.")
			 : can_train ? errhint("Train it with CALL emoser_train(..., %s); emoser_model_list "
								   "lists what there is.",
								   emoser_shown_literal(name))
						 : errhint("emoser_model_list lists what there is.")));
}

void
emoser_no_such_version(Oid function, const ModelName *name, bool can_train)
{
	Sql sql;

	emoser_check_model_rights(function, false);
	emoser_sql_begin(&sql, function);
	emoser_sql_read(&sql, "SELECT max(version) FROM " EMOSER_KNOWN_MODELS " WHERE name = $1",
					SQL_VALUES(sql_text(name->name)));
	if (name->version == EMOSER_NO_VERSION || emoser_sql_is_null(&sql, 0, 1))
		emoser_no_such_model(function, name->name, can_train);
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
					errmsg("version %d of model \"%s\" does not exist", name->version,
						   emoser_shown(name->name)),
					errdetail("Its newest version is %d.", emoser_sql_int4(&sql, 0, 1)),
					errhint("emoser_model_list has the versions of all models.")));
}

void
emoser_check_argument_order(const char *source, const char *model)
{
	if (emoser_is_source(model) && !emoser_is_source(source))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the source comes first, then the name of the model"),
						errdetail("\"%s\" is a table or query, and \"%s\" is not.",
								  emoser_shown(model), emoser_shown(source)),
						errhint("Exchange the two arguments.")));
}

ModelName
emoser_parse_model_name(const char *text)
{
	ModelName name = {pstrdup(text), EMOSER_NO_VERSION};
	char *at = strrchr(name.name, '@');
	size_t n_digits;

	if (at == NULL)
		return name;
	*at = '\0';
	n_digits = strlen(at + 1);
	if (n_digits == 0 || n_digits > MAX_VERSION_DIGITS || strspn(at + 1, "0123456789") != n_digits)
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME),
						errmsg("invalid model name \"%s\"", emoser_shown(text)),
						errdetail("The number of a version follows \"@\", as in \"%s@3\".",
								  emoser_shown(name.name))));
	name.version = atoi(at + 1);
	return name;
}

void
emoser_check_model_name(const char *name)
{
	if (strchr(name, '@') != NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME),
						errmsg("invalid model name \"%s\"", emoser_shown(name)),
						errdetail("The number of a version follows \"@\"; versions get theirs by "
								  "themselves."),
						errhint("Give the name alone: the model becomes its next version.")));
	if (name[0] == '\0' || strlen(name) > MAX_MODEL_NAME_BYTES)
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME),
						errmsg("invalid model name \"%s\"", emoser_shown(name)),
						errdetail("A name has 1 to %d bytes.", MAX_MODEL_NAME_BYTES)));
}

/* What versions are ordered by is the last column. */
#define STORED_ROWS                                                                                \
	"SELECT v.tableoid, v.ctid, v.xmin, m.version, v.model, false, m.deployed_at FROM " MODELS     \
	" AS m LEFT JOIN " VALUES " AS v ON v.name = m.name AND v.version = m.version "                \
	"WHERE m.name = $1 AND ($2 IS NULL OR m.version = $2)"
/* deployed is a table with the bundled versions that are, which a condition picks. */
#define BUNDLED_ROWS(deployed_at, deployed, condition)                                             \
	"SELECT p.tableoid, p.ctid, p.xmin, b.version, NULL, true, n." deployed_at " "                 \
	"FROM @extschema@._emoser_bundled_models() AS b "                                              \
	"JOIN pg_proc AS p ON p.oid = $3 "                                                             \
	"LEFT JOIN " deployed " AS n ON n.name = b.name" condition " "                                 \
	"WHERE b.name = $1 AND ($2 IS NULL OR b.version = $2)"
#define THE_ONE_MEANT " ORDER BY 7 DESC NULLS LAST, 4 DESC LIMIT 1"

/* On a worker of Citus; %1$s is what is published there. */
#define PUBLISHED_ROWS                                                                             \
	"SELECT v.tableoid, v.ctid, v.xmin, v.version, v.model, false, v.deployed_at FROM %1$s AS v "  \
	"WHERE v.name = $1 AND v.version > 0 AND ($2 IS NULL OR v.version = $2)"

static uint64
read_stored(Sql *sql, const SqlValue *values, int n_values)
{
	static SqlPlan plan;

	return emoser_sql_read_kept(
		sql, &plan,
		STORED_ROWS " UNION ALL " BUNDLED_ROWS("bundled_deployed_at", NAMES, "") THE_ONE_MEANT,
		values, n_values);
}

static uint64
read_published(Sql *sql, const char *published, const SqlValue *values, int n_values)
{
	return emoser_sql_read(sql,
						   psprintf(PUBLISHED_ROWS " UNION ALL " BUNDLED_ROWS(
										"deployed_at", "%1$s", " AND n.version = b.version")
										THE_ONE_MEANT,
									published),
						   values, n_values);
}

ModelRow
emoser_find_row(Sql *sql, const ModelName *name)
{
	const SqlValue values[] = {sql_text(name->name),
							   sql_if(name->version != EMOSER_NO_VERSION, sql_int4(name->version)),
							   sql_oid(emoser_sql_function(sql->function, BUNDLED_VALUE))};
	const char *published = emoser_published_on_worker(sql);
	ModelRow row;
	bool is_null;

	if (published != NULL)
	{
		if (read_published(sql, published, values, lengthof(values)) == 0)
			not_published(name);
	}
	else if (read_stored(sql, values, lengthof(values)) == 0)
		emoser_no_such_version(sql->function, name, true);
	row.version = emoser_sql_int4(sql, 0, 4);
	if (emoser_sql_is_null(sql, 0, 1))
		emoser_no_value(name->name, row.version);
	row.relation = DatumGetObjectId(emoser_sql_datum(sql, 0, 1, &is_null));
	row.ctid = *(ItemPointer) DatumGetPointer(emoser_sql_datum(sql, 0, 2, &is_null));
	row.xmin = DatumGetTransactionId(emoser_sql_datum(sql, 0, 3, &is_null));
	row.model = emoser_sql_datum(sql, 0, 5, &is_null);
	row.is_bundled = emoser_sql_bool(sql, 0, 6);
	return row;
}

struct varlena *
emoser_bundled_value(Sql *sql)
{
	struct varlena *value;

	emoser_sql_read(sql, "SELECT @extschema@." BUNDLED_VALUE "()", SQL_NO_VALUES);
	value = emoser_sql_varlena(sql, 0, 1);
	/* A superuser may have put another function there. */
	if (value == NULL)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("the bundled model is missing: %s() gives NULL", BUNDLED_VALUE),
						errhint("Create the extension anew.")));
	return value;
}

struct varlena *
emoser_named_value(Oid function, const ModelName *name)
{
	struct varlena *value;
	ModelRow row;
	Sql sql;

	emoser_sql_begin(&sql, function);
	row = emoser_find_row(&sql, name);
	value = row.is_bundled ? emoser_bundled_value(&sql) : emoser_sql_varlena(&sql, 0, 5);
	emoser_sql_end(&sql);
	return value;
}

void
emoser_no_value(const char *name, int version)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("version %d of model \"%s\" is without its value", version, emoser_shown(name)),
			 errdetail("It has no row in emoser_model_values, or none that you may see."),
			 errhint("Drop it and train or import it again.")));
}

void
emoser_lock_model(Oid function, const char *name)
{
	Oid table = get_relname_relid("emoser_models", get_func_namespace(function));
	LOCKTAG tag = emoser_name_lock_tag(table, name);

	/* Said better than by the lock, which a standby has none of. */
	PreventCommandIfReadOnly(psprintf("%s()", get_func_name(function)));
	emoser_lock_name(&tag);
}

static Oid
model_type(Oid function)
{
	return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("emoser_model"),
						   ObjectIdGetDatum(get_func_namespace(function)));
}

static void
check_has_next_version(Sql *sql, const char *name)
{
	if (emoser_sql_read(sql, "SELECT 1 FROM " MODELS " WHERE name = $1 AND version = $2",
						SQL_VALUES(sql_text(name), sql_int4(MAX_VERSION))) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("model \"%s\" has version %d, after which there is none",
						emoser_shown(name), MAX_VERSION),
				 errhint("Drop that version with emoser_drop_model(), or take another name.")));
}

int
emoser_store_model(Oid function, const ModelRecord *record)
{
	int version;
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_lock_model(function, record->name);
	check_has_next_version(&sql, record->name);
	emoser_sql_run(
		&sql,
		"INSERT INTO " MODELS " AS m (name, version, algorithm, labels, options, "
		"feature_version, n_utterances, n_speakers, data_hash, training_time, metrics, "
		"source, imported, created_at) "
		"SELECT $1, coalesce(max(o.version), 0) + 1, $2, $3, $4, $5, $6, $7, $8, "
		"make_interval(secs => $9), $10, $11, $12, coalesce($13, now()) "
		"FROM " MODELS " AS o WHERE o.name = $1 RETURNING m.version",
		SQL_VALUES(sql_text(record->name), sql_text(record->algorithm),
				   sql_varlena(TEXTARRAYOID, record->labels), sql_jsonb(record->options),
				   sql_int4(record->feature_version), sql_int8(record->n_utterances),
				   sql_int4(record->n_speakers), sql_text(record->data_hash),
				   sql_float8(record->training_s), sql_jsonb(record->metrics),
				   sql_text(record->source), sql_jsonb(record->imported),
				   sql_if(record->created_at != 0,
						  sql_value(TIMESTAMPTZOID, TimestampTzGetDatum(record->created_at)))));
	version = emoser_sql_int4(&sql, 0, 1);
	/* Who was let store the row may have its model; nobody else is. */
	emoser_sql_run_as_owner(&sql,
							get_relname_relid("emoser_model_values", get_func_namespace(function)),
							"INSERT INTO " VALUES " (name, version, model) VALUES ($1, $2, $3)",
							SQL_VALUES(sql_text(record->name), sql_int4(version),
									   sql_varlena(model_type(function), record->model)));
	emoser_sql_end(&sql);
	if (record->hashes != NULL)
		emoser_store_training_hashes(function, record->name, version, record->hashes);
	return version;
}
