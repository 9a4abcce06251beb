/*
 * decoder.h
 *	  Recordings that FFmpeg's libraries read: those in containers, and with codecs, that no library of
 *	  the core has.
 */
#ifndef EMO_AV_DECODER_H
#define EMO_AV_DECODER_H

#include "core/audio/decoder.h"

extern const EmoDecoder emo_av_decoder;

#endif
