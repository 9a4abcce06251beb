/*
 * container.c
 *	  What a recording's bytes show before anything is decoded.
 */
#include "core/audio/container.h"

#include <string.h>

#include "core/audio/mpeg_frames.h"
#include "core/audio/ogg_pages.h"
#include "core/audio/unreadable.h"
#include "core/base/bytes.h"

const char emo_container_hint[] =
	"Supported are WAV, RF64, W64, AIFF, AU, CAF, FLAC, Ogg Vorbis, Ogg Opus, MP3, NIST SPHERE and "
	"VOC; raw samples without a header become a WAV file by emoser_wav(audio, encoding => 'ulaw', sample_rate => 8000).";

static bool
starts_with(const uint8_t *bytes, size_t n_bytes, const char *magic)
{
	size_t length = strlen(magic);

	return n_bytes >= length && memcmp(bytes, magic, length) == 0;
}

static const char *const riff_texts[] = {"LIST", "INFO", NULL};
static const char *const caf_texts[] = {"info", NULL};

#define RF64_FIRST_CHUNK 12
#define RF64_DATA_SIZE   28
#define MAX_RF64_CHUNKS  64

/* Bytes behind the header of the data chunk of a WAV file; 0 when there is none. */
static uint64_t
rf64_data_bytes(const uint8_t *bytes, size_t n_bytes)
{
	size_t position = RF64_FIRST_CHUNK;

	for (int i = 0; i < MAX_RF64_CHUNKS && position + 8 <= n_bytes; i++)
	{
		uint64_t size = emo_get_number(bytes + position + 4, 4, false);

		if (memcmp(bytes + position, "data", 4) == 0)
			return n_bytes - position - 8;
		if (size > n_bytes - position - 8)
			return 0;
		position += 8 + size + size % 2;
	}
	return 0;
}

/* EBU Tech 3306: the true sizes, of the whole and of the samples, stand in the first chunk, "ds64". */
static void
check_rf64(const uint8_t *bytes, size_t n_bytes, EmoChunks *chunks)
{
	uint64_t whole, data, n_data;

	if (n_bytes < RF64_FIRST_CHUNK + 24 || memcmp(bytes + RF64_FIRST_CHUNK, "ds64", 4) != 0)
		return;
	whole = emo_get_number(bytes + 20, 8, false);
	data = emo_get_number(bytes + RF64_DATA_SIZE, 8, false);
	n_data = rf64_data_bytes(bytes, n_bytes);
	if (data == 0 || emo_is_unknown_size(data, 8))
	{
		if (n_data > 0)
			emo_correct_size(chunks, RF64_DATA_SIZE, 8, false, n_data);
		return;
	}
	chunks->truncated =
		data > n_data || (!emo_is_unknown_size(whole, 8) && whole > n_bytes - 8 + 1);
}

/* Next Software's and Sun's: magic, offset of the samples, their size. */
static void
check_au(const uint8_t *bytes, size_t n_bytes, EmoChunks *chunks)
{
	bool big_endian = bytes[0] == '.';
	uint64_t offset;
	uint64_t size;

	if (n_bytes < 12)
		return;
	offset = emo_get_number(bytes + 4, 4, big_endian);
	size = emo_get_number(bytes + 8, 4, big_endian);
	if (size == 0 || emo_is_unknown_size(size, 4))
	{
		if (offset < n_bytes)
			emo_correct_size(chunks, 8, 4, big_endian, n_bytes - offset);
		return;
	}
	chunks->truncated = offset + size > n_bytes;
}

/*
 * The containers that are let through.  libsndfile knows more, in which nobody has recorded speech
 * for decades: some are recognized by two bytes and so in any rubbish, and the parser of one (8SVX)
 * never ends on a damaged header.
 */
typedef struct Signature
{
	const char *magic;
	size_t type_offset; /* of a second magic; 0 for none */
	const char *type;
	const EmoChunkLayout *layout; /* NULL for those without chunks */
	void (*check)(const uint8_t *bytes, size_t n_bytes, EmoChunks *chunks); /* of others */
	const char *const *hostile_chunks;
	bool counts_samples;
	EmoLibrary library;
} Signature;

