/*
 * container.c
 *	  What a recording's bytes show before anything is decoded.
 */
#include "core/audio/container.h"

#include <string.h>

#include "core/audio/vorbis.h"
#include "core/base/bytes.h"

const char emo_container_hint[] =
	"Supported are WAV, RF64, W64, AIFF, AU, CAF, FLAC, Ogg Vorbis, Ogg Opus, MP3, NIST SPHERE and "
	"VOC; raw samples without a header can't be read.";

static bool
starts_with(const uint8_t *bytes, size_t n_bytes, const char *magic)
{
	size_t length = strlen(magic);

	return n_bytes >= length && memcmp(bytes, magic, length) == 0;
}

static uint64_t
read_uint(const uint8_t *bytes, int size, bool big_endian)
{
	return big_endian ? emo_get_big_endian(bytes, size) : emo_get_little_endian(bytes, size);
}

/* How a container strings its chunks together. */
typedef struct ChunkLayout
{
	size_t first_chunk; /* offset */
	int id_size;
	int size_size;
	bool big_endian;
	bool announces_length; /* bytes 4 to 7 count what follows them */
	bool counts_header;    /* a chunk's size includes its id and size */
	size_t alignment;      /* of chunks */
	const char *data_id;
} ChunkLayout;

/* Microsoft RIFF, EA IFF 85, Sony Wave64 and Apple CAF. */
static const ChunkLayout riff_layout = {12, 4, 4, false, true, false, 2, "data"};
static const ChunkLayout rifx_layout = {12, 4, 4, true, true, false, 2, "data"};
static const ChunkLayout aiff_layout = {12, 4, 4, true, true, false, 2, "SSND"};
static const ChunkLayout w64_layout = {40, 16, 8, false, false, true, 8, "data"};
static const ChunkLayout caf_layout = {8, 4, 8, true, false, false, 1, "data"};

static const char *const riff_texts[] = {"LIST", "INFO", NULL};
static const char *const caf_texts[] = {"info", NULL};

/*
 * Recordings have a dozen.  libsndfile remembers each in some 40 bytes of its own memory, and takes
 * as long for the smallest as for a large one.
 */
#define MAX_CHUNKS 4096

/* ALAC's packets in CAF, three bytes for each 4096 frames; libsndfile reads the table in one go. */
#define MAX_PACKET_TABLE_BYTES 4000000
#define PACKET_TABLE_HEADER    24
#define MAX_NUMBER_BYTES       5

/* Recorders that write into a pipe can't come back to fill a size in, and leave the largest. */
static bool
is_largest(uint64_t size, int size_size)
{
	return size == (size_size == 4 ? UINT32_MAX : UINT64_MAX);
}

/*
 * Those that are killed leave zeros, in the whole length and in the data chunk.  (A zero in the data
 * chunk alone means that it is empty.)
 */
static bool
has_zero_length(const uint8_t *bytes, size_t n_bytes, const ChunkLayout *layout)
{
	return layout->announces_length && n_bytes >= 8 && read_uint(bytes + 4, 4, false) == 0;
}

/* Remember the size that a data chunk of n_content bytes should have. */
static void
correct_size(EmoContainer *container, const ChunkLayout *layout, size_t chunk, uint64_t n_content)
{
	if (layout->counts_header)
		n_content += layout->id_size + layout->size_size;
	container->size_offset = chunk + layout->id_size;
	container->size_bytes = layout->size_size;
	if (layout->big_endian)
		emo_put_big_endian(container->size, layout->size_size, n_content);
	else
		emo_put_little_endian(container->size, layout->size_size, n_content);
}

/* The whole length in the header shows chunks that are missing altogether. */
static void
check_announced_length(const uint8_t *bytes, size_t n_bytes, const ChunkLayout *layout,
					   EmoContainer *container)
{
	uint64_t announced = n_bytes < 8 ? 0 : read_uint(bytes + 4, 4, layout->big_endian);

	/* Some writers count the padding byte of the last chunk without writing it. */
	if (layout->announces_length && !is_largest(announced, 4) && announced > n_bytes - 8 + 1)
		container->truncated = true;
}

static EmoStatus
fail_unreadable(EmoEnv *env, const char *detail)
{
	EmoStatus status = emo_fail(env, EMO_BAD_DATA, "could not read audio");

	emo_set_detail(env, "%s", detail);
	return status;
}

