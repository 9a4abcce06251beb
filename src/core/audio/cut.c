/*
 * cut.c
 *	  A part of a recording, without decoding what comes before it where the container allows.
 */
#include "core/audio/cut.h"

#include <math.h>
#include <string.h>

#include "core/audio/file.h"
#include "core/audio/reader.h"

#define BLOCK_SAMPLES 16384

/* As of decoded recordings (audio.c). */
#define MAX_CUT_SAMPLES (INT64_C(1) << 28)

/* Of recordings of 16 bits. */
#define FULL_SCALE_16_BITS (32767.0f / 32768.0f)

static EmoStatus
check_times(EmoEnv *env, double start_s, double end_s)
{
	if (!isfinite(start_s) || start_s < 0)
		return emo_fail(env, EMO_INVALID_PARAMETER, "start_s must be at least 0, and finite");
	if (!(end_s > start_s))
	{
		emo_fail(env, EMO_INVALID_PARAMETER, "end_s must be greater than start_s");
		emo_set_detail(env, "It is %g, and start_s is %g.", end_s, start_s);
		return env->status;
	}
	return EMO_OK;
}

static EmoStatus
grow(EmoEnv *env, EmoCut *cut, int64_t *capacity)
{
	float *larger;

	if (*capacity * cut->n_channels > MAX_CUT_SAMPLES / 2)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "the part has more than %lld samples",
						(long long) MAX_CUT_SAMPLES);
	*capacity *= 2;
	larger = emo_alloc(env, (size_t) *capacity * cut->n_channels, sizeof(float));
	if (larger == NULL)
		return EMO_OUT_OF_MEMORY;
	for (int64_t i = 0; i < cut->n_frames * cut->n_channels; i += BLOCK_SAMPLES)
	{
		int64_t left = cut->n_frames * cut->n_channels - i;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		memcpy(larger + i, cut->samples + i,
			   (left < BLOCK_SAMPLES ? left : BLOCK_SAMPLES) * sizeof(float));
	}
	emo_free(env, cut->samples);
	cut->samples = larger;
	return EMO_OK;
}

static void
append(const float *block, int64_t n_frames, int n_channels, int channel, EmoCut *cut)
{
	float *target = cut->samples + cut->n_frames * cut->n_channels;

	if (channel == EMO_ALL_CHANNELS)
		memcpy(target, block, n_frames * n_channels * sizeof(float));
	for (int64_t i = 0; channel != EMO_ALL_CHANNELS && i < n_frames; i++)
		target[i] = block[i * n_channels + channel - 1];
	cut->n_frames += n_frames;
}

static EmoStatus
read_part(EmoAudioFile *file, int64_t max_frames, int channel, EmoCut *cut)
{
	EmoEnv *env = file->stream.env;
	int n_channels = file->stream.n_channels;
	int64_t room = BLOCK_SAMPLES / n_channels;
	int64_t capacity = room;
	float *block = emo_alloc(env, BLOCK_SAMPLES, sizeof(float));
	EmoStatus status = EMO_OK;
	int64_t n_read = 1;

	cut->samples = emo_alloc(env, (size_t) capacity * cut->n_channels, sizeof(float));
	if (block == NULL || cut->samples == NULL)
		return EMO_OUT_OF_MEMORY;
	while (cut->n_frames < max_frames)
	{
		int64_t left = max_frames - cut->n_frames;

		status = emo_audio_file_read(file, block, left < room ? left : room, &n_read);
		if (status == EMO_OK && cut->n_frames + n_read > capacity)
			status = grow(env, cut, &capacity);
		if (status != EMO_OK || n_read == 0)
			break;
		append(block, n_read, n_channels, channel, cut);
	}
	emo_free(env, block);
	return status;
}

static EmoStatus
fail_no_channel(const EmoAudioFile *file, int channel)
{
	EmoEnv *env = file->stream.env;
	int n_channels = file->stream.n_channels;

	emo_fail(env, EMO_NO_CHANNEL, "recording has no channel %d", channel);
	emo_set_detail(env, "The recording has %d channel%s.", n_channels, n_channels == 1 ? "" : "s");
	emo_set_hint(env, "Channels are counted from 1; with NULL all of them are kept.");
	return env->status;
}

static EmoStatus
cut_file(EmoAudioFile *file, double start_s, double end_s, int channel, const EmoChannelRule *rule,
		 EmoCut *cut)
{
	const EmoAudioStream *stream = &file->stream;
	/* Beyond any recording; doubles of that size are whole numbers. */
	const double last = 9e15;
	int64_t start = llround(fmin(start_s * stream->sample_rate, last));
	int64_t end = llround(fmin(end_s * stream->sample_rate, last));
	EmoStatus status;

	if (channel > stream->n_channels)
		return fail_no_channel(file, channel);
	status = emo_check_channel_is_allowed(stream->env, rule, stream->n_channels, channel);
	if (status != EMO_OK)
		return status;
	cut->n_channels = channel == EMO_ALL_CHANNELS ? stream->n_channels : 1;
	cut->sample_rate = stream->sample_rate;
	cut->is_fine = stream->full_scale > FULL_SCALE_16_BITS;
	status = emo_audio_file_seek(file, start);
	if (status == EMO_OK && file->n_frames == start)
		status = read_part(file, end > start ? end - start : 1, channel, cut);
	if (status != EMO_OK || cut->n_frames > 0)
		return status;
	status = emo_fail(stream->env, EMO_INVALID_PARAMETER, "recording ends before start_s, %g s",
					  start_s);
	emo_set_hint(stream->env, "emoser_audio_info(audio) tells how long it is.");
	return status;
}

EmoStatus
emo_audio_cut(EmoEnv *env, const void *bytes, size_t n_bytes, double start_s, double end_s,
			  int channel, const EmoAudioLimits *limits, EmoCut *cut)
{
	EmoAudioFile file;
	EmoStatus status = check_times(env, start_s, end_s);

	memset(cut, 0, sizeof(*cut));
	if (status != EMO_OK)
		return status;
	if (limits == NULL)
		limits = &emo_audio_default_limits;
	status = emo_audio_file_open(env, bytes, n_bytes, limits, &file);
	if (status != EMO_OK)
		return status;
	status = cut_file(&file, start_s, end_s, channel, &limits->channels, cut);
	emo_audio_file_close(&file);
	return status;
}
