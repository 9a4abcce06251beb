/*
 * augment.c
 *	  Altered copies of training recordings.
 */
#include "core/features/augment.h"

#include <math.h>

#include "core/audio/speed.h"
#include "core/base/random.h"
#include "core/dsp/mel.h"

typedef enum CopyMethod
{
	COPY_SPEED,   /* pitch, formants and rate go up or down together */
	COPY_WARP,    /* formants alone: vocal tract length perturbation (Jaitly & Hinton 2013) */
	COPY_NOISE,   /* white noise */
	COPY_EQUALISE /* a random smooth frequency response */
} CopyMethod;

/*
 * All copies of a kind are louder or softer by 6 dB, so that a model relies on how loud a recording
 * is no more than where that is so by chance, and a profile of such copies takes it out again.  By a
 * power of two, which leaves all bits of what doesn't depend on it.
 */
#define LOUDER 2.0f
#define SOFTER 0.5f

static const struct
{
	CopyMethod method;
	int n_input, n_output; /* COPY_SPEED: see speed.h */
	double amount;         /* COPY_WARP: factor; others: dB */
	float gain;            /* LOUDER or SOFTER */
} copies[EMO_AUGMENT_N_COPIES] = {
	{COPY_SPEED, 20, 19, 0, LOUDER},   {COPY_SPEED, 19, 20, 0, SOFTER},
	{COPY_WARP, 0, 0, 0.92, SOFTER},   {COPY_WARP, 0, 0, 1.08, LOUDER},
	{COPY_NOISE, 0, 0, -20.0, LOUDER}, {COPY_EQUALISE, 0, 0, 6.0, SOFTER},
};

#define NYQUIST_HZ (EMO_CONTOUR_SAMPLE_RATE / 2.0)
#define BIN_HZ     (NYQUIST_HZ / (EMO_CONTOUR_N_BINS - 1))

/* Warping is linear below this, where the formants are. */
#define WARP_EDGE_HZ 4800.0

/* Points of a random frequency response, equally spaced in mel. */
#define N_EQUALISER_POINTS 6

/* Samples between two looks at whether to stop. */
#define BLOCK_SAMPLES 65536

static EmoStatus
add_noise(EmoEnv *env, double noise_db, uint64_t seed, const float *samples, int64_t n_samples,
		  float **copy)
{
	EmoRandom random;
	double square = 0;
	float level;

	*copy = emo_alloc(env, n_samples, sizeof(float));
	if (*copy == NULL)
		return env->status;
	for (int64_t i = 0; i < n_samples; i++)
		square += (double) samples[i] * samples[i];
	level = (float) (sqrt(square / (double) n_samples) * pow(10, noise_db / 20));
	emo_random_seed(&random, seed);
	for (int64_t i = 0; i < n_samples; i++)
	{
		if (i % BLOCK_SAMPLES == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		(*copy)[i] = samples[i] + level * emo_random_noise(&random);
	}
	return EMO_OK;
}

/* Frequencies are stretched by factor up to an edge, and what remains is fitted in above it. */
static void
warp_spectrum(double factor, EmoSpectralChange *change)
{
	double edge_hz = WARP_EDGE_HZ * fmin(factor, 1);

	for (int k = 0; k < EMO_CONTOUR_N_BINS; k++)
	{
		double hz = k * BIN_HZ;
		double from_hz = hz <= edge_hz
							 ? hz / factor
							 : NYQUIST_HZ - (NYQUIST_HZ - edge_hz / factor) /
												(NYQUIST_HZ - edge_hz) * (NYQUIST_HZ - hz);

		change->position[k] = (float) fmin(fmax(from_hz / BIN_HZ, 0), EMO_CONTOUR_N_BINS - 1);
		change->gain[k] = 1;
	}
}

static void
equalise_spectrum(double max_db, uint64_t seed, EmoSpectralChange *change)
{
	double top_mel = emo_hz_to_mel(EMO_MEL_HTK, NYQUIST_HZ);
	double points_db[N_EQUALISER_POINTS];
	EmoRandom random;

	emo_random_seed(&random, seed);
	for (int i = 0; i < N_EQUALISER_POINTS; i++)
		points_db[i] = max_db * (2 * emo_random_uniform(&random) - 1);
	for (int k = 0; k < EMO_CONTOUR_N_BINS; k++)
	{
		double at = emo_hz_to_mel(EMO_MEL_HTK, k * BIN_HZ) / top_mel * (N_EQUALISER_POINTS - 1);
		int below = (int) fmin(at, N_EQUALISER_POINTS - 2);
		double db = points_db[below] + (at - below) * (points_db[below + 1] - points_db[below]);

		change->position[k] = (float) k;
		change->gain[k] = (float) pow(10, db / 10);
	}
}

/* A seed for a recording, so that noises differ from one to the next: FNV-1a over its samples. */
static uint64_t
seed_of_recording(uint64_t seed, const float *samples, int64_t n_samples)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ seed;

	for (int64_t i = 0; i < n_samples; i++)
	{
		union
		{
			float value;
			uint32_t bits;
		} sample = {samples[i]};

		hash = (hash ^ sample.bits) * UINT64_C(0x100000001b3);
	}
	return hash;
}

