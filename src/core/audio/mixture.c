/*
 * mixture.c
 *	  Which channels of a recording are mixed, and whether they are talkers who should not be.
 */
#include "core/audio/mixture.h"

#include <math.h>
#include <string.h>

#include "core/dsp/spoken.h"

/* Frames between the decoder and the meter or the detectors. */
#define BLOCK_SAMPLES 16384

/* A channel is silent if its loudest block has less than this share of the loudest of all, 40 dB. */
#define MIN_LOUDEST 1e-4

/*
 * From this share on channels cancel out.  It is 0 of one talker in both channels and of two talkers, up to
 * 0.07 of a room on two microphones, 0.2 to 0.4 of a voice that comes up to 2 ms later on one channel (0.12
 * as Vorbis), and 1 of opposite phase.
 */
#define MIN_CANCELLED 0.1

/* A channel is stronger than one before it by such a factor of energy, 1 dB: rounding decides nothing. */
#define STRONGER 1.26

/* Channels are independent if the energy of their sum is that of all of them, give or take. */
#define MIN_SUM_OVER_OWN 0.7
#define MAX_SUM_OVER_OWN 1.3

/* In a block of its own a channel is so much louder than any other, 6 dB, ... */
#define OWN_FACTOR 4.0f

/* ... and not so much below its own loudest one, 30 dB. */
#define OWN_MIN_SHARE 1e-3f

/*
 * A talker on a channel of their own has so many blocks of it, 0.2 s: of one talker in a room on two
 * microphones there are none, of two who speak at once for two seconds ten.
 */
#define MIN_OWN_BLOCKS 4

/* own[n_blocks]: the channel whose own the block is, -1 for none; n_own[n_channels]: how many. */
static EmoStatus
find_own_blocks(EmoEnv *env, const EmoChannelLevels *levels, int16_t *own, int64_t *n_own)
{
	int n_channels = levels->n_channels;
	float *least = emo_alloc_zero(env, n_channels, sizeof(float));

	if (least == NULL)
		return EMO_OUT_OF_MEMORY;
	for (int64_t i = 0; i < levels->n_blocks; i++)
		for (int c = 0; c < n_channels; c++)
			least[c] = fmaxf(least[c], OWN_MIN_SHARE * levels->blocks[i * n_channels + c]);
	memset(n_own, 0, n_channels * sizeof(int64_t));
	for (int64_t i = 0; i < levels->n_blocks; i++)
	{
		const float *block = levels->blocks + i * n_channels;
		float second = 0;
		int first = 0;

		for (int c = 1; c < n_channels; c++)
		{
			second = fmaxf(second, fminf(block[c], block[first]));
			first = block[c] > block[first] ? c : first;
		}
		own[i] = block[first] > OWN_FACTOR * second && block[first] > least[first] ? (int16_t) first
																				   : -1;
		if (own[i] >= 0)
			n_own[first]++;
	}
	emo_free(env, least);
	return EMO_OK;
}

static int
count_talkers(const int64_t *n_own, int n_channels)
{
	int n = 0;

	for (int c = 0; c < n_channels; c++)
		n += n_own[c] >= MIN_OWN_BLOCKS;
	return n;
}

/* Of n_own, leave what lies within speech of the channel. */
static void
keep_speech(const EmoStretches *stretches, const int16_t *own, int64_t n_blocks, int channel,
			int64_t *n_own)
{
	const double block_samples = EMO_LEVEL_BLOCK_S * EMO_SPEECH_SAMPLE_RATE;

	n_own[channel] = 0;
	for (int64_t s = 0; s < stretches->n; s++)
	{
		int64_t first = (int64_t) ceil((double) stretches->items[s].start / block_samples);
		int64_t end = (int64_t) floor((double) stretches->items[s].end / block_samples);

		for (int64_t i = first; i < end && i < n_blocks; i++)
			n_own[channel] += own[i] == channel;
	}
}

/* Leave out channels without speech, if there are some with it. */
static void
take_speech(const EmoStretches *stretches, EmoMixture *mixture)
{
	int n = 0;

	for (int i = 0; i < mixture->n_taken; i++)
		n += emo_speech_samples(&stretches[mixture->taken[i]]) >= EMO_MIN_SPEECH_SAMPLES;
	if (n == 0)
		return;
	n = 0;
	for (int i = 0; i < mixture->n_taken; i++)
		if (emo_speech_samples(&stretches[mixture->taken[i]]) >= EMO_MIN_SPEECH_SAMPLES)
			mixture->taken[n++] = mixture->taken[i];
	mixture->n_taken = n;
}

