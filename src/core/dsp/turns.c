/*
 * turns.c
 *	  Who speaks when: the turns of each channel of a call.
 */
#include "core/dsp/turns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Pauses inside a sentence of EmoDB, whose longest one has 9 s, are up to 1.3 s long.  They may be merged
 * where no other channel takes over; where one does, a pause ends a turn however short it is.
 */
const EmoTurnOptions emo_turn_default_options = {
	.min_turn_s = 0.3, .max_turn_s = 15, .merge_gap_s = 1.5};

/*
 * Speech begins and ends quieter than a detector of speech hears it: from there on, a turn goes on as long
 * as the level stays within so many dB of its speech and above the noise around, 0.2 s at most.
 */
#define EDGE_RANGE       3e-4 /* -35 dB */
#define EDGE_ABOVE_NOISE 2.5  /* 4 dB */
#define EDGE_FRAMES      20

/* And so much more is left at both ends, where there is room. */
#define MARGIN_FRAMES 5

/* Noise around: the quietest of the frames beside a turn, so far. */
#define NOISE_FRAMES 30

/* Another channel takes over in a pause if it speaks for most of it, and as long as that. */
#define MIN_TAKEOVER_FRAMES 30

/* Turns are cut at the quietest 100 ms, and not closer to their ends than this share of max_turn_s. */
#define QUIET_FRAMES 10
#define LEAST_PART   0.25

/* Frames, end exclusive. */
typedef struct Run
{
	int64_t first, end;
	int64_t n_speech;
} Run;

typedef struct Runs
{
	Run *items;
	int64_t n, capacity;
} Runs;

static EmoStatus
add_run(EmoEnv *env, Runs *runs, Run run)
{
	if (runs->n == runs->capacity)
	{
		int64_t capacity = runs->capacity == 0 ? 64 : 2 * runs->capacity;
		Run *larger = emo_alloc(env, (size_t) capacity, sizeof(Run));

		if (larger == NULL)
			return env->status;
		if (runs->n > 0)
			memcpy(larger, runs->items, (size_t) runs->n * sizeof(Run));
		emo_free(env, runs->items);
		runs->items = larger;
		runs->capacity = capacity;
	}
	runs->items[runs->n++] = run;
	return EMO_OK;
}

/* Whether another channel takes over in a pause. */
static bool
is_taken_over(const EmoCall *call, int own, int64_t first, int64_t end)
{
	for (int c = 0; c < call->n_channels; c++)
	{
		int64_t n_speech = 0;

		for (int64_t t = first; t < end && c != own; t++)
			n_speech += call->channels[c].speaks[t];
		if (n_speech >= MIN_TAKEOVER_FRAMES && 2 * n_speech > end - first)
			return true;
	}
	return false;
}

/* Speech of a channel, with the pauses that belong to a turn. */
static EmoStatus
find_runs(EmoEnv *env, const EmoCall *call, int c, const EmoTurnOptions *options, Runs *runs)
{
	const EmoChannelActivity *channel = &call->channels[c];
	int64_t max_gap = llround(options->merge_gap_s * EMO_LEVEL_FRAMES_PER_S);

	if (emo_check_stop(env) != EMO_OK)
		return env->status;
	for (int64_t first = 0, end; first < channel->levels.n_frames; first = end + 1)
	{
		Run *last = runs->n > 0 ? &runs->items[runs->n - 1] : NULL;

		end = first;
		while (end < channel->levels.n_frames && channel->speaks[end])
			end++;
		if (end == first)
			continue;
		if (last != NULL && first - last->end <= max_gap &&
			!is_taken_over(call, c, last->end, first))
		{
			last->end = end;
			last->n_speech += end - first;
		}
		else if (add_run(env, runs, (Run){first, end, end - first}) != EMO_OK)
			return env->status;
	}
	return EMO_OK;
}

static void
drop_short_runs(Runs *runs, const EmoTurnOptions *options)
{
	int64_t least = llround(options->min_turn_s * EMO_LEVEL_FRAMES_PER_S);
	int64_t n_kept = 0;

	for (int64_t i = 0; i < runs->n; i++)
		if (runs->items[i].n_speech >= least)
			runs->items[n_kept++] = runs->items[i];
	runs->n = n_kept;
}

