/*
 * mixture_test.c
 *	  Which channels are mixed: those that add to each other; and who is told of talkers.
 *
 * Longer than 400 lines: all of it is about the same made-up pairs of channels.
 */
#include "core/audio/audio.h"
#include "core/audio/mixture.h"
#include "core/audio/survey.h"

#include "../recordings.h"
#include "../unit.h"

#define RATE         16000
#define MAX_SAMPLES  (8 * RATE)
#define MAX_CHANNELS 8

/* Two talkers of the bundled corpus, and what is made of them. */
static float anna[MAX_SAMPLES], bert[MAX_SAMPLES];
static int n_anna, n_bert;

static void
read_talker(EmoEnv *env, const char *name, float *samples, int *n)
{
	char path[1024];
	unsigned char *bytes = emo_alloc(env, 1 << 20, 1);
	EmoAudio audio;
	size_t n_bytes;
	FILE *file;

	snprintf(path, sizeof(path), ROOT_DIRECTORY "/data/corpus/%s", name);
	file = fopen(path, "rb");
	CHECK(file != NULL);
	n_bytes = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	CHECK(emo_audio_decode(env, bytes, n_bytes, RATE, EMO_MIXED, NULL, &audio) == EMO_OK);
	*n = audio.n_samples < MAX_SAMPLES / 2 ? (int) audio.n_samples : MAX_SAMPLES / 2;
	memcpy(samples, audio.samples, (size_t) *n * sizeof(float));
}

static void
read_talkers(EmoEnv *env)
{
	read_talker(env, "51s01Aa.ogg", anna, &n_anna);
	read_talker(env, "54s03Na.ogg", bert, &n_bert);
}

/* A recording that is made channel by channel. */
typedef struct Stereo
{
	float samples[MAX_SAMPLES * MAX_CHANNELS];
	int n_channels;
	int n_frames;
} Stereo;

static Stereo stereo;

static void
start(int n_channels)
{
	memset(&stereo, 0, sizeof(stereo));
	stereo.n_channels = n_channels;
}

/* Of a talker who begins at a frame. */
static void
add(int channel, const float *talker, int n, int at, float gain)
{
	for (int i = 0; i < n && at + i < MAX_SAMPLES; i++)
		stereo.samples[(at + i) * stereo.n_channels + channel] += gain * talker[i];
	if (at + n > stereo.n_frames)
		stereo.n_frames = at + n < MAX_SAMPLES ? at + n : MAX_SAMPLES;
}

static void
add_noise(int channel, float amplitude)
{
	for (int i = 0; i < stereo.n_frames; i++)
		stereo.samples[i * stereo.n_channels + channel] +=
			amplitude * (float) (2.0 * rand() / RAND_MAX - 1);
}

static Recording
finish_stereo(int format)
{
	return recording_from_samples(format, RATE, stereo.n_channels, stereo.samples, stereo.n_frames);
}

typedef struct Expected
{
	const char *what;
	int n_taken;
	int first; /* the first channel that is taken, from 0 */
	bool cancels, differs;
} Expected;

static bool
is_as_expected(const EmoMixture *mixture, const Expected *expected)
{
	bool is = mixture->n_taken == expected->n_taken && mixture->taken[0] == expected->first &&
			  mixture->cancels == expected->cancels && mixture->differs == expected->differs;

	if (!is)
		printf("%s: %d taken from %d on, cancels %d, differs %d\n", expected->what,
			   mixture->n_taken, mixture->taken[0], mixture->cancels, mixture->differs);
	return is;
}

