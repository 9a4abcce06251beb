/*
 * published.c
 *	  Models on the nodes of Citus: the table emoser_published_models.
 *
 * A function that a part of a distributed query calls may not ask a distributed table: Citus refuses a
 * query within a query.  So the placement on the worker, which is a plain table, is read itself.
 */
#include "pg/model/published.h"

#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

#define PUBLISHED_TABLE "emoser_published_models"
#define PUBLISHED       "@extschema@." PUBLISHED_TABLE

/* How a session of Citus reaches all placements of a node. */
#define ONE_CONNECTION_SETTING "citus.multi_shard_modify_mode"
#define ONE_CONNECTION         "sequential"

static Oid
published_table(const Sql *sql)
{
	return get_relname_relid(PUBLISHED_TABLE, get_func_namespace(sql->function));
}

static bool
has_citus(void)
{
	return OidIsValid(get_relname_relid("pg_dist_local_group", PG_CATALOG_NAMESPACE));
}

/* The coordinator is the group 0, as is a server that has no other nodes yet. */
static bool
is_worker(Sql *sql)
{
	static SqlPlan plan;

	return has_citus() &&
		   emoser_sql_read_kept(sql, &plan,
								"SELECT FROM pg_catalog.pg_dist_local_group WHERE groupid > 0",
								SQL_NO_VALUES) > 0;
}

void
emoser_refuse_on_worker(Sql *sql)
{
	if (is_worker(sql))
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("models of a worker are those of its coordinator"),
						errhint("Ask for them, train, deploy and drop them on the coordinator.")));
}

/* A reference table has one shard, with a placement on each node, which is called by its number. */
#define SHARD                                                                                      \
	"SELECT s.shardid FROM pg_catalog.pg_dist_shard AS s JOIN pg_catalog.pg_dist_partition AS p "  \
	"ON p.logicalrelid = s.logicalrelid "                                                          \
	"WHERE s.logicalrelid = $1 AND p.partmethod = 'n' AND p.repmodel = 't'"

char *
emoser_published_on_worker(Sql *sql)
{
	static SqlPlan plan;
	Oid table = published_table(sql);

	if (!is_worker(sql))
		return NULL;
	if (emoser_sql_read_kept(sql, &plan, SHARD, SQL_VALUES(sql_oid(table))) == 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("a worker knows no models by name, as none have been published"),
			 errdetail("What a name means is known to the coordinator alone."),
			 errhint("Say SELECT emoser_publish_models() on the coordinator, or give the model "
					 "as a value, from WITH m AS MATERIALIZED (SELECT emoser_model_value(...)).")));
	if (pg_class_aclcheck(table, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("permission denied for table " PUBLISHED_TABLE),
						errhint("Its owner can say GRANT SELECT ON %s TO %s on the coordinator.",
								emoser_sql_name(sql->function, PUBLISHED_TABLE),
								quote_identifier(GetUserNameFromId(GetUserId(), false)))));
	return emoser_sql_name(sql->function,
						   psprintf(PUBLISHED_TABLE "_" INT64_FORMAT, emoser_sql_int8(sql, 0, 1)));
}

bool
emoser_is_publishing(Sql *sql)
{
	return has_citus() &&
		   emoser_sql_read(sql, "SELECT FROM pg_catalog.pg_dist_partition WHERE logicalrelid = $1",
						   SQL_VALUES(sql_oid(published_table(sql)))) > 0;
}

/*
 * Change what is published.  The rest of the transaction has one connection to each worker, the one that
 * the change went through, so that its queries see it there.
 */
static void
change(Sql *sql, const char *statement, const SqlValue *values, int n_values)
{
	(void) set_config_option(ONE_CONNECTION_SETTING, ONE_CONNECTION, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_LOCAL, true, 0, false);
	emoser_sql_run_as_owner(sql, published_table(sql), statement, values, n_values);
}

#define STORED_VERSION                                                                             \
	"SELECT m.deployed_at, v.model FROM @extschema@.emoser_models AS m "                           \
	"JOIN @extschema@.emoser_model_values AS v ON v.name = m.name AND v.version = m.version "      \
	"WHERE m.name = $1 AND m.version = $2 "                                                        \
	"UNION ALL SELECT bundled_deployed_at, NULL FROM @extschema@.emoser_model_names "              \
	"WHERE name = $1 AND $2 = 0 AND bundled_deployed_at IS NOT NULL"

