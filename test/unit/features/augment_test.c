/*
 * augment_test.c
 *	  Altered copies: each changes what it should by as much as it should, and nothing else.
 */
#include "unit.h"

#include "core/features/augment.h"
#include "signals.h"

#define N_SAMPLES 16000

/* Kinds of copies, in the order of augment.c; 0 is the recording itself. */
enum
{
	ORIGINAL,
	FASTER,
	SLOWER,
	LONGER_TRACT,
	SHORTER_TRACT,
	NOISY,
	EQUALISED
};

static float *
features_of(EmoEnv *env, int kind, uint64_t seed, const float *samples, int64_t n_samples)
{
	float *features = emo_alloc(env, emo_feature_count(), sizeof(float));
	EmoFeaturePlan *plan;

	CHECK(emo_feature_plan_create(env, &plan) == EMO_OK);
	CHECK((kind == ORIGINAL ? emo_features(env, plan, samples, n_samples, NULL, features)
							: emo_augmented_features(env, plan, kind, seed, samples, n_samples,
													 features)) == EMO_OK);
	emo_feature_plan_destroy(env, plan);
	return features;
}

static float
feature(const float *features, const char *wanted)
{
	char name[EMO_FEATURE_NAME_SIZE];

	for (int i = 0; i < emo_feature_count(); i++)
	{
		emo_feature_name(i, name);
		if (strcmp(name, wanted) == 0)
			return features[i];
	}
	printf("no feature %s\n", wanted);
	exit(1);
}

static void
test_speed(EmoEnv *env)
{
	const float *tone = make_harmonics(env, N_SAMPLES, 200, 1);
	const float *sine = make_sine(env, N_SAMPLES, 1000, 0.1);
	double f0 = feature(features_of(env, ORIGINAL, 0, tone, N_SAMPLES), "f0.p50");

	/* In semitones. */
	CHECK_NEAR(feature(features_of(env, FASTER, 0, tone, N_SAMPLES), "f0.p50"),
			   f0 + 12 * log2(20 / 19.0), 0.05);
	CHECK_NEAR(feature(features_of(env, SLOWER, 0, tone, N_SAMPLES), "f0.p50"),
			   f0 + 12 * log2(19 / 20.0), 0.05);
	CHECK_NEAR(feature(features_of(env, FASTER, 0, sine, N_SAMPLES), "centroid.p50"), 20 / 19.0,
			   0.003);
	CHECK_NEAR(feature(features_of(env, SLOWER, 0, sine, N_SAMPLES), "centroid.p50"), 19 / 20.0,
			   0.003);
}

/* What lies above the lower Nyquist frequency must not come back below it: 60 dB or more are gone. */
static void
test_aliasing(EmoEnv *env)
{
	/* At 7.9 kHz, above 19/20 of 8 kHz; a weak one at 1 kHz to compare with. */
	float *samples = make_sine(env, N_SAMPLES, 7900, 0.5);
	const float *weak = make_sine(env, N_SAMPLES, 1000, 0.5e-2);
	const float *features;

	for (int i = 0; i < N_SAMPLES; i++)
		samples[i] += weak[i];
	/* If the tone were 40 dB down it would be as strong; what is left is the weak one alone. */
	features = features_of(env, FASTER, 0, samples, N_SAMPLES);
	CHECK_NEAR(feature(features, "centroid.p50"), 20 / 19.0, 0.02);
	CHECK(feature(features, "spread.p50") < 0.25);
}

static void
test_warp(EmoEnv *env)
{
	const float *sine = make_sine(env, N_SAMPLES, 1000, 0.1);
	const float *utterance = make_utterance(env, N_SAMPLES);
	static const double factors[] = {0.92, 1.08};

	for (int i = 0; i < 2; i++)
	{
		const float *features = features_of(env, LONGER_TRACT + i, 0, utterance, N_SAMPLES);
		const float *originals = features_of(env, ORIGINAL, 0, utterance, N_SAMPLES);

		CHECK(feature(features, "f0.mean") == feature(originals, "f0.mean"));
		CHECK(feature(features, "voicing.sd") == feature(originals, "voicing.sd"));
		CHECK(feature(features, "energy.sd") == feature(originals, "energy.sd"));
		CHECK(feature(features, "mfcc_1.mean") != feature(originals, "mfcc_1.mean"));
		CHECK_NEAR(feature(features_of(env, LONGER_TRACT + i, 0, sine, N_SAMPLES), "centroid.p50"),
				   factors[i], 0.01);
	}
}

/*
 * A low sine, with noise 20 dB below: all power in 1 - 4 kHz is the noise's, whose level follows
 * from the window's power and the pre-emphasis.
 */
static void
test_noise(EmoEnv *env)
{
	const float *sine = make_sine(env, N_SAMPLES, 200, 0.3);
	double window = 0, expected = 0;

	for (int i = 0; i < 400; i++)
		window += pow(0.54 - 0.46 * cos(2 * M_PI * i / 400), 2);
	for (int k = 32; k < 128; k++)
		expected += 0.01 / 1.01 * window * (1 + 0.97 * 0.97 - 2 * 0.97 * cos(2 * M_PI * k / 512));
	CHECK_NEAR(feature(features_of(env, NOISY, 1, sine, N_SAMPLES), "middle_band.p50"),
			   log(expected), 0.1);
	CHECK(feature(features_of(env, ORIGINAL, 0, sine, N_SAMPLES), "middle_band.p50") <
		  log(expected) - 5);
}

