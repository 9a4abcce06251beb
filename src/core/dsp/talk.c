/*
 * talk.c
 *	  Who talks how much in a call, interrupts, and keeps whom waiting.
 */
#include "core/dsp/talk.h"

#include <math.h>

#include "core/base/sort.h"

/* A turn, or several that touch. */
typedef struct Stretch
{
	int talker;
	double start_s, end_s;
	double shared_s; /* while several talk, from the start of the call to the start of this */
} Stretch;

typedef struct Stretches
{
	Stretch *items; /* by start */
	size_t n;
	double end_s; /* of the last to end */
} Stretches;

#define NONE ((size_t) -1)

/* Turns between two looks at whether to stop. */
#define TURNS_PER_CHECK 65536

static EmoStatus
check_stop_at(EmoEnv *env, size_t turn)
{
	return turn % TURNS_PER_CHECK == 0 ? emo_check_stop(env) : EMO_OK;
}

/* The latest stretch of each talker so far. */
static size_t *
no_latest(EmoEnv *env, int n_talkers)
{
	size_t *latest = emo_alloc(env, (size_t) n_talkers + 1, sizeof(size_t));

	for (int talker = 0; latest != NULL && talker < n_talkers; talker++)
		latest[talker] = NONE;
	return latest;
}

static EmoStatus
join_turns(EmoEnv *env, EmoSaidTurns *said, Stretches *stretches)
{
	size_t *latest = no_latest(env, said->n_talkers);

	*stretches = (Stretches){.items = emo_alloc(env, said->n + 1, sizeof(Stretch))};
	if (latest == NULL || stretches->items == NULL || emo_sort_said(env, said) != EMO_OK)
		return env->status;
	for (size_t i = 0; i < said->n; i++)
	{
		const EmoSaid *turn = &said->items[i];
		size_t *own = &latest[turn->talker];

		if (check_stop_at(env, i) != EMO_OK)
			return env->status;
		if (*own != NONE && turn->start_s <= stretches->items[*own].end_s)
			stretches->items[*own].end_s = fmax(stretches->items[*own].end_s, turn->end_s);
		else
		{
			*own = stretches->n++;
			stretches->items[*own] = (Stretch){turn->talker, turn->start_s, turn->end_s, 0};
		}
		stretches->end_s = fmax(stretches->end_s, turn->end_s);
	}
	emo_free(env, latest);
	return EMO_OK;
}

static int
compare_ends(const void *a, const void *b)
{
	const Stretch *x = *(const Stretch *const *) a, *y = *(const Stretch *const *) b;

	return (x->end_s > y->end_s) - (x->end_s < y->end_s);
}

/* Time that goes by, and of it that while several talk. */
typedef struct Clock
{
	double now_s, shared_s;
	size_t n_talking;
} Clock;

static void
advance(Clock *clock, double to_s)
{
	if (clock->n_talking > 1)
		clock->shared_s += to_s - clock->now_s;
	clock->now_s = to_s;
}

/* While one talks, several do if anybody else does. */
static EmoStatus
measure_overlaps(EmoEnv *env, Stretches *stretches, EmoTalk *talks)
{
	Stretch **ends = emo_alloc(env, stretches->n + 1, sizeof(Stretch *));
	Clock clock = {0};
	size_t next = 0;

	if (ends == NULL)
		return env->status;
	for (size_t i = 0; i < stretches->n; i++)
		ends[i] = &stretches->items[i];
	if (emo_sort_items(env, ends, stretches->n, sizeof(Stretch *), compare_ends) != EMO_OK)
		return env->status;
	for (size_t i = 0; i < stretches->n; i++)
	{
		if (check_stop_at(env, i) != EMO_OK)
			return env->status;
		for (; next < stretches->n && stretches->items[next].start_s < ends[i]->end_s; next++)
		{
			advance(&clock, stretches->items[next].start_s);
			stretches->items[next].shared_s = clock.shared_s;
			clock.n_talking++;
		}
		advance(&clock, ends[i]->end_s);
		clock.n_talking--;
		talks[ends[i]->talker].overlap_s += clock.shared_s - ends[i]->shared_s;
	}
	emo_free(env, ends);
	return EMO_OK;
}

