/*
 * sndfile.c
 *	  Recordings that libsndfile reads.
 */
#include <sndfile.h>
#include <string.h>

#include "core/audio/decoder.h"
#include "core/audio/format.h"

/* Small enough for the stack and the first-level cache. */
#define PCM16_BLOCK_SAMPLES 8192

/* Header counts beyond this are libsndfile's SF_COUNT_MAX or nonsense, and mean "unknown". */
#define MAX_ANNOUNCED_FRAMES (INT64_C(1) << 48)

static sf_count_t
io_length(void *user_data)
{
	return ((EmoAudioStream *) user_data)->input.n_bytes;
}

static sf_count_t
io_seek(sf_count_t offset, int whence, void *user_data)
{
	EmoAudioStream *stream = user_data;

	return emo_input_seek(&stream->input, offset, whence);
}

static sf_count_t
io_read(void *target, sf_count_t count, void *user_data)
{
	EmoAudioStream *stream = user_data;
	EmoInput *input = &stream->input;
	int64_t position = input->position;
	int64_t n_read = emo_input_read(input, target, count);

	/* All headers are parsed in sf_open_virtual(), before there is a handle. */
	if (stream->handle == NULL && n_read > 0)
		emo_container_mask(&stream->container, input->bytes, input->n_bytes, position, target,
						   n_read);
	return n_read;
}

static sf_count_t
io_write(const void *source, sf_count_t count, void *user_data)
{
	(void) source;
	(void) count;
	(void) user_data;
	return 0;
}

static sf_count_t
io_tell(void *user_data)
{
	return ((EmoAudioStream *) user_data)->input.position;
}

/*
 * Why libsndfile did not open the recording.  Its log names the cause better than its status, but
 * quotes bytes of the file, so that only the line with a text of libsndfile's own is taken.
 */
static EmoStatus
fail_unreadable(EmoEnv *env)
{
	static const char marker[] = "Parse error : ";
	static const char prefix[] = "Error : ";
	char log[4096] = "";
	const char *reason;

	sf_command(NULL, SFC_GET_LOG_INFO, log, sizeof(log));
	reason = strstr(log, marker);
	if (reason == NULL)
		return emo_fail_unreadable(env, "libsndfile", sf_strerror(NULL));
	reason += strlen(marker);
	if (strncmp(reason, prefix, strlen(prefix)) == 0)
		reason += strlen(prefix);
	return emo_fail_unreadable(env, "libsndfile", reason);
}

/* Those of other encodings depend on all that came before, or libsndfile can't find them. */
static bool
has_independent_frames(int format)
{
	switch (format & SF_FORMAT_SUBMASK)
	{
		case SF_FORMAT_PCM_S8:
		case SF_FORMAT_PCM_U8:
		case SF_FORMAT_PCM_16:
		case SF_FORMAT_PCM_24:
		case SF_FORMAT_PCM_32:
		case SF_FORMAT_FLOAT:
		case SF_FORMAT_DOUBLE:
		case SF_FORMAT_ULAW:
		case SF_FORMAT_ALAW:
			return true;
		default:
			return false;
	}
}

static EmoStatus
open_sndfile(EmoAudioStream *stream)
{
	SF_VIRTUAL_IO io = {io_length, io_seek, io_read, io_write, io_tell};
	SF_INFO info = {0};

	stream->handle = sf_open_virtual(&io, SFM_READ, &info, stream);
	if (stream->handle == NULL)
		return fail_unreadable(stream->env);
	stream->container_name = emo_container_name(info.format);
	stream->encoding_name = emo_encoding_name(info.format);
	stream->full_scale = emo_encoding_full_scale(info.format);
	stream->is_int16 = (info.format & SF_FORMAT_SUBMASK) == SF_FORMAT_PCM_16;
	stream->can_seek = info.seekable && has_independent_frames(info.format);
	stream->sample_rate = info.samplerate;
	stream->n_channels = info.channels;
	if (info.frames > 0 && info.frames < MAX_ANNOUNCED_FRAMES)
		stream->announced_frames = info.frames;
	return EMO_OK;
}

static void
int16_to_float(const int16_t *restrict integers, int64_t n_samples, float *restrict samples)
{
	for (int64_t i = 0; i < n_samples; i++)
		samples[i] = integers[i] * (1.0f / 32768.0f);
}

/*
 * libsndfile turns 16-bit samples into floats one by one; read as integers and converted here, where
 * the compiler makes SIMD of it, a recording takes a fifth of the time.  The values are the same: a
 * division by 2^15 is exact.
 */
static int64_t
read_pcm16(EmoAudioStream *stream, float *samples, int64_t max_frames)
{
	const int64_t n_channels = stream->n_channels;
	const int64_t room = PCM16_BLOCK_SAMPLES / n_channels;
	int16_t block[PCM16_BLOCK_SAMPLES];
	int64_t n_frames = 0;

	while (n_frames < max_frames)
	{
		int64_t left = max_frames - n_frames;
		int64_t n_block = sf_readf_short(stream->handle, block, left < room ? left : room);

		if (n_block <= 0)
			break;
		int16_to_float(block, n_block * n_channels, samples + n_frames * n_channels);
		n_frames += n_block;
	}
	return n_frames;
}

static EmoStatus
read_sndfile(EmoAudioStream *stream, float *samples, int64_t max_frames, int64_t *n_frames)
{
	int64_t n_read = stream->is_int16 ? read_pcm16(stream, samples, max_frames)
									  : sf_readf_float(stream->handle, samples, max_frames);

	*n_frames = n_read > 0 ? n_read : 0;
	if (n_read > 0 || sf_error(stream->handle) == SF_ERR_NO_ERROR)
		return EMO_OK;
	return fail_unreadable(stream->env);
}

static void
close_sndfile(EmoAudioStream *stream)
{
	if (stream->handle != NULL)
		sf_close(stream->handle);
	stream->handle = NULL;
}

static EmoStatus
seek_sndfile(EmoAudioStream *stream, int64_t frame)
{
	return sf_seek(stream->handle, frame, SEEK_SET) == frame ? EMO_OK
															 : fail_unreadable(stream->env);
}

const EmoDecoder emo_sndfile_decoder = {.name = "libsndfile",
										.open = open_sndfile,
										.read = read_sndfile,
										.seek = seek_sndfile,
										.close = close_sndfile};
