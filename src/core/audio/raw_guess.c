/*
 * raw_guess.c
 *	  What samples without a header may be, for a hint.
 *
 * Sound changes little from one sample to the next: read in the wrong way it becomes noise.
 */
#include <math.h>
#include <string.h>

#include "core/audio/raw.h"
#include "core/base/bytes.h"

/* A second of a telephone, from the middle, where there is more than silence. */
#define GUESSED_SAMPLES 8000

/* Fewer tell nothing. */
#define MIN_SAMPLES 400

/* Power of differences over power: 2 for noise, some 0.3 for speech at 8 kHz, less at higher rates. */
#define MAX_ROUGHNESS 0.9

/* ITU-T G.711: sign, exponent and mantissa, all bits inverted. */
static double
of_ulaw(const uint8_t *bytes)
{
	int inverted = ~bytes[0] & 0xff;
	int magnitude = (((inverted & 15) * 2 + 33) << (inverted >> 4 & 7)) - 33;

	return inverted & 0x80 ? -magnitude : magnitude;
}

/* Every other bit inverted. */
static double
of_alaw(const uint8_t *bytes)
{
	int toggled = bytes[0] ^ 0x55;
	int exponent = toggled >> 4 & 7;
	int mantissa = (toggled & 15) * 2 + 1;
	int magnitude = exponent == 0 ? mantissa : (mantissa + 32) << (exponent - 1);

	return toggled & 0x80 ? magnitude : -magnitude;
}

static double
of_u8(const uint8_t *bytes)
{
	return bytes[0] - 128;
}

static double
of_s16le(const uint8_t *bytes)
{
	return (int16_t) emo_get_little_endian(bytes, 2);
}

static double
of_s16be(const uint8_t *bytes)
{
	return (int16_t) emo_get_big_endian(bytes, 2);
}

static double
of_f32le(const uint8_t *bytes)
{
	uint32_t bits = (uint32_t) emo_get_little_endian(bytes, 4);
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

typedef struct Reading
{
	const char *encoding;
	int sample_bytes;
	double (*value)(const uint8_t *bytes);
} Reading;

static const Reading readings[] = {
	{"s16le", 2, of_s16le}, {"ulaw", 1, of_ulaw},   {"alaw", 1, of_alaw},
	{"s16be", 2, of_s16be}, {"f32le", 4, of_f32le}, {"u8", 1, of_u8},
};

/* Not below MAX_ROUGHNESS for what is no sound, such as silence. */
static double
roughness(const Reading *reading, const uint8_t *bytes, int n_samples)
{
	double mean = 0, power = 0, change = 0, previous = 0;

	for (int i = 0; i < n_samples; i++)
		mean += reading->value(bytes + i * reading->sample_bytes) / n_samples;
	for (int i = 0; i < n_samples; i++)
	{
		double value = reading->value(bytes + i * reading->sample_bytes) - mean;

		power += value * value;
		change += i > 0 ? (value - previous) * (value - previous) : 0;
		previous = value;
	}
	/* Bytes read as floats may be infinite, or not even that. */
	return power > 0 && isfinite(power) && isfinite(change) ? change / power : MAX_ROUGHNESS;
}

const char *
emo_raw_guess(const uint8_t *bytes, size_t n_bytes)
{
	const char *best = NULL;
	double least = MAX_ROUGHNESS;

	for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++)
	{
		size_t n_samples = n_bytes / readings[i].sample_bytes;
		size_t first = n_samples > GUESSED_SAMPLES ? (n_samples - GUESSED_SAMPLES) / 2 : 0;
		double found;

		if (n_samples < MIN_SAMPLES)
			continue;
		if (n_samples > GUESSED_SAMPLES)
			n_samples = GUESSED_SAMPLES;
		found = roughness(&readings[i], bytes + first * readings[i].sample_bytes, (int) n_samples);
		if (found < least)
		{
			least = found;
			best = readings[i].encoding;
		}
	}
	return best;
}
