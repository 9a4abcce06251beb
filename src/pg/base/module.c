/*
 * module.c
 *	  The module: what happens when the server loads it, and its settings.
 */
#include "pg/base/glue.h"

#include <limits.h>

#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"

#include "pg/base/allowed_channels.h"
#include "pg/base/av_module.h"
#include "pg/base/planner.h"

#include "core/base/blas.h"

PG_MODULE_MAGIC;

int emoser_max_audio_duration_s = 3600;
int emoser_keep_versions = 100;
int emoser_max_training_memory_kb = -1;

#define MAX_AUDIO_DURATION "emoser.max_audio_duration"

/* What is known of a setting before the module has defined it; NULL: nothing. */
static struct config_generic *
find_setting(const char *name)
{
#if PG_VERSION_NUM >= 160000
	return find_option(name, false, true, 0);
#else
	struct config_generic **all = get_guc_variables();
	int n = GetNumConfigOptions();

	for (int i = 0; i < n; i++)
		if (pg_strcasecmp(all[i]->name, name) == 0)
			return all[i];
	return NULL;
#endif
}

static bool
may_session_set(const char *name)
{
#if PG_VERSION_NUM >= 150000
	return pg_parameter_aclcheck(name, GetSessionUserId(), ACL_SET) == ACLCHECK_OK;
#else
	(void) name;
	return session_auth_is_superuser;
#endif
}

/*
 * The options of a connection take the place of what the server is configured to, and who may not set
 * them gets the default of a module that is loaded later, not the configured value: there is no way
 * back to that, so that the module is refused.
 */
static void
refuse_connection_option(const char *name)
{
	struct config_generic *setting = find_setting(name);

	if (setting == NULL || setting->reset_source != PGC_S_CLIENT || may_session_set(name))
		return;
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					errmsg("permission denied to set parameter \"%s\"", name),
					errhint("Connect without it among the options of the connection.")));
}

extern void _PG_init(void);

void
_PG_init(void)
{
	refuse_connection_option(MAX_AUDIO_DURATION);
	refuse_connection_option(EMOSER_ALLOWED_CHANNELS);

	/* A backend must stay single-threaded; parallelism is the planner's business. */
	emo_blas_init();
	emoser_offer_av_module();

	/*
	 * It protects the server, so that it is not for everybody.  Beyond it a call ends with an error,
	 * never with another result: what functions return, which are IMMUTABLE, depends on no setting.
	 */
	DefineCustomIntVariable(MAX_AUDIO_DURATION,
							"Longest recording that is decoded; longer ones are refused.", NULL,
							&emoser_max_audio_duration_s, 3600, 1, INT_MAX / 1000, PGC_SUSET,
							GUC_UNIT_S, NULL, NULL, NULL);
	emoser_define_allowed_channels();
	DefineCustomIntVariable(
		"emoser.keep_versions", "Newest versions of a model that stay when another one is stored.",
		"0 keeps all. Versions that predict or were deployed before stay too.",
		&emoser_keep_versions, 100, 0, EMOSER_MOST_KEPT_VERSIONS, PGC_USERSET, 0, NULL, NULL, NULL);
	/* As work_mem, for everybody to set: whoever runs queries can take memory. */
	DefineCustomIntVariable("emoser.max_training_memory",
							"Most memory that a process of a training of lda is to take.",
							"-1 is no limit. What it will take is estimated before it begins.",
							&emoser_max_training_memory_kb, -1, -1, MAX_KILOBYTES, PGC_USERSET,
							GUC_UNIT_KB, NULL, NULL, NULL);
#if PG_VERSION_NUM >= 150000
	MarkGUCPrefixReserved("emoser");
#else
	EmitWarningsOnPlaceholders("emoser");
#endif

	emoser_install_planner_hook();
}
