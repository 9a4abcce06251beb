/*
 * state_quantise.c
 *	  From features to the integers that training states sum up.
 */
#include <math.h>
#include <string.h>

#include "core/lda/kernels.h"
#include "core/lda/state.h"

/* A deviation below this share of the mean is the resolution of float; a smaller one has no finite inverse. */
#define RELATIVE_RESOLUTION 1e-7
#define MIN_DEVIATION       1e-30

void
emo_state_inverse_deviation(int n_features, const float *mean, const float *deviation,
							float *inverse_deviation)
{
	for (int i = 0; i < n_features; i++)
	{
		bool varies =
			deviation[i] > RELATIVE_RESOLUTION * fabs(mean[i]) && deviation[i] > MIN_DEVIATION;

		inverse_deviation[i] = varies ? (float) (1 / (double) deviation[i]) : 0;
	}
}

void
emo_quantise(int n_features, const float *mean, const float *inverse_deviation,
			 const float *features, int16_t *q)
{
	emo_lda_kernels()->quantise(n_features, mean, inverse_deviation, features, EMO_STATE_UNIT,
								EMO_STATE_MAX_Z, q);
}

/* A step of FNV-1a for words of 64 bits, with the upper half, into which products carry, folded down. */
static uint64_t
mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x100000001b3u;
	return hash ^ hash >> 32;
}

static uint64_t
mix_floats(uint64_t hash, const float *values, int n)
{
	for (int i = 0; i < n; i++)
	{
		/* Zeros of either sign are equal. */
		float value = values[i] == 0 ? 0 : values[i];
		uint32_t bits;

		memcpy(&bits, &value, sizeof(bits));
		hash = mix(hash, bits);
	}
	return hash;
}

uint64_t
emo_state_scale_id(int n_features, const float *mean, const float *deviation, bool with_profile)
{
	uint64_t hash = mix(0xcbf29ce484222325u, with_profile ? 2 : 1);

	hash = mix(hash, (uint64_t) n_features);
	return mix_floats(mix_floats(hash, mean, n_features), deviation, n_features);
}
