/*
 * codec_boxes.c
 *	  What is in containers that hold many codecs: MP4 and MOV, Matroska and WebM, CAF.
 *
 * Only a name for an error is looked for, by the words that stand before a codec's own.
 */
#include "core/audio/codec_boxes.h"

#include <stdbool.h>
#include <string.h>

/* Where headers are looked for: an hour has some 700 kB of tables, behind the sound or before it. */
#define SEARCHED_BYTES ((size_t) 1 << 20)

typedef struct Word
{
	const char *word;
	EmoForeignCodec codec;
} Word;

/* ISO 14496-12: of sound alone, by what stands in the sample description. */
static const Word mp4_words[] = {
	{"mp4a", {"AAC in MP4", "m4a"}},
	{"alac", {"ALAC in MP4", "m4a"}},
	{"Opus", {"Opus in MP4", "mp4"}},
	{"fLaC", {"FLAC in MP4", "mp4"}},
	{"samr", {"AMR-NB in MP4 (3gp)", "3gp"}},
	{"sawb", {"AMR-WB in MP4 (3gp)", "3gp"}},
	{"sqcp", {"QCELP in MP4 (3g2)", "3g2"}},
	{"sevc", {"EVRC in MP4 (3g2)", "3g2"}},
	{".mp3", {"MP3 in MP4", "mp4"}},
	{"ac-3", {"AC-3 in MP4", "mp4"}},
	{"ec-3", {"E-AC-3 in MP4", "mp4"}},
	{"enca", {"encrypted sound in MP4", "mp4"}},
	{"drms", {"encrypted sound in MP4", "mp4"}},
	{"sowt", {"PCM in MOV", "mov"}},
	{"twos", {"PCM in MOV", "mov"}},
	{"lpcm", {"PCM in MOV", "mov"}},
	{"in24", {"PCM in MOV", "mov"}},
	{"fl32", {"PCM in MOV", "mov"}},
	{"ima4", {"IMA ADPCM in MOV", "mov"}},
	{"ulaw", {"G.711 in MOV", "mov"}},
	{"alaw", {"G.711 in MOV", "mov"}},
};

/* RFC 9559 and the registry of its codecs. */
static const Word matroska_words[] = {
	{"A_OPUS", {"Opus in Matroska (mka, mkv)", "mka"}},
	{"A_VORBIS", {"Vorbis in Matroska (mka, mkv)", "mka"}},
	{"A_AAC", {"AAC in Matroska (mka, mkv)", "mka"}},
	{"A_FLAC", {"FLAC in Matroska (mka, mkv)", "mka"}},
	{"A_ALAC", {"ALAC in Matroska (mka, mkv)", "mka"}},
	{"A_MPEG", {"MP3 in Matroska (mka, mkv)", "mka"}},
	{"A_PCM", {"PCM in Matroska (mka, mkv)", "mka"}},
	{"A_AC3", {"AC-3 in Matroska (mka, mkv)", "mka"}},
	{"A_EAC3", {"E-AC-3 in Matroska (mka, mkv)", "mka"}},
};
static const Word webm_words[] = {
	{"A_OPUS", {"Opus in WebM", "webm"}},
	{"A_VORBIS", {"Vorbis in WebM", "webm"}},
};

/* Apple's Core Audio Format, by its field of format; others than those that libsndfile reads. */
static const Word caf_words[] = {
	{"aac ", {"AAC in CAF", "caf"}},    {"aach", {"AAC in CAF", "caf"}},
	{"aacp", {"AAC in CAF", "caf"}},    {"opus", {"Opus in CAF", "caf"}},
	{"ilbc", {"iLBC in CAF", "caf"}},   {"ima4", {"IMA ADPCM in CAF", "caf"}},
	{".mp3", {"MP3 in CAF", "caf"}},    {"samr", {"AMR-NB in CAF", "caf"}},
	{"sawb", {"AMR-WB in CAF", "caf"}},
};
#define CAF_FORMAT_OFFSET 28

