/*
 * reader.c
 *	  Reads the rows of a training source, in their order.
 */
#include "pg/source/reader.h"

#include <math.h>

#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/features/augment.h"
#include "core/features/features.h"
#include "core/model/model.h"
#include "pg/base/kept_plan.h"
#include "pg/base/progress.h"
#include "pg/source/audio_arg.h"

/* Rows fetched from the cursor at once. */
#define FETCH_COUNT 50

/* A huge array with room for more items; NULL is one of none. */
static void *
grow(const TrainingReader *reader, void *array, Size item_size)
{
	Size n_bytes = reader->capacity * item_size;

	return array == NULL ? MemoryContextAllocHuge(reader->context, n_bytes)
						 : repalloc_huge(array, n_bytes);
}

/* Room for one more utterance. */
static void
reserve(TrainingReader *reader)
{
	if (reader->n_utterances < reader->capacity)
		return;
	reader->capacity = Max(reader->capacity * 2, 64);
	reader->utterances = grow(reader, reader->utterances, sizeof(Utterance));
	if (reader->options->features)
		reader->features =
			grow(reader, reader->features, emoser_utterance_floats(reader) * sizeof(float));
}

static void
make_features(TrainingReader *reader, EmoEnv *env, const EmoAudio *audio, float *features)
{
	EmoFeaturePlan *plan = emoser_feature_plan();

	emoser_check(env, emo_features(env, plan, audio->samples, audio->n_samples, NULL, features));
	for (int kind = 1; kind < reader->n_copies; kind++)
	{
		CHECK_FOR_INTERRUPTS();
		emoser_check(env, emo_augmented_features(env, plan, kind, reader->options->seed,
												 audio->samples, audio->n_samples,
												 features + (Size) kind * reader->n_features));
	}
}

/* False for a recording that is too long for a net, and may be skipped. */
static bool
make_frames(TrainingReader *reader, EmoEnv *env, const EmoAudio *audio)
{
	uint16_t *frames;
	int n_frames;

	StaticAssertStmt(EMO_NN_SAMPLE_RATE == EMO_FEATURE_SAMPLE_RATE,
					 "a recording is decoded once for features and frames");
	if (!emoser_audio_accepted(env, emo_nn_frames(env, emoser_nn_input_plan(), audio->samples,
												  audio->n_samples, &frames, &n_frames)))
		return false;
	emoser_frame_store_add(reader->frames, frames, n_frames);
	return true;
}

/* False for a bad recording that emoser.on_bad_audio lets pass. */
static bool
read_audio(TrainingReader *reader, struct varlena *audio, float *features)
{
	EmoEnv env;
	EmoAudio decoded;

	emoser_env_init(&env, CurrentMemoryContext);
	if (!emoser_decode_audio(&env, audio, EMO_FEATURE_SAMPLE_RATE, &decoded))
		return false;
	if (reader->options->frames && !make_frames(reader, &env, &decoded))
		return false;
	if (reader->options->features)
		make_features(reader, &env, &decoded, features);
	return true;
}

static void
read_features(TrainingReader *reader, ArrayType *array, float *features)
{
	int n_features;
	const float *given = emoser_real_array_data(array, "features", &n_features);

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
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("column \"%s\" of the source holds an empty string", column),
						errhint("Use NULL for rows that are to be skipped.")));
	if (strlen(name) > (size_t) max_bytes)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("column \"%s\" of the source holds a name of %zu bytes", column,
							   strlen(name)),
						errdetail("Names of this column have at most %d bytes.", max_bytes)));
}

/* Sets the number of features by the first utterance, and checks it. */
static void
count_features(TrainingReader *reader, struct varlena *content)
{
	if (reader->n_features == 0)
		(void) emoser_real_array_data((ArrayType *) content, "features", &reader->n_features);
	if (reader->n_features == 0 || reader->n_features > EMO_MAX_FEATURES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("an utterance of the source has %d features", reader->n_features),
						errdetail("Allowed range: 1 to %d.", EMO_MAX_FEATURES)));
}

/* Features or frames of an utterance, as the next one; false if it is to be skipped. */
static bool
read_content(TrainingReader *reader, struct varlena *content)
{
	float *features = NULL;

	if (reader->options->features)
		count_features(reader, content);
	reserve(reader);
	if (reader->options->features)
		features = reader->features + reader->n_utterances * emoser_utterance_floats(reader);
	if (reader->columns.audio != 0)
		return read_audio(reader, content, features);
	read_features(reader, (ArrayType *) content, features);
	return true;
}

