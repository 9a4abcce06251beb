/*
 * cut_test.c
 *	  Parts of recordings: the same samples as of the whole, whatever comes before is decoded or not.
 */
#include "unit.h"

#include "recordings.h"

#include "core/audio/cut.h"

#define RATE     16000
#define N_FRAMES 64000

/* A tone that rises, so that no two parts are alike. */
static Recording
rising_tone(int format, int sample_rate, int n_channels)
{
	float *samples = malloc(N_FRAMES * n_channels * sizeof(float));
	Recording recording;

	for (int i = 0; i < N_FRAMES; i++)
		for (int k = 0; k < n_channels; k++)
			samples[i * n_channels + k] =
				0.4f * (float) sin((300 + 200 * k + i / 100.0) * 2 * M_PI * i / sample_rate);
	recording = recording_from_samples(format, sample_rate, n_channels, samples, N_FRAMES);
	free(samples);
	return recording;
}

/* The largest difference between a part and the same stretch of one channel of the whole. */
static double
largest_difference(const EmoCut *cut, const EmoAudio *whole, int64_t start, int channel)
{
	double largest = 0;

	for (int64_t i = 0; i < cut->n_frames; i++)
		largest = fmax(
			largest, fabs(cut->samples[i * cut->n_channels + channel] - whole->samples[start + i]));
	return largest;
}

static void
check_parts(EmoEnv *env, const Recording *recording, int n_channels, double tolerance,
			const char *what)
{
	static const double starts_s[] = {0, 0.37, 1.5, 2.9};
	EmoAudioChannels whole;
	int failed_before = unit_failed;

	CHECK(emo_audio_decode_channels(env, recording->bytes, recording->n_bytes, 0, NULL, &whole) ==
		  EMO_OK);
	CHECK(whole.n == n_channels);
	for (int i = 0; i < 4; i++)
		for (int channel = EMO_ALL_CHANNELS; channel <= n_channels; channel++)
		{
			int rate = whole.items[0].sample_rate;
			int64_t start = llround(starts_s[i] * rate);
			int64_t expected = llround((starts_s[i] + 0.5) * rate) - start;
			EmoCut cut;

			if (channel == EMO_MIXED)
				continue;
			if (expected > whole.items[0].n_samples - start)
				expected = whole.items[0].n_samples - start;
			CHECK(emo_audio_cut(env, recording->bytes, recording->n_bytes, starts_s[i],
								starts_s[i] + 0.5, channel, NULL, &cut) == EMO_OK);
			CHECK(cut.n_frames == expected && cut.sample_rate == rate);
			CHECK(cut.n_channels == (channel == EMO_ALL_CHANNELS ? n_channels : 1));
			for (int k = 0; cut.n_frames == expected && k < cut.n_channels; k++)
			{
				const EmoAudio *same = &whole.items[channel == EMO_ALL_CHANNELS ? k : channel - 1];

				CHECK_NEAR(largest_difference(&cut, same, start, k), 0, tolerance);
			}
		}
	if (unit_failed != failed_before)
		printf("... of %s\n", what);
	emo_audio_free_channels(env, &whole);
}

