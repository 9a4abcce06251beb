/*
 * set.c
 *	  What emoser_train() learns from: the rows of a table or query, as the core wants them.
 */
#include "pg/source/set.h"

#include "lib/stringinfo.h"
#include "utils/memutils.h"

#include "core/features/augment.h"
#include "core/features/features.h"
#include "core/model/model.h"
#include "pg/source/reader.h"

static void
no_utterances(const TrainingReader *reader)
{
	const char *column = reader->columns.audio != 0 ? "audio" : "features";
	int64 n_nulls = reader->n_null_contents;
	StringInfoData detail;

	if (reader->n_null_emotions > n_nulls)
	{
		column = "emotion";
		n_nulls = reader->n_null_emotions;
	}
	if (reader->n_null_speakers > n_nulls)
	{
		column = "speaker";
		n_nulls = reader->n_null_speakers;
	}
	initStringInfo(&detail);
	appendStringInfo(&detail,
					 ngettext(INT64_FORMAT " row was skipped because of nulls or bad audio.",
							  INT64_FORMAT " rows were skipped because of nulls or bad audio.",
							  (unsigned long) reader->n_skipped),
					 reader->n_skipped);
	if (n_nulls > 0)
		appendStringInfo(&detail, " The column \"%s\" is null in " INT64_FORMAT ".", column,
						 n_nulls);
	ereport(ERROR, (errcode(ERRCODE_NO_DATA_FOUND), errmsg("the source has no utterances"),
					reader->n_skipped > 0 ? errdetail_internal("%s", detail.data) : 0,
					strcmp(column, "speaker") == 0
						? errhint("If speakers are not known, leave the column out with a query.")
						: 0));
}

static void
check_sizes(const TrainingReader *reader)
{
	int n_classes = list_length(reader->labels.names);

	if (reader->n_utterances == 0)
		no_utterances(reader);
	if (n_classes > EMO_MAX_CLASSES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("the source has %d different emotions", n_classes),
						errdetail("A model can have at most %d.", EMO_MAX_CLASSES),
						errhint("Is \"emotion\" the right column?")));
}

static void
check_classes(const TrainingReader *reader)
{
	int n_classes = list_length(reader->labels.names);
	int64 *counts = palloc0(Max(n_classes, 1) * sizeof(int64));
	int n_single = 0;
	StringInfoData singles;

	if (n_classes == 1)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("the source has one emotion only"),
						errdetail("All " INT64_FORMAT " utterances are \"%s\".",
								  reader->n_utterances, (char *) linitial(reader->labels.names)),
						errhint("A model needs at least two emotions to tell apart.")));
	for (int64 i = 0; i < reader->n_utterances; i++)
		counts[reader->utterances[i].label]++;
	initStringInfo(&singles);
	for (int c = 0; c < n_classes; c++)
		if (counts[c] == 1)
			appendStringInfo(&singles, "%s\"%s\"", n_single++ > 0 ? ", " : "",
							 (char *) list_nth(reader->labels.names, c));
	if (n_single > 0)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("the source has emotions with a single utterance"),
						errdetail("So it is for %s.", singles.data),
						errhint("Add recordings of them, or leave them out with a query.")));
}

static int
compare_digests(const void *a, const void *b)
{
	return memcmp(((const Utterance *) a)->digest, ((const Utterance *) b)->digest,
				  EMOSER_DIGEST_LENGTH);
}

/* Bring the features into the order of the sorted utterances, in place, cycle by cycle. */
static void
reorder_features(TrainingReader *reader)
{
	Size n_bytes = emoser_utterance_floats(reader) * sizeof(float);
	char *features = (char *) reader->features;
	char *spare = MemoryContextAllocHuge(CurrentMemoryContext, n_bytes);

	for (int64 start = 0; start < reader->n_utterances; start++)
	{
		int64 to = start;

		if (reader->utterances[start].index == start)
			continue;
		memcpy(spare, features + start * n_bytes, n_bytes);
		for (;;)
		{
			int64 from = reader->utterances[to].index;

			reader->utterances[to].index = to;
			if (from == start)
				break;
			memcpy(features + to * n_bytes, features + from * n_bytes, n_bytes);
			to = from;
		}
		memcpy(features + to * n_bytes, spare, n_bytes);
	}
	pfree(spare);
}

static char *
hash_utterances(const TrainingReader *reader)
{
	return emoser_hash_digests(reader->utterances, sizeof(Utterance), reader->n_utterances);
}

static int32 *
alloc_row_numbers(int64 n_rows)
{
	return MemoryContextAllocHuge(CurrentMemoryContext, n_rows * sizeof(int32));
}

/*
 * For each utterance the first one that is the same in every respect.  A row that is in the source
 * twice must not stand on both sides of a split.
 */
static int32 *
number_recordings(const TrainingReader *reader)
{
	int32 *recordings = alloc_row_numbers(reader->n_utterances);

	for (int64 i = 0; i < reader->n_utterances; i++)
		recordings[i] =
			i > 0 && compare_digests(&reader->utterances[i - 1], &reader->utterances[i]) == 0
				? recordings[i - 1]
				: (int32) i;
	return recordings;
}

