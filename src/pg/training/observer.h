/*
 * observer.h
 *	  Who is told how a training of many epochs goes, and keeps what it can be resumed from.
 *
 * An algorithm that trains in epochs calls begin() once and epoch_done() after each epoch.  It may
 * be in a transaction of its own after either of them, so that what it keeps beyond must not hang
 * on a transaction: memory in the context of the training survives, temporary files do if they were
 * opened as interXact, snapshots and open relations don't.  Neither may be called after another
 * emoser_sql_begin() than that of the procedure.
 */
#ifndef EMOSER_TRAINING_OBSERVER_H
#define EMOSER_TRAINING_OBSERVER_H

#include "pg/base/glue.h"

#include "utils/jsonb.h"

#include "pg/source/set.h"

typedef struct TrainingObserver TrainingObserver;

struct TrainingObserver
{
	/*
	 * Once the data have been read and the options are known.  options: with their defaults, as
	 * they are stored with the model.  epochs: how many there will be at most.
	 *
	 * Returns the bytes of a checkpoint to go on from, palloc'd in the current context, or NULL to
	 * begin with the first epoch.  With resume, which asks for the checkpoint of an interrupted
	 * training of the same options and data, it is never NULL: it raises
	 * OBJECT_NOT_IN_PREREQUISITE_STATE if there is none.
	 */
	struct varlena *(*begin)(TrainingObserver *observer, const TrainingSet *set, Jsonb *options,
							 int epochs, bool resume);

	/*
	 * After each epoch, with the bytes of a checkpoint, which are copied.  May commit.  quiet: say
	 * nothing.  Raises UNDEFINED_OBJECT if the training, or the extension, was dropped meanwhile.
	 */
	void (*epoch_done)(TrainingObserver *observer, const EmoNnEpoch *epoch,
					   const uint8_t *checkpoint, size_t n_checkpoint, bool quiet);
};

#endif
