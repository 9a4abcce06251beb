/*
 * reader.c
 *	  Reads the rows of a source, in their order.
 */
#include "pg/source/reader.h"

#include <math.h>

#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/features/augment.h"
#include "core/features/features.h"
#include "core/model/model.h"
#include "pg/base/plans.h"
#include "pg/base/progress.h"
#include "pg/base/shown.h"
#include "pg/source/audio_arg.h"

/* A huge array with room for more items; NULL is one of none. */
static void *
grow(const TrainingReader *reader, void *array, Size item_size)
{
	Size n_bytes = reader->capacity * item_size;

	return array == NULL ? MemoryContextAllocHuge(reader->context, n_bytes)
						 : repalloc_huge(array, n_bytes);
}

/* Where the next utterance goes: always to the same place if somebody takes each. */
static int64
next_place(const TrainingReader *reader)
{
	return reader->take == NULL ? reader->n_utterances : 0;
}

/* Room for one more utterance. */
static void
reserve(TrainingReader *reader)
{
	if (next_place(reader) < reader->capacity)
		return;
	reader->capacity = reader->take == NULL ? Max(reader->capacity * 2, 64) : 1;
	reader->utterances = grow(reader, reader->utterances, sizeof(Utterance));
	if (reader->options->features)
		reader->features =
			grow(reader, reader->features, emoser_utterance_floats(reader) * sizeof(float));
}

static void
make_features(TrainingReader *reader, EmoEnv *env, const EmoSpoken *spoken, float *features)
{
	EmoFeaturePlan *plan = emoser_feature_plan();
	int first_random = emoser_first_random_kind(reader);
	int n_degraded = first_random - EMO_AUGMENT_FIRST_RANDOM_KIND;

	emoser_check(env, emo_features(env, plan, spoken->samples, spoken->n_samples, NULL, features));
	for (int kind = 1; kind < reader->n_copies; kind++)
	{
		float *of_copy = features + (Size) kind * reader->n_features;

		CHECK_FOR_INTERRUPTS();
		if (kind >= EMO_AUGMENT_FIRST_RANDOM_KIND && kind < first_random)
			emoser_check(env, emo_degraded_features(env, plan, &reader->options->degrade,
													kind - EMO_AUGMENT_FIRST_RANDOM_KIND,
													reader->options->seed, spoken->samples,
													spoken->n_samples, of_copy));
		else
			emoser_check(env, emo_augmented_features(env, plan,
													 kind < first_random ? kind : kind - n_degraded,
													 reader->options->seed, spoken->samples,
													 spoken->n_samples, of_copy));
	}
}

/* Frames of the copies that a net is trained on, after those of the recording itself. */
static void
add_frames_of_copies(TrainingReader *reader, EmoEnv *env, const EmoSpoken *spoken)
{
	const TrainingSetOptions *options = reader->options;

	for (int number = 0; number < options->frame_copies.copies; number++)
	{
		uint16_t *frames;
		float *copy;
		int64_t n_copy;
		int n_frames;

		CHECK_FOR_INTERRUPTS();
		emoser_check(env,
					 emo_degraded_copy(env, &options->frame_copies, number, options->frame_seed,
									   spoken->samples, spoken->n_samples, &copy, &n_copy));
		emoser_check(env,
					 emo_nn_frames(env, emoser_nn_input_plan(), copy, n_copy, &frames, &n_frames));
		emoser_frame_store_add(reader->frames, frames, n_frames);
		emo_free(env, frames);
		emo_free(env, copy);
	}
}

/* False for a recording that is too long for a net, and may be skipped. */
static bool
make_frames(TrainingReader *reader, EmoEnv *env, const EmoSpoken *spoken)
{
	uint16_t *frames;
	int n_frames;

	StaticAssertStmt(EMO_NN_SAMPLE_RATE == EMO_FEATURE_SAMPLE_RATE,
					 "a recording is decoded once for features and frames");
	if (!emoser_audio_accepted(env,
							   emo_nn_frames(env, emoser_nn_input_plan(), spoken->samples,
											 spoken->n_samples, &frames, &n_frames),
							   reader->options->source.on_bad_audio))
		return false;
	if (reader->take != NULL)
	{
		reader->taken_frames = frames;
		reader->n_taken_frames = n_frames;
		return true;
	}
	emoser_frame_store_add(reader->frames, frames, n_frames);
	emo_free(env, frames);
	add_frames_of_copies(reader, env, spoken);
	return true;
}

