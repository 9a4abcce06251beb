/*
 * store.c
 *	  The table emoser_models: all SQL against it, and the decoded models that a backend keeps.
 *
 * Which row a name means is asked of the table once per snapshot, so that rollbacks and isolation
 * levels need no rules of our own.  What costs time is decoding: decoded models are
 * kept by the identity of their row version (table, ctid, xmin) and dropped when a trigger on the
 * table invalidates its relcache entry.
 */
#include "pg/model/store.h"

#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "commands/trigger.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "pg/base/name_lock.h"
#include "pg/base/options.h"
#include "pg/base/sql.h"
#include "pg/source/source.h"

#define MODELS "@extschema@.emoser_models"

/* Decoded models that no statement uses are kept up to this many. */
#define MAX_IDLE_MODELS 16

typedef struct CachedModel
{
	StoredModel stored;
	LoadedModel loaded;
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
};

/* The row that a name means now. */
typedef struct ModelRow
{
	Oid relation;
	ItemPointerData ctid;
	TransactionId xmin;
	int version;
	Datum model; /* possibly toasted; NULL model columns don't exist */
} ModelRow;

/* Names of models are identifiers of a kind: they stay readable in messages. */
#define MAX_MODEL_NAME_BYTES 63

/* Of a version, so that it is an integer. */
#define MAX_VERSION_DIGITS 9

static dlist_head cached_models = DLIST_STATIC_INIT(cached_models);

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

static void
mark_stale(Datum argument, Oid relation)
{
	dlist_iter iterator;

	(void) argument;
	dlist_foreach(iterator, &cached_models)
	{
		CachedModel *entry = dlist_container(CachedModel, node, iterator.cur);

		if (relation == InvalidOid || relation == entry->relation)
			entry->is_stale = true;
	}
}

/* Statement trigger on emoser_models: tells all sessions, at commit, that decoded models are old. */
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

static void
drop_entry(CachedModel *entry)
{
	dlist_delete(&entry->node);
	MemoryContextDelete(entry->context);
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

		if (entry->n_pins > 0)
			continue;
		if (entry->is_stale || ++n_idle > MAX_IDLE_MODELS)
			drop_entry(entry);
		else
			emoser_unload_net(&entry->loaded);
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
decode_row(const char *name, const ModelRow *row)
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
	emoser_load_model(context, PG_DETOAST_DATUM_PACKED(row->model), &entry->loaded);
	entry->stored.model = entry->loaded.model;
	entry->stored.loaded = &entry->loaded;
	MemoryContextSetParent(context, CacheMemoryContext);
	dlist_push_head(&cached_models, &entry->node);
	return entry;
}

void
emoser_no_such_model(Oid function, const char *name, bool can_train)
{
	const char *closest;
	const char **names;
	bool is_data;
	Sql sql;

	/* There may be one that the caller may not see. */
	emoser_check_model_rights(function, false);
	/* Of the caller's search_path. */
	is_data = emoser_is_source(name);
	emoser_sql_begin(&sql, function);
	emoser_sql_read(&sql, "SELECT DISTINCT name FROM " MODELS, SQL_NO_VALUES);
	names = palloc(sql.n_rows * sizeof(char *));
	for (uint64 i = 0; i < sql.n_rows; i++)
		names[i] = emoser_sql_text(&sql, i, 1);
	closest = emoser_closest_match(name, names, (int) sql.n_rows);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("model \"%s\" does not exist", name),
			 closest != NULL ? errhint("Did you mean \"%s\"?", closest)
			 : is_data       ? errhint("The data come first, then the name of the model.")
			 : can_train ? errhint("Train it with CALL emoser_train(..., '%s'); emoser_model_list "
								   "lists what there is.",
								   name)
						 : errhint("emoser_model_list lists what there is.")));
}

