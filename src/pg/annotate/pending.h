/*
 * pending.h
 *	  The rows of a source that have no answer yet, and which of them this session works on.
 *
 * A row is worked on by who holds a lock on it: a lock of the server's on the target and a hash of the
 * key, which nothing else locks, whatever the source is, a view or a query; it goes with the transaction
 * or the session, so that rows of one that was killed are free again.
 */
#ifndef EMOSER_ANNOTATION_PENDING_H
#define EMOSER_ANNOTATION_PENDING_H

#include "pg/annotate/annotation.h"

typedef struct PendingRows PendingRows;

/*
 * Until the end of the procedure, or of the transaction where it can't commit: then this session has all of
 * the target for itself, as its locks on rows would be too many.  Waits for who keeps it.
 */
extern void emoser_claim_target(const Annotation *annotation, bool may_commit);
extern void emoser_release_target(const Annotation *annotation, bool may_commit);

/* In the current memory context, which is to outlive transactions. */
extern PendingRows *emoser_pending_rows(const Annotation *annotation, bool may_commit);

/* What the planner expects. */
extern int64 emoser_count_pending(const Annotation *annotation);

/*
 * The next rows that nobody else works on, at most n of them, until the end of the transaction.  Returns
 * their source, with the columns that were asked for after the key, or NULL after the last row.  Rows that
 * have been answered since they were looked for are not in it.
 */
extern Source *emoser_claim_rows(PendingRows *pending, int n, const char *content);

/* In the next transaction, those of the same rows that have no answer then. */
extern void emoser_claim_again(PendingRows *pending);

/* How many rows of this pass were left to others. */
extern int64 emoser_rows_left_to_others(const PendingRows *pending);

/* Begin again with the first row. */
extern void emoser_restart_pending(PendingRows *pending);

#endif
