/*
 * utterance.c
 *	  What is made of a row of a source.
 */
#include "pg/source/utterance.h"

#include <math.h>

#include "access/parallel.h"
#include "access/xact.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"

#include "core/features/augment.h"
#include "core/model/model.h"
#include "core/nn/input.h"
#include "pg/base/encoding.h"
#include "pg/base/name_table.h"
#include "pg/base/plans.h"
#include "pg/base/shown.h"
#include "pg/source/audio_arg.h"
#include "pg/source/label_map.h"
#include "pg/source/targets.h"

struct UtteranceMaker
{
	const TrainingSetOptions *options;
	const LabelMap *labels; /* NULL: none */
	int n_targets;
	bool has_audio;
	int64 n_rows;      /* so far */
	MemoryContext row; /* until the next one */

	/* The row. */
	RowContext context;
	const struct varlena *content;
	UtteranceNames names;
	int next_piece; /* 0: the row */
	UtteranceRow result;
	EmoEnv env;
	EmoSpoken spoken;
};

void
emoser_add_row_context(void *row_context)
{
	const RowContext *row = row_context;

	if (row->number != 0 && row->id != NULL)
		errcontext("row " INT64_FORMAT " of the source, id \"%s\"", row->number,
				   emoser_shown(row->id));
	else if (row->number != 0)
		errcontext("row " INT64_FORMAT " of the source", row->number);
	else if (row->id != NULL)
		errcontext("row of the source, id \"%s\"", emoser_shown(row->id));
	else
		errcontext("row of the source, which one a column \"id\" would tell");
}

UtteranceMaker *
emoser_new_utterance_maker(const TrainingSetOptions *options, bool has_audio)
{
	UtteranceMaker *maker = palloc0(sizeof(UtteranceMaker));

	maker->options = options;
	maker->labels = emoser_read_label_map(options->source.labels);
	maker->n_targets = emoser_read_target_names(options->source.target).n;
	maker->has_audio = has_audio;
	maker->row =
		AllocSetContextCreate(CurrentMemoryContext, "emoser utterance", ALLOCSET_DEFAULT_SIZES);
	return maker;
}

void
emoser_begin_utterance(UtteranceMaker *maker, const struct varlena *content,
					   const UtteranceNames *names)
{
	MemoryContextReset(maker->row);
	maker->n_rows++;
	/* Nobody knows what others have read. */
	maker->context.number = IsInParallelMode() || IsParallelWorker() ? 0 : maker->n_rows;
	maker->context.id = names->id != NULL ? MemoryContextStrdup(maker->row, names->id) : NULL;
	maker->content = content;
	maker->names = *names;
	maker->next_piece = 0;
	maker->result = (UtteranceRow){.number = maker->context.number};
	emoser_env_init(&maker->env, maker->row);
}

const char *
emoser_checked_name(const char *column, const char *name, int max_bytes)
{
	char *trimmed;

	if (column == NULL || name == NULL)
		return NULL;
	trimmed = emoser_trimmed(pstrdup(name));
	if (trimmed[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("column \"%s\" of the source holds an empty string", emoser_shown(column)),
				 errhint("Use NULL for rows that are to be skipped.")));
	if (strlen(trimmed) > (size_t) max_bytes)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("column \"%s\" of the source holds a name of %zu bytes",
							   emoser_shown(column), strlen(trimmed)),
						errdetail("Names of this column have at most %d bytes.", max_bytes)));
	return trimmed;
}

/* Rows of targets are all of one class. */
#define CLASS_OF_TARGETS "number"

static void
take_targets(UtteranceMaker *maker)
{
	UtteranceRow *row = &maker->result;

	if (maker->n_targets == 0 || maker->names.targets == NULL)
		return;
	memcpy(row->targets, maker->names.targets, maker->n_targets * sizeof(float));
	row->names[ROW_LABEL] = CLASS_OF_TARGETS;
}

/* What a digest knows an utterance's label by: that, or its numbers, to the last bit. */
static const char *
digested_label(const UtteranceMaker *maker)
{
	StringInfoData text;

	if (maker->n_targets == 0)
		return maker->result.names[ROW_LABEL];
	initStringInfo(&text);
	for (int t = 0; t < maker->n_targets; t++)
	{
		uint32 bits;

		memcpy(&bits, &maker->result.targets[t], sizeof(bits));
		appendStringInfo(&text, "%08x", bits);
	}
	return text.data;
}

