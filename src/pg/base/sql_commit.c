/*
 * sql_commit.c
 *	  Commits of procedures.
 */
#include "pg/base/sql.h"

#include "miscadmin.h"
#include "utils/guc.h"

/*
 * Settings that say who a procedure acts for, and what its statements see, the first of which changes the
 * second.  SET LOCAL ends with its transaction, the one that the procedure was called in: without them the
 * rest of it would go on as somebody else.
 */
static const char *const kept_settings[] = {"session_authorization", "role", "search_path",
											"row_security", "lock_timeout"};

static void
set_again(Oid user, char *const *values)
{
	for (int i = 0; i < (int) lengthof(kept_settings); i++)
	{
		bool is_role = strcmp(kept_settings[i], "role") == 0;
		char *present = GetConfigOptionByName(kept_settings[i], NULL, false);

		if (strcmp(present, values[i]) != 0 || (is_role && GetUserId() != user))
			(void) set_config_option(kept_settings[i], values[i],
									 superuser() ? PGC_SUSET : PGC_USERSET, PGC_S_SESSION,
									 GUC_ACTION_LOCAL, true, 0, false);
		pfree(present);
	}
	if (GetUserId() != user)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("the role that the procedure was called with has ended with its "
							   "transaction"),
						errhint("Call it in a transaction block, or after SET ROLE.")));
}

void
emoser_sql_commit(void)
{
	Oid user = GetUserId();
	char *values[lengthof(kept_settings)];

	for (int i = 0; i < (int) lengthof(kept_settings); i++)
		values[i] = GetConfigOptionByName(kept_settings[i], NULL, false);
	SPI_commit();
	/* Does nothing in servers whose SPI_commit() has done it already. */
	SPI_start_transaction();
	set_again(user, values);
	for (int i = 0; i < (int) lengthof(kept_settings); i++)
		pfree(values[i]);
}
