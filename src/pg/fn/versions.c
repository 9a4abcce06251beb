/*
 * versions.c
 *	  Versions of models: deployed, dropped, as values.
 */
#include "pg/model/versions.h"
#include "pg/model/prune.h"
#include "pg/training/store.h"

#include "utils/builtins.h"

/* Argument 0. */
static ModelName
model_argument(FunctionCallInfo fcinfo)
{
	static const char *const names[] = {"model"};

	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	return emoser_parse_model_name(text_to_cstring(PG_GETARG_TEXT_PP(0)));
}

PG_FUNCTION_INFO_V1(emoser_deploy);
Datum
emoser_deploy(PG_FUNCTION_ARGS)
{
	ModelName model = model_argument(fcinfo);

	emoser_deploy_version(fcinfo->flinfo->fn_oid, model.name, model.version);
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(emoser_undeploy);
Datum
emoser_undeploy(PG_FUNCTION_ARGS)
{
	ModelName model = model_argument(fcinfo);

	PG_RETURN_INT32(emoser_undeploy_version(fcinfo->flinfo->fn_oid, model.name, model.version));
}

PG_FUNCTION_INFO_V1(emoser_drop_model);
Datum
emoser_drop_model(PG_FUNCTION_ARGS)
{
	Oid function = fcinfo->flinfo->fn_oid;
	ModelName model = model_argument(fcinfo);
	int64 n_versions = emoser_drop_versions(function, model.name, model.version);

	if (model.version == EMOSER_NO_VERSION)
		emoser_drop_unfinished_trainings(function, model.name);
	PG_RETURN_INT64(n_versions);
}

/* What of the row of a version is returned. */
enum
{
	PRUNED_MODEL,
	PRUNED_CREATED_AT,
	PRUNED_KILOBYTES,
	N_PRUNED_COLUMNS
};

PG_FUNCTION_INFO_V1(emoser_prune_models);
Datum
emoser_prune_models(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"model", "keep"};
	RowWriter rows;
	ModelName model;
	int64 n;
	Sql sql;

	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	emoser_check_range("keep", PG_GETARG_INT32(1), 1, EMOSER_MOST_KEPT_VERSIONS);
	emoser_begin_rows(fcinfo, &rows);
	model = emoser_parse_model_name(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	if (model.version != EMOSER_NO_VERSION)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("old versions are those of a name"),
						errhint("Give the name alone; emoser_drop_model() drops a version.")));
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	n = emoser_prune_versions(&sql, model.name, PG_GETARG_INT32(1));
	for (int64 row = 0; row < n; row++)
	{
		Datum values[N_PRUNED_COLUMNS];
		bool nulls[N_PRUNED_COLUMNS];

		values[PRUNED_MODEL] =
			CStringGetTextDatum(psprintf("%s@%d", model.name, emoser_sql_int4(&sql, row, 1)));
		nulls[PRUNED_MODEL] = false;
		values[PRUNED_CREATED_AT] = emoser_sql_datum(&sql, row, 2, &nulls[PRUNED_CREATED_AT]);
		values[PRUNED_KILOBYTES] = Int64GetDatum(emoser_sql_int8(&sql, row, 3) / 1024);
		nulls[PRUNED_KILOBYTES] = emoser_sql_is_null(&sql, row, 3);
		emoser_put_row(&rows, values, nulls);
	}
	emoser_sql_end(&sql);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(emoser_model_value);
Datum
emoser_model_value(PG_FUNCTION_ARGS)
{
	ModelName model = model_argument(fcinfo);

	PG_RETURN_POINTER(emoser_named_value(fcinfo->flinfo->fn_oid, &model));
}