/* Numbers of seven bits a byte, all but the last with the eighth set, to the end or to a zero. */
static bool
is_packet_table(const uint8_t *bytes, size_t n_bytes)
{
	int n_number = 0; /* bytes of the number, so far */

	if (n_bytes < PACKET_TABLE_HEADER || n_bytes > MAX_PACKET_TABLE_BYTES)
		return false;
	for (size_t i = PACKET_TABLE_HEADER; i < n_bytes; i++)
	{
		if (n_number == 0 && bytes[i] == 0)
			return true;
		n_number = bytes[i] & 0x80 ? n_number + 1 : 0;
		if (n_number == MAX_NUMBER_BYTES)
			return false;
	}
	return n_number == 0;
}

static EmoStatus
walk_chunks(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, const ChunkLayout *layout,
			EmoContainer *container)
{
	size_t header = layout->id_size + layout->size_size;
	size_t position = layout->first_chunk;
	bool has_data = false;

	check_announced_length(bytes, n_bytes, layout, container);
	for (int n_chunks = 0; position + header <= n_bytes; n_chunks++)
	{
		const uint8_t *chunk = bytes + position;
		size_t left = n_bytes - position - header;
		bool is_data = memcmp(chunk, layout->data_id, 4) == 0;
		uint64_t size = read_uint(chunk + layout->id_size, layout->size_size, layout->big_endian);
		bool is_unknown = is_largest(size, layout->size_size) ||
						  (size == 0 && has_zero_length(bytes, n_bytes, layout));

		if (layout->counts_header)
			size = size < header ? 0 : size - header;
		if (is_data && (is_unknown || size > left))
			correct_size(container, layout, position, left);
		if (is_data && is_unknown)
			return EMO_OK;
		if (n_chunks == MAX_CHUNKS && !has_data)
			return fail_unreadable(env, "It has too many chunks before its samples.");
		has_data = has_data || is_data;
		/* Zeros up to a round size are usual behind the last chunk, and look like small ones. */
		if (n_chunks >= MAX_CHUNKS)
		{
			container->n_bytes = position;
			return EMO_OK;
		}
		if (size > left)
		{
			container->truncated = true;
			return EMO_OK;
		}
		if (layout == &caf_layout && memcmp(chunk, "pakt", 4) == 0 &&
			!is_packet_table(chunk + header, size))
			return fail_unreadable(env, "Its packet table is damaged or too large.");
		position += header + size;
		position += (layout->alignment - position % layout->alignment) % layout->alignment;
	}
	return EMO_OK;
}

/* EBU Tech 3306: the true sizes stand in the first chunk, "ds64". */
static bool
rf64_is_cut(const uint8_t *bytes, size_t n_bytes)
{
	if (n_bytes < 36 || memcmp(bytes + 12, "ds64", 4) != 0)
		return false;
	return read_uint(bytes + 20, 8, false) > n_bytes - 8 + 1;
}

/* Next Software's and Sun's: magic, offset of the samples, their size. */
static bool
au_is_cut(const uint8_t *bytes, size_t n_bytes)
{
	bool big_endian = bytes[0] == '.';
	uint64_t offset;
	uint64_t size;

	if (n_bytes < 12)
		return true;
	offset = read_uint(bytes + 4, 4, big_endian);
	size = read_uint(bytes + 8, 4, big_endian);
	return size != UINT32_MAX && offset + size > n_bytes;
}

/* RFC 3533: a page is at most 27 + 255 + 255 * 255 bytes, and the last has a flag. */
#define MAX_OGG_PAGE_BYTES 65307
#define OGG_HEADER_BYTES   27
#define OGG_FLAGS_OFFSET   5
#define OGG_END_OF_STREAM  4

