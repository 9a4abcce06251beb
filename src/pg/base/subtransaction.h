/*
 * subtransaction.h
 *	  Work that may fail without ending the statement.
 */
#ifndef EMOSER_SUBTRANSACTION_H
#define EMOSER_SUBTRANSACTION_H

#include "pg/base/glue.h"

/*
 * Call work(argument) in a subtransaction of its own.  False: it raised this SQLSTATE, and all that it did
 * in the database is taken back.  Every other error, such as a cancel, is raised again, when that is
 * done.  Not in parallel mode.
 */
extern bool emoser_try(void (*work)(void *argument), void *argument, int expected_sqlstate);

/* The same for all errors: the one that was raised, which goes on by ReThrowError(), or NULL. */
extern ErrorData *emoser_try_all(void (*work)(void *argument), void *argument);

#endif
