/*
 * reader.c
 *	  Reads the rows of a source.
 *
 * What is made of a row is made where the row is (utterance.h), as an expression of the statement that
 * reads the source, and put together here.
 */
#include "pg/source/reader.h"

#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/features/features.h"
#include "pg/base/progress.h"
#include "pg/base/sql.h"
#include "pg/source/assembly.h"
#include "pg/source/targets.h"

/* A reading of all rows. */
typedef struct Reading
{
	TrainingReader *reader;
	TrainingSetOptions options; /* with the names of the columns that there are */
	UtteranceMaker *maker;      /* for rows that come without their pieces */
	Assemblies assemblies;
	int64 n_rows;
	Progress progress;
} Reading;

static void
keep_features(TrainingReader *reader, const Assembly *assembly)
{
	float *features =
		reader->features + emoser_next_place(reader) * emoser_utterance_floats(reader);
	EmoEnv env;

	if (reader->columns.audio == 0 || reader->options->encoder == NULL)
	{
		memcpy(features, assembly->features, emoser_utterance_floats(reader) * sizeof(float));
		return;
	}
	emoser_env_init(&env, CurrentMemoryContext);
	for (int copy = 0; copy < reader->n_copies; copy++)
		emoser_combine_layers(&env, reader->options->encoder,
							  assembly->features + (Size) copy * reader->n_made,
							  features + (Size) copy * reader->n_features);
}

static void
keep_targets(TrainingReader *reader, const float *given)
{
	int n = reader->columns.n_targets;
	float *targets = reader->targets + emoser_next_place(reader) * n;

	for (int t = 0; t < n; t++)
	{
		targets[t] = given[t];
		reader->target_varies[t] = reader->target_varies[t] || given[t] != reader->targets[t];
	}
}

static void
keep_frames(TrainingReader *reader, const Assembly *assembly)
{
	if (reader->take != NULL)
	{
		reader->taken_frames = assembly->frames[0];
		reader->n_taken_frames = assembly->n_frames[0];
		return;
	}
	for (int i = 0; i < assembly->n_frame_lists; i++)
		emoser_frame_store_add(reader->frames, assembly->frames[i], assembly->n_frames[i]);
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

/* An utterance is there as a whole. */
static void
add_utterance(Reading *reading, const Assembly *assembly)
{
	TrainingReader *reader = reading->reader;
	const char *const *names = assembly->row.names;
	Utterance *utterance;

	emoser_reserve_utterance(reader);
	utterance = &reader->utterances[emoser_next_place(reader)];
	memcpy(utterance->digest, assembly->row.digest, sizeof(utterance->digest));
	utterance->hashes = assembly->row.hashes;
	utterance->label = emoser_name_number(&reader->labels, names[ROW_LABEL]);
	count_label(reader, utterance->label);
	utterance->speaker =
		names[ROW_SPEAKER] != NULL ? emoser_name_number(&reader->speakers, names[ROW_SPEAKER]) : 0;
	utterance->group =
		names[ROW_GROUP] != NULL ? emoser_name_number(&reader->groups, names[ROW_GROUP]) : 0;
	if (reader->columns.n_targets > 0)
		keep_targets(reader, assembly->row.targets);
	utterance->corpus =
		names[ROW_CORPUS] != NULL ? emoser_name_number(&reader->corpora, names[ROW_CORPUS]) : 0;
	emoser_group_utterance(reader, names + ROW_BY, utterance->by);
	utterance->source_row = assembly->row.number;
	utterance->without_speech = assembly->row.without_speech;
	utterance->id = reader->options->with_ids && names[ROW_ID] != NULL
						? MemoryContextStrdup(reader->context, names[ROW_ID])
						: NULL;
	if (reader->options->features)
		keep_features(reader, assembly);
	if (reader->options->frames)
		keep_frames(reader, assembly);
	utterance->index = reader->n_utterances++;
	if (reader->take != NULL)
		reader->take(reader->argument, reader);
}

/* The first utterance says how many features there are. */
static void
check_length(TrainingReader *reader, int n_features)
{
	if (reader->n_features == 0)
		reader->n_features = reader->n_made = n_features;
	if (n_features != reader->n_made)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("features of different lengths in the source"),
						errdetail("One utterance has %d features, another %d.", reader->n_features,
								  n_features)));
}

