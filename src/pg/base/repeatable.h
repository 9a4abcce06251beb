/*
 * repeatable.h
 *	  Whether a query gives the same rows however often it is run in a snapshot.
 */
#ifndef EMOSER_REPEATABLE_H
#define EMOSER_REPEATABLE_H

#include "postgres.h"

#include "nodes/parsenodes.h"

/*
 * False for what depends on chance, or on the order in which rows happen to come: volatile functions,
 * samples, LIMIT, DISTINCT ON, windows.  True is no promise: aggregates and tables of other servers may still
 * differ.
 */
extern bool emoser_is_repeatable(Query *query);

#endif
