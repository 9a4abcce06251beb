/*
 * channel_rule.c
 *	  Which channels of recordings may be heard.
 */
#include "core/audio/channel_rule.h"

#include <string.h>

#include "core/audio/channels.h"

#define ALL  "all"
#define MONO "mono"

/* isspace() and friends depend on the locale. */
static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Whether the word, which ends at end, is that one in any case. */
static bool
is_word(const char *word, const char *end, const char *name)
{
	for (; word < end && *name != '\0'; word++, name++)
		if ((*word | ('a' ^ 'A')) != *name)
			return false;
	return word == end && *name == '\0';
}

/* 0: not the number of a channel. */
static int
read_number(const char *word, const char *end)
{
	int number = 0;

	for (; word < end; word++)
	{
		if (*word < '0' || *word > '9')
			return 0;
		number = 10 * number + (*word - '0');
		if (number > EMO_MAX_RULED_CHANNELS)
			return 0;
	}
	return number;
}

static bool
add_word(const char *word, const char *end, EmoChannelRule *rule)
{
	int channel = read_number(word, end);

	if (channel > 0)
		rule->allowed |= UINT64_C(1) << (channel - 1);
	else if (is_word(word, end, MONO))
		rule->allows_mono = true;
	else
		return false;
	return true;
}

bool
emo_read_channel_rule(const char *text, EmoChannelRule *rule)
{
	static const EmoChannelRule nothing = {.is_limited = true};
	bool is_first = true;

	*rule = nothing;
	for (const char *next = text;; is_first = false)
	{
		const char *word = next + strspn(next, " \t\n\v\f\r");
		const char *comma = word + strcspn(word, ",");
		const char *end = comma;

		while (end > word && is_space(end[-1]))
			end--;
		if (is_first && *comma == '\0' && is_word(word, end, ALL))
		{
			rule->is_limited = false;
			return true;
		}
		if (!add_word(word, end, rule))
		{
			*rule = nothing;
			return false;
		}
		if (*comma == '\0')
			return true;
		next = comma + 1;
	}
}

bool
emo_channel_is_allowed(const EmoChannelRule *rule, int n_channels, int channel)
{
	if (!rule->is_limited)
		return true;
	if (n_channels == 1)
		return rule->allows_mono;
	return channel <= EMO_MAX_RULED_CHANNELS && (rule->allowed >> (channel - 1) & 1) != 0;
}

EmoStatus
emo_check_channel_is_allowed(EmoEnv *env, const EmoChannelRule *rule, int n_channels, int channel)
{
	int first = channel == EMO_MIXED ? 1 : channel;
	int last = channel == EMO_MIXED ? n_channels : channel;
	int c = first;

	if (channel == EMO_ALL_CHANNELS)
		return EMO_OK;
	while (c <= last && emo_channel_is_allowed(rule, n_channels, c))
		c++;
	if (c > last)
		return EMO_OK;
	if (n_channels == 1)
		return emo_fail(env, EMO_FORBIDDEN,
						"permission denied to hear a recording with one channel");
	if (channel == EMO_MIXED)
		return emo_fail(env, EMO_FORBIDDEN,
						"permission denied to hear the channels of a recording mixed");
	return emo_fail(env, EMO_FORBIDDEN, "permission denied to hear channel %d of a recording",
					channel);
}

EmoStatus
emo_check_some_channel_is_allowed(EmoEnv *env, const EmoChannelRule *rule, int n_channels)
{
	for (int c = 1; c <= n_channels; c++)
		if (emo_channel_is_allowed(rule, n_channels, c))
			return EMO_OK;
	return emo_check_channel_is_allowed(env, rule, n_channels, EMO_MIXED);
}
