/*
 * sample.c
 *	  A set of some utterances of a source, of however many there are.
 *
 * A heap holds the utterances with the least digests of those that have come (Beyer et al. 2007, "On
 * synopses for distinct-value estimation under multiset operations"): as good as drawn, and the same
 * whatever the order of the rows.
 */
#include "pg/source/set.h"

#include "utils/memutils.h"

#include "pg/source/audio_arg.h"
#include "pg/source/reader.h"

/* The utterances with the least digests, so far. */
typedef struct Sample
{
	Utterance *utterances; /* [max] */
	float *features;       /* [max][floats of an utterance] */
	int *heap;             /* [n], places in utterances, the greatest digest on top */
	int n, max;
	MemoryContext context;
} Sample;

static bool
is_greater(const Sample *sample, int a, int b)
{
	return memcmp(sample->utterances[a].digest, sample->utterances[b].digest,
				  EMOSER_DIGEST_LENGTH) > 0;
}

/* Let the last of the heap up to where it belongs. */
static void
sift_up(Sample *sample)
{
	int *heap = sample->heap;

	for (int at = sample->n - 1; at > 0 && is_greater(sample, heap[at], heap[(at - 1) / 2]);
		 at = (at - 1) / 2)
	{
		int moved = heap[at];

		heap[at] = heap[(at - 1) / 2];
		heap[(at - 1) / 2] = moved;
	}
}

/* Let the first of the heap down to where it belongs. */
static void
sift_down(Sample *sample)
{
	int *heap = sample->heap;

	for (int at = 0, child; (child = 2 * at + 1) < sample->n; at = child)
	{
		int moved = heap[at];

		child += child + 1 < sample->n && is_greater(sample, heap[child + 1], heap[child]);
		if (!is_greater(sample, heap[child], moved))
			return;
		heap[at] = heap[child];
		heap[child] = moved;
	}
}

static void
start_sample(Sample *sample, Size n_floats)
{
	sample->utterances = MemoryContextAllocHuge(sample->context, sample->max * sizeof(Utterance));
	sample->heap = MemoryContextAllocHuge(sample->context, sample->max * sizeof(int));
	/* The system gives no more of it than is touched. */
	sample->features =
		MemoryContextAllocHuge(sample->context, sample->max * n_floats * sizeof(float));
}

/* An UtteranceTaker. */
static void
take_into_sample(void *argument, const TrainingReader *reader)
{
	Sample *sample = argument;
	const Utterance *utterance = &reader->utterances[0];
	Size n_floats = emoser_utterance_floats(reader);
	bool is_full = sample->n == sample->max;
	int place;

	if (sample->n == 0)
		start_sample(sample, n_floats);
	if (is_full && memcmp(utterance->digest, sample->utterances[sample->heap[0]].digest,
						  EMOSER_DIGEST_LENGTH) >= 0)
		return;
	place = is_full ? sample->heap[0] : sample->n++;
	sample->utterances[place] = *utterance;
	sample->utterances[place].index = place;
	memcpy(sample->features + place * n_floats, reader->features, n_floats * sizeof(float));
	sample->heap[is_full ? 0 : place] = place;
	if (is_full)
		sift_down(sample);
	else
		sift_up(sample);
}

/* Labels of the sample alone. */
static void
relabel(TrainingReader *reader)
{
	NameTable labels;

	emoser_name_table_init(&labels, "emotions of a sample");
	for (int64 i = 0; i < reader->n_utterances; i++)
		reader->utterances[i].label = emoser_name_number(
			&labels, list_nth(reader->labels.names, reader->utterances[i].label));
	reader->labels = labels;
}

TrainingSet *
emoser_read_sample(Source *source, const TrainingSetOptions *options, int max_utterances)
{
	bool is_first_time = !emoser_source_was_read(source);
	Sample sample = {.max = max_utterances, .context = CurrentMemoryContext};
	TrainingReader reader;
	int64 n_in_source;
	TrainingSet *set;

	Assert(options->features && !options->frames && !options->with_ids);
	emoser_take_rows(&reader, options, source, take_into_sample, &sample);
	emoser_notice_talkers_of_source(reader.n_talkers_mixed);
	emoser_check_rows(&reader);
	n_in_source = reader.n_utterances;
	reader.utterances = sample.utterances;
	reader.features = sample.features;
	reader.n_utterances = sample.n;
	relabel(&reader);
	set = emoser_make_set(&reader, is_first_time);
	set->n_in_source = n_in_source;
	return set;
}
