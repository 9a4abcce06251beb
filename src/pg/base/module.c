/*
 * module.c
 *	  The module: what happens when the server loads it, and its settings.
 */
#include "pg/base/glue.h"

#include <limits.h>

#include "utils/guc.h"

#include "pg/base/planner.h"

#include "core/base/blas.h"

PG_MODULE_MAGIC;

int emoser_max_audio_duration_s = 3600;
int emoser_on_bad_audio = ON_BAD_AUDIO_ERROR;

static const struct config_enum_entry on_bad_audio_choices[] = {
	{"error", ON_BAD_AUDIO_ERROR, false}, {"null", ON_BAD_AUDIO_NULL, false}, {NULL, 0, false}};

extern void _PG_init(void);

void
_PG_init(void)
{
	/* A backend must stay single-threaded; parallelism is the planner's business. */
	emo_blas_init();

	DefineCustomIntVariable("emoser.max_audio_duration",
							"Longest recording that is decoded; longer ones are refused.", NULL,
							&emoser_max_audio_duration_s, 3600, 1, INT_MAX / 1000, PGC_USERSET,
							GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomEnumVariable(
		"emoser.on_bad_audio", "What to do with a recording that can't be read.",
		"\"error\" ends the statement; \"null\" warns and returns NULL.", &emoser_on_bad_audio,
		ON_BAD_AUDIO_ERROR, on_bad_audio_choices, PGC_USERSET, 0, NULL, NULL, NULL);
#if PG_VERSION_NUM >= 150000
	MarkGUCPrefixReserved("emoser");
#else
	EmitWarningsOnPlaceholders("emoser");
#endif

	emoser_install_planner_hook();
}