void
emoser_publish_version(Sql *sql, const char *name, int version)
{
	SqlValue deployed_at = {TIMESTAMPTZOID, 0, false};
	SqlValue model = {InvalidOid, 0, false};

	change(sql, "DELETE FROM " PUBLISHED " WHERE name = $1 AND version = $2",
		   SQL_VALUES(sql_text(name), sql_int4(version)));
	if (emoser_sql_read_as_owner(sql, published_table(sql), STORED_VERSION,
								 SQL_VALUES(sql_text(name), sql_int4(version))) == 0)
		return;
	deployed_at.datum = emoser_sql_datum(sql, 0, 1, &deployed_at.is_null);
	model.datum = emoser_sql_datum(sql, 0, 2, &model.is_null);
	model.type = SPI_gettypeid(sql->table->tupdesc, 2);
	change(sql,
		   "INSERT INTO " PUBLISHED " (name, version, deployed_at, model) VALUES ($1, $2, $3, $4)",
		   SQL_VALUES(sql_text(name), sql_int4(version), deployed_at, model));
}

void
emoser_publish_deployed(Sql *sql, const char *name, int version, const char *deployed_at)
{
	change(sql,
		   "UPDATE " PUBLISHED " SET deployed_at = $3::timestamptz "
		   "WHERE name = $1 AND version = $2",
		   SQL_VALUES(sql_text(name), sql_int4(version), sql_text(deployed_at)));
}

void
emoser_check_publishes(Oid function)
{
	Sql sql;

	emoser_sql_begin(&sql, function);
	if (!has_citus())
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("there are no workers of Citus to publish models to"),
						errhint("docs/scaling.md says how other engines come to know models.")));
	emoser_refuse_on_worker(&sql);
	emoser_sql_end(&sql);
}

int64
emoser_publish_all(Oid function)
{
	uint64 n_versions;
	char **names;
	int *versions;
	Sql sql;

	emoser_sql_begin(&sql, function);
	if (!emoser_is_publishing(&sql))
		emoser_sql_run_as_owner(&sql, published_table(&sql),
								"SELECT pg_catalog.create_reference_table($1::regclass)",
								SQL_VALUES(sql_oid(published_table(&sql))));
	change(&sql, "DELETE FROM " PUBLISHED, SQL_NO_VALUES);
	n_versions = emoser_sql_read_as_owner(
		&sql, published_table(&sql),
		"SELECT name, version FROM @extschema@.emoser_models UNION ALL "
		"SELECT name, 0 FROM @extschema@.emoser_model_names WHERE bundled_deployed_at IS NOT NULL",
		SQL_NO_VALUES);
	names = palloc(n_versions * sizeof(char *));
	versions = palloc(n_versions * sizeof(int));
	for (uint64 i = 0; i < n_versions; i++)
	{
		names[i] = emoser_sql_text(&sql, i, 1);
		versions[i] = emoser_sql_int4(&sql, i, 2);
	}
	for (uint64 i = 0; i < n_versions; i++)
		emoser_publish_version(&sql, names[i], versions[i]);
	emoser_sql_end(&sql);
	return (int64) n_versions;
}

void
emoser_unpublish_all(Oid function)
{
	const SqlValue *values;
	Sql sql;

	emoser_sql_begin(&sql, function);
	if (emoser_is_publishing(&sql))
	{
		values = (const SqlValue[]){
			sql_oid(published_table(&sql)),
			sql_text(get_namespace_name(get_rel_namespace(published_table(&sql))))};
		/* What Citus does when a table is dropped, which this one can't be before the extension is. */
		emoser_sql_run_as_owner(
			&sql, published_table(&sql),
			"SELECT pg_catalog.citus_drop_all_shards($1::regclass, $2, '" PUBLISHED_TABLE "'), "
			"pg_catalog.master_remove_distributed_table_metadata_from_workers($1::regclass, $2, "
			"'" PUBLISHED_TABLE "'), "
			"pg_catalog.master_remove_partition_metadata($1::regclass, $2, '" PUBLISHED_TABLE "')",
			values, 2);
	}
	emoser_sql_end(&sql);
}