/* Values of columns that utterances are grouped by: what is empty is a value of its own. */
static void
take_groups(UtteranceMaker *maker)
{
	ListCell *cell;

	foreach (cell, maker->options->by)
	{
		int b = foreach_current_index(cell);
		const char *value = maker->names.by[b];

		if (value != NULL)
			value = emoser_trimmed(pstrdup(value));
		if (value != NULL && value[0] != '\0')
			value = emoser_checked_name(lfirst(cell), value, EMOSER_MAX_NAME_BYTES);
		maker->result.names[ROW_BY + b] = value;
	}
}

/* False for a row that is skipped. */
static bool
take_names(UtteranceMaker *maker)
{
	const SourceOptions *columns = &maker->options->source;
	const UtteranceNames *names = &maker->names;
	UtteranceRow *row = &maker->result;

	row->names[ROW_LABEL] = emoser_checked_name(columns->label, names->label, EMO_MAX_LABEL_BYTES);
	if (maker->labels != NULL && row->names[ROW_LABEL] != NULL)
	{
		row->names[ROW_GIVEN_LABEL] = row->names[ROW_LABEL];
		row->names[ROW_LABEL] = emoser_mapped_label(maker->labels, row->names[ROW_LABEL]);
	}
	take_targets(maker);
	row->names[ROW_SPEAKER] =
		emoser_checked_name(columns->speaker, names->speaker, EMOSER_MAX_NAME_BYTES);
	row->names[ROW_GROUP] =
		emoser_checked_name(columns->group, names->group, EMOSER_MAX_NAME_BYTES);
	row->names[ROW_CORPUS] =
		emoser_checked_name(columns->corpus, names->corpus, EMOSER_MAX_NAME_BYTES);
	row->names[ROW_ID] = names->id;
	take_groups(maker);
	row->content_is_null = maker->content == NULL;
	return maker->content != NULL && row->names[ROW_LABEL] != NULL &&
		   (columns->speaker == NULL || row->names[ROW_SPEAKER] != NULL) &&
		   (columns->group == NULL || row->names[ROW_GROUP] != NULL) &&
		   (columns->corpus == NULL || row->names[ROW_CORPUS] != NULL);
}

/* Frames of a copy that a net is trained on. */
static void
make_frames_of_copy(UtteranceMaker *maker, int copy, uint16_t **frames, int *n_frames)
{
	const TrainingSetOptions *options = maker->options;
	EmoEnv *env = &maker->env;
	float *samples;
	int64_t n_samples;

	CHECK_FOR_INTERRUPTS();
	emoser_check(env, emo_degraded_copy(env, &options->frame_copies, copy - 1, options->frame_seed,
										maker->spoken.samples, maker->spoken.n_samples, &samples,
										&n_samples));
	emoser_check(env,
				 emo_nn_frames(env, emoser_nn_input_plan(), samples, n_samples, frames, n_frames));
	emo_free(env, samples);
}

/* False for a bad recording that is to be skipped, also if it is too long for a net. */
static bool
hear(UtteranceMaker *maker, uint16_t **frames, int *n_frames)
{
	const TrainingSetOptions *options = maker->options;
	AudioOptions audio_options = {.on_bad_audio = options->source.on_bad_audio};
	EmoEnv *env = &maker->env;
	EmoAudio decoded;

	StaticAssertStmt(EMO_NN_SAMPLE_RATE == EMO_FEATURE_SAMPLE_RATE,
					 "a recording is decoded once for features and frames");
	audio_options.channel = emoser_channel_of(options->source.channel, maker->names.channel);
	if (!emoser_decode_audio(env, unconstify(struct varlena *, maker->content),
							 EMO_FEATURE_SAMPLE_RATE, audio_options, &decoded))
		return false;
	maker->result.talkers_mixed = decoded.differs;
	/* Somebody has heard an emotion in it: figures without it would be better than what they tell of. */
	maker->result.without_speech = !emoser_hear_speech(env, &decoded, &maker->spoken);
	return !options->frames ||
		   emoser_audio_accepted(env,
								 emo_nn_frames(env, emoser_nn_input_plan(), maker->spoken.samples,
											   maker->spoken.n_samples, frames, n_frames),
								 options->source.on_bad_audio);
}

