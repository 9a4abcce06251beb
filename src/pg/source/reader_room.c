/*
 * reader_room.c
 *	  Room for the utterances of a source, which may be many.
 */
#include "pg/source/reader.h"

#include "utils/memutils.h"

/* A huge array with room for more items; NULL is one of none. */
static void *
grow(const TrainingReader *reader, void *array, Size item_size)
{
	Size n_bytes = reader->capacity * item_size;

	return array == NULL ? MemoryContextAllocHuge(reader->context, n_bytes)
						 : repalloc_huge(array, n_bytes);
}

/*
 * Twice as many, within the memory that training may take: what an encoder makes of all its layers is some
 * ten times as long as our features.
 */
static int64
next_capacity(const TrainingReader *reader)
{
	int64 wanted = Max(reader->capacity * 2, 64), most;

	if (reader->options->encoder == NULL || emoser_max_training_memory_kb < 0)
		return wanted;
	most = (int64) emoser_max_training_memory_kb * 1024 /
		   (int64) (emoser_utterance_floats(reader) * sizeof(float));
	if (reader->n_utterances >= most)
		ereport(
			ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("training needs more memory than it may take"),
			 errdetail("Of each utterance %zu kB are kept, and there are more than " INT64_FORMAT
					   ". The setting emoser.max_training_memory allows %d MB.",
					   emoser_utterance_floats(reader) * sizeof(float) / 1024, reader->n_utterances,
					   emoser_max_training_memory_kb / 1024),
			 errhint("Raise the setting, or use one layer of the encoder instead of all.")));
	return Min(wanted, most);
}

void
emoser_reserve_utterance(TrainingReader *reader)
{
	if (emoser_next_place(reader) < reader->capacity)
		return;
	reader->capacity = reader->take == NULL ? next_capacity(reader) : 1;
	reader->utterances = grow(reader, reader->utterances, sizeof(Utterance));
	if (reader->options->features)
		reader->features =
			grow(reader, reader->features, emoser_utterance_floats(reader) * sizeof(float));
	if (reader->columns.n_targets > 0)
		reader->targets = grow(reader, reader->targets, reader->columns.n_targets * sizeof(float));
}
