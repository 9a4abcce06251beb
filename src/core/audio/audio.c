/*
 * audio.c
 *	  Recordings as mono float samples at one rate: mixing down, resampling, whole recordings.
 */
#include "core/audio/audio.h"

#include <math.h>
#include <string.h>

#include "core/audio/file.h"
#include "core/audio/resample.h"

/* Interleaved samples that are held between the decoder and the resampler or mix-down. */
#define BLOCK_SAMPLES 16384

/* Decoded recordings beyond a GiB are refused: no array of PostgreSQL could hold them either. */
#define MAX_DECODED_SAMPLES (INT64_C(1) << 28)

/*
 * Headers lie, so no more memory is taken at first than this many samples per byte, which ADPCM and
 * everything simpler stay below; more is taken as samples come.
 */
#define PLAUSIBLE_SAMPLES_PER_BYTE 8

#define MIN_CAPACITY               1024

/* Copied at a time, between looks for a cancel. */
#define COPIED_SAMPLES (INT64_C(1) << 20)

struct EmoAudioReader
{
	EmoAudioFile file;
	int sample_rate;
	int channel;             /* EMO_MIXED, or from 1 */
	EmoResampler *resampler; /* NULL when the rate stays */
	float *block;            /* NULL for mono at its own rate */
	int64_t n_block;         /* mono samples in block */
	int64_t block_offset;    /* of those, handed to the resampler */
	bool at_end;             /* of the file */
};

static EmoStatus
open_stages(EmoEnv *env, EmoAudioReader *reader, int sample_rate)
{
	const EmoAudioStream *file = &reader->file.stream;

	reader->sample_rate = sample_rate == 0 ? file->sample_rate : sample_rate;
	if (reader->sample_rate != file->sample_rate)
	{
		EmoStatus status =
			emo_resample_open(env, file->sample_rate, reader->sample_rate, &reader->resampler);

		if (status != EMO_OK)
			return status;
	}
	if (reader->resampler == NULL && file->n_channels == 1)
		return EMO_OK;
	reader->block = emo_alloc(env, BLOCK_SAMPLES, sizeof(float));
	return reader->block == NULL ? EMO_OUT_OF_MEMORY : EMO_OK;
}

static EmoStatus
choose_channel(EmoEnv *env, EmoAudioReader *reader, int channel)
{
	int n_channels = reader->file.stream.n_channels;

	reader->channel = channel;
	if (channel <= n_channels)
		return EMO_OK;
	emo_fail(env, EMO_NO_CHANNEL, "recording has no channel %d", channel);
	emo_set_detail(env, "The recording has %d channel%s.", n_channels, n_channels == 1 ? "" : "s");
	emo_set_hint(env, "Channels are counted from 1; with NULL all of them are mixed.");
	return env->status;
}

EmoStatus
emo_audio_open(EmoEnv *env, const void *bytes, size_t n_bytes, int sample_rate, int channel,
			   const EmoAudioLimits *limits, EmoAudioReader **reader)
{
	EmoStatus status = sample_rate == 0 ? EMO_OK : emo_check_sample_rate(env, sample_rate);

	*reader = NULL;
	if (status == EMO_OK && channel < 0)
		status = emo_fail(env, EMO_INVALID_PARAMETER, "channel %d is negative", channel);
	if (status != EMO_OK)
		return status;
	*reader = emo_alloc_zero(env, 1, sizeof(EmoAudioReader));
	if (*reader == NULL)
		return EMO_OUT_OF_MEMORY;
	status = emo_audio_file_open(
		env, bytes, n_bytes, limits == NULL ? &emo_audio_default_limits : limits, &(*reader)->file);
	if (status == EMO_OK)
		status = choose_channel(env, *reader, channel);
	if (status == EMO_OK)
		status = open_stages(env, *reader, sample_rate);
	if (status != EMO_OK)
	{
		emo_audio_close(*reader);
		*reader = NULL;
	}
	return status;
}

void
emo_audio_close(EmoAudioReader *reader)
{
	if (reader == NULL)
		return;
	EmoEnv *env = reader->file.stream.env;

	emo_audio_file_close(&reader->file);
	emo_resample_close(reader->resampler);
	emo_free(env, reader->block);
	emo_free(env, reader);
}

int64_t
emo_audio_announced_samples(const EmoAudioReader *reader)
{
	const EmoAudioStream *file = &reader->file.stream;

	if (file->announced_frames < 0)
		return -1;
	return (int64_t) llround((double) file->announced_frames * reader->sample_rate /
							 file->sample_rate);
}

/* One channel, from 1; mono may be the same memory as interleaved. */
static void
pick(const float *interleaved, int64_t n_frames, int n_channels, int channel, float *mono)
{
	for (int64_t i = 0; i < n_frames; i++)
		mono[i] = interleaved[i * n_channels + channel - 1];
}

/* The mean of the channels, likewise. */
static void
mix_down(const float *interleaved, int64_t n_frames, int n_channels, float *mono)
{
	if (n_channels == 1)
	{
		if (mono != interleaved)
			memcpy(mono, interleaved, n_frames * sizeof(float));
		return;
	}
	for (int64_t i = 0; i < n_frames; i++)
	{
		float sum = 0;

		for (int channel = 0; channel < n_channels; channel++)
			sum += interleaved[i * n_channels + channel];
		mono[i] = sum / n_channels;
	}
}

