/*
 * decoder_module.h
 *	  What a shared library that brings a decoder hands over.
 */
#ifndef EMO_AUDIO_DECODER_MODULE_H
#define EMO_AUDIO_DECODER_MODULE_H

#include "core/audio/decoder.h"

/*
 * EMO_DECODER_INTERFACE is a checksum of the headers that the structures between both stand in, by the
 * Makefile.  After an upgrade a session may have one of them from before and meet the other one.
 */
typedef struct EmoDecoderModule
{
	uint32_t interface;
	const EmoDecoder *decoder;
} EmoDecoderModule;

/* The function of the library that is called once. */
#define EMO_AV_MODULE_FUNCTION "emoser_av_module"
typedef const EmoDecoderModule *(*EmoDecoderModuleFunction)(void);

#endif
