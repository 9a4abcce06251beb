/*
 * audio_test.c
 *	  Decoding of every container and encoding, mixing down, blocks, failures.
 */
#include "unit.h"

#include "recordings.h"

#include "core/audio/format.h"
#include "core/audio/info.h"

static const int let_through[] = {
	SF_FORMAT_WAV,  SF_FORMAT_WAVEX, SF_FORMAT_AIFF, SF_FORMAT_AU,  SF_FORMAT_W64,
	SF_FORMAT_RF64, SF_FORMAT_CAF,   SF_FORMAT_FLAC, SF_FORMAT_OGG, FORMAT_MP3 &SF_FORMAT_TYPEMASK,
	SF_FORMAT_NIST, SF_FORMAT_VOC};

static bool
is_let_through(int format)
{
	for (size_t i = 0; i < sizeof(let_through) / sizeof(let_through[0]); i++)
		if ((format & SF_FORMAT_TYPEMASK) == let_through[i])
			return true;
	return false;
}

/* A sine at -6 dB comes back at its level and length from everything that libsndfile writes. */
static void
test_every_format(EmoEnv *env)
{
	int formats[512];
	int n_formats = recording_formats(formats, 512);
	int n_decoded = 0;

	for (int i = 0; i < n_formats; i++)
	{
		Recording recording = recording_of_sine(formats[i], 8000, 1, 440, 0.5, 16000);
		EmoAudio audio;
		EmoStatus status;

		if (recording.bytes == NULL)
			continue;
		status = recording_decode(env, &recording, 0, &audio);
		if (!is_let_through(formats[i]))
			CHECK(status == EMO_BAD_DATA);
		else if (status != EMO_OK)
		{
			printf("format %#x: %s (%s)\n", formats[i], env->message, env->detail);
			CHECK(status == EMO_OK);
		}
		else
		{
			bool is_lossy = emo_encoding_full_scale(formats[i]) == 32767.0f / 32768.0f;
			int failed_before = unit_failed;
			EmoAudioInfo info;

			n_decoded++;
			CHECK(!audio.truncated);
			CHECK(audio.n_samples >= 16000 && audio.n_samples < 16000 + 2 * 1152);
			CHECK_NEAR(tone_level_db(&audio, 440), -6.02, is_lossy ? 0.5 : 0.05);
			CHECK_NEAR(rms_db(&audio), -9.03, is_lossy ? 0.5 : 0.1);
			CHECK(emo_audio_info(env, recording.bytes, recording.n_bytes, NULL, &info, NULL) ==
				  EMO_OK);
			CHECK(strcmp(info.container, "other") != 0 && strcmp(info.encoding, "other") != 0);
			if (unit_failed != failed_before)
				printf("... in %s %s\n", info.container, info.encoding);
			emo_audio_free(env, &audio);
		}
		recording_free(&recording);
	}
	/* Version 1.2.0 writes 94 of those; others may have some less. */
	CHECK(n_decoded >= 70);
}

