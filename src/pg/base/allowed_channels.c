/*
 * allowed_channels.c
 *	  The setting emoser.allowed_channels: which channels of recordings may be heard.
 *
 * Whoever may not judge some people's voices gets it by ALTER ROLE or ALTER DATABASE, and can't change it.
 * A value that can't be read must not allow more than was meant: it allows nothing.
 */
#include "pg/base/allowed_channels.h"

#include "access/xact.h"
#include "utils/guc.h"

#include "pg/base/notices.h"
#include "pg/base/shown.h"

/* A value, as it is checked. */
typedef struct CheckedRule
{
	EmoChannelRule rule;
	bool is_valid;
} CheckedRule;

/* The server frees it, before PostgreSQL 16 by free(). */
#if PG_VERSION_NUM >= 160000
#define ALLOCATE(size) guc_malloc(LOG, size)
#define RELEASE(block) guc_free(block)
#else
#define ALLOCATE(size) malloc(size)
#define RELEASE(block) free(block)
#endif

static char *allowed_channels;
static CheckedRule current = {.is_valid = true};

/*
 * Whoever sets it now gets an error.  What was written down for this session to begin with, before the
 * module could check it, would be left out with a warning, and the default taken, which allows all.
 */
static bool
check_rule(char **value, void **extra, GucSource source)
{
	CheckedRule *checked = ALLOCATE(sizeof(CheckedRule));

	if (checked == NULL)
		return false;
	checked->is_valid = emo_read_channel_rule(*value, &checked->rule);
	if (!checked->is_valid && source >= PGC_S_INTERACTIVE)
	{
		GUC_check_errdetail("It is \"all\", or a list of numbers of channels, from 1 to %d, and of "
							"the word \"mono\", such as \"2\" or \"2, mono\".",
							EMO_MAX_RULED_CHANNELS);
		RELEASE(checked);
		return false;
	}
	*extra = checked;
	return true;
}

static void
take_rule(const char *value, void *extra)
{
	(void) value;
	current = *(CheckedRule *) extra;
}

void
emoser_define_allowed_channels(void)
{
	DefineCustomStringVariable(
		EMOSER_ALLOWED_CHANNELS, "Channels of recordings that may be heard and judged.",
		"\"all\", or a list of numbers, which allow that channel of recordings with several, and of "
		"\"mono\", which allows recordings with one.",
		&allowed_channels, "all", PGC_SUSET, 0, check_rule, take_rule, NULL);
}

const EmoChannelRule *
emoser_channel_rule(void)
{
	return &current.rule;
}

void
emoser_raise_forbidden(const EmoEnv *env)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg_internal("%s", env->message),
		 current.is_valid
			 ? errdetail("The setting %s is \"%s\".", EMOSER_ALLOWED_CHANNELS,
						 emoser_shown(allowed_channels))
			 : errdetail("The setting %s is \"%s\", which is no list of channels and so allows "
						 "none.",
						 EMOSER_ALLOWED_CHANNELS, emoser_shown(allowed_channels)),
		 errhint("A channel that may be heard is asked for with the argument channel, or with a "
				 "column \"channel\" of a source.")));
	pg_unreachable();
}

/* The beginning of the statement in which it was told, or that wants it untold. */
static TimestampTz told_at = 0;

void
emoser_leave_not_judged_untold(void)
{
	told_at = GetCurrentStatementStartTimestamp();
}

void
emoser_notice_not_judged(void)
{
	if (told_at == GetCurrentStatementStartTimestamp())
		return;
	emoser_leave_not_judged_untold();
	ereport(NOTICE, (errcode(EMOSER_NOTICE_NOT_JUDGED),
					 errmsg("turns of channels that may not be judged have no emotion"),
					 errdetail("The setting %s is \"%s\". This is said once in a statement.",
							   EMOSER_ALLOWED_CHANNELS, emoser_shown(allowed_channels))));
}
