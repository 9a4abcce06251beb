/*
 * prune.c
 *	  Old versions of models, which are dropped.
 */
#include "pg/model/prune.h"

#include "pg/base/shown.h"
#include "pg/base/table_rights.h"
#include "pg/model/names.h"
#include "pg/model/store.h"

#define MODELS "@extschema@.emoser_models"
#define VALUES "@extschema@.emoser_model_values"

/* $1: the name, $2: how many of the newest stay. */
#define OLD_VERSIONS                                                                               \
	"m.name = $1 AND m.version NOT IN (SELECT n.version FROM " MODELS " AS n WHERE n.name = $1 "   \
	"ORDER BY n.version DESC LIMIT $2) AND m.version NOT IN (SELECT k.version "                    \
	"FROM " EMOSER_KNOWN_MODELS " AS k WHERE k.name = $1 AND k.deployed_at IS NOT NULL "           \
	"ORDER BY k.deployed_at DESC LIMIT 2)"

int64
emoser_prune_versions(Sql *sql, const char *name, int keep)
{
	const SqlValue values[] = {sql_text(name), sql_int8(keep)};
	int64 n_old;

	emoser_lock_model(sql->function, name);
	if (emoser_sql_run(sql, "SELECT FROM " EMOSER_KNOWN_MODELS " WHERE name = $1 LIMIT 1",
					   SQL_VALUES(sql_text(name))) == 0)
		emoser_no_such_model(sql->function, name, false);
	n_old = (int64) emoser_sql_run(sql, "SELECT FROM " MODELS " AS m WHERE " OLD_VERSIONS, values,
								   lengthof(values));
	/* The values go with them, so that their sizes are asked for before. */
	if ((int64) emoser_sql_run(sql,
							   "WITH old AS MATERIALIZED (SELECT m.version, m.created_at, "
							   "pg_column_size(v.model)::bigint AS bytes FROM " MODELS " AS m "
							   "LEFT JOIN " VALUES " AS v ON v.name = m.name "
							   "AND v.version = m.version WHERE " OLD_VERSIONS ") "
							   "DELETE FROM " MODELS " AS d USING old WHERE d.name = $1 "
							   "AND d.version = old.version "
							   "RETURNING d.version, d.created_at, old.bytes",
							   values, lengthof(values)) != n_old)
		emoser_not_owner(name);
	return n_old;
}

void
emoser_prune_by_setting(Oid function, const char *name)
{
	int64 n_dropped;
	Sql sql;

	if (emoser_keep_versions == 0 || !emoser_has_model_rights(function, ACL_SELECT | ACL_DELETE))
		return;
	emoser_sql_begin(&sql, function);
	n_dropped = emoser_prune_versions(&sql, name, emoser_keep_versions);
	emoser_sql_end(&sql);
	if (n_dropped > 0)
		ereport(NOTICE, (errmsg_plural("%lld old version of model \"%s\" was dropped",
									   "%lld old versions of model \"%s\" were dropped",
									   (unsigned long) n_dropped, (long long) n_dropped,
									   emoser_shown(name)),
						 errdetail("The setting emoser.keep_versions is %d.", emoser_keep_versions),
						 errhint("With 0 all are kept.")));
}