/* False for a bad recording that is to be skipped. */
static bool
read_audio(TrainingReader *reader, struct varlena *audio, int channel, float *features)
{
	AudioOptions options = {.channel = channel,
							.on_bad_audio = reader->options->source.on_bad_audio};
	EmoEnv env;
	EmoAudio decoded;
	EmoSpoken spoken;
	bool has_speech;

	emoser_env_init(&env, CurrentMemoryContext);
	if (!emoser_decode_audio(&env, audio, EMO_FEATURE_SAMPLE_RATE, options, &decoded))
		return false;
	reader->n_talkers_mixed += decoded.differs;
	/* Somebody has heard an emotion in it: figures without it would be better than what they tell of. */
	has_speech = emoser_hear_speech(&env, &decoded, &spoken);
	if (reader->options->frames && !make_frames(reader, &env, &spoken))
		return false;
	if (reader->options->features)
		make_features(reader, &env, &spoken, features);
	reader->n_without_speech += !has_speech;
	return true;
}

static void
read_features(TrainingReader *reader, ArrayType *array, float *features)
{
	int n_features;
	const float *given = emoser_real_vector_data(array, "features", &n_features);

	if (n_features != reader->n_features)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("features of different lengths in the source"),
						errdetail("One utterance has %d features, another %d.", reader->n_features,
								  n_features)));
	for (int i = 0; i < n_features; i++)
		if (!isfinite(given[i]))
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION), errmsg("features must be finite"),
					 errdetail("Element %d of an utterance's features is %g.", i + 1, given[i])));
	memcpy(features, given, n_features * sizeof(float));
}

static void
check_name(const char *column, const char *name, int max_bytes)
{
	if (name[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("column \"%s\" of the source holds an empty string", emoser_shown(column)),
				 errhint("Use NULL for rows that are to be skipped.")));
	if (strlen(name) > (size_t) max_bytes)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("column \"%s\" of the source holds a name of %zu bytes",
							   emoser_shown(column), strlen(name)),
						errdetail("Names of this column have at most %d bytes.", max_bytes)));
}

/* Sets the number of features by the first utterance, and checks it. */
static void
count_features(TrainingReader *reader, struct varlena *content)
{
	if (reader->n_features == 0)
		(void) emoser_real_vector_data((ArrayType *) content, "features", &reader->n_features);
	if (reader->n_features == 0 || reader->n_features > EMO_MAX_FEATURES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("an utterance of the source has %d features", reader->n_features),
						errdetail("Allowed range: 1 to %d.", EMO_MAX_FEATURES)));
}

/* Features or frames of an utterance, as the next one; false if it is to be skipped. */
static bool
read_content(TrainingReader *reader, struct varlena *content, int channel)
{
	float *features = NULL;

	if (reader->options->features)
		count_features(reader, content);
	reserve(reader);
	if (reader->options->features)
		features = reader->features + next_place(reader) * emoser_utterance_floats(reader);
	if (reader->columns.audio != 0)
		return read_audio(reader, content, channel, features);
	read_features(reader, (ArrayType *) content, features);
	return true;
}

/* The name in a column; NULL for null, and for no column. */
static char *
read_name(const TrainingReader *reader, HeapTuple row, int column, int max_bytes)
{
	char *name = column != 0 ? emoser_trimmed_value(row, reader->row_type, column) : NULL;

	if (name != NULL)
		check_name(emoser_column_name(reader->row_type, column), name, max_bytes);
	return name;
}

static void
count_label(TrainingReader *reader, int label)
{
	if (label >= reader->label_capacity)
	{
		int capacity = Max(2 * reader->label_capacity, 64);
		Size n_bytes = capacity * sizeof(int64);

		reader->n_of_label = reader->n_of_label == NULL
								 ? MemoryContextAllocHuge(reader->context, n_bytes)
								 : repalloc_huge(reader->n_of_label, n_bytes);
		memset(reader->n_of_label + reader->label_capacity, 0,
			   (capacity - reader->label_capacity) * sizeof(int64));
		reader->label_capacity = capacity;
	}
	reader->n_of_label[label]++;
}

static void
add_utterance(TrainingReader *reader, const struct varlena *content, int channel, const char *label,
			  const char *speaker, const char *group, const char *id)
{
	Utterance *utterance = &reader->utterances[next_place(reader)];

	emoser_digest_utterance(content, channel, label, speaker != NULL ? speaker : "",
							utterance->digest);
	utterance->label = emoser_name_number(&reader->labels, label);
	count_label(reader, utterance->label);
	utterance->speaker = speaker != NULL ? emoser_name_number(&reader->speakers, speaker) : 0;
	utterance->group = group != NULL ? emoser_name_number(&reader->groups, group) : 0;
	utterance->source_row = emoser_source_row_number(reader->source);
	utterance->id =
		reader->options->with_ids && id != NULL ? MemoryContextStrdup(reader->context, id) : NULL;
	utterance->index = reader->n_utterances++;
}

