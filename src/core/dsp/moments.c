/*
 * moments.c
 *	  Stretches of a call that are worth listening to.
 */
#include "core/dsp/moments.h"

#include <math.h>

#include "core/base/sort.h"

#define TURNS_PER_CHECK 65536

typedef struct Runs
{
	EmoMoment *open; /* of each talker; n_turns is 0 for none */
	const EmoMomentOptions *options;
	EmoMoments *moments; /* that have ended; there is room for one of each turn */
} Runs;

static void
end_run(Runs *runs, EmoMoment *run)
{
	if (run->n_turns > 0 && run->talk_s >= runs->options->min_talk_s)
		runs->moments->items[runs->moments->n++] = *run;
	run->n_turns = 0;
}

/* What a turn adds to the run that it is part of: not what others of the same talker cover already. */
static void
add_to_run(EmoMoment *run, const EmoSaid *turn)
{
	double talk_s = fmax(0, turn->end_s - fmax(turn->start_s, run->end_s));

	run->end_s = fmax(run->end_s, turn->end_s);
	run->talk_s += talk_s;
	run->expected_s += talk_s * turn->probability;
	run->n_turns++;
}

static void
add_turn(Runs *runs, const EmoSaid *turn)
{
	EmoMoment *run = &runs->open[turn->talker];
	bool goes_on = run->n_turns > 0 && run->emotion == turn->emotion &&
				   turn->start_s - run->end_s <= runs->options->max_gap_s;

	if (!goes_on)
		end_run(runs, run);
	if (!runs->options->attended[turn->emotion])
		return;
	if (!goes_on)
		*run = (EmoMoment){.talker = turn->talker,
						   .emotion = turn->emotion,
						   .start_s = turn->start_s,
						   .end_s = turn->start_s};
	add_to_run(run, turn);
}

static int
compare_moments(const void *a, const void *b)
{
	const EmoMoment *x = a, *y = b;

	if (x->expected_s != y->expected_s)
		return x->expected_s > y->expected_s ? -1 : 1;
	if (x->start_s != y->start_s)
		return x->start_s < y->start_s ? -1 : 1;
	return x->talker - y->talker;
}

EmoStatus
emo_find_moments(EmoEnv *env, EmoSaidTurns *said, const EmoMomentOptions *options,
				 EmoMoments *moments)
{
	Runs runs = {emo_alloc_zero(env, (size_t) said->n_talkers + 1, sizeof(EmoMoment)), options,
				 moments};

	*moments = (EmoMoments){emo_alloc(env, said->n + 1, sizeof(EmoMoment)), 0};
	if (runs.open == NULL || moments->items == NULL || emo_sort_said(env, said) != EMO_OK)
		return env->status;
	for (size_t i = 0; i < said->n; i++)
	{
		const EmoSaid *turn = &said->items[i];

		if (i % TURNS_PER_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (turn->emotion != EMO_NO_EMOTION && turn->probability >= options->min_confidence)
			add_turn(&runs, turn);
	}
	for (int talker = 0; talker < said->n_talkers; talker++)
		end_run(&runs, &runs.open[talker]);
	emo_free(env, runs.open);
	return emo_sort_items(env, moments->items, moments->n, sizeof(EmoMoment), compare_moments);
}
