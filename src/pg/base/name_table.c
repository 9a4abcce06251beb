/*
 * name_table.c
 *	  Numbers for names: emotions and speakers.
 */
#include "pg/base/name_table.h"

typedef struct NameEntry
{
	char name[EMOSER_MAX_NAME_BYTES + 1]; /* key */
	int number;
} NameEntry;

void
emoser_name_table_init(NameTable *names, const char *what)
{
	HASHCTL control = {0};

	control.keysize = EMOSER_MAX_NAME_BYTES + 1;
	control.entrysize = sizeof(NameEntry);
	names->context = CurrentMemoryContext;
	control.hcxt = names->context;
	names->table = hash_create(what, 64, &control, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
	names->names = NIL;
}

int
emoser_name_number(NameTable *names, const char *name)
{
	bool found;
	NameEntry *entry = hash_search(names->table, name, HASH_ENTER, &found);

	if (!found)
	{
		MemoryContext outer = MemoryContextSwitchTo(names->context);

		entry->number = list_length(names->names);
		names->names = lappend(names->names, pstrdup(name));
		MemoryContextSwitchTo(outer);
	}
	return entry->number;
}

int
emoser_find_name(const NameTable *names, const char *name)
{
	const NameEntry *entry = hash_search(names->table, name, HASH_FIND, NULL);

	return entry != NULL ? entry->number : -1;
}

void
emoser_name_counts_init(NameCounts *counts, const char *what)
{
	*counts = (NameCounts){0};
	emoser_name_table_init(&counts->names, what);
}

void
emoser_count_name(NameCounts *counts, const char *name, int64 n_times)
{
	int number = emoser_name_number(&counts->names, name);

	if (number == counts->capacity)
	{
		counts->capacity = Max(2 * counts->capacity, 16);
		counts->counts =
			counts->counts == NULL
				? MemoryContextAlloc(counts->names.context, counts->capacity * sizeof(int64))
				: repalloc(counts->counts, counts->capacity * sizeof(int64));
	}
	if (number == counts->n)
		counts->counts[counts->n++] = 0;
	counts->counts[number] += n_times;
}

int
emoser_compare_strings(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

const char **
emoser_sort_names(const NameTable *names, int32 **place)
{
	int n = list_length(names->names);
	const char **sorted = palloc(Max(n, 1) * sizeof(char *));

	*place = palloc(Max(n, 1) * sizeof(int32));
	for (int i = 0; i < n; i++)
		sorted[i] = list_nth(names->names, i);
	qsort(sorted, n, sizeof(char *), emoser_compare_strings);
	for (int i = 0; i < n; i++)
		(*place)[((NameEntry *) hash_search(names->table, sorted[i], HASH_FIND, NULL))->number] = i;
	return sorted;
}
