/*
 * own_table.h
 *	  Tables that a caller names, to be written to.
 */
#ifndef EMOSER_OWN_TABLE_H
#define EMOSER_OWN_TABLE_H

#include "pg/base/glue.h"

#include "nodes/primnodes.h"

/* The parts of a name as they are written in SQL.  Raises INVALID_NAME for what is none. */
extern RangeVar *emoser_table_of_name(const text *name);

/*
 * The table, locked so that it stays the one that was looked at; InvalidOid if there is none.
 *
 * The role that somebody else's table belongs to runs code by it: its triggers, checks and defaults run
 * with the rights of who inserts.  So a table that is found by the search_path must be the caller's own;
 * where its schema is named, it may be of a role that the caller is a member of, whatever a superuser
 * could do.  Raises INSUFFICIENT_PRIVILEGE otherwise.
 */
extern Oid emoser_find_own_table(const RangeVar *table);

/* Its name with its schema, quoted. */
extern char *emoser_table_name(Oid table);

/* The same of one that is to be made. */
extern char *emoser_new_table_name(RangeVar *table);

#endif
