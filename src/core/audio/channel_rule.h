/*
 * channel_rule.h
 *	  Which channels of recordings may be heard: where one is for people who must not be judged, such as
 *	  the employees of a call centre.
 *
 * A rule is a text: "all", or a list of channels and of the word "mono", separated by commas.  A number
 * allows that channel of recordings with several, "mono" allows recordings with one, of which nobody knows
 * whose voice it is, or whether several are mixed in it.
 */
#ifndef EMO_CHANNEL_RULE_H
#define EMO_CHANNEL_RULE_H

#include <stdint.h>

#include "core/base/env.h"

/* Channels of a rule, from 1. */
#define EMO_MAX_RULED_CHANNELS 64

/* All zero: everything may be heard. */
typedef struct EmoChannelRule
{
	bool is_limited;
	bool allows_mono;
	uint64_t allowed; /* bit c - 1: channel c of recordings with several */
} EmoChannelRule;

/* False: the text is no rule, and *rule allows nothing. */
extern bool emo_read_channel_rule(const char *text, EmoChannelRule *rule);

/* Whether a channel, from 1, of a recording with so many may be heard. */
extern bool emo_channel_is_allowed(const EmoChannelRule *rule, int n_channels, int channel);

/*
 * EMO_FORBIDDEN, with words, if a channel may not be heard; of EMO_MIXED, if one of those that are mixed
 * may not.  Of EMO_ALL_CHANNELS everything may, as they stay apart: whoever asks for them decides of each.
 */
extern EmoStatus emo_check_channel_is_allowed(EmoEnv *env, const EmoChannelRule *rule,
											  int n_channels, int channel);

/* The same where each channel is decided of: EMO_FORBIDDEN if none of them is allowed. */
extern EmoStatus emo_check_some_channel_is_allowed(EmoEnv *env, const EmoChannelRule *rule,
												   int n_channels);

#endif
