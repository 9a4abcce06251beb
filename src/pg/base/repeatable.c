/*
 * repeatable.c
 *	  Whether a query gives the same rows however often it is run in a snapshot.
 */
#include "pg/base/repeatable.h"

#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"

static bool
has_sample(const Query *query)
{
	ListCell *cell;

	foreach (cell, query->rtable)
		if (lfirst_node(RangeTblEntry, cell)->tablesample != NULL)
			return true;
	return false;
}

static bool
depends_on_order(Node *node, void *context)
{
	Query *query = (Query *) node;

	if (node == NULL)
		return false;
	if (!IsA(node, Query))
		return expression_tree_walker(node, depends_on_order, context);
	return query->limitCount != NULL || query->limitOffset != NULL || query->hasWindowFuncs ||
		   query->hasDistinctOn || has_sample(query) ||
		   query_tree_walker(query, depends_on_order, context, 0);
}

bool
emoser_is_repeatable(Query *query)
{
	return !depends_on_order((Node *) query, NULL) && !contain_volatile_functions((Node *) query);
}