#define COUNT(words)      (sizeof(words) / sizeof((words)[0]))

static const EmoForeignCodec *
find_word(const uint8_t *at, size_t n_left, const Word *words, size_t n_words)
{
	for (size_t i = 0; i < n_words; i++)
		if (n_left >= strlen(words[i].word) &&
			memcmp(at, words[i].word, strlen(words[i].word)) == 0)
			return &words[i].codec;
	return NULL;
}

/* Behind each mark, so many bytes from its beginning, one of the words may stand. */
static const EmoForeignCodec *
find_behind(const uint8_t *bytes, size_t n_bytes, const char *mark, size_t distance,
			const Word *words, size_t n_words)
{
	const uint8_t *end = bytes + n_bytes;

	for (const uint8_t *at = bytes;
		 (at = memmem(at, end - at, mark, strlen(mark))) != NULL && (size_t) (end - at) > distance;
		 at++)
	{
		const EmoForeignCodec *codec =
			find_word(at + distance, end - at - distance, words, n_words);

		if (codec != NULL)
			return codec;
	}
	return NULL;
}

/* "stsd", its version, a count, and the size of the first entry. */
#define STSD_FORMAT_OFFSET 16

static const EmoForeignCodec *
codec_of_mp4(const uint8_t *bytes, size_t n_bytes)
{
	static const EmoForeignCodec any = {"MP4 (m4a)", "m4a"};
	size_t n_searched = n_bytes < SEARCHED_BYTES ? n_bytes : SEARCHED_BYTES;
	const EmoForeignCodec *codec =
		find_behind(bytes, n_searched, "stsd", STSD_FORMAT_OFFSET, mp4_words, COUNT(mp4_words));

	if (codec == NULL)
		codec = find_behind(bytes + n_bytes - n_searched, n_searched, "stsd", STSD_FORMAT_OFFSET,
							mp4_words, COUNT(mp4_words));
	return codec != NULL ? codec : &any;
}

/* The type stands in the first bytes, codecs soon after. */
#define EBML_BYTES   64
#define TRACKS_BYTES 65536

static const EmoForeignCodec *
codec_of_matroska(const uint8_t *bytes, size_t n_bytes)
{
	static const EmoForeignCodec any_webm = {"WebM", "webm"};
	static const EmoForeignCodec any = {"Matroska (mka, mkv)", "mka"};
	bool is_webm = memmem(bytes, n_bytes < EBML_BYTES ? n_bytes : EBML_BYTES, "webm", 4) != NULL;
	size_t n_searched = n_bytes < TRACKS_BYTES ? n_bytes : TRACKS_BYTES;
	const EmoForeignCodec *codec =
		find_behind(bytes, n_searched, "A_", 0, is_webm ? webm_words : matroska_words,
					is_webm ? COUNT(webm_words) : COUNT(matroska_words));

	if (codec != NULL)
		return codec;
	return is_webm ? &any_webm : &any;
}

const EmoForeignCodec *
emo_codec_of_boxes(const uint8_t *bytes, size_t n_bytes)
{
	/* The first box: of the type, of a fragment, or in MOV of whatever comes first. */
	static const char *const first_boxes[] = {"ftyp", "styp", "moov", "mdat", "wide"};

	if (n_bytes >= 4 && memcmp(bytes, "\x1a\x45\xdf\xa3", 4) == 0)
		return codec_of_matroska(bytes, n_bytes);
	if (n_bytes > CAF_FORMAT_OFFSET && memcmp(bytes, "caff", 4) == 0)
		return find_word(bytes + CAF_FORMAT_OFFSET, n_bytes - CAF_FORMAT_OFFSET, caf_words,
						 COUNT(caf_words));
	for (size_t i = 0; n_bytes >= 8 && i < COUNT(first_boxes); i++)
		if (memcmp(bytes + 4, first_boxes[i], 4) == 0)
			return codec_of_mp4(bytes, n_bytes);
	return NULL;
}
