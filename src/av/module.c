/*
 * module.c
 *	  emoser_av.so: what emoser loads at the first recording that FFmpeg's libraries have to read.
 *
 * It is linked with what it takes of the core, and exports nothing but what stands here.
 */
#include "postgres.h"

#include "fmgr.h"

#include "av/container.h"
#include "av/decoder.h"
#include "core/audio/decoder_module.h"

/* For those who LOAD it themselves, which does nothing. */
PG_MODULE_MAGIC;

extern PGDLLEXPORT const EmoDecoderModule *emoser_av_module(void);

const EmoDecoderModule *
emoser_av_module(void)
{
	static const EmoDecoderModule module = {EMO_DECODER_INTERFACE, &emo_av_decoder};

	emo_av_init();
	return &module;
}
