/*
 * name_lock.c
 *	  Locks on names, such as those of models.
 */
#include "pg/base/name_lock.h"

#include "miscadmin.h"
#include "utils/fmgrprotos.h"
#include "utils/inval.h"

#include "pg/base/sql.h"

/* Nothing is shared: whoever locks a name changes what it stands for. */
#define LOCK_MODE ExclusiveLock

LOCKTAG
emoser_name_lock_tag(Oid table, const char *name)
{
	/*
	 * Not by chance nor by somebody's search are two names one.  As the function
	 * emoser_unfinished_trainings() has it too.
	 */
	Datum digest = DirectFunctionCall1(sha256_bytea, CStringGetTextDatum(name));
	const uint8 *bytes = (const uint8 *) VARDATA_ANY(DatumGetByteaPP(digest));
	uint32 object = (uint32) bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
	/* Shown as a smallint: of what isn't negative. */
	uint16 part = (uint16) (bytes[4] << 8 | bytes[5]) & PG_INT16_MAX;
	LOCKTAG tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, table, object, part);
	return tag;
}

void
emoser_lock_name(const LOCKTAG *tag)
{
	(void) LockAcquire(tag, LOCK_MODE, false, false);
	/* Who held it may have changed what is cached of tables. */
	AcceptInvalidationMessages();
}

bool
emoser_try_lock_name(const LOCKTAG *tag, bool for_session)
{
	return LockAcquire(tag, LOCK_MODE, for_session, true) != LOCKACQUIRE_NOT_AVAIL;
}

void
emoser_unlock_name(const LOCKTAG *tag)
{
	(void) LockRelease(tag, LOCK_MODE, true);
}

int
emoser_name_lock_holder(Oid function, const LOCKTAG *tag)
{
	int pid = 0;
	Sql sql;

	emoser_sql_begin(&sql, function);
	if (emoser_sql_run(&sql,
					   "SELECT pid FROM pg_locks WHERE locktype = 'object' AND database = $1 "
					   "AND classid = $2 AND objid = $3 AND objsubid = $4 AND granted",
					   SQL_VALUES(sql_oid(tag->locktag_field1), sql_oid(tag->locktag_field2),
								  sql_oid(tag->locktag_field3), sql_int4(tag->locktag_field4))) > 0)
		pid = emoser_sql_int4(&sql, 0, 1);
	emoser_sql_end(&sql);
	return pid;
}
