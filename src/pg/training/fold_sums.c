/*
 * fold_sums.c
 *	  The rows of a fold, summed up for both heads: what a worker hands to who trains.
 */
#include "pg/training/fold_sums.h"

#include <float.h>

#include "libpq/pqformat.h"
#include "utils/memutils.h"

#include "pg/base/name_table.h"
#include "pg/training/speaker_rows.h"

struct FoldSums
{
	SumSettings settings;
	EmoEnv env;
	SpeakerRows *rows;
	float *inverse_deviation; /* [n_features] */
	int16 *q;                 /* [n_features] */
	EmoTrainingState *plain, *profiled;
	int64 *cells; /* [n_features][EMO_N_CELLS] */
	int64 n_rows;
	uint64 checksum;
	int32 n_speakers;
	StringInfoData speakers;
	char last_speaker[EMOSER_MAX_NAME_BYTES + 1];
	uint64 *hashes[EMOSER_N_CONTENT_KINDS]; /* [n_hashes] of hash_room, of the contents of rows */
	int64 n_hashes[EMOSER_N_CONTENT_KINDS], hash_room[EMOSER_N_CONTENT_KINDS];
	MemoryContext context;
};

/* In front of cells, names and states; a multiple of 8, as the lengths of these are. */
typedef struct FoldHeader
{
	int64 n_rows;
	uint64 checksum;
	int64 n_speakers;
	int64 n_hashes[EMOSER_N_CONTENT_KINDS]; /* which are behind the names */
	uint64 cell_bytes;
	uint64 speaker_bytes; /* zeros at their end included */
	uint64 plain_bytes;
	uint64 profiled_bytes; /* 0: none */
} FoldHeader;

bytea *
emoser_sum_settings_bytes(const SumSettings *settings)
{
	int length = settings->n_features * (int) sizeof(float);
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	emoser_send_layout(&buffer, &settings->layout);
	pq_sendint8(&buffer, settings->wants_profiles);
	pq_sendint32(&buffer, settings->n_features);
	pq_sendbytes(&buffer, (const char *) settings->mean, length);
	pq_sendbytes(&buffer, (const char *) settings->deviation, length);
	return pq_endtypsend(&buffer);
}

static float *
receive_floats(StringInfo buffer, int n, float least)
{
	float *floats = palloc(n * sizeof(float));

	pq_copymsgbytes(buffer, (char *) floats, n * (int) sizeof(float));
	for (int i = 0; i < n; i++)
		if (!(floats[i] >= least && floats[i] <= FLT_MAX))
			emoser_bad_plumbing();
	return floats;
}

SumSettings
emoser_read_sum_settings(const bytea *bytes)
{
	StringInfoData buffer = emoser_open_bytes(bytes);
	SumSettings settings = {.layout = emoser_receive_layout(&buffer)};

	if (buffer.len - buffer.cursor < 1 + 4)
		emoser_bad_plumbing();
	settings.wants_profiles = pq_getmsgbyte(&buffer) != 0;
	settings.n_features = (int) pq_getmsgint(&buffer, 4);
	if (settings.n_features < 1 || settings.n_features > EMO_STATE_MAX_FEATURES ||
		buffer.len - buffer.cursor != 2 * settings.n_features * (int) sizeof(float) ||
		(settings.wants_profiles && !settings.layout.has_speakers))
		emoser_bad_plumbing();
	settings.mean = receive_floats(&buffer, settings.n_features, -FLT_MAX);
	settings.deviation = receive_floats(&buffer, settings.n_features, 0);
	emoser_close_bytes(&buffer);
	return settings;
}

static void
add_seen_row(void *argument, const SeenRow *row)
{
	FoldSums *sums = argument;
	const SumSettings *settings = &sums->settings;
	int n = settings->n_features;
	bool is_degraded = emoser_is_degraded_kind(&settings->layout, row->kind);

	if (row->kind == 0)
		emo_count_cells(row->features, n, settings->mean, settings->deviation, sums->cells);
	emo_quantise(n, settings->mean, sums->inverse_deviation, row->features, sums->q);
	emoser_check(&sums->env, emo_state_add(&sums->env, sums->plain,
										   is_degraded ? EMO_STATE_DEGRADED : EMO_STATE_PLAIN,
										   row->label, sums->q, row->digest));
	if (sums->profiled == NULL || row->normalised == NULL)
		return;
	/* Through a profile degraded copies are as good as any other. */
	emo_quantise(n, NULL, NULL, row->normalised, sums->q);
	emoser_check(&sums->env, emo_state_add(&sums->env, sums->profiled, EMO_STATE_PLAIN, row->label,
										   sums->q, row->digest));
}