/* Of one decoding, what others decode for: facts, and what is heard, each talker alone or the mix. */
static void
check_survey(EmoEnv *env, const Recording *recording, const EmoMixture *mixture)
{
	EmoAudioInfo info;
	EmoChannelsInfo channels;
	EmoSurvey survey;
	EmoAudio audio;

	CHECK(emo_survey(env, recording->bytes, recording->n_bytes, NULL, &survey) == EMO_OK);
	CHECK(emo_audio_info(env, recording->bytes, recording->n_bytes, NULL, &info, &channels) ==
		  EMO_OK);
	CHECK(survey.info.duration_s == info.duration_s && survey.info.rms == info.rms &&
		  survey.info.peak == info.peak && survey.info.silence_share == info.silence_share &&
		  survey.channels.differ == mixture->differs && channels.differ == mixture->differs &&
		  channels.cancel == mixture->cancels);
	for (int c = 0; c < channels.n; c++)
		CHECK(survey.channels.speech_share[c] == channels.speech_share[c]);
	CHECK(survey.n_lanes == (mixture->differs ? channels.n : 1));
	for (int lane = 0; lane < survey.n_lanes; lane++)
	{
		float most = 0;

		CHECK(emo_audio_decode(env, recording->bytes, recording->n_bytes, EMO_SPEECH_SAMPLE_RATE,
							   survey.numbers[lane], NULL, &audio) == EMO_OK);
		CHECK(audio.n_samples == survey.n_samples);
		for (int64_t i = 0; i < audio.n_samples; i++)
			most = fmaxf(most, fabsf(audio.samples[i] - survey.samples[lane][i]));
		CHECK_NEAR(most, 0, 1e-6);
		emo_audio_free(env, &audio);
	}
}

static void
check_mixture(EmoEnv *env, Expected expected)
{
	static const int formats[] = {WAV_PCM16, SF_FORMAT_OGG | SF_FORMAT_VORBIS};

	for (int f = 0; f < 2; f++)
	{
		Recording recording = finish_stereo(formats[f]);
		EmoMixture mixture;

		CHECK(emo_measure_mixture(env, recording.bytes, recording.n_bytes, NULL, &mixture) ==
			  EMO_OK);
		CHECK(is_as_expected(&mixture, &expected));
		check_survey(env, &recording, &mixture);
		recording_free(&recording);
	}
}

static void
test_one_talker(EmoEnv *env)
{
	static const float gains[] = {1, 0.5f, 0.1f};

	for (int i = 0; i < 3; i++)
	{
		start(2);
		add(0, anna, n_anna, 0, 1);
		add(1, anna, n_anna, 0, gains[i]);
		check_mixture(env, (Expected){"the same on both channels", 2, 0, false, false});
	}
	start(2);
	add(1, anna, n_anna, 0, 1);
	check_mixture(env, (Expected){"the left one silent", 1, 1, false, false});
	add_noise(0, 0.001f);
	check_mixture(env, (Expected){"the left one noise", 1, 1, false, false});
	start(3);
	add(0, anna, n_anna, 0, 1);
	check_mixture(env, (Expected){"two of three silent", 1, 0, false, false});
}

static void
test_cancellation(EmoEnv *env)
{
	static const float gains[] = {1, 0.5f, 0.35f};
	static const int delays[] = {2, 4, 8, 16, 24};

	for (int i = 0; i < 3; i++)
	{
		start(2);
		add(0, anna, n_anna, 0, -gains[i]);
		add(1, anna, n_anna, 0, 1);
		check_mixture(env, (Expected){"opposite phase", 1, i == 0 ? 0 : 1, true, false});
		add_noise(0, 0.003f);
		add_noise(1, 0.003f);
		check_mixture(env, (Expected){"and noise", 1, i == 0 ? 0 : 1, true, false});
	}
	for (int i = 0; i < 5; i++)
	{
		start(2);
		add(0, anna, n_anna, 0, 1);
		add(1, anna, n_anna, delays[i], 1);
		check_mixture(env, (Expected){"a comb", 1, 0, true, false});
	}
	start(8);
	for (int c = 0; c < 8; c++)
		add(c, anna, n_anna, 5 * c, c == 5 ? 1 : 0.8f);
	check_mixture(env, (Expected){"an array of microphones", 1, 5, true, false});
}

