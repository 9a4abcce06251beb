/*
 * vector.c
 *	  Utterance features: one vector of fixed length for a recording of any length.
 */
#include "core/features/groups.h"

struct EmoFeaturePlan
{
	EmoContourPlan *contours;
	EmoModulation *modulation;
};

static const EmoFeatureGroup *const groups[] = {
	&emo_contour_group,    &emo_pitch_group,    &emo_modulation_group, &emo_course_group,
	&emo_covariance_group, &emo_loudness_group, &emo_quality_group};

#define N_GROUPS ((int) (sizeof(groups) / sizeof(groups[0])))

int
emo_feature_count(void)
{
	int count = 0;

	for (int g = 0; g < N_GROUPS; g++)
		count += groups[g]->n_features;
	return count;
}

void
emo_feature_name(int index, char name[EMO_FEATURE_NAME_SIZE])
{
	int g = 0;

	for (; index >= groups[g]->n_features; g++)
		index -= groups[g]->n_features;
	groups[g]->name(index, name);
}

EmoStatus
emo_feature_plan_create(EmoEnv *env, EmoFeaturePlan **result)
{
	EmoFeaturePlan *plan = emo_alloc_zero(env, 1, sizeof(EmoFeaturePlan));

	*result = NULL;
	if (plan == NULL)
		return env->status;
	if (emo_contour_plan_create(env, &plan->contours) != EMO_OK ||
		emo_modulation_create(env, &plan->modulation) != EMO_OK)
	{
		emo_feature_plan_destroy(env, plan);
		return env->status;
	}
	*result = plan;
	return EMO_OK;
}

void
emo_feature_plan_destroy(EmoEnv *env, EmoFeaturePlan *plan)
{
	if (plan == NULL)
		return;
	emo_contour_plan_destroy(plan->contours);
	emo_modulation_destroy(plan->modulation);
	emo_free(env, plan);
}

EmoStatus
emo_features(EmoEnv *env, EmoFeaturePlan *plan, const float *samples, int64_t n_samples,
			 const EmoSpectralChange *change, float *features)
{
	EmoFeatureInput input = {.kernels = emo_kernels(), .modulation = plan->modulation};
	int64_t n_frames;

	if (emo_contours(env, plan->contours, samples, n_samples, change, &input.contours) != EMO_OK)
		return env->status;
	n_frames = input.contours.n_frames;
	input.deltas = emo_alloc(env, n_frames, EMO_CONTOUR_STRIDE * sizeof(float));
	input.delta_deltas = emo_alloc(env, n_frames, EMO_CONTOUR_STRIDE * sizeof(float));
	if (input.deltas == NULL || input.delta_deltas == NULL)
		return env->status;
	emo_contour_deltas(input.contours.spectral, n_frames, EMO_CONTOUR_STRIDE, input.deltas);
	if (emo_check_stop(env) != EMO_OK)
		return env->status;
	emo_contour_deltas(input.deltas, n_frames, EMO_CONTOUR_STRIDE, input.delta_deltas);

	for (int g = 0; g < N_GROUPS; features += groups[g]->n_features, g++)
		if (emo_check_stop(env) != EMO_OK || groups[g]->fill(env, &input, features) != EMO_OK)
			return env->status;
	emo_free_contours(env, &input.contours);
	emo_free(env, input.deltas);
	emo_free(env, input.delta_deltas);
	return EMO_OK;
}