static void
test_formats(EmoEnv *env)
{
	static const struct
	{
		int format;
		int sample_rate;
		int n_channels;
		double tolerance;
		const char *name;
	} cases[] = {
		{WAV_PCM16, RATE, 1, 0, "pcm16"},
		{WAV_PCM16, RATE, 3, 0, "pcm16 of three channels"},
		{WAV_FLOAT, RATE, 2, 0, "float32"},
		{SF_FORMAT_WAV | SF_FORMAT_PCM_24, RATE, 1, 0, "pcm24"},
		{SF_FORMAT_WAV | SF_FORMAT_ULAW, 8000 * 2, 2, 0, "ulaw"},
		{SF_FORMAT_AU | SF_FORMAT_ALAW, RATE, 1, 0, "alaw"},
		{SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, RATE, 1, 0, "ima_adpcm"},
		{SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM, RATE, 2, 0, "ms_adpcm"},
		{SF_FORMAT_WAV | SF_FORMAT_GSM610, RATE, 1, 0, "gsm610"},
		{SF_FORMAT_CAF | SF_FORMAT_ALAC_16, RATE, 2, 0, "alac"},
		{SF_FORMAT_FLAC | SF_FORMAT_PCM_16, RATE, 2, 0, "flac"},
		{SF_FORMAT_W64 | SF_FORMAT_PCM_16, RATE, 1, 0, "w64"},
		{SF_FORMAT_OGG | SF_FORMAT_VORBIS, RATE, 2, 1e-6, "vorbis"},
		/* Its decoder forgets what came before only by and by. */
		{SF_FORMAT_OGG | SF_FORMAT_OPUS, RATE, 1, 4e-3, "opus"},
		{SF_FORMAT_OGG | SF_FORMAT_OPUS, 48000, 2, 4e-3, "opus at 48 kHz"},
		{FORMAT_MP3, RATE, 1, 1e-5, "mp3 of MPEG 2"},
		{FORMAT_MP3, 44100, 2, 1e-5, "mp3"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		Recording recording =
			rising_tone(cases[i].format, cases[i].sample_rate, cases[i].n_channels);

		if (recording.bytes != NULL && cases[i].sample_rate == RATE)
			check_parts(env, &recording, cases[i].n_channels, cases[i].tolerance, cases[i].name);
		else if (recording.bytes != NULL)
		{
			/* At higher rates it is shorter: its first parts. */
			EmoCut cut;
			EmoAudio whole;
			int64_t start = llround(0.37 * cases[i].sample_rate);

			CHECK(emo_audio_decode(env, recording.bytes, recording.n_bytes, 0, 1, NULL, &whole) ==
				  EMO_OK);
			CHECK(emo_audio_cut(env, recording.bytes, recording.n_bytes, 0.37, INFINITY, 1, NULL,
								&cut) == EMO_OK);
			CHECK(cut.n_frames == whole.n_samples - start);
			CHECK_NEAR(largest_difference(&cut, &whole, start, 0), 0, cases[i].tolerance);
			emo_audio_free(env, &whole);
		}
		recording_free(&recording);
	}
}

/* Joined recordings, one of them of another form: counted from the beginning all the same. */
static void
test_joined(EmoEnv *env)
{
	static const int formats[] = {SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_OGG | SF_FORMAT_OPUS,
								  FORMAT_MP3};

	for (int i = 0; i < 3; i++)
	{
		Recording recording = rising_tone(formats[i], RATE, 1);
		Recording second = rising_tone(formats[i], 48000, 2);

		if (recording.bytes == NULL)
			continue;
		recording.position = recording.n_bytes;
		recording_write(second.bytes, second.n_bytes, &recording);
		check_parts(env, &recording, 1, 1e-6, "joined recordings");
		recording_free(&recording);
		recording_free(&second);
	}
}

static void
test_arguments(EmoEnv *env)
{
	static const double bad[][2] = {{-1, 2},  {NAN, 2}, {INFINITY, INFINITY},
									{1, 1},   {2, 1},   {1, -INFINITY},
									{0, NAN}, {4, 5},   {1e9, 2e9}};
	Recording recording = rising_tone(WAV_PCM16, RATE, 1);
	EmoCut cut;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(emo_audio_cut(env, recording.bytes, recording.n_bytes, bad[i][0], bad[i][1], 1, NULL,
							&cut) == EMO_INVALID_PARAMETER);
	CHECK(emo_audio_cut(env, recording.bytes, recording.n_bytes, 0, 1, 2, NULL, &cut) ==
		  EMO_NO_CHANNEL);
	CHECK(emo_audio_cut(env, recording.bytes, recording.n_bytes, 3.999, 1e300, 1, NULL, &cut) ==
		  EMO_OK);
	CHECK(cut.n_frames == 16);
	CHECK(emo_audio_cut(env, recording.bytes, recording.n_bytes, 1, 1 + 1e-9, 1, NULL, &cut) ==
		  EMO_OK);
	CHECK(cut.n_frames == 1);
	recording_free(&recording);
}

/* A container that says that it is longer than it is. */
static void
test_truncated(EmoEnv *env)
{
	static const int formats[] = {WAV_PCM16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
								  SF_FORMAT_OGG | SF_FORMAT_OPUS, FORMAT_MP3};

	for (int i = 0; i < 4; i++)
	{
		Recording recording = rising_tone(formats[i], RATE, 1);
		EmoCut cut;

		if (recording.bytes == NULL)
			continue;
		recording.n_bytes = recording.n_bytes * 6 / 10;
		CHECK(emo_audio_cut(env, recording.bytes, recording.n_bytes, 0.5, 1, 1, NULL, &cut) ==
			  EMO_OK);
		CHECK(cut.n_frames == 8000);
		CHECK(emo_audio_cut(env, recording.bytes, recording.n_bytes, 3.5, 4, 1, NULL, &cut) ==
			  EMO_INVALID_PARAMETER);
		if (unit_failed > 0)
			printf("... in format %#x: %s (%s)\n", formats[i], env->message, env->detail);
		recording_free(&recording);
	}
}

int
main(void)
{
	RUN(test_formats);
	RUN(test_joined);
	RUN(test_arguments);
	RUN(test_truncated);
	return unit_finish();
}