static void
test_byte_orders(EmoEnv *env)
{
	static const int formats[] = {
		SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG,
		SF_FORMAT_WAV | SF_FORMAT_FLOAT | SF_ENDIAN_BIG,
		SF_FORMAT_AU | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE,
		SF_FORMAT_AIFF | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE,
		SF_FORMAT_CAF | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE,
		SF_FORMAT_CAF | SF_FORMAT_FLOAT | SF_ENDIAN_BIG,
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
	{
		Recording recording = recording_of_sine(formats[i], 8000, 1, 440, 0.5, 4000);
		EmoAudio audio;

		CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
		CHECK_NEAR(tone_level_db(&audio, 440), -6.02, 0.01);
		CHECK(!audio.truncated);
		recording_free(&recording);
	}
}

/* The fast way for 16 bits gives libsndfile's floats, bit for bit. */
static void
test_pcm16_values(EmoEnv *env)
{
	const int n_samples = 65536 + 77;
	float *samples = malloc(n_samples * sizeof(float));
	Recording recording;
	EmoAudio audio;
	int n_different = 0;

	for (int i = 0; i < n_samples; i++)
		samples[i] = (float) (i % 65536 - 32768) / 32768.0f;
	recording = recording_from_samples(WAV_PCM16, 16000, 1, samples, n_samples);

	SF_VIRTUAL_IO io = {recording_length, recording_seek, recording_read, recording_write,
						recording_tell};
	SF_INFO info = {0};

	recording.position = 0;
	SNDFILE *handle = sf_open_virtual(&io, SFM_READ, &info, &recording);

	CHECK(sf_read_float(handle, samples, n_samples) == n_samples);
	sf_close(handle);
	CHECK(recording_decode(env, &recording, 16000, &audio) == EMO_OK);
	CHECK(audio.n_samples == n_samples);
	for (int i = 0; i < n_samples; i++)
		n_different += audio.samples[i] != samples[i];
	CHECK(n_different == 0);
	recording_free(&recording);
	free(samples);
}

static void
test_mix_down(EmoEnv *env)
{
	static const int formats[] = {WAV_PCM16, WAV_FLOAT, SF_FORMAT_FLAC | SF_FORMAT_PCM_16};
	float samples[3 * 5000];

	for (int i = 0; i < 5000; i++)
	{
		samples[3 * i] = i % 2 == 0 ? 0.75f : -0.75f;
		samples[3 * i + 1] = i % 2 == 0 ? -0.25f : 0.25f;
		samples[3 * i + 2] = (float) (i % 64) / 64;
	}
	for (size_t k = 0; k < sizeof(formats) / sizeof(formats[0]); k++)
	{
		Recording recording = recording_from_samples(formats[k], 16000, 3, samples, 5000);
		EmoAudio audio;
		double worst = 0;

		CHECK(recording_decode(env, &recording, 0, &audio) == EMO_OK);
		CHECK(audio.n_samples == 5000);
		for (int i = 0; i < 5000; i++)
			worst = fmax(
				worst, fabs(audio.samples[i] - ((i % 2 == 0 ? 0.5 : -0.5) + (i % 64) / 64.0) / 3));
		CHECK_NEAR(worst, 0, 1.0 / 32768);
		recording_free(&recording);
	}
}

/* Blocks of any size give the same samples as the whole recording. */
static void
test_reader_blocks(EmoEnv *env)
{
	static const int targets[] = {0, 8000, 24000};
	Recording recording = recording_of_sine(WAV_PCM16, 16000, 2, 300, 0.5, 50000);

	for (int k = 0; k < 3; k++)
	{
		EmoAudio audio;
		EmoAudioReader *reader;
		float block[777];
		int64_t n_total = 0, n_read, n_different = 0;

		CHECK(recording_decode(env, &recording, targets[k], &audio) == EMO_OK);
		CHECK(emo_audio_open(env, recording.bytes, recording.n_bytes, targets[k], EMO_MIXED, NULL,
							 &reader) == EMO_OK);
		CHECK_NEAR(emo_audio_announced_samples(reader), audio.n_samples, 1);
		do
		{
			CHECK(emo_audio_read(reader, block, 777, &n_read) == EMO_OK);
			for (int64_t i = 0; i < n_read && n_total + i < audio.n_samples; i++)
				n_different += block[i] != audio.samples[n_total + i];
			n_total += n_read;
		} while (n_read > 0);
		CHECK(n_total == audio.n_samples);
		CHECK(n_different == 0);
		emo_audio_close(reader);
	}
	recording_free(&recording);
}

/* Fail the first allocation, then the second, and so on: an error each time, and nothing is left. */
static void
test_allocation_failures(EmoEnv *env)
{
	Recording recordings[] = {
		recording_of_sine(WAV_PCM16, 16000, 1, 440, 0.5, 3000),
		recording_of_sine(WAV_PCM16, 44100, 2, 440, 0.5, 3000),
		recording_of_sine(SF_FORMAT_OGG | SF_FORMAT_VORBIS, 16000, 1, 440, 0.5, 90000),
	};

	for (int i = 0; i < 3; i++)
	{
		UnitHost *host = env->host;
		EmoAudio audio;
		EmoStatus status = EMO_OUT_OF_MEMORY;
		int n_failures = 0;

		for (; status == EMO_OUT_OF_MEMORY && n_failures < 100; n_failures++)
		{
			host->allocations_left = n_failures;
			status = recording_decode(env, &recordings[i], 16000, &audio);
			CHECK(status == EMO_OK || (status == EMO_OUT_OF_MEMORY && audio.samples == NULL));
		}
		host->allocations_left = -1;
		CHECK(status == EMO_OK && n_failures >= 3);
		recording_free(&recordings[i]);
	}
}

static bool
stop_at_third_call(void *host)
{
	static int n_calls;

	(void) host;
	return ++n_calls >= 3;
}

static void
test_cancel(EmoEnv *env)
{
	Recording recording = recording_of_sine(WAV_PCM16, 44100, 1, 440, 0.5, 400000);
	EmoAudio audio;

	env->should_stop = stop_at_third_call;
	CHECK(recording_decode(env, &recording, 16000, &audio) == EMO_CANCELED);
	CHECK(audio.samples == NULL);
	recording_free(&recording);
}

/* Stops after so many questions. */
typedef struct Patience
{
	UnitHost host; /* first, for its functions */
	int n_left;
} Patience;

static bool
stop_without_patience(void *host)
{
	return ((Patience *) host)->n_left-- <= 0;
}

/* Wherever the user stops a library, it keeps no memory: LeakSanitizer tells at the end. */
static void
test_cancel_everywhere(EmoEnv *env)
{
	int formats[512], n_formats = recording_formats(formats, 512), n_canceled = 0;

	for (int i = 0; i < n_formats; i++)
	{
		Recording recording = recording_of_sine(formats[i], 8000, 1, 440, 0.5, 120);
		EmoStatus status = EMO_CANCELED;

		for (int n = 0; recording.bytes != NULL && status == EMO_CANCELED && n < 60; n++)
		{
			Patience patience = {{NULL, -1}, n};
			EmoAudio audio;

			env->host = &patience;
			env->should_stop = stop_without_patience;
			status = recording_decode(env, &recording, 0, &audio);
			n_canceled += status == EMO_CANCELED;
			unit_env_end(&patience.host);
		}
		recording_free(&recording);
	}
	CHECK(n_canceled > n_formats);
}

int
main(void)
{
	RUN(test_every_format);
	RUN(test_byte_orders);
	RUN(test_pcm16_values);
	RUN(test_mix_down);
	RUN(test_reader_blocks);
	RUN(test_allocation_failures);
	RUN(test_cancel);
	RUN(test_cancel_everywhere);
	return unit_finish();
}
