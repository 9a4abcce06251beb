/*
 * av_module.c
 *	  The module with the decoder of FFmpeg's libraries, which need not be installed.
 *
 * It is looked for beside the module that this is a part of, and nowhere else.  The server's own loader
 * would raise where there is none, across frames of the core; it would also make the symbols of some
 * hundred libraries known to all others.
 */
#include "pg/base/av_module.h"

#include "postgres.h"

#include <dlfcn.h>
#include <unistd.h>

#include "core/audio/decoder_module.h"

#define MODULE_PACKAGE "postgresql-" PG_MAJORVERSION "-emoser-av"

/* NULL until it is loaded: whoever installs it need not end sessions. */
static const EmoDecoder *av_decoder = NULL;

/* False if nobody knows where this module lies. */
static bool
find_module(char *path, size_t max_bytes)
{
	Dl_info self;
	const char *slash;

	if (dladdr((void *) emoser_offer_av_module, &self) == 0 || self.dli_fname == NULL)
		return false;
	slash = strrchr(self.dli_fname, '/');
	if (slash == NULL)
		return false;
	return (size_t) snprintf(path, max_bytes, "%.*s/%s", (int) (slash - self.dli_fname),
							 self.dli_fname, EMO_AV_MODULE_FILE) < max_bytes;
}

static EmoStatus
fail_module(EmoEnv *env, const char *reason)
{
	EmoStatus status = emo_fail(env, EMO_IO_ERROR, "could not load %s", EMO_AV_MODULE_FILE);

	emo_set_detail(env, "%s", reason);
	emo_set_hint(env, "Install the package %s of the version of emoser, and connect again.",
				 MODULE_PACKAGE);
	return status;
}

static EmoStatus
load_module(EmoEnv *env, const char *path)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	EmoDecoderModuleFunction function;
	const EmoDecoderModule *module;

	if (library == NULL)
		return fail_module(env, dlerror());
	function = (EmoDecoderModuleFunction) dlsym(library, EMO_AV_MODULE_FUNCTION);
	module = function != NULL ? function() : NULL;
	if (module == NULL || module->interface != EMO_DECODER_INTERFACE)
	{
		dlclose(library);
		return fail_module(env, "It belongs to another version of emoser.");
	}
	av_decoder = module->decoder;
	return EMO_OK;
}

static EmoStatus
find_av_decoder(EmoEnv *env, const EmoDecoder **decoder)
{
	char path[MAXPGPATH];
	EmoStatus status = EMO_OK;

	if (av_decoder == NULL && find_module(path, sizeof(path)) && access(path, F_OK) == 0)
		status = load_module(env, path);
	*decoder = av_decoder;
	return status;
}

void
emoser_offer_av_module(void)
{
	emo_audio_set_fallback_decoder(find_av_decoder, MODULE_PACKAGE);
}
