/*
 * checkpoint.h
 *	  The table emoser_training_checkpoints: all SQL against it.
 */
#ifndef EMOSER_TRAINING_CHECKPOINT_H
#define EMOSER_TRAINING_CHECKPOINT_H

#include "pg/base/sql.h"

/* Put it in the place of the last one of the training. */
extern void emoser_write_checkpoint(Sql *sql, int64 training, const uint8_t *bytes, size_t n_bytes);

/* The bytes, palloc'd in the caller's memory; NULL: there are none. */
extern struct varlena *emoser_read_checkpoint_parts(Sql *sql, int64 training);

extern void emoser_delete_checkpoint(Sql *sql, int64 training);

#endif
