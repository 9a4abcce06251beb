/*
 * set.c
 *	  What training has in memory: the utterances of a source, as the core wants them.
 */
#include "pg/source/set.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/features/augment.h"
#include "core/features/features.h"
#include "pg/source/audio_arg.h"
#include "pg/source/corpora.h"
#include "pg/source/reader.h"

static int
compare_digests(const void *a, const void *b)
{
	CHECK_FOR_INTERRUPTS();
	return memcmp(((const Utterance *) a)->digest, ((const Utterance *) b)->digest,
				  EMOSER_DIGEST_LENGTH);
}

static int
compare_ids(const char *a, const char *b)
{
	return a == NULL || b == NULL ? (a != NULL) - (b != NULL) : strcmp(a, b);
}

/* Those that are the same in every respect are in an order, too, in whatever order workers have read them. */
static int
compare_utterances(const void *a, const void *b, void *argument)
{
	const TrainingReader *reader = argument;
	const Utterance *x = a, *y = b;
	int order = compare_digests(a, b);

	if (order == 0 && x->group != y->group)
		order = strcmp(list_nth(reader->groups.names, x->group),
					   list_nth(reader->groups.names, y->group));
	if (order == 0)
		order = emoser_compare_by(reader, x->by, y->by);
	if (order == 0)
		order = compare_ids(x->id, y->id);
	return order != 0 ? order : (x->source_row > y->source_row) - (x->source_row < y->source_row);
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

		CHECK_FOR_INTERRUPTS();
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
	EmoHashSum sum = {{0}};

	for (int64 i = 0; i < reader->n_utterances; i++)
		emo_hash_sum_add(&sum, reader->utterances[i].digest);
	return emoser_data_hash(&sum);
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
	int32 *label_place, *speaker_place, *group_place;
	int32 *label = alloc_row_numbers(n_rows);
	int32 *speaker = alloc_row_numbers(n_rows);
	int32 *recording = alloc_row_numbers(n_rows);
	int32 *copy_kind = alloc_row_numbers(n_rows);
	int32 *recordings = number_recordings(reader);

	set->labels = emoser_sort_names(&reader->labels, &label_place);
	set->speakers = emoser_sort_names(&reader->speakers, &speaker_place);
	set->groups = emoser_sort_names(&reader->groups, &group_place);
	set->n_groups = list_length(reader->groups.names);
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
	set->content =
		MemoryContextAllocHuge(CurrentMemoryContext, reader->n_utterances * sizeof(ContentHashes));
	if (reader->columns.group != 0)
		set->group = alloc_row_numbers(reader->n_utterances);
	for (int64 i = 0; i < reader->n_utterances; i++)
	{
		set->source_rows[i] = reader->utterances[i].source_row;
		set->ids[i] = reader->utterances[i].id;
		set->content[i] = reader->utterances[i].hashes;
		if (set->group != NULL)
			set->group[i] = group_place[reader->utterances[i].group];
	}
	set->by = emoser_group_columns_of(reader, reader->utterances[0].by, sizeof(Utterance),
									  reader->n_utterances);
	set->n_by = reader->columns.n_by;
	set->n_copies = reader->n_copies;
	set->core.features = reader->features;
	set->core.label = label;
	set->core.speaker = reader->columns.speaker != 0 ? speaker : NULL;
	set->core.recording = recording;
	set->core.copy_kind = copy_kind;
	set->core.first_random_kind = emoser_first_random_kind(reader);
	set->core.first_degraded_kind = emoser_first_degraded_kind(reader);
	set->core.degraded_weight = (float) reader->options->degrade.weight;
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
	int64 *place; /* [n_utterances], in the store; those of its copies follow */
} FrameOrder;

static EmoStatus
fetch_frames(EmoEnv *env, void *source, int64_t utterance, const uint16_t **frames)
{
	FrameOrder *order = source;

	return emoser_frame_store_fetch(env, order->store, order->place[utterance], frames);
}

static EmoStatus
fetch_frames_of_copy(EmoEnv *env, void *source, int64_t utterance, int copy,
					 const uint16_t **frames, int *n_frames)
{
	FrameOrder *order = source;
	int64 place = order->place[utterance] + 1 + copy;

	*n_frames = emoser_frame_store_n_frames(order->store, place);
	return emoser_frame_store_fetch(env, order->store, place, frames);
}

