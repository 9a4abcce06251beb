/*
 * hash_sort.h
 *	  Hashes of 64 bits, which come in any order and are handed out in theirs, each once: in memory, and
 *	  beyond some of them in a temporary file.
 */
#ifndef EMOSER_HASH_SORT_H
#define EMOSER_HASH_SORT_H

#include "postgres.h"

typedef struct HashSort HashSort;

/* All of it goes with the current memory context; transactions may end meanwhile. */
extern HashSort *emoser_hash_sort_new(void);

/* Not after the first one was taken. */
extern void emoser_hash_sort_add(HashSort *sort, uint64 hash);

/* The next of the different hashes, in ascending order; false after the last one. */
extern bool emoser_hash_sort_next(HashSort *sort, uint64 *hash);

#endif
