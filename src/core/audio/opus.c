/*
 * opus.c
 *	  One stream of Opus in Ogg, by libopusfile.
 *
 * Opus has no rate of its own: any of five can be asked for.  The header says at which the recording was
 * made, and where that is one of the five, the decoder gives it directly.  libopusfile counts at 48 kHz
 * always, so that its packets are decoded by a decoder of ours, whose samples take every second to sixth
 * place in what libopusfile hands on.
 *
 * Another gain of that: in a virtual machine, libopusfile's own decoder, which is for any number of
 * channels, takes twice as long (libopus 1.3 asks the processor eight times a packet what it can do).
 */
#include <opusfile.h>
#include <string.h>

#include "core/audio/decoder.h"

/* RFC 7845: positions are counted at this rate. */
#define OPUS_RATE 48000

/* 120 ms, the longest packet. */
#define BLOCK_FRAMES 5760

/* That libopus has a decoder for; more are decoded by libopusfile's own. */
#define MAX_OWN_CHANNELS 2

/* After which the decoder has forgotten what it has heard, by and large; decoded before what is sought. */
#define FORGOTTEN_S     2

#define SKIPPED_SAMPLES 16384

typedef struct Decoding
{
	OggOpusFile *file;
	OpusDecoder *decoder; /* NULL: libopusfile's own */
	int step;             /* places at 48 kHz from one sample to the next */
	int first;            /* place of the first sample behind the pre-skip */
	int next;             /* place of the next sample in what is read next */
	float *block;         /* at 48 kHz; NULL for a step of one */
} Decoding;

static int
io_read(void *input, unsigned char *target, int n_bytes)
{
	int n_read = (int) emo_input_read(input, target, n_bytes);

	return ((EmoInput *) input)->is_stopped ? -1 : n_read;
}

static int
io_seek(void *input, opus_int64 offset, int whence)
{
	return emo_input_seek(input, offset, whence) < 0 ? -1 : 0;
}

static opus_int64
io_tell(void *input)
{
	return ((EmoInput *) input)->position;
}

static EmoStatus
fail_library(EmoAudioStream *stream, int error)
{
	switch (error)
	{
		case OP_EFAULT:
			return emo_fail(stream->env, EMO_OUT_OF_MEMORY, "out of memory");
		case OP_EIMPL:
		case OP_EVERSION:
			return emo_fail_unreadable(stream->env, "libopusfile",
									   "a version or mapping of channels that it does not know");
		case OP_EBADTIMESTAMP:
			return emo_fail_unreadable(stream->env, "libopusfile", "times that go backwards");
		case OP_EBADHEADER:
		case OP_ENOTFORMAT:
			return emo_fail_unreadable(stream->env, "libopusfile", "damaged headers");
		default:
			return emo_fail_unreadable(stream->env, "libopusfile", "damaged pages");
	}
}

/* As libopusfile calls it; nothing is put between the places of our samples, which nobody reads. */
static int
decode_packet(void *context, OpusMSDecoder *decoder, void *pcm, const ogg_packet *packet,
			  int n_places, int n_channels, int format, int link)
{
	Decoding *decoding = context;
	const int step = decoding->step;
	const int expected = n_places / step;
	float *samples = pcm;
	int n_decoded = opus_decode_float(decoding->decoder, packet->packet, (opus_int32) packet->bytes,
									  samples, expected, 0);

	(void) decoder;
	(void) format;
	(void) link;
	if (n_decoded < 0)
		return n_decoded;
	if (n_decoded != expected)
		return OPUS_INVALID_PACKET;
	for (int i = step == 1 ? 0 : expected - 1; i > 0; i--)
		memcpy(samples + (size_t) i * step * n_channels, samples + (size_t) i * n_channels,
			   n_channels * sizeof(float));
	return 0;
}

/* Places at 48 kHz for each sample at the rate of the recording. */
static int
step_of(const OpusHead *head)
{
	static const uint32_t rates[] = {8000, 12000, 16000, 24000};

	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
		if (head->input_sample_rate == rates[i])
			return OPUS_RATE / (int) rates[i];
	return 1;
}

static EmoStatus
use_own_decoder(EmoAudioStream *stream, Decoding *decoding, const OpusHead *head)
{
	int pre_skip = (int) head->pre_skip;
	int error = OPUS_OK;

	if (head->mapping_family != 0 || head->channel_count > MAX_OWN_CHANNELS)
		return EMO_OK;
	decoding->step = step_of(head);
	decoding->first = (decoding->step - pre_skip % decoding->step) % decoding->step;
	decoding->next = decoding->first;
	decoding->decoder =
		opus_decoder_create(OPUS_RATE / decoding->step, head->channel_count, &error);
	if (decoding->decoder == NULL)
		return emo_fail(stream->env, EMO_OUT_OF_MEMORY, "out of memory");
	opus_decoder_ctl(decoding->decoder, OPUS_SET_GAIN(head->output_gain));
	op_set_decode_callback(decoding->file, decode_packet, decoding);
	if (decoding->step == 1)
		return EMO_OK;
	decoding->block =
		emo_alloc(stream->env, (size_t) BLOCK_FRAMES * head->channel_count, sizeof(float));
	return decoding->block == NULL ? EMO_OUT_OF_MEMORY : EMO_OK;
}

