/*
 * course_group.c
 *	  How an utterance begins, goes on and ends: each third of its active frames against the whole.
 */
#include "core/features/groups.h"

#include <stdio.h>
#include <string.h>

#define N_PARTS 3

/* Energy, centroid, low band, alpha ratio, MFCC 1 to 6. */
static const int columns[] = {
	EMO_LOG_ENERGY, EMO_CENTROID, EMO_LOW_BAND, EMO_ALPHA_RATIO, 1, 2, 3, 4, 5, 6};

#define N_COLUMNS  ((int) (sizeof(columns) / sizeof(columns[0])))
#define N_VALUES   (N_COLUMNS + 2) /* F0 and the share of voiced frames */
#define N_FEATURES (N_PARTS * N_VALUES)

/* Sums over some active frames. */
typedef struct Sums
{
	double columns[sizeof(columns) / sizeof(columns[0])];
	double f0;
	int64_t n_frames, n_voiced;
} Sums;

static void
name_feature(int index, char name[EMO_FEATURE_NAME_SIZE])
{
	int value = index % N_VALUES;
	size_t length;

	if (value < N_COLUMNS)
		emo_contour_name(columns[value], name);
	else
		snprintf(name, EMO_FEATURE_NAME_SIZE, value == N_COLUMNS ? "f0" : "voiced.share");
	length = strlen(name);
	snprintf(name + length, EMO_FEATURE_NAME_SIZE - length, ".third_%d", index / N_VALUES + 1);
}

static void
add_frame(Sums *sums, const EmoContours *contours, int64_t t)
{
	for (int i = 0; i < N_COLUMNS; i++)
		sums->columns[i] += contours->spectral[t * EMO_CONTOUR_STRIDE + columns[i]];
	sums->n_frames++;
	if (contours->voiced[t])
	{
		sums->f0 += contours->f0[t];
		sums->n_voiced++;
	}
}

static void
compare_with_whole(const Sums *part, const Sums *whole, float *features)
{
	memset(features, 0, N_VALUES * sizeof(float));
	if (part->n_frames == 0)
		return;
	for (int i = 0; i < N_COLUMNS; i++)
		features[i] = (float) (part->columns[i] / (double) part->n_frames -
							   whole->columns[i] / (double) whole->n_frames);
	if (part->n_voiced > 0)
		features[N_COLUMNS] =
			(float) (part->f0 / (double) part->n_voiced - whole->f0 / (double) whole->n_voiced);
	features[N_COLUMNS + 1] = (float) ((double) part->n_voiced / (double) part->n_frames -
									   (double) whole->n_voiced / (double) whole->n_frames);
}

static EmoStatus
fill(EmoEnv *env, const EmoFeatureInput *input, float *features)
{
	const EmoContours *contours = &input->contours;
	Sums parts[N_PARTS] = {{{0}, 0, 0, 0}}, whole = {{0}, 0, 0, 0};
	int64_t n_active = 0, i = 0;

	(void) env;
	for (int64_t t = 0; t < contours->n_frames; t++)
		n_active += contours->active[t];
	for (int64_t t = 0; t < contours->n_frames; t++)
	{
		int part = 0;

		if (!contours->active[t])
			continue;
		while (i >= n_active * (part + 1) / N_PARTS)
			part++;
		add_frame(&parts[part], contours, t);
		add_frame(&whole, contours, t);
		i++;
	}
	for (int part = 0; part < N_PARTS; part++)
		compare_with_whole(&parts[part], &whole, features + part * N_VALUES);
	return EMO_OK;
}

const EmoFeatureGroup emo_course_group = {N_FEATURES, name_feature, fill};