/* Features that were given. */
static const float *
given_features(const UtteranceMaker *maker, int *n_features)
{
	const float *given = emoser_real_vector_data(
		unconstify(ArrayType *, (const ArrayType *) maker->content), "features", n_features);

	if (*n_features == 0 || *n_features > EMO_MAX_FEATURES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("an utterance of the source has %d features", *n_features),
						errdetail("Allowed range: 1 to %d.", EMO_MAX_FEATURES)));
	for (int i = 0; i < *n_features; i++)
		if (!isfinite(given[i]))
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION), errmsg("features must be finite"),
					 errdetail("Element %d of an utterance's features is %g.", i + 1, given[i])));
	return given;
}

static void
hash_content(UtteranceMaker *maker, int channel, const float *features, int n_features)
{
	const EncoderUse *encoder = maker->options->encoder;
	ContentHashes *hashes = &maker->result.hashes;

	hashes->is_known[HASHES_OF_AUDIO] = maker->has_audio;
	/* Layers are not what anybody could give as features, unless it is one. */
	hashes->is_known[HASHES_OF_FEATURES] =
		features != NULL &&
		(!maker->has_audio || encoder == NULL || (encoder->first_layer == encoder->last_layer));
	if (maker->has_audio)
		hashes->of[HASHES_OF_AUDIO] = emoser_hash_recording(maker->content, channel);
	if (hashes->is_known[HASHES_OF_FEATURES])
		hashes->of[HASHES_OF_FEATURES] = emoser_hash_features(features, n_features);
}

/* The row, with features and frames of the recording itself. */
static bytea *
make_row(UtteranceMaker *maker)
{
	const TrainingSetOptions *options = maker->options;
	UtteranceRow *row = &maker->result;
	UtterancePiece piece = {.process = MyProcPid, .kind = PIECE_ROW};
	uint16_t *frames = NULL;
	const float *features = NULL;

	row->is_skipped =
		!take_names(maker) || (maker->has_audio && !hear(maker, &frames, &piece.n_frames));
	if (!row->is_skipped)
	{
		int channel = maker->has_audio
						  ? emoser_channel_of(options->source.channel, maker->names.channel)
						  : EMO_MIXED;

		emoser_digest_utterance(maker->content, channel, digested_label(maker),
								row->names[ROW_SPEAKER] != NULL ? row->names[ROW_SPEAKER] : "",
								row->digest);
		row->n_pieces = emoser_n_feature_copies(options, maker->has_audio) +
						(maker->has_audio ? emoser_n_frame_copies(options) : 0);
		if (options->features && maker->has_audio)
		{
			float *made;

			piece.n_features = emoser_n_features_made(options);
			made = palloc(piece.n_features * sizeof(float));
			emoser_make_copy(&maker->env, options, 0, &maker->spoken, made);
			features = made;
		}
		else if (options->features)
			features = given_features(maker, &piece.n_features);
		hash_content(maker, channel, features, piece.n_features);
	}
	piece.features = (const char *) features;
	piece.frames = (const char *) frames;
	piece.row = *row;
	return emoser_write_piece(&piece);
}

/* Frames first, and then features. */
static bytea *
make_copy(UtteranceMaker *maker, int number)
{
	int n_frame_copies = emoser_n_frame_copies(maker->options);
	UtterancePiece piece = {.process = MyProcPid};
	bytea *bytes;

	if (number <= n_frame_copies)
	{
		uint16_t *frames;

		piece.kind = PIECE_FRAMES;
		piece.copy = number;
		make_frames_of_copy(maker, number, &frames, &piece.n_frames);
		piece.frames = (const char *) frames;
		bytes = emoser_write_piece(&piece);
		emo_free(&maker->env, frames);
	}
	else
	{
		float *features;

		piece.kind = PIECE_FEATURES;
		piece.copy = number - n_frame_copies;
		piece.n_features = emoser_n_features_made(maker->options);
		features = palloc(piece.n_features * sizeof(float));
		emoser_make_copy(&maker->env, maker->options, piece.copy, &maker->spoken, features);
		piece.features = (const char *) features;
		bytes = emoser_write_piece(&piece);
		pfree(features);
	}
	return bytes;
}

bytea *
emoser_next_piece(UtteranceMaker *maker)
{
	ErrorContextCallback callback = {error_context_stack, emoser_add_row_context, &maker->context};
	bytea *piece;

	if (maker->next_piece > maker->result.n_pieces)
		return NULL;
	error_context_stack = &callback;
	piece = maker->next_piece == 0 ? make_row(maker) : make_copy(maker, maker->next_piece);
	error_context_stack = callback.previous;
	maker->next_piece++;
	return piece;
}