static bool
ogg_is_cut(const uint8_t *bytes, size_t n_bytes)
{
	size_t lowest = n_bytes > MAX_OGG_PAGE_BYTES ? n_bytes - MAX_OGG_PAGE_BYTES : 0;

	for (size_t position = n_bytes; position-- > lowest;)
	{
		const uint8_t *page = bytes + position;
		size_t left = n_bytes - position;
		size_t page_bytes;

		if (!starts_with(page, left, "OggS"))
			continue;
		if (left < OGG_HEADER_BYTES ||
			left < OGG_HEADER_BYTES + (size_t) page[OGG_HEADER_BYTES - 1])
			return true;
		page_bytes = OGG_HEADER_BYTES + page[OGG_HEADER_BYTES - 1];
		for (int i = 0; i < page[OGG_HEADER_BYTES - 1]; i++)
			page_bytes += page[OGG_HEADER_BYTES + i];
		return left < page_bytes || !(page[OGG_FLAGS_OFFSET] & OGG_END_OF_STREAM);
	}
	return true;
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
	const ChunkLayout *layout; /* NULL for those without chunks */
	bool (*is_cut)(const uint8_t *bytes, size_t n_bytes);
	const char *const *hostile_chunks;
	bool counts_samples;
} Signature;

static const Signature signatures[] = {
	{"RIFF", 8, "WAVE", &riff_layout, NULL, riff_texts, false},
	{"RIFX", 8, "WAVE", &rifx_layout, NULL, riff_texts, false},
	{"RF64", 8, "WAVE", NULL, rf64_is_cut, riff_texts, false},
	{"riff", 24, "wave", &w64_layout, NULL, NULL, false},
	{"FORM", 8, "AIFF", &aiff_layout, NULL, NULL, false},
	{"FORM", 8, "AIFC", &aiff_layout, NULL, NULL, false},
	{"caff", 0, NULL, &caf_layout, NULL, caf_texts, false},
	{".snd", 0, NULL, NULL, au_is_cut, NULL, false},
	{"dns.", 0, NULL, NULL, au_is_cut, NULL, false},
	{"OggS", 0, NULL, NULL, ogg_is_cut, NULL, false},
	{"fLaC", 0, NULL, NULL, NULL, NULL, true},
	{"NIST_1A", 0, NULL, NULL, NULL, NULL, false},
	{"Creative Voice File", 0, NULL, NULL, NULL, NULL, false},
};

static const Signature mpeg_signature = {.magic = "\xff", .counts_samples = true};

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
	bits = read_uint(bytes + CAF_FLAGS_OFFSET, 4, true);
	return bits < 1 || bits > 4;
}

EmoStatus
emo_container_check(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, EmoContainer *container)
{
	size_t offset = length_of_tags(bytes, n_bytes);
	const Signature *signature = find_signature(bytes + offset, n_bytes - offset);

	memset(container, 0, sizeof(*container));
	/* Padding and junk between a tag and the first frame are usual in MPEG audio. */
	if (signature == NULL && offset > 0 && offset < n_bytes)
		signature = &mpeg_signature;
	if (signature == NULL)
		return fail_unreadable(
			env, n_bytes == 0 ? "The recording is empty."
							  : "It does not begin like a recording in a known container.");
	bytes += offset;
	n_bytes -= offset;
	if (starts_with(bytes, n_bytes, "OggS") && emo_ogg_check_headers(env, bytes, n_bytes) != EMO_OK)
		return env->status;
	if (signature->layout == &caf_layout && is_odd_alac(bytes, n_bytes))
		return fail_unreadable(env, "Its ALAC samples have an unknown size.");
	container->offset = offset;
	container->n_bytes = n_bytes;
	container->library = signature == &mpeg_signature ? EMO_MPG123 : EMO_SNDFILE;
	container->hostile_chunks = signature->hostile_chunks;
	container->harmless_chunk = signature->hostile_chunks == caf_texts ? "free" : "JUNK";
	container->counts_samples = signature->counts_samples;
	if (signature->layout != NULL)
		return walk_chunks(env, bytes, n_bytes, signature->layout, container);
	if (signature->is_cut != NULL)
		container->truncated = signature->is_cut(bytes, n_bytes);
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

	overlay(container->size, container->size_bytes, container->size_offset, position, copy,
			n_copied);
	if (container->hostile_chunks == NULL)
		return;
	for (size_t i = start; i < position + n_copied && i + CHUNK_NAME_BYTES <= n_bytes; i++)
		if (is_one_of(bytes + i, container->hostile_chunks))
			overlay((const uint8_t *) container->harmless_chunk, CHUNK_NAME_BYTES, i, position,
					copy, n_copied);
}
