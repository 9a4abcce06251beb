/*
 * versions.c
 *	  Deploying and dropping versions of models, and what the policies of emoser_models ask.
 */
#include "pg/model/versions.h"
#include "pg/training/store.h"

#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/rel.h"

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

PG_FUNCTION_INFO_V1(emoser_owns_model);
Datum
emoser_owns_model(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(emoser_is_owner(text_to_cstring(PG_GETARG_TEXT_PP(0)), PG_GETARG_BOOL(1)));
}

PG_FUNCTION_INFO_V1(emoser_may_read_models);
Datum
emoser_may_read_models(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(emoser_has_model_rights(fcinfo->flinfo->fn_oid, ACL_SELECT));
}

PG_FUNCTION_INFO_V1(emoser_may_train);
Datum
emoser_may_train(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(emoser_has_model_rights(fcinfo->flinfo->fn_oid, ACL_SELECT | ACL_INSERT));
}

PG_FUNCTION_INFO_V1(emoser_may_add_version);
Datum
emoser_may_add_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(emoser_may_add(fcinfo->flinfo->fn_oid, text_to_cstring(PG_GETARG_TEXT_PP(0))));
}

/* Row trigger, whose argument is the column with the name. */
PG_FUNCTION_INFO_V1(emoser_name_taken);
Datum
emoser_name_taken(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	TupleDesc columns;
	HeapTuple row;
	char *name;

	if (!CALLED_AS_TRIGGER(fcinfo) || trigger->tg_trigger->tgnargs != 1)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("emoser_name_taken() can only be called as a trigger of its tables")));
	columns = RelationGetDescr(trigger->tg_relation);
	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	name = SPI_getvalue(row, columns, SPI_fnumber(columns, trigger->tg_trigger->tgargs[0]));
	/* NULL is refused by the table. */
	if (name != NULL)
		emoser_take_name(fcinfo->flinfo->fn_oid, name);
	return PointerGetDatum(row);
}
