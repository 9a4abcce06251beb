/*
 * channels.h
 *	  Numbers of channels, which count from 1, and what stands in the place of one.
 */
#ifndef EMO_AUDIO_CHANNELS_H
#define EMO_AUDIO_CHANNELS_H

#define EMO_MIXED        0    /* all of them, mixed down */
#define EMO_ALL_CHANNELS (-1) /* each of them, interleaved */

#endif
