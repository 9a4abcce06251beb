/*
 * reader.c
 *	  Recordings block by block: choosing or mixing channels, resampling.
 */
#include "core/audio/reader.h"

#include <math.h>
#include <string.h>

#include "core/audio/resample.h"

/* Interleaved samples that are held between the decoder and the resampler or mix-down. */
#define BLOCK_SAMPLES 16384

/*
 * Headers lie: no more samples per byte, which ADPCM and everything simpler stay below, are expected at
 * first; more may come.
 */
#define PLAUSIBLE_SAMPLES_PER_BYTE 8

struct EmoAudioReader
{
	EmoAudioFile file;
	int sample_rate;
	int channel;             /* from 1, or EMO_MIXED or EMO_ALL_CHANNELS */
	EmoMixture mixture;      /* none taken: all are */
	int n_lanes;             /* samples of a frame that is read */
	EmoResampler *resampler; /* NULL when the rate stays */
	float *block;            /* NULL where frames are read as they are in the file */
	int64_t n_block;         /* frames of n_lanes samples in block */
	int64_t block_offset;    /* of those, handed to the resampler */
	bool at_end;             /* of the file */
	EmoFrameWatcher watcher; /* may be NULL */
	void *watching;
};

static EmoStatus
choose_channel(EmoEnv *env, EmoAudioReader *reader, int channel, const EmoChannelRule *rule)
{
	int n_channels = reader->file.stream.n_channels;

	reader->channel = channel;
	reader->n_lanes = channel == EMO_ALL_CHANNELS ? n_channels : 1;
	if (channel <= n_channels)
		return emo_check_channel_is_allowed(env, rule, n_channels, channel);
	emo_fail(env, EMO_NO_CHANNEL, "recording has no channel %d", channel);
	emo_set_detail(env, "The recording has %d channel%s.", n_channels, n_channels == 1 ? "" : "s");
	emo_set_hint(env, "Channels are counted from 1; with NULL all of them are mixed.");
	return env->status;
}

static EmoStatus
open_stages(EmoEnv *env, EmoAudioReader *reader, int sample_rate)
{
	const EmoAudioStream *file = &reader->file.stream;

	reader->sample_rate = sample_rate == 0 ? file->sample_rate : sample_rate;
	if (reader->sample_rate != file->sample_rate)
	{
		EmoStatus status = emo_resample_open(env, file->sample_rate, reader->sample_rate,
											 reader->n_lanes, &reader->resampler);

		if (status != EMO_OK)
			return status;
	}
	if (reader->resampler == NULL && reader->n_lanes == file->n_channels)
		return EMO_OK;
	reader->block = emo_alloc(env, BLOCK_SAMPLES, sizeof(float));
	return reader->block == NULL ? EMO_OUT_OF_MEMORY : EMO_OK;
}

EmoStatus
emo_reader_open(EmoEnv *env, const void *bytes, size_t n_bytes, int sample_rate, int channel,
				const EmoAudioLimits *limits, EmoAudioReader **reader)
{
	EmoStatus status = sample_rate == 0 ? EMO_OK : emo_check_sample_rate(env, sample_rate);

	*reader = NULL;
	if (status == EMO_OK && channel < EMO_ALL_CHANNELS)
		status = emo_fail(env, EMO_INVALID_PARAMETER, "there is no channel %d", channel);
	if (status != EMO_OK)
		return status;
	*reader = emo_alloc_zero(env, 1, sizeof(EmoAudioReader));
	if (*reader == NULL)
		return EMO_OUT_OF_MEMORY;
	if (limits == NULL)
		limits = &emo_audio_default_limits;
	status = emo_audio_file_open(env, bytes, n_bytes, limits, &(*reader)->file);
	if (status == EMO_OK)
		status = choose_channel(env, *reader, channel, &limits->channels);
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
	emo_free(env, reader->mixture.taken);
	emo_free(env, reader->block);
	emo_free(env, reader);
}

void
emo_reader_mix(EmoAudioReader *reader, const EmoMixture *mixture)
{
	reader->mixture = *mixture;
	if (mixture->n_taken == reader->file.stream.n_channels)
		reader->mixture.n_taken = 0;
	if (mixture->n_taken == 1)
		reader->channel = mixture->taken[0] + 1;
}

void
emo_reader_watch(EmoAudioReader *reader, EmoFrameWatcher watcher, void *watching)
{
	reader->watcher = watcher;
	reader->watching = watching;
}

const EmoAudioFile *
emo_reader_file(const EmoAudioReader *reader)
{
	return &reader->file;
}

bool
emo_audio_differs(const EmoAudioReader *reader)
{
	return reader->mixture.differs;
}

int
emo_audio_channels(const EmoAudioReader *reader)
{
	return reader->file.stream.n_channels;
}

