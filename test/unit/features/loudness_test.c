/*
 * loudness_test.c
 *	  The groups of loudness and voice quality: values of contours that are made by hand, and what the
 *	  level of a recording changes.
 */
#include "unit.h"

#include "core/features/augment.h"
#include "core/features/groups.h"
#include "signals.h"

#define MAX_FRAMES 400

static EmoFeatureInput
hand_made(EmoEnv *env, const float *loudness, int64_t n_frames)
{
	EmoFeatureInput input = {.kernels = emo_kernels()};

	input.contours.n_frames = n_frames;
	input.contours.loudness = emo_alloc(env, n_frames, sizeof(float));
	input.contours.voice = emo_alloc_zero(env, n_frames, EMO_N_VOICE_CONTOURS * sizeof(float));
	input.contours.voiced = emo_alloc_zero(env, n_frames, sizeof(bool));
	memcpy(input.contours.loudness, loudness, n_frames * sizeof(float));
	return input;
}

static float
of_group(const EmoFeatureGroup *group, const float *features, const char *wanted)
{
	char name[EMO_FEATURE_NAME_SIZE];

	for (int i = 0; i < group->n_features; i++)
	{
		group->name(i, name);
		if (strcmp(name, wanted) == 0)
			return features[i];
	}
	printf("no feature %s\n", wanted);
	exit(1);
}

/*
 * Two hills from 100 up to 300 in 0.2 s and down in 0.4 s, and a plain before and after them; ripples
 * are none.
 */
static void
test_loudness(EmoEnv *env)
{
	float loudness[MAX_FRAMES], features[50];
	const float mean = 175.1f; /* with the floor of 0.1 */
	EmoFeatureInput input;
	int n = 0;

	while (n < 20)
		loudness[n++] = 100;
	for (int hill = 0; hill < 2; hill++)
		for (int t = 0; t < 60; t++)
			loudness[n++] = t < 20 ? 100 + 10 * (float) t : 300 - 5 * (float) (t - 20);
	for (; n < 160; n++)
		loudness[n] = n % 2 ? 101 : 99;
	input = hand_made(env, loudness, n);
	input.contours.log_gain = logf(4);
	CHECK(emo_loudness_group.n_features <= 50);
	CHECK(emo_loudness_group.fill(env, &input, features) == EMO_OK);
	CHECK_NEAR(of_group(&emo_loudness_group, features, "loudness.level_mean"),
			   logf(mean) - 0.5 * logf(4), 1e-4);
	CHECK_NEAR(of_group(&emo_loudness_group, features, "loudness.level_p50"),
			   of_group(&emo_loudness_group, features, "loudness.p50") + logf(mean) - 0.5 * logf(4),
			   1e-4);
	CHECK_NEAR(of_group(&emo_loudness_group, features, "loudness.p20"), logf(100.9f / mean), 1e-4);
	CHECK_NEAR(of_group(&emo_loudness_group, features, "loudness.p95"), logf(285.1f / mean), 0.02);
	CHECK_NEAR(of_group(&emo_loudness_group, features, "loudness.peaks_per_second"), 2 / 1.6, 1e-4);
	/* The second rise and both falls go from extreme to extreme; the first rise begins with the plain. */
	CHECK_NEAR(of_group(&emo_loudness_group, features, "loudness.rise.mean"),
			   (200 / mean / 0.4 + 195 / mean / 0.2) / 2, 0.4);
	CHECK_NEAR(of_group(&emo_loudness_group, features, "loudness.rise.sd"),
			   (195 / mean / 0.2 - 200 / mean / 0.4) / 2, 0.4);
}

