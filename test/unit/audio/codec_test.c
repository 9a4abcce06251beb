/*
 * codec_test.c
 *	  Recordings that the core knows and does not read: their names, and a decoder from outside.
 */
#include "unit.h"

#include "recordings.h"

#include "core/audio/codec.h"
#include "core/audio/decoder.h"

/* In memory of just that size, so that reading beyond it is seen. */
static bool
is_named(const char *content, size_t n_bytes, const char *name)
{
	uint8_t *bytes = malloc(n_bytes + (n_bytes == 0));
	const EmoForeignCodec *codec;

	memcpy(bytes, content, n_bytes);
	codec = emo_foreign_codec(bytes, n_bytes);
	free(bytes);
	return name == NULL ? codec == NULL : codec != NULL && strcmp(codec->name, name) == 0;
}

static void
test_containers(EmoEnv *env)
{
	static const char mp4[] = "\0\0\0\x20"
							  "ftypM4A ";
	static const char adts[] = "\xff\xf1\x50\x80\x01\x1f\xfc\0\xff\xf1\x50\x80\x01\x1f\xfc\0";

	(void) env;
	CHECK(is_named(mp4, 12, "MP4 (m4a)"));
	CHECK(is_named(mp4, 8, "MP4 (m4a)"));
	CHECK(is_named(mp4, 7, NULL));
	CHECK(is_named("\x1a\x45\xdf\xa3\x9f", 5, "Matroska (mka, mkv)"));
	CHECK(is_named("\x1a\x45\xdf", 3, NULL));
	CHECK(is_named("#!AMR-WB\n", 9, "AMR-WB"));
	CHECK(is_named("#!AMR\n", 6, "AMR-NB"));
	CHECK(is_named("\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6", 9, "Windows Media (wma)"));
	CHECK(is_named(adts, 16, "AAC (ADTS)"));
	CHECK(is_named(adts, 8, "AAC (ADTS)"));
	CHECK(is_named(adts, 6, NULL));
	CHECK(is_named("\xff\xf1\x50\x80\x01\x1f\xfc\0\xff\xfb\x50\x80\x01\x1f\xfc\0", 16, NULL));
	CHECK(is_named("", 0, NULL));
}

static void
test_codecs_of_boxes(EmoEnv *env)
{
	static const char box[] =
		"\0\0\0\x18"
		"ftypisom\0\0\2\0isomiso2\0\0\0\0moov\0\0\0\0stsd\0\0\0\0\0\0\0\1\0\0\0\x9c"
		"avc1\0\0\0\0stsd\0\0\0\0\0\0\0\1\0\0\0\x33samr";
	static const char ebml[] = "\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm\x18\x53\x80\x67\x86\x86"
							   "A_OPUS";
	char caf[] = "caff\0\1\0\0desc\0\0\0\0\0\0\0\x20@\xe5\x88\x80\0\0\0\0aac ";

	(void) env;
	CHECK(is_named(box, sizeof(box) - 1, "AMR-NB in MP4 (3gp)"));
	for (size_t n_bytes = 8; n_bytes < sizeof(box) - 1; n_bytes++)
		CHECK(is_named(box, n_bytes, "MP4 (m4a)"));
	CHECK(is_named(ebml, sizeof(ebml) - 1, "Opus in WebM"));
	for (size_t n_bytes = 12; n_bytes < sizeof(ebml) - 1; n_bytes++)
		CHECK(is_named(ebml, n_bytes, "WebM"));
	CHECK(is_named(caf, sizeof(caf) - 1, "AAC in CAF"));
	CHECK(is_named(caf, sizeof(caf) - 2, NULL));
	memcpy(caf + 28, "lpcm", 4);
	CHECK(is_named(caf, sizeof(caf) - 1, NULL));
}

static void
test_codecs_of_wav(EmoEnv *env)
{
	static const struct
	{
		const char *tag;
		const char *name;
	} cases[] = {
		{"\x8f\x02", "G.722 in WAV"},
		{"\x65\0", "G.722 in WAV"},
		{"\x45\0", "G.726 in WAV"},
		{"\x83\0", "G.729 in WAV"},
		{"\x42\0", "G.723.1 in WAV"},
		{"\x09\xa1", "Speex in WAV"},
		{"\x01\0", NULL},
		{"\x55\0", NULL},
		{"\x31\0", NULL},
	};
	char wav[60] = "RIFF\x34\0\0\0WAVEjunk\3\0\0\0abc\0fmt \x10\0\0\0";
	char extensible[60] = "RIFF\x34\0\0\0WAVEfmt \x28\0\0\0\xfe\xff";
	char big_endian[60] = "RIFX\0\0\0\x34WAVEfmt \0\0\0\x10\x02\x8f";

	(void) env;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		memcpy(wav + 32, cases[i].tag, 2);
		memcpy(extensible + 44, cases[i].tag, 2);
		CHECK(is_named(wav, sizeof(wav), cases[i].name));
		CHECK(is_named(extensible, sizeof(extensible), cases[i].name));
	}
	CHECK(is_named(big_endian, sizeof(big_endian), "G.722 in WAV"));
	for (size_t n_bytes = 0; n_bytes < 34; n_bytes++)
		CHECK(is_named(wav, n_bytes, NULL));
}

