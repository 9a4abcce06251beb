/*
 * training_set.c
 *	  What emoser_train() learns from: the rows of a table or query, as the core wants them.
 */
#include "pg/training_set.h"

#include <math.h>

#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/augment.h"
#include "core/features.h"
#include "core/model.h"
#include "pg/audio_arg.h"
#include "pg/kept_plan.h"
#include "pg/name_table.h"
#include "pg/progress.h"
#include "pg/training_digest.h"
#include "pg/training_source.h"

/* Rows fetched from the cursor at once. */
#define FETCH_COUNT 50

/* An utterance; its features are beside, since there are many of them. */
typedef struct Utterance
{
	uint8 digest[EMOSER_DIGEST_LENGTH]; /* of its content, its label and its speaker */
	int label;
	int speaker;
	int64 source_row; /* from 1 */
	char *id;         /* NULL: not asked for, or none */
	int64 index;      /* of its features */
} Utterance;

typedef struct Reader
{
	const TrainingSetOptions *options;
	MemoryContext context;     /* what is kept */
	MemoryContext row_context; /* reset at each row */

	SourceColumns columns;

	NameTable labels, speakers;
	Utterance *utterances;
	float *features; /* [n_utterances][copies][n_features] */
	int64 n_utterances, capacity, n_skipped;
	int64 n_rows; /* of the source, so far */
	int n_features;
	int n_copies; /* the original included */
} Reader;

static Size
utterance_floats(const Reader *reader)
{
	return (Size) reader->n_copies * reader->n_features;
}

/* Room for one more utterance. */
static void
reserve(Reader *reader)
{
	MemoryContext outer;

	if (reader->n_utterances < reader->capacity)
		return;
	outer = MemoryContextSwitchTo(reader->context);
	reader->capacity = Max(reader->capacity * 2, 64);
	if (reader->utterances == NULL)
	{
		reader->utterances =
			MemoryContextAllocHuge(reader->context, reader->capacity * sizeof(Utterance));
		reader->features = MemoryContextAllocHuge(
			reader->context, reader->capacity * utterance_floats(reader) * sizeof(float));
	}
	else
	{
		reader->utterances =
			repalloc_huge(reader->utterances, reader->capacity * sizeof(Utterance));
		reader->features = repalloc_huge(
			reader->features, reader->capacity * utterance_floats(reader) * sizeof(float));
	}
	MemoryContextSwitchTo(outer);
}

/* False for a bad recording that emoser.on_bad_audio lets pass. */
static bool
read_audio(Reader *reader, struct varlena *audio, float *features)
{
	EmoEnv env;
	EmoAudio decoded;
	EmoFeaturePlan *plan = emoser_feature_plan();

	emoser_env_init(&env, CurrentMemoryContext);
	if (!emoser_decode_audio(&env, audio, EMO_FEATURE_SAMPLE_RATE, &decoded))
		return false;
	emoser_check(&env,
				 emo_features(&env, plan, decoded.samples, decoded.n_samples, NULL, features));
	for (int kind = 1; kind < reader->n_copies; kind++)
	{
		CHECK_FOR_INTERRUPTS();
		emoser_check(&env, emo_augmented_features(&env, plan, kind, reader->options->seed,
												  decoded.samples, decoded.n_samples,
												  features + (Size) kind * reader->n_features));
	}
	return true;
}

static void
read_features(Reader *reader, ArrayType *array, float *features)
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

static char *
read_id(const Reader *reader, HeapTuple row, TupleDesc columns)
{
	char *id;

	if (!reader->options->with_ids || reader->columns.id == 0)
		return NULL;
	id = SPI_getvalue(row, columns, reader->columns.id);
	return id != NULL ? MemoryContextStrdup(reader->context, id) : NULL;
}

