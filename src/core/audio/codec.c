/*
 * codec.c
 *	  Recordings that are known, and that no library of the core reads: their names.
 */
#include "core/audio/codec.h"

#include <stdio.h>
#include <string.h>

#include "core/audio/codec_boxes.h"
#include "core/audio/ogg_links.h"
#include "core/audio/ogg_pages.h"
#include "core/audio/unreadable.h"
#include "core/base/bytes.h"

typedef struct Signature
{
	size_t offset;
	const char *magic;
	size_t n_magic;
	EmoForeignCodec codec;
} Signature;

#define MAGIC(text) text, sizeof(text) - 1

/* RFC 4867, RFC 3952, Microsoft ASF; and what nothing here reads, for the name alone. */
static const Signature signatures[] = {
	{0, MAGIC("#!AMR-WB"), {"AMR-WB", "amr"}},
	{0, MAGIC("#!AMR"), {"AMR-NB", "amr"}},
	{0, MAGIC("#!iLBC"), {"iLBC", "lbc"}},
	{0, MAGIC("\x30\x26\xb2\x75\x8e\x66\xcf\x11"), {"Windows Media (wma)", "wma"}},
	{0, MAGIC("\2dss"), {"a dictation (DSS)", "dss"}},
	{0, MAGIC("\3dss"), {"a dictation (DSS)", "dss"}},
	{8, MAGIC("AVI LIST"), {"AVI", "avi"}},
	{0, MAGIC("FLV\1"), {"Flash video (flv)", "flv"}},
	{0, MAGIC("\0\0\1\xba"), {"an MPEG program stream", "mpg"}},
	{0, MAGIC("wvpk"), {"WavPack", "wv"}},
	{0, MAGIC("MAC "), {"Monkey's Audio", "ape"}},
	{0, MAGIC("TTA1"), {"True Audio", "tta"}},
	{0, MAGIC(".ra\xfd"), {"RealAudio", "ra"}},
	{0, MAGIC(".RMF"), {"RealMedia", "rm"}},
};

/* Tags of WAVE files (RFC 2361 and Microsoft's mmreg.h), but for those that libraries of the core read. */
typedef struct WaveCodec
{
	int tag;
	EmoForeignCodec codec;
} WaveCodec;

static const WaveCodec wave_codecs[] = {
	{0x0014, {"G.723 ADPCM in WAV", "wav"}},
	{0x0022, {"TrueSpeech in WAV", "wav"}},
	{0x0042, {"G.723.1 in WAV", "wav"}},
	{0x0045, {"G.726 in WAV", "wav"}},
	{0x0061, {"ADPCM of Duck (DK4) in WAV", "wav"}},
	{0x0062, {"ADPCM of Duck (DK3) in WAV", "wav"}},
	{0x0064, {"G.726 in WAV", "wav"}},
	{0x0065, {"G.722 in WAV", "wav"}},
	{0x0083, {"G.729 in WAV", "wav"}},
	{0x0085, {"G.726 in WAV", "wav"}},
	{0x00ff, {"AAC in WAV", "wav"}},
	{0x0111, {"G.723.1 in WAV", "wav"}},
	{0x0130, {"ACELP (Sipro) in WAV", "wav"}},
	{0x0140, {"G.726 in WAV", "wav"}},
	{0x0160, {"Windows Media Audio 1 in WAV", "wav"}},
	{0x0161, {"Windows Media Audio 2 in WAV", "wav"}},
	{0x0162, {"Windows Media Audio Pro in WAV", "wav"}},
	{0x0163, {"Windows Media Audio Lossless in WAV", "wav"}},
	{0x0200, {"Creative ADPCM in WAV", "wav"}},
	{0x0270, {"ATRAC3 in WAV", "wav"}},
	{0x028f, {"G.722 in WAV", "wav"}},
	{0x1600, {"AAC (ADTS) in WAV", "wav"}},
	{0x1602, {"AAC (LATM) in WAV", "wav"}},
	{0x1610, {"AAC in WAV", "wav"}},
	{0x2000, {"AC-3 in WAV", "wav"}},
	{0x2001, {"DTS in WAV", "wav"}},
	{0x674f, {"Vorbis in WAV", "wav"}},
	{0x6750, {"Vorbis in WAV", "wav"}},
	{0x6751, {"Vorbis in WAV", "wav"}},
	{0x676f, {"Vorbis in WAV", "wav"}},
	{0x6770, {"Vorbis in WAV", "wav"}},
	{0x6771, {"Vorbis in WAV", "wav"}},
	{0x704f, {"Opus in WAV", "wav"}},
	{0x706d, {"AAC in WAV", "wav"}},
	{0x7a21, {"AMR in WAV", "wav"}},
	{0x7a22, {"AMR in WAV", "wav"}},
	{0xa103, {"G.729 in WAV", "wav"}},
	{0xa104, {"G.729 in WAV", "wav"}},
	{0xa105, {"G.722.1 in WAV", "wav"}},
	{0xa106, {"AAC in WAV", "wav"}},
	{0xa109, {"Speex in WAV", "wav"}},
	{0xf1ac, {"FLAC in WAV", "wav"}},
};

