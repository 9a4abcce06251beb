/*
 * audio.c
 *	  Whole recordings as float samples at one rate.
 */
#include "core/audio/audio.h"

#include <string.h>

#include "core/audio/mixture.h"

/* Decoded recordings beyond a GiB are refused: no array of PostgreSQL could hold them either. */
#define MAX_DECODED_SAMPLES (INT64_C(1) << 28)

#define MIN_CAPACITY        1024

/* Interleaved samples between the reader and its lanes. */
#define BLOCK_SAMPLES 16384

/* Copied at a time, between looks for a cancel. */
#define COPIED_SAMPLES (INT64_C(1) << 20)

EmoStatus
emo_audio_open(EmoEnv *env, const void *bytes, size_t n_bytes, int sample_rate, int channel,
			   const EmoAudioLimits *limits, EmoAudioReader **reader)
{
	EmoMixture mixture;
	EmoStatus status = emo_reader_open(env, bytes, n_bytes, sample_rate, channel, limits, reader);

	if (status != EMO_OK || channel != EMO_MIXED || emo_audio_channels(*reader) == 1)
		return status;
	status = emo_measure_mixture(env, bytes, n_bytes, limits, &mixture);
	if (status == EMO_OK)
	{
		emo_reader_mix(*reader, &mixture);
		return EMO_OK;
	}
	emo_audio_close(*reader);
	*reader = NULL;
	return status;
}

/* What a reader delivers, each of its lanes for itself. */
typedef struct Whole
{
	EmoAudio *lanes;
	int n_lanes;
	int64_t capacity; /* of each */
	int64_t max_samples;
	float *block; /* of interleaved frames; NULL for one lane */
} Whole;

static EmoStatus
begin(EmoEnv *env, const EmoAudioReader *reader, EmoAudio *lanes, Whole *whole)
{
	int64_t plausible = emo_audio_plausible_samples(reader);

	memset(whole, 0, sizeof(*whole));
	whole->lanes = lanes;
	whole->n_lanes = emo_audio_lanes(reader);
	whole->max_samples = MAX_DECODED_SAMPLES / whole->n_lanes;
	if (plausible < MIN_CAPACITY)
		plausible = MIN_CAPACITY;
	/* One more, so that the end shows itself without growing. */
	whole->capacity = (plausible < whole->max_samples ? plausible : whole->max_samples) + 1;
	for (int i = 0; i < whole->n_lanes; i++)
	{
		lanes[i].sample_rate = emo_audio_rate(reader);
		lanes[i].samples = emo_alloc(env, whole->capacity, sizeof(float));
		if (lanes[i].samples == NULL)
			return EMO_OUT_OF_MEMORY;
	}
	if (whole->n_lanes > 1)
		whole->block = emo_alloc(env, BLOCK_SAMPLES, sizeof(float));
	return whole->n_lanes > 1 && whole->block == NULL ? EMO_OUT_OF_MEMORY : EMO_OK;
}

static EmoStatus
fail_too_many(EmoEnv *env)
{
	EmoStatus status = emo_fail(env, EMO_LIMIT_EXCEEDED, "recording has more than %lld samples",
								(long long) MAX_DECODED_SAMPLES);

	emo_set_hint(env, "Use a lower sample rate or cut the recording into shorter pieces.");
	return status;
}

static EmoStatus
grow_lane(EmoEnv *env, EmoAudio *lane, int64_t capacity)
{
	float *larger = emo_alloc(env, capacity, sizeof(float));

	if (larger == NULL)
		return EMO_OUT_OF_MEMORY;
	for (int64_t i = 0; i < lane->n_samples; i += COPIED_SAMPLES)
	{
		int64_t left = lane->n_samples - i;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		memcpy(larger + i, lane->samples + i,
			   (left < COPIED_SAMPLES ? left : COPIED_SAMPLES) * sizeof(float));
	}
	emo_free(env, lane->samples);
	lane->samples = larger;
	return EMO_OK;
}

static EmoStatus
grow(EmoEnv *env, Whole *whole)
{
	if (whole->capacity > whole->max_samples)
		return fail_too_many(env);
	whole->capacity =
		whole->capacity > whole->max_samples / 2 ? whole->max_samples + 1 : whole->capacity * 2;
	for (int i = 0; i < whole->n_lanes; i++)
		if (grow_lane(env, &whole->lanes[i], whole->capacity) != EMO_OK)
			return env->status;
	return EMO_OK;
}

