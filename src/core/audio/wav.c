/*
 * wav.c
 *	  WAV files from float samples.
 */
#include "core/audio/wav.h"

#include <math.h>
#include <sndfile.h>
#include <string.h>

/* RIFF, fmt, fact and data headers take 44 to 58 bytes. */
#define MAX_HEADER_BYTES 128

#define BLOCK_SAMPLES    8192

/* Samples looked at between two looks at whether to stop. */
#define SAMPLES_PER_CHECK (1 << 20)

/* What libsndfile writes into. */
typedef struct Target
{
	uint8_t *bytes;
	int64_t capacity;
	int64_t length;
	int64_t position;
} Target;

static sf_count_t
target_length(void *user_data)
{
	return ((Target *) user_data)->length;
}

static sf_count_t
target_seek(sf_count_t offset, int whence, void *user_data)
{
	Target *target = user_data;
	int64_t base = whence == SEEK_CUR ? target->position : whence == SEEK_END ? target->length : 0;

	if (base + offset < 0 || base + offset > target->capacity)
		return -1;
	target->position = base + offset;
	return target->position;
}

static sf_count_t
target_read(void *bytes, sf_count_t count, void *user_data)
{
	(void) bytes;
	(void) count;
	(void) user_data;
	return 0;
}

static sf_count_t
target_write(const void *bytes, sf_count_t count, void *user_data)
{
	Target *target = user_data;

	if (count > target->capacity - target->position)
		return 0;
	memcpy(target->bytes + target->position, bytes, count);
	target->position += count;
	if (target->position > target->length)
		target->length = target->position;
	return count;
}

static sf_count_t
target_tell(void *user_data)
{
	return ((Target *) user_data)->position;
}

static size_t
bytes_per_sample(EmoWavEncoding encoding)
{
	return encoding == EMO_WAV_PCM16 ? sizeof(int16_t) : sizeof(float);
}

size_t
emo_wav_max_bytes(int64_t n_samples, EmoWavEncoding encoding)
{
	return MAX_HEADER_BYTES + n_samples * bytes_per_sample(encoding);
}

static int
write_pcm16(SNDFILE *handle, const float *samples, int n_samples)
{
	int16_t block[BLOCK_SAMPLES];

	for (int i = 0; i < n_samples; i++)
		block[i] = (int16_t) lrintf(fminf(fmaxf(samples[i] * 32768.0f, -32768.0f), 32767.0f));
	return sf_write_short(handle, block, n_samples) == n_samples;
}

static int
write_float32(SNDFILE *handle, const float *samples, int n_samples)
{
	float block[BLOCK_SAMPLES];

	for (int i = 0; i < n_samples; i++)
		block[i] = fminf(fmaxf(samples[i], -1.0f), 1.0f);
	return sf_write_float(handle, block, n_samples) == n_samples;
}

static EmoStatus
write_blocks(EmoEnv *env, SNDFILE *handle, const float *samples, int64_t n_samples, int n_channels,
			 EmoWavEncoding encoding)
{
	const int whole_frames = BLOCK_SAMPLES / n_channels * n_channels;

	for (int64_t start = 0; start < n_samples; start += whole_frames)
	{
		int64_t left = n_samples - start;
		int n_block = left < whole_frames ? (int) left : whole_frames;
		EmoStatus status = emo_check_stop(env);
		int written;

		if (status != EMO_OK)
			return status;
		if (encoding == EMO_WAV_PCM16)
			written = write_pcm16(handle, samples + start, n_block);
		else
			written = write_float32(handle, samples + start, n_block);
		if (!written)
			return emo_fail(env, EMO_INVALID_PARAMETER, "could not write audio");
	}
	return EMO_OK;
}

static EmoStatus
check_samples(EmoEnv *env, const float *samples, int64_t n_samples, int sample_rate)
{
	EmoStatus status = emo_check_sample_rate(env, sample_rate);

	if (status != EMO_OK)
		return status;
	if (n_samples < 1)
		return emo_fail(env, EMO_INVALID_PARAMETER, "samples must not be empty");
	for (int64_t i = 0; i < n_samples; i++)
	{
		if (i % SAMPLES_PER_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (isfinite(samples[i]))
			continue;
		status = emo_fail(env, EMO_INVALID_PARAMETER, "samples must be finite");
		emo_set_detail(env, "Sample %lld is %s.", (long long) i + 1,
					   isnan(samples[i]) ? "NaN" : "infinite");
		return status;
	}
	return EMO_OK;
}

EmoStatus
emo_wav_write(EmoEnv *env, const float *samples, int64_t n_samples, int n_channels, int sample_rate,
			  EmoWavEncoding encoding, uint8_t *buffer, size_t *n_bytes)
{
	SF_VIRTUAL_IO io = {target_length, target_seek, target_read, target_write, target_tell};
	Target target = {buffer, emo_wav_max_bytes(n_samples, encoding), 0, 0};
	SF_INFO info = {.samplerate = sample_rate, .channels = n_channels};
	SNDFILE *handle;
	EmoStatus status = check_samples(env, samples, n_samples, sample_rate);

	*n_bytes = 0;
	if (status != EMO_OK)
		return status;
	info.format = SF_FORMAT_WAV | (encoding == EMO_WAV_PCM16 ? SF_FORMAT_PCM_16 : SF_FORMAT_FLOAT);
	handle = sf_open_virtual(&io, SFM_WRITE, &info, &target);
	if (handle == NULL)
	{
		status = emo_fail(env, EMO_INVALID_PARAMETER, "could not write audio");
		emo_set_detail(env, "libsndfile reports: %s", sf_strerror(NULL));
		return status;
	}
	/* The PEAK chunk of float files carries the time of day. */
	sf_command(handle, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
	status = write_blocks(env, handle, samples, n_samples, n_channels, encoding);
	sf_close(handle);
	*n_bytes = target.length;
	return status;
}
