/*
 * vorbis_codebooks.h
 *	  How large the codebooks of a Vorbis stream are.
 */
#ifndef EMO_AUDIO_VORBIS_CODEBOOKS_H
#define EMO_AUDIO_VORBIS_CODEBOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Can libvorbis decode with the codebooks at the beginning of a setup packet?  It sorts a book's
 * entries on the stack, where those that fit into twelve bytes of a recording overflow it (seen in
 * 1.3.7), and takes gigabytes and minutes for all of them.  Four times as much as encoders' largest
 * is let through.  setup begins behind the magic of the packet.
 */
extern bool emo_vorbis_codebooks_are_bearable(const uint8_t *setup, size_t n_bytes);

#endif
