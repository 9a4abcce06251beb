/*
 * store.h
 *	  The tables emoser_trainings and emoser_training_history: all SQL against them.
 *
 * All of it runs with the caller's rights.
 */
#ifndef EMOSER_TRAINING_STORE_H
#define EMOSER_TRAINING_STORE_H

#include "pg/base/glue.h"

#include "utils/jsonb.h"

#include "core/nn/train.h"

/* A training in epochs. */
typedef struct TrainingRecord
{
	Oid function; /* any of the extension: the tables are in its schema */
	const char *model;
	const char *source;
	const char *algorithm;
	Jsonb *options; /* with their defaults */
	const char *data_hash;
	int epochs;
	int64 id; /* given by the table; 0: none yet */
} TrainingRecord;

/* What is left of one that didn't come to its end. */
typedef struct InterruptedTraining
{
	int64 id;
	int epochs_done;
	int epochs;
	bool has_checkpoint;
	char *algorithm;
	Jsonb *options;
	char *data_hash;
} InterruptedTraining;

/* Raise INSUFFICIENT_PRIVILEGE, with a hint, unless the caller may keep trainings. */
extern void emoser_check_training_rights(Oid function);

/* The table of the names that are locked; raises UNDEFINED_OBJECT if the extension is gone. */
extern Oid emoser_trainings_oid(const TrainingRecord *training);

/* The caller's own unfinished training of this name, the newest one, or NULL; palloc'd. */
extern InterruptedTraining *emoser_find_interrupted(const TrainingRecord *training);

/* Its checkpoint, palloc'd; raises DATA_CORRUPTED if there is none. */
extern struct varlena *emoser_read_checkpoint(const TrainingRecord *training, int64 id);

/* Names of the training's options that differ from others, as a list with commas; NULL: none. */
extern char *emoser_differing_options(const TrainingRecord *training, Jsonb *other);

/* A new row, in the place of the caller's unfinished ones of that name; sets training->id. */
extern void emoser_insert_training(TrainingRecord *training);

/* This process goes on with the training of training->id. */
extern void emoser_take_over_training(const TrainingRecord *training);

/*
 * An epoch is done.  checkpoint has n_checkpoint bytes; 0: there is none.  These two raise
 * UNDEFINED_OBJECT if the row is gone.
 */
extern void emoser_store_epoch(const TrainingRecord *training, const EmoNnEpoch *epoch,
							   const uint8_t *checkpoint, size_t n_checkpoint);

/* The model has been stored as this version. */
extern void emoser_finish_stored_training(const TrainingRecord *training, int version);

/* Forget the caller's unfinished trainings of a name, as far as there are rights to do so. */
extern void emoser_drop_unfinished_trainings(Oid function, const char *model);

#endif
