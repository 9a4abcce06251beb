/*
 * published.c
 *	  Publishes models to the nodes of Citus: all of them, and each change.
 */
#include "pg/model/published.h"

#include "commands/trigger.h"
#include "utils/rel.h"

#include "pg/model/names.h"

/* Of emoser_model_names, whose bundled version this is. */
#define BUNDLED_VERSION 0

static void
check_may_publish(Oid function)
{
	if (!emoser_is_admin())
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("permission denied to publish models"),
						errdetail("Superusers and members of the role emoser_admin may.")));
	emoser_check_publishes(function);
}

PG_FUNCTION_INFO_V1(emoser_publish_models);
Datum
emoser_publish_models(PG_FUNCTION_ARGS)
{
	check_may_publish(fcinfo->flinfo->fn_oid);
	PG_RETURN_INT64(emoser_publish_all(fcinfo->flinfo->fn_oid));
}

PG_FUNCTION_INFO_V1(emoser_unpublish_models);
Datum
emoser_unpublish_models(PG_FUNCTION_ARGS)
{
	check_may_publish(fcinfo->flinfo->fn_oid);
	emoser_unpublish_all(fcinfo->flinfo->fn_oid);
	PG_RETURN_VOID();
}

/* NULL for NULL. */
static char *
column_text(const TriggerData *trigger, HeapTuple row, const char *column)
{
	TupleDesc columns = RelationGetDescr(trigger->tg_relation);

	return SPI_getvalue(row, columns, SPI_fnumber(columns, column));
}

/* The version that a row is about; a row of emoser_model_names is about the bundled one. */
static int
version_of(const TriggerData *trigger, HeapTuple row)
{
	TupleDesc columns = RelationGetDescr(trigger->tg_relation);
	int column = SPI_fnumber(columns, "version");
	bool is_null;

	if (column <= 0)
		return BUNDLED_VERSION;
	return DatumGetInt32(SPI_getbinval(row, columns, column, &is_null));
}

static void
publish_row(Sql *sql, const TriggerData *trigger, HeapTuple row)
{
	emoser_publish_version(sql, column_text(trigger, row, "name"), version_of(trigger, row));
}

static void
publish_change(Sql *sql, const TriggerData *trigger)
{
	HeapTuple row = trigger->tg_trigtuple;
	TupleDesc columns = RelationGetDescr(trigger->tg_relation);

	/* Of models, what is inserted and deleted shows in the table of their values. */
	if (SPI_fnumber(columns, "deployed_at") > 0)
	{
		row = trigger->tg_newtuple;
		emoser_publish_deployed(sql, column_text(trigger, row, "name"), version_of(trigger, row),
								column_text(trigger, row, "deployed_at"));
		return;
	}
	publish_row(sql, trigger, row);
	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		publish_row(sql, trigger, trigger->tg_newtuple);
}

/* AFTER INSERT OR UPDATE OR DELETE, for each row, on the tables that say what names mean, and AFTER TRUNCATE. */
PG_FUNCTION_INFO_V1(emoser_model_published);
Datum
emoser_model_published(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Sql sql;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("emoser_model_published() can only be called as a trigger")));
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	emoser_refuse_on_worker(&sql);
	if (emoser_is_publishing(&sql))
	{
		if (TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event))
			(void) emoser_publish_all(fcinfo->flinfo->fn_oid);
		else
			publish_change(&sql, trigger);
	}
	emoser_sql_end(&sql);
	return PointerGetDatum(NULL);
}
