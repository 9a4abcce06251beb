/*
 * join_channels.c
 *	  emoser_join_channels(): the two sides of a call that come as a recording each, as one of two channels.
 */
#include "pg/source/audio_arg.h"

#include "miscadmin.h"

#include "pg/source/wav_result.h"

#define N_SIDES 2

/* Samples between two looks at interrupts. */
#define SAMPLES_PER_CHECK 1048576

/* A recording, each of its channels mixed, at a rate; 0 for its own.  False where NULL is wanted. */
static bool
decode_side(EmoEnv *env, struct varlena *bytes, int sample_rate, OnBadAudio on_bad_audio,
			EmoAudio *side)
{
	AudioOptions options = {EMO_MIXED, on_bad_audio};

	return emoser_decode_audio(env, bytes, sample_rate, options, side);
}

/* Both at the higher rate. */
static bool
decode_sides(FunctionCallInfo fcinfo, EmoEnv *env, OnBadAudio on_bad_audio, EmoAudio *sides)
{
	struct varlena *bytes[N_SIDES] = {PG_GETARG_BYTEA_PP(0), PG_GETARG_BYTEA_PP(1)};
	int sample_rate = 0;

	for (int side = 0; side < N_SIDES; side++)
	{
		if (!decode_side(env, bytes[side], 0, on_bad_audio, &sides[side]))
			return false;
		sample_rate = Max(sample_rate, sides[side].sample_rate);
	}
	for (int side = 0; side < N_SIDES; side++)
	{
		if (sides[side].sample_rate == sample_rate)
			continue;
		emo_audio_free(env, &sides[side]);
		if (!decode_side(env, bytes[side], sample_rate, on_bad_audio, &sides[side]))
			return false;
	}
	return true;
}

/* The shorter one goes on with silence. */
static float *
interleave(EmoEnv *env, const EmoAudio *sides, int64 n_frames)
{
	float *samples;

	emoser_check_wav_fits(n_frames * N_SIDES, EMO_WAV_PCM16);
	samples = emo_alloc(env, n_frames, N_SIDES * sizeof(float));
	if (samples == NULL)
		emoser_raise(env);
	for (int64 i = 0; i < n_frames; i++)
	{
		if (i % SAMPLES_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		for (int side = 0; side < N_SIDES; side++)
			samples[N_SIDES * i + side] = i < sides[side].n_samples ? sides[side].samples[i] : 0;
	}
	return samples;
}

PG_FUNCTION_INFO_V1(emoser_join_channels);
Datum
emoser_join_channels(PG_FUNCTION_ARGS)
{
	OnBadAudio on_bad_audio = emoser_on_bad_audio(fcinfo);
	EmoAudio sides[N_SIDES];
	int64 n_frames;
	EmoEnv env;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	emoser_env_init(&env, CurrentMemoryContext);
	if (!decode_sides(fcinfo, &env, on_bad_audio, sides))
		PG_RETURN_NULL();
	n_frames = Max(sides[0].n_samples, sides[1].n_samples);
	PG_RETURN_BYTEA_P(emoser_wav_result(&env, interleave(&env, sides, n_frames), n_frames * N_SIDES,
										N_SIDES, sides[0].sample_rate, EMO_WAV_PCM16));
}
