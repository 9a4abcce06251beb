/*
 * contour_group.c
 *	  Functionals of the cepstral and spectral contours, their deltas and delta-deltas, over the
 *	  active frames.
 */
#include "core/features/groups.h"

#include <stdio.h>
#include <string.h>

/* Delta-deltas of MFCC only: of the spectral contours they add nothing. */
#define N_CONTOURS     EMO_N_CONTOURS
#define N_DELTA_DELTAS EMO_CONTOUR_N_MFCC
#define N_COLUMNS      (2 * N_CONTOURS + N_DELTA_DELTAS)

void
emo_contour_name(int contour, char name[EMO_FEATURE_NAME_SIZE])
{
	static const char *const spectral_names[] = {"energy",   "zero_crossings", "centroid",
												 "spread",   "flux",           "rolloff",
												 "low_band", "middle_band",    "alpha_ratio"};

	if (contour < EMO_CONTOUR_N_MFCC)
		snprintf(name, EMO_FEATURE_NAME_SIZE, "mfcc_%d", contour);
	else
		snprintf(name, EMO_FEATURE_NAME_SIZE, "%s", spectral_names[contour - EMO_CONTOUR_N_MFCC]);
}

static void
name_feature(int index, char name[EMO_FEATURE_NAME_SIZE])
{
	static const char *const suffixes[] = {"", ".delta", ".delta2"};
	int column = index / EMO_N_FUNCTIONALS;
	size_t length;

	emo_contour_name(column % N_CONTOURS, name);
	length = strlen(name);
	snprintf(name + length, EMO_FEATURE_NAME_SIZE - length, "%s.%s", suffixes[column / N_CONTOURS],
			 emo_functional_name(index % EMO_N_FUNCTIONALS));
}

/* Sixteen columns, from column on, of the active frames. */
static int64_t
gather_active(const EmoContours *contours, const float *rows, int column, float *gathered)
{
	int64_t n = 0;

	for (int64_t t = 0; t < contours->n_frames; t++)
		if (contours->active[t])
			memcpy(gathered + n++ * EMO_LANES, rows + t * EMO_CONTOUR_STRIDE + column,
				   EMO_LANES * sizeof(float));
	return n;
}

static EmoStatus
fill_matrix(EmoEnv *env, const EmoFeatureInput *input, const float *rows, int n_columns,
			float *features)
{
	float functionals[EMO_N_FUNCTIONALS][EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float *gathered = emo_alloc(env, input->contours.n_frames, EMO_LANES * sizeof(float));

	if (gathered == NULL)
		return env->status;
	for (int column = 0; column < n_columns; column += EMO_LANES)
	{
		int64_t n = gather_active(&input->contours, rows, column, gathered);

		if (emo_check_stop(env) != EMO_OK ||
			emo_functionals(env, input->kernels, gathered, n, functionals[0]) != EMO_OK)
			return env->status;
		for (int lane = 0; lane < EMO_LANES && column + lane < n_columns; lane++)
			for (int f = 0; f < EMO_N_FUNCTIONALS; f++)
				features[(column + lane) * EMO_N_FUNCTIONALS + f] = functionals[f][lane];
	}
	emo_free(env, gathered);
	return EMO_OK;
}

static EmoStatus
fill(EmoEnv *env, const EmoFeatureInput *input, float *features)
{
	if (fill_matrix(env, input, input->contours.spectral, N_CONTOURS, features) != EMO_OK ||
		fill_matrix(env, input, input->deltas, N_CONTOURS,
					features + N_CONTOURS * EMO_N_FUNCTIONALS) != EMO_OK ||
		fill_matrix(env, input, input->delta_deltas, N_DELTA_DELTAS,
					features + 2 * N_CONTOURS * EMO_N_FUNCTIONALS) != EMO_OK)
		return env->status;
	return EMO_OK;
}

const EmoFeatureGroup emo_contour_group = {N_COLUMNS * EMO_N_FUNCTIONALS, name_feature, fill};
