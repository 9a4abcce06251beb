/*
 * insert.c
 *	  New rows of emoser_models.
 */
#include "pg/model/store.h"

#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "pg/base/sql.h"

static Oid
model_type(Oid function)
{
	return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("emoser_model"),
						   ObjectIdGetDatum(get_func_namespace(function)));
}

int
emoser_store_model(Oid function, const ModelRecord *record)
{
	int version;
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_lock_model(function, record->name);
	emoser_sql_run(
		&sql,
		"INSERT INTO @extschema@.emoser_models AS m (name, version, algorithm, labels, options, "
		"feature_version, n_utterances, n_speakers, data_hash, training_time, metrics, model, "
		"source, imported, created_at) "
		"SELECT $1, coalesce(max(o.version), 0) + 1, $2, $3, $4, $5, $6, $7, $8, "
		"make_interval(secs => $9), $10, $11, $12, $13, coalesce($14, now()) "
		"FROM @extschema@.emoser_models AS o WHERE o.name = $1 RETURNING m.version",
		SQL_VALUES(sql_text(record->name), sql_text(record->algorithm),
				   sql_varlena(TEXTARRAYOID, record->labels), sql_jsonb(record->options),
				   sql_int4(record->feature_version), sql_int8(record->n_utterances),
				   sql_int4(record->n_speakers), sql_text(record->data_hash),
				   sql_float8(record->training_s), sql_jsonb(record->metrics),
				   sql_varlena(model_type(function), record->model), sql_text(record->source),
				   sql_jsonb(record->imported),
				   sql_if(record->created_at != 0,
						  sql_value(TIMESTAMPTZOID, TimestampTzGetDatum(record->created_at)))));
	version = emoser_sql_int4(&sql, 0, 1);
	emoser_sql_end(&sql);
	return version;
}
