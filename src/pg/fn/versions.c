/*
 * versions.c
 *	  Versions of models: deployed, dropped, as values.
 */
#include "pg/model/versions.h"
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

PG_FUNCTION_INFO_V1(emoser_model_value);
Datum
emoser_model_value(PG_FUNCTION_ARGS)
{
	ModelName model = model_argument(fcinfo);

	PG_RETURN_POINTER(emoser_named_value(fcinfo->flinfo->fn_oid, &model));
}