/* gain * samples, in place if they are a copy already. */
static EmoStatus
scale_copy(EmoEnv *env, float gain, const float *samples, int64_t n_samples, float **copy)
{
	if (*copy == NULL && (*copy = emo_alloc(env, n_samples, sizeof(float))) == NULL)
		return env->status;
	for (int64_t start = 0; start < n_samples; start += BLOCK_SAMPLES)
	{
		int64_t end = start + BLOCK_SAMPLES < n_samples ? start + BLOCK_SAMPLES : n_samples;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int64_t i = start; i < end; i++)
			(*copy)[i] = gain * samples[i];
	}
	return EMO_OK;
}

EmoStatus
emo_augmented_features(EmoEnv *env, EmoFeaturePlan *plan, int kind, uint64_t seed,
					   const float *samples, int64_t n_samples, float *features)
{
	double amount = copies[kind - 1].amount;
	EmoSpectralChange spectral;
	const EmoSpectralChange *change = NULL;
	float *copy = NULL;
	EmoStatus status = EMO_OK;

	switch (copies[kind - 1].method)
	{
		case COPY_SPEED:
			status = emo_change_speed(env, copies[kind - 1].n_input, copies[kind - 1].n_output,
									  samples, n_samples, &copy, &n_samples);
			break;
		case COPY_NOISE:
			status = add_noise(env, amount, seed_of_recording(seed, samples, n_samples), samples,
							   n_samples, &copy);
			break;
		case COPY_WARP:
			warp_spectrum(amount, &spectral);
			change = &spectral;
			break;
		case COPY_EQUALISE:
			equalise_spectrum(amount, seed_of_recording(seed, samples, n_samples), &spectral);
			change = &spectral;
			break;
	}
	if (status != EMO_OK)
		return status;
	if (scale_copy(env, copies[kind - 1].gain, copy != NULL ? copy : samples, n_samples, &copy) !=
			EMO_OK ||
		emo_features(env, plan, copy, n_samples, change, features) != EMO_OK)
		return env->status;
	emo_free(env, copy);
	return EMO_OK;
}

EmoStatus
emo_degraded_copy(EmoEnv *env, const EmoDegradeOptions *options, int number, uint64_t seed,
				  const float *samples, int64_t n_samples, float **copy, int64_t *n_copy)
{
	EmoDegradation degradation = emo_degradation(options, number);
	EmoRandom random;

	emo_random_seed(&random, seed_of_recording(seed, samples, n_samples));
	/* Each number is mixed by the generator before the next is added. */
	emo_random_seed(&random, emo_random_bits(&random) + (uint64_t) number);
	return emo_degrade(env, &degradation, &random, EMO_FEATURE_SAMPLE_RATE, samples, n_samples,
					   copy, n_copy);
}

EmoStatus
emo_degraded_features(EmoEnv *env, EmoFeaturePlan *plan, const EmoDegradeOptions *options,
					  int number, uint64_t seed, const float *samples, int64_t n_samples,
					  float *features)
{
	float *copy;
	int64_t n_copy;

	if (emo_degraded_copy(env, options, number, seed, samples, n_samples, &copy, &n_copy) !=
			EMO_OK ||
		scale_copy(env, number % 2 == 0 ? LOUDER : SOFTER, copy, n_copy, &copy) != EMO_OK ||
		emo_features(env, plan, copy, n_copy, NULL, features) != EMO_OK)
		return env->status;
	emo_free(env, copy);
	return EMO_OK;
}
