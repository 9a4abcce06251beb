/*
 * room.h
 *	  Rooms that are made up: impulse responses of a direct sound and a decaying tail of noise.
 *
 * The model of Polack 1988 ("La transmission de l'énergie sonore dans les salles"): late
 * reverberation is white noise under an exponential, here faster at high frequencies, which air and
 * walls swallow.
 */
#ifndef EMO_ROOM_H
#define EMO_ROOM_H

#include "core/base/env.h"
#include "core/base/random.h"

typedef struct EmoRoom
{
	double rt60_s;     /* in which the tail falls by 60 dB, below 2 kHz */
	double high_share; /* that of high frequencies, as a share of it, 0 < share <= 1 */
	double direct_db;  /* energy of the direct sound over that of the tail */
} EmoRoom;

/* Samples of a response. */
extern int emo_room_length(const EmoRoom *room, int sample_rate);

/* response[emo_room_length()]; the direct sound is its first sample, and its energy is 1. */
extern void emo_room_response(const EmoRoom *room, int sample_rate, EmoRandom *random,
							  float *response);

#endif