/* The next block of the file, mixed down, at most max_frames. */
static EmoStatus
fill_block(EmoAudioReader *reader, int64_t max_frames)
{
	EmoAudioFile *file = &reader->file;
	int n_channels = file->stream.n_channels;
	int64_t room = BLOCK_SAMPLES / n_channels;
	EmoStatus status = emo_audio_file_read(file, reader->block,
										   max_frames < room ? max_frames : room, &reader->n_block);

	if (status != EMO_OK)
		return status;
	reader->block_offset = 0;
	reader->at_end = reader->n_block == 0;
	if (reader->channel == EMO_MIXED)
		mix_down(reader->block, reader->n_block, n_channels, reader->block);
	else
		pick(reader->block, reader->n_block, n_channels, reader->channel, reader->block);
	return EMO_OK;
}

static EmoStatus
read_resampled(EmoAudioReader *reader, float *samples, int64_t max_samples, int64_t *n_samples)
{
	while (*n_samples == 0)
	{
		size_t n_consumed = 0;
		size_t n_output = 0;
		EmoStatus status = EMO_OK;

		if (reader->block_offset == reader->n_block && !reader->at_end)
			status = fill_block(reader, BLOCK_SAMPLES);
		if (status == EMO_OK)
			status = emo_resample_feed(reader->resampler,
									   reader->at_end ? NULL : reader->block + reader->block_offset,
									   reader->at_end ? 0 : reader->n_block - reader->block_offset,
									   &n_consumed, samples, max_samples, &n_output);
		if (status != EMO_OK)
			return status;
		reader->block_offset += n_consumed;
		*n_samples = n_output;
		if (reader->at_end)
			return EMO_OK;
	}
	return EMO_OK;
}

EmoStatus
emo_audio_read(EmoAudioReader *reader, float *samples, int64_t max_samples, int64_t *n_samples)
{
	EmoStatus status;

	*n_samples = 0;
	if (reader->resampler != NULL)
		return read_resampled(reader, samples, max_samples, n_samples);
	if (reader->block == NULL)
		return emo_audio_file_read(&reader->file, samples, max_samples, n_samples);
	status = fill_block(reader, max_samples);
	if (status != EMO_OK)
		return status;
	memcpy(samples, reader->block, reader->n_block * sizeof(float));
	*n_samples = reader->n_block;
	return EMO_OK;
}

/* Room for what the header announces and one more, so that the end shows itself without growing. */
static int64_t
first_capacity(const EmoAudioReader *reader)
{
	int64_t announced = emo_audio_announced_samples(reader);
	double stretch = (double) reader->sample_rate / reader->file.stream.sample_rate;
	double plausible =
		reader->file.stream.input.n_bytes * PLAUSIBLE_SAMPLES_PER_BYTE * fmax(stretch, 1.0);
	int64_t capacity = announced < plausible ? announced : (int64_t) plausible;

	if (capacity < MIN_CAPACITY)
		capacity = MIN_CAPACITY;
	if (capacity > MAX_DECODED_SAMPLES)
		capacity = MAX_DECODED_SAMPLES;
	return capacity + 1;
}

static EmoStatus
grow(EmoEnv *env, EmoAudio *audio, int64_t *capacity)
{
	float *larger;

	if (*capacity > MAX_DECODED_SAMPLES)
	{
		EmoStatus status = emo_fail(env, EMO_LIMIT_EXCEEDED, "recording has more than %lld samples",
									(long long) MAX_DECODED_SAMPLES);

		emo_set_hint(env, "Use a lower sample rate or cut the recording into shorter pieces.");
		return status;
	}
	*capacity = *capacity > MAX_DECODED_SAMPLES / 2 ? MAX_DECODED_SAMPLES + 1 : *capacity * 2;
	larger = emo_alloc(env, *capacity, sizeof(float));
	if (larger == NULL)
		return EMO_OUT_OF_MEMORY;
	for (int64_t i = 0; i < audio->n_samples; i += COPIED_SAMPLES)
	{
		int64_t left = audio->n_samples - i;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		memcpy(larger + i, audio->samples + i,
			   (left < COPIED_SAMPLES ? left : COPIED_SAMPLES) * sizeof(float));
	}
	emo_free(env, audio->samples);
	audio->samples = larger;
	return EMO_OK;
}

static EmoStatus
read_all(EmoEnv *env, EmoAudioReader *reader, EmoAudio *audio)
{
	int64_t capacity = first_capacity(reader);
	int64_t n_read;

	audio->samples = emo_alloc(env, capacity, sizeof(float));
	if (audio->samples == NULL)
		return EMO_OUT_OF_MEMORY;
	for (;;)
	{
		EmoStatus status = emo_audio_read(reader, audio->samples + audio->n_samples,
										  capacity - audio->n_samples, &n_read);

		if (status != EMO_OK)
			return status;
		if (n_read == 0)
			break;
		audio->n_samples += n_read;
		if (audio->n_samples == capacity)
			status = grow(env, audio, &capacity);
		if (status != EMO_OK)
			return status;
	}
	if (audio->n_samples == 0)
		return emo_fail(env, EMO_BAD_DATA, "recording is too short for a sample rate of %d Hz",
						reader->sample_rate);
	return EMO_OK;
}

EmoStatus
emo_audio_decode(EmoEnv *env, const void *bytes, size_t n_bytes, int sample_rate, int channel,
				 const EmoAudioLimits *limits, EmoAudio *audio)
{
	EmoAudioReader *reader;
	EmoStatus status;

	memset(audio, 0, sizeof(*audio));
	status = emo_audio_open(env, bytes, n_bytes, sample_rate, channel, limits, &reader);
	if (status != EMO_OK)
		return status;
	status = read_all(env, reader, audio);
	audio->sample_rate = reader->sample_rate;
	audio->truncated = reader->file.stream.truncated;
	emo_audio_close(reader);
	if (status != EMO_OK)
		emo_audio_free(env, audio);
	return status;
}

void
emo_audio_free(EmoEnv *env, EmoAudio *audio)
{
	emo_free(env, audio->samples);
	audio->samples = NULL;
	audio->n_samples = 0;
}
