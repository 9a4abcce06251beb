/*
 * ogg.c
 *	  Ogg files: what they are joined of, link by link.
 *
 * The first link says which rate and how many channels the recording has; others are brought to that.
 */
#include <string.h>

#include "core/audio/adapter.h"
#include "core/audio/decoder.h"
#include "core/audio/ogg_headers.h"
#include "core/audio/ogg_links.h"
#include "core/audio/unreadable.h"
#include "core/base/samples.h"

typedef struct Chain
{
	EmoOggLinks links;
	int next_link;
	const EmoDecoder *decoder; /* of the link that is open; NULL for none */
	EmoAudioStream part;       /* that link */
	EmoAdapter *adapter;       /* NULL where its form is that of the first */
	int64_t n_part_frames;     /* read of it */
} Chain;

static const EmoDecoder *const decoders[] = {
	[EMO_OGG_VORBIS] = &emo_vorbis_decoder,
	[EMO_OGG_OPUS] = &emo_opus_decoder,
	[EMO_OGG_FLAC] = &emo_sndfile_decoder,
};

static void
close_link(Chain *chain)
{
	emo_adapter_close(chain->adapter);
	chain->adapter = NULL;
	if (chain->decoder != NULL)
		chain->decoder->close(&chain->part);
	chain->decoder = NULL;
}

static EmoStatus
open_decoder(EmoAudioStream *stream, Chain *chain, const EmoOggLink *link)
{
	EmoStatus status;

	memset(&chain->part, 0, sizeof(chain->part));
	chain->part.env = stream->env;
	chain->part.announced_frames = -1;
	chain->part.input.env = stream->env;
	chain->part.input.bytes = link->bytes;
	chain->part.input.n_bytes = link->n_bytes;
	chain->n_part_frames = 0;
	if (link->codec != EMO_OGG_FLAC && emo_ogg_check_headers(stream->env, link) != EMO_OK)
		return stream->env->status;
	chain->decoder = decoders[link->codec];
	status = chain->decoder->open(&chain->part);
	stream->input.is_stopped = stream->input.is_stopped || chain->part.input.is_stopped;
	return status;
}

static EmoStatus
adapt_link(EmoAudioStream *stream, Chain *chain)
{
	const EmoAudioStream *part = &chain->part;

	if (part->n_channels == stream->n_channels && part->sample_rate == stream->sample_rate)
		return EMO_OK;
	if (part->sample_rate < EMO_MIN_SAMPLE_RATE || part->sample_rate > EMO_MAX_SAMPLE_RATE)
		return emo_fail_recording(stream->env, "A part of it has an unusable sample rate.");
	return emo_adapter_open(&chain->part, chain->decoder, stream->n_channels, stream->sample_rate,
							&chain->adapter);
}

/* The next link that can be opened; those that can't are what is missing.  None at the end. */
static EmoStatus
open_next_link(EmoAudioStream *stream, Chain *chain)
{
	EmoStatus status = EMO_OK;

	while (chain->decoder == NULL && chain->next_link < chain->links.n_links)
	{
		const EmoOggLink *link = &chain->links.links[chain->next_link++];

		status = open_decoder(stream, chain, link);
		if (status == EMO_OK && stream->n_channels > 0)
			status = adapt_link(stream, chain);
		if (status == EMO_OK)
		{
			stream->truncated = stream->truncated || link->truncated;
			return EMO_OK;
		}
		close_link(chain);
		if (status != EMO_BAD_DATA || stream->input.is_stopped)
			return status;
		stream->truncated = true;
	}
	return status;
}

static EmoStatus
open_ogg(EmoAudioStream *stream)
{
	Chain *chain = emo_alloc_zero(stream->env, 1, sizeof(Chain));
	EmoStatus status;

	if (chain == NULL)
		return EMO_OUT_OF_MEMORY;
	stream->handle = chain;
	status =
		emo_ogg_find_links(stream->env, stream->input.bytes, stream->input.n_bytes, &chain->links);
	if (status == EMO_OK)
		status = open_next_link(stream, chain);
	if (status != EMO_OK)
		return status;
	stream->container_name = "ogg";
	stream->encoding_name = chain->part.encoding_name;
	stream->full_scale = chain->part.full_scale;
	stream->sample_rate = chain->part.sample_rate;
	stream->n_channels = chain->part.n_channels;
	if (chain->links.n_links == 1)
	{
		stream->announced_frames = chain->part.announced_frames;
		stream->can_seek = chain->part.can_seek && !stream->truncated;
	}
	return EMO_OK;
}

static EmoStatus
read_link(EmoAudioStream *stream, Chain *chain, float *samples, int64_t max_frames,
		  int64_t *n_frames)
{
	EmoStatus status = chain->adapter != NULL
						   ? emo_adapter_read(chain->adapter, samples, max_frames, n_frames)
						   : chain->decoder->read(&chain->part, samples, max_frames, n_frames);

	stream->input.is_stopped = stream->input.is_stopped || chain->part.input.is_stopped;
	stream->truncated = stream->truncated || chain->part.truncated;
	if (status == EMO_OK)
		chain->n_part_frames += *n_frames;
	return status;
}

/* Nothing more comes of a link, or nothing that can be read. */
static void
end_link(EmoAudioStream *stream, Chain *chain, EmoStatus status)
{
	bool is_short = chain->decoder == &emo_sndfile_decoder && chain->adapter == NULL &&
					chain->n_part_frames < chain->part.announced_frames;

	if (is_short || status != EMO_OK)
		stream->truncated = true;
	close_link(chain);
}

static EmoStatus
read_ogg(EmoAudioStream *stream, float *samples, int64_t max_frames, int64_t *n_frames)
{
	Chain *chain = stream->handle;

	for (;;)
	{
		EmoStatus status = EMO_OK;

		*n_frames = 0;
		if (emo_check_stop(stream->env) != EMO_OK)
			return stream->env->status;
		if (chain->decoder == NULL)
			status = open_next_link(stream, chain);
		/* What the last links were to blame for is not what came before them. */
		if (status == EMO_BAD_DATA)
			return EMO_OK;
		if (status != EMO_OK || chain->decoder == NULL)
			return status;
		status = read_link(stream, chain, samples, max_frames, n_frames);
		if (*n_frames > 0 || (status != EMO_OK && status != EMO_BAD_DATA) ||
			stream->input.is_stopped)
			return status;
		end_link(stream, chain, status);
	}
}

/* Only in a single link: how long others are, they tell at their end. */
static EmoStatus
seek_ogg(EmoAudioStream *stream, int64_t frame)
{
	Chain *chain = stream->handle;
	EmoStatus status = chain->decoder->seek(&chain->part, frame);

	stream->input.is_stopped = stream->input.is_stopped || chain->part.input.is_stopped;
	if (status == EMO_OK)
		chain->n_part_frames = frame;
	return status;
}

static void
close_ogg(EmoAudioStream *stream)
{
	Chain *chain = stream->handle;

	if (chain == NULL)
		return;
	close_link(chain);
	emo_ogg_free_links(stream->env, &chain->links);
	emo_free(stream->env, chain);
	stream->handle = NULL;
}

const EmoDecoder emo_ogg_decoder = {
	.name = "Ogg", .open = open_ogg, .read = read_ogg, .seek = seek_ogg, .close = close_ogg};
