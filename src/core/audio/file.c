/*
 * file.c
 *	  A recording in memory, opened with libsndfile.
 */
#include "core/audio/file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/audio/foreign.h"
#include "core/base/samples.h"

/* Samples per call into libsndfile, so that a cancel is answered in a few milliseconds. */
#define MAX_BLOCK_SAMPLES 65536

/*
 * libsndfile stops at the estimated length of an MPEG file of variable bit rate without a table of
 * contents.  More than a tag's worth of bytes left unread is a sign of that.
 */
#define MAX_UNREAD_MPEG_SHARE 0.1

/* Small enough for the stack and the first-level cache. */
#define PCM16_BLOCK_SAMPLES 8192

/* Header counts beyond this are libsndfile's SF_COUNT_MAX or nonsense, and mean "unknown". */
#define MAX_ANNOUNCED_FRAMES (INT64_C(1) << 48)

const EmoAudioLimits emo_audio_default_limits = {.max_duration_s = 3600, .max_channels = 64};

static const char formats_hint[] =
	"Supported are WAV, RF64, W64, AIFF, AU, CAF, FLAC, Ogg Vorbis, Ogg Opus, MP3, NIST SPHERE and "
	"VOC; raw samples without a header can't be read.";

static sf_count_t
io_length(void *user_data)
{
	return ((EmoAudioFile *) user_data)->n_bytes;
}

static sf_count_t
io_seek(sf_count_t offset, int whence, void *user_data)
{
	EmoAudioFile *file = user_data;
	int64_t base = 0;
	int64_t position;

	if (whence == SEEK_CUR)
		base = file->position;
	else if (whence == SEEK_END)
		base = file->n_bytes;
	if (__builtin_add_overflow(base, offset, &position) || position < 0)
		return -1;
	file->position = position < file->n_bytes ? position : file->n_bytes;
	return file->position;
}

static sf_count_t
io_read(void *target, sf_count_t count, void *user_data)
{
	EmoAudioFile *file = user_data;
	int64_t left = file->n_bytes - file->position;

	if (count > left)
		count = left;
	if (count <= 0)
		return 0;
	memcpy(target, file->bytes + file->position, count);
	/* All headers are parsed in sf_open_virtual(), before there is a handle. */
	if (file->handle == NULL)
		emo_container_mask(&file->container, file->bytes, file->n_bytes, file->position, target,
						   count);
	file->position += count;
	return count;
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
	return ((EmoAudioFile *) user_data)->position;
}

/*
 * Why libsndfile did not open the recording.  Its log names the cause better than its status, but
 * quotes bytes of the file, so that only the line with a text of libsndfile's own is taken.
 */
static void
set_open_failure_detail(EmoEnv *env)
{
	static const char marker[] = "Parse error : ";
	static const char prefix[] = "Error : ";
	char log[4096] = "";
	const char *reason;

	sf_command(NULL, SFC_GET_LOG_INFO, log, sizeof(log));
	reason = strstr(log, marker);
	if (reason != NULL)
	{
		reason += strlen(marker);
		if (strncmp(reason, prefix, strlen(prefix)) == 0)
			reason += strlen(prefix);
	}
	else
		reason = sf_strerror(NULL);

	int length = 0;

	while (reason[length] >= ' ' && reason[length] <= '~' && length < 200)
		length++;
	while (length > 0 && reason[length - 1] == '.')
		length--;
	emo_set_detail(env, "libsndfile reports: %.*s.", length, reason);
}

static EmoStatus
fail_unreadable(EmoEnv *env)
{
	EmoStatus status = emo_fail(env, EMO_BAD_DATA, "could not read audio");

	set_open_failure_detail(env);
	emo_set_hint(env, "%s", formats_hint);
	return status;
}

static EmoStatus
fail_too_long(const EmoAudioFile *file, int64_t n_frames)
{
	EmoStatus status = emo_fail(file->env, EMO_LIMIT_EXCEEDED, "recording is longer than %g s",
								file->max_duration_s);

	if (n_frames > 0)
		emo_set_detail(file->env, "Its header announces %.3f s.",
					   (double) n_frames / file->sample_rate);
	emo_set_hint(file->env,
				 "Raise emoser.max_audio_duration or cut the recording into shorter pieces.");
	return status;
}

static EmoStatus
check_header(EmoAudioFile *file, const SF_INFO *info, const EmoAudioLimits *limits)
{
	if (info->samplerate < EMO_MIN_SAMPLE_RATE || info->samplerate > EMO_MAX_SAMPLE_RATE)
		return emo_fail(file->env, EMO_BAD_DATA, "sample rate %d Hz is outside %d to %d Hz",
						info->samplerate, EMO_MIN_SAMPLE_RATE, EMO_MAX_SAMPLE_RATE);
	if (info->channels < 1 || info->channels > limits->max_channels)
		return emo_fail(file->env, EMO_BAD_DATA,
						"recording has %d channels, at most %d can be read", info->channels,
						limits->max_channels);

	file->format = info->format;
	file->sample_rate = info->samplerate;
	file->n_channels = info->channels;
	file->announced_frames = -1;
	if (info->frames > 0 && info->frames < MAX_ANNOUNCED_FRAMES)
		file->announced_frames = info->frames;
	file->max_duration_s = limits->max_duration_s;
	file->max_frames = (int64_t) (limits->max_duration_s * info->samplerate);
	if (file->announced_frames > file->max_frames)
		return fail_too_long(file, file->announced_frames);
	return EMO_OK;
}

