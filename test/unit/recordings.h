/*
 * recordings.h
 *	  Recordings for tests, made in memory by libsndfile in every format that it writes, and levels
 *	  of what is decoded from them.
 */
#ifndef EMO_RECORDINGS_H
#define EMO_RECORDINGS_H

#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/audio/audio.h"

#define WAV_PCM16 (SF_FORMAT_WAV | SF_FORMAT_PCM_16)
#define WAV_FLOAT (SF_FORMAT_WAV | SF_FORMAT_FLOAT)

/* SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, which libsndfile has from 1.1 on. */
#define FORMAT_MP3 (0x230000 | 0x0082)

typedef struct Recording
{
	unsigned char *bytes;
	sf_count_t n_bytes;
	sf_count_t capacity;
	sf_count_t position;
} Recording;

static sf_count_t
recording_length(void *user_data)
{
	return ((Recording *) user_data)->n_bytes;
}

static sf_count_t
recording_seek(sf_count_t offset, int whence, void *user_data)
{
	Recording *recording = user_data;

	if (whence == SEEK_CUR)
		offset += recording->position;
	else if (whence == SEEK_END)
		offset += recording->n_bytes;
	recording->position = offset;
	return offset;
}

static sf_count_t
recording_read(void *bytes, sf_count_t count, void *user_data)
{
	Recording *recording = user_data;

	if (count > recording->n_bytes - recording->position)
		count = recording->n_bytes - recording->position;
	if (count <= 0)
		return 0;
	memcpy(bytes, recording->bytes + recording->position, count);
	recording->position += count;
	return count;
}

static sf_count_t
recording_write(const void *bytes, sf_count_t count, void *user_data)
{
	Recording *recording = user_data;

	if (recording->position + count > recording->capacity)
	{
		recording->capacity = 2 * (recording->position + count);
		recording->bytes = realloc(recording->bytes, recording->capacity);
	}
	if (recording->position > recording->n_bytes)
		memset(recording->bytes + recording->n_bytes, 0, recording->position - recording->n_bytes);
	memcpy(recording->bytes + recording->position, bytes, count);
	recording->position += count;
	if (recording->position > recording->n_bytes)
		recording->n_bytes = recording->position;
	return count;
}

static sf_count_t
recording_tell(void *user_data)
{
	return ((Recording *) user_data)->position;
}

/* Free with recording_free().  bytes is NULL when libsndfile does not write this format. */
static Recording
recording_from_samples(int format, int sample_rate, int n_channels, const float *samples,
					   sf_count_t n_frames)
{
	Recording recording = {NULL, 0, 0, 0};
	SF_VIRTUAL_IO io = {recording_length, recording_seek, recording_read, recording_write,
						recording_tell};
	SF_INFO info = {.samplerate = sample_rate, .channels = n_channels, .format = format};
	SNDFILE *handle = sf_open_virtual(&io, SFM_WRITE, &info, &recording);
	sf_count_t n_written;

	if (handle == NULL)
	{
		free(recording.bytes);
		recording.bytes = NULL;
		return recording;
	}
	/* Tags make header chunks that damaged files can have wrong, too. */
	sf_set_string(handle, SF_STR_TITLE, "Lied");
	sf_set_string(handle, SF_STR_COMMENT, "ein Versuch");
	sf_command(handle, SFC_SET_CLIPPING, NULL, SF_TRUE);
	n_written = sf_writef_float(handle, samples, n_frames);
	sf_close(handle);
	if (n_written != n_frames)
	{
		free(recording.bytes);
		recording.bytes = NULL;
	}
	return recording;
}

/* A sine of the given amplitude on every channel. */
static inline Recording
recording_of_sine(int format, int sample_rate, int n_channels, double frequency_hz,
				  double amplitude, sf_count_t n_frames)
{
	float *samples = malloc((n_frames * n_channels + 1) * sizeof(float));
	Recording recording;

	for (sf_count_t i = 0; i < n_frames * n_channels; i++)
		samples[i] = amplitude * sin(2 * M_PI * frequency_hz * (i / n_channels) / sample_rate);
	recording = recording_from_samples(format, sample_rate, n_channels, samples, n_frames);
	free(samples);
	return recording;
}

static inline void
recording_free(Recording *recording)
{
	free(recording->bytes);
	recording->bytes = NULL;
}

/*
 * Every pair of container and encoding that libsndfile writes; returns how many.  Left out are raw
 * samples, which have no header, and Sound Designer II, which needs a second file.
 */
static inline int
recording_formats(int *formats, int max_formats)
{
	int n_major = 0;
	int n_minor = 0;
	int n_formats = 0;

	sf_command(NULL, SFC_GET_FORMAT_MAJOR_COUNT, &n_major, sizeof(n_major));
	sf_command(NULL, SFC_GET_FORMAT_SUBTYPE_COUNT, &n_minor, sizeof(n_minor));
	for (int i = 0; i < n_major; i++)
	{
		SF_FORMAT_INFO major = {.format = i};

		sf_command(NULL, SFC_GET_FORMAT_MAJOR, &major, sizeof(major));
		if (major.format == SF_FORMAT_RAW || major.format == SF_FORMAT_SD2)
			continue;
		for (int j = 0; j < n_minor; j++)
		{
			SF_FORMAT_INFO minor = {.format = j};
			SF_INFO info = {.samplerate = 8000, .channels = 1};

			sf_command(NULL, SFC_GET_FORMAT_SUBTYPE, &minor, sizeof(minor));
			info.format = major.format | (minor.format & SF_FORMAT_SUBMASK);
			if (sf_format_check(&info) && n_formats < max_formats)
				formats[n_formats++] = info.format;
		}
	}
	return n_formats;
}

static inline EmoStatus
recording_decode(EmoEnv *env, const Recording *recording, int sample_rate, EmoAudio *audio)
{
	return emo_audio_decode(env, recording->bytes, recording->n_bytes, sample_rate, EMO_MIXED, NULL,
							audio);
}

/* Level in dB of one frequency, by correlation with a sine and a cosine, leaving the ends out. */
static inline double
tone_level_db(const EmoAudio *audio, double frequency_hz)
{
	int64_t start = audio->n_samples / 8;
	int64_t end = audio->n_samples - start;
	double in_phase = 0, quadrature = 0, weights = 0;

	for (int64_t i = start; i < end; i++)
	{
		double angle = 2 * M_PI * frequency_hz * i / audio->sample_rate;
		double weight = 0.5 - 0.5 * cos(2 * M_PI * (i - start) / (end - start));

		in_phase += weight * audio->samples[i] * cos(angle);
		quadrature += weight * audio->samples[i] * sin(angle);
		weights += weight;
	}
	return 20 * log10(2 * hypot(in_phase, quadrature) / weights + 1e-12);
}

/* Root mean square of the middle, in dB. */
static inline double
rms_db(const EmoAudio *audio)
{
	int64_t start = audio->n_samples / 8;
	int64_t end = audio->n_samples - start;
	double sum = 0;

	for (int64_t i = start; i < end; i++)
		sum += (double) audio->samples[i] * audio->samples[i];
	return 10 * log10(sum / (end - start) + 1e-12);
}

#endif
