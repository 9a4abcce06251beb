/*
 * quality_group.c
 *	  How the voice sounds while it sounds: functionals over the voiced frames of what tells pressed
 *	  from breathy and open from closed, and how periods differ.
 */
#include "core/features/groups.h"

#include <stdio.h>
#include <string.h>

static const char *const contour_names[EMO_N_VOICE_CONTOURS] = {"hnr",
																"cepstral_peak",
																"h1_h2",
																"h1_a3",
																"f1",
																"f2",
																"f3",
																"f1_width",
																"f2_width",
																"f3_width",
																"f2_level",
																"f3_level",
																"slope_0_500_hz",
																"slope_500_1500_hz",
																"hammarberg",
																"voiced_loudness"};

static const char *const period_names[] = {"jitter.mean", "jitter.sd", "shimmer.mean",
										   "shimmer.sd"};

#define N_PERIOD_NAMES ((int) (sizeof(period_names) / sizeof(period_names[0])))

/* Speakers that training has not heard are told apart better with these than with all functionals. */
static const EmoFunctional measured[] = {EMO_MEAN, EMO_DEVIATION, EMO_P10, EMO_P50, EMO_P90};

#define N_MEASURED    ((int) (sizeof(measured) / sizeof(measured[0])))
#define N_OF_CONTOURS (EMO_N_VOICE_CONTOURS * N_MEASURED)
#define N_FEATURES    (N_OF_CONTOURS + N_PERIOD_NAMES)

static void
name_feature(int index, char name[EMO_FEATURE_NAME_SIZE])
{
	if (index < N_OF_CONTOURS)
		snprintf(name, EMO_FEATURE_NAME_SIZE, "%s.%s", contour_names[index / N_MEASURED],
				 emo_functional_name(measured[index % N_MEASURED]));
	else
		snprintf(name, EMO_FEATURE_NAME_SIZE, "%s", period_names[index - N_OF_CONTOURS]);
}

static EmoStatus
fill(EmoEnv *env, const EmoFeatureInput *input, float *features)
{
	float functionals[EMO_N_FUNCTIONALS][EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	const EmoContours *contours = &input->contours;
	float *gathered = emo_alloc(env, contours->n_frames, EMO_N_VOICE_CONTOURS * sizeof(float));
	int64_t n = 0;

	if (gathered == NULL)
		return env->status;
	for (int64_t t = 0; t < contours->n_frames; t++)
		if (contours->voiced[t])
			memcpy(gathered + n++ * EMO_N_VOICE_CONTOURS,
				   contours->voice + t * EMO_N_VOICE_CONTOURS,
				   EMO_N_VOICE_CONTOURS * sizeof(float));
	if (emo_functionals(env, input->kernels, gathered, n, functionals[0]) != EMO_OK)
		return env->status;
	for (int c = 0; c < EMO_N_VOICE_CONTOURS; c++)
		for (int i = 0; i < N_MEASURED; i++)
			*features++ = functionals[measured[i]][c];
	features[0] = 100 * contours->periods.jitter;
	features[1] = 100 * contours->periods.jitter_deviation;
	features[2] = 100 * contours->periods.shimmer;
	features[3] = 100 * contours->periods.shimmer_deviation;
	emo_free(env, gathered);
	return EMO_OK;
}

const EmoFeatureGroup emo_quality_group = {N_FEATURES, name_feature, fill};
