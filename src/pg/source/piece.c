/*
 * piece.c
 *	  A piece of an utterance as bytes, which go from a worker to the leader.
 */
#include "pg/source/utterance.h"

#include "lib/stringinfo.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#include "core/nn/input.h"

/* What stands before features, frames and names; numbers are as all processes of a server have them. */
typedef struct PieceHeader
{
	int64 number;
	int32 process, kind, copy, n_pieces, n_features, n_frames;
	uint8 digest[EMOSER_DIGEST_LENGTH];
	ContentHashes hashes;
	bool is_skipped, content_is_null, talkers_mixed, without_speech;
	float targets[EMO_MAX_TARGETS];
	bool has_name[EMOSER_N_ROW_NAMES];
} PieceHeader;

static Size
frames_length(int n_frames)
{
	return (Size) n_frames * EMO_NN_FRAME_VALUES * sizeof(uint16);
}

bytea *
emoser_write_piece(const UtterancePiece *piece)
{
	const UtteranceRow *row = &piece->row;
	PieceHeader header;
	StringInfoData bytes;

	/* Anybody may look at a piece, but not at what else is in memory. */
	memset(&header, 0, sizeof(header));
	header.number = row->number;
	header.process = piece->process;
	header.kind = piece->kind;
	header.copy = piece->copy;
	header.n_pieces = row->n_pieces;
	header.n_features = piece->n_features;
	header.n_frames = piece->n_frames;
	memcpy(header.digest, row->digest, sizeof(header.digest));
	for (int kind = 0; kind < EMOSER_N_CONTENT_KINDS; kind++)
	{
		header.hashes.is_known[kind] = row->hashes.is_known[kind];
		header.hashes.of[kind] = row->hashes.of[kind];
	}
	memcpy(header.targets, row->targets, sizeof(header.targets));
	header.is_skipped = row->is_skipped;
	header.content_is_null = row->content_is_null;
	header.talkers_mixed = row->talkers_mixed;
	header.without_speech = row->without_speech;
	for (int i = 0; i < EMOSER_N_ROW_NAMES; i++)
		header.has_name[i] = row->names[i] != NULL;
	initStringInfo(&bytes);
	appendStringInfoSpaces(&bytes, VARHDRSZ);
	appendBinaryStringInfo(&bytes, (const char *) &header, sizeof(header));
	if (piece->n_features > 0)
		appendBinaryStringInfo(&bytes, piece->features, piece->n_features * sizeof(float));
	if (piece->n_frames > 0)
		appendBinaryStringInfo(&bytes, piece->frames, frames_length(piece->n_frames));
	for (int i = 0; i < EMOSER_N_ROW_NAMES; i++)
		if (row->names[i] != NULL)
			appendBinaryStringInfo(&bytes, row->names[i], strlen(row->names[i]) + 1);
	SET_VARSIZE(bytes.data, bytes.len);
	return (bytea *) bytes.data;
}

/* The next n of the bytes of a piece. */
static const char *
next_bytes(const char **place, const char *end, Size n)
{
	const char *bytes = *place;

	if (n > (Size) (end - bytes))
		elog(ERROR, "a piece of an utterance is too short");
	*place += n;
	return bytes;
}

UtterancePiece
emoser_read_piece(const struct varlena *bytes)
{
	const char *place = VARDATA_ANY(bytes), *end = place + VARSIZE_ANY_EXHDR(bytes);
	PieceHeader header;
	UtterancePiece piece;

	memcpy(&header, next_bytes(&place, end, sizeof(header)), sizeof(header));
	piece = (UtterancePiece){.process = header.process,
							 .kind = header.kind,
							 .copy = header.copy,
							 .n_features = header.n_features,
							 .n_frames = header.n_frames,
							 .row = {.number = header.number,
									 .n_pieces = header.n_pieces,
									 .is_skipped = header.is_skipped,
									 .content_is_null = header.content_is_null,
									 .talkers_mixed = header.talkers_mixed,
									 .without_speech = header.without_speech}};
	memcpy(piece.row.digest, header.digest, sizeof(header.digest));
	memcpy(piece.row.targets, header.targets, sizeof(header.targets));
	piece.row.hashes = header.hashes;
	piece.features = next_bytes(&place, end, piece.n_features * sizeof(float));
	piece.frames = next_bytes(&place, end, frames_length(piece.n_frames));
	for (int i = 0; i < EMOSER_N_ROW_NAMES; i++)
		if (header.has_name[i])
			piece.row.names[i] = next_bytes(&place, end, strnlen(place, end - place) + 1);
	return piece;
}