static void
fill_net_data(const TrainingReader *reader, const int64 *place, TrainingSet *set)
{
	Size n = reader->n_utterances;
	int32 *n_frames = alloc_row_numbers(n);
	FrameOrder *order = palloc(sizeof(FrameOrder));
	int n_copies = reader->options->frame_copies.copies;

	order->store = reader->frames;
	order->place = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int64));
	for (Size i = 0; i < n; i++)
	{
		order->place[i] = place[i] * (1 + n_copies);
		n_frames[i] = emoser_frame_store_n_frames(reader->frames, order->place[i]);
	}
	set->net = (EmoNnData){.n_recordings = n,
						   .n_classes = set->core.n_classes,
						   .label = set->label,
						   .speaker = set->speaker,
						   .n_speakers = set->core.n_speakers,
						   .repeats = set->repeats,
						   .n_frames = n_frames,
						   .fetch = fetch_frames,
						   .n_copies = n_copies,
						   .fetch_copy = fetch_frames_of_copy,
						   .source = order};
}

/* The numbers of each utterance, and of its copies. */
static void
fill_targets(const TrainingReader *reader, const int64 *place, TrainingSet *set)
{
	int n = reader->columns.n_targets;
	Size n_bytes = n * sizeof(float);
	float *of_rows;

	if (n == 0)
		return;
	set->targets = palloc(n * sizeof(char *));
	for (int t = 0; t < n; t++)
		set->targets[t] = pstrdup(emoser_column_name(reader->row_type, reader->columns.targets[t]));
	set->target = MemoryContextAllocHuge(CurrentMemoryContext, set->n_utterances * n_bytes);
	of_rows = MemoryContextAllocHuge(CurrentMemoryContext, set->core.n_rows * n_bytes);
	for (int64 i = 0; i < set->n_utterances; i++)
		memcpy(set->target + i * n, reader->targets + place[i] * n, n_bytes);
	for (int64 row = 0; row < set->core.n_rows; row++)
		memcpy(of_rows + row * n, set->target + row / set->n_copies * n, n_bytes);
	set->core.target = of_rows;
	set->core.n_targets = n;
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

/* Features that were given are ours if they are as many. */
static int
feature_version(const TrainingReader *reader)
{
	const EncoderUse *encoder = reader->options->encoder;
	bool are_ours = encoder != NULL && reader->columns.audio != 0
						? encoder->with_features
						: reader->n_features == emo_feature_count();

	return are_ours ? EMO_FEATURE_VERSION : 0;
}

TrainingSet *
emoser_make_set(struct TrainingReader *reader, bool is_first_time)
{
	const TrainingSetOptions *options = reader->options;
	TrainingSet *set = palloc0(sizeof(TrainingSet));
	int64 *place;

	qsort_arg(reader->utterances, reader->n_utterances, sizeof(Utterance), compare_utterances,
			  reader);
	place = places_read(reader);
	if (options->features)
		reorder_features(reader);
	set->n_utterances = reader->n_utterances;
	emoser_tell_speakers_of_corpora_apart(reader, is_first_time);
	fill_core_set(reader, set);
	set->corpora = emoser_fill_corpora(reader, set->labels, &set->core, is_first_time);
	fill_utterances(set);
	fill_targets(reader, place, set);
	if (options->frames)
		fill_net_data(reader, place, set);
	pfree(place);
	if (is_first_time)
		emoser_tell_of_rows(reader);
	set->n_skipped = reader->n_skipped;
	set->encoder = reader->columns.audio != 0 ? options->encoder : NULL;
	set->feature_version = feature_version(reader);
	set->has_audio = reader->columns.audio != 0;
	return set;
}

TrainingSet *
emoser_read_set(Source *source, const TrainingSetOptions *options)
{
	bool is_first_time = !emoser_source_was_read(source);
	TrainingReader reader;
	TrainingSet *set;

	emoser_read_rows(&reader, options, source);
	emoser_notice_talkers_of_source(reader.n_talkers_mixed);
	emoser_check_rows(&reader);
	set = emoser_make_set(&reader, is_first_time);
	set->n_in_source = set->n_utterances;
	set->data_hash = hash_utterances(&reader);
	return set;
}

TrainingSet *
emoser_read_training_set(const char *text, const TrainingSetOptions *options)
{
	Source *source = emoser_open_source(text, false);

	return emoser_read_set(source, options);
}

TrainingHashes *
emoser_hashes_of_set(const TrainingSet *set)
{
	TrainingHashes *hashes;

	if (set->hashes != NULL)
		return set->hashes;
	hashes = emoser_new_training_hashes();
	for (int64 i = 0; i < set->n_utterances; i++)
		emoser_remember_content(hashes, &set->content[i]);
	for (int i = 0; i < set->core.n_speakers; i++)
		emoser_remember(hashes, HASHES_OF_SPEAKERS, emoser_hash_name(set->speakers[i]));
	return hashes;
}

void
emoser_report_skipped(const TrainingSet *set)
{
	emoser_report_skipped_rows(set->n_skipped);
}
