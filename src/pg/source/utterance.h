/*
 * utterance.h
 *	  What is made of a row of a source, where the row is: in a parallel worker, if there are some.
 *
 * An utterance comes in pieces: a row as it is, with the features and frames of the recording itself, and
 * then one for each copy.  A worker's queue holds a few of them, and the leader, who makes utterances of its
 * own meanwhile, looks into it after each piece: a whole utterance is longer than the queue.
 */
#ifndef EMOSER_UTTERANCE_H
#define EMOSER_UTTERANCE_H

#include "core/dsp/spoken.h"
#include "pg/source/content_hashes.h"
#include "pg/source/digest.h"
#include "pg/source/set_options.h"

/* Values of a row, as text; NULL for null, and where there is no such column. */
typedef struct UtteranceNames
{
	const char *label, *speaker, *group, *id, *channel, *corpus;
	const char *by[EMOSER_MAX_BY]; /* of columns that utterances are grouped by */
	const float *targets;          /* of all columns that are targets; NULL if one of them is */
} UtteranceNames;

#define EMOSER_N_UTTERANCE_NAMES 6

/* Those of a row that its utterance keeps. */
typedef enum RowName
{
	ROW_LABEL,
	ROW_SPEAKER,
	ROW_GROUP,
	ROW_CORPUS,
	ROW_ID,
	ROW_GIVEN_LABEL, /* before it is mapped; NULL where nothing is */
	ROW_BY,          /* the first of EMOSER_MAX_BY that utterances are grouped by; may be empty */
	EMOSER_N_ROW_NAMES = ROW_BY + EMOSER_MAX_BY
} RowName;

/* What a row is, beside its features and frames. */
typedef struct UtteranceRow
{
	uint8 digest[EMOSER_DIGEST_LENGTH]; /* of its content, its label and its speaker */
	ContentHashes hashes;
	int64 number;   /* in the source, from 1; 0 if the plan has workers */
	int32 n_pieces; /* that follow */
	bool is_skipped, content_is_null;
	float targets[EMO_MAX_TARGETS]; /* zero where there are none */
	bool talkers_mixed;             /* channels were mixed though they are different talkers */
	bool without_speech;            /* it was heard as a whole */
	const char *names[EMOSER_N_ROW_NAMES]; /* without blanks around them, but for the id; or NULL */
} UtteranceRow;

typedef enum PieceKind
{
	PIECE_ROW,      /* features and frames of the recording itself, too */
	PIECE_FEATURES, /* of a copy */
	PIECE_FRAMES    /* likewise */
} PieceKind;

typedef struct UtterancePiece
{
	int32 process; /* that made it: its pieces of an utterance come one after the other */
	int32 kind;    /* PieceKind */
	int32 copy;    /* from 1; of a row 0 */
	int32 n_features, n_frames;
	const char *features; /* float[n_features], of any alignment */
	const char *frames;   /* uint16[n_frames][EMO_NN_FRAME_VALUES], likewise */
	UtteranceRow row;     /* of PIECE_ROW */
} UtterancePiece;

/* As bytes, palloc'd; and what they say, of which they have to stay. */
extern bytea *emoser_write_piece(const UtterancePiece *piece);
extern UtterancePiece emoser_read_piece(const struct varlena *bytes);

/* Makes one utterance after the other. */
typedef struct UtteranceMaker UtteranceMaker;

/*
 * Of recordings, or of features.  Columns of the source are those that the options name: there is no
 * other one.  In the current memory context, in which the options have to stay.
 */
extern UtteranceMaker *emoser_new_utterance_maker(const TrainingSetOptions *options,
												  bool has_audio);

/* content is detoasted, if only packed, or NULL; it has to stay until the first piece, as have the names. */
extern void emoser_begin_utterance(UtteranceMaker *maker, const struct varlena *content,
								   const UtteranceNames *names);

/* The next piece, palloc'd; NULL after the last one.  Raises for what is wrong with the row, and says which. */
extern bytea *emoser_next_piece(UtteranceMaker *maker);

/* Features given as such are of no use: of a net, and where an encoder has to be heard. */
extern bool emoser_wants_recordings(const TrainingSetOptions *options);

/* Numbers that are made of a recording, and of each copy, for its features. */
extern int emoser_n_features_made(const TrainingSetOptions *options);

/* Copies of each recording that features, and frames, are made of, the recording itself not counted. */
extern int emoser_n_feature_copies(const TrainingSetOptions *options, bool has_audio);
extern int emoser_n_frame_copies(const TrainingSetOptions *options);

/*
 * Numbers of a copy (0: the recording itself): those that are all alike, degraded ones, then those at
 * random, see core/features/augment.h; for an encoder degraded ones alone.
 */
extern void emoser_make_copy(EmoEnv *env, const TrainingSetOptions *options, int copy,
							 const EmoSpoken *spoken, float *made);

/*
 * A name in a column without blanks around it, palloc'd; NULL for null.  column is NULL if there is none.
 * Raises for a name that is empty or too long.
 */
extern const char *emoser_checked_name(const char *column, const char *name, int max_bytes);

/* An error context: the row of a source, by its number (0: not known) and its id (NULL: it has none). */
typedef struct RowContext
{
	int64 number;
	const char *id;
} RowContext;

extern void emoser_add_row_context(void *row_context);

/* The options as a value, for a worker, and back again. */
extern Jsonb *emoser_write_utterance_options(const TrainingSetOptions *options);
extern TrainingSetOptions emoser_read_utterance_options(Jsonb *given);

/* What makes utterances of these columns, as an expression of the statement that reads them. */
extern char *emoser_utterance_expression(const SourceColumns *columns,
										 const TrainingSetOptions *options);

#endif
