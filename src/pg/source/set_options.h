/*
 * set_options.h
 *	  How a source is to be read.
 */
#ifndef EMOSER_SET_OPTIONS_H
#define EMOSER_SET_OPTIONS_H

#include "core/audio/degrade.h"
#include "pg/source/encoder_use.h"
#include "pg/source/source.h"

/* Of emo_degrade_options. */
#define EMOSER_N_DEGRADE_OPTIONS 5

/* What rows of several corpora weigh. */
typedef enum Balance
{
	BALANCE_ROOT, /* those of each emotion in each corpus by the root of their number, in the head
					  * without profiles */
	BALANCE_CORPORA, /* those of each emotion in each corpus as much as those of any other */
	BALANCE_NONE     /* each row as much as any other */
} Balance;

typedef struct TrainingSetOptions
{
	SourceOptions source;
	bool features;             /* read or make features of the utterances */
	const EncoderUse *encoder; /* what makes features of recordings; NULL: they are ours */
	bool augment;              /* add copies of each recording; features given as such have none */
	EmoDegradeOptions degrade; /* further copies, if augment; their number may be 0 */
	uint64 seed;               /* of the noise in the copies */
	bool frames;               /* make frames for nets; the source must have recordings then */
	EmoDegradeOptions frame_copies; /* of which frames are made, too; their number may be 0 */
	uint64 frame_seed;              /* of the noise in these */
	int memory_mb;    /* so much memory for the frames, the rest goes to a temporary file */
	bool quiet;       /* no progress */
	bool with_ids;    /* read the column id, if there is one */
	bool by_corpus;   /* read the column of corpora, if there is one */
	int balance;      /* Balance, of corpora */
	List *by;         /* C strings: columns by whose values utterances are grouped; NIL: none */
	bool any_classes; /* one emotion, or one utterance of it, will do: not for training */
} TrainingSetOptions;

#endif