static void
read_row(TrainingReader *reader, HeapTuple row, const char *id)
{
	const SourceColumns *columns = &reader->columns;
	bool content_is_null;
	Datum content =
		SPI_getbinval(row, reader->row_type,
					  columns->audio != 0 ? columns->audio : columns->features, &content_is_null);
	char *label = read_name(reader, row, columns->label, EMO_MAX_LABEL_BYTES);
	char *speaker = read_name(reader, row, columns->speaker, EMOSER_MAX_NAME_BYTES);
	char *group = read_name(reader, row, columns->group, EMOSER_MAX_NAME_BYTES);
	bool speaker_is_null = columns->speaker != 0 && speaker == NULL;
	bool group_is_null = columns->group != 0 && group == NULL;
	struct varlena *bytes;
	int channel;

	if (content_is_null || label == NULL || speaker_is_null || group_is_null)
	{
		reader->n_null_contents += content_is_null;
		reader->n_null_labels += label == NULL;
		reader->n_null_speakers += speaker_is_null;
		reader->n_null_groups += group_is_null;
		reader->n_skipped++;
		return;
	}
	/* Arrays need an aligned header, audio does not. */
	bytes = columns->audio != 0 ? PG_DETOAST_DATUM_PACKED(content) : PG_DETOAST_DATUM(content);
	channel = columns->audio != 0 ? emoser_row_channel(row, reader->row_type, columns->channel)
								  : EMO_MIXED;
	if (read_content(reader, bytes, channel))
	{
		add_utterance(reader, bytes, channel, label, speaker, group, id);
		if (reader->take != NULL)
			reader->take(reader->argument, reader);
	}
	else
		reader->n_skipped++;
}

/* The row that is being read; id is NULL if it has none. */
typedef struct RowContext
{
	int64 number; /* from 1 */
	const char *id;
} RowContext;

static void
add_row_context(void *argument)
{
	const RowContext *row = argument;

	if (row->id != NULL)
		errcontext("row " INT64_FORMAT " of the source, id \"%s\"", row->number,
				   emoser_shown(row->id));
	else
		errcontext("row " INT64_FORMAT " of the source", row->number);
}

/* So that whoever has thousands of recordings knows which one is bad. */
static void
read_row_in_context(TrainingReader *reader, HeapTuple row)
{
	RowContext context = {.number = emoser_source_row_number(reader->source)};
	ErrorContextCallback callback = {error_context_stack, add_row_context, &context};

	if (reader->columns.id != 0)
		context.id = SPI_getvalue(row, reader->row_type, reader->columns.id);
	error_context_stack = &callback;
	read_row(reader, row, context.id);
	error_context_stack = callback.previous;
}

/* What is to be made of which columns. */
static void
choose_columns(TrainingReader *reader)
{
	const TrainingSetOptions *options = reader->options;

	reader->row_type = emoser_source_row_type(reader->source);
	reader->columns = emoser_source_columns(reader->row_type, &options->source, options->frames);
	emoser_use_source_columns(reader->source, &reader->columns);
	if (options->frames && reader->take == NULL)
		reader->frames = emoser_frame_store_create(options->memory_mb);
	if (options->features && reader->columns.audio != 0)
	{
		reader->n_features = emo_feature_count();
		reader->n_copies += options->augment ? EMO_AUGMENT_N_COPIES + options->degrade.copies : 0;
	}
}

/* A reading of all rows. */
typedef struct Reading
{
	TrainingReader *reader;
	Progress progress;
} Reading;

static void
take_row(void *argument, const SourceRow *row)
{
	Reading *reading = argument;

	read_row_in_context(reading->reader, row->columns);
	emoser_progress_report(&reading->progress, emoser_source_row_number(reading->reader->source));
}

static void
read_all(TrainingReader *reader)
{
	Reading reading = {.reader = reader};

	emoser_progress_start_estimate(&reading.progress, "utterances read",
								   emoser_source_estimated_rows(reader->source),
								   reader->options->quiet);
	emoser_each_row(reader->source, take_row, &reading);
}

void
emoser_read_rows(TrainingReader *reader, const TrainingSetOptions *options, Source *source)
{
	emoser_take_rows(reader, options, source, NULL, NULL);
}

void
emoser_take_rows(TrainingReader *reader, const TrainingSetOptions *options, Source *source,
				 UtteranceTaker take, void *argument)
{
	memset(reader, 0, sizeof(*reader));
	reader->take = take;
	reader->argument = argument;
	reader->options = options;
	reader->source = source;
	reader->n_copies = 1;
	reader->context = CurrentMemoryContext;
	emoser_name_table_init(&reader->labels, "emotions");
	emoser_name_table_init(&reader->speakers, "speakers");
	emoser_name_table_init(&reader->groups, "groups");
	choose_columns(reader);
	read_all(reader);
}
