/*
 * training.h
 *	  A training as emoser_train() does it, without storing what comes out.
 */
#ifndef EMOSER_TRAINING_H
#define EMOSER_TRAINING_H

#include "pg/model/store.h"
#include "pg/training/observer.h"

/* What a training has to tell beside the record. */
typedef struct TrainingReport
{
	bool quiet; /* by the options */
	int64 n_skipped;
	struct StatesToKeep *states; /* to be kept once the model is stored; NULL: none */
} TrainingReport;

/*
 * Train record->algorithm on record->source with the given options and fill the rest of the record,
 * in the current memory context, which should be one of its own.  Reads the source with the
 * caller's rights; SPI must be connected; function is any of the extension.  observer may be NULL, see Algorithm.train.  Raises what emoser_train() raises.
 */
extern void emoser_train_record(Oid function, ModelRecord *record, Jsonb *options,
								TrainingObserver *observer, TrainingReport *report);

/* The text of options as models have it, which speak UTF-8. */
extern const char *emoser_options_text(Jsonb *options);

#endif
