/*
 * policies.c
 *	  What the row level security of models depends on.
 */
#include "pg/model/policies.h"

#include "access/table.h"
#include "catalog/pg_proc.h"
#include "nodes/nodeFuncs.h"
#include "rewrite/rowsecurity.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "pg/base/sql.h"

/* What conditions of policies may ask without being unsettled. */
typedef struct Settled
{
	Oid models;   /* the table */
	Oid may_read; /* the function of our own policies, which asks for user and rights */
} Settled;

static bool
is_unsettled_function(Oid function, void *argument)
{
	const Settled *settled = argument;

	return function != settled->may_read && func_volatile(function) != PROVOLATILE_IMMUTABLE;
}

/* Whether there is something unsettled in an expression. */
static bool
is_unsettled(Node *node, void *argument)
{
	const Settled *settled = argument;

	if (node == NULL)
		return false;
	if (IsA(node, SQLValueFunction))
		return castNode(SQLValueFunction, node)->op != SVFOP_CURRENT_USER;
	/* Other tables may have policies of their own. */
	if (IsA(node, RangeTblEntry))
		return castNode(RangeTblEntry, node)->rtekind == RTE_RELATION &&
			   castNode(RangeTblEntry, node)->relid != settled->models;
	if (check_functions_in_node(node, is_unsettled_function, argument))
		return true;
	if (IsA(node, Query))
		return query_tree_walker(castNode(Query, node), is_unsettled, argument,
								 QTW_EXAMINE_RTES_BEFORE);
	return expression_tree_walker(node, is_unsettled, argument);
}

static bool
policies_are_settled(Oid table_oid, Settled *settled)
{
	Relation table = table_open(table_oid, AccessShareLock);
	List *policies = table->rd_rsdesc != NULL ? table->rd_rsdesc->policies : NIL;
	bool are_settled = true;
	ListCell *cell;

	foreach (cell, policies)
	{
		const RowSecurityPolicy *policy = lfirst(cell);

		if (policy->polcmd == ACL_SELECT_CHR || policy->polcmd == '*')
			are_settled = are_settled && !is_unsettled((Node *) policy->qual, settled);
	}
	table_close(table, NoLock);
	return are_settled;
}

bool
emoser_models_are_settled(Oid function)
{
	static const char *const tables[] = {"emoser_models", "emoser_model_names",
										 "emoser_model_values"};
	Oid schema = get_func_namespace(function);
	Settled settled = {.models = get_relname_relid("emoser_models", schema),
					   .may_read = emoser_sql_function(function, "_emoser_may_read_models")};

	for (size_t i = 0; i < lengthof(tables); i++)
		if (!policies_are_settled(get_relname_relid(tables[i], schema), &settled))
			return false;
	return true;
}