static EmoTrainingState *
new_state(FoldSums *sums, bool with_profile)
{
	const SumSettings *settings = &sums->settings;
	EmoTrainingState *state;

	emoser_check(&sums->env, emo_state_new(&sums->env, settings->n_features,
										   emo_state_scale_id(settings->n_features, settings->mean,
															  settings->deviation, with_profile),
										   &state));
	return state;
}

FoldSums *
emoser_new_fold_sums(const SumSettings *settings)
{
	FoldSums *sums = palloc0(sizeof(FoldSums));
	int n = settings->n_features;

	sums->settings = *settings;
	sums->context = CurrentMemoryContext;
	emoser_env_init(&sums->env, CurrentMemoryContext);
	sums->inverse_deviation = palloc(n * sizeof(float));
	emo_state_inverse_deviation(n, settings->mean, settings->deviation, sums->inverse_deviation);
	sums->q = palloc(n * sizeof(int16));
	sums->cells = palloc0(n * EMO_N_CELLS * sizeof(int64));
	sums->plain = new_state(sums, false);
	sums->profiled = settings->wants_profiles ? new_state(sums, true) : NULL;
	initStringInfo(&sums->speakers);
	sums->rows = emoser_new_speaker_rows(&settings->layout, settings->layout.n_copies, n,
										 settings->mean, settings->deviation, add_seen_row, sums);
	return sums;
}

int
emoser_fold_n_features(const FoldSums *sums)
{
	return sums->settings.n_features;
}

const RowLayout *
emoser_fold_layout(const FoldSums *sums)
{
	return &sums->settings.layout;
}

/* 16 bytes of an utterance that has some thousand. */
static void
add_hash(FoldSums *sums, int kind, uint64 hash)
{
	int64 room = sums->hash_room[kind];

	if (sums->n_hashes[kind] == room)
	{
		room = Max(2 * room, 64);
		sums->hashes[kind] = sums->hashes[kind] == NULL
								 ? MemoryContextAllocHuge(sums->context, room * sizeof(uint64))
								 : repalloc_huge(sums->hashes[kind], room * sizeof(uint64));
		sums->hash_room[kind] = room;
	}
	sums->hashes[kind][sums->n_hashes[kind]++] = hash;
}

void
emoser_fold_sums_add(FoldSums *sums, const LabelledRow *row)
{
	if (sums->settings.layout.has_speakers &&
		(sums->n_rows == 0 || strcmp(row->speaker, sums->last_speaker) != 0))
	{
		appendBinaryStringInfo(&sums->speakers, row->speaker, (int) strlen(row->speaker) + 1);
		strlcpy(sums->last_speaker, row->speaker, sizeof(sums->last_speaker));
		sums->n_speakers++;
	}
	sums->checksum += row->checksum;
	sums->n_rows++;
	for (int kind = 0; kind < EMOSER_N_CONTENT_KINDS; kind++)
		if (row->hashes.is_known[kind])
			add_hash(sums, kind, row->hashes.of[kind]);
	emoser_add_speaker_row(sums->rows, row);
}

/* Writes a state behind what is there, and makes room for what comes after. */
static void
write_state(FoldSums *sums, EmoTrainingState **state, char *at)
{
	if (*state == NULL)
		return;
	emo_state_write(*state, (EmoFlatState *) at);
	emo_state_free(&sums->env, *state);
	*state = NULL;
}

