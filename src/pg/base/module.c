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

extern void _PG_init(void);

void
_PG_init(void)
{
	/* A backend must stay single-threaded; parallelism is the planner's business. */
	emo_blas_init();

	/*
	 * It protects the server, so that it is not for everybody.  Beyond it a call ends with an error,
	 * never with another result: what functions return, which are IMMUTABLE, depends on no setting.
	 */
	DefineCustomIntVariable("emoser.max_audio_duration",
							"Longest recording that is decoded; longer ones are refused.", NULL,
							&emoser_max_audio_duration_s, 3600, 1, INT_MAX / 1000, PGC_SUSET,
							GUC_UNIT_S, NULL, NULL, NULL);
#if PG_VERSION_NUM >= 150000
	MarkGUCPrefixReserved("emoser");
#else
	EmitWarningsOnPlaceholders("emoser");
#endif

	emoser_install_planner_hook();
}
