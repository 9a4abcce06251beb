/*
 * file.c
 *	  A recording in memory, opened with the library that its container asks for.
 */
#include "core/audio/file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/audio/foreign.h"
#include "core/audio/raw.h"
#include "core/base/samples.h"

/* Samples per call into a library, so that a cancel is answered in a few milliseconds. */
#define MAX_BLOCK_SAMPLES 65536

/* The same of what is passed over. */
#define SKIPPED_SAMPLES 16384

const EmoAudioLimits emo_audio_default_limits = {.max_duration_s = 3600, .max_channels = 64};

static const EmoDecoder *const decoders[] = {
	[EMO_SNDFILE] = &emo_sndfile_decoder,
	[EMO_MPG123] = &emo_mpeg_decoder,
	[EMO_OGG] = &emo_ogg_decoder,
};

static EmoFindDecoder find_fallback;
static const char *fallback_package;

void
emo_audio_set_fallback_decoder(EmoFindDecoder find, const char *package)
{
	find_fallback = find;
	fallback_package = package;
}

static EmoStatus
choose_decoder(EmoAudioFile *file)
{
	EmoEnv *env = file->stream.env;
	const EmoContainer *container = &file->stream.container;
	EmoStatus status = EMO_OK;

	if (container->library != EMO_NO_LIBRARY)
		file->decoder = decoders[container->library];
	else if (find_fallback != NULL)
		status = find_fallback(env, &file->decoder);
	if (status != EMO_OK || file->decoder != NULL)
		return status;
	return emo_fail_foreign_codec(env, container->codec, fallback_package);
}

static EmoStatus
fail_too_long(const EmoAudioFile *file, int64_t n_frames)
{
	EmoEnv *env = file->stream.env;
	EmoStatus status =
		emo_fail(env, EMO_REFUSED, "recording is longer than %g s", file->max_duration_s);

	if (n_frames > 0)
		emo_set_detail(env, "Its header announces %.3f s.",
					   (double) n_frames / file->stream.sample_rate);
	emo_set_hint(env, "Cut the recording into shorter pieces, or have emoser.max_audio_duration "
					  "raised by a superuser.");
	return status;
}

static EmoStatus
check_header(EmoAudioFile *file, const EmoAudioLimits *limits)
{
	const EmoAudioStream *stream = &file->stream;

	if (stream->sample_rate < EMO_MIN_SAMPLE_RATE || stream->sample_rate > EMO_MAX_SAMPLE_RATE)
		return emo_fail(stream->env, EMO_BAD_DATA, "sample rate %d Hz is outside %d to %d Hz",
						stream->sample_rate, EMO_MIN_SAMPLE_RATE, EMO_MAX_SAMPLE_RATE);
	if (stream->n_channels < 1 || stream->n_channels > limits->max_channels)
		return emo_fail(stream->env, EMO_BAD_DATA,
						"recording has %d channels, at most %d can be read", stream->n_channels,
						limits->max_channels);

	file->max_duration_s = limits->max_duration_s;
	file->max_frames = (int64_t) (limits->max_duration_s * stream->sample_rate);
	if (stream->announced_frames > file->max_frames)
		return fail_too_long(file, stream->announced_frames);
	return EMO_OK;
}

/* A library that was told of an end that is none has nothing more to say. */
static EmoStatus
unless_stopped(EmoAudioFile *file, EmoStatus status)
{
	return file->stream.input.is_stopped ? emo_input_check(&file->stream.input) : status;
}

static EmoStatus
check_container(EmoAudioFile *file, const uint8_t *bytes, size_t n_bytes)
{
	EmoEnv *env = file->stream.env;
	EmoStatus status = emo_container_check(env, bytes, n_bytes, &file->stream.container);
	const char *hint, *guess;

	if (status != EMO_BAD_DATA)
		return status;
	hint = emo_foreign_audio_hint(bytes, n_bytes);
	guess = hint == NULL ? emo_raw_guess(bytes, n_bytes) : NULL;
	if (guess != NULL)
		emo_set_hint(
			env,
			"These may be raw samples without a header: emoser_wav(audio, encoding => '%s', "
			"sample_rate => 8000) makes a WAV file of them, with the rate that they have.",
			guess);
	else
		emo_set_hint(env, "%s", hint != NULL ? hint : emo_container_hint);
	return status;
}

EmoStatus
emo_audio_file_open(EmoEnv *env, const void *bytes, size_t n_bytes, const EmoAudioLimits *limits,
					EmoAudioFile *file)
{
	EmoAudioStream *stream = &file->stream;
	EmoStatus status;

	memset(file, 0, sizeof(*file));
	stream->env = env;
	status = check_container(file, bytes, n_bytes);
	if (status != EMO_OK)
		return status;
	stream->input.env = env;
	stream->input.bytes = (const uint8_t *) bytes + stream->container.offset;
	stream->input.n_bytes = stream->container.n_bytes;
	stream->truncated = stream->container.truncated;
	stream->announced_frames = -1;
	status = choose_decoder(file);
	if (status != EMO_OK)
		return status;
	status = unless_stopped(file, file->decoder->open(stream));
	if (status == EMO_OK)
		status = check_header(file, limits);
	if (status != EMO_OK)
		emo_audio_file_close(file);
	return status;
}

