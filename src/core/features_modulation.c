/*
 * features_modulation.c
 *	  Modulation spectra of ten bands of mel energies.
 */
#include "core/feature_groups.h"

#include <stdio.h>

#define N_BANDS       10
#define MELS_PER_BAND (EMO_CONTOUR_N_MELS / N_BANDS)

static void
name_feature(int index, char name[EMO_FEATURE_NAME_SIZE])
{
	int band = index / EMO_N_MODULATION_BANDS, modulation = index % EMO_N_MODULATION_BANDS;

	snprintf(name, EMO_FEATURE_NAME_SIZE, "mel_%d_%d.modulation_%.4g_%.4g_hz", band * MELS_PER_BAND,
			 (band + 1) * MELS_PER_BAND - 1, emo_modulation_edges_hz[modulation],
			 emo_modulation_edges_hz[modulation + 1]);
}

static EmoStatus
fill(EmoEnv *env, const EmoFeatureInput *input, float *features)
{
	const EmoContours *contours = &input->contours;
	float *rows = emo_alloc_zero(env, contours->n_frames, EMO_LANES * sizeof(float));
	float bands[EMO_N_MODULATION_BANDS][EMO_LANES];

	if (rows == NULL)
		return env->status;
	for (int64_t t = 0; t < contours->n_frames; t++)
		for (int m = 0; m < EMO_CONTOUR_N_MELS; m++)
			rows[t * EMO_LANES + m / MELS_PER_BAND] +=
				contours->mel[t * EMO_CONTOUR_N_MELS + m] / MELS_PER_BAND;
	emo_modulation_spectrum(input->modulation, rows, contours->n_frames, bands[0]);
	for (int band = 0; band < N_BANDS; band++)
		for (int i = 0; i < EMO_N_MODULATION_BANDS; i++)
			features[band * EMO_N_MODULATION_BANDS + i] = bands[i][band];
	emo_free(env, rows);
	return EMO_OK;
}

const EmoFeatureGroup emo_modulation_group = {N_BANDS * EMO_N_MODULATION_BANDS, name_feature, fill};
