/*
 * table_rights.c
 *	  Rights on the extension's tables, asked before work whose result could not be stored.
 */
#include "pg/base/table_rights.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#define NEEDED_RIGHTS (ACL_SELECT | ACL_INSERT | ACL_UPDATE | ACL_DELETE)

/* Whether the user has them. */
static bool
has_rights(Oid schema, const char *name)
{
	Oid table = get_relname_relid(name, schema);

	if (!OidIsValid(table))
		elog(ERROR, "table %s of the extension not found", name);
	return pg_class_aclmask(table, GetUserId(), NEEDED_RIGHTS, ACLMASK_ALL) == NEEDED_RIGHTS;
}

static char *
list_of(const char *const *tables, int n)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < n; i++)
		appendStringInfo(&list, "%s%s", i > 0 ? ", " : "", tables[i]);
	return list.data;
}

void
emoser_check_table_rights(Oid function, const char *const *tables, int n)
{
	Oid schema = get_func_namespace(function);

	for (int i = 0; i < n; i++)
		if (!has_rights(schema, tables[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("permission denied for table %s", tables[i]),
					 errhint("Its owner can say GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %s.",
							 list_of(tables, n),
							 quote_identifier(GetUserNameFromId(GetUserId(), false)))));
}
