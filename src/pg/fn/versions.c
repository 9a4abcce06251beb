/*
 * versions.c
 *	  Deploying and dropping versions of models, and what the policies of emoser_models ask.
 */
#include "pg/model/versions.h"
#include "pg/training/store.h"

#include "utils/builtins.h"

char *
emoser_name_argument(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("model name must not be null")));
	return text_to_cstring(PG_GETARG_TEXT_PP(0));
}

int
emoser_version_argument(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(1))
		return EMOSER_NO_VERSION;
	if (PG_GETARG_INT32(1) < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("version must not be negative: %d", PG_GETARG_INT32(1))));
	return PG_GETARG_INT32(1);
}

PG_FUNCTION_INFO_V1(emoser_deploy);
Datum
emoser_deploy(PG_FUNCTION_ARGS)
{
	char *name = emoser_name_argument(fcinfo);

	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("version must not be null")));
	emoser_deploy_version(fcinfo->flinfo->fn_oid, name, emoser_version_argument(fcinfo));
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(emoser_undeploy);
Datum
emoser_undeploy(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(emoser_undeploy_model(fcinfo->flinfo->fn_oid, emoser_name_argument(fcinfo)));
}

PG_FUNCTION_INFO_V1(emoser_drop_model);
Datum
emoser_drop_model(PG_FUNCTION_ARGS)
{
	Oid function = fcinfo->flinfo->fn_oid;
	char *name = emoser_name_argument(fcinfo);
	int version = emoser_version_argument(fcinfo);
	int64 n_versions = emoser_drop_versions(function, name, version);

	if (version == EMOSER_NO_VERSION)
		emoser_drop_unfinished_trainings(function, name);
	PG_RETURN_INT64(n_versions);
}

PG_FUNCTION_INFO_V1(emoser_owns_model);
Datum
emoser_owns_model(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(emoser_is_owner(text_to_cstring(PG_GETARG_TEXT_PP(0)), PG_GETARG_BOOL(1)));
}

PG_FUNCTION_INFO_V1(emoser_may_add_version);
Datum
emoser_may_add_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(emoser_may_add(fcinfo->flinfo->fn_oid, text_to_cstring(PG_GETARG_TEXT_PP(0))));
}
