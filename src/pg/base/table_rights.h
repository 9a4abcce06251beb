/*
 * table_rights.h
 *	  Rights on the extension's tables, asked before work whose result could not be stored.
 */
#ifndef EMOSER_TABLE_RIGHTS_H
#define EMOSER_TABLE_RIGHTS_H

#include "postgres.h"

/*
 * Raise INSUFFICIENT_PRIVILEGE, with the GRANT to ask for, unless the user may read, insert, update
 * and delete in tables of the extension.  function is any of the extension.
 */
extern void emoser_check_table_rights(Oid function, const char *const *tables, int n);

#endif
