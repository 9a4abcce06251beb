/*
 * resample_test.c
 *	  Level, length and aliases of sines at other rates.
 */
#include "unit.h"

#include "recordings.h"

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

			CHECK(recording_decode(env, &recording, 16000, &audio) == EMO_OK);
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

		CHECK(recording_decode(env, &recording, 16000, &audio) == EMO_OK);
		CHECK(rms_db(&audio) < 20 * log10(0.5) - 10 * log10(2) - 80);
		recording_free(&recording);
	}
}

int
main(void)
{
	RUN(test_resampled_level);
	RUN(test_aliases_are_attenuated);
	return unit_finish();
}