/* Microsoft's: id and size of each chunk, which begin at even offsets. */
#define RIFF_HEADER_BYTES      12
#define CHUNK_HEADER_BYTES     8
#define SUB_FORMAT_OFFSET      24 /* in a format chunk, of a GUID that begins with the tag */
#define WAVE_FORMAT_EXTENSIBLE 0xfffe

/* Of an Ogg file, that are looked at. */
#define MAX_STREAMS 64

/* Chunks before the format are few. */
#define MAX_CHUNKS_BEFORE_FORMAT 64

static bool
starts_with(const uint8_t *bytes, size_t n_bytes, const char *magic, size_t n_magic)
{
	return n_bytes >= n_magic && memcmp(bytes, magic, n_magic) == 0;
}

static int
tag_of_format_chunk(const uint8_t *content, size_t n_bytes, bool big_endian)
{
	int tag;

	if (n_bytes < 2)
		return -1;
	tag = (int) emo_get_number(content, 2, big_endian);
	if (tag == WAVE_FORMAT_EXTENSIBLE && n_bytes >= SUB_FORMAT_OFFSET + 2)
		tag = (int) emo_get_number(content + SUB_FORMAT_OFFSET, 2, big_endian);
	return tag;
}

int
emo_wave_format_tag(const uint8_t *bytes, size_t n_bytes)
{
	bool big_endian = starts_with(bytes, n_bytes, "RIFX", 4);
	size_t position = RIFF_HEADER_BYTES;

	if (n_bytes < RIFF_HEADER_BYTES || memcmp(bytes + 8, "WAVE", 4) != 0)
		return -1;
	for (int i = 0; i < MAX_CHUNKS_BEFORE_FORMAT && n_bytes - position >= CHUNK_HEADER_BYTES; i++)
	{
		size_t size = emo_get_number(bytes + position + 4, 4, big_endian);
		bool is_format = memcmp(bytes + position, "fmt ", 4) == 0;

		position += CHUNK_HEADER_BYTES;
		if (size > n_bytes - position)
			size = n_bytes - position;
		if (is_format)
			return tag_of_format_chunk(bytes + position, size, big_endian);
		position += size;
		position += position % 2 != 0 && position < n_bytes;
	}
	return -1;
}

static const EmoForeignCodec *
codec_of_wave(const uint8_t *bytes, size_t n_bytes)
{
	int tag = emo_wave_format_tag(bytes, n_bytes);

	for (size_t i = 0; tag >= 0 && i < sizeof(wave_codecs) / sizeof(wave_codecs[0]); i++)
		if (wave_codecs[i].tag == tag)
			return &wave_codecs[i].codec;
	return NULL;
}

