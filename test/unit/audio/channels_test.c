/*
 * channels_test.c
 *	  Channels of a recording: one, all, each.
 */
#include "core/audio/audio.h"

#include "../recordings.h"
#include "../unit.h"

#define SAMPLE_RATE 16000

/* A sine of its own on each channel, as loud as the others. */
static Recording
recording_of_sines(int format, int sample_rate, int n_channels, sf_count_t n_frames)
{
	float *samples = malloc(n_frames * n_channels * sizeof(float));
	Recording recording;

	for (sf_count_t i = 0; i < n_frames; i++)
		for (int c = 0; c < n_channels; c++)
			samples[i * n_channels + c] =
				0.5f * (float) sin(2 * M_PI * 200 * (c + 1) * (double) i / sample_rate);
	recording = recording_from_samples(format, sample_rate, n_channels, samples, n_frames);
	free(samples);
	return recording;
}

static bool
is_same(const EmoAudio *a, const EmoAudio *b)
{
	return a->n_samples == b->n_samples && a->sample_rate == b->sample_rate &&
		   memcmp(a->samples, b->samples, a->n_samples * sizeof(float)) == 0;
}

/* One channel is what there is on it, alone or among all of them, at any rate. */
static void
test_one_of_each(EmoEnv *env)
{
	static const int formats[] = {WAV_PCM16, WAV_FLOAT, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
								  SF_FORMAT_OGG | SF_FORMAT_VORBIS};
	static const int rates[] = {0, 8000, SAMPLE_RATE, 48000};

	for (int f = 0; f < 4; f++)
		for (int n_channels = 1; n_channels <= 5; n_channels += 2)
			for (int r = 0; r < 4; r++)
			{
				Recording recording = recording_of_sines(formats[f], 16000, n_channels, 30011);
				EmoAudioChannels channels;
				EmoAudio one;

				CHECK(emo_audio_decode_channels(env, recording.bytes, recording.n_bytes, rates[r],
												NULL, &channels) == EMO_OK);
				CHECK(channels.n == n_channels);
				for (int c = 0; c < n_channels; c++)
				{
					CHECK(emo_audio_decode(env, recording.bytes, recording.n_bytes, rates[r], c + 1,
										   NULL, &one) == EMO_OK);
					CHECK(is_same(&one, &channels.items[c]));
					CHECK_NEAR(tone_level_db(&one, 200 * (c + 1)), -6.02, f == 3 ? 0.5 : 0.1);
					emo_audio_free(env, &one);
				}
				emo_audio_free_channels(env, &channels);
				recording_free(&recording);
			}
}

static void
test_missing_channel(EmoEnv *env)
{
	Recording recording = recording_of_sines(WAV_PCM16, 16000, 2, 1000);
	EmoAudio audio;

	CHECK(emo_audio_decode(env, recording.bytes, recording.n_bytes, 0, 3, NULL, &audio) ==
		  EMO_NO_CHANNEL);
	CHECK(strcmp(env->message, "recording has no channel 3") == 0);
	CHECK(strcmp(env->detail, "The recording has 2 channels.") == 0);
	CHECK(audio.samples == NULL);
	CHECK(emo_audio_decode(env, recording.bytes, recording.n_bytes, 0, -1, NULL, &audio) ==
		  EMO_INVALID_PARAMETER);
	recording_free(&recording);
}

/* Without memory there is an error, whatever is asked for first, and nothing is left. */
static void
test_no_memory(EmoEnv *env)
{
	UnitHost *host = env->host;
	Recording recording = recording_of_sines(WAV_PCM16, 44100, 3, 3000);
	EmoAudioChannels channels;
	EmoStatus status = EMO_OUT_OF_MEMORY;
	int n_failures = 0;

	for (int k = 0; status == EMO_OUT_OF_MEMORY && k < 1000; k++, n_failures++)
	{
		host->allocations_left = k;
		status = emo_audio_decode_channels(env, recording.bytes, recording.n_bytes, SAMPLE_RATE,
										   NULL, &channels);
		CHECK(status == EMO_OK || status == EMO_OUT_OF_MEMORY);
	}
	host->allocations_left = -1;
	CHECK(status == EMO_OK && n_failures > 5);
	emo_audio_free_channels(env, &channels);
	recording_free(&recording);
}

int
main(void)
{
	RUN(test_one_of_each);
	RUN(test_missing_channel);
	RUN(test_no_memory);
	return unit_finish();
}