/* Voice contours that rise by 1 from frame to frame, c higher in column c; every other is voiced. */
static void
test_quality(EmoEnv *env)
{
	float loudness[MAX_FRAMES] = {0}, features[300];
	EmoFeatureInput input = hand_made(env, loudness, 100);

	for (int t = 0; t < 100; t++)
		for (int c = 0; c < EMO_N_VOICE_CONTOURS; c++)
		{
			input.contours.voice[t * EMO_N_VOICE_CONTOURS + c] =
				t % 2 == 0 ? (float) (t / 2 + c) : 1e6f;
			input.contours.voiced[t] = t % 2 == 0;
		}
	input.contours.periods = (EmoPeriods){10, 0.01f, 0.02f, 0.03f, 0.04f};
	CHECK(emo_quality_group.n_features <= 300);
	CHECK(emo_quality_group.fill(env, &input, features) == EMO_OK);
	CHECK_NEAR(of_group(&emo_quality_group, features, "hnr.mean"), 24.5, 1e-4);
	CHECK_NEAR(of_group(&emo_quality_group, features, "f1.mean"), 24.5 + EMO_FORMANT_1, 1e-4);
	CHECK_NEAR(of_group(&emo_quality_group, features, "f3_width.mean"), 24.5 + EMO_BANDWIDTH_1 + 2,
			   1e-4);
	CHECK_NEAR(of_group(&emo_quality_group, features, "hammarberg.mean"), 24.5 + EMO_HAMMARBERG,
			   1e-4);
	CHECK_NEAR(of_group(&emo_quality_group, features, "voiced_loudness.sd"),
			   sqrt((50 * 50 - 1) / 12.0), 1e-3);
	CHECK_NEAR(of_group(&emo_quality_group, features, "jitter.mean"), 1, 1e-5);
	CHECK_NEAR(of_group(&emo_quality_group, features, "jitter.sd"), 2, 1e-5);
	CHECK_NEAR(of_group(&emo_quality_group, features, "shimmer.mean"), 3, 1e-5);
	CHECK_NEAR(of_group(&emo_quality_group, features, "shimmer.sd"), 4, 1e-5);
	/* Nothing is voiced. */
	memset(input.contours.voiced, 0, 100 * sizeof(bool));
	CHECK(emo_quality_group.fill(env, &input, features) == EMO_OK);
	CHECK_NEAR(of_group(&emo_quality_group, features, "f1.mean"), 0, 0);
}

/* Only what is called a level hears one; twice the amplitude is root 2 times the loudness. */
static void
test_level(EmoEnv *env)
{
	const int n = 24000, n_features = emo_feature_count();
	const float *samples = make_utterance(env, n);
	float *twice = emo_alloc(env, n, sizeof(float));
	float *features = emo_alloc(env, 2 * n_features, sizeof(float));
	EmoFeaturePlan *plan;
	int n_levels = 0;

	for (int i = 0; i < n; i++)
		twice[i] = 2 * samples[i];
	CHECK(emo_feature_plan_create(env, &plan) == EMO_OK);
	CHECK(emo_features(env, plan, samples, n, NULL, features) == EMO_OK);
	CHECK(emo_features(env, plan, twice, n, NULL, features + n_features) == EMO_OK);
	for (int i = 0; i < n_features; i++)
	{
		char name[EMO_FEATURE_NAME_SIZE];
		bool is_level;

		emo_feature_name(i, name);
		is_level = strncmp(name, "loudness.level_", strlen("loudness.level_")) == 0;
		n_levels += is_level;
		CHECK_NEAR(features[n_features + i] - features[i], is_level ? 0.5 * log(2) : 0,
				   is_level ? 1e-5 : 0);
	}
	CHECK(n_levels == 7);
	emo_feature_plan_destroy(env, plan);
}

/* Copies are louder or softer by 6 dB, all of a kind alike, and no two thirds of them louder. */
static void
test_levels_of_copies(EmoEnv *env)
{
	const int n = 24000, n_features = emo_feature_count();
	const float *samples = make_utterance(env, n);
	float *features = emo_alloc(env, n_features, sizeof(float));
	EmoDegradeOptions options;
	EmoFeaturePlan *plan;
	float level;
	int index = 0, n_louder = 0;
	char name[EMO_FEATURE_NAME_SIZE] = "";

	while (strcmp(name, "loudness.level_p80") != 0)
		emo_feature_name(index++, name);
	index--;
	emo_default_options(&emo_degrade_options, &options);
	CHECK(emo_feature_plan_create(env, &plan) == EMO_OK);
	CHECK(emo_features(env, plan, samples, n, NULL, features) == EMO_OK);
	level = features[index];
	for (int kind = 1; kind <= EMO_AUGMENT_N_COPIES; kind++)
	{
		CHECK(emo_augmented_features(env, plan, kind, 1, samples, n, features) == EMO_OK);
		n_louder += features[index] > level;
		/* Half of 6 dB in nats; noise adds to that, and a filter does either. */
		CHECK_NEAR(fabsf(features[index] - level), 0.5 * log(2), 0.25);
	}
	CHECK(n_louder == EMO_AUGMENT_N_COPIES / 2);
	/* Noise 15 dB below (2) is louder, and 8 dB below (3) softer, where it would be louder still. */
	CHECK(emo_degraded_features(env, plan, &options, 2, 1, samples, n, features) == EMO_OK);
	CHECK(features[index] > level + 0.3);
	CHECK(emo_degraded_features(env, plan, &options, 3, 1, samples, n, features) == EMO_OK);
	CHECK(features[index] < level);
	emo_feature_plan_destroy(env, plan);
}

int
main(void)
{
	srand(1);
	RUN(test_loudness);
	RUN(test_quality);
	RUN(test_level);
	RUN(test_levels_of_copies);
	return unit_finish();
}
