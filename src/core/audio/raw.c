/*
 * raw.c
 *	  Samples without a header.
 */
#include "core/audio/raw.h"

#include <string.h>

#include "core/audio/codec_boxes.h"
#include "core/audio/foreign.h"
#include "core/audio/unreadable.h"
#include "core/base/bytes.h"
#include "core/base/samples.h"

/* Format tags of WAV. */
#define PCM   1
#define FLOAT 3
#define ALAW  6
#define ULAW  7

/* What a sample has to undergo. */
#define SWAP 1 /* its bytes come in the other order */
#define SIGN 2 /* its highest bit is turned: signed becomes unsigned, and the other way round */

typedef struct RawEncoding
{
	int sample_bytes;
	int wav_format;
	int change;
} RawEncoding;

/* In the order of emo_raw_encodings.  WAV has 8 bits unsigned, all others signed and little-endian. */
static const RawEncoding encodings[] = {
	{1, ULAW, 0},  {1, ALAW, 0},     {1, PCM, 0},    {1, PCM, SIGN},
	{2, PCM, 0},   {2, PCM, SWAP},   {2, PCM, SIGN}, {2, PCM, SWAP | SIGN},
	{3, PCM, 0},   {3, PCM, SWAP},   {4, PCM, 0},    {4, PCM, SWAP},
	{4, FLOAT, 0}, {4, FLOAT, SWAP}, {8, FLOAT, 0},  {8, FLOAT, SWAP},
};

const char *const emo_raw_encodings[] = {"ulaw",  "alaw",  "u8",    "s8",    "s16le", "s16be",
										 "u16le", "u16be", "s24le", "s24be", "s32le", "s32be",
										 "f32le", "f32be", "f64le", "f64be", NULL};

/* Of FFmpeg's muxers and codecs, SoX, RTP and Asterisk. */
static const char *const other_names[][2] = {
	{"mulaw", "ulaw"},      {"mu-law", "ulaw"},     {"u-law", "ulaw"},      {"ul", "ulaw"},
	{"pcm_mulaw", "ulaw"},  {"pcmu", "ulaw"},       {"g711u", "ulaw"},      {"a-law", "alaw"},
	{"al", "alaw"},         {"pcm_alaw", "alaw"},   {"pcma", "alaw"},       {"g711a", "alaw"},
	{"ub", "u8"},           {"pcm_u8", "u8"},       {"sb", "s8"},           {"pcm_s8", "s8"},
	{"s16", "s16le"},       {"sw", "s16le"},        {"sln", "s16le"},       {"pcm16", "s16le"},
	{"pcm_s16le", "s16le"}, {"l16", "s16be"},       {"pcm_s16be", "s16be"}, {"u16", "u16le"},
	{"s24", "s24le"},       {"pcm_s24le", "s24le"}, {"s32", "s32le"},       {"pcm_s32le", "s32le"},
	{"f32", "f32le"},       {"float32", "f32le"},   {"pcm_f32le", "f32le"}, {"f64", "f64le"},
	{"float64", "f64le"},   {"pcm_f64le", "f64le"},
};

#define N_OTHER_NAMES (sizeof(other_names) / sizeof(other_names[0]))

int
emo_raw_find_encoding(const char *name)
{
	for (size_t i = 0; i < N_OTHER_NAMES; i++)
		if (strcmp(name, other_names[i][0]) == 0)
			name = other_names[i][1];
	for (int i = 0; emo_raw_encodings[i] != NULL; i++)
		if (strcmp(name, emo_raw_encodings[i]) == 0)
			return i;
	return -1;
}

/* RIFF, the format with the size of its (empty) extension, the count of frames, data. */
#define RIFF_BYTES   12
#define FORMAT_BYTES 26
#define FACT_BYTES   12
#define DATA_BYTES   8
#define HEADER_BYTES (RIFF_BYTES + FORMAT_BYTES + FACT_BYTES + DATA_BYTES)

size_t
emo_raw_max_wav_bytes(size_t n_bytes)
{
	/* Chunks have an even length. */
	return HEADER_BYTES + n_bytes + 1;
}

static bool
has_magic(const uint8_t *bytes, size_t n_bytes, size_t offset, const char *magic)
{
	return n_bytes >= offset + strlen(magic) && memcmp(bytes + offset, magic, strlen(magic)) == 0;
}

/* By four letters at least, which no samples begin with. */
static bool
has_header(const uint8_t *bytes, size_t n_bytes)
{
	static const char *const magics[] = {"RIFF", "RIFX", "RF64", "OggS",     "fLaC", "FORM",
										 "caff", ".snd", "NIST", "Creative", "#!AMR"};

	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (has_magic(bytes, n_bytes, 0, magics[i]))
			return true;
	return emo_codec_of_boxes(bytes, n_bytes) != NULL;
}

/* Fewer bytes of samples may look like text. */
#define MIN_TEXT_BYTES 64