static EmoStatus
open_opus(EmoAudioStream *stream)
{
	static const OpusFileCallbacks callbacks = {io_read, io_seek, io_tell, NULL};
	Decoding *decoding = emo_alloc_zero(stream->env, 1, sizeof(Decoding));
	ogg_int64_t n_places;
	int error = 0;

	if (decoding == NULL)
		return EMO_OUT_OF_MEMORY;
	stream->handle = decoding;
	decoding->step = 1;
	decoding->file = op_open_callbacks(&stream->input, &callbacks, NULL, 0, &error);
	if (decoding->file == NULL)
		return fail_library(stream, error);
	if (use_own_decoder(stream, decoding, op_head(decoding->file, 0)) != EMO_OK)
		return stream->env->status;
	stream->container_name = "ogg";
	stream->encoding_name = "opus";
	stream->full_scale = 32767.0f / 32768.0f;
	stream->sample_rate = OPUS_RATE / decoding->step;
	stream->n_channels = op_channel_count(decoding->file, -1);
	stream->can_seek = true;
	n_places = op_pcm_total(decoding->file, -1);
	if (n_places > decoding->first)
		stream->announced_frames =
			(n_places - decoding->first + decoding->step - 1) / decoding->step;
	return EMO_OK;
}

/* Of places that were read, those that hold samples. */
static int64_t
take_samples(Decoding *decoding, int n_places, int n_channels, float *samples)
{
	int64_t n_frames = 0;

	for (; decoding->next < n_places; decoding->next += decoding->step, n_frames++)
		memcpy(samples + n_frames * n_channels,
			   decoding->block + (size_t) decoding->next * n_channels, n_channels * sizeof(float));
	decoding->next -= n_places;
	return n_frames;
}

static int64_t
smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static EmoStatus
read_opus(EmoAudioStream *stream, float *samples, int64_t max_frames, int64_t *n_frames)
{
	Decoding *decoding = stream->handle;
	const int n_channels = stream->n_channels;

	for (;;)
	{
		int64_t n_asked = decoding->block == NULL
							  ? max_frames
							  : smaller(max_frames * decoding->step, BLOCK_FRAMES);
		int n_read =
			op_read_float(decoding->file, decoding->block == NULL ? samples : decoding->block,
						  (int) n_asked * n_channels, NULL);

		if (n_read >= 0)
		{
			*n_frames = decoding->block == NULL
							? n_read
							: take_samples(decoding, n_read, n_channels, samples);
			if (*n_frames > 0 || n_read == 0)
				return EMO_OK;
		}
		else
		{
			stream->truncated = true;
			/* Pages are missing, or a packet can't be decoded: on with the next one. */
			if (n_read != OP_HOLE && n_read != OP_EBADPACKET)
				return fail_library(stream, n_read);
		}
		if (emo_check_stop(stream->env) != EMO_OK)
			return stream->env->status;
	}
}

static EmoStatus
skip_frames(EmoAudioStream *stream, int64_t n_frames)
{
	float *block = emo_alloc(stream->env, SKIPPED_SAMPLES, sizeof(float));
	const int64_t room = SKIPPED_SAMPLES / stream->n_channels;
	EmoStatus status = block == NULL ? EMO_OUT_OF_MEMORY : EMO_OK;
	int64_t n_read = 1;

	for (; status == EMO_OK && n_read > 0 && n_frames > 0; n_frames -= n_read)
		status = read_opus(stream, block, smaller(n_frames, room), &n_read);
	emo_free(stream->env, block);
	return status;
}

/* libopusfile's own 80 ms before a place are enough for the ear, and not for the same samples. */
static EmoStatus
seek_opus(EmoAudioStream *stream, int64_t frame)
{
	Decoding *decoding = stream->handle;
	int64_t n_before = smaller(frame, FORGOTTEN_S * stream->sample_rate);
	int error;

	if (frame >= stream->announced_frames)
		return fail_library(stream, OP_EINVAL);
	error = op_pcm_seek(decoding->file, (frame - n_before) * decoding->step + decoding->first);
	if (error != 0)
		return fail_library(stream, error);
	decoding->next = 0;
	if (decoding->decoder != NULL)
		opus_decoder_ctl(decoding->decoder, OPUS_RESET_STATE);
	return skip_frames(stream, n_before);
}

static void
close_opus(EmoAudioStream *stream)
{
	Decoding *decoding = stream->handle;

	if (decoding == NULL)
		return;
	op_free(decoding->file);
	if (decoding->decoder != NULL)
		opus_decoder_destroy(decoding->decoder);
	emo_free(stream->env, decoding->block);
	emo_free(stream->env, decoding);
	stream->handle = NULL;
}

const EmoDecoder emo_opus_decoder = {.name = "libopusfile",
									 .open = open_opus,
									 .read = read_opus,
									 .seek = seek_opus,
									 .close = close_opus};