/* More samples of each lane, as many as there is room for; none at the end. */
static EmoStatus
read_more(EmoAudioReader *reader, Whole *whole, int64_t *n_read)
{
	int64_t n_held = whole->lanes[0].n_samples;
	int64_t room = whole->capacity - n_held;
	int n_lanes = whole->n_lanes;
	EmoStatus status;

	if (n_lanes == 1)
		status = emo_audio_read(reader, whole->lanes[0].samples + n_held, room, n_read);
	else
		status =
			emo_audio_read(reader, whole->block,
						   room < BLOCK_SAMPLES / n_lanes ? room : BLOCK_SAMPLES / n_lanes, n_read);
	if (status != EMO_OK)
		return status;
	for (int i = 0; i < n_lanes; i++)
	{
		float *samples = whole->lanes[i].samples + n_held;

		for (int64_t k = 0; n_lanes > 1 && k < *n_read; k++)
			samples[k] = whole->block[k * n_lanes + i];
		whole->lanes[i].n_samples += *n_read;
	}
	return EMO_OK;
}

static EmoStatus
read_all(EmoEnv *env, EmoAudioReader *reader, EmoAudio *lanes)
{
	Whole whole;
	EmoStatus status = begin(env, reader, lanes, &whole);
	int64_t n_read = 1;

	while (status == EMO_OK && n_read > 0)
	{
		status = read_more(reader, &whole, &n_read);
		if (status == EMO_OK && lanes[0].n_samples == whole.capacity)
			status = grow(env, &whole);
	}
	emo_free(env, whole.block);
	if (status == EMO_OK && lanes[0].n_samples == 0)
		status = emo_fail(env, EMO_BAD_DATA, "recording is too short for a sample rate of %d Hz",
						  emo_audio_rate(reader));
	for (int i = 0; i < whole.n_lanes; i++)
	{
		lanes[i].truncated = emo_audio_truncated(reader);
		lanes[i].differs = emo_audio_differs(reader);
		if (status != EMO_OK)
			emo_audio_free(env, &lanes[i]);
	}
	return status;
}

EmoStatus
emo_audio_decode(EmoEnv *env, const void *bytes, size_t n_bytes, int sample_rate, int channel,
				 const EmoAudioLimits *limits, EmoAudio *audio)
{
	EmoAudioReader *reader;
	EmoStatus status;

	memset(audio, 0, sizeof(*audio));
	if (channel < EMO_MIXED)
		return emo_fail(env, EMO_INVALID_PARAMETER, "there is no channel %d", channel);
	status = emo_audio_open(env, bytes, n_bytes, sample_rate, channel, limits, &reader);
	if (status != EMO_OK)
		return status;
	status = read_all(env, reader, audio);
	emo_audio_close(reader);
	return status;
}

EmoStatus
emo_audio_read_channels(EmoEnv *env, EmoAudioReader *reader, EmoAudioChannels *channels)
{
	EmoStatus status;

	channels->n = emo_audio_channels(reader);
	channels->items = emo_alloc_zero(env, channels->n, sizeof(EmoAudio));
	status = channels->items == NULL ? env->status : read_all(env, reader, channels->items);
	if (status != EMO_OK)
		memset(channels, 0, sizeof(*channels));
	return status;
}

EmoStatus
emo_audio_decode_channels(EmoEnv *env, const void *bytes, size_t n_bytes, int sample_rate,
						  const EmoAudioLimits *limits, EmoAudioChannels *channels)
{
	EmoAudioReader *reader;
	EmoStatus status =
		emo_audio_open(env, bytes, n_bytes, sample_rate, EMO_ALL_CHANNELS, limits, &reader);

	memset(channels, 0, sizeof(*channels));
	if (status == EMO_OK)
		status = emo_audio_read_channels(env, reader, channels);
	emo_audio_close(reader);
	return status;
}

void
emo_audio_free(EmoEnv *env, EmoAudio *audio)
{
	emo_free(env, audio->samples);
	audio->samples = NULL;
	audio->n_samples = 0;
}

void
emo_audio_free_channels(EmoEnv *env, EmoAudioChannels *channels)
{
	for (int i = 0; i < channels->n; i++)
		emo_audio_free(env, &channels->items[i]);
	emo_free(env, channels->items);
	memset(channels, 0, sizeof(*channels));
}