/* Where the stretches of speech of each channel come from. */
typedef struct SpeechSource
{
	const EmoStretches *known; /* NULL: the recording is read for them */
	const void *bytes;
	size_t n_bytes;
	const EmoAudioLimits *limits;
} SpeechSource;

static EmoStatus
read_speech(EmoEnv *env, const SpeechSource *source, EmoStretches *stretches)
{
	EmoAudioReader *reader;
	EmoStatus status = emo_reader_open(env, source->bytes, source->n_bytes, EMO_SPEECH_SAMPLE_RATE,
									   EMO_ALL_CHANNELS, source->limits, &reader);

	if (status == EMO_OK)
		status = emo_read_channel_speech(env, reader, stretches);
	emo_audio_close(reader);
	return status;
}

/* Channels that have something of their own: is it speech? */
static void
find_own_speech(const EmoChannelLevels *levels, const EmoStretches *stretches, const int16_t *own,
				int64_t *n_own, EmoMixture *mixture)
{
	for (int c = 0; c < levels->n_channels; c++)
		keep_speech(&stretches[c], own, levels->n_blocks, c, n_own);
	mixture->differs = count_talkers(n_own, levels->n_channels) > 1;
	take_speech(stretches, mixture);
}

static EmoStatus
look_for_talkers(EmoEnv *env, const SpeechSource *source, const EmoChannelLevels *levels,
				 const int16_t *own, int64_t *n_own, EmoMixture *mixture)
{
	EmoStretches *stretches;
	EmoStatus status;

	if (source->known != NULL)
	{
		find_own_speech(levels, source->known, own, n_own, mixture);
		return EMO_OK;
	}
	stretches = emo_alloc_zero(env, levels->n_channels, sizeof(EmoStretches));
	if (stretches == NULL)
		return EMO_OUT_OF_MEMORY;
	status = read_speech(env, source, stretches);
	if (status == EMO_OK)
		find_own_speech(levels, stretches, own, n_own, mixture);
	for (int c = 0; c < levels->n_channels; c++)
		emo_free(env, stretches[c].items);
	emo_free(env, stretches);
	return status;
}

static bool
is_cancelled(const EmoChannelLevels *levels)
{
	return levels->cancelled_share >= MIN_CANCELLED;
}

/* Of channels that cancel out one is taken, and there is nothing to ask. */
static bool
is_independent(const EmoChannelLevels *levels)
{
	return levels->sum_over_own > MIN_SUM_OVER_OWN && levels->sum_over_own < MAX_SUM_OVER_OWN &&
		   !is_cancelled(levels);
}

static EmoStatus
find_talkers(EmoEnv *env, const SpeechSource *source, const EmoChannelLevels *levels,
			 EmoMixture *mixture)
{
	int16_t *own = emo_alloc(env, (size_t) levels->n_blocks + 1, sizeof(int16_t));
	int64_t *n_own = emo_alloc(env, levels->n_channels, sizeof(int64_t));
	EmoStatus status =
		own == NULL || n_own == NULL ? env->status : find_own_blocks(env, levels, own, n_own);

	if (status == EMO_OK &&
		(is_independent(levels) || count_talkers(n_own, levels->n_channels) > 1))
		status = look_for_talkers(env, source, levels, own, n_own, mixture);
	emo_free(env, own);
	emo_free(env, n_own);
	return status;
}

static EmoStatus
take_audible(EmoEnv *env, const EmoChannelLevels *levels, EmoMixture *mixture)
{
	double loudest = 0;

	mixture->taken = emo_alloc(env, levels->n_channels, sizeof(int));
	if (mixture->taken == NULL)
		return EMO_OUT_OF_MEMORY;
	for (int c = 0; c < levels->n_channels; c++)
		loudest = fmax(loudest, levels->channels[c].loudest);
	for (int c = 0; c < levels->n_channels; c++)
		if (levels->channels[c].loudest >= MIN_LOUDEST * loudest)
			mixture->taken[mixture->n_taken++] = c;
	return EMO_OK;
}

static void
take_strongest(const EmoChannelLevels *levels, EmoMixture *mixture)
{
	for (int i = 1; i < mixture->n_taken; i++)
		if (levels->channels[mixture->taken[i]].in_voice >
			STRONGER * levels->channels[mixture->taken[0]].in_voice)
			mixture->taken[0] = mixture->taken[i];
	mixture->n_taken = 1;
}

static EmoStatus
decide(EmoEnv *env, const SpeechSource *source, const EmoChannelLevels *levels, EmoMixture *mixture)
{
	EmoStatus status;

	memset(mixture, 0, sizeof(*mixture));
	status = take_audible(env, levels, mixture);
	if (status == EMO_OK && mixture->n_taken > 1)
		status = find_talkers(env, source, levels, mixture);
	/* Of talkers who leak into each other's channel in opposite phase, one alone would be less. */
	mixture->cancels = !mixture->differs && is_cancelled(levels);
	if (status == EMO_OK && mixture->cancels)
		take_strongest(levels, mixture);
	return status;
}

