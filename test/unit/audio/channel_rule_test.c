/*
 * channel_rule_test.c
 *	  Which channels may be heard: what texts say of it, and that nothing else is decoded.
 */
#include "core/audio/audio.h"
#include "core/audio/cut.h"

#include "../recordings.h"
#include "../unit.h"

static EmoChannelRule
rule_of(const char *text)
{
	EmoChannelRule rule;

	CHECK(emo_read_channel_rule(text, &rule));
	return rule;
}

static void
test_texts(EmoEnv *env)
{
	static const struct
	{
		const char *text;
		bool one, two, last, mono;
	} rules[] = {
		{"all", true, true, true, true},          {" ALL\t", true, true, true, true},
		{"1", true, false, false, false},         {"2", false, true, false, false},
		{"002", false, true, false, false},       {"1,2", true, true, false, false},
		{" 2 , 1 ", true, true, false, false},    {"64", false, false, true, false},
		{"mono", false, false, false, true},      {"2, Mono", false, true, false, true},
		{"mono,mono", false, false, false, true},
	};
	static const char *const others[] = {
		"",
		" ",
		",",
		"2,",
		",2",
		"1,,2",
		"0",
		"65",
		"-1",
		"+1",
		"1.0",
		"1 2",
		"all, 1",
		"1,all",
		"all,all",
		"none",
		"mon",
		"monos",
		"mono2",
		"2;",
		"1-2",
		"m\xc3o",
		"99999999999999999999",
	};

	(void) env;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
	{
		EmoChannelRule rule = rule_of(rules[i].text);

		CHECK(emo_channel_is_allowed(&rule, 64, 1) == rules[i].one);
		CHECK(emo_channel_is_allowed(&rule, 2, 2) == rules[i].two);
		CHECK(emo_channel_is_allowed(&rule, 64, 64) == rules[i].last);
		CHECK(emo_channel_is_allowed(&rule, 1, 1) == rules[i].mono);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
	{
		EmoChannelRule rule;

		CHECK(!emo_read_channel_rule(others[i], &rule));
		for (int n = 1; n <= 64; n++)
			for (int channel = 1; channel <= n; channel++)
				CHECK(!emo_channel_is_allowed(&rule, n, channel));
	}
}

/* A recording with so many channels, each of which is a constant of its own. */
static Recording
recording_with(int n_channels)
{
	float samples[3 * 4000];

	for (int i = 0; i < 4000 * n_channels; i++)
		samples[i] = 0.1f * (float) (1 + i % n_channels);
	return recording_from_samples(WAV_FLOAT, 8000, n_channels, samples, 4000);
}

static EmoStatus
decode(EmoEnv *env, const Recording *recording, const char *rule, int channel)
{
	EmoAudioLimits limits = emo_audio_default_limits;
	EmoAudio audio;
	EmoStatus status;

	limits.channels = rule_of(rule);
	status =
		emo_audio_decode(env, recording->bytes, recording->n_bytes, 0, channel, &limits, &audio);
	CHECK((status == EMO_OK) == (audio.samples != NULL));
	emo_audio_free(env, &audio);
	return status;
}

static EmoStatus
cut(EmoEnv *env, const Recording *recording, const char *rule, int channel)
{
	EmoAudioLimits limits = emo_audio_default_limits;
	EmoCut part;
	EmoStatus status;

	limits.channels = rule_of(rule);
	status =
		emo_audio_cut(env, recording->bytes, recording->n_bytes, 0, 0.1, channel, &limits, &part);
	CHECK((status == EMO_OK) == (part.samples != NULL));
	emo_free(env, part.samples);
	return status;
}

static void
test_recordings(EmoEnv *env)
{
	Recording mono = recording_with(1), stereo = recording_with(2), three = recording_with(3);

	CHECK(decode(env, &stereo, "2", 2) == EMO_OK);
	CHECK(decode(env, &stereo, "2", 1) == EMO_FORBIDDEN);
	CHECK(strcmp(env->message, "permission denied to hear channel 1 of a recording") == 0);
	CHECK(decode(env, &stereo, "2, mono", EMO_MIXED) == EMO_FORBIDDEN);
	CHECK(strcmp(env->message, "permission denied to hear the channels of a recording mixed") == 0);
	/* A mix of all that are allowed is; but not one with more. */
	CHECK(decode(env, &stereo, "1, 2", EMO_MIXED) == EMO_OK);
	CHECK(decode(env, &three, "1, 2", EMO_MIXED) == EMO_FORBIDDEN);
	CHECK(decode(env, &three, "1, 2", 2) == EMO_OK);
	/* A number says nothing of recordings with one channel, which may be a mix. */
	CHECK(decode(env, &mono, "1", 1) == EMO_FORBIDDEN);
	CHECK(strcmp(env->message, "permission denied to hear a recording with one channel") == 0);
	CHECK(decode(env, &mono, "1", EMO_MIXED) == EMO_FORBIDDEN);
	CHECK(decode(env, &mono, "mono", EMO_MIXED) == EMO_OK);
	CHECK(decode(env, &mono, "mono", 1) == EMO_OK);
	/* What a recording doesn't have can't be heard anyway. */
	CHECK(decode(env, &stereo, "2", 3) == EMO_NO_CHANNEL);
	CHECK(decode(env, &mono, "2", 2) == EMO_NO_CHANNEL);

	CHECK(cut(env, &stereo, "2", 2) == EMO_OK);
	CHECK(cut(env, &stereo, "2, mono", 1) == EMO_FORBIDDEN);
	CHECK(cut(env, &stereo, "2", EMO_ALL_CHANNELS) == EMO_OK);
	CHECK(cut(env, &stereo, "2", 3) == EMO_NO_CHANNEL);
	recording_free(&mono);
	recording_free(&stereo);
	recording_free(&three);
}

/* Channels that stay apart may all be had, and each is decided of. */
static void
test_all_channels(EmoEnv *env)
{
	Recording stereo = recording_with(2);
	EmoAudioLimits limits = emo_audio_default_limits;
	EmoAudioChannels channels;

	limits.channels = rule_of("2");
	CHECK(emo_audio_decode_channels(env, stereo.bytes, stereo.n_bytes, 0, &limits, &channels) ==
		  EMO_OK);
	CHECK(channels.n == 2);
	emo_audio_free_channels(env, &channels);
	CHECK(emo_check_some_channel_is_allowed(env, &limits.channels, 2) == EMO_OK);
	CHECK(emo_check_some_channel_is_allowed(env, &limits.channels, 1) == EMO_FORBIDDEN);
	limits.channels = rule_of("3, mono");
	CHECK(emo_check_some_channel_is_allowed(env, &limits.channels, 2) == EMO_FORBIDDEN);
	CHECK(emo_check_some_channel_is_allowed(env, &limits.channels, 3) == EMO_OK);
	CHECK(emo_check_some_channel_is_allowed(env, &limits.channels, 1) == EMO_OK);
	recording_free(&stereo);
}

int
main(void)
{
	RUN(test_texts);
	RUN(test_recordings);
	RUN(test_all_channels);
	return unit_finish();
}
