/*
 * agreement_test.c
 *	  All that recordings are turned into is the same, bit for bit, whatever instruction set the kernels
 *	  are compiled for.
 *
 * The linker puts __wrap_emo_kernels() in the place of emo_kernels() (see the Makefile), so that
 * nothing in the core forces a set.
 */
#include "unit.h"
#include "wide_kernels.h"

#include <dirent.h>

#include "core/audio/audio.h"
#include "core/dsp/activity.h"
#include "core/dsp/mfcc.h"
#include "core/dsp/pitch.h"
#include "core/dsp/speech.h"
#include "core/dsp/speech_net.h"
#include "core/features/augment.h"
#include "core/nn/input.h"
#include "signals.h"

/* Under AddressSanitizer all of the corpus would take a minute. */
#define RECORDINGS_LEFT_OUT 6

static const EmoKernels *forced;

extern const EmoKernels *__wrap_emo_kernels(void);

const EmoKernels *
__wrap_emo_kernels(void)
{
	return forced;
}

/* What comes out of a recording, one after the other: its values, and where each quantity begins. */
typedef struct Results
{
	float *values;
	size_t n, capacity;
	const char *names[64];
	size_t first[64];
	int n_quantities;
} Results;

static float *
room(Results *results, const char *name, size_t n)
{
	float *first = results->values + results->n;

	if (results->n + n > results->capacity || results->n_quantities >= 64)
	{
		printf("no room for %s\n", name);
		exit(1);
	}
	results->names[results->n_quantities] = name;
	results->first[results->n_quantities++] = results->n;
	results->n += n;
	return first;
}

static void
measure_mfcc(EmoEnv *env, const float *samples, int64_t n_samples, Results *results)
{
	for (int preset = 0; emo_mfcc_preset_names[preset] != NULL; preset++)
	{
		EmoMfccParams params = emo_mfcc_preset_params((EmoMfccPreset) preset);
		EmoMfccPlan *plan;
		int64_t n_frames;

		emo_mfcc_set_sizes((EmoMfccPreset) preset, &params);
		n_frames = emo_mfcc_frame_count(&params, n_samples);
		CHECK(emo_mfcc_plan_create(env, &params, &plan) == EMO_OK);
		CHECK(emo_mfcc(env, plan, samples, n_samples,
					   room(results, emo_mfcc_preset_names[preset],
							(size_t) n_frames * emo_mfcc_values_per_frame(&params))) == EMO_OK);
		CHECK(emo_mel(env, plan, samples, n_samples,
					  room(results, "mel", (size_t) n_frames * params.n_mels)) == EMO_OK);
		emo_mfcc_plan_destroy(plan);
	}
}

static void
measure_pitch(EmoEnv *env, const float *samples, int64_t n_samples, Results *results)
{
	EmoPitchParams params = emo_pitch_default_params();
	int64_t n_frames = emo_pitch_frame_count(n_samples);
	float *f0 = room(results, "f0", n_frames), *strength = room(results, "strength", n_frames);
	EmoPitch *pitch;

	CHECK(emo_pitch_create(env, &params, &pitch) == EMO_OK);
	CHECK(emo_pitch_track(env, pitch, samples, n_samples, f0, strength) == EMO_OK);
	emo_pitch_destroy(pitch);
}

static void
measure_speech(EmoEnv *env, const float *samples, int64_t n_samples, Results *results)
{
	EmoSpeech speech;
	float *out;

	CHECK(emo_find_speech(env, samples, n_samples, &speech) == EMO_OK);
	memcpy(room(results, "speech", speech.n_samples), speech.samples,
		   speech.n_samples * sizeof(float));
	memcpy(room(results, "energy", speech.n_frames), speech.log_energy,
		   speech.n_frames * sizeof(float));
	out = room(results, "active", speech.n_frames);
	for (int64_t t = 0; t < speech.n_frames; t++)
		out[t] = speech.active[t];
}

