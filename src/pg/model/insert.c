/*
 * insert.c
 *	  New rows of emoser_models.
 */
#include "pg/model/store.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

static char *
insert_command(Oid function)
{
	return psprintf("INSERT INTO %s AS m (name, version, algorithm, labels, options, "
					"feature_version, n_utterances, n_speakers, data_hash, training_time, "
					"metrics, model, source, imported, created_at) "
					"SELECT $1, coalesce(pg_catalog.max(o.version), 0) "
					"OPERATOR(pg_catalog.+) 1, $2, $3, $4, $5, $6, $7, $8, "
					"pg_catalog.make_interval(secs => $9), $10, $11, $12, $13, "
					"coalesce($14, pg_catalog.now()) "
					"FROM %s AS o WHERE o.name OPERATOR(pg_catalog.=) $1 RETURNING m.version",
					emoser_models_table(function), emoser_models_table(function));
}

int
emoser_store_model(Oid function, const ModelRecord *record)
{
	Oid types[] = {TEXTOID, TEXTOID,   TEXTARRAYOID, JSONBOID,   INT4OID, INT8OID,  INT4OID,
				   TEXTOID, FLOAT8OID, JSONBOID,     InvalidOid, TEXTOID, JSONBOID, TIMESTAMPTZOID};
	Datum values[] = {CStringGetTextDatum(record->name),
					  CStringGetTextDatum(record->algorithm),
					  PointerGetDatum(record->labels),
					  JsonbPGetDatum(record->options),
					  Int32GetDatum(record->feature_version),
					  Int64GetDatum(record->n_utterances),
					  Int32GetDatum(record->n_speakers),
					  CStringGetTextDatum(record->data_hash),
					  Float8GetDatum(record->training_s),
					  JsonbPGetDatum(record->metrics),
					  PointerGetDatum(record->model),
					  (Datum) 0,
					  (Datum) 0,
					  TimestampTzGetDatum(record->created_at)};
	char nulls[lengthof(values) + 1];
	bool is_null;
	int version;

	StaticAssertStmt(lengthof(types) == lengthof(values), "a type for each value");
	memset(nulls, ' ', lengthof(values));
	nulls[lengthof(values)] = '\0';
	types[10] = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("emoser_model"),
								ObjectIdGetDatum(get_func_namespace(function)));
	if (record->source != NULL)
		values[11] = CStringGetTextDatum(record->source);
	else
		nulls[11] = 'n';
	if (record->imported != NULL)
		values[12] = JsonbPGetDatum(record->imported);
	else
		nulls[12] = 'n';
	if (record->created_at == 0)
		nulls[13] = 'n';
	SPI_connect();
	emoser_lock_model(function, record->name);
	if (SPI_execute_with_args(insert_command(function), lengthof(values), types, values, nulls,
							  false, 0) != SPI_OK_INSERT_RETURNING)
		elog(ERROR, "could not store model \"%s\"", record->name);
	version =
		DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
	SPI_finish();
	return version;
}