void
emoser_no_such_version(Oid function, const ModelName *name, bool can_train)
{
	Sql sql;

	emoser_check_model_rights(function, false);
	emoser_sql_begin(&sql, function);
	emoser_sql_read(&sql, "SELECT max(version) FROM " MODELS " WHERE name = $1",
					SQL_VALUES(sql_text(name->name)));
	if (name->version == EMOSER_NO_VERSION || emoser_sql_is_null(&sql, 0, 1))
		emoser_no_such_model(function, name->name, can_train);
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
					errmsg("version %d of model \"%s\" does not exist", name->version, name->name),
					errdetail("Its newest version is %d.", emoser_sql_int4(&sql, 0, 1)),
					errhint("emoser_model_list has the versions of all models.")));
}

void
emoser_check_argument_order(const char *source, const char *model)
{
	if (emoser_is_source(model) && !emoser_is_source(source))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the source comes first, then the name of the model"),
						errdetail("\"%s\" is a table or query, and \"%s\" is not.", model, source),
						errhint("Exchange the two arguments.")));
}

ModelName
emoser_parse_model_name(const char *text)
{
	ModelName name = {pstrdup(text), EMOSER_NO_VERSION};
	char *at = strrchr(name.name, '@');
	size_t n_digits;

	if (at == NULL)
		return name;
	*at = '\0';
	n_digits = strlen(at + 1);
	if (n_digits == 0 || n_digits > MAX_VERSION_DIGITS || strspn(at + 1, "0123456789") != n_digits)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME), errmsg("invalid model name \"%s\"", text),
				 errdetail("The number of a version follows \"@\", as in \"%s@3\".", name.name)));
	name.version = atoi(at + 1);
	return name;
}

void
emoser_check_model_name(const char *name)
{
	if (strchr(name, '@') != NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME), errmsg("invalid model name \"%s\"", name),
						errdetail("The number of a version follows \"@\"; versions get theirs by "
								  "themselves."),
						errhint("Give the name alone: the model becomes its next version.")));
	if (name[0] == '\0' || strlen(name) > MAX_MODEL_NAME_BYTES)
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME), errmsg("invalid model name \"%s\"", name),
						errdetail("A name has 1 to %d bytes.", MAX_MODEL_NAME_BYTES)));
}

static ModelRow
find_row(Sql *sql, const ModelName *name)
{
	static SqlPlan plan;
	ModelRow row;
	bool is_null;

	if (emoser_sql_read_kept(
			sql, &plan,
			"SELECT tableoid, ctid, xmin, version, model FROM " MODELS
			" WHERE name = $1 AND ($2 IS NULL OR version = $2) " EMOSER_ACTIVE_FIRST " LIMIT 1",
			SQL_VALUES(sql_text(name->name),
					   sql_if(name->version != EMOSER_NO_VERSION, sql_int4(name->version)))) == 0)
		emoser_no_such_version(sql->function, name, true);
	row.relation = DatumGetObjectId(emoser_sql_datum(sql, 0, 1, &is_null));
	row.ctid = *(ItemPointer) DatumGetPointer(emoser_sql_datum(sql, 0, 2, &is_null));
	row.xmin = DatumGetTransactionId(emoser_sql_datum(sql, 0, 3, &is_null));
	row.version = emoser_sql_int4(sql, 0, 4);
	row.model = emoser_sql_datum(sql, 0, 5, &is_null);
	return row;
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
	CachedModel *entry;
	ModelRow row;
	Sql sql;

	/* A subtransaction that was rolled back shows as a stale entry only. */
	if (named->entry != NULL && !named->entry->is_stale && same_view(&view, &named->view))
		return &named->entry->stored;

	emoser_sql_begin(&sql, named->function);
	row = find_row(&sql, &named->name);
	entry = find_cached(&row);
	if (entry == NULL)
		entry = decode_row(named->name.name, &row);
	else
		dlist_move_head(&cached_models, &entry->node);
	pin(named, entry);
	named->view = view;
	emoser_sql_end(&sql);
	drop_idle_entries();
	return &entry->stored;
}

void
emoser_lock_model(Oid function, const char *name)
{
	Oid table = get_relname_relid("emoser_models", get_func_namespace(function));
	LOCKTAG tag = emoser_name_lock_tag(table, name);

	/* Said better than by the lock, which a standby has none of. */
	PreventCommandIfReadOnly(psprintf("%s()", get_func_name(function)));
	emoser_lock_name(&tag);
}