EmoStatus
emo_decide_mixture(EmoEnv *env, const EmoChannelLevels *levels, const EmoStretches *stretches,
				   EmoMixture *mixture)
{
	return decide(env, &(SpeechSource){.known = stretches}, levels, mixture);
}

/* To the end, or to where the recording can't be read any more: as far will it be heard, too. */
static EmoStatus
meter_file(EmoEnv *env, EmoAudioFile *file, EmoChannelLevels *levels)
{
	int n_channels = file->stream.n_channels;
	float *block = emo_alloc(env, BLOCK_SAMPLES, sizeof(float));
	EmoChannelMeter *meter = NULL;
	EmoStatus status =
		block == NULL ? EMO_OUT_OF_MEMORY
					  : emo_channel_meter_create(env, n_channels, file->stream.sample_rate, &meter);
	int64_t n_frames = 1;

	while (status == EMO_OK && n_frames > 0)
	{
		status = emo_audio_file_read(file, block, BLOCK_SAMPLES / n_channels, &n_frames);
		if (status == EMO_OK)
			status = emo_channel_meter_push(meter, block, n_frames);
	}
	if (status == EMO_BAD_DATA && file->n_frames > 0)
		status = EMO_OK;
	if (status == EMO_OK)
		status = emo_channel_meter_finish(meter, levels);
	emo_channel_meter_destroy(meter);
	emo_free(env, block);
	return status;
}

EmoStatus
emo_measure_mixture(EmoEnv *env, const void *bytes, size_t n_bytes, const EmoAudioLimits *limits,
					EmoMixture *mixture)
{
	SpeechSource source = {NULL, bytes, n_bytes,
						   limits == NULL ? &emo_audio_default_limits : limits};
	EmoAudioFile file;
	EmoChannelLevels levels;
	EmoStatus status = emo_audio_file_open(env, bytes, n_bytes, source.limits, &file);

	memset(mixture, 0, sizeof(*mixture));
	if (status != EMO_OK)
		return status;
	memset(&levels, 0, sizeof(levels));
	status = meter_file(env, &file, &levels);
	emo_audio_file_close(&file);
	if (status == EMO_OK)
		status = decide(env, &source, &levels, mixture);
	emo_free(env, levels.blocks);
	emo_free(env, levels.channels);
	return status;
}

/* One channel of a block of frames to its detector. */
static EmoStatus
push_channel(EmoEnv *env, EmoSpeechDetector *detector, const float *frames, int64_t n_frames,
			 int n_channels, int channel, float *samples)
{
	for (int64_t i = 0; i < n_frames; i++)
		samples[i] = frames[i * n_channels + channel];
	return emo_speech_push(env, detector, samples, n_frames);
}

static EmoStatus
detect_all(EmoEnv *env, EmoAudioReader *reader, int n_channels, EmoSpeechDetector **detectors,
		   float *block, EmoStretches *stretches)
{
	float *samples = block + BLOCK_SAMPLES;
	EmoStatus status = EMO_OK;
	int64_t n_frames = 1;

	for (int c = 0; c < n_channels && status == EMO_OK; c++)
		status = emo_speech_create(env, &detectors[c]);
	while (status == EMO_OK && n_frames > 0)
	{
		status = emo_audio_read(reader, block, BLOCK_SAMPLES / n_channels, &n_frames);
		for (int c = 0; c < n_channels && status == EMO_OK; c++)
			status = push_channel(env, detectors[c], block, n_frames, n_channels, c, samples);
	}
	for (int c = 0; c < n_channels && status == EMO_OK; c++)
		status = emo_speech_finish(env, detectors[c], &stretches[c]);
	for (int c = 0; c < n_channels; c++)
		emo_speech_destroy(env, detectors[c]);
	return status;
}

EmoStatus
emo_read_channel_speech(EmoEnv *env, EmoAudioReader *reader, EmoStretches *stretches)
{
	int n_channels = emo_audio_channels(reader);
	EmoSpeechDetector **detectors = emo_alloc_zero(env, n_channels, sizeof(EmoSpeechDetector *));
	/* Frames, and one channel of them. */
	float *block = emo_alloc(env, 2 * BLOCK_SAMPLES, sizeof(float));
	EmoStatus status = detectors == NULL || block == NULL
						   ? env->status
						   : detect_all(env, reader, n_channels, detectors, block, stretches);

	emo_free(env, block);
	emo_free(env, detectors);
	return status;
}