/* What the first pages say, unless a library of the core reads one of their streams. */
static const EmoForeignCodec *
codec_of_ogg(const uint8_t *bytes, size_t n_bytes)
{
	static const Signature codecs[] = {
		{0, "Speex   ", 8, {"Speex", "spx"}},
		{0,
		 "\x7f"
		 "CELT",
		 5,
		 {"CELT", "ogg"}},
		{0, "PCM     ", 8, {"PCM in Ogg", "ogg"}},
	};
	const EmoForeignCodec *found = NULL;

	for (int n_pages = 0; n_pages < MAX_STREAMS; n_pages++)
	{
		size_t n_body;
		const uint8_t *body;
		size_t length = emo_ogg_page_length(bytes, n_bytes);

		if (length == 0 || !(emo_ogg_page_flags(bytes) & EMO_OGG_BEGINNING))
			return found;
		if (emo_ogg_codec(bytes, length) != EMO_OGG_OTHER)
			return NULL;
		body = emo_ogg_page_body(bytes, length, &n_body);
		for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
			if (starts_with(body, n_body, codecs[i].magic, codecs[i].n_magic))
				found = &codecs[i].codec;
		bytes += length;
		n_bytes -= length;
	}
	return found;
}

/* ISO 13818-7: twelve ones, layer 0, a rate's index below 13; 13 bits are the length of the frame. */
#define ADTS_HEADER_BYTES 7
#define ADTS_MAX_RATE     12

static bool
is_adts_header(const uint8_t *bytes, size_t n_bytes)
{
	return n_bytes >= ADTS_HEADER_BYTES && bytes[0] == 0xff && (bytes[1] & 0xf6) == 0xf0 &&
		   (bytes[2] >> 2 & 15) <= ADTS_MAX_RATE;
}

static bool
is_adts(const uint8_t *bytes, size_t n_bytes)
{
	size_t length;

	if (!is_adts_header(bytes, n_bytes))
		return false;
	length = (size_t) (bytes[3] & 3) << 11 | bytes[4] << 3 | bytes[5] >> 5;
	return length >= ADTS_HEADER_BYTES &&
		   (length >= n_bytes || is_adts_header(bytes + length, n_bytes - length));
}

const EmoForeignCodec *
emo_foreign_codec(const uint8_t *bytes, size_t n_bytes)
{
	static const EmoForeignCodec adts = {"AAC (ADTS)", "aac"};
	const EmoForeignCodec *boxes;

	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++)
	{
		const Signature *signature = &signatures[i];

		if (n_bytes >= signature->offset &&
			starts_with(bytes + signature->offset, n_bytes - signature->offset, signature->magic,
						signature->n_magic))
			return &signature->codec;
	}
	boxes = emo_codec_of_boxes(bytes, n_bytes);
	if (boxes != NULL)
		return boxes;
	if (is_adts(bytes, n_bytes))
		return &adts;
	if (starts_with(bytes, n_bytes, "OggS", 4))
		return codec_of_ogg(bytes, n_bytes);
	if (starts_with(bytes, n_bytes, "RIF", 3) || starts_with(bytes, n_bytes, "RF64", 4))
		return codec_of_wave(bytes, n_bytes);
	return NULL;
}

EmoStatus
emo_fail_foreign_codec(EmoEnv *env, const EmoForeignCodec *codec, const char *package)
{
	const char *target = strcmp(codec->suffix, "wav") == 0 ? "converted.wav" : "recording.wav";
	EmoStatus status;
	char detail[128];

	snprintf(detail, sizeof(detail), "The recording is %s, which is not read here.", codec->name);
	status = emo_fail_recording(env, detail);
	if (package != NULL)
		emo_set_hint(env,
					 "Install the package %s on the server, or convert the recording, for example "
					 "with ffmpeg -i recording.%s %s.",
					 package, codec->suffix, target);
	else
		emo_set_hint(env, "Convert it, for example with ffmpeg -i recording.%s %s.", codec->suffix,
					 target);
	return status;
}
