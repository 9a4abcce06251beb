/*
 * names.c
 *	  What policies and triggers ask of who owns models and trainings.
 */
#include "pg/model/names.h"

#include "access/htup_details.h"
#include "catalog/dependency.h"
#include "commands/sequence.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "pg/base/table_rights.h"
#include "pg/model/store.h"
#include "pg/training/grid_store.h"

PG_FUNCTION_INFO_V1(emoser_is_admin_now);
Datum
emoser_is_admin_now(PG_FUNCTION_ARGS)
{
	(void) fcinfo;
	PG_RETURN_BOOL(emoser_is_admin());
}

PG_FUNCTION_INFO_V1(emoser_acts_for_role);
Datum
emoser_acts_for_role(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(emoser_acts_for(text_to_cstring(PG_GETARG_TEXT_PP(0))));
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

PG_FUNCTION_INFO_V1(emoser_owns_model_name);
Datum
emoser_owns_model_name(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(emoser_owns_name(fcinfo->flinfo->fn_oid, text_to_cstring(PG_GETARG_TEXT_PP(0))));
}

PG_FUNCTION_INFO_V1(emoser_may_add_version);
Datum
emoser_may_add_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(emoser_may_add(fcinfo->flinfo->fn_oid, text_to_cstring(PG_GETARG_TEXT_PP(0))));
}

/* The call of a row trigger on a table with a column of names of models, which is its argument. */
static TriggerData *
name_trigger(FunctionCallInfo fcinfo)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || trigger->tg_trigger->tgnargs != 1)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("%s() can only be called as a trigger of its tables",
							   get_func_name(fcinfo->flinfo->fn_oid))));
	return trigger;
}

/* Of a row of the trigger's table; NULL is refused by the table. */
static char *
text_column(const TriggerData *trigger, HeapTuple row, const char *column)
{
	TupleDesc columns = RelationGetDescr(trigger->tg_relation);

	return SPI_getvalue(row, columns, SPI_fnumber(columns, column));
}

/* BEFORE INSERT OR UPDATE of the name, for each row. */
PG_FUNCTION_INFO_V1(emoser_name_taken);
Datum
emoser_name_taken(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = name_trigger(fcinfo);
	HeapTuple row =
		TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	char *name = text_column(trigger, row, trigger->tg_trigger->tgargs[0]);
	char *creator = text_column(trigger, row, "creator");

	if (name != NULL && creator != NULL)
		emoser_take_name(fcinfo->flinfo->fn_oid, name, creator);
	return PointerGetDatum(row);
}

/* AFTER DELETE OR UPDATE of the name, for each row, and AFTER TRUNCATE. */
PG_FUNCTION_INFO_V1(emoser_name_given_up);
Datum
emoser_name_given_up(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = name_trigger(fcinfo);
	char *name = NULL;

	if (TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		name = text_column(trigger, trigger->tg_trigtuple, trigger->tg_trigger->tgargs[0]);
	emoser_give_up_name(fcinfo->flinfo->fn_oid, name);
	return PointerGetDatum(NULL);
}

/*
 * BEFORE INSERT of a training: numbers are given by the sequence, so that nobody takes those of trainings
 * to come, but to who may write all rows, such as those of a dump.
 */
PG_FUNCTION_INFO_V1(emoser_training_numbered);
Datum
emoser_training_numbered(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = name_trigger(fcinfo);
	Relation table = trigger->tg_relation;
	int column = SPI_fnumber(RelationGetDescr(table), trigger->tg_trigger->tgargs[0]);
	List *sequences = getOwnedSequences(RelationGetRelid(table));
	Datum number;
	bool is_null = false;

	if (check_enable_rls(RelationGetRelid(table), InvalidOid, true) != RLS_ENABLED)
		return PointerGetDatum(trigger->tg_trigtuple);
	number = Int64GetDatum(nextval_internal(linitial_oid(sequences), false));
	return PointerGetDatum(heap_modify_tuple_by_cols(trigger->tg_trigtuple, RelationGetDescr(table),
													 1, &column, &number, &is_null));
}

/* BEFORE INSERT OR UPDATE of results of a grid search, for each row; the argument is their run. */
PG_FUNCTION_INFO_V1(emoser_run_taken);
Datum
emoser_run_taken(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = name_trigger(fcinfo);
	HeapTuple row =
		TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
	char *run = text_column(trigger, row, trigger->tg_trigger->tgargs[0]);
	Oid table = RelationGetRelid(trigger->tg_relation);

	if (run != NULL && check_enable_rls(table, InvalidOid, true) == RLS_ENABLED)
		emoser_check_run_owner(fcinfo->flinfo->fn_oid, table, run);
	return PointerGetDatum(row);
}
