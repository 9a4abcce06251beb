/*
 * decode.c
 *	  Recordings in one container: whatever the bytes, there is a result or a clean error.
 *
 * Compiled once for each container, with CONTAINER as its name: what is mutated stays in it.
 */
#include "fuzz.h"

#include "mutate.h"
#include "ogg_pages.h"
#include "recording_checks.h"

#ifdef WITH_AV
#include "av/container.h"
#include "av/decoder.h"
#endif

/* Short, so that most time goes into parsers. */
static const EmoAudioLimits limits = {.max_duration_s = 1, .max_channels = 8};

/* Samples of the longest recording at the highest rate, as floats, three times over. */
#define MEMORY_ROOM ((size_t) 32 << 20)

#define OTHER_RATE  16000

/* What a container begins with, at some offset. */
typedef struct Magic
{
	const char *container;
	size_t offset;
	const char *bytes;
	size_t n_bytes;
} Magic;

static const Magic magics[] = {
	{"wav", 0, "RIFF", 4},
	{"wav", 8, "WAVE", 4},
	{"rifx", 0, "RIFX", 4},
	{"rifx", 8, "WAVE", 4},
	{"rf64", 0, "RF64", 4},
	{"rf64", 8, "WAVEds64", 8},
	{"w64", 0, "riff", 4},
	{"w64", 24, "wave", 4},
	{"aiff", 0, "FORM", 4},
	{"aiff", 8, "AIF", 3},
	{"caf", 0, "caff", 4},
	{"au", 0, ".snd", 4},
	{"flac", 0, "fLaC", 4},
	{"vorbis", 0, "OggS", 4},
	{"vorbis", 28, "\1vorbis", 7},
	{"opus", 0, "OggS", 4},
	{"opus", 28, "OpusHead", 8},
	{"nist", 0, "NIST_1A", 7},
	{"voc", 0, "Creative Voice File", 19},
	{"mpeg", 0, "\xff", 1},
	{"mp4", 4, "ftyp", 4},
	{"matroska", 0, "\x1a\x45\xdf\xa3", 4},
	{"asf", 0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", 8},
	{"amr", 0, "#!AMR", 5},
	{"adts", 0, "\xff\xf1", 2},
	{"speex", 0, "OggS", 4},
	{"speex", 28, "Speex   ", 8},
	{"g722", 0, "RIFF", 4},
	{"g722", 8, "WAVEfmt ", 8},
};

#ifdef WITH_AV
static EmoStatus
find_av(EmoEnv *env, const EmoDecoder **decoder)
{
	(void) env;
	*decoder = &emo_av_decoder;
	return EMO_OK;
}

/* Before main(), which is libFuzzer's. */
__attribute__((constructor)) static void
offer_av(void)
{
	emo_av_init();
	emo_audio_set_fallback_decoder(find_av, NULL);
}
#endif

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t hash = fuzz_hash(data, size);
	int sample_rate = hash / 64 % 8 == 0 ? OTHER_RATE : 0;
	FuzzHost host;
	EmoEnv env = fuzz_begin(&host, MEMORY_ROOM);
	bool is_disturbed = fuzz_disturb(&host, hash);
	EmoAudio audio;
	EmoStatus status = emo_audio_decode(&env, data, size, sample_rate, EMO_MIXED, &limits, &audio);

	if (status == EMO_OK)
		PROMISE(audio_is_right(&audio, &limits));
	else
	{
		PROMISE(is_disturbed || status == EMO_BAD_DATA || status == EMO_REFUSED);
		PROMISE(audio.samples == NULL);
		fuzz_check_failure(&env, status, is_disturbed);
	}
	fuzz_end(&host);

	/* Measuring takes the same way through the decoder: once in a while will do. */
	if (!is_disturbed && sample_rate == 0 && hash / 512 % 8 == 0)
	{
		EmoAudioInfo info;
		EmoChannelsInfo channels;

		env = fuzz_begin(&host, MEMORY_ROOM);
		PROMISE(emo_audio_info(&env, data, size, &limits, &info, &channels) == status);
		PROMISE(status != EMO_OK || (info_is_right(&info) && channels_are_right(&info, &channels)));
		fuzz_end(&host);
	}
	return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	uint32_t random = seed | 1;

	size = mutate(data, size, max_size, &random);
	if (mutate_random(&random) % 32 == 0)
		return size;
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (strcmp(magics[i].container, CONTAINER) == 0 &&
			size >= magics[i].offset + magics[i].n_bytes)
			memcpy(data + magics[i].offset, magics[i].bytes, magics[i].n_bytes);
	if (size >= 4 && memcmp(data, "OggS", 4) == 0)
		correct_ogg_checksums(data, size);
	return size;
}
