/*
 * audio_test.c
 *	  Decoding of every container and encoding, mixing down, resampling, limits, failures.
 */
#include "unit.h"

#include "recordings.h"

#include "core/audio.h"
#include "core/audio_format.h"

#define WAV_PCM16 (SF_FORMAT_WAV | SF_FORMAT_PCM_16)
#define WAV_FLOAT (SF_FORMAT_WAV | SF_FORMAT_FLOAT)

static const int let_through[] = {SF_FORMAT_WAV, SF_FORMAT_WAVEX, SF_FORMAT_AIFF, SF_FORMAT_AU,
								  SF_FORMAT_W64, SF_FORMAT_RF64,  SF_FORMAT_CAF,  SF_FORMAT_FLAC,
								  SF_FORMAT_OGG, SF_FORMAT_MPEG,  SF_FORMAT_NIST, SF_FORMAT_VOC};

static bool
is_let_through(int format)
{
	for (size_t i = 0; i < sizeof(let_through) / sizeof(let_through[0]); i++)
		if ((format & SF_FORMAT_TYPEMASK) == let_through[i])
			return true;
	return false;
}

static EmoStatus
decode(EmoEnv *env, const Recording *recording, int sample_rate, EmoAudio *audio)
{
	return emo_audio_decode(env, recording->bytes, recording->n_bytes, sample_rate, NULL, audio);
}

/* Level in dB of one frequency, by correlation with a sine and a cosine, leaving the ends out. */
static double
tone_level_db(const EmoAudio *audio, double frequency_hz)
{
	int64_t start = audio->n_samples / 8;
	int64_t end = audio->n_samples - start;
	double in_phase = 0, quadrature = 0, weights = 0;

	for (int64_t i = start; i < end; i++)
	{
		double angle = 2 * M_PI * frequency_hz * i / audio->sample_rate;
		double weight = 0.5 - 0.5 * cos(2 * M_PI * (i - start) / (end - start));

		in_phase += weight * audio->samples[i] * cos(angle);
		quadrature += weight * audio->samples[i] * sin(angle);
		weights += weight;
	}
	return 20 * log10(2 * hypot(in_phase, quadrature) / weights + 1e-12);
}

/* Root mean square of the middle, in dB. */
static double
rms_db(const EmoAudio *audio)
{
	int64_t start = audio->n_samples / 8;
	int64_t end = audio->n_samples - start;
	double sum = 0;

	for (int64_t i = start; i < end; i++)
		sum += (double) audio->samples[i] * audio->samples[i];
	return 10 * log10(sum / (end - start) + 1e-12);
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
		status = decode(env, &recording, 0, &audio);
		if (!is_let_through(formats[i]))
			CHECK(status == EMO_BAD_DATA);
		else if (status != EMO_OK)
		{
			printf("%s %s: %s (%s)\n", emo_container_name(formats[i]),
				   emo_encoding_name(formats[i]), env->message, env->detail);
			CHECK(status == EMO_OK);
		}
		else
		{
			bool is_lossy = emo_encoding_full_scale(formats[i]) == 32767.0f / 32768.0f;
			int failed_before = unit_failed;

			n_decoded++;
			CHECK(!audio.truncated);
			CHECK(audio.n_samples >= 16000 && audio.n_samples < 16000 + 2 * 1152);
			CHECK_NEAR(tone_level_db(&audio, 440), -6.02, is_lossy ? 0.5 : 0.05);
			CHECK_NEAR(rms_db(&audio), -9.03, is_lossy ? 0.5 : 0.1);
			CHECK(strcmp(emo_container_name(formats[i]), "other") != 0);
			CHECK(strcmp(emo_encoding_name(formats[i]), "other") != 0);
			if (unit_failed != failed_before)
				printf("... in %s %s\n", emo_container_name(formats[i]),
					   emo_encoding_name(formats[i]));
			emo_audio_free(env, &audio);
		}
		recording_free(&recording);
	}
	/* 1.2.0 writes 83 of those; other versions may have some less. */
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

		CHECK(decode(env, &recording, 0, &audio) == EMO_OK);
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
	CHECK(decode(env, &recording, 16000, &audio) == EMO_OK);
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
		samples[3 * i] = 0.75f;
		samples[3 * i + 1] = -0.25f;
		samples[3 * i + 2] = (float) (i % 64) / 64;
	}
	for (size_t k = 0; k < sizeof(formats) / sizeof(formats[0]); k++)
	{
		Recording recording = recording_from_samples(formats[k], 16000, 3, samples, 5000);
		EmoAudio audio;
		double worst = 0;

		CHECK(decode(env, &recording, 0, &audio) == EMO_OK);
		CHECK(audio.n_samples == 5000);
		for (int i = 0; i < 5000; i++)
			worst = fmax(worst, fabs(audio.samples[i] - (0.5 + (i % 64) / 64.0) / 3));
		CHECK_NEAR(worst, 0, 1.0 / 32768);
		recording_free(&recording);
	}
}

