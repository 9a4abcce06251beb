/*
 * table_rights.c
 *	  Rights on the extension's tables, asked before work whose result could not be stored.
 */
#include "pg/base/table_rights.h"

#include "access/htup_details.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "pg/base/sql.h"

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

/* All roles that may be granted something to, but PUBLIC, which has the right to bundled models only. */
bool
emoser_has_model_rights(Oid function, AclMode rights)
{
	Oid table = get_relname_relid("emoser_models", get_func_namespace(function));
	HeapTuple row = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
	AclMode granted = ACL_NO_RIGHTS;
	Datum datum;
	bool is_null;

	if (!HeapTupleIsValid(row))
		elog(ERROR, "table emoser_models of the extension not found");
	if (has_privs_of_role(GetUserId(), ((Form_pg_class) GETSTRUCT(row))->relowner))
		granted = rights;
	else if (has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_DATA))
		granted = ACL_SELECT;
	datum = SysCacheGetAttr(RELOID, row, Anum_pg_class_relacl, &is_null);
	if (!is_null)
	{
		const Acl *acl = DatumGetAclP(datum);

		for (int i = 0; i < ACL_NUM(acl); i++)
		{
			const AclItem *item = &ACL_DAT(acl)[i];

			if (item->ai_grantee != ACL_ID_PUBLIC &&
				has_privs_of_role(GetUserId(), item->ai_grantee))
				granted |= ACLITEM_GET_PRIVS(*item);
		}
	}
	ReleaseSysCache(row);
	return (granted & rights) == rights;
}

void
emoser_check_model_rights(Oid function, bool wants_insert)
{
	if (emoser_has_model_rights(function, wants_insert ? ACL_SELECT | ACL_INSERT : ACL_SELECT))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("permission denied for table emoser_models"),
			 errhint("Its owner can say GRANT %s ON %s TO %s.",
					 wants_insert ? "SELECT, INSERT, UPDATE (deployed_at), DELETE" : "SELECT",
					 emoser_sql_name(function, "emoser_models"),
					 quote_identifier(GetUserNameFromId(GetUserId(), false)))));
}