/* Where somebody speaks: how likely it is decides, and is close where nobody does. */
static void
measure_stretches(EmoEnv *env, const float *samples, int64_t n_samples, Results *results)
{
	EmoStretches stretches;
	float *out;

	CHECK(emo_detect_speech(env, samples, n_samples, &stretches) == EMO_OK);
	out = room(results, "stretches", 4 * stretches.n + 1);
	*out++ = (float) stretches.n;
	for (int64_t i = 0; i < stretches.n; i++)
	{
		*out++ = (float) stretches.items[i].start;
		*out++ = (float) stretches.items[i].end;
		*out++ = stretches.items[i].level_dbfs;
		*out++ = stretches.items[i].snr_db;
	}
}

/* How likely speech is, before anything is decided. */
static void
measure_logits(EmoEnv *env, const float *samples, int64_t n_samples, Results *results)
{
	const int step_values = 2 * EMO_SPEECH_NET_N_MELS * EMO_LANES, n_steps = 4;
	float *spectra = emo_alloc(env, step_values, sizeof(float));
	EmoSpeechNet *net;

	CHECK(emo_speech_net_create(env, &net) == EMO_OK);
	for (int step = 0; step < n_steps; step++)
	{
		float logits[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));

		for (int i = 0; i < step_values; i++)
			spectra[i] = fabsf(samples[((int64_t) step * step_values + i) % n_samples]);
		emo_speech_net_step(net, spectra, INT64_MAX, logits);
		memcpy(room(results, "logits", EMO_LANES), logits, sizeof(logits));
	}
	emo_speech_net_destroy(env, net);
}

static void
measure_net_input(EmoEnv *env, const float *samples, int64_t n_samples, Results *results)
{
	EmoNnInputPlan *plan;
	uint16_t *frames;
	float *out;
	int n_frames;

	CHECK(emo_nn_input_plan_create(env, &plan) == EMO_OK);
	CHECK(emo_nn_frames(env, plan, samples, n_samples, &frames, &n_frames) == EMO_OK);
	out = room(results, "net input", (size_t) n_frames * EMO_NN_FRAME_VALUES);
	for (int i = 0; i < n_frames * EMO_NN_FRAME_VALUES; i++)
		out[i] = frames[i];
	emo_nn_input_plan_destroy(plan);
}

static void
measure_features(EmoEnv *env, const float *samples, int64_t n_samples, bool with_copies,
				 Results *results)
{
	EmoFeaturePlan *plan;
	EmoDegradeOptions degrade;

	emo_default_options(&emo_degrade_options, &degrade);
	CHECK(emo_feature_plan_create(env, &plan) == EMO_OK);
	CHECK(emo_features(env, plan, samples, n_samples, NULL,
					   room(results, "features", emo_feature_count())) == EMO_OK);
	for (int kind = 1; with_copies && kind <= EMO_AUGMENT_N_COPIES; kind++)
		CHECK(emo_augmented_features(env, plan, kind, 7, samples, n_samples,
									 room(results, "copy", emo_feature_count())) == EMO_OK);
	for (int number = 0; with_copies && number < degrade.copies; number++)
		CHECK(emo_degraded_features(env, plan, &degrade, number, 7, samples, n_samples,
									room(results, "degraded", emo_feature_count())) == EMO_OK);
	emo_feature_plan_destroy(env, plan);
}

static Results
measure(EmoEnv *env, const EmoKernels *kernels, const float *samples, int64_t n_samples,
		bool with_all)
{
	Results results = {.capacity = (size_t) n_samples * 8 + 50000};

	results.values = emo_alloc(env, results.capacity, sizeof(float));
	forced = kernels;
	measure_features(env, samples, n_samples, with_all, &results);
	measure_net_input(env, samples, n_samples, &results);
	measure_stretches(env, samples, n_samples, &results);
	measure_logits(env, samples, n_samples, &results);
	if (!with_all)
		return results;
	measure_mfcc(env, samples, n_samples, &results);
	measure_pitch(env, samples, n_samples, &results);
	measure_speech(env, samples, n_samples, &results);
	return results;
}