int
emo_audio_lanes(const EmoAudioReader *reader)
{
	return reader->n_lanes;
}

int
emo_audio_rate(const EmoAudioReader *reader)
{
	return reader->sample_rate;
}

bool
emo_audio_truncated(const EmoAudioReader *reader)
{
	return reader->file.stream.truncated;
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

int64_t
emo_audio_plausible_samples(const EmoAudioReader *reader)
{
	int64_t announced = emo_audio_announced_samples(reader);
	double stretch = (double) reader->sample_rate / reader->file.stream.sample_rate;
	double plausible =
		reader->file.stream.input.n_bytes * PLAUSIBLE_SAMPLES_PER_BYTE * fmax(stretch, 1.0);

	return announced < plausible ? announced : (int64_t) plausible;
}

/* One channel, from 1; mono may be the same memory as interleaved. */
static void
pick(const float *interleaved, int64_t n_frames, int n_channels, int channel, float *mono)
{
	for (int64_t i = 0; i < n_frames; i++)
		mono[i] = interleaved[i * n_channels + channel - 1];
}

/* The mean of all channels, likewise. */
static void
mix_down(const float *interleaved, int64_t n_frames, int n_channels, float *mono)
{
	for (int64_t i = 0; i < n_frames; i++)
	{
		float sum = 0;

		for (int channel = 0; channel < n_channels; channel++)
			sum += interleaved[i * n_channels + channel];
		mono[i] = sum / n_channels;
	}
}

/* The mean of some channels, likewise. */
static void
mix_some(const float *interleaved, int64_t n_frames, int n_channels, const EmoMixture *mixture,
		 float *mono)
{
	for (int64_t i = 0; i < n_frames; i++)
	{
		float sum = 0;

		for (int k = 0; k < mixture->n_taken; k++)
			sum += interleaved[i * n_channels + mixture->taken[k]];
		mono[i] = sum / (float) mixture->n_taken;
	}
}

static EmoStatus
read_file(EmoAudioReader *reader, float *frames, int64_t max_frames, int64_t *n_frames)
{
	EmoStatus status = emo_audio_file_read(&reader->file, frames, max_frames, n_frames);

	if (status == EMO_OK && reader->watcher != NULL)
		status = reader->watcher(reader->watching, frames, *n_frames);
	return status;
}

/* The next block of the file, as it is to be heard, at most max_frames. */
static EmoStatus
fill_block(EmoAudioReader *reader, int64_t max_frames)
{
	int n_channels = reader->file.stream.n_channels;
	int64_t room = BLOCK_SAMPLES / n_channels;
	EmoStatus status =
		read_file(reader, reader->block, max_frames < room ? max_frames : room, &reader->n_block);

	if (status != EMO_OK)
		return status;
	reader->block_offset = 0;
	reader->at_end = reader->n_block == 0;
	if (n_channels == reader->n_lanes)
		return EMO_OK;
	if (reader->mixture.n_taken > 0)
		mix_some(reader->block, reader->n_block, n_channels, &reader->mixture, reader->block);
	else if (reader->channel == EMO_MIXED)
		mix_down(reader->block, reader->n_block, n_channels, reader->block);
	else
		pick(reader->block, reader->n_block, n_channels, reader->channel, reader->block);
	return EMO_OK;
}

static EmoStatus
read_resampled(EmoAudioReader *reader, float *samples, int64_t max_frames, int64_t *n_frames)
{
	while (*n_frames == 0)
	{
		size_t n_consumed = 0;
		size_t n_output = 0;
		EmoStatus status = EMO_OK;

		if (reader->block_offset == reader->n_block && !reader->at_end)
			status = fill_block(reader, BLOCK_SAMPLES);
		if (status == EMO_OK)
			status = emo_resample_feed(
				reader->resampler,
				reader->at_end ? NULL : reader->block + reader->block_offset * reader->n_lanes,
				reader->at_end ? 0 : reader->n_block - reader->block_offset, &n_consumed, samples,
				max_frames, &n_output);
		if (status != EMO_OK)
			return status;
		reader->block_offset += n_consumed;
		*n_frames = n_output;
		if (reader->at_end)
			return EMO_OK;
	}
	return EMO_OK;
}

EmoStatus
emo_audio_read(EmoAudioReader *reader, float *samples, int64_t max_frames, int64_t *n_frames)
{
	EmoStatus status;

	*n_frames = 0;
	if (reader->resampler != NULL)
		return read_resampled(reader, samples, max_frames, n_frames);
	if (reader->block == NULL)
		return read_file(reader, samples, max_frames, n_frames);
	status = fill_block(reader, max_frames);
	if (status != EMO_OK)
		return status;
	memcpy(samples, reader->block, reader->n_block * sizeof(float));
	*n_frames = reader->n_block;
	return EMO_OK;
}
