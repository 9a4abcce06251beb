/*
 * pending.c
 *	  The rows of a source that have no answer yet, and which of them this session works on.
 *
 * Keys are looked for in their order, each time after the last one: with an index on the key of the source,
 * all of it takes time in proportion to the rows, however many have been answered before.
 */
#include "pg/annotate/pending.h"

#include "common/hashfn.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

#include "pg/base/shown.h"

/* Keys that are looked for together; without an index, the source is read once for each so many of its rows. */
#define WINDOW_ROWS 10000

struct PendingRows
{
	const Annotation *annotation;
	bool is_shared; /* with others: rows are locked */

	MemoryContext window; /* of the keys */
	Datum *keys;
	int n_keys, next, claimed_from;

	MemoryContext context;
	bool has_last; /* whether keys come after the last one */
	Datum last;
	bool at_end; /* no keys come after the window */
	int64 n_left_to_others;
};

/* Of the target as a whole; rows have another part than 0. */
static LOCKTAG
target_tag(const Annotation *annotation)
{
	LOCKTAG tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, annotation->target, 0, 0);
	return tag;
}

static LOCKTAG
row_tag(const Annotation *annotation, Datum key)
{
	char *text = emoser_key_text(&annotation->key, key);
	uint64 hash = hash_bytes_extended((const unsigned char *) text, (int) strlen(text), 0);
	LOCKTAG tag;

	/* Two rows of one hash are worked on in turns. */
	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, annotation->target, (uint32) hash,
					   1 + (uint16) ((hash >> 32) % PG_INT16_MAX));
	pfree(text);
	return tag;
}

static LOCKMODE
target_mode(bool may_commit)
{
	return may_commit ? ShareLock : ExclusiveLock;
}

void
emoser_claim_target(const Annotation *annotation, bool may_commit)
{
	LOCKTAG tag = target_tag(annotation);

	(void) LockAcquire(&tag, target_mode(may_commit), may_commit, false);
}

void
emoser_release_target(const Annotation *annotation, bool may_commit)
{
	LOCKTAG tag = target_tag(annotation);

	if (may_commit)
		(void) LockRelease(&tag, target_mode(may_commit), true);
}

PendingRows *
emoser_pending_rows(const Annotation *annotation, bool may_commit)
{
	PendingRows *pending = palloc0(sizeof(PendingRows));

	pending->annotation = annotation;
	pending->is_shared = may_commit;
	pending->context = CurrentMemoryContext;
	pending->window =
		AllocSetContextCreate(CurrentMemoryContext, "emoser keys", ALLOCSET_DEFAULT_SIZES);
	return pending;
}

/* Of keys after the last one, whose place is after the values of the condition. */
static char *
search_of(const Annotation *annotation, bool after_last)
{
	const char *column = quote_identifier(annotation->key.column);
	const char *greater = annotation->key.greater;
	int last = EMOSER_N_UNANSWERED_VALUES + 1;
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "SELECT source.%s FROM %s WHERE %s", column, annotation->source_item,
					 emoser_unanswered_condition(annotation, 1, after_last ? last : 0));
	if (after_last)
		appendStringInfo(&text, " AND source.%s %s $%d", column, greater, last);
	else
		appendStringInfo(&text, " AND source.%s IS NOT NULL", column);
	return text.data;
}

/* As of now, and not as of when this session last had a snapshot: others have answered meanwhile. */
static Source *
open_now(const char *statement, const SqlValue *values, int n_values)
{
	Source *source;

	PushActiveSnapshot(GetTransactionSnapshot());
	source = emoser_open_statement(statement, values, n_values, false);
	PopActiveSnapshot();
	return source;
}

int64
emoser_count_pending(const Annotation *annotation)
{
	SqlValue values[EMOSER_N_UNANSWERED_VALUES];
	Source *source;
	int64 n;

	emoser_unanswered_values(annotation, values);
	source = open_now(search_of(annotation, false), values, lengthof(values));
	n = emoser_source_estimated_rows(source);
	emoser_close_source(source);
	return n;
}

static void
check_differs(const PendingRows *pending, Datum key, Datum before)
{
	const AnnotationKey *of = &pending->annotation->key;
	TypeCacheEntry *type = lookup_type_cache(of->type, TYPECACHE_EQ_OPR_FINFO);

	if (!DatumGetBool(FunctionCall2Coll(&type->eq_opr_finfo, of->collation, key, before)))
		return;
	ereport(ERROR, (errcode(ERRCODE_CARDINALITY_VIOLATION),
					errmsg("the source has more than one row of which \"%s\" is \"%s\"",
						   emoser_shown(of->column), emoser_shown(emoser_key_text(of, key))),
					errhint("Name a column that tells all rows apart with the option \"id\".")));
}