static double
mean_energy(const EmoChannelActivity *channel, int64_t first, int64_t end)
{
	double sum = 0;
	int64_t n = 0;

	for (int64_t t = first; t < end; t++)
		if (channel->speaks[t])
		{
			sum += (double) channel->levels.energy[t];
			n++;
		}
	return n == 0 ? 0 : sum / (double) n;
}

/* The end of a turn that goes on in steps of 1 or -1 from frame to frame, not beyond bound. */
static int64_t
extend_edge(const EmoChannelActivity *channel, int64_t edge, int step, int64_t bound, double speech)
{
	const float *energy = channel->levels.energy;
	int64_t n_room = llabs(bound - edge);
	int64_t n_near = n_room < NOISE_FRAMES ? n_room : NOISE_FRAMES;
	int64_t n = 0, margin;
	double noise = HUGE_VAL, threshold;

	for (int64_t i = 1; i <= n_near; i++)
		noise = fmin(noise, (double) energy[edge + step * i]);
	threshold = fmax(EDGE_RANGE * speech, EDGE_ABOVE_NOISE * noise);
	while (n < n_room && n < EDGE_FRAMES && (double) energy[edge + step * (n + 1)] > threshold)
		n++;
	margin = n_room - n < MARGIN_FRAMES ? n_room - n : MARGIN_FRAMES;
	return edge + step * (n + margin);
}

/* Runs grow at their edges, each up to the middle of the pause beside it at most. */
static void
extend_runs(const EmoChannelActivity *channel, Runs *runs)
{
	int64_t bound = 0;

	for (int64_t i = 0; i < runs->n; i++)
	{
		Run *run = &runs->items[i];
		int64_t next =
			i + 1 < runs->n ? (run->end + runs->items[i + 1].first) / 2 : channel->levels.n_frames;
		double speech = mean_energy(channel, run->first, run->end);

		run->first = extend_edge(channel, run->first, -1, bound, speech);
		run->end = extend_edge(channel, run->end - 1, 1, next - 1, speech) + 1;
		bound = next;
	}
}

/* The frame in the middle of the quietest stretch whose middle is in [first, end). */
static int64_t
quietest_place(const EmoChannelActivity *channel, int64_t first, int64_t end)
{
	const float *energy = channel->levels.energy;
	int64_t best = first;
	double least = HUGE_VAL, sum = 0;

	for (int64_t t = first - QUIET_FRAMES / 2; t < first + QUIET_FRAMES / 2; t++)
		sum += (double) energy[t];
	for (int64_t t = first; t < end; t++)
	{
		if (sum < least)
		{
			least = sum;
			best = t;
		}
		sum += (double) energy[t + QUIET_FRAMES / 2] - (double) energy[t - QUIET_FRAMES / 2];
	}
	return best;
}

static EmoStatus
add_turn(EmoEnv *env, const EmoCall *call, int c, int64_t first, int64_t end, EmoTurns *turns,
		 int64_t *capacity)
{
	int64_t n_samples = call->channels[c].n_samples;
	EmoTurn turn = {.channel = c, .start = first * EMO_LEVEL_FRAME, .end = end * EMO_LEVEL_FRAME};

	if (turn.end > n_samples)
		turn.end = n_samples;
	if (turns->n == *capacity)
	{
		EmoTurn *larger = emo_alloc(env, 2 * (size_t) *capacity + 64, sizeof(EmoTurn));

		if (larger == NULL)
			return env->status;
		if (turns->n > 0)
			memcpy(larger, turns->items, (size_t) turns->n * sizeof(EmoTurn));
		emo_free(env, turns->items);
		turns->items = larger;
		*capacity = 2 * *capacity + 64;
	}
	emo_measure_turn(call, &turn);
	turns->items[turns->n++] = turn;
	return EMO_OK;
}

