/*
 * numbers.c
 *	  What recordings are turned into, for comparing processors:
 *
 *		numbers OUT RECORDING ...
 *
 * OUT gets, for each recording and quantity, a line "QUANTITY RECORDING COUNT" and that many floats of
 * the machine's own.
 */
#include "unit.h"

#include "core/audio/audio.h"
#include "core/base/blas.h"
#include "core/dsp/activity.h"
#include "core/dsp/mfcc.h"
#include "core/dsp/pitch.h"
#include "core/features/features.h"
#include "core/nn/input.h"

#define SAMPLE_RATE         16000
#define MAX_RECORDING_BYTES (64 << 20)

static FILE *out;
static const char *recording;

static void
put(const char *quantity, const float *values, size_t n)
{
	fprintf(out, "%s %s %zu\n", quantity, recording, n);
	fwrite(values, sizeof(float), n, out);
}

static void
must(EmoEnv *env, EmoStatus status)
{
	if (status == EMO_OK)
		return;
	fprintf(stderr, "%s: %s\n", recording, env->message);
	exit(1);
}

static void
put_mfcc(EmoEnv *env, const EmoAudio *audio)
{
	for (int preset = 0; emo_mfcc_preset_names[preset] != NULL; preset++)
	{
		EmoMfccParams params = emo_mfcc_preset_params((EmoMfccPreset) preset);
		EmoMfccPlan *plan;
		size_t n_values, n_levels;
		float *values;
		char quantity[64];

		emo_mfcc_set_sizes((EmoMfccPreset) preset, &params);
		must(env, emo_mfcc_plan_create(env, &params, &plan));
		n_values = (size_t) emo_mfcc_frame_count(&params, audio->n_samples);
		n_levels = n_values * (size_t) params.n_mels;
		n_values *= (size_t) emo_mfcc_values_per_frame(&params);
		values = emo_alloc(env, n_values + n_levels, sizeof(float));
		must(env, emo_mfcc(env, plan, audio->samples, audio->n_samples, values));
		must(env, emo_mel(env, plan, audio->samples, audio->n_samples, values + n_values));
		snprintf(quantity, sizeof(quantity), "mfcc:%s", emo_mfcc_preset_names[preset]);
		put(quantity, values, n_values);
		snprintf(quantity, sizeof(quantity), "mel:%s", emo_mfcc_preset_names[preset]);
		put(quantity, values + n_values, n_levels);
		emo_mfcc_plan_destroy(plan);
	}
}

static void
put_pitch(EmoEnv *env, const EmoAudio *audio)
{
	EmoPitchParams params = emo_pitch_default_params();
	size_t n_frames = (size_t) emo_pitch_frame_count(audio->n_samples);
	float *f0_hz = emo_alloc(env, n_frames, sizeof(float));
	float *strength = emo_alloc(env, n_frames, sizeof(float));
	EmoPitch *pitch;

	must(env, emo_pitch_create(env, &params, &pitch));
	must(env, emo_pitch_track(env, pitch, audio->samples, audio->n_samples, f0_hz, strength));
	emo_pitch_destroy(pitch);
	put("f0", f0_hz, n_frames);
	put("strength", strength, n_frames);
}

static void
put_speech(EmoEnv *env, const EmoAudio *audio)
{
	EmoSpeech speech;
	float *active;

	must(env, emo_find_speech(env, audio->samples, audio->n_samples, &speech));
	active = emo_alloc(env, speech.n_frames, sizeof(float));
	for (int64_t t = 0; t < speech.n_frames; t++)
		active[t] = speech.active[t];
	put("energy", speech.log_energy, (size_t) speech.n_frames);
	put("active", active, (size_t) speech.n_frames);
}

static void
put_net_input(EmoEnv *env, const EmoAudio *audio)
{
	EmoNnInputPlan *plan;
	uint16_t *frames;
	size_t n_values;
	float *values;
	int n_frames;

	must(env, emo_nn_input_plan_create(env, &plan));
	must(env, emo_nn_frames(env, plan, audio->samples, audio->n_samples, &frames, &n_frames));
	n_values = (size_t) n_frames * EMO_NN_FRAME_VALUES;
	values = emo_alloc(env, n_values, sizeof(float));
	for (size_t i = 0; i < n_values; i++)
		values[i] = emo_float_of_half(frames[i]);
	put("net_input", values, n_values);
	emo_nn_input_plan_destroy(plan);
}

static void
put_features(EmoEnv *env, const EmoAudio *audio)
{
	float *features = emo_alloc(env, emo_feature_count(), sizeof(float));
	EmoFeaturePlan *plan;

	must(env, emo_feature_plan_create(env, &plan));
	must(env, emo_features(env, plan, audio->samples, audio->n_samples, NULL, features));
	put("features", features, (size_t) emo_feature_count());
	emo_feature_plan_destroy(env, plan);
}

static void
put_recording(EmoEnv *env, const char *path)
{
	const char *slash = strrchr(path, '/');
	unsigned char *bytes = emo_alloc(env, MAX_RECORDING_BYTES, 1);
	FILE *file = fopen(path, "rb");
	EmoAudio audio;
	size_t n_bytes;

	recording = slash == NULL ? path : slash + 1;
	if (file == NULL)
	{
		perror(path);
		exit(1);
	}
	n_bytes = fread(bytes, 1, MAX_RECORDING_BYTES, file);
	fclose(file);
	must(env, emo_audio_decode(env, bytes, n_bytes, SAMPLE_RATE, EMO_MIXED, NULL, &audio));
	put("samples", audio.samples, (size_t) audio.n_samples);
	put_mfcc(env, &audio);
	put_pitch(env, &audio);
	put_speech(env, &audio);
	put_net_input(env, &audio);
	put_features(env, &audio);
}

int
main(int argc, char **argv)
{
	out = argc > 2 ? fopen(argv[1], "wb") : NULL;
	if (out == NULL)
	{
		fprintf(stderr, "usage: numbers OUT RECORDING ...\n");
		return 2;
	}
	emo_blas_init();
	for (int i = 2; i < argc; i++)
	{
		UnitHost host = {NULL, -1};
		EmoEnv env = unit_env(&host);

		put_recording(&env, argv[i]);
		unit_env_end(&host);
	}
	return fclose(out) == 0 ? 0 : 1;
}
