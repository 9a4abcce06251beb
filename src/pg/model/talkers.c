/*
 * talkers.c
 *	  Who speaks in a call, and how each of them usually sounds in it.
 */
#include "pg/model/talkers.h"

static bool
is_same_name(const char *one, const char *other)
{
	return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

Talker *
emoser_talker(List **talkers, int channel, const char *speaker, int n_features)
{
	Talker *talker;
	ListCell *cell;

	foreach (cell, *talkers)
	{
		talker = lfirst(cell);
		if (talker->channel == channel && is_same_name(talker->speaker, speaker))
			return talker;
	}
	talker = palloc0(sizeof(Talker));
	talker->channel = channel;
	talker->speaker = speaker;
	talker->state = palloc(emo_profile_state_size(n_features));
	emo_profile_init(talker->state, n_features);
	*talkers = lappend(*talkers, talker);
	return talker;
}

void
emoser_finish_talkers(List *talkers)
{
	ListCell *cell;

	foreach (cell, talkers)
	{
		Talker *talker = lfirst(cell);
		int n_features = talker->state->n_features;
		float *mean = palloc(n_features * sizeof(float));
		float *deviation = palloc(n_features * sizeof(float));

		emo_profile_finish(talker->state, mean, deviation);
		talker->profile = (EmoProfile){talker->state->count, n_features, mean, deviation};
	}
}