/* A row of the core's set for each copy of each utterance. */
static void
fill_core_set(const TrainingReader *reader, TrainingSet *set)
{
	int64 n_rows = reader->n_utterances * reader->n_copies;
	int32 *label_place, *speaker_place;
	int32 *label = alloc_row_numbers(n_rows);
	int32 *speaker = alloc_row_numbers(n_rows);
	int32 *recording = alloc_row_numbers(n_rows);
	int32 *copy_kind = alloc_row_numbers(n_rows);
	int32 *recordings = number_recordings(reader);

	set->labels = emoser_sort_names(&reader->labels, &label_place);
	set->speakers = emoser_sort_names(&reader->speakers, &speaker_place);
	for (int64 row = 0; row < n_rows; row++)
	{
		int64 number = row / reader->n_copies;
		const Utterance *utterance = &reader->utterances[number];

		label[row] = label_place[utterance->label];
		speaker[row] = reader->columns.speaker != 0 ? speaker_place[utterance->speaker] : 0;
		recording[row] = recordings[number];
		copy_kind[row] = (int32) (row % reader->n_copies);
	}
	pfree(recordings);
	set->source_rows =
		MemoryContextAllocHuge(CurrentMemoryContext, reader->n_utterances * sizeof(int64));
	set->ids = MemoryContextAllocHuge(CurrentMemoryContext, reader->n_utterances * sizeof(char *));
	for (int64 i = 0; i < reader->n_utterances; i++)
	{
		set->source_rows[i] = reader->utterances[i].source_row;
		set->ids[i] = reader->utterances[i].id;
	}
	set->n_copies = reader->n_copies;
	set->core.features = reader->features;
	set->core.label = label;
	set->core.speaker = reader->columns.speaker != 0 ? speaker : NULL;
	set->core.recording = recording;
	set->core.copy_kind = copy_kind;
	set->core.first_random_kind = EMO_AUGMENT_FIRST_RANDOM_KIND;
	set->core.n_rows = n_rows;
	set->core.n_features = reader->n_features;
	set->core.n_classes = list_length(reader->labels.names);
	set->core.n_speakers = list_length(reader->speakers.names);
}

/* What is known of each utterance, without its copies. */
static void
fill_utterances(TrainingSet *set)
{
	Size n = set->n_utterances;

	set->label = alloc_row_numbers(n);
	set->speaker = set->core.speaker != NULL ? alloc_row_numbers(n) : NULL;
	set->repeats = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(bool));
	for (Size i = 0; i < n; i++)
	{
		set->repeats[i] = i > 0 && set->core.recording[i * set->n_copies] ==
									   set->core.recording[(i - 1) * set->n_copies];
		set->label[i] = set->core.label[i * set->n_copies];
		if (set->speaker != NULL)
			set->speaker[i] = set->core.speaker[i * set->n_copies];
	}
}

/* Utterances in the order of the set, and where their frames are. */
typedef struct FrameOrder
{
	FrameStore *store;
	int64 *place; /* [n_utterances] */
} FrameOrder;

static EmoStatus
fetch_frames(EmoEnv *env, void *source, int64_t utterance, const uint16_t **frames)
{
	FrameOrder *order = source;

	return emoser_frame_store_fetch(env, order->store, order->place[utterance], frames);
}

static void
fill_net_data(const TrainingReader *reader, const int64 *place, TrainingSet *set)
{
	Size n = reader->n_utterances;
	int32 *n_frames = alloc_row_numbers(n);
	FrameOrder *order = palloc(sizeof(FrameOrder));

	order->store = reader->frames;
	order->place = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int64));
	for (Size i = 0; i < n; i++)
	{
		order->place[i] = place[i];
		n_frames[i] = emoser_frame_store_n_frames(reader->frames, place[i]);
	}
	set->net = (EmoNnData){.n_recordings = n,
						   .n_classes = set->core.n_classes,
						   .label = set->label,
						   .speaker = set->speaker,
						   .n_speakers = set->core.n_speakers,
						   .repeats = set->repeats,
						   .n_frames = n_frames,
						   .fetch = fetch_frames,
						   .source = order};
}

/* Where each utterance, in the order of the set, was among those that were read. */
static int64 *
places_read(const TrainingReader *reader)
{
	int64 *place =
		MemoryContextAllocHuge(CurrentMemoryContext, reader->n_utterances * sizeof(int64));

	for (int64 i = 0; i < reader->n_utterances; i++)
		place[i] = reader->utterances[i].index;
	return place;
}

TrainingSet *
emoser_read_training_set(const char *source, const TrainingSetOptions *options)
{
	TrainingSet *set = palloc0(sizeof(TrainingSet));
	TrainingReader reader;
	int64 *place;

	emoser_read_training_rows(&reader, options, emoser_source_item(source));
	check_sizes(&reader);
	if (!options->any_classes)
		check_classes(&reader);
	qsort(reader.utterances, reader.n_utterances, sizeof(Utterance), compare_digests);
	place = places_read(&reader);
	if (options->features)
		reorder_features(&reader);
	set->n_utterances = reader.n_utterances;
	fill_core_set(&reader, set);
	fill_utterances(set);
	if (options->frames)
		fill_net_data(&reader, place, set);
	pfree(place);

	set->n_skipped = reader.n_skipped;
	set->feature_version = reader.n_features == emo_feature_count() ? EMO_FEATURE_VERSION : 0;
	set->data_hash = hash_utterances(&reader);
	set->has_audio = reader.columns.audio != 0;
	return set;
}

void
emoser_tell_skipped(const TrainingSet *set)
{
	if (set->n_skipped > 0)
		ereport(NOTICE, (errmsg_plural(INT64_FORMAT " row skipped because of nulls or bad audio",
									   INT64_FORMAT " rows skipped because of nulls or bad audio",
									   (unsigned long) set->n_skipped, set->n_skipped)));
}

bool
emoser_same_training_set(const TrainingSetOptions *a, const TrainingSetOptions *b)
{
	return a->features == b->features && a->frames == b->frames &&
		   (!a->features || (a->augment == b->augment && a->seed == b->seed)) &&
		   a->with_ids == b->with_ids && a->any_classes == b->any_classes;
}