/* A run as one turn, or as several where it is longer than one may be. */
static EmoStatus
cut_run(EmoEnv *env, const EmoCall *call, int c, const Run *run, const EmoTurnOptions *options,
		EmoTurns *turns, int64_t *capacity)
{
	int64_t longest = llround(options->max_turn_s * EMO_LEVEL_FRAMES_PER_S);
	int64_t least = llround(options->max_turn_s * EMO_LEVEL_FRAMES_PER_S * LEAST_PART);
	int64_t first = run->first;

	while (run->end - first > longest)
	{
		int64_t left = run->end - first;
		/* Two parts will do if both are short enough; otherwise long parts first. */
		int64_t from = left <= 2 * longest ? left - longest : longest / 2;
		int64_t to = left - least < longest ? left - least : longest;
		int64_t cut;

		if (from < least)
			from = least;
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		cut = quietest_place(&call->channels[c], first + from, first + to);
		if (add_turn(env, call, c, first, cut, turns, capacity) != EMO_OK)
			return env->status;
		first = cut;
	}
	return add_turn(env, call, c, first, run->end, turns, capacity);
}

static int
compare_turns(const void *a, const void *b)
{
	const EmoTurn *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->channel - y->channel;
}

EmoStatus
emo_find_turns(EmoEnv *env, const EmoCall *call, const EmoTurnOptions *options, EmoTurns *turns)
{
	int64_t capacity = 0;

	*turns = (EmoTurns){0};
	for (int c = 0; c < call->n_channels; c++)
	{
		Runs runs = {0};

		if (find_runs(env, call, c, options, &runs) != EMO_OK)
			return env->status;
		drop_short_runs(&runs, options);
		extend_runs(&call->channels[c], &runs);
		for (int64_t i = 0; i < runs.n; i++)
			if (cut_run(env, call, c, &runs.items[i], options, turns, &capacity) != EMO_OK)
				return env->status;
		emo_free(env, runs.items);
	}
	if (turns->n > 0)
		qsort(turns->items, (size_t) turns->n, sizeof(EmoTurn), compare_turns);
	return EMO_OK;
}

void
emo_measure_turn(const EmoCall *call, EmoTurn *turn)
{
	const EmoChannelActivity *channel = &call->channels[turn->channel];
	int64_t first = turn->start / EMO_LEVEL_FRAME;
	int64_t end = (turn->end + EMO_LEVEL_FRAME - 1) / EMO_LEVEL_FRAME;
	int64_t n_speech = 0;

	for (int64_t t = first; t < end; t++)
		n_speech += channel->speaks[t];
	turn->speech_s = (double) n_speech / EMO_LEVEL_FRAMES_PER_S;
	turn->level_dbfs = n_speech == 0 ? NAN : emo_dbfs(mean_energy(channel, first, end));
}

/* The stretches of a turn, from its start on. */
static EmoStatus
find_stretches(EmoEnv *env, const EmoChannelActivity *channel, const EmoTurn *turn,
			   EmoStretches *stretches)
{
	int64_t n_samples = turn->end - turn->start;
	int64_t first = turn->start / EMO_LEVEL_FRAME;
	int64_t end = (turn->end + EMO_LEVEL_FRAME - 1) / EMO_LEVEL_FRAME;
	EmoStretch *last = NULL;

	/* There is a pause of a frame between any two. */
	stretches->items = emo_alloc_zero(env, (size_t) (end - first) / 2 + 1, sizeof(EmoStretch));
	stretches->n = 0;
	if (stretches->items == NULL)
		return env->status;
	for (int64_t t = first; t < end; t++)
	{
		int64_t from = t * EMO_LEVEL_FRAME - turn->start, to = from + EMO_LEVEL_FRAME;

		if (!channel->speaks[t])
		{
			last = NULL;
			continue;
		}
		if (last == NULL)
		{
			last = &stretches->items[stretches->n++];
			last->start = from < 0 ? 0 : from;
		}
		last->end = to < n_samples ? to : n_samples;
	}
	return EMO_OK;
}

EmoStatus
emo_turn_speech(EmoEnv *env, const EmoCall *call, const EmoTurn *turn, EmoSpoken *spoken)
{
	const EmoChannelActivity *channel = &call->channels[turn->channel];
	EmoStretches stretches;

	if (find_stretches(env, channel, turn, &stretches) != EMO_OK ||
		emo_join_speech(env, channel->samples + turn->start, turn->end - turn->start, &stretches,
						spoken) != EMO_OK)
		return env->status;
	emo_free(env, stretches.items);
	return EMO_OK;
}
