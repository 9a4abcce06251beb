/*
 * named.c
 *	  The model that a name means.
 *
 * Which row a name means is asked of the tables once per snapshot, so that rollbacks and isolation
 * levels need no rules of our own, and at each call where policies may ask for more than user and
 * snapshot.  What costs time is decoding: decoded models are kept by the identity of their row version
 * (table, ctid, xmin) and dropped when a trigger on the table invalidates its relcache entry.
 */
#include "pg/model/named.h"

#include "access/xact.h"
#include "commands/trigger.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "pg/model/policies.h"
#include "pg/model/store.h"

/* Decoded models that no statement uses are kept up to this many. */
#define MAX_IDLE_MODELS 16

typedef struct CachedModel
{
	StoredModel stored;
	DecodedModel decoded;
	dlist_node node; /* in cached_models, most recently used first */
	Oid relation;
	ItemPointerData ctid;
	TransactionId xmin;
	MemoryContext context; /* holds this struct too */
	int n_pins;
	bool is_stale;
} CachedModel;

/*
 * What decides which rows are visible, of a snapshot and of who asks.  With the same xmax, running
 * transactions only become fewer, so that their number tells whether they are the same.
 */
typedef struct View
{
	TransactionId xmax;
	uint32 n_running;
	int32 n_running_sub;
	CommandId command;
	Oid user;
} View;

/*
 * A name in use, which pins the model that it meant last.  Mostly it lives as long as a statement,
 * but PL/pgSQL evaluates an expression with the same one all through a transaction.
 */
struct NamedModel
{
	MemoryContextCallback unpin;
	Oid function;
	ModelName name;
	CachedModel *entry; /* NULL: none yet */
	View view;          /* in which it was found */
	bool is_settled;    /* in that view it is the same again, unless there are invalidations */
	uint64 n_invalidations;
};

static dlist_head cached_models = DLIST_STATIC_INIT(cached_models);

/*
 * Of the relcache, so far: tables and policies may have changed; and of subtransactions that were rolled
 * back, after which command and snapshot may be what they were before.
 */
static uint64 n_invalidations = 0;

static void
drop_entry(CachedModel *entry)
{
	dlist_delete(&entry->node);
	MemoryContextDelete(entry->context);
}

/* Whether a stale model is used by nobody, and was dropped. */
static bool
drop_if_stale(CachedModel *entry)
{
	if (!entry->is_stale || entry->n_pins > 0)
		return false;
	drop_entry(entry);
	return true;
}

/* Of what changes, sessions that ask for no model any more keep nothing either. */
static void
mark_stale(Datum argument, Oid relation)
{
	dlist_mutable_iter iterator;

	(void) argument;
	n_invalidations++;
	dlist_foreach_modify(iterator, &cached_models)
	{
		CachedModel *entry = dlist_container(CachedModel, node, iterator.cur);

		if (relation == InvalidOid || relation == entry->relation)
			entry->is_stale = true;
		(void) drop_if_stale(entry);
	}
}

static void
on_subtransaction(SubXactEvent event, SubTransactionId id, SubTransactionId parent, void *argument)
{
	(void) id;
	(void) parent;
	(void) argument;
	if (event == SUBXACT_EVENT_ABORT_SUB)
		n_invalidations++;
}

/* Trigger on tables of models: tells all sessions, at commit, to look again. */
PG_FUNCTION_INFO_V1(emoser_models_changed);
Datum
emoser_models_changed(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("emoser_models_changed() can only be called as a trigger")));
	CacheInvalidateRelcache(((TriggerData *) fcinfo->context)->tg_relation);
	return PointerGetDatum(NULL);
}

/*
 * Drop what no statement uses and is stale, or beyond the number of idle models to keep; of the
 * others, keep no more than what was stored.
 */
static void
drop_idle_entries(void)
{
	dlist_mutable_iter iterator;
	int n_idle = 0;

	dlist_foreach_modify(iterator, &cached_models)
	{
		CachedModel *entry = dlist_container(CachedModel, node, iterator.cur);

		if (entry->n_pins > 0 || drop_if_stale(entry))
			continue;
		if (++n_idle > MAX_IDLE_MODELS)
			drop_entry(entry);
		else
			emoser_drop_net(&entry->decoded);
	}
}

