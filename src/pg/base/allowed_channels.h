/*
 * allowed_channels.h
 *	  The setting emoser.allowed_channels: which channels of recordings may be heard.
 */
#ifndef EMOSER_ALLOWED_CHANNELS_H
#define EMOSER_ALLOWED_CHANNELS_H

#include "pg/base/glue.h"

#include "core/audio/channel_rule.h"

#define EMOSER_ALLOWED_CHANNELS "emoser.allowed_channels"

/* When the server loads the module. */
extern void emoser_define_allowed_channels(void);

/* What the setting says now. */
extern const EmoChannelRule *emoser_channel_rule(void);

/* Raise EMO_FORBIDDEN of env, and say what the setting is and what to ask for instead. */
extern void emoser_raise_forbidden(const EmoEnv *env) __attribute__((noreturn));

/*
 * A NOTICE, once in a statement of the client, that turns of channels which may not be judged are told
 * without an emotion.
 */
extern void emoser_notice_not_judged(void);

/* No such NOTICE in this statement. */
extern void emoser_leave_not_judged_untold(void);

#endif