/* The first page of a stream whose packet begins with a magic; as many bytes as are given back. */
static size_t
put_first_page(char *page, const char *magic, size_t n_magic)
{
	static const char head[] = "OggS\0\2\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\1";

	memcpy(page, head, 27);
	page[27] = (char) n_magic;
	memcpy(page + 28, magic, n_magic);
	return 28 + n_magic;
}

static void
test_codecs_of_ogg(EmoEnv *env)
{
	char page[128];
	size_t n_bytes = put_first_page(page, "Speex   1.2", 12);

	(void) env;
	CHECK(is_named(page, n_bytes, "Speex"));
	CHECK(is_named(page, n_bytes - 1, NULL));
	CHECK(is_named(page, 26, NULL));

	/* Sound beside it that is read. */
	put_first_page(page + n_bytes, "OpusHead", 8);
	CHECK(is_named(page, n_bytes + 36, NULL));
	CHECK(is_named(page, put_first_page(page, "OpusHead", 8), NULL));
	CHECK(is_named(page, put_first_page(page, "\x80theora", 7), NULL));
}

/* What a decoder from outside says of all recordings: so many frames of a half. */
#define OUTSIDE_FRAMES 700

static EmoStatus
open_outside(EmoAudioStream *stream)
{
	int64_t *n_left = emo_alloc(stream->env, 1, sizeof(int64_t));
	char magic[8];

	if (n_left == NULL)
		return EMO_OUT_OF_MEMORY;
	stream->handle = n_left;
	*n_left = OUTSIDE_FRAMES;
	if (emo_input_read(&stream->input, magic, 8) != 8 || memcmp(magic + 4, "ftyp", 4) != 0)
		return emo_fail_unreadable(stream->env, "outside", "no beginning");
	stream->container_name = "mp4";
	stream->encoding_name = "aac";
	stream->full_scale = 1;
	stream->sample_rate = 16000;
	stream->n_channels = 1;
	return EMO_OK;
}

static EmoStatus
read_outside(EmoAudioStream *stream, float *samples, int64_t max_frames, int64_t *n_frames)
{
	int64_t *n_left = stream->handle;

	*n_frames = *n_left < max_frames ? *n_left : max_frames;
	*n_left -= *n_frames;
	for (int64_t i = 0; i < *n_frames; i++)
		samples[i] = 0.5f;
	return EMO_OK;
}

static int n_closed;

static void
close_outside(EmoAudioStream *stream)
{
	n_closed++;
	emo_free(stream->env, stream->handle);
	stream->handle = NULL;
}

static const EmoDecoder outside = {
	.name = "outside", .open = open_outside, .read = read_outside, .close = close_outside};

static int n_asked;

static EmoStatus
find_outside(EmoEnv *env, const EmoDecoder **decoder)
{
	(void) env;
	n_asked++;
	*decoder = &outside;
	return EMO_OK;
}

static EmoStatus
find_nothing(EmoEnv *env, const EmoDecoder **decoder)
{
	(void) env;
	n_asked++;
	*decoder = NULL;
	return EMO_OK;
}

static EmoStatus
find_broken(EmoEnv *env, const EmoDecoder **decoder)
{
	(void) decoder;
	return emo_fail(env, EMO_IO_ERROR, "could not load it");
}

static void
test_decoder_from_outside(EmoEnv *env)
{
	Recording wav = recording_of_sine(WAV_PCM16, 16000, 1, 440, 0.5, 4000);
	Recording mp4 = {NULL, 0, 0, 0};
	EmoAudio audio;

	recording_write("ID3\3\0\0\0\0\0\1z\0\0\0\x20"
					"ftypM4A ",
					23, &mp4);
	CHECK(recording_decode(env, &mp4, 0, &audio) == EMO_BAD_DATA);
	CHECK(strcmp(env->detail, "The recording is MP4 (m4a), which is not read here.") == 0);
	CHECK(strstr(env->hint, "ffmpeg -i recording.m4a recording.wav") != NULL);

	emo_audio_set_fallback_decoder(find_outside, "outside");
	CHECK(recording_decode(env, &mp4, 0, &audio) == EMO_OK);
	CHECK(audio.n_samples == OUTSIDE_FRAMES && audio.samples[OUTSIDE_FRAMES - 1] == 0.5f);
	CHECK(n_asked == 1 && n_closed == 1);

	CHECK(recording_decode(env, &wav, 0, &audio) == EMO_OK);
	CHECK(n_asked == 1 && audio.n_samples == 4000);

	emo_audio_set_fallback_decoder(find_nothing, "outside");
	CHECK(recording_decode(env, &mp4, 0, &audio) == EMO_BAD_DATA);
	CHECK(n_asked == 2 && n_closed == 1);
	CHECK(strstr(env->hint, "Install the package outside on the server, or") != NULL);

	emo_audio_set_fallback_decoder(find_broken, "outside");
	CHECK(recording_decode(env, &mp4, 0, &audio) == EMO_IO_ERROR);
	emo_audio_set_fallback_decoder(NULL, NULL);
	recording_free(&wav);
	recording_free(&mp4);
}

int
main(void)
{
	RUN(test_containers);
	RUN(test_codecs_of_boxes);
	RUN(test_codecs_of_wav);
	RUN(test_codecs_of_ogg);
	RUN(test_decoder_from_outside);
	return unit_finish();
}
