/*
 * features_pitch.c
 *	  Functionals of F0, its change and the voicing strength, and how long and often speech is
 *	  voiced.
 */
#include "core/feature_groups.h"

#include <math.h>
#include <stdio.h>

#define N_RUN_FEATURES 4
#define N_FEATURES     (3 * EMO_N_FUNCTIONALS + N_RUN_FEATURES)

/* Frames per second. */
#define FRAME_RATE ((float) EMO_CONTOUR_SAMPLE_RATE / EMO_CONTOUR_HOP)

static void
name_feature(int index, char name[EMO_FEATURE_NAME_SIZE])
{
	static const char *const contours[] = {"f0", "f0.delta", "voicing"};
	static const char *const runs[] = {"share", "run_mean", "run_sd", "runs_per_second"};
	int contour = index / EMO_N_FUNCTIONALS;

	if (contour < 3)
		snprintf(name, EMO_FEATURE_NAME_SIZE, "%s.%s", contours[contour],
				 emo_functional_name(index % EMO_N_FUNCTIONALS));
	else
		snprintf(name, EMO_FEATURE_NAME_SIZE, "voiced.%s", runs[index - 3 * EMO_N_FUNCTIONALS]);
}

/* Share of voiced frames, mean and deviation of voiced runs in seconds, runs per second. */
static void
fill_runs(const EmoContours *contours, float *features)
{
	int64_t n_voiced = 0, n_runs = 0, length = 0;
	double squares = 0, mean, variance;

	for (int64_t t = 0; t <= contours->n_frames; t++)
	{
		if (t < contours->n_frames && contours->voiced[t])
		{
			length++;
			continue;
		}
		n_runs += length > 0;
		n_voiced += length;
		squares += (double) length * (double) length;
		length = 0;
	}
	mean = n_runs > 0 ? (double) n_voiced / (double) n_runs : 0;
	variance = n_runs > 0 ? squares / (double) n_runs - mean * mean : 0;
	features[0] = (float) n_voiced / (float) contours->n_frames;
	features[1] = (float) mean / FRAME_RATE;
	features[2] = (float) sqrt(fmax(variance, 0)) / FRAME_RATE;
	features[3] = (float) n_runs * FRAME_RATE / (float) contours->n_frames;
}

static EmoStatus
fill(EmoEnv *env, const EmoFeatureInput *input, float *features)
{
	const EmoContours *contours = &input->contours;
	float *values = emo_alloc(env, contours->n_frames, sizeof(float));
	int64_t n = 0;

	if (values == NULL)
		return env->status;
	for (int64_t t = 0; t < contours->n_frames; t++)
		if (contours->voiced[t])
			values[n++] = contours->f0[t];
	if (emo_functionals_of_one(env, input->kernels, values, n, features) != EMO_OK)
		return env->status;

	n = 0;
	for (int64_t t = 1; t < contours->n_frames; t++)
		if (contours->voiced[t] && contours->voiced[t - 1])
			values[n++] = contours->f0[t] - contours->f0[t - 1];
	if (emo_functionals_of_one(env, input->kernels, values, n, features + EMO_N_FUNCTIONALS) !=
		EMO_OK)
		return env->status;

	n = 0;
	for (int64_t t = 0; t < contours->n_frames; t++)
		if (contours->active[t])
			values[n++] = contours->voicing[t];
	if (emo_functionals_of_one(env, input->kernels, values, n, features + 2 * EMO_N_FUNCTIONALS) !=
		EMO_OK)
		return env->status;

	fill_runs(contours, features + 3 * EMO_N_FUNCTIONALS);
	emo_free(env, values);
	return EMO_OK;
}

const EmoFeatureGroup emo_pitch_group = {N_FEATURES, name_feature, fill};