static Assembly *
begin_utterance(Reading *reading, const UtterancePiece *piece)
{
	TrainingReader *reader = reading->reader;

	if (reader->options->features)
		check_length(reader, piece->n_features);
	return emoser_begin_assembly(
		&reading->assemblies, piece,
		reader->options->features ? (Size) reader->n_copies * reader->n_made : 0,
		reader->options->frames ? 1 + emoser_n_frame_copies(reader->options) : 0);
}

/* NULL for a row that is skipped, or left out. */
static Assembly *
take_row(Reading *reading, UtterancePiece *piece)
{
	TrainingReader *reader = reading->reader;
	const UtteranceRow *row = &piece->row;

	reading->n_rows++;
	piece->row.number = reading->n_rows;
	reader->n_talkers_mixed += row->talkers_mixed;
	if (row->names[ROW_GIVEN_LABEL] != NULL)
		emoser_count_name(&reader->given_labels, row->names[ROW_GIVEN_LABEL], 1);
	if (row->names[ROW_GIVEN_LABEL] != NULL && row->names[ROW_LABEL] == NULL)
		return NULL;
	if (!row->is_skipped)
	{
		reader->n_without_speech += row->without_speech;
		return begin_utterance(reading, piece);
	}
	reader->n_null_contents += row->content_is_null;
	reader->n_null_labels += row->names[ROW_LABEL] == NULL;
	reader->n_null_speakers += reader->columns.speaker != 0 && row->names[ROW_SPEAKER] == NULL;
	reader->n_null_groups += reader->columns.group != 0 && row->names[ROW_GROUP] == NULL;
	reader->n_null_corpora += reader->columns.corpus != 0 && row->names[ROW_CORPUS] == NULL;
	reader->n_skipped++;
	return NULL;
}

static void
take_piece(Reading *reading, const struct varlena *bytes)
{
	UtterancePiece piece = emoser_read_piece(bytes);
	RowContext context = {piece.row.number, piece.row.names[ROW_ID]};
	ErrorContextCallback callback = {error_context_stack, emoser_add_row_context, &context};
	Assembly *assembly;

	error_context_stack = &callback;
	assembly = piece.kind == PIECE_ROW ? take_row(reading, &piece)
									   : emoser_find_assembly(&reading->assemblies, piece.process);
	if (assembly != NULL && emoser_put_piece(assembly, &piece))
		add_utterance(reading, assembly);
	error_context_stack = callback.previous;
	emoser_progress_report(&reading->progress, reading->n_rows);
}

static const char *
value_of(const TrainingReader *reader, HeapTuple row, int column)
{
	return column != 0 ? SPI_getvalue(row, reader->row_type, column) : NULL;
}

/* Make here what a row is made of. */
static void
make_pieces(Reading *reading, HeapTuple row)
{
	const TrainingReader *reader = reading->reader;
	const SourceColumns *columns = &reader->columns;
	UtteranceNames names = {.label = value_of(reader, row, columns->label),
							.speaker = value_of(reader, row, columns->speaker),
							.group = value_of(reader, row, columns->group),
							.id = value_of(reader, row, columns->id),
							.channel = value_of(reader, row, columns->channel),
							.corpus = value_of(reader, row, columns->corpus)};
	float targets[EMO_MAX_TARGETS];
	bool is_null;
	Datum content = SPI_getbinval(
		row, reader->row_type, columns->audio != 0 ? columns->audio : columns->features, &is_null);
	struct varlena *bytes = NULL;
	bytea *piece;

	for (int b = 0; b < columns->n_by; b++)
		names.by[b] = value_of(reader, row, columns->by[b]);
	if (!is_null)
		bytes = columns->audio != 0 ? PG_DETOAST_DATUM_PACKED(content) : PG_DETOAST_DATUM(content);
	if (emoser_row_targets(row, reader->row_type, columns, targets))
		names.targets = targets;
	emoser_begin_utterance(reading->maker, bytes, &names);
	while ((piece = emoser_next_piece(reading->maker)) != NULL)
		take_piece(reading, piece);
}

