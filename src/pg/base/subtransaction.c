/*
 * subtransaction.c
 *	  Work that may fail without ending the statement.
 */
#include "pg/base/subtransaction.h"

#include "access/xact.h"
#include "utils/resowner.h"

ErrorData *
emoser_try_all(void (*work)(void *argument), void *argument)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData *volatile error = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		work(argument);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		/* Before anything is raised: who catches it further out goes on in this transaction. */
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return error;
}

bool
emoser_try(void (*work)(void *argument), void *argument, int expected_sqlstate)
{
	ErrorData *error = emoser_try_all(work, argument);

	if (error != NULL && error->sqlerrcode != expected_sqlstate)
		ReThrowError(error);
	return error == NULL;
}