void
emo_audio_file_close(EmoAudioFile *file)
{
	if (file->decoder != NULL)
		file->decoder->close(&file->stream);
}

/*
 * Refuse NaN, infinity and absurd values, which only float encodings and damaged lossy ones have.
 * The bits of a positive float order like the float itself, and NaN and infinity come last.
 */
static EmoStatus
check_values(const EmoAudioFile *file, const float *samples, int64_t n_samples)
{
	const float max_value = EMO_MAX_SAMPLE_VALUE;
	int32_t max_bits;
	int32_t some_bad = 0;
	int64_t i = 0;

	memcpy(&max_bits, &max_value, sizeof(max_bits));
	for (int64_t k = 0; k < n_samples; k++)
	{
		int32_t bits;

		memcpy(&bits, &samples[k], sizeof(bits));
		some_bad |= (bits & 0x7fffffff) > max_bits;
	}
	if (some_bad == 0)
		return EMO_OK;

	while (samples[i] >= -max_value && samples[i] <= max_value)
		i++;

	int64_t frame = file->n_frames + i / file->stream.n_channels;
	char value[32];
	EmoStatus status = emo_fail(file->stream.env, EMO_BAD_DATA,
								"recording has a sample that is not a usable number");

	snprintf(value, sizeof(value), "%g", (double) samples[i]);
	emo_set_detail(file->stream.env, "Sample %lld of channel %d (at %.3f s) is %s.",
				   (long long) frame + 1, (int) (i % file->stream.n_channels) + 1,
				   (double) frame / file->stream.sample_rate, isnan(samples[i]) ? "NaN" : value);
	return status;
}

/* Nothing more comes: was it all that the header announced? */
static EmoStatus
finish(EmoAudioFile *file)
{
	EmoAudioStream *stream = &file->stream;

	if (file->n_frames == 0)
		return emo_fail(stream->env, EMO_BAD_DATA, "recording has no samples");
	if (stream->container.counts_samples && file->n_frames < stream->announced_frames)
		stream->truncated = true;
	return EMO_OK;
}

EmoStatus
emo_audio_file_read(EmoAudioFile *file, float *samples, int64_t max_frames, int64_t *n_frames)
{
	EmoAudioStream *stream = &file->stream;
	int64_t block = MAX_BLOCK_SAMPLES / stream->n_channels;
	EmoStatus status = emo_check_stop(stream->env);

	*n_frames = 0;
	if (status != EMO_OK)
		return status;
	status = unless_stopped(
		file,
		file->decoder->read(stream, samples, max_frames < block ? max_frames : block, n_frames));
	if (status == EMO_BAD_DATA && file->n_frames > 0)
	{
		stream->truncated = true;
		return EMO_OK;
	}
	if (status != EMO_OK)
		return status;
	if (*n_frames == 0)
		return finish(file);
	if (file->n_frames + *n_frames > file->max_frames)
		return fail_too_long(file, 0);
	if (!stream->is_int16)
		status = check_values(file, samples, *n_frames * stream->n_channels);
	file->n_frames += *n_frames;
	return status;
}

/* Read and leave all frames before one. */
static EmoStatus
read_up_to(EmoAudioFile *file, int64_t frame)
{
	EmoEnv *env = file->stream.env;
	int n_channels = file->stream.n_channels;
	int64_t room = SKIPPED_SAMPLES / n_channels;
	float *block = emo_alloc(env, (size_t) room * n_channels, sizeof(float));
	EmoStatus status = block == NULL ? EMO_OUT_OF_MEMORY : EMO_OK;
	int64_t n_read = 1;

	while (status == EMO_OK && n_read > 0 && file->n_frames < frame)
	{
		int64_t left = frame - file->n_frames;

		status = emo_audio_file_read(file, block, left < room ? left : room, &n_read);
	}
	emo_free(env, block);
	return status;
}

/* What can't be found is where a damaged recording ends, which reading all of it shows. */
static EmoStatus
read_again(EmoAudioFile *file, int64_t frame)
{
	EmoAudioStream *stream = &file->stream;
	EmoStatus status;

	file->decoder->close(stream);
	stream->input.position = 0;
	stream->announced_frames = -1;
	status = unless_stopped(file, file->decoder->open(stream));
	return status == EMO_OK ? read_up_to(file, frame) : status;
}

EmoStatus
emo_audio_file_seek(EmoAudioFile *file, int64_t frame)
{
	EmoAudioStream *stream = &file->stream;
	EmoStatus status;

	if (frame == 0)
		return EMO_OK;
	if (!stream->can_seek || file->decoder->seek == NULL)
		return read_up_to(file, frame);
	status = unless_stopped(file, file->decoder->seek(stream, frame));
	if (status == EMO_BAD_DATA)
		return read_again(file, frame);
	if (status == EMO_OK)
		file->n_frames = frame;
	return status;
}
