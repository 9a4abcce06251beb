/*
 * modulation_group.c
 *	  Modulation spectra of the first MFCC and of prosody.
 */
#include "core/features/groups.h"

#include <stdio.h>
#include <string.h>

#define N_MFCC 13

/* After the MFCC. */
enum
{
	F0 = N_MFCC, /* its mean where nothing is voiced */
	VOICING,
	VOICED, /* 3 or 0, so that its power is of the order of the others' */
	ENERGY,
	CENTROID,
	BAND_RATIO, /* middle over low band */
	N_COLUMNS
};

#define N_GROUPS   ((N_COLUMNS + EMO_LANES - 1) / EMO_LANES)
#define N_FEATURES (N_COLUMNS * EMO_N_MODULATION_BANDS)

static void
name_feature(int index, char name[EMO_FEATURE_NAME_SIZE])
{
	static const char *const prosody[] = {"f0",     "voicing",  "voiced",
										  "energy", "centroid", "band_ratio"};
	int column = index / EMO_N_MODULATION_BANDS, band = index % EMO_N_MODULATION_BANDS;
	size_t length;

	if (column < N_MFCC)
		emo_contour_name(column, name);
	else
		snprintf(name, EMO_FEATURE_NAME_SIZE, "%s", prosody[column - N_MFCC]);
	length = strlen(name);
	snprintf(name + length, EMO_FEATURE_NAME_SIZE - length, ".modulation_%.4g_%.4g_hz",
			 emo_modulation_edges_hz[band], emo_modulation_edges_hz[band + 1]);
}

/* All columns of frame t, apart by 16. */
static void
fill_row(const EmoContours *contours, int64_t t, float mean_f0, float *row)
{
	const float *spectral = contours->spectral + t * EMO_CONTOUR_STRIDE;

	memcpy(row, spectral, N_MFCC * sizeof(float));
	row[F0] = contours->voiced[t] ? contours->f0[t] : mean_f0;
	row[VOICING] = contours->voicing[t];
	row[VOICED] = contours->voiced[t] ? 3 : 0;
	row[ENERGY] = spectral[EMO_LOG_ENERGY];
	row[CENTROID] = spectral[EMO_CENTROID];
	row[BAND_RATIO] = spectral[EMO_MIDDLE_BAND] - spectral[EMO_LOW_BAND];
}

static EmoStatus
fill(EmoEnv *env, const EmoFeatureInput *input, float *features)
{
	const EmoContours *contours = &input->contours;
	int64_t n = contours->n_frames;
	float *rows = emo_alloc(env, (size_t) n * N_GROUPS, EMO_LANES * sizeof(float));
	float mean_f0 = emo_mean_f0(contours);
	float row[N_GROUPS * EMO_LANES] = {0};
	float bands[EMO_N_MODULATION_BANDS][EMO_LANES];

	if (rows == NULL)
		return env->status;
	for (int64_t t = 0; t < n; t++)
	{
		fill_row(contours, t, mean_f0, row);
		for (int group = 0; group < N_GROUPS; group++)
			memcpy(rows + (group * n + t) * EMO_LANES, row + group * EMO_LANES,
				   EMO_LANES * sizeof(float));
	}
	for (int group = 0; group < N_GROUPS; group++)
	{
		emo_modulation_spectrum(input->modulation, rows + group * n * EMO_LANES, n, bands[0]);
		for (int lane = 0; lane < EMO_LANES && group * EMO_LANES + lane < N_COLUMNS; lane++)
			for (int band = 0; band < EMO_N_MODULATION_BANDS; band++)
				*features++ = bands[band][lane];
	}
	emo_free(env, rows);
	return EMO_OK;
}

const EmoFeatureGroup emo_modulation_group = {N_FEATURES, name_feature, fill};
