/*
 * table_rights.h
 *	  Rights on the extension's tables, asked before work whose result could not be stored.
 */
#ifndef EMOSER_TABLE_RIGHTS_H
#define EMOSER_TABLE_RIGHTS_H

#include "postgres.h"

#include "nodes/parsenodes.h"

/*
 * Raise INSUFFICIENT_PRIVILEGE, with the GRANT to ask for, unless the user may read, insert, update
 * and delete in tables of the extension.  function is any of the extension.
 */
extern void emoser_check_table_rights(Oid function, const char *const *tables, int n);

/* Whether the user was granted these on emoser_models, beside what PUBLIC has. */
extern bool emoser_has_model_rights(Oid function, AclMode rights);

/*
 * Raise INSUFFICIENT_PRIVILEGE, with a hint, unless the user may read emoser_models and, if asked,
 * insert into it: before work whose result could not be stored.
 */
extern void emoser_check_model_rights(Oid function, bool wants_insert);

#endif
