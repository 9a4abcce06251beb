/*
 * vorbis.c
 *	  One stream of Vorbis in Ogg, by libvorbisfile.
 */
#define OV_EXCLUDE_STATIC_CALLBACKS
#include <errno.h>
#include <vorbis/vorbisfile.h>

#include "core/audio/decoder.h"

static size_t
io_read(void *target, size_t item_bytes, size_t n_items, void *input)
{
	int64_t n_bytes = emo_input_read(input, target, (int64_t) (item_bytes * n_items));

	/* At a plain end it would begin again to search for a last page. */
	if (((EmoInput *) input)->is_stopped)
		errno = EINTR;
	return n_bytes / item_bytes;
}

static int
io_seek(void *input, ogg_int64_t offset, int whence)
{
	return emo_input_seek(input, offset, whence) < 0 ? -1 : 0;
}

static long
io_tell(void *input)
{
	return (long) ((EmoInput *) input)->position;
}

static EmoStatus
fail_library(EmoAudioStream *stream, long error)
{
	switch (error)
	{
		case OV_EFAULT:
			return emo_fail(stream->env, EMO_OUT_OF_MEMORY, "out of memory");
		case OV_EVERSION:
			return emo_fail_unreadable(stream->env, "libvorbisfile", "an unknown version");
		case OV_EBADHEADER:
		case OV_ENOTVORBIS:
			return emo_fail_unreadable(stream->env, "libvorbisfile", "damaged headers");
		default:
			return emo_fail_unreadable(stream->env, "libvorbisfile", "damaged pages");
	}
}

static EmoStatus
open_vorbis(EmoAudioStream *stream)
{
	static const ov_callbacks callbacks = {io_read, io_seek, NULL, io_tell};
	OggVorbis_File *file = emo_alloc_zero(stream->env, 1, sizeof(OggVorbis_File));
	const vorbis_info *info;
	ogg_int64_t n_frames;
	int error;

	if (file == NULL)
		return EMO_OUT_OF_MEMORY;
	stream->handle = file;
	error = ov_open_callbacks(&stream->input, file, NULL, 0, callbacks);
	if (error != 0)
		return fail_library(stream, error);
	info = ov_info(file, -1);
	stream->container_name = "ogg";
	stream->encoding_name = "vorbis";
	stream->full_scale = 32767.0f / 32768.0f;
	stream->sample_rate = info->rate < INT32_MAX ? (int) info->rate : INT32_MAX;
	stream->n_channels = info->channels;
	stream->can_seek = true;
	n_frames = ov_pcm_total(file, -1);
	if (n_frames > 0)
		stream->announced_frames = n_frames;
	return EMO_OK;
}

static void
interleave(float *const *channels, int n_channels, int64_t n_frames, float *samples)
{
	for (int channel = 0; channel < n_channels; channel++)
		for (int64_t i = 0; i < n_frames; i++)
			samples[i * n_channels + channel] = channels[channel][i];
}

static EmoStatus
read_vorbis(EmoAudioStream *stream, float *samples, int64_t max_frames, int64_t *n_frames)
{
	for (;;)
	{
		float **channels;
		int link;
		long result = ov_read_float(stream->handle, &channels, (int) max_frames, &link);

		if (result >= 0)
		{
			*n_frames = result;
			interleave(channels, stream->n_channels, result, samples);
			return EMO_OK;
		}
		stream->truncated = true;
		/* Pages are missing or packets damaged: on with the next one. */
		if (result != OV_HOLE)
			return fail_library(stream, result);
		if (emo_check_stop(stream->env) != EMO_OK)
			return stream->env->status;
	}
}

static EmoStatus
seek_vorbis(EmoAudioStream *stream, int64_t frame)
{
	int error = ov_pcm_seek(stream->handle, frame);

	return error == 0 ? EMO_OK : fail_library(stream, error);
}

static void
close_vorbis(EmoAudioStream *stream)
{
	if (stream->handle != NULL)
		ov_clear(stream->handle);
	emo_free(stream->env, stream->handle);
	stream->handle = NULL;
}

const EmoDecoder emo_vorbis_decoder = {.name = "libvorbisfile",
									   .open = open_vorbis,
									   .read = read_vorbis,
									   .seek = seek_vorbis,
									   .close = close_vorbis};