static const Signature signatures[] = {
	{"RIFF", 8, "WAVE", &emo_riff_layout, NULL, riff_texts, false, EMO_SNDFILE},
	{"RIFX", 8, "WAVE", &emo_rifx_layout, NULL, riff_texts, false, EMO_SNDFILE},
	{"RF64", 8, "WAVE", NULL, check_rf64, riff_texts, false, EMO_SNDFILE},
	{"riff", 24, "wave", &emo_w64_layout, NULL, NULL, false, EMO_SNDFILE},
	{"FORM", 8, "AIFF", &emo_aiff_layout, NULL, NULL, false, EMO_SNDFILE},
	{"FORM", 8, "AIFC", &emo_aiff_layout, NULL, NULL, false, EMO_SNDFILE},
	{"caff", 0, NULL, &emo_caf_layout, NULL, caf_texts, false, EMO_SNDFILE},
	{".snd", 0, NULL, NULL, check_au, NULL, false, EMO_SNDFILE},
	{"dns.", 0, NULL, NULL, check_au, NULL, false, EMO_SNDFILE},
	{"OggS", 0, NULL, NULL, NULL, NULL, false, EMO_OGG},
	{"fLaC", 0, NULL, NULL, NULL, NULL, true, EMO_SNDFILE},
	{"NIST_1A", 0, NULL, NULL, NULL, NULL, false, EMO_SNDFILE},
	{"Creative Voice File", 0, NULL, NULL, NULL, NULL, false, EMO_SNDFILE},
};

/* Known by more than its first bytes, see check_mpeg(). */
static const Signature mpeg_signature;

static const Signature *
find_signature(const uint8_t *bytes, size_t n_bytes)
{
	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++)
	{
		const Signature *signature = &signatures[i];
		size_t offset = signature->type_offset;

		if (!starts_with(bytes, n_bytes, signature->magic))
			continue;
		if (offset == 0 ||
			(n_bytes > offset && starts_with(bytes + offset, n_bytes - offset, signature->type)))
			return signature;
	}
	/* The first eleven bits of an MPEG audio frame are ones, and its layer isn't 0, as in AAC. */
	if (n_bytes >= 2 && bytes[0] == 0xff && (bytes[1] & 0xe0) == 0xe0 && (bytes[1] & 0x06) != 0)
		return &mpeg_signature;
	return NULL;
}

/* An ID3v2 tag says its length, without header and footer, in the low seven bits of four bytes. */
#define ID3_HEADER_BYTES 10
#define ID3_FLAGS_OFFSET 5
#define ID3_HAS_FOOTER   0x10

/* Nobody writes more tags than one; a second one comes from a program that has not seen the first. */
#define MAX_ID3_TAGS 16

/* Bytes of the ID3v2 tags at the beginning; whatever the container, programs put them there. */
static size_t
length_of_tags(const uint8_t *bytes, size_t n_bytes)
{
	size_t length = 0;

	for (int i = 0; i < MAX_ID3_TAGS; i++)
	{
		const uint8_t *tag = bytes + length;

		if (n_bytes - length < ID3_HEADER_BYTES || memcmp(tag, "ID3", 3) != 0)
			return length;
		length += ID3_HEADER_BYTES + ((size_t) (tag[6] & 0x7f) << 21 | (tag[7] & 0x7f) << 14 |
									  (tag[8] & 0x7f) << 7 | (tag[9] & 0x7f));
		if (tag[ID3_FLAGS_OFFSET] & ID3_HAS_FOOTER)
			length += ID3_HEADER_BYTES;
		if (length > n_bytes)
			return n_bytes;
	}
	return length;
}

/* libsndfile prints on standard output what it thinks of other samples than of 16 to 32 bits. */
#define CAF_ENCODING_OFFSET 28
#define CAF_FLAGS_OFFSET    32

static bool
is_odd_alac(const uint8_t *bytes, size_t n_bytes)
{
	uint64_t bits; /* 1 to 4 for 16, 20, 24 and 32 */

	if (n_bytes < CAF_FLAGS_OFFSET + 4 || memcmp(bytes + CAF_ENCODING_OFFSET, "alac", 4) != 0)
		return false;
	bits = emo_get_number(bytes + CAF_FLAGS_OFFSET, 4, true);
	return bits < 1 || bits > 4;
}

/* WAVE_FORMAT_MPEG and WAVE_FORMAT_MPEGLAYER3, of which libsndfile reads some of the latter. */
static bool
is_mpeg_in_wav(const uint8_t *bytes, size_t n_bytes)
{
	int tag = emo_wave_format_tag(bytes, n_bytes);

	return tag == 0x50 || tag == 0x55;
}

/*
 * Padding and junk before the first frame are usual in MPEG audio, and so are recordings that begin in the
 * middle of one.  Where no frames are found, it may be free format.
 */
