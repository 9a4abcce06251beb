/*
 * table_rights.c
 *	  Rights on the extension's tables, asked before work whose result could not be stored.
 */
#include "pg/base/table_rights.h"

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

void
emoser_check_table_rights(Oid function, const char *table, const char *other_table)
{
	Oid schema = get_func_namespace(function);
	const char *refused = !has_rights(schema, table)         ? table
						  : !has_rights(schema, other_table) ? other_table
															 : NULL;

	if (refused != NULL)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("permission denied for table %s", refused),
						errhint("Its owner can say GRANT SELECT, INSERT, UPDATE, DELETE ON %s, %s "
								"TO %s.",
								table, other_table,
								quote_identifier(GetUserNameFromId(GetUserId(), false)))));
}
