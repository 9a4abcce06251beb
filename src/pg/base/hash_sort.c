/*
 * hash_sort.c
 *	  Hashes of 64 bits, which come in any order and are handed out in theirs, each once.
 *
 * What fits into memory is sorted there; more becomes sorted runs in a spool, which are merged.
 */
#include "pg/base/hash_sort.h"

#include "lib/binaryheap.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "pg/base/spool.h"

/* In memory at a time: 4 MB; a million recordings make two runs. */
#define RUN_HASHES (512 * 1024)

/* Read of a run at once. */
#define BLOCK_HASHES   1024

#define FIRST_CAPACITY 64

/* A sorted run that is being merged. */
typedef struct Run
{
	uint64 begin,
		n_left;    /* in the spool, in bytes and in hashes; of those that were not read yet */
	uint64 *block; /* [n_block] */
	int n_block, next;
} Run;

struct HashSort
{
	MemoryContext context;
	uint64 *hashes; /* [capacity] */
	int n, capacity;
	Spool *spool; /* NULL: all fit so far */
	Run *runs;    /* [n_runs] */
	int n_runs, runs_capacity;
	bool is_sorted;
	binaryheap *heap; /* of runs; NULL: the hashes in memory are all */
	int next;         /* of these */
	uint64 last;      /* that was handed out */
	bool has_last;
};

HashSort *
emoser_hash_sort_new(void)
{
	HashSort *sort = palloc0(sizeof(HashSort));

	sort->context = CurrentMemoryContext;
	return sort;
}

static int
compare_hashes(const void *a, const void *b)
{
	uint64 x = *(const uint64 *) a, y = *(const uint64 *) b;

	CHECK_FOR_INTERRUPTS();
	return (x > y) - (x < y);
}

static void
reserve(HashSort *sort)
{
	if (sort->n < sort->capacity)
		return;
	sort->capacity = Max(2 * sort->capacity, FIRST_CAPACITY);
	sort->hashes = sort->hashes == NULL
					   ? MemoryContextAlloc(sort->context, sort->capacity * sizeof(uint64))
					   : repalloc(sort->hashes, sort->capacity * sizeof(uint64));
}

static void
end_run(HashSort *sort)
{
	MemoryContext outer = MemoryContextSwitchTo(sort->context);

	if (sort->spool == NULL)
		sort->spool = emoser_spool_create(0);
	if (sort->n_runs == sort->runs_capacity)
	{
		sort->runs_capacity = Max(2 * sort->runs_capacity, FIRST_CAPACITY);
		sort->runs = sort->runs == NULL ? palloc(sort->runs_capacity * sizeof(Run))
										: repalloc(sort->runs, sort->runs_capacity * sizeof(Run));
	}
	qsort(sort->hashes, sort->n, sizeof(uint64), compare_hashes);
	sort->runs[sort->n_runs++] =
		(Run){.begin = emoser_spool_add(sort->spool, sort->hashes, (Size) sort->n * sizeof(uint64)),
			  .n_left = (uint64) sort->n};
	sort->n = 0;
	MemoryContextSwitchTo(outer);
}

void
emoser_hash_sort_add(HashSort *sort, uint64 hash)
{
	Assert(!sort->is_sorted);
	if (sort->n == RUN_HASHES)
		end_run(sort);
	reserve(sort);
	sort->hashes[sort->n++] = hash;
}

/* Whether the run has a next hash. */
static bool
fill_block(const HashSort *sort, Run *run)
{
	if (run->next < run->n_block)
		return true;
	run->n_block = (int) Min(run->n_left, BLOCK_HASHES);
	run->next = 0;
	if (run->n_block == 0)
		return false;
	emoser_spool_read(sort->spool, run->begin, run->block, run->n_block * sizeof(uint64));
	run->begin += run->n_block * sizeof(uint64);
	run->n_left -= run->n_block;
	return true;
}

static uint64
first_of(const Run *run)
{
	return run->block[run->next];
}

/* A heap has its greatest at the top. */
static int
compare_runs(Datum a, Datum b, void *argument)
{
	uint64 x = first_of((const Run *) DatumGetPointer(a)),
		   y = first_of((const Run *) DatumGetPointer(b));

	(void) argument;
	return (y > x) - (y < x);
}

static void
begin_merge(HashSort *sort)
{
	MemoryContext outer = MemoryContextSwitchTo(sort->context);

	end_run(sort);
	sort->heap = binaryheap_allocate(sort->n_runs, compare_runs, NULL);
	for (int r = 0; r < sort->n_runs; r++)
	{
		sort->runs[r].block = palloc(BLOCK_HASHES * sizeof(uint64));
		(void) fill_block(sort, &sort->runs[r]);
		binaryheap_add_unordered(sort->heap, PointerGetDatum(&sort->runs[r]));
	}
	binaryheap_build(sort->heap);
	MemoryContextSwitchTo(outer);
}

static bool
next_of_all(HashSort *sort, uint64 *hash)
{
	Run *run;

	if (sort->heap == NULL)
	{
		if (sort->next == sort->n)
			return false;
		*hash = sort->hashes[sort->next++];
		return true;
	}
	if (binaryheap_empty(sort->heap))
		return false;
	CHECK_FOR_INTERRUPTS();
	run = (Run *) DatumGetPointer(binaryheap_first(sort->heap));
	*hash = run->block[run->next++];
	if (fill_block(sort, run))
		binaryheap_replace_first(sort->heap, PointerGetDatum(run));
	else
		(void) binaryheap_remove_first(sort->heap);
	return true;
}

bool
emoser_hash_sort_next(HashSort *sort, uint64 *hash)
{
	if (!sort->is_sorted)
	{
		if (sort->spool != NULL)
			begin_merge(sort);
		else
			qsort(sort->hashes, sort->n, sizeof(uint64), compare_hashes);
		sort->is_sorted = true;
	}
	do
		if (!next_of_all(sort, hash))
			return false;
	while (sort->has_last && *hash == sort->last);
	sort->last = *hash;
	sort->has_last = true;
	return true;
}
