/*
 * speech_stretches.c
 *	  From how likely speech is at each moment to stretches of speech.
 */
#include "core/dsp/speech_stretches.h"

#include <math.h>
#include <string.h>

/* Log odds of speech: a stretch begins at the first and goes on as long as the second holds. */
#define BEGIN_LOGIT 0.0f
#define STAY_LOGIT  (-1.0f)

/* Mean log odds that a stretch must have, and must somewhere. */
#define MEAN_LOGIT 0.3f
#define PEAK_LOGIT 1.5f

/* Hops: gaps up to this one belong to the stretch (closures of stops), shorter stretches are none. */
#define LONGEST_GAP      20
#define SHORTEST_STRETCH 8

/*
 * The noise floor is the lowest of smoothed energies within the last seconds (minimum statistics,
 * Martin 2001, "Noise power spectral density estimation based on optimal smoothing and minimum
 * statistics"), kept as minima of blocks.
 */
#define FLOOR_BLOCKS     8
#define FLOOR_BLOCK_HOPS 50
#define FLOOR_SMOOTHING  0.7f

/* Mean squares: -100 dBFS, below which there is no telling. */
#define QUIETEST_SQUARE 1e-10
#define MAX_SNR_DB      100

struct EmoSpeechTracker
{
	int64_t n_hops;
	/* The stretch at hand, if it is not empty. */
	int64_t first, end; /* hops */
	double energy;      /* up to end */
	double gap_energy;  /* after it */
	double logit_sum;   /* of hops that are speech */
	int64_t n_spoken;   /* those */
	float peak_logit;
	/* The noise floor, in sums of squares per hop. */
	float smoothed;
	float minima[FLOOR_BLOCKS];
	int64_t room;
	EmoStretches found;
};

EmoStatus
emo_speech_tracker_create(EmoEnv *env, EmoSpeechTracker **result)
{
	EmoSpeechTracker *tracker = emo_alloc_zero(env, 1, sizeof(EmoSpeechTracker));

	*result = tracker;
	if (tracker == NULL)
		return env->status;
	for (int b = 0; b < FLOOR_BLOCKS; b++)
		tracker->minima[b] = INFINITY;
	return EMO_OK;
}

void
emo_speech_tracker_destroy(EmoEnv *env, EmoSpeechTracker *tracker)
{
	if (tracker == NULL)
		return;
	emo_free(env, tracker->found.items);
	emo_free(env, tracker);
}

static EmoStatus
append(EmoEnv *env, EmoSpeechTracker *tracker, EmoStretch stretch)
{
	EmoStretches *found = &tracker->found;

	if (found->n == tracker->room)
	{
		int64_t room = 2 * tracker->room + 16;
		EmoStretch *items = emo_alloc(env, room, sizeof(EmoStretch));

		if (items == NULL)
			return env->status;
		if (found->n > 0)
			memcpy(items, found->items, found->n * sizeof(EmoStretch));
		emo_free(env, found->items);
		found->items = items;
		tracker->room = room;
	}
	found->items[found->n++] = stretch;
	return EMO_OK;
}

static void
follow_floor(EmoSpeechTracker *tracker, float energy)
{
	int block = (int) (tracker->n_hops / FLOOR_BLOCK_HOPS % FLOOR_BLOCKS);

	tracker->smoothed = tracker->n_hops == 0
							? energy
							: FLOOR_SMOOTHING * tracker->smoothed + (1 - FLOOR_SMOOTHING) * energy;
	if (tracker->n_hops % FLOOR_BLOCK_HOPS == 0)
		tracker->minima[block] = INFINITY;
	tracker->minima[block] = fminf(tracker->minima[block], tracker->smoothed);
}

static double
decibels(double square)
{
	return 10 * log10(fmax(square, QUIETEST_SQUARE));
}

/* Keep the stretch at hand, if it is long enough, and have none. */
static EmoStatus
close_stretch(EmoEnv *env, EmoSpeechTracker *tracker)
{
	int64_t n_hops = tracker->end - tracker->first;
	float floor = INFINITY;
	EmoStretch stretch;

	tracker->first = tracker->end;
	if (n_hops < SHORTEST_STRETCH || tracker->peak_logit < PEAK_LOGIT ||
		tracker->logit_sum < MEAN_LOGIT * (double) tracker->n_spoken)
		return EMO_OK;
	for (int b = 0; b < FLOOR_BLOCKS; b++)
		floor = fminf(floor, tracker->minima[b]);
	stretch.start = (tracker->end - n_hops) * EMO_SPEECH_HOP;
	stretch.end = tracker->end * EMO_SPEECH_HOP;
	stretch.level_dbfs = (float) decibels(tracker->energy / (double) (stretch.end - stretch.start));
	stretch.snr_db =
		(float) fmin(fmax(stretch.level_dbfs - decibels(floor / EMO_SPEECH_HOP), 0), MAX_SNR_DB);
	return append(env, tracker, stretch);
}

EmoStatus
emo_speech_track(EmoEnv *env, EmoSpeechTracker *tracker, float logit, float energy)
{
	int64_t t = tracker->n_hops;
	bool is_in_stretch = tracker->end > tracker->first;

	follow_floor(tracker, energy);
	tracker->n_hops++;
	if (!is_in_stretch && logit >= BEGIN_LOGIT)
	{
		tracker->first = t;
		tracker->energy = tracker->gap_energy = tracker->logit_sum = 0;
		tracker->n_spoken = 0;
		tracker->peak_logit = logit;
		is_in_stretch = true;
	}
	if (!is_in_stretch)
		return EMO_OK;
	tracker->gap_energy += energy;
	if (logit >= STAY_LOGIT)
	{
		tracker->end = t + 1;
		tracker->energy += tracker->gap_energy;
		tracker->gap_energy = 0;
		tracker->logit_sum += logit;
		tracker->n_spoken++;
		tracker->peak_logit = fmaxf(tracker->peak_logit, logit);
	}
	else if (t - tracker->end >= LONGEST_GAP)
		return close_stretch(env, tracker);
	return EMO_OK;
}

EmoStatus
emo_speech_track_end(EmoEnv *env, EmoSpeechTracker *tracker, int64_t n_samples,
					 EmoStretches *stretches)
{
	if (tracker->end > tracker->first && close_stretch(env, tracker) != EMO_OK)
		return env->status;
	*stretches = tracker->found;
	tracker->found = (EmoStretches){NULL, 0};
	if (stretches->n > 0 && stretches->items[stretches->n - 1].end > n_samples)
		stretches->items[stretches->n - 1].end = n_samples;
	return EMO_OK;
}
