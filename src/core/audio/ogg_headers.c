/*
 * ogg_headers.c
 *	  Headers of Vorbis and Opus streams, checked before a library parses them.
 *
 * They are described in the Vorbis I specification, section 4.2, and in RFC 7845, section 5.
 */
#include "core/audio/ogg_headers.h"

#include <string.h>

#include "core/audio/ogg_pages.h"
#include "core/audio/unreadable.h"
#include "core/audio/vorbis_codebooks.h"

#define SETUP_MAGIC       "\005vorbis"
#define SETUP_MAGIC_BYTES 7

/* Encoders' setup packets have 4 kB; a picture has room in comments. */
#define MAX_SETUP_BYTES   65536
#define MAX_COMMENT_BYTES 4000000

static EmoStatus
check_setup(EmoEnv *env, const uint8_t *setup, size_t n_bytes)
{
	if (n_bytes > MAX_SETUP_BYTES)
		return emo_fail_recording(env, "The headers of the Ogg stream are too large.");
	if (n_bytes < SETUP_MAGIC_BYTES || memcmp(setup, SETUP_MAGIC, SETUP_MAGIC_BYTES) != 0)
		return emo_fail_recording(env, "The headers of the Ogg stream are damaged.");
	if (!emo_vorbis_codebooks_are_bearable(setup + SETUP_MAGIC_BYTES, n_bytes - SETUP_MAGIC_BYTES))
		return emo_fail_recording(env,
								  "The codebooks of the Vorbis stream are damaged or too large.");
	return EMO_OK;
}

EmoStatus
emo_ogg_check_headers(EmoEnv *env, const EmoOggLink *link)
{
	EmoOggPackets packets = {.page = link->bytes, .n_left = link->n_bytes};
	EmoStatus status = EMO_OK;
	size_t n_identification, n_comments, n_setup;
	uint8_t *setup;

	if (!emo_ogg_next_packet(&packets, NULL, 0, &n_identification) ||
		!emo_ogg_next_packet(&packets, NULL, 0, &n_comments))
		return emo_fail_recording(env, "The headers of the Ogg stream are not whole.");
	if (n_comments > MAX_COMMENT_BYTES)
		return emo_fail_recording(env, "The headers of the Ogg stream are too large.");
	if (link->codec != EMO_OGG_VORBIS)
		return EMO_OK;
	setup = emo_alloc(env, MAX_SETUP_BYTES, 1);
	if (setup == NULL)
		return EMO_OUT_OF_MEMORY;
	if (emo_ogg_next_packet(&packets, setup, MAX_SETUP_BYTES, &n_setup))
		status = check_setup(env, setup, n_setup);
	else
		status = emo_fail_recording(env, "The headers of the Ogg stream are not whole.");
	emo_free(env, setup);
	return status;
}
