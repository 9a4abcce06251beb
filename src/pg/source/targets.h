/*
 * targets.h
 *	  The option "target" of sources: columns of numbers that a regression learns, in the place of emotions.
 */
#ifndef EMOSER_TARGETS_H
#define EMOSER_TARGETS_H

#include "pg/source/source.h"

typedef struct TargetNames
{
	int n; /* 0: emotions are learnt */
	char *names[EMO_MAX_TARGETS];
} TargetNames;

/* From "arousal" or ["valence", "arousal"]; none for NULL.  Raises INVALID_PARAMETER_VALUE for anything else. */
extern TargetNames emoser_read_target_names(Jsonb *target);

/*
 * Their columns.  Raises UNDEFINED_COLUMN for one that isn't there, DATATYPE_MISMATCH for one that isn't of
 * numbers.
 */
extern void emoser_find_targets(TupleDesc columns, const SourceOptions *options,
								SourceColumns *found);

/* The numbers of a row; false if one of them is NULL.  Raises DATA_EXCEPTION for one that is not finite. */
extern bool emoser_row_targets(HeapTuple row, TupleDesc columns, const SourceColumns *source,
							   float *targets);

/* Such a number as training has it; raises likewise. */
extern float emoser_checked_target(double target);

/* Raise INVALID_PARAMETER_VALUE for none. */
extern void emoser_require_target(Jsonb *target, const char *algorithm);

#endif