/* Unpin what the name meant so far and pin entry, which may be NULL. */
static void
pin(NamedModel *named, CachedModel *entry)
{
	if (entry != NULL)
		entry->n_pins++;
	if (named->entry != NULL)
		named->entry->n_pins--;
	named->entry = entry;
}

static void
unpin(void *argument)
{
	pin(argument, NULL);
}

static CachedModel *
find_cached(const ModelRow *row)
{
	dlist_iter iterator;

	dlist_foreach(iterator, &cached_models)
	{
		CachedModel *entry = dlist_container(CachedModel, node, iterator.cur);

		if (!entry->is_stale && entry->relation == row->relation && entry->xmin == row->xmin &&
			ItemPointerEquals(&entry->ctid, unconstify(ItemPointerData *, &row->ctid)))
			return entry;
	}
	return NULL;
}

static CachedModel *
decode_row(Sql *sql, const char *name, const ModelRow *row)
{
	/* A child of the caller's context until nothing can fail any more. */
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser model", ALLOCSET_DEFAULT_SIZES);
	CachedModel *entry = MemoryContextAllocZero(context, sizeof(CachedModel));

	entry->context = context;
	entry->relation = row->relation;
	entry->ctid = row->ctid;
	entry->xmin = row->xmin;
	entry->stored.name = MemoryContextStrdup(context, name);
	entry->stored.version = row->version;
	emoser_decode_to_predict(
		context, row->is_bundled ? emoser_bundled_value(sql) : PG_DETOAST_DATUM_PACKED(row->model),
		&entry->decoded);
	entry->stored.model = entry->decoded.model;
	entry->stored.decoded = &entry->decoded;
	MemoryContextSetParent(context, CacheMemoryContext);
	dlist_push_head(&cached_models, &entry->node);
	return entry;
}

NamedModel *
emoser_name_model(Oid function, const char *name, MemoryContext keeper)
{
	static bool is_registered = false;
	NamedModel *named;
	MemoryContext outer;

	if (!is_registered)
	{
		CacheRegisterRelcacheCallback(mark_stale, (Datum) 0);
		RegisterSubXactCallback(on_subtransaction, NULL);
		is_registered = true;
	}
	named = MemoryContextAllocZero(keeper, sizeof(NamedModel));
	named->function = function;
	outer = MemoryContextSwitchTo(keeper);
	named->name = emoser_parse_model_name(name);
	MemoryContextSwitchTo(outer);
	named->unpin.func = unpin;
	named->unpin.arg = named;
	MemoryContextRegisterResetCallback(keeper, &named->unpin);
	return named;
}

static View
current_view(void)
{
	Snapshot snapshot = GetActiveSnapshot();
	View view = {snapshot->xmax, snapshot->xcnt, snapshot->subxcnt, snapshot->curcid, GetUserId()};

	return view;
}

static bool
same_view(const View *a, const View *b)
{
	return a->xmax == b->xmax && a->n_running == b->n_running &&
		   a->n_running_sub == b->n_running_sub && a->command == b->command && a->user == b->user;
}

const StoredModel *
emoser_find_model(NamedModel *named)
{
	View view = current_view();
	uint64 n_before = n_invalidations;
	CachedModel *entry;
	ModelRow row;
	Sql sql;

	if (named->entry != NULL && named->is_settled && named->n_invalidations == n_invalidations &&
		same_view(&view, &named->view))
		return &named->entry->stored;

	emoser_sql_begin(&sql, named->function);
	row = emoser_find_row(&sql, &named->name);
	entry = find_cached(&row);
	if (entry == NULL)
		entry = decode_row(&sql, named->name.name, &row);
	else
		dlist_move_head(&cached_models, &entry->node);
	pin(named, entry);
	named->view = view;
	named->is_settled = emoser_models_are_settled(named->function);
	named->n_invalidations = n_before;
	emoser_sql_end(&sql);
	drop_idle_entries();
	return &entry->stored;
}
