/*
 * name_table.h
 *	  Numbers for names: emotions and speakers.
 */
#ifndef EMOSER_NAME_TABLE_H
#define EMOSER_NAME_TABLE_H

#include "postgres.h"

#include "nodes/pg_list.h"
#include "utils/hsearch.h"

/* Longest name that is told apart, in bytes. */
#define EMOSER_MAX_NAME_BYTES 255

/* Names get numbers in the order of their first appearance. */
typedef struct NameTable
{
	MemoryContext context;
	HTAB *table;
	List *names; /* of C strings */
} NameTable;

/* Memory is in the current context. */
extern void emoser_name_table_init(NameTable *names, const char *what);

/* The number of a name of at most EMOSER_MAX_NAME_BYTES, a new one for a new name. */
extern int emoser_name_number(NameTable *names, const char *name);

/* The number of a name; -1 for one that is not there. */
extern int emoser_find_name(const NameTable *names, const char *name);

/* Names with how often each of them came. */
typedef struct NameCounts
{
	NameTable names;
	int64 *counts; /* [n], by number */
	int n, capacity;
} NameCounts;

/* Of none; memory is in the current context. */
extern void emoser_name_counts_init(NameCounts *counts, const char *what);

/* Count a name of at most EMOSER_MAX_NAME_BYTES so many times more. */
extern void emoser_count_name(NameCounts *counts, const char *name, int64 n_times);

/* A comparison of C strings by their bytes, for qsort() and bsearch(). */
extern int emoser_compare_strings(const void *a, const void *b);

/* The names sorted by their bytes, and in (*place)[number] where each of them came. */
extern const char **emoser_sort_names(const NameTable *names, int32 **place);

#endif