static EmoStatus
check_mpeg(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, size_t offset, bool needs_frames,
		   EmoContainer *container)
{
	size_t n_junk;

	if (emo_mpeg_find_frames(env, bytes + offset, n_bytes - offset, &n_junk) != EMO_OK)
		return env->status;
	if (n_junk == n_bytes - offset && (needs_frames || n_junk == 0))
		return emo_fail_recording(
			env, n_bytes == 0 ? "The recording is empty."
							  : "It does not begin like a recording in a known container.");
	if (n_junk == n_bytes - offset)
		n_junk = 0;
	container->library = EMO_MPG123;
	container->counts_samples = true;
	container->offset = offset + n_junk;
	container->n_bytes = n_bytes - container->offset;
	return emo_mpeg_check_frames(env, bytes + container->offset, container->n_bytes,
								 &container->truncated, &container->is_uniform);
}

EmoStatus
emo_container_check(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, EmoContainer *container)
{
	size_t offset = length_of_tags(bytes, n_bytes);
	const Signature *signature = find_signature(bytes + offset, n_bytes - offset);

	memset(container, 0, sizeof(*container));
	container->codec = emo_foreign_codec(bytes + offset, n_bytes - offset);
	if (container->codec != NULL)
	{
		container->library = EMO_NO_LIBRARY;
		container->offset = offset;
		container->n_bytes = n_bytes - offset;
		if (starts_with(bytes + offset, n_bytes - offset, "OggS"))
			return emo_ogg_check_end(env, bytes + offset, n_bytes - offset, &container->truncated);
		return EMO_OK;
	}
	if (signature != NULL && is_mpeg_in_wav(bytes + offset, n_bytes - offset))
		return check_mpeg(env, bytes, n_bytes, offset, true, container);
	if (signature == NULL || signature == &mpeg_signature)
		return check_mpeg(env, bytes, n_bytes, offset, signature == NULL && offset == 0, container);
	bytes += offset;
	n_bytes -= offset;
	if (signature->layout == &emo_caf_layout && is_odd_alac(bytes, n_bytes))
		return emo_fail_recording(env, "Its ALAC samples have an unknown size.");
	container->offset = offset;
	container->n_bytes = n_bytes;
	container->library = signature->library;
	container->hostile_chunks = signature->hostile_chunks;
	container->harmless_chunk = signature->hostile_chunks == caf_texts ? "free" : "JUNK";
	container->counts_samples = signature->counts_samples;
	if (signature->layout != NULL)
	{
		if (emo_walk_chunks(env, bytes, n_bytes, signature->layout, &container->chunks) != EMO_OK)
			return env->status;
		container->n_bytes = container->chunks.n_bytes;
		container->truncated = container->chunks.truncated;
	}
	else if (signature->check != NULL)
	{
		signature->check(bytes, n_bytes, &container->chunks);
		container->truncated = container->chunks.truncated;
	}
	return EMO_OK;
}

/* Put the part of value, which belongs at offset, that lies within the copy. */
static void
overlay(const uint8_t *value, size_t n_value, size_t offset, size_t position, uint8_t *copy,
		size_t n_copied)
{
	for (size_t i = 0; i < n_value; i++)
		if (offset + i >= position && offset + i < position + n_copied)
			copy[offset + i - position] = value[i];
}

#define CHUNK_NAME_BYTES 4

static bool
is_one_of(const uint8_t *chunk, const char *const *names)
{
	for (int i = 0; names[i] != NULL; i++)
		if (memcmp(chunk, names[i], CHUNK_NAME_BYTES) == 0)
			return true;
	return false;
}

void
emo_container_mask(const EmoContainer *container, const uint8_t *bytes, size_t n_bytes,
				   size_t position, uint8_t *copy, size_t n_copied)
{
	size_t start = position < CHUNK_NAME_BYTES - 1 ? 0 : position - (CHUNK_NAME_BYTES - 1);

	overlay(container->chunks.size, container->chunks.size_bytes, container->chunks.size_offset,
			position, copy, n_copied);
	if (container->hostile_chunks == NULL)
		return;
	for (size_t i = start; i < position + n_copied && i + CHUNK_NAME_BYTES <= n_bytes; i++)
		if (is_one_of(bytes + i, container->hostile_chunks))
			overlay((const uint8_t *) container->harmless_chunk, CHUNK_NAME_BYTES, i, position,
					copy, n_copied);
}
