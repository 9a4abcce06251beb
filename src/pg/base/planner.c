/*
 * planner.c
 *	  Parallel plans for tables whose recordings or features are in TOAST.
 *
 * The planner gives a table as many parallel workers as its pages warrant.  It counts the pages of
 * the heap alone, and a table of a few thousand recordings, or some ten thousand features, has few of
 * them: what is large is in the TOAST table, and the time goes into our functions.  So when a query calls
 * one of them over such a table, in what it selects, in a condition, laterally or in an aggregate, we add a
 * partial path with workers by what the calls cost.  It competes with the others by cost as usual.
 *
 * Functions that want this have _emoser_planner_support() or _emoser_features_support() as their
 * support function, as have the transition functions of aggregates.  The planner calls that of a function
 * while it simplifies expressions, before it makes paths, so that this library is loaded and the hook in
 * place from the first query of a session on.
 */
#include "pg/base/planner.h"

#include "access/htup_details.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/plancat.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/*
 * One worker from this cost of all calls on, and another for each multiple of three, which is the
 * planner's own progression for pages (compute_parallel_worker).
 */
#define FIRST_WORKER_COST  2000.0
#define NEXT_WORKER_FACTOR 3.0

static set_rel_pathlist_hook_type previous_hook = NULL;

PG_FUNCTION_INFO_V1(emoser_planner_support);
Datum
emoser_planner_support(PG_FUNCTION_ARGS)
{
	(void) fcinfo;
	/* NULL: nothing to say about selectivity, cost, or simplification. */
	PG_RETURN_POINTER(NULL);
}

/*
 * Features are double precision[] to SQL, so that real[], lists of drivers and untyped parameters are
 * all taken without a second form of each function.  A real[] would be converted element by element,
 * which takes longer than to predict: the functions take it as it is, so that the conversion is left
 * out of the plan.
 */
PG_FUNCTION_INFO_V1(emoser_features_support);
Datum
emoser_features_support(PG_FUNCTION_ARGS)
{
	SupportRequestSimplify *request = (SupportRequestSimplify *) PG_GETARG_POINTER(0);
	ArrayCoerceExpr *conversion;
	FuncExpr *call;

	if (!IsA(request, SupportRequestSimplify) || request->fcall->args == NIL ||
		!IsA(linitial(request->fcall->args), ArrayCoerceExpr))
		PG_RETURN_POINTER(NULL);
	conversion = linitial(request->fcall->args);
	if (exprType((Node *) conversion->arg) != FLOAT4ARRAYOID)
		PG_RETURN_POINTER(NULL);
	call = copyObject(request->fcall);
	linitial(call->args) = copyObject(conversion->arg);
	PG_RETURN_POINTER(call);
}

typedef struct CallFinder
{
	PlannerInfo *root;
	Index relation;
	QualCost cost; /* of all calls over one row */
} CallFinder;

/* Whether calls of a function are worth workers: by its support function. */
static bool
is_ours(Oid function)
{
	static const char *const supports[] = {"_emoser_planner_support", "_emoser_features_support",
										   "_emoser_heard_support"};
	RegProcedure support = get_func_support(function);
	char *name = OidIsValid(support) ? get_func_name(support) : NULL;

	for (int i = 0; name != NULL && i < (int) lengthof(supports); i++)
		if (strcmp(name, supports[i]) == 0)
			return true;
	return false;
}

static void
add_call(CallFinder *finder, Oid function, Node *call, List *arguments)
{
	if (is_ours(function) && bms_is_member(finder->relation, pull_varnos(NULL, (Node *) arguments)))
		add_function_cost(finder->root, function, call, &finder->cost);
}

static Oid
transition_function(Oid aggregate)
{
	HeapTuple row = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggregate));
	Oid function;

	if (!HeapTupleIsValid(row))
		elog(ERROR, "aggregate %u was not found", aggregate);
	function = ((Form_pg_aggregate) GETSTRUCT(row))->aggtransfn;
	ReleaseSysCache(row);
	return function;
}