static void
read_row(Reader *reader, HeapTuple row, TupleDesc columns)
{
	int content_column =
		reader->columns.audio != 0 ? reader->columns.audio : reader->columns.features;
	bool content_is_null;
	Datum content = SPI_getbinval(row, columns, content_column, &content_is_null);
	char *label = SPI_getvalue(row, columns, reader->columns.emotion);
	char *speaker =
		reader->columns.speaker != 0 ? SPI_getvalue(row, columns, reader->columns.speaker) : NULL;
	struct varlena *bytes;
	Utterance *utterance;
	float *features;

	if (content_is_null || label == NULL || (reader->columns.speaker != 0 && speaker == NULL))
	{
		reader->n_skipped++;
		return;
	}
	check_name("emotion", label, EMO_MAX_LABEL_BYTES);
	if (speaker != NULL)
		check_name("speaker", speaker, EMOSER_MAX_NAME_BYTES);

	/* Arrays need an aligned header, audio does not. */
	bytes =
		reader->columns.audio != 0 ? PG_DETOAST_DATUM_PACKED(content) : PG_DETOAST_DATUM(content);
	if (reader->n_features == 0)
		(void) emoser_real_array_data((ArrayType *) bytes, "features", &reader->n_features);
	if (reader->n_features == 0 || reader->n_features > EMO_MAX_FEATURES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("an utterance of the source has %d features", reader->n_features),
						errdetail("Allowed range: 1 to %d.", EMO_MAX_FEATURES)));
	reserve(reader);
	features = reader->features + reader->n_utterances * utterance_floats(reader);
	if (reader->columns.audio == 0)
		read_features(reader, (ArrayType *) bytes, features);
	else if (!read_audio(reader, bytes, features))
	{
		reader->n_skipped++;
		return;
	}

	utterance = &reader->utterances[reader->n_utterances];
	emoser_digest_utterance(bytes, label, speaker != NULL ? speaker : "", utterance->digest);
	utterance->label = emoser_name_number(&reader->labels, label);
	utterance->speaker = speaker != NULL ? emoser_name_number(&reader->speakers, speaker) : 0;
	utterance->source_row = reader->n_rows;
	utterance->id = read_id(reader, row, columns);
	utterance->index = reader->n_utterances++;
}

static void
read_rows(Reader *reader, const char *from)
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
	reader->columns = emoser_source_columns(portal->tupDesc);
	if (reader->columns.audio != 0)
	{
		reader->n_features = emo_feature_count();
		reader->n_copies += reader->options->augment ? EMO_AUGMENT_N_COPIES : 0;
	}

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
			read_row(reader, rows->vals[i], rows->tupdesc);
			MemoryContextSwitchTo(outer);
			MemoryContextReset(reader->row_context);
			emoser_progress_report(&progress, reader->n_rows);
		}
		SPI_freetuptable(rows);
	}
	SPI_cursor_close(portal);
}

static void
check_sizes(const Reader *reader)
{
	int n_classes = list_length(reader->labels.names);

	if (reader->n_utterances == 0)
		ereport(ERROR, (errcode(ERRCODE_NO_DATA_FOUND), errmsg("the source has no utterances"),
						errdetail(INT64_FORMAT " rows were skipped because of nulls or bad audio.",
								  reader->n_skipped)));
	if (n_classes > EMO_MAX_CLASSES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("the source has %d different emotions", n_classes),
						errdetail("A model can have at most %d.", EMO_MAX_CLASSES),
						errhint("Is \"emotion\" the right column?")));
}

static void
check_classes(const Reader *reader)
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
reorder_features(Reader *reader)
{
	Size n_bytes = utterance_floats(reader) * sizeof(float);
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
hash_utterances(const Reader *reader)
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
number_recordings(const Reader *reader)
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
fill_core_set(const Reader *reader, TrainingSet *set)
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

TrainingSet *
emoser_read_training_set(const char *source, const TrainingSetOptions *options)
{
	TrainingSet *set = palloc0(sizeof(TrainingSet));
	Reader reader = {0};

	reader.options = options;
	reader.n_copies = 1;
	reader.context = CurrentMemoryContext;
	reader.row_context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser row", ALLOCSET_DEFAULT_SIZES);
	emoser_name_table_init(&reader.labels, "emotions");
	emoser_name_table_init(&reader.speakers, "speakers");

	read_rows(&reader, emoser_source_item(source));
	check_sizes(&reader);
	if (!options->any_classes)
		check_classes(&reader);
	qsort(reader.utterances, reader.n_utterances, sizeof(Utterance), compare_digests);
	reorder_features(&reader);
	fill_core_set(&reader, set);

	set->n_utterances = reader.n_utterances;
	set->n_skipped = reader.n_skipped;
	set->feature_version = reader.n_features == emo_feature_count() ? EMO_FEATURE_VERSION : 0;
	set->data_hash = hash_utterances(&reader);
	set->has_audio = reader.columns.audio != 0;
	MemoryContextDelete(reader.row_context);
	return set;
}

void
emoser_tell_skipped(const TrainingSet *set)
{
	if (set->n_skipped > 0)
		ereport(NOTICE, (errmsg(INT64_FORMAT " rows skipped because of nulls or bad audio",
								set->n_skipped)));
}
