/*
 * names.c
 *	  The table emoser_model_names: who owns the name of a model.
 */
#include "pg/model/names.h"

#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"

#include "pg/base/shown.h"
#include "pg/base/sql.h"
#include "pg/model/store.h"

#define NAMES_TABLE "emoser_model_names"
#define NAMES       "@extschema@." NAMES_TABLE

/* The default model is nobody's to train but an admin's. */
#define IS_BUNDLED                                                                                 \
	"EXISTS (SELECT FROM @extschema@._emoser_bundled_models() AS b WHERE b.name = $1)"

/* Rows that were loaded without that of their name, such as a part of a dump, are their creator's. */
#define OWNER                                                                                      \
	"coalesce((SELECT owner FROM " NAMES " WHERE name = $1), "                                     \
	"(SELECT creator FROM @extschema@.emoser_models WHERE name = $1 ORDER BY version LIMIT 1), "   \
	"(SELECT creator FROM @extschema@.emoser_trainings WHERE model = $1 ORDER BY id LIMIT 1))"

bool
emoser_is_admin(void)
{
	Oid admin = get_role_oid("emoser_admin", true);

	return superuser() || (OidIsValid(admin) && has_privs_of_role(GetUserId(), admin));
}

bool
emoser_acts_for(const char *role)
{
	Oid owner = get_role_oid(role, true);

	return emoser_is_admin() || (OidIsValid(owner) && has_privs_of_role(GetUserId(), owner));
}

void
emoser_not_owner(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("must be owner of model \"%s\"", emoser_shown(name)),
			 errdetail("Its owner is the role that emoser_model_list shows, and members of the "
					   "role emoser_admin may do the same.")));
}

static Oid
table_of(Oid function, const char *table)
{
	return get_relname_relid(table, get_func_namespace(function));
}

/* Row level security, and so who owns what, doesn't concern the owner of the table. */
static bool
is_above_owners(Oid function)
{
	return check_enable_rls(table_of(function, "emoser_models"), InvalidOid, true) != RLS_ENABLED ||
		   emoser_is_admin();
}

/* Whose name it is, palloc'd; NULL: nobody's. */
static char *
owner_of(Oid function, const char *name, bool *is_bundled)
{
	char *owner;
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_sql_read_as_owner(&sql, table_of(function, NAMES_TABLE), "SELECT " OWNER ", " IS_BUNDLED,
							 SQL_VALUES(sql_text(name)));
	owner = emoser_sql_text(&sql, 0, 1);
	*is_bundled = emoser_sql_bool(&sql, 0, 2);
	emoser_sql_end(&sql);
	return owner;
}

bool
emoser_owns_name(Oid function, const char *name)
{
	bool is_bundled;
	char *owner;

	if (is_above_owners(function))
		return true;
	owner = owner_of(function, name, &is_bundled);
	return !is_bundled && owner != NULL && emoser_acts_for(owner);
}

bool
emoser_may_add(Oid function, const char *name)
{
	bool is_bundled;
	char *owner;

	if (is_above_owners(function))
		return true;
	owner = owner_of(function, name, &is_bundled);
	return !is_bundled && (owner == NULL || emoser_acts_for(owner));
}

void
emoser_check_may_add(Oid function, const char *name)
{
	if (!emoser_may_add(function, name))
		emoser_not_owner(name);
}

void
emoser_take_name(Oid function, const char *name, const char *creator)
{
	Oid names = table_of(function, NAMES_TABLE);
	Sql sql;

	emoser_lock_model(function, name);
	emoser_check_may_add(function, name);
	emoser_sql_begin(&sql, function);
	/* The row is kept from being given up, or is made.  Its unique index knows of all others. */
	if (emoser_sql_run_as_owner(&sql, names, "SELECT FROM " NAMES " WHERE name = $1 FOR KEY SHARE",
								SQL_VALUES(sql_text(name))) == 0)
		emoser_sql_run_as_owner(
			&sql, names, "INSERT INTO " NAMES " (name, owner) SELECT $1, coalesce(" OWNER ", $2)",
			SQL_VALUES(sql_text(name), sql_text(creator)));
	emoser_sql_end(&sql);
}

void
emoser_deploy_bundled(Oid function, const char *name, SqlValue time)
{
	Oid names = table_of(function, NAMES_TABLE);
	Sql sql;

	emoser_take_name(function, name, GetUserNameFromId(GetUserId(), false));
	emoser_sql_begin(&sql, function);
	emoser_sql_run_as_owner(&sql, names,
							"UPDATE " NAMES " SET bundled_deployed_at = $2 WHERE name = $1",
							SQL_VALUES(sql_text(name), time));
	emoser_sql_end(&sql);
	if (time.is_null)
		emoser_give_up_name(function, name);
}

void
emoser_give_up_name(Oid function, const char *name)
{
	Oid names = table_of(function, NAMES_TABLE);
	Sql sql;

	emoser_sql_begin(&sql, function);
	/* Whoever is taking it is waited for, and seen by the next statement. */
	emoser_sql_run_as_owner(&sql, names,
							"SELECT FROM " NAMES " WHERE $1 IS NULL OR name = $1 FOR UPDATE",
							SQL_VALUES(sql_text(name)));
	emoser_sql_run_as_owner(
		&sql, names,
		"DELETE FROM " NAMES " AS n WHERE ($1 IS NULL OR n.name = $1) "
		"AND n.bundled_deployed_at IS NULL "
		"AND NOT EXISTS (SELECT FROM @extschema@.emoser_models AS m WHERE m.name = n.name) "
		"AND NOT EXISTS (SELECT FROM @extschema@.emoser_trainings AS t WHERE t.model = n.name)",
		SQL_VALUES(sql_text(name)));
	emoser_sql_end(&sql);
}