static bool
find_calls(Node *node, void *context)
{
	CallFinder *finder = context;

	if (node == NULL)
		return false;
	if (IsA(node, FuncExpr))
		add_call(finder, ((FuncExpr *) node)->funcid, node, ((FuncExpr *) node)->args);
	else if (IsA(node, Aggref))
		add_call(finder, transition_function(((Aggref *) node)->aggfnoid), NULL,
				 ((Aggref *) node)->args);
	return expression_tree_walker(node, find_calls, context);
}

/* What our functions cost over all rows of the relation, in the planner's units. */
static double
cost_of_calls(PlannerInfo *root, RelOptInfo *relation)
{
	CallFinder finder = {root, relation->relid, {0, 0}};
	ListCell *cell;

	find_calls((Node *) root->processed_tlist, &finder);
	foreach (cell, relation->baserestrictinfo)
		find_calls((Node *) lfirst_node(RestrictInfo, cell)->clause, &finder);
	/* Lateral ones. */
	for (int i = 1; i < root->simple_rel_array_size; i++)
	{
		const RangeTblEntry *entry = root->simple_rte_array[i];

		if (entry != NULL && entry->rtekind == RTE_FUNCTION)
			find_calls((Node *) entry->functions, &finder);
	}
	return finder.cost.per_tuple * relation->tuples;
}

static int
workers_for_cost(double cost)
{
	int n_workers = 0;

	for (double limit = FIRST_WORKER_COST;
		 cost >= limit && n_workers < max_parallel_workers_per_gather; limit *= NEXT_WORKER_FACTOR)
		n_workers++;
	return n_workers;
}

/*
 * Whether a scan of the relation's own heap is what the query asks for.  It isn't for the parent of
 * an inheritance tree, nor for a partitioned table: those are read through their members.
 */
static bool
is_plain_scan(const RelOptInfo *relation, const RangeTblEntry *entry)
{
	return relation->reloptkind == RELOPT_BASEREL && entry->rtekind == RTE_RELATION &&
		   !entry->inh && entry->tablesample == NULL &&
		   (entry->relkind == RELKIND_RELATION || entry->relkind == RELKIND_MATVIEW);
}

/* The most workers that a partial path of the relation has so far. */
static int
planned_workers(const RelOptInfo *relation)
{
	int n_workers = 0;
	ListCell *cell;

	foreach (cell, relation->partial_pathlist)
		n_workers = Max(n_workers, ((Path *) lfirst(cell))->parallel_workers);
	return n_workers;
}

static bool
is_call_of_ours(Node *node, void *context)
{
	(void) context;
	if (node == NULL)
		return false;
	if (IsA(node, FuncExpr) && is_ours(((FuncExpr *) node)->funcid))
		return true;
	return expression_tree_walker(node, is_call_of_ours, context);
}

/*
 * A function in FROM is planned as if it were called once, since its rows are kept: all that it costs is
 * for its start, which is free when it is scanned again (cost_rescan).  One that takes columns of another
 * relation is called for each of its rows.
 */
static void
charge_each_call(RelOptInfo *relation, RangeTblEntry *entry)
{
	ListCell *cell;

	if (relation->lateral_relids == NULL || !is_call_of_ours((Node *) entry->functions, NULL))
		return;
	foreach (cell, relation->pathlist)
		if (IsA(lfirst(cell), Path) && ((Path *) lfirst(cell))->pathtype == T_FunctionScan)
			((Path *) lfirst(cell))->startup_cost = 0;
}

static void
plan_relation(PlannerInfo *root, RelOptInfo *relation, Index index, RangeTblEntry *entry)
{
	int n_workers;

	if (previous_hook != NULL)
		previous_hook(root, relation, index, entry);

	if (entry->rtekind == RTE_FUNCTION)
		charge_each_call(relation, entry);
	if (!is_plain_scan(relation, entry) || IS_DUMMY_REL(relation) || !relation->consider_parallel ||
		relation->lateral_relids != NULL || relation->rel_parallel_workers != -1)
		return;
	n_workers = workers_for_cost(cost_of_calls(root, relation));
	if (n_workers > planned_workers(relation))
		add_partial_path(relation, create_seqscan_path(root, relation, NULL, n_workers));
}

void
emoser_install_planner_hook(void)
{
	previous_hook = set_rel_pathlist_hook;
	set_rel_pathlist_hook = plan_relation;
}