static void
compare(const char *recording, const char *set, const Results *a, const Results *b)
{
	bool same = a->n == b->n && memcmp(a->values, b->values, a->n * sizeof(float)) == 0;

	CHECK(same);
	for (int q = 0; q < a->n_quantities && !same; q++)
	{
		size_t end = q + 1 < a->n_quantities ? a->first[q + 1] : a->n;
		double worst = 0;

		for (size_t i = a->first[q]; i < end && i < b->n; i++)
			worst = fmax(worst, fabs((double) a->values[i] - b->values[i]));
		printf("%s, %s: %s differs by up to %g\n", recording, set, a->names[q], worst);
	}
}

/* Every set against the widest. */
static void
check_sets(EmoEnv *env, const char *recording, const float *samples, int64_t n_samples,
		   bool with_all)
{
	static const char *const names[] = {"avx512", "avx2", "baseline"};
	Results wide = measure(env, &wide_kernels, samples, n_samples, with_all);

	for (int i = 0; i < 3; i++)
	{
		const EmoKernels *kernels = emo_kernels_named(names[i]);
		Results results;

		if (kernels == NULL)
			continue;
		results = measure(env, kernels, samples, n_samples, with_all);
		compare(recording, names[i], &wide, &results);
		emo_free(env, results.values);
	}
}

/* Recordings in which decisions are close: nearly periodic, nearly silent, of two equal parts. */
static void
test_signals(EmoEnv *env)
{
	const int n = 12345;
	float *step = make_noise(env, n, 0.1);

	for (int i = n / 2; i < n; i++)
		step[i] = step[i - n / 2];
	check_sets(env, "repeated noise", step, n, true);
	check_sets(env, "utterance", make_utterance(env, n), n, true);
	check_sets(env, "sine", make_sine(env, n, 200, 0.5), n, true);
	check_sets(env, "hum", make_harmonics(env, n, 50, 1), n, true);
	check_sets(env, "weak noise", make_noise(env, n, 1e-9), n, true);
	check_sets(env, "silence", emo_alloc_zero(env, n, sizeof(float)), n, true);
	for (int length = 1; length < 5000; length = length * 2 + 1)
		check_sets(env, "short noise", make_noise(env, length, 0.1), length, true);
}

static int
is_recording(const struct dirent *entry)
{
	return strstr(entry->d_name, ".ogg") != NULL;
}

static void
decode(EmoEnv *env, const char *name, EmoAudio *audio)
{
	char path[1000];
	unsigned char *bytes = emo_alloc(env, 1 << 20, 1);
	size_t n_bytes;
	FILE *file;

	snprintf(path, sizeof(path), ROOT_DIRECTORY "/data/corpus/%s", name);
	file = fopen(path, "rb");
	CHECK(file != NULL);
	n_bytes = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	CHECK(emo_audio_decode(env, bytes, n_bytes, 16000, EMO_MIXED, NULL, audio) == EMO_OK);
	emo_free(env, bytes);
}

/* 52s01Fa is one in which features differed by 0.04 deviations when sets rounded differently. */
static void
test_corpus(EmoEnv *env)
{
	struct dirent **entries;
	int n = scandir(ROOT_DIRECTORY "/data/corpus", &entries, is_recording, alphasort),
		n_checked = 0;

	(void) env;
	CHECK(n > 0);
	for (int i = 0; i < n; i++)
	{
		if (i % RECORDINGS_LEFT_OUT == 0 || strcmp(entries[i]->d_name, "52s01Fa.ogg") == 0)
		{
			UnitHost host = {NULL, -1};
			EmoEnv own = unit_env(&host);
			EmoAudio audio;

			decode(&own, entries[i]->d_name, &audio);
			check_sets(&own, entries[i]->d_name, audio.samples, audio.n_samples, false);
			unit_env_end(&host);
			n_checked++;
		}
		free(entries[i]);
	}
	free(entries);
	CHECK(n_checked > n / RECORDINGS_LEFT_OUT);
}

int
main(void)
{
	srand(1);
	RUN(test_signals);
	RUN(test_corpus);
	return unit_finish();
}