static void
test_two_talkers(EmoEnv *env)
{
	static const float leaks[] = {0, 0.05f, 0.2f, -0.2f, 0.3f, -0.3f};

	start(2);
	add(0, anna, n_anna, 0, 1);
	add(1, bert, n_bert, 0, 1);
	check_mixture(env, (Expected){"both at once", 2, 0, false, true});
	for (int i = 0; i < 6; i++)
	{
		start(2);
		for (int c = 0; c < 2; c++)
		{
			add(c, anna, n_anna, 0, c == 0 ? 1 : leaks[i]);
			add(c, bert, n_bert, n_anna, c == 1 ? 1 : leaks[i]);
		}
		check_mixture(env, (Expected){"one after the other", 2, 0, false, true});
	}
	start(4);
	add(1, anna, n_anna, 0, 1);
	add(3, bert, n_bert, 0, 1);
	check_mixture(env, (Expected){"on two of four channels", 2, 1, false, true});
}

/* What is heard of channels that cancel out is what the stronger one has, streamed or whole. */
static void
test_what_is_heard(EmoEnv *env)
{
	static const int rates[] = {0, 8000, 24000};

	for (int r = 0; r < 3; r++)
	{
		Recording recording;
		EmoAudioReader *reader;
		EmoAudio mixed, one;
		float block[1000];
		int64_t n_read = 1, n = 0, n_different = 0;

		start(2);
		add(0, anna, n_anna, 0, -0.6f);
		add(1, anna, n_anna, 0, 1);
		recording = finish_stereo(WAV_PCM16);
		CHECK(emo_audio_decode(env, recording.bytes, recording.n_bytes, rates[r], EMO_MIXED, NULL,
							   &mixed) == EMO_OK);
		CHECK(emo_audio_decode(env, recording.bytes, recording.n_bytes, rates[r], 2, NULL, &one) ==
			  EMO_OK);
		CHECK(mixed.n_samples == one.n_samples && !mixed.differs);
		CHECK(memcmp(mixed.samples, one.samples, mixed.n_samples * sizeof(float)) == 0);
		CHECK(emo_audio_open(env, recording.bytes, recording.n_bytes, rates[r], EMO_MIXED, NULL,
							 &reader) == EMO_OK);
		while (n_read > 0)
		{
			CHECK(emo_audio_read(reader, block, 1000, &n_read) == EMO_OK);
			for (int64_t i = 0; i < n_read; i++, n++)
				n_different += n >= mixed.n_samples || block[i] != mixed.samples[n];
		}
		CHECK(n == mixed.n_samples && n_different == 0);
		emo_audio_close(reader);
		recording_free(&recording);
	}
}

/* The mean of three of four: the silent one counts for nothing. */
static void
test_level(EmoEnv *env)
{
	Recording recording;
	EmoAudio mixed;
	double worst = 0;

	start(4);
	add(0, anna, n_anna, 0, 0.9f);
	add(1, anna, n_anna, 0, 0.3f);
	add(3, anna, n_anna, 0, 0.6f);
	recording = finish_stereo(WAV_FLOAT);
	CHECK(emo_audio_decode(env, recording.bytes, recording.n_bytes, RATE, EMO_MIXED, NULL,
						   &mixed) == EMO_OK);
	for (int i = 0; i < n_anna; i++)
		worst = fmax(worst, fabs(mixed.samples[i] - 0.6f * anna[i]));
	CHECK_NEAR(worst, 0, 1e-6);
	recording_free(&recording);
}

/* Of any length, and where there is nothing to tell, all channels are mixed. */
static void
test_little(EmoEnv *env)
{
	static const int lengths[] = {1, 2, 700, 801, 9000};

	for (int i = 0; i < 5; i++)
		for (int is_silent = 0; is_silent < 2; is_silent++)
		{
			Recording recording;
			EmoMixture mixture;

			start(2);
			for (int c = 0; c < 2; c++)
				add(c, anna + 8000, lengths[i], 0, is_silent ? 0 : 1);
			recording = finish_stereo(WAV_FLOAT);
			CHECK(emo_measure_mixture(env, recording.bytes, recording.n_bytes, NULL, &mixture) ==
				  EMO_OK);
			CHECK(mixture.n_taken == 2 && !mixture.cancels && !mixture.differs);
			recording_free(&recording);
		}
}

