/*
 * live.h
 *	  The TrainingObserver of emoser_train(): keeps history and checkpoints in tables, commits after
 *	  each epoch where it may, tells of epochs, and sees to it that a name is trained by one session
 *	  at a time.
 */
#ifndef EMOSER_LIVE_TRAINING_H
#define EMOSER_LIVE_TRAINING_H

#include "pg/base/glue.h"

#include "datatype/timestamp.h"

#include "pg/base/name_lock.h"
#include "pg/model/store.h"
#include "pg/training/observer.h"
#include "pg/training/store.h"

typedef struct LiveTraining
{
	TrainingObserver observer; /* the first, so that the one can be had from the other */
	TrainingRecord training;
	bool may_commit; /* not inside a transaction block */
	bool wants_resume, quiet;
	bool is_claimed;
	LOCKTAG lock;      /* of the name, if it is claimed */
	int epochs_here;   /* done since start */
	TimestampTz start; /* of its first epoch here */
} LiveTraining;

/*
 * Whether a procedure may commit: called by CALL outside a transaction block, and not from within
 * a block that catches errors, which is a subtransaction.
 */
extern bool emoser_may_commit(FunctionCallInfo fcinfo);

/* record: its name, source and algorithm, which must live on.  given: options, not checked yet. */
extern void emoser_init_live_training(LiveTraining *live, Oid function, const ModelRecord *record,
									  Jsonb *given, bool may_commit);

/*
 * Before the source is read: lock the name, and refuse what would be refused after it was read.
 * Raises OBJECT_IN_USE if another session trains it; what emoser_check_training_rights() raises;
 * OBJECT_NOT_IN_PREREQUISITE_STATE if there is nothing to resume.
 *
 * Where the training may commit, the lock must be released by emoser_release_training(), also
 * after errors; elsewhere it goes with the transaction.
 */
extern void emoser_claim_training(LiveTraining *live);

extern void emoser_release_training(LiveTraining *live);

/* The model has been stored; does nothing for a training that hasn't begun any epochs. */
extern void emoser_finish_training(LiveTraining *live, int version);

#endif
