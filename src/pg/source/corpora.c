/*
 * corpora.c
 *	  Several corpora in one set.
 */
#include "pg/source/corpora.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "pg/base/shown.h"

/* In place of the corpus of a speaker. */
#define NO_CORPUS (-1)
#define IS_SHARED (-2)

/* The corpus of each speaker, or IS_SHARED; the number of those in *n_shared. */
static int *
corpora_of_speakers(const TrainingReader *reader, int *n_shared)
{
	int n = list_length(reader->speakers.names);
	int *corpus_of = palloc(Max(n, 1) * sizeof(int));

	*n_shared = 0;
	for (int i = 0; i < n; i++)
		corpus_of[i] = NO_CORPUS;
	for (int64 i = 0; i < reader->n_utterances; i++)
	{
		const Utterance *utterance = &reader->utterances[i];
		int *corpus = &corpus_of[utterance->speaker];

		if (*corpus == NO_CORPUS)
			*corpus = utterance->corpus;
		if (*corpus == utterance->corpus || *corpus == IS_SHARED)
			continue;
		*corpus = IS_SHARED;
		(*n_shared)++;
	}
	return corpus_of;
}

static char *
name_in_corpus(const TrainingReader *reader, const Utterance *utterance)
{
	char *name = psprintf("%s/%s", (char *) list_nth(reader->corpora.names, utterance->corpus),
						  (char *) list_nth(reader->speakers.names, utterance->speaker));

	if (strlen(name) > EMOSER_MAX_NAME_BYTES)
		ereport(
			ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("a corpus and a speaker of the source have names of %zu bytes", strlen(name)),
			 errdetail("Where speakers are called the same in several corpora, both have "
					   "at most %d bytes.",
					   EMOSER_MAX_NAME_BYTES)));
	return name;
}

void
emoser_tell_speakers_of_corpora_apart(TrainingReader *reader, bool is_first_time)
{
	int n_shared;
	int *corpus_of;
	NameTable speakers;

	if (reader->columns.corpus == 0 || reader->columns.speaker == 0)
		return;
	corpus_of = corpora_of_speakers(reader, &n_shared);
	if (n_shared == 0)
		return;
	emoser_name_table_init(&speakers, "speakers of corpora");
	for (int64 i = 0; i < reader->n_utterances; i++)
	{
		Utterance *utterance = &reader->utterances[i];
		bool is_shared = corpus_of[utterance->speaker] == IS_SHARED;
		char *name = is_shared ? name_in_corpus(reader, utterance)
							   : list_nth(reader->speakers.names, utterance->speaker);

		CHECK_FOR_INTERRUPTS();
		utterance->speaker = emoser_name_number(&speakers, name);
		if (is_shared)
			pfree(name);
	}
	reader->speakers = speakers;
	if (is_first_time && !reader->options->quiet)
		ereport(NOTICE,
				(errmsg_plural("%d name of a speaker is in several corpora",
							   "%d names of speakers are in several corpora", n_shared, n_shared),
				 errdetail("They are taken as different people, who are called as \"%s\".",
						   emoser_shown(linitial(speakers.names)))));
}

static void
tell_of_single_corpora(const EmoTrainingSet *set, const char **labels, const char **corpora,
					   const int64 *cells)
{
	for (int c = 0; c < set->n_classes; c++)
	{
		int n_with = 0, last = 0;

		for (int corpus = 0; corpus < set->n_corpora; corpus++)
			if (cells[corpus * set->n_classes + c] > 0)
			{
				n_with++;
				last = corpus;
			}
		if (n_with == 1)
			ereport(NOTICE,
					(errmsg("emotion \"%s\" is in corpus \"%s\" only", emoser_shown(labels[c]),
							emoser_shown(corpora[last])),
					 errdetail("What tells the corpus from others is taken for the emotion by the "
							   "head without profiles."),
					 errhint("Read it as another emotion, or leave it out, by the option "
							 "\"labels\".")));
	}
}

/* Weights of mean 1. */
static float *
weights_of_rows(const EmoTrainingSet *set, const int64 *cells, Balance balance)
{
	float *weights = MemoryContextAllocHuge(CurrentMemoryContext, set->n_rows * sizeof(float));
	double total = 0;

	for (int64 row = 0; row < set->n_rows; row++)
	{
		double n = (double) cells[set->corpus[row] * set->n_classes + set->label[row]];

		weights[row] = (float) (balance == BALANCE_CORPORA ? 1 / n : 1 / sqrt(n));
		total += weights[row];
	}
	for (int64 row = 0; row < set->n_rows; row++)
		weights[row] *= (float) ((double) set->n_rows / total);
	return weights;
}

/* Utterances of each emotion in each corpus, [n_corpora][n_classes]. */
static int64 *
count_cells(const TrainingReader *reader, const EmoTrainingSet *set)
{
	int64 *cells = MemoryContextAllocExtended(
		CurrentMemoryContext, (Size) set->n_corpora * set->n_classes * sizeof(int64),
		MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	for (int64 row = 0; row < set->n_rows; row += reader->n_copies)
		cells[set->corpus[row] * set->n_classes + set->label[row]]++;
	return cells;
}

const char **
emoser_fill_corpora(const TrainingReader *reader, const char **labels, EmoTrainingSet *set,
					bool is_first_time)
{
	Balance balance = reader->options->balance;
	const char **corpora;
	int32 *place, *corpus;
	int64 *cells;

	if (list_length(reader->corpora.names) < 2)
		return NULL;
	corpora = emoser_sort_names(&reader->corpora, &place);
	corpus = MemoryContextAllocHuge(CurrentMemoryContext, set->n_rows * sizeof(int32));
	for (int64 row = 0; row < set->n_rows; row++)
		corpus[row] = place[reader->utterances[row / reader->n_copies].corpus];
	set->corpus = corpus;
	set->n_corpora = list_length(reader->corpora.names);
	cells = count_cells(reader, set);
	if (balance != BALANCE_NONE)
		set->row_weight = weights_of_rows(set, cells, balance);
	set->weighs_plain_rows_only = balance == BALANCE_ROOT;
	if (is_first_time && !reader->options->quiet)
		tell_of_single_corpora(set, labels, corpora, cells);
	pfree(cells);
	pfree(place);
	return corpora;
}

void
emoser_refuse_corpora(const SourceOptions *options, const char *algorithm)
{
	if (options->corpus != NULL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("algorithm \"%s\" does not tell corpora apart", algorithm),
						errdetail("Option \"corpus\" names a column of corpora."),
						errhint("Use algorithm \"lda\", or leave the option out.")));
}
