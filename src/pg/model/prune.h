/*
 * prune.h
 *	  Old versions of models, which are dropped.
 */
#ifndef EMOSER_MODEL_PRUNE_H
#define EMOSER_MODEL_PRUNE_H

#include "pg/base/sql.h"

/*
 * Drop the versions of a name but for the newest ones, keep of them, the one that predicts and the one to which
 * emoser_undeploy() would go back.  Raises UNDEFINED_OBJECT for a name that no model has, INSUFFICIENT_PRIVILEGE
 * for one of somebody else's.  Returns how many; sql has a row for each: version, created_at, bytes.
 */
extern int64 emoser_prune_versions(Sql *sql, const char *name, int keep);

/*
 * The same after a version was stored, as the setting emoser.keep_versions has it and the caller's rights are
 * enough; with a NOTICE.
 */
extern void emoser_prune_by_setting(Oid function, const char *name);

#endif