static void
test_resampled_level(EmoEnv *env)
{
	static const int rates[] = {8000, 11025, 22050, 44100, 48000, 96000, 192000, 768000};

	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
		for (int n_channels = 1; n_channels <= 2; n_channels++)
		{
			Recording recording =
				recording_of_sine(WAV_FLOAT, rates[i], n_channels, 1000, 0.5, rates[i] / 2);
			EmoAudio audio;

			CHECK(decode(env, &recording, 16000, &audio) == EMO_OK);
			CHECK(audio.sample_rate == 16000);
			CHECK_NEAR(audio.n_samples, 8000.0 * (rates[i] / 2) / (rates[i] / 2.0), 1);
			CHECK_NEAR(tone_level_db(&audio, 1000), 20 * log10(0.5), 0.1);
			CHECK_NEAR(rms_db(&audio), 20 * log10(0.5) - 10 * log10(2), 0.1);
			recording_free(&recording);
		}
}

static void
test_aliases_are_attenuated(EmoEnv *env)
{
	static const int rates[] = {22050, 44100, 48000, 96000, 768000};

	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
	{
		/* Beyond 8 kHz by more than the filter's transition band. */
		Recording recording = recording_of_sine(WAV_FLOAT, rates[i], 1, 9500, 0.5, rates[i] / 2);
		EmoAudio audio;

		CHECK(decode(env, &recording, 16000, &audio) == EMO_OK);
		CHECK(rms_db(&audio) < 20 * log10(0.5) - 10 * log10(2) - 80);
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

		CHECK(decode(env, &recording, targets[k], &audio) == EMO_OK);
		CHECK(emo_audio_open(env, recording.bytes, recording.n_bytes, targets[k], NULL, &reader) ==
			  EMO_OK);
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

static void
check_refused(EmoEnv *env, const Recording *recording, const EmoAudioLimits *limits,
			  EmoStatus expected, const char *message)
{
	EmoAudio audio;

	env->message[0] = '\0';
	CHECK(emo_audio_decode(env, recording->bytes, recording->n_bytes, 16000, limits, &audio) ==
		  expected);
	CHECK(audio.samples == NULL);
	CHECK(strcmp(env->message, message) == 0);
	if (strcmp(env->message, message) != 0)
		printf("... it is \"%s\" (%s)\n", env->message, env->detail);
}

static void
test_limits(EmoEnv *env)
{
	EmoAudioLimits one_second = {.max_duration_s = 1, .max_channels = 2};
	Recording exact = recording_of_sine(WAV_PCM16, 8000, 1, 440, 0.5, 8000);
	Recording longer = recording_of_sine(WAV_PCM16, 8000, 1, 440, 0.5, 8001);
	Recording three = recording_of_sine(WAV_PCM16, 8000, 3, 440, 0.5, 800);
	Recording slow = recording_of_sine(WAV_PCM16, 500, 1, 100, 0.5, 800);
	Recording empty = recording_of_sine(WAV_PCM16, 8000, 1, 440, 0.5, 0);
	Recording tiny = recording_of_sine(WAV_PCM16, 768000, 1, 440, 0.5, 1);
	Recording flac = recording_of_sine(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000, 1, 0, 0, 800000);
	EmoAudio audio;

	CHECK(emo_audio_decode(env, exact.bytes, exact.n_bytes, 0, &one_second, &audio) == EMO_OK);
	check_refused(env, &longer, &one_second, EMO_LIMIT_EXCEEDED, "recording is longer than 1 s");
	check_refused(env, &three, &one_second, EMO_BAD_DATA,
				  "recording has 3 channels, at most 2 can be read");
	check_refused(env, &slow, NULL, EMO_BAD_DATA,
				  "sample rate 500 Hz is outside 1000 to 768000 Hz");
	check_refused(env, &empty, NULL, EMO_BAD_DATA, "recording has no samples");
	check_refused(env, &tiny, NULL, EMO_BAD_DATA,
				  "recording is too short for a sample rate of 16000 Hz");

	/* A hundred seconds of silence in 3 kB; the header tells, and so does counting. */
	CHECK(flac.n_bytes < 8000);
	check_refused(env, &flac, &one_second, EMO_LIMIT_EXCEEDED, "recording is longer than 1 s");
	memset(flac.bytes + 22, 0, 4); /* STREAMINFO's count of samples: unknown */
	flac.bytes[21] &= 0xf0;
	check_refused(env, &flac, &one_second, EMO_LIMIT_EXCEEDED, "recording is longer than 1 s");
	CHECK(emo_audio_decode(env, flac.bytes, flac.n_bytes, 0, NULL, &audio) == EMO_OK);
	CHECK(audio.n_samples == 800000);

	CHECK(emo_audio_decode(env, exact.bytes, exact.n_bytes, 999, NULL, &audio) ==
		  EMO_INVALID_PARAMETER);
	CHECK(emo_audio_decode(env, exact.bytes, exact.n_bytes, 768001, NULL, &audio) ==
		  EMO_INVALID_PARAMETER);
	recording_free(&exact);
	recording_free(&longer);
	recording_free(&three);
	recording_free(&slow);
	recording_free(&empty);
	recording_free(&tiny);
	recording_free(&flac);
}

static void
test_not_audio(EmoEnv *env)
{
	unsigned char noise[4096];
	Recording recording = {noise, 0, 0, 0};
	uint32_t state = 1;

	check_refused(env, &recording, NULL, EMO_BAD_DATA, "could not read audio");
	CHECK(strcmp(env->detail, "The recording is empty.") == 0);

	for (int round = 0; round < 200; round++)
	{
		for (size_t i = 0; i < sizeof(noise); i++)
			noise[i] = (state = state * 1664525 + 1013904223) >> 24;
		recording.n_bytes = round * 20 + 1;
		check_refused(env, &recording, NULL, EMO_BAD_DATA, "could not read audio");
	}
	recording.n_bytes = sizeof(noise);
	memcpy(noise, "\xff\xfb\x90\x64", 4); /* like an MP3 frame */
	check_refused(env, &recording, NULL, EMO_BAD_DATA, "could not read audio");
	memcpy(noise, "\x01\x04zz", 4); /* like an Akai sampler's file */
	check_refused(env, &recording, NULL, EMO_BAD_DATA, "could not read audio");
	memcpy(noise, "RIFF\xf8\x0f\0\0WAVE", 12);
	check_refused(env, &recording, NULL, EMO_BAD_DATA, "could not read audio");
	CHECK(strstr(env->hint, "WAV") != NULL && strstr(env->detail, "libsndfile") != NULL);
}

static void
test_values_that_are_no_numbers(EmoEnv *env)
{
	static const float bad[] = {NAN, INFINITY, -INFINITY, 3e9f};
	float samples[2 * 1000] = {0};
	EmoAudio audio;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		Recording recording;

		samples[2 * 800 + 1] = bad[i];
		recording = recording_from_samples(SF_FORMAT_CAF | SF_FORMAT_FLOAT, 8000, 2, samples, 1000);
		check_refused(env, &recording, NULL, EMO_BAD_DATA,
					  "recording has a sample that is not a usable number");
		CHECK(strncmp(env->detail, "Sample 801 of channel 2 (at 0.100 s) is ", 40) == 0);
		recording_free(&recording);
	}

	/* Beyond full scale is usual in float files. */
	samples[2 * 800 + 1] = 30000;
	Recording loud =
		recording_from_samples(SF_FORMAT_CAF | SF_FORMAT_FLOAT, 8000, 2, samples, 1000);

	CHECK(decode(env, &loud, 0, &audio) == EMO_OK);
	CHECK(audio.samples[800] == 15000);
	recording_free(&loud);
}

/* What is there is used, and the flag is set, wherever an end is missing. */
static void
test_truncated(EmoEnv *env)
{
	static const int formats[] = {
		WAV_PCM16,
		WAV_FLOAT,
		SF_FORMAT_WAVEX | SF_FORMAT_PCM_24,
		SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG,
		SF_FORMAT_RF64 | SF_FORMAT_PCM_16,
		SF_FORMAT_W64 | SF_FORMAT_PCM_16,
		SF_FORMAT_AIFF | SF_FORMAT_PCM_16,
		SF_FORMAT_AU | SF_FORMAT_PCM_16,
		SF_FORMAT_AU | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE,
		SF_FORMAT_CAF | SF_FORMAT_PCM_16,
		SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
		SF_FORMAT_OGG | SF_FORMAT_VORBIS,
		SF_FORMAT_OGG | SF_FORMAT_OPUS,
		SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III,
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
	{
		Recording recording = recording_of_sine(formats[i], 16000, 1, 440, 0.5, 800000);
		EmoAudio whole, half;

		CHECK(decode(env, &recording, 0, &whole) == EMO_OK);
		CHECK(!whole.truncated);
		recording.n_bytes = recording.n_bytes * 6 / 10;
		CHECK(decode(env, &recording, 0, &half) == EMO_OK);
		CHECK(half.truncated);
		CHECK_NEAR((double) half.n_samples / whole.n_samples, 0.5, 0.25);
		CHECK_NEAR(tone_level_db(&half, 440), -6.02, 0.5);
		if (!half.truncated)
			printf("... in %s %s\n", emo_container_name(formats[i]), emo_encoding_name(formats[i]));
		recording_free(&recording);
	}
}

static void
put_uint32(unsigned char *bytes, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = value >> (8 * i);
}

/* A WAV file of the given chunk, then 100 samples of 1/2. */
static Recording
wav_with_chunk(const char *chunk, size_t n_chunk)
{
	static const unsigned char format[] = "fmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10";
	Recording recording = {NULL, 0, 0, 0};

	recording_write("RIFF\0\0\0\0WAVE", 12, &recording);
	recording_write(format, 24, &recording);
	recording_write(chunk, n_chunk, &recording);
	recording_write("data\xc8\0\0\0", 8, &recording);
	for (int i = 0; i < 100; i++)
		recording_write("\0\x40", 2, &recording);
	put_uint32(recording.bytes + 4, recording.n_bytes - 8);
	return recording;
}

/* As in four files of EmoDB, which have 4044 bytes of padding before the samples. */
static void
test_extra_chunk(EmoEnv *env)
{
	char chunk[8 + 4044] = "PAD \xcc\x0f";
	Recording recording = wav_with_chunk(chunk, sizeof(chunk));
	EmoAudio audio;

	CHECK(decode(env, &recording, 16000, &audio) == EMO_OK);
	CHECK(audio.n_samples == 100 && audio.samples[0] == 0.5f && audio.samples[99] == 0.5f);
	CHECK(!audio.truncated);
	recording_free(&recording);
}

/* Entries of negative size make libsndfile's parser go round for ever when it sees them. */
static void
test_endless_list(EmoEnv *env)
{
	static const char *const names[] = {"LIST", "INFO"};

	for (int k = 0; k < 2; k++)
		for (int size = -16; size < 0; size++)
		{
			char chunk[8 + 92] = "LIST\x5c\0\0\0INFOjunk";
			EmoAudio audio;
			Recording recording;

			memcpy(chunk, names[k], 4);
			put_uint32((unsigned char *) chunk + 16, size);
			recording = wav_with_chunk(chunk, sizeof(chunk));
			CHECK(decode(env, &recording, 16000, &audio) == EMO_OK);
			CHECK(audio.n_samples == 100 && audio.samples[0] == 0.5f);
			recording_free(&recording);
		}
}

/* Sizes left open by a recorder that wrote into a pipe. */
static void
test_streamed_wav(EmoEnv *env)
{
	static const uint32_t sizes[] = {0xffffffff, 0};

	for (int i = 0; i < 2; i++)
	{
		Recording recording = wav_with_chunk("", 0);
		EmoAudio audio;

		put_uint32(recording.bytes + 4, sizes[i]);
		put_uint32(recording.bytes + 40, sizes[i]);
		CHECK(decode(env, &recording, 0, &audio) == EMO_OK);
		CHECK(audio.n_samples == 100 && !audio.truncated);
		recording_free(&recording);
	}
}

/* A header that claims 2^31 samples must not make anyone allocate them. */
static void
test_lying_header_takes_no_memory(EmoEnv *env)
{
	Recording recording = recording_of_sine(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 655350, 1, 0, 0, 99);
	EmoAudio audio;

	recording.bytes[22] = 0x7f; /* STREAMINFO's count of samples, 2^31 - 2^24 + 99 */
	CHECK(decode(env, &recording, 0, &audio) == EMO_OK);
	CHECK(audio.n_samples == 99 && audio.truncated);
	CHECK((size_t) recording.n_bytes < 10000);
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
			status = decode(env, &recordings[i], 16000, &audio);
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
	CHECK(decode(env, &recording, 16000, &audio) == EMO_CANCELED);
	CHECK(audio.samples == NULL);
	recording_free(&recording);
}

int
main(void)
{
	RUN(test_every_format);
	RUN(test_byte_orders);
	RUN(test_pcm16_values);
	RUN(test_mix_down);
	RUN(test_resampled_level);
	RUN(test_aliases_are_attenuated);
	RUN(test_reader_blocks);
	RUN(test_limits);
	RUN(test_not_audio);
	RUN(test_values_that_are_no_numbers);
	RUN(test_truncated);
	RUN(test_extra_chunk);
	RUN(test_endless_list);
	RUN(test_streamed_wav);
	RUN(test_lying_header_takes_no_memory);
	RUN(test_allocation_failures);
	RUN(test_cancel);
	return unit_finish();
}