static void
take_source_row(void *reading, const SourceRow *row)
{
	if (row->expression != 0)
		take_piece(reading, PG_DETOAST_DATUM_PACKED(row->expression));
	else
		make_pieces(reading, row->columns);
}

/* As utterances are made by: with the names of the columns that there are. */
static TrainingSetOptions
resolved_options(const TrainingReader *reader)
{
	const SourceColumns *columns = &reader->columns;
	TrainingSetOptions options = *reader->options;
	const struct
	{
		char **name;
		int column;
	} names[] = {{&options.source.label, columns->label},
				 {&options.source.speaker, columns->speaker},
				 {&options.source.group, columns->group},
				 {&options.source.channel, columns->channel},
				 {&options.source.corpus, columns->corpus}};

	options.source.audio = options.source.features = options.source.id = NULL;
	for (int i = 0; i < (int) lengthof(names); i++)
		*names[i].name = names[i].column != 0
							 ? pstrdup(emoser_column_name(reader->row_type, names[i].column))
							 : NULL;
	options.augment = options.augment && columns->audio != 0;
	return options;
}

/*
 * What is read of the source.  Rows that are kept are gone over again, and so have their columns; pieces of
 * their copies would be rows of their own.
 */
static void
choose_reading(Reading *reading)
{
	TrainingReader *reader = reading->reader;
	Source *source = reader->source;
	bool is_kept = emoser_source_is_kept(source);
	bool has_pieces = reader->n_copies > 1 || emoser_n_frame_copies(reader->options) > 0;

	reading->options = resolved_options(reader);
	reading->maker = emoser_new_utterance_maker(&reading->options, reader->columns.audio != 0);
	if (emoser_source_was_read(source))
		return;
	if (is_kept)
	{
		emoser_use_source_columns(source, &reader->columns);
		emoser_use_possible_columns(source, &reader->options->source);
	}
	if (!is_kept || !has_pieces)
		emoser_use_expression(source,
							  emoser_utterance_expression(&reader->columns, &reading->options));
	/* Its number is the name of a row then. */
	if (reader->options->with_ids && reader->columns.id == 0)
		emoser_read_in_order(source);
}

/* What is to be made of which columns. */
static void
choose_columns(TrainingReader *reader)
{
	const TrainingSetOptions *options = reader->options;

	reader->row_type = emoser_source_row_type(reader->source);
	reader->columns =
		emoser_source_columns(reader->row_type, &options->source, emoser_wants_recordings(options));
	if (options->by_corpus)
		reader->columns.corpus = emoser_corpus_column(reader->row_type, &options->source);
	emoser_start_groups(reader);
	if (options->frames && reader->take == NULL)
		reader->frames = emoser_frame_store_create(options->memory_mb);
	if (options->features && reader->columns.audio != 0)
	{
		if (options->encoder != NULL)
			emoser_prepare_encoder(options->encoder);
		reader->n_made = emoser_n_features_made(options);
		reader->n_features =
			options->encoder != NULL ? emoser_n_heard(options->encoder) : reader->n_made;
	}
	reader->n_copies += emoser_n_feature_copies(options, reader->columns.audio != 0);
	reader->target_varies = palloc0(Max(reader->columns.n_targets, 1) * sizeof(bool));
}

static void
read_all(TrainingReader *reader)
{
	Reading reading = {.reader = reader, .assemblies = {.context = reader->context}};

	choose_reading(&reading);
	emoser_progress_start_estimate(&reading.progress, "utterances read",
								   emoser_source_estimated_rows(reader->source),
								   reader->options->quiet);
	emoser_each_row(reader->source, take_source_row, &reading);
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
	reader->label_map = emoser_read_label_map(options->source.labels);
	emoser_name_counts_init(&reader->given_labels, "given emotions");
	emoser_name_table_init(&reader->labels, "emotions");
	emoser_name_table_init(&reader->speakers, "speakers");
	emoser_name_table_init(&reader->groups, "groups");
	emoser_name_table_init(&reader->corpora, "corpora");
	choose_columns(reader);
	read_all(reader);
}
