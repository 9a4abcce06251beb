/*
 * name_lock.h
 *	  Locks on names, such as those of models.
 *
 * They are the server's locks on objects, of objects that nothing else locks: SQL can't take one, so
 * that nobody stops others by it, unlike advisory locks.  In pg_locks classid is the table in which
 * the names are.
 */
#ifndef EMOSER_NAME_LOCK_H
#define EMOSER_NAME_LOCK_H

#include "postgres.h"

#include "storage/lock.h"

/* A name of those in a table of the extension. */
extern LOCKTAG emoser_name_lock_tag(Oid table, const char *name);

/* Until the end of the transaction; waits. */
extern void emoser_lock_name(const LOCKTAG *tag);

/*
 * The same, or in a session that commits in between until emoser_unlock_name() or the rollback of a
 * transaction, without waiting: false if it is locked.
 */
extern bool emoser_try_lock_name(const LOCKTAG *tag, bool for_session);

/* What was locked for the session. */
extern void emoser_unlock_name(const LOCKTAG *tag);

/* The process that has locked it; 0: none has.  function is any of the extension. */
extern int emoser_name_lock_holder(Oid function, const LOCKTAG *tag);

#endif