bytea *
emoser_fold_sums_bytes(FoldSums *sums)
{
	FoldHeader header = {.n_rows = sums->n_rows,
						 .checksum = sums->checksum,
						 .n_speakers = sums->n_speakers,
						 .cell_bytes = sums->settings.n_features * EMO_N_CELLS * sizeof(int64),
						 .speaker_bytes = MAXALIGN(sums->speakers.len)};
	size_t plain_bytes, profiled_bytes = 0;
	Size size, hash_bytes = 0;
	char *bytes, *at;

	emoser_end_speaker_rows(sums->rows);
	emoser_check(&sums->env, emo_state_finish(&sums->env, sums->plain, &plain_bytes));
	if (sums->profiled != NULL)
		emoser_check(&sums->env, emo_state_finish(&sums->env, sums->profiled, &profiled_bytes));
	header.plain_bytes = plain_bytes;
	header.profiled_bytes = profiled_bytes;
	for (int kind = 0; kind < EMOSER_N_CONTENT_KINDS; kind++)
	{
		header.n_hashes[kind] = sums->n_hashes[kind];
		hash_bytes += sums->n_hashes[kind] * sizeof(uint64);
	}
	size = MAXALIGN(VARHDRSZ) + sizeof(header) + header.cell_bytes + header.speaker_bytes +
		   hash_bytes + plain_bytes + profiled_bytes;
	if (size > MaxAllocSize)
		ereport(
			ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("sums of %d features are too large", sums->settings.n_features),
			 errhint("Train with the option \"statistics\": \"never\", or with less features.")));
	/* States lie at multiples of 8 here; a bytea begins 4 bytes before. */
	bytes = palloc0(size);
	at = bytes + MAXALIGN(VARHDRSZ);
	memcpy(at, &header, sizeof(header));
	at += sizeof(header);
	memcpy(at, sums->cells, header.cell_bytes);
	at += header.cell_bytes;
	memcpy(at, sums->speakers.data, sums->speakers.len);
	at += header.speaker_bytes;
	for (int kind = 0; kind < EMOSER_N_CONTENT_KINDS; kind++)
	{
		if (sums->n_hashes[kind] > 0)
			memcpy(at, sums->hashes[kind], sums->n_hashes[kind] * sizeof(uint64));
		at += sums->n_hashes[kind] * sizeof(uint64);
	}
	write_state(sums, &sums->plain, at);
	write_state(sums, &sums->profiled, at + plain_bytes);
	memmove(bytes + VARHDRSZ, bytes + MAXALIGN(VARHDRSZ), size - MAXALIGN(VARHDRSZ));
	SET_VARSIZE(bytes, size - MAXALIGN(VARHDRSZ) + VARHDRSZ);
	return (bytea *) bytes;
}

static EmoFlatState *
copy_state(const char *bytes, Size length)
{
	EmoFlatState *state;
	EmoEnv env;

	if (length == 0)
		return NULL;
	emoser_env_init(&env, CurrentMemoryContext);
	state = MemoryContextAllocHuge(CurrentMemoryContext, length);
	memcpy(state, bytes, length);
	emoser_check(&env, emo_state_check(&env, state, length));
	return state;
}

SummedFold
emoser_read_fold_sums(const bytea *bytes)
{
	const char *at = VARDATA_ANY(bytes);
	uint64 left = VARSIZE_ANY_EXHDR(bytes);
	FoldHeader header;
	SummedFold fold;

	if (left < sizeof(header))
		emoser_bad_plumbing();
	memcpy(&header, at, sizeof(header));
	left -= sizeof(header);
	at += sizeof(header);
	if (header.cell_bytes > left || header.speaker_bytes > left - header.cell_bytes)
		emoser_bad_plumbing();
	left -= header.cell_bytes + header.speaker_bytes;
	fold = (SummedFold){.n_rows = header.n_rows,
						.checksum = header.checksum,
						.n_speakers = (int32) header.n_speakers,
						.cell_bytes = header.cell_bytes,
						.cells = at,
						.speakers = at + header.cell_bytes};
	at += header.cell_bytes + header.speaker_bytes;
	for (int kind = 0; kind < EMOSER_N_CONTENT_KINDS; kind++)
	{
		uint64 n = (uint64) header.n_hashes[kind];

		if (n > left / sizeof(uint64))
			emoser_bad_plumbing();
		fold.n_hashes[kind] = header.n_hashes[kind];
		fold.hashes[kind] = at;
		at += n * sizeof(uint64);
		left -= n * sizeof(uint64);
	}
	if (header.plain_bytes > left || header.profiled_bytes != left - header.plain_bytes)
		emoser_bad_plumbing();
	fold.plain = copy_state(at, header.plain_bytes);
	fold.profiled = copy_state(at + header.plain_bytes, header.profiled_bytes);
	return fold;
}

uint64
emoser_hash_of_fold(const SummedFold *fold, int kind, int64 i)
{
	uint64 hash;

	memcpy(&hash, fold->hashes[kind] + i * sizeof(uint64), sizeof(hash));
	return hash;
}
