/*
 * signal.c
 *	  Any samples that a decoder may give: features and frames of them are finite.
 */
#include "fuzz.h"

#include "core/audio/file.h"
#include "core/features/features.h"
#include "core/nn/input.h"

#define MEMORY_ROOM ((size_t) 64 << 20)
#define MAX_SAMPLES 4000

/* Made once, as a backend does. */
static void
make_plans(EmoFeaturePlan **features, EmoNnInputPlan **input)
{
	static FuzzHost host;
	static EmoEnv env;
	static EmoFeaturePlan *feature_plan;
	static EmoNnInputPlan *input_plan;

	if (feature_plan == NULL)
	{
		env = fuzz_begin(&host, MEMORY_ROOM);
		PROMISE(emo_feature_plan_create(&env, &feature_plan) == EMO_OK);
		PROMISE(emo_nn_input_plan_create(&env, &input_plan) == EMO_OK);
	}
	*features = feature_plan;
	*input = input_plan;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n_samples = size / sizeof(float) < MAX_SAMPLES ? size / sizeof(float) : MAX_SAMPLES;
	uint32_t hash = fuzz_hash(data, size);
	FuzzHost host;
	EmoEnv env = fuzz_begin(&host, MEMORY_ROOM);
	bool is_disturbed = fuzz_disturb(&host, hash);
	EmoFeaturePlan *feature_plan;
	EmoNnInputPlan *input_plan;
	float *samples = malloc(n_samples * sizeof(float) + 1), *features;
	uint16_t *frames;
	int n_frames;
	EmoStatus status;

	make_plans(&feature_plan, &input_plan);
	features = malloc(emo_feature_count() * sizeof(float));
	memcpy(samples, data, n_samples * sizeof(float));
	for (size_t i = 0; i < n_samples; i++)
		if (!(fabsf(samples[i]) <= EMO_MAX_SAMPLE_VALUE))
			samples[i] = EMO_MAX_SAMPLE_VALUE;
	if (n_samples > 0)
	{
		status = emo_features(&env, feature_plan, samples, n_samples, NULL, features);
		if (status == EMO_OK)
			for (int i = 0; i < emo_feature_count(); i++)
				PROMISE(isfinite(features[i]));
		else
			fuzz_check_failure(&env, status, is_disturbed);
		status = emo_nn_frames(&env, input_plan, samples, n_samples, &frames, &n_frames);
		if (status == EMO_OK)
			for (int i = 0; i < n_frames * EMO_NN_FRAME_VALUES; i++)
				PROMISE(isfinite(emo_float_of_half(frames[i])));
		else
			fuzz_check_failure(&env, status, is_disturbed);
	}
	fuzz_end(&host);
	free(features);
	free(samples);
	return 0;
}
