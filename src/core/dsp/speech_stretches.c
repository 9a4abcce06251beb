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

/*
 * From these log odds on a hop may be speech, as soft as it is in sadness, say.  What is so around a
 * stretch goes on as long as there is a hop of it within so many, 1.7 s: a pause and a breath on either side.
 */
#define DOUBT_LOGIT  (-2.0f)
#define LONGEST_SURE 170

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
	int64_t doubt_first, doubt_end; /* hops: the last ones that may be speech */
	/* The noise floor, in sums of squares per hop. */
	float smoothed;
	float minima[FLOOR_BLOCKS];
	int64_t room;
	EmoStretches found;
};

void
emo_speech_tracker_reset(EmoSpeechTracker *tracker)
{
	*tracker = (EmoSpeechTracker){.doubt_end = -LONGEST_SURE};
	for (int b = 0; b < FLOOR_BLOCKS; b++)
		tracker->minima[b] = INFINITY;
}

EmoStatus
emo_speech_tracker_create(EmoEnv *env, EmoSpeechTracker **result)
{
	EmoSpeechTracker *tracker = emo_alloc_zero(env, 1, sizeof(EmoSpeechTracker));

	*result = tracker;
	if (tracker == NULL)
		return env->status;
	emo_speech_tracker_reset(tracker);
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

/* The sample from which on there may be speech, up to now, but for what is in a stretch. */
static int64_t
doubt_start(const EmoSpeechTracker *tracker)
{
	int64_t start = tracker->doubt_first * EMO_SPEECH_HOP;
	int64_t found = tracker->found.n == 0 ? 0 : tracker->found.items[tracker->found.n - 1].end;

	return start > found ? start : found;
}

/* Take a hop that may be speech. */
static void
doubt(EmoSpeechTracker *tracker, int64_t t)
{
	EmoStretch *last = tracker->found.n == 0 ? NULL : &tracker->found.items[tracker->found.n - 1];

	if (t - tracker->doubt_end >= LONGEST_SURE)
		tracker->doubt_first = t;
	tracker->doubt_end = t + 1;
	if (last != NULL && last->end > tracker->doubt_first * EMO_SPEECH_HOP)
		last->doubtful_after = tracker->doubt_end * EMO_SPEECH_HOP - last->end;
}

/* What may be speech after the last stretch goes on to the next at most. */
static void
end_doubt(EmoSpeechTracker *tracker, int64_t next_start)
{
	EmoStretch *last = tracker->found.n == 0 ? NULL : &tracker->found.items[tracker->found.n - 1];

	if (last != NULL && last->doubtful_after > next_start - last->end)
		last->doubtful_after = next_start - last->end;
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
	stretch.doubtful_before = stretch.start - doubt_start(tracker);
	stretch.doubtful_after = tracker->doubt_end * EMO_SPEECH_HOP - stretch.end;
	end_doubt(tracker, stretch.start);
	return append(env, tracker, stretch);
}

EmoStatus
emo_speech_track(EmoEnv *env, EmoSpeechTracker *tracker, float logit, float energy)
{
	int64_t t = tracker->n_hops;
	bool is_in_stretch = tracker->end > tracker->first;

	follow_floor(tracker, energy);
	tracker->n_hops++;
	if (logit >= DOUBT_LOGIT)
		doubt(tracker, t);
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