static EmoStatus
check_bytes(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, size_t frame_bytes)
{
	const char *hint = n_bytes < MIN_TEXT_BYTES ? NULL : emo_foreign_audio_hint(bytes, n_bytes);
	EmoStatus status;

	if (n_bytes == 0)
		return emo_fail(env, EMO_BAD_DATA, "recording has no samples");
	if (has_header(bytes, n_bytes) || hint != NULL)
	{
		status = emo_fail(env, EMO_BAD_DATA, "bytes are no raw samples");
		emo_set_detail(env, hint == NULL ? "They begin like a recording with a header."
										 : "They are text.");
		emo_set_hint(env, "%s",
					 hint == NULL ? "They need no emoser_wav(): give them as they are." : hint);
		return status;
	}
	if (n_bytes % frame_bytes == 0)
		return EMO_OK;
	status = emo_fail(env, EMO_BAD_DATA, "bytes are no whole number of samples");
	emo_set_detail(env, "There are %zu bytes, and a sample of all channels has %zu.", n_bytes,
				   frame_bytes);
	emo_set_hint(env,
				 "See whether encoding and channels are right; an end that was cut off is left out "
				 "by substr(bytes, 1, %zu).",
				 n_bytes - n_bytes % frame_bytes);
	return status;
}

static void
put_text(EmoWriter *writer, const char *text)
{
	emo_write_bytes(writer, text, strlen(text));
}

static void
put_number(EmoWriter *writer, int n_bytes, uint64_t value)
{
	uint8_t bytes[8];

	emo_put_little_endian(bytes, n_bytes, value);
	emo_write_bytes(writer, bytes, n_bytes);
}

static void
put_header(EmoWriter *writer, const RawEncoding *encoding, int sample_rate, int n_channels,
		   size_t n_bytes)
{
	uint64_t frame_bytes = (uint64_t) encoding->sample_bytes * n_channels;

	put_text(writer, "RIFF");
	put_number(writer, 4, (HEADER_BYTES - 8 + n_bytes + n_bytes % 2));
	put_text(writer, "WAVEfmt ");
	put_number(writer, 4, FORMAT_BYTES - 8);
	put_number(writer, 2, encoding->wav_format);
	put_number(writer, 2, n_channels);
	put_number(writer, 4, sample_rate);
	put_number(writer, 4, sample_rate * frame_bytes);
	put_number(writer, 2, frame_bytes);
	put_number(writer, 2, (8 * encoding->sample_bytes));
	put_number(writer, 2, 0);
	put_text(writer, "fact");
	put_number(writer, 4, FACT_BYTES - 8);
	put_number(writer, 4, (n_bytes / frame_bytes));
	put_text(writer, "data");
	put_number(writer, 4, n_bytes);
}

static void
change_samples(const RawEncoding *encoding, const uint8_t *source, size_t n_bytes, uint8_t *target)
{
	const int width = encoding->sample_bytes;

	if (encoding->change == 0)
	{
		memcpy(target, source, n_bytes);
		return;
	}
	for (size_t i = 0; i < n_bytes; i += width)
	{
		for (int k = 0; k < width; k++)
			target[i + k] = source[i + (encoding->change & SWAP ? width - 1 - k : k)];
		if (encoding->change & SIGN)
			target[i + width - 1] ^= 0x80;
	}
}

/* Of samples, between two looks for a cancel: some milliseconds. */
#define SAMPLES_PER_CHECK ((size_t) 1 << 20)

EmoStatus
emo_raw_to_wav(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, int encoding_index,
			   int sample_rate, int n_channels, uint8_t *wav, size_t *n_wav)
{
	const RawEncoding *encoding = &encodings[encoding_index];
	const size_t block = SAMPLES_PER_CHECK * encoding->sample_bytes;
	EmoWriter writer = {wav, 0};
	EmoStatus status = emo_check_sample_rate(env, sample_rate);

	if (status == EMO_OK && (n_channels < 1 || n_channels > EMO_RAW_MAX_CHANNELS))
		status = emo_fail(env, EMO_INVALID_PARAMETER, "channels must be between 1 and %d",
						  EMO_RAW_MAX_CHANNELS);
	if (status == EMO_OK)
		status = check_bytes(env, bytes, n_bytes, (size_t) encoding->sample_bytes * n_channels);
	if (status != EMO_OK)
		return status;
	put_header(&writer, encoding, sample_rate, n_channels, n_bytes);
	for (size_t at = 0; at < n_bytes; at += block)
	{
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		change_samples(encoding, bytes + at, n_bytes - at < block ? n_bytes - at : block,
					   wav + HEADER_BYTES + at);
	}
	if (n_bytes % 2 != 0)
		wav[HEADER_BYTES + n_bytes] = 0;
	*n_wav = HEADER_BYTES + n_bytes + n_bytes % 2;
	return EMO_OK;
}