static void
read_keys(PendingRows *pending, Source *source)
{
	const AnnotationKey *key = &pending->annotation->key;
	HeapTuple row;

	pending->keys = MemoryContextAlloc(pending->window, (WINDOW_ROWS + 1) * sizeof(Datum));
	while ((row = emoser_next_row(source)) != NULL)
	{
		MemoryContext outer = MemoryContextSwitchTo(pending->window);
		bool is_null;
		Datum value = SPI_getbinval(row, emoser_source_row_type(source), 1, &is_null);

		pending->keys[pending->n_keys] = key->length == -1
											 ? PointerGetDatum(PG_DETOAST_DATUM_COPY(value))
											 : datumCopy(value, key->by_value, key->length);
		MemoryContextSwitchTo(outer);
		if (pending->n_keys > 0)
			check_differs(pending, pending->keys[pending->n_keys],
						  pending->keys[pending->n_keys - 1]);
		pending->n_keys++;
	}
	pending->at_end = pending->n_keys <= WINDOW_ROWS;
	/* The one more was only to be compared. */
	pending->n_keys = Min(pending->n_keys, WINDOW_ROWS);
}

static void
keep_last(PendingRows *pending)
{
	const AnnotationKey *key = &pending->annotation->key;
	MemoryContext outer;

	if (pending->n_keys == 0)
		return;
	outer = MemoryContextSwitchTo(pending->context);
	if (pending->has_last && !key->by_value)
		pfree(DatumGetPointer(pending->last));
	pending->last = datumCopy(pending->keys[pending->n_keys - 1], key->by_value, key->length);
	pending->has_last = true;
	MemoryContextSwitchTo(outer);
}

static void
look_for_keys(PendingRows *pending)
{
	const Annotation *annotation = pending->annotation;
	SqlValue values[EMOSER_N_UNANSWERED_VALUES + 1];
	MemoryContext work =
		AllocSetContextCreate(CurrentMemoryContext, "emoser search", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(work);
	Source *source;

	MemoryContextReset(pending->window);
	pending->n_keys = pending->next = 0;
	emoser_unanswered_values(annotation, values);
	values[EMOSER_N_UNANSWERED_VALUES] =
		sql_if(pending->has_last, sql_value(annotation->key.type, pending->last));
	source = open_now(psprintf("%s ORDER BY source.%s LIMIT %d",
							   search_of(annotation, pending->has_last),
							   quote_identifier(annotation->key.column), WINDOW_ROWS + 1),
					  values, lengthof(values));
	read_keys(pending, source);
	emoser_close_source(source);
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
	keep_last(pending);
}

/* The next key that nobody else has claimed; false if there is none. */
static bool
claim_key(PendingRows *pending, Datum *key)
{
	for (;;)
	{
		LOCKTAG tag;

		if (pending->next == pending->n_keys)
			return false;
		*key = pending->keys[pending->next++];
		if (!pending->is_shared)
			return true;
		tag = row_tag(pending->annotation, *key);
		if (LockAcquire(&tag, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL)
			return true;
		pending->n_left_to_others++;
	}
}

/* Of one window: a batch that has to be done again begins where this one did. */
static int
claim_keys(PendingRows *pending, Datum *keys, int n)
{
	int n_claimed = 0;

	while (n_claimed == 0)
	{
		if (pending->next == pending->n_keys)
		{
			if (pending->at_end)
				return 0;
			look_for_keys(pending);
		}
		pending->claimed_from = pending->next;
		while (n_claimed < n && claim_key(pending, &keys[n_claimed]))
			n_claimed++;
	}
	return n_claimed;
}

Source *
emoser_claim_rows(PendingRows *pending, int n, const char *content)
{
	const Annotation *annotation = pending->annotation;
	const AnnotationKey *key = &annotation->key;
	const char *column = quote_identifier(key->column);
	SqlValue values[EMOSER_N_UNANSWERED_VALUES + 1];
	Datum *keys = palloc(n * sizeof(Datum));
	int n_claimed = claim_keys(pending, keys, n);
	ArrayType *array;

	if (n_claimed == 0)
		return NULL;
	array = construct_array(keys, n_claimed, key->type, key->length, key->by_value, key->align);
	emoser_unanswered_values(annotation, values);
	values[EMOSER_N_UNANSWERED_VALUES] = sql_varlena(key->array_type, array);
	return open_now(psprintf("SELECT source.%s, %s FROM %s WHERE source.%s %s ANY ($%d) AND %s",
							 column, content, annotation->source_item, column, key->equal,
							 EMOSER_N_UNANSWERED_VALUES + 1,
							 emoser_unanswered_condition(annotation, 1, 0)),
					values, lengthof(values));
}

void
emoser_claim_again(PendingRows *pending)
{
	pending->next = pending->claimed_from;
}

int64
emoser_rows_left_to_others(const PendingRows *pending)
{
	return pending->n_left_to_others;
}

void
emoser_restart_pending(PendingRows *pending)
{
	MemoryContextReset(pending->window);
	pending->n_keys = pending->next = 0;
	pending->has_last = pending->at_end = false;
	pending->n_left_to_others = 0;
}
