/*
 * codec_boxes.h
 *	  What is in containers that hold many codecs: MP4 and MOV, Matroska and WebM, CAF.
 */
#ifndef EMO_AUDIO_CODEC_BOXES_H
#define EMO_AUDIO_CODEC_BOXES_H

#include <stddef.h>
#include <stdint.h>

typedef struct EmoForeignCodec
{
	const char *name;   /* "G.722 in WAV" */
	const char *suffix; /* of files of this kind, "m4a" */
} EmoForeignCodec;

/* NULL for what is none of these; for CAF also where libsndfile reads what is in it. */
extern const EmoForeignCodec *emo_codec_of_boxes(const uint8_t *bytes, size_t n_bytes);

#endif