static void
test_equaliser(EmoEnv *env)
{
	const float *samples = make_noise(env, N_SAMPLES, 0.1);
	float original = feature(features_of(env, ORIGINAL, 0, samples, N_SAMPLES), "middle_band.mean");
	double least = 0, most = 0;

	for (uint64_t seed = 0; seed < 30; seed++)
	{
		double change =
			feature(features_of(env, EQUALISED, seed, samples, N_SAMPLES), "middle_band.mean") -
			original;

		least = fmin(least, change);
		most = fmax(most, change);
	}
	/* Within 6 dB either way, and not always the same. */
	CHECK(least > -0.6 * M_LN10 && least < -0.2 * M_LN10);
	CHECK(most < 0.6 * M_LN10 && most > 0.2 * M_LN10);
}

static void
test_seeds(EmoEnv *env)
{
	const float *samples = make_utterance(env, N_SAMPLES);
	float *other = emo_alloc(env, N_SAMPLES, sizeof(float));
	size_t size = emo_feature_count() * sizeof(float);

	memcpy(other, samples, N_SAMPLES * sizeof(float));
	other[N_SAMPLES / 2] += 0x1p-15f;
	for (int kind = 1; kind <= EMO_AUGMENT_N_COPIES; kind++)
	{
		const float *features = features_of(env, kind, 5, samples, N_SAMPLES);
		bool is_random = kind == NOISY || kind >= EMO_AUGMENT_FIRST_RANDOM_KIND;
		int mfcc = 12; /* a mean of MFCC 1, which noise and filters move and one sample doesn't */

		CHECK(memcmp(features, features_of(env, kind, 5, samples, N_SAMPLES), size) == 0);
		CHECK((memcmp(features, features_of(env, kind, 6, samples, N_SAMPLES), size) == 0) !=
			  is_random);
		/* Another recording gets other noise, although the seed is the same. */
		if (is_random)
			CHECK(fabsf(features[mfcc] - features_of(env, kind, 5, other, N_SAMPLES)[mfcc]) >
				  1e-3f);
	}
}

static void
test_extremes(EmoEnv *env)
{
	static const double amplitudes[] = {0, 1e-38, 1, 2147483648.0};
	static const int64_t lengths[] = {1, 2, 100, 3000};

	for (int kind = 1; kind <= EMO_AUGMENT_N_COPIES; kind++)
		for (int i = 0; i < 16; i++)
		{
			int64_t n = lengths[i / 4];
			const float *features =
				features_of(env, kind, 1, make_noise(env, n, amplitudes[i % 4]), n);
			int n_bad = 0;

			for (int f = 0; f < emo_feature_count(); f++)
				n_bad += !isfinite(features[f]);
			CHECK(n_bad == 0);
		}
}

static bool
stop_at_once(void *host)
{
	(void) host;
	return true;
}

static void
test_cancel(EmoEnv *env)
{
	float *samples = make_utterance(env, N_SAMPLES);
	float *features = emo_alloc(env, emo_feature_count(), sizeof(float));
	EmoFeaturePlan *plan;

	CHECK(emo_feature_plan_create(env, &plan) == EMO_OK);
	env->should_stop = stop_at_once;
	for (int kind = 1; kind <= EMO_AUGMENT_N_COPIES; kind++)
		CHECK(emo_augmented_features(env, plan, kind, 1, samples, N_SAMPLES, features) ==
			  EMO_CANCELED);
	emo_feature_plan_destroy(env, plan);
}

/* Each allocation fails in turn; AddressSanitizer sees what is lost (soxr's) or used after. */
static void
test_out_of_memory(EmoEnv *env)
{
	const float *samples = make_utterance(env, 2000);
	float *features = emo_alloc(env, emo_feature_count(), sizeof(float));

	for (int kind = 1; kind <= EMO_AUGMENT_N_COPIES; kind++)
	{
		EmoStatus status = EMO_OUT_OF_MEMORY;

		for (long n = 0; status == EMO_OUT_OF_MEMORY && n < 1000; n++)
		{
			UnitHost host = {NULL, -1};
			EmoEnv poor = unit_env(&host);
			EmoFeaturePlan *plan;

			CHECK(emo_feature_plan_create(&poor, &plan) == EMO_OK);
			host.allocations_left = n;
			status = emo_augmented_features(&poor, plan, kind, 1, samples, 2000, features);
			CHECK(status == EMO_OUT_OF_MEMORY || (status == EMO_OK && n > 0));
			emo_feature_plan_destroy(&poor, plan);
			unit_env_end(&host);
		}
		CHECK(status == EMO_OK);
	}
}

int
main(void)
{
	srand(1);
	RUN(test_speed);
	RUN(test_aliasing);
	RUN(test_warp);
	RUN(test_noise);
	RUN(test_equaliser);
	RUN(test_seeds);
	RUN(test_extremes);
	RUN(test_cancel);
	RUN(test_out_of_memory);
	return unit_finish();
}