EmoStatus
emo_audio_file_open(EmoEnv *env, const void *bytes, size_t n_bytes, const EmoAudioLimits *limits,
					EmoAudioFile *file)
{
	SF_VIRTUAL_IO io = {io_length, io_seek, io_read, io_write, io_tell};
	SF_INFO info;
	EmoStatus status;

	memset(file, 0, sizeof(*file));
	memset(&info, 0, sizeof(info));
	file->env = env;
	file->bytes = bytes;
	file->n_bytes = n_bytes;

	status = emo_container_check(env, bytes, n_bytes, &file->container);
	if (status != EMO_OK)
	{
		const char *hint = emo_foreign_audio_hint(bytes, n_bytes);

		emo_set_hint(env, "%s", hint != NULL ? hint : formats_hint);
		return status;
	}
	file->truncated = file->container.truncated;
	file->handle = sf_open_virtual(&io, SFM_READ, &info, file);
	if (file->handle == NULL)
		return fail_unreadable(env);
	status = check_header(file, &info, limits);
	if (status != EMO_OK)
		emo_audio_file_close(file);
	return status;
}

void
emo_audio_file_close(EmoAudioFile *file)
{
	if (file->handle != NULL)
		sf_close(file->handle);
	file->handle = NULL;
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

	int64_t frame = file->n_frames + i / file->n_channels;
	char value[32];
	EmoStatus status =
		emo_fail(file->env, EMO_BAD_DATA, "recording has a sample that is not a usable number");

	snprintf(value, sizeof(value), "%g", (double) samples[i]);
	emo_set_detail(file->env, "Sample %lld of channel %d (at %.3f s) is %s.", (long long) frame + 1,
				   (int) (i % file->n_channels) + 1, (double) frame / file->sample_rate,
				   isnan(samples[i]) ? "NaN" : value);
	return status;
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
read_pcm16(EmoAudioFile *file, float *samples, int64_t max_frames)
{
	const int64_t n_channels = file->n_channels;
	const int64_t room = PCM16_BLOCK_SAMPLES / n_channels;
	int16_t block[PCM16_BLOCK_SAMPLES];
	int64_t n_frames = 0;

	while (n_frames < max_frames)
	{
		int64_t left = max_frames - n_frames;
		int64_t n_block = sf_readf_short(file->handle, block, left < room ? left : room);

		if (n_block <= 0)
			break;
		int16_to_float(block, n_block * n_channels, samples + n_frames * n_channels);
		n_frames += n_block;
	}
	return n_frames;
}

/* Nothing more comes: was it all that the header announced? */
static EmoStatus
finish(EmoAudioFile *file)
{
	if (sf_error(file->handle) != SF_ERR_NO_ERROR)
	{
		if (file->n_frames == 0)
			return fail_unreadable(file->env);
		file->truncated = true;
	}
	if (file->n_frames == 0)
		return emo_fail(file->env, EMO_BAD_DATA, "recording has no samples");
	if (file->container.counts_samples && file->n_frames < file->announced_frames)
		file->truncated = true;
	if (file->container.is_mpeg &&
		file->n_bytes - file->position > MAX_UNREAD_MPEG_SHARE * file->n_bytes)
		file->truncated = true;
	return EMO_OK;
}

EmoStatus
emo_audio_file_read(EmoAudioFile *file, float *samples, int64_t max_frames, int64_t *n_frames)
{
	int64_t block = MAX_BLOCK_SAMPLES / file->n_channels;
	EmoStatus status = emo_check_stop(file->env);

	*n_frames = 0;
	if (status != EMO_OK)
		return status;
	if (max_frames > block)
		max_frames = block;
	if ((file->format & SF_FORMAT_SUBMASK) == SF_FORMAT_PCM_16)
		*n_frames = read_pcm16(file, samples, max_frames);
	else
		*n_frames = sf_readf_float(file->handle, samples, max_frames);
	if (*n_frames <= 0)
	{
		*n_frames = 0;
		return finish(file);
	}
	if (file->n_frames + *n_frames > file->max_frames)
		return fail_too_long(file, 0);
	if ((file->format & SF_FORMAT_SUBMASK) != SF_FORMAT_PCM_16)
		status = check_values(file, samples, *n_frames * file->n_channels);
	file->n_frames += *n_frames;
	return status;
}