static void
read_row(TrainingReader *reader, HeapTuple row, TupleDesc columns, const char *id)
{
	int content_column =
		reader->columns.audio != 0 ? reader->columns.audio : reader->columns.features;
	bool content_is_null;
	Datum content = SPI_getbinval(row, columns, content_column, &content_is_null);
	char *label = SPI_getvalue(row, columns, reader->columns.emotion);
	char *speaker =
		reader->columns.speaker != 0 ? SPI_getvalue(row, columns, reader->columns.speaker) : NULL;
	bool speaker_is_null = reader->columns.speaker != 0 && speaker == NULL;
	struct varlena *bytes;
	Utterance *utterance;

	if (content_is_null || label == NULL || speaker_is_null)
	{
		reader->n_null_contents += content_is_null;
		reader->n_null_emotions += label == NULL;
		reader->n_null_speakers += speaker_is_null;
		reader->n_skipped++;
		return;
	}
	check_name("emotion", label, EMO_MAX_LABEL_BYTES);
	if (speaker != NULL)
		check_name("speaker", speaker, EMOSER_MAX_NAME_BYTES);

	/* Arrays need an aligned header, audio does not. */
	bytes =
		reader->columns.audio != 0 ? PG_DETOAST_DATUM_PACKED(content) : PG_DETOAST_DATUM(content);
	if (!read_content(reader, bytes))
	{
		reader->n_skipped++;
		return;
	}

	utterance = &reader->utterances[reader->n_utterances];
	emoser_digest_utterance(bytes, label, speaker != NULL ? speaker : "", utterance->digest);
	utterance->label = emoser_name_number(&reader->labels, label);
	utterance->speaker = speaker != NULL ? emoser_name_number(&reader->speakers, speaker) : 0;
	utterance->source_row = reader->n_rows;
	utterance->id =
		reader->options->with_ids && id != NULL ? MemoryContextStrdup(reader->context, id) : NULL;
	utterance->index = reader->n_utterances++;
}

/* The row that is being read; id is NULL if it has none. */
typedef struct RowContext
{
	int64 number; /* from 1 */
	const char *id;
} RowContext;

static void
tell_row(void *argument)
{
	const RowContext *row = argument;

	if (row->id != NULL)
		errcontext("row " INT64_FORMAT " of the source, id \"%s\"", row->number, row->id);
	else
		errcontext("row " INT64_FORMAT " of the source", row->number);
}

/* So that whoever has thousands of recordings knows which one is bad. */
static void
read_row_in_context(TrainingReader *reader, HeapTuple row, TupleDesc columns)
{
	RowContext context = {.number = reader->n_rows};
	ErrorContextCallback callback = {error_context_stack, tell_row, &context};

	if (reader->columns.id != 0)
		context.id = SPI_getvalue(row, columns, reader->columns.id);
	error_context_stack = &callback;
	read_row(reader, row, columns, context.id);
	error_context_stack = callback.previous;
}

/* What is to be made of which columns. */
static void
settle_columns(TrainingReader *reader, TupleDesc columns)
{
	const TrainingSetOptions *options = reader->options;

	reader->columns = emoser_source_columns(columns, options->frames);
	if (options->frames)
		reader->frames = emoser_frame_store_create(options->memory_mb);
	if (options->features && reader->columns.audio != 0)
	{
		reader->n_features = emo_feature_count();
		reader->n_copies += options->augment ? EMO_AUGMENT_N_COPIES : 0;
	}
}

static void
read_rows(TrainingReader *reader, const char *from)
{
	Progress progress;
	SPIPlanPtr plan;
	Portal portal;

	emoser_progress_start(&progress, "utterances read", emoser_count_source(from),
						  reader->options->quiet);
	plan = SPI_prepare(psprintf("SELECT * FROM %s", from), 0, NULL);
	if (plan == NULL)
		elog(ERROR, "could not prepare the reading of the source");
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, true);
	settle_columns(reader, portal->tupDesc);

	for (;;)
	{
		SPITupleTable *rows;

		SPI_cursor_fetch(portal, true, FETCH_COUNT);
		rows = SPI_tuptable;
		if (SPI_processed == 0)
			break;
		for (uint64 i = 0; i < rows->numvals; i++)
		{
			MemoryContext outer = MemoryContextSwitchTo(reader->row_context);

			CHECK_FOR_INTERRUPTS();
			reader->n_rows++;
			read_row_in_context(reader, rows->vals[i], rows->tupdesc);
			MemoryContextSwitchTo(outer);
			MemoryContextReset(reader->row_context);
			emoser_progress_report(&progress, reader->n_rows);
		}
		SPI_freetuptable(rows);
	}
	SPI_cursor_close(portal);
}

void
emoser_read_training_rows(TrainingReader *reader, const TrainingSetOptions *options,
						  const char *from)
{
	memset(reader, 0, sizeof(*reader));
	reader->options = options;
	reader->n_copies = 1;
	reader->context = CurrentMemoryContext;
	reader->row_context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser row", ALLOCSET_DEFAULT_SIZES);
	emoser_name_table_init(&reader->labels, "emotions");
	emoser_name_table_init(&reader->speakers, "speakers");
	read_rows(reader, from);
	MemoryContextDelete(reader->row_context);
	reader->row_context = NULL;
}