/* The levels don't depend on the blocks in which frames come. */
static void
test_blocks(EmoEnv *env)
{
	EmoChannelLevels levels[2];

	start(3);
	add(0, anna, n_anna, 0, 1);
	add(1, bert, n_bert, 4000, 1);
	add(2, anna, n_anna, 11, -0.5f);
	for (int k = 0; k < 2; k++)
	{
		int step = k == 0 ? 777 : stereo.n_frames;
		EmoChannelMeter *meter;

		CHECK(emo_channel_meter_create(env, 3, RATE, &meter) == EMO_OK);
		for (int i = 0; i < stereo.n_frames; i += step)
			CHECK(emo_channel_meter_push(meter, stereo.samples + i * 3,
										 stereo.n_frames - i < step ? stereo.n_frames - i : step) ==
				  EMO_OK);
		CHECK(emo_channel_meter_finish(meter, &levels[k]) == EMO_OK);
		emo_channel_meter_destroy(meter);
	}
	CHECK(levels[0].cancelled_share == levels[1].cancelled_share);
	CHECK(levels[0].sum_over_own == levels[1].sum_over_own);
	CHECK(levels[0].n_blocks == levels[1].n_blocks && levels[0].n_blocks > 10);
	CHECK(memcmp(levels[0].blocks, levels[1].blocks, levels[0].n_blocks * 3 * sizeof(float)) == 0);
	CHECK(memcmp(levels[0].channels, levels[1].channels, 3 * sizeof(EmoChannelLevel)) == 0);
}

static void
test_correlation(EmoEnv *env)
{
	static const float gains[] = {1, 0.25f, -0.5f};

	for (int i = 0; i < 3; i++)
	{
		EmoChannelMeter *meter;
		EmoChannelLevels levels;

		start(2);
		add(0, anna, n_anna, 0, 1);
		add(1, anna, n_anna, 0, gains[i]);
		CHECK(emo_channel_meter_create(env, 2, RATE, &meter) == EMO_OK);
		CHECK(emo_channel_meter_push(meter, stereo.samples, stereo.n_frames) == EMO_OK);
		CHECK(emo_channel_meter_finish(meter, &levels) == EMO_OK);
		CHECK_NEAR(levels.correlation, gains[i] > 0 ? 1 : -1, 1e-6);
		CHECK_NEAR(levels.channels[1].peak, fabsf(gains[i]) * levels.channels[0].peak, 1e-6);
		CHECK_NEAR(levels.channels[1].rms, fabsf(gains[i]) * levels.channels[0].rms, 1e-6);
		emo_channel_meter_destroy(meter);
	}
}

static void
test_no_memory(EmoEnv *env)
{
	UnitHost *host = env->host;
	EmoStatus status = EMO_OUT_OF_MEMORY;
	Recording recording;
	EmoAudio audio;
	int k;

	start(2);
	add(0, anna, n_anna / 4, 0, 1);
	add(1, bert, n_bert / 4, 0, 1);
	recording = finish_stereo(WAV_PCM16);
	for (k = 0; status == EMO_OUT_OF_MEMORY && k < 1000; k++)
	{
		host->allocations_left = k;
		status = emo_audio_decode(env, recording.bytes, recording.n_bytes, 8000, EMO_MIXED, NULL,
								  &audio);
		CHECK(status == EMO_OK || (status == EMO_OUT_OF_MEMORY && audio.samples == NULL));
	}
	host->allocations_left = -1;
	CHECK(status == EMO_OK && k > 20);
	recording_free(&recording);
}

int
main(void)
{
	RUN(read_talkers);
	RUN(test_one_talker);
	RUN(test_cancellation);
	RUN(test_two_talkers);
	RUN(test_what_is_heard);
	RUN(test_level);
	RUN(test_little);
	RUN(test_blocks);
	RUN(test_correlation);
	RUN(test_no_memory);
	return unit_finish();
}
