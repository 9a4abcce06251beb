/*
 * own_table.c
 *	  Tables that a caller names, to be written to.
 */
#include "pg/base/own_table.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/varlena.h"

#include "pg/base/shown.h"
#include "pg/base/sql.h"

RangeVar *
emoser_table_of_name(const text *name)
{
	return makeRangeVarFromNameList(textToQualifiedNameList((text *) name));
}

static void
check_owner(const RangeVar *table, Oid relation, Oid unused_previous, void *unused_context)
{
	Oid owner;
	HeapTuple row;

	(void) unused_previous;
	(void) unused_context;
	row = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	if (!HeapTupleIsValid(row))
		return;
	owner = ((Form_pg_class) GETSTRUCT(row))->relowner;
	ReleaseSysCache(row);
	if (owner == GetUserId() ||
		(table->schemaname != NULL && is_member_of_role_nosuper(GetUserId(), owner)))
		return;
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					errmsg("table \"%s\" belongs to somebody else", emoser_shown(table->relname)),
					errdetail("It is of role \"%s\", whose triggers would run with your rights.",
							  emoser_shown(GetUserNameFromId(owner, false))),
					errhint("Name a table of your own, and insert from there.")));
}

Oid
emoser_find_own_table(const RangeVar *table)
{
	return RangeVarGetRelidExtended(table, RowExclusiveLock, RVR_MISSING_OK, check_owner, NULL);
}

char *
emoser_table_name(Oid table)
{
	return psprintf("%s.%s", emoser_sql_quoted(get_namespace_name(get_rel_namespace(table))),
					emoser_sql_quoted(get_rel_name(table)));
}

char *
emoser_new_table_name(RangeVar *table)
{
	return psprintf("%s.%s",
					emoser_sql_quoted(get_namespace_name(RangeVarGetCreationNamespace(table))),
					emoser_sql_quoted(table->relname));
}
