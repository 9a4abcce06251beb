/*
 * drift_source.h
 *	  What comes in, beside what a stored model was trained on: overall and over time.
 */
#ifndef EMOSER_DRIFT_SOURCE_H
#define EMOSER_DRIFT_SOURCE_H

#include "pg/base/glue.h"

#include "datatype/timestamp.h"
#include "lib/hyperloglog.h"
#include "utils/jsonb.h"

#include "core/model/drift.h"

/* Recordings of a stretch of time, or all. */
typedef struct DriftBucket
{
	bool has_start;
	TimestampTz start; /* if so */
	EmoDriftCounts *counts;
	hyperLogLogState speakers; /* names, about so many */
	int64 n, n_speakers;       /* n_speakers is 0 where they are not told */
	EmoDriftItem *items;
	int n_items;
} DriftBucket;

typedef struct Drift
{
	const char *called; /* the model, by the caller */
	const EmoModel *model;
	EmoDrift of;
	DriftBucket all;
	DriftBucket *buckets; /* [n_buckets], by their start */
	int n_buckets;
	int64 n_checked,
		n_trained_on; /* of the first recordings; n_trained_on is -1 where it isn't known */
} Drift;

/*
 * Of a source, which is run once.  SPI must be connected.  Memory is in the current context, and doesn't grow
 * with rows.  Warns of recordings that the model was trained on.
 */
extern Drift *emoser_measure_drift(Oid function, const char *source, const char *model,
								   Jsonb *options);

#endif