/* What a stretch does to those who talk when it begins. */
static void
count_interruption(const Stretches *stretches, const Stretch *stretch, const size_t *latest,
				   int n_talkers, double min_overlap_s, EmoTalk *talk)
{
	bool outlasts = false, lies_within = false;

	for (int other = 0; other < n_talkers; other++)
	{
		const Stretch *held = latest[other] == NONE ? NULL : &stretches->items[latest[other]];

		if (held == NULL || other == stretch->talker || held->start_s >= stretch->start_s ||
			held->end_s <= stretch->start_s)
			continue;
		if (held->end_s >= stretch->end_s)
			lies_within = true;
		else if (held->end_s - stretch->start_s >= min_overlap_s)
			outlasts = true;
	}
	talk->n_interruptions += outlasts;
	talk->n_interjections += lies_within && !outlasts;
}

/* Silence from silent_from_s to the start of a stretch, before which its talker has last ended at own_end_s. */
static void
count_silence(double silent_from_s, double own_end_s, const Stretch *stretch, EmoTalk *talk)
{
	double silence_s = stretch->start_s - silent_from_s;

	if (own_end_s == silent_from_s)
	{
		talk->pause_s += silence_s;
		return;
	}
	talk->n_gaps++;
	talk->gap_s += silence_s;
	talk->longest_gap_s = fmax(talk->longest_gap_s, silence_s);
}

static EmoStatus
count_transitions(EmoEnv *env, const Stretches *stretches, int n_talkers, double min_overlap_s,
				  EmoTalks *talks)
{
	size_t *latest = no_latest(env, n_talkers);
	double silent_from_s = stretches->n == 0 ? 0 : stretches->items[0].start_s;

	if (latest == NULL)
		return env->status;
	for (size_t i = 0; i < stretches->n; i++)
	{
		const Stretch *stretch = &stretches->items[i];
		size_t *own = &latest[stretch->talker];
		EmoTalk *talk = &talks->items[stretch->talker];

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		talk->n_turns++;
		talk->talk_s += stretch->end_s - stretch->start_s;
		if (stretch->start_s > silent_from_s)
		{
			talks->silence_s += stretch->start_s - silent_from_s;
			count_silence(silent_from_s, *own == NONE ? -1 : stretches->items[*own].end_s, stretch,
						  talk);
		}
		count_interruption(stretches, stretch, latest, n_talkers, min_overlap_s, talk);
		silent_from_s = fmax(silent_from_s, stretch->end_s);
		*own = i;
	}
	emo_free(env, latest);
	return EMO_OK;
}

EmoStatus
emo_measure_talk(EmoEnv *env, EmoSaidTurns *said, double duration_s, double min_overlap_s,
				 EmoTalks *talks)
{
	Stretches stretches;

	*talks =
		(EmoTalks){.items = emo_alloc_zero(env, (size_t) said->n_talkers + 1, sizeof(EmoTalk))};
	if (talks->items == NULL || join_turns(env, said, &stretches) != EMO_OK ||
		measure_overlaps(env, &stretches, talks->items) != EMO_OK ||
		count_transitions(env, &stretches, said->n_talkers, min_overlap_s, talks) != EMO_OK)
		return env->status;
	/* Before the first turn, and after the last. */
	if (!isnan(duration_s) && stretches.n == 0)
		talks->silence_s = duration_s;
	else if (!isnan(duration_s))
		talks->silence_s += stretches.items[0].start_s + fmax(0, duration_s - stretches.end_s);
	emo_free(env, stretches.items);
	return EMO_OK;
}
