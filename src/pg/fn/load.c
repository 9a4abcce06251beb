/*
 * load.c
 *	  Rows that come by COPY, as from a dump.
 */
#include "pg/base/glue.h"

#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "tcop/pquery.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/rel.h"

/*
 * Whether it is this table that the client copies into: COPY may also call functions, which insert into it with
 * the rights of its owner and whose rows are checked as ever.
 */
static bool
is_copied(Relation table)
{
	const CopyStmt *copy;

	if (ActivePortal == NULL || ActivePortal->commandTag != CMDTAG_COPY)
		return false;
	copy = castNode(CopyStmt, linitial_node(PlannedStmt, ActivePortal->stmts)->utilityStmt);
	return copy->is_from && copy->relation != NULL &&
		   RangeVarGetRelid(copy->relation, NoLock, true) == RelationGetRelid(table);
}

/*
 * Whoever may do without triggers anyway: superusers, and who has the rights of one that owns the table.
 * Another owner may not, whose own triggers would run meanwhile and write to tables of others without theirs.
 */
static bool
is_copied_by_owner(Relation table)
{
	Oid owner = table->rd_rel->relowner;

	return (superuser() || (superuser_arg(owner) && has_privs_of_role(GetUserId(), owner))) &&
		   is_copied(table);
}

/* Until the end of the transaction. */
static void
set_replication_role(const char *role)
{
	(void) set_config_option("session_replication_role", role, PGC_SUSET, PGC_S_SESSION,
							 GUC_ACTION_LOCAL, true, 0, false);
}

/*
 * Statement trigger, before and after: in between no others fire than those that always do, neither ours
 * nor those of foreign keys.
 */
PG_FUNCTION_INFO_V1(emoser_rows_copied);
Datum
emoser_rows_copied(PG_FUNCTION_ARGS)
{
	static bool is_set = false; /* by the COPY that runs */
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("emoser_rows_copied() can only be called as a trigger")));
	if (!is_copied_by_owner(trigger->tg_relation))
		return PointerGetDatum(NULL);
	if (TRIGGER_FIRED_BEFORE(trigger->tg_event))
	{
		is_set = SessionReplicationRole == SESSION_REPLICATION_ROLE_ORIGIN;
		if (is_set)
			set_replication_role("replica");
	}
	else if (is_set)
	{
		set_replication_role("origin");
		is_set = false;
	}
	return PointerGetDatum(NULL);
}
