/*
 * call.c
 *	  Functions that take a model: which of their arguments are what, and the model that they mean.
 *
 * Which row a name means is asked of the tables once per snapshot, so that rollbacks and isolation
 * levels need no rules of our own, and at each call where policies may ask for more than user and
 * snapshot.  What costs time is decoding: decoded models are kept by the identity of their row version
 * (table, ctid, xmin) and dropped when a trigger on the table invalidates its relcache entry.
 */
#include "pg/model/call.h"

#include <math.h>

#include "access/detoast.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "pg/model/policies.h"
#include "pg/model/speaker_profile.h"
#include "pg/model/store.h"
#include "pg/source/audio_arg.h"

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

/* Of the relcache, so far: tables and policies may have changed, or a change been rolled back. */
static uint64 n_invalidations = 0;

static void
mark_stale(Datum argument, Oid relation)
{
	dlist_iter iterator;

	(void) argument;
	n_invalidations++;
	dlist_foreach(iterator, &cached_models)
	{
		CachedModel *entry = dlist_container(CachedModel, node, iterator.cur);

		if (relation == InvalidOid || relation == entry->relation)
			entry->is_stale = true;
	}
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

	/* A subtransaction that was rolled back shows as an invalidation only. */
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

/* What stays between the rows of a statement (fn_extra). */
struct ModelCall
{
	MemoryContext context;
	Oid function;
	bool takes_audio;
	bool is_by_value;
	int model_argument;

	List *models; /* of NamedModel *, with their names */
	List *model_names;

	/* The last model that was given by value, as it was given, and decoded. */
	struct varlena *value;
	MemoryContext value_context;
	DecodedModel value_model;
};

/* Which form is called. */
static ModelCall *
new_call(FunctionCallInfo fcinfo, int model_argument)
{
	ModelCall *call = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(ModelCall));
	Oid *types;
	int n_arguments;

	(void) get_func_signature(fcinfo->flinfo->fn_oid, &types, &n_arguments);
	call->context = fcinfo->flinfo->fn_mcxt;
	call->function = fcinfo->flinfo->fn_oid;
	call->takes_audio = types[0] == BYTEAOID;
	call->is_by_value = types[model_argument] != TEXTOID;
	call->model_argument = model_argument;
	return call;
}

static DecodedModel *
named_model(ModelCall *call, const char *name)
{
	NamedModel *model;
	MemoryContext outer;
	ListCell *model_cell, *name_cell;

	forboth(model_cell, call->models, name_cell, call->model_names)
	{
		if (strcmp(lfirst(name_cell), name) == 0)
			return emoser_find_model(lfirst(model_cell))->decoded;
	}
	model = emoser_name_model(call->function, name, call->context);
	outer = MemoryContextSwitchTo(call->context);
	call->models = lappend(call->models, model);
	call->model_names = lappend(call->model_names, pstrdup(name));
	MemoryContextSwitchTo(outer);
	return emoser_find_model(model)->decoded;
}

/*
 * Toasted values are compared by their toast pointers, which are unique within a statement's
 * snapshot; so a model in a table column is read and decoded once.
 */
static DecodedModel *
given_model(ModelCall *call, struct varlena *value)
{
	MemoryContext context;
	DecodedModel decoded;

	if (call->value != NULL && VARSIZE_ANY(value) == VARSIZE_ANY(call->value) &&
		memcmp(value, call->value, VARSIZE_ANY(value)) == 0)
		return &call->value_model;

	context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser model value", ALLOCSET_DEFAULT_SIZES);
	emoser_decode_to_predict(context, PG_DETOAST_DATUM_PACKED(PointerGetDatum(value)), &decoded);
	call->value = NULL;
	if (call->value_context != NULL)
		MemoryContextDelete(call->value_context);
	call->value_context = context;
	call->value_model = decoded;
	MemoryContextSetParent(context, call->context);
	call->value = MemoryContextAlloc(context, VARSIZE_ANY(value));
	memcpy(call->value, value, VARSIZE_ANY(value));
	return &call->value_model;
}

ModelCall *
emoser_model_call(FunctionCallInfo fcinfo, int model_argument)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = new_call(fcinfo, model_argument);
	return fcinfo->flinfo->fn_extra;
}

DecodedModel *
emoser_called_model(ModelCall *call, FunctionCallInfo fcinfo)
{
	Datum model = PG_GETARG_DATUM(call->model_argument);

	if (call->is_by_value)
		return given_model(call, (struct varlena *) DatumGetPointer(model));
	return named_model(call, TextDatumGetCString(model));
}

/* False: the recording is bad and NULL is wanted. */
static bool
utterance_of_recording(struct varlena *audio, OnBadAudio on_bad_audio, const EmoModel *model,
					   EmoUtterance *utterance)
{
	EmoEnv env;
	EmoAudio decoded;

	emoser_check_model_takes_audio(model);
	emoser_env_init(&env, CurrentMemoryContext);
	return emoser_decode_audio(&env, audio, EMOSER_MODEL_SAMPLE_RATE, on_bad_audio, &decoded) &&
		   emoser_audio_accepted(
			   &env,
			   emoser_make_utterance(&env, model, decoded.samples, decoded.n_samples, utterance),
			   on_bad_audio);
}

static const float *
given_features(ArrayType *array, const EmoModel *model)
{
	int n_features;
	const float *features = emoser_real_vector_data(array, "features", &n_features);

	emoser_check_model_takes_features(model, n_features);
	for (int i = 0; i < n_features; i++)
		if (!isfinite(features[i]))
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("features must be finite"),
							errdetail("Element %d is %g.", i + 1, features[i])));
	return features;
}

bool
emoser_called_utterance(ModelCall *call, FunctionCallInfo fcinfo, const EmoModel *model,
						int profile_argument, EmoUtterance *utterance)
{
	EmoProfile *profile;

	if (!call->takes_audio)
		utterance->features = given_features(PG_GETARG_ARRAYTYPE_P(0), model);
	else if (!utterance_of_recording(PG_GETARG_BYTEA_PP(0), emoser_on_bad_audio(fcinfo), model,
									 utterance))
		return false;
	/* A model without heads knows no features that a profile could be of. */
	if (profile_argument != EMOSER_NO_ARGUMENT && !PG_ARGISNULL(profile_argument) &&
		model->n_heads > 0)
	{
		profile = palloc(sizeof(EmoProfile));
		emoser_read_profile(PG_GETARG_DATUM(profile_argument), model->n_features, profile);
		utterance->profile = profile;
	}
	return true;
}
