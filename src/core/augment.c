/*
 * augment.c
 *	  Altered copies of a recording, so that a model learns what doesn't matter.
 */
#include "core/augment.h"

#include <math.h>

#include "core/random.h"
#include "core/resample.h"

/*
 * Other speakers: pitch, formants and rate together go up or down by 5 % and by 10 %, as they do
 * between speakers of one sex; and one copy with a noise floor.
 */
static const struct
{
	int input_rate, output_rate; /* resampled between these, and played at the old rate */
	double noise_db;             /* relative to the recording; 0 for none */
} copies[EMO_AUGMENT_N_COPIES] = {
	{20, 19, 0}, {19, 20, 0}, {10, 9, 0}, {9, 10, 0}, {1, 1, -30},
};

static EmoStatus
change_speed(EmoEnv *env, int input_rate, int output_rate, const float *samples, int64_t n_samples,
			 float **copy, int64_t *n_copy_samples)
{
	/* A few more than the ratio says, for the resampler's rounding. */
	size_t room = (size_t) (n_samples * output_rate / input_rate) + 64;
	EmoResampler *resampler;
	size_t n_fed = 0, n_made = 0, n_consumed, n_output;

	*copy = emo_alloc(env, room, sizeof(float));
	if (*copy == NULL || emo_resample_open(env, input_rate, output_rate, &resampler) != EMO_OK)
		return env->status;
	for (;;)
	{
		size_t n_left = (size_t) n_samples - n_fed;
		EmoStatus status = emo_check_stop(env);

		if (status == EMO_OK)
			status = emo_resample_feed(resampler, n_left > 0 ? samples + n_fed : NULL, n_left,
									   &n_consumed, *copy + n_made, room - n_made, &n_output);
		if (status != EMO_OK)
		{
			emo_resample_close(resampler);
			return status;
		}
		if (n_left == 0 && n_output == 0)
			break;
		n_fed += n_left > 0 ? n_consumed : 0;
		n_made += n_output;
		if (n_made == room)
			break;
	}
	emo_resample_close(resampler);
	/* A recording of a sample or two may resample to none. */
	if (n_made == 0)
		(*copy)[n_made++] = samples[0];
	*n_copy_samples = (int64_t) n_made;
	return EMO_OK;
}

static EmoStatus
add_noise(EmoEnv *env, double noise_db, uint64_t seed, const float *samples, int64_t n_samples,
		  float **copy, int64_t *n_copy_samples)
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
		(*copy)[i] = samples[i] + level * (float) emo_random_normal(&random);
	*n_copy_samples = n_samples;
	return EMO_OK;
}

EmoStatus
emo_augment_copy(EmoEnv *env, int kind, uint64_t seed, const float *samples, int64_t n_samples,
				 float **copy, int64_t *n_copy_samples)
{
	if (copies[kind].noise_db != 0)
		return add_noise(env, copies[kind].noise_db, seed, samples, n_samples, copy,
						 n_copy_samples);
	return change_speed(env, copies[kind].input_rate, copies[kind].output_rate, samples, n_samples,
						copy, n_copy_samples);
}
