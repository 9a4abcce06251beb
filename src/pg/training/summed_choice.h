/*
 * summed_choice.h
 *	  Whether a training of lda sums its rows up where they are, or keeps them in memory.
 */
#ifndef EMOSER_SUMMED_CHOICE_H
#define EMOSER_SUMMED_CHOICE_H

#include "pg/base/glue.h"

#include "access/tupdesc.h"

#include "pg/training/lda_options.h"

typedef struct SourceSize
{
	const char *text;
	TupleDesc row_type;
	SourceColumns columns;
	int n_copies; /* rows of an utterance */
} SourceSize;

/*
 * By the options, or else by how many rows there are: those of a source that can't be read twice, as the planner
 * expects.  Raises PROGRAM_LIMIT_EXCEEDED if it takes more than emoser.max_training_memory either way.
 */
extern bool emoser_chooses_sums(const SourceSize *source, const LdaOptions *lda,
								bool is_repeatable);

/* Raises FEATURE_NOT_SUPPORTED for options that want sums of what an encoder hears: such rows are kept in memory. */
extern void emoser_refuse_sums_of_encoder(const LdaOptions *lda);

#endif
