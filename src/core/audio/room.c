/*
 * room.c
 *	  Impulse responses of rooms that are made up.
 */
#include "core/audio/room.h"

#include <math.h>

/* After the direct sound nothing comes from the walls for so long: a way longer by a metre. */
#define FIRST_REFLECTION_S 0.003

/* Above it a tail is high. */
#define CROSSOVER_HZ 2000.0

int
emo_room_length(const EmoRoom *room, int sample_rate)
{
	return 1 + (int) ((FIRST_REFLECTION_S + room->rt60_s) * sample_rate);
}

void
emo_room_response(const EmoRoom *room, int sample_rate, EmoRandom *random, float *response)
{
	int n = emo_room_length(room, sample_rate);
	int first = (int) ceil(FIRST_REFLECTION_S * sample_rate);
	/* Amplitudes fall by 1000 in rt60_s. */
	double low_fall = exp(-log(1000) / (room->rt60_s * sample_rate));
	double high_fall = exp(-log(1000) / (room->rt60_s * room->high_share * sample_rate));
	double smoothing = exp(-2 * M_PI * CROSSOVER_HZ / sample_rate);
	double low = 0, low_gain = 1, high_gain = 1, energy = 0, direct;

	for (int i = 0; i < n; i++)
		response[i] = 0;
	for (int i = first; i < n; i++)
	{
		double noise = emo_random_noise(random);

		low = smoothing * low + (1 - smoothing) * noise;
		response[i] = (float) (low_gain * low + high_gain * (noise - low));
		energy += (double) response[i] * response[i];
		low_gain *= low_fall;
		high_gain *= high_fall;
	}
	direct = pow(10, room->direct_db / 10);
	for (int i = first; i < n && energy > 0; i++)
		response[i] *= (float) sqrt(1 / (1 + direct) / energy);
	response[0] = (float) sqrt(direct / (1 + direct));
}
