/*
 * codecs.c
 *	  Which of FFmpeg's demuxers and decoders are let near a recording.
 *
 * FFmpeg reads some four hundred containers and as many codecs, among them playlists that open other
 * files, and formats of games that nobody looks after.  Here are those in which people record speech.
 */
#include "av/codecs.h"

#include <string.h>

/* The magic, and the number of its bytes, which may be zeros. */
#define MAGIC(text) text, sizeof(text) - 1

static const EmoAvContainer containers[] = {
	{4, MAGIC("ftypqt  "), "mov", "mov", true},
	{4, MAGIC("ftyp"), "mov", "mp4", true},
	{4, MAGIC("styp"), "mov", "mp4", true},
	{4, MAGIC("moov"), "mov", "mov", true},
	{4, MAGIC("mdat"), "mov", "mov", true},
	{4, MAGIC("wide"), "mov", "mov", true},
	{0, MAGIC("\x1a\x45\xdf\xa3"), "matroska", "matroska", false},
	{0, MAGIC("\x30\x26\xb2\x75\x8e\x66\xcf\x11"), "asf", "asf", false},
	{0, MAGIC("#!AMR"), "amr", "amr", false},
	{0, MAGIC("#!iLBC"), "ilbc", "ilbc", false},
	{0, MAGIC("OggS"), "ogg", "ogg", false},
	{0, MAGIC("RIFF"), "wav", "wav", false},
	{0, MAGIC("RIFX"), "wav", "wav", false},
	{0, MAGIC("RF64"), "wav", "rf64", false},
	{0, MAGIC("riff"), "w64", "w64", false},
	{0, MAGIC("FORM"), "aiff", "aiff", false},
	{0, MAGIC("caff"), "caf", "caf", false},
	{0, MAGIC(".snd"), "au", "au", false},
	{0,
	 MAGIC("\x02"
		   "dss"),
	 "dss", "dss", false},
	{0,
	 MAGIC("\x03"
		   "dss"),
	 "dss", "dss", false},
};

/* Twelve ones and layer 0: ADTS, which has no other magic. */
static const EmoAvContainer adts = {0, MAGIC("\xff"), "aac", "adts", false};

const EmoAvContainer *
emo_av_find_container(const uint8_t *bytes, size_t n_bytes)
{
	for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++)
	{
		const EmoAvContainer *container = &containers[i];

		if (n_bytes >= container->offset + container->n_magic &&
			memcmp(bytes + container->offset, container->magic, container->n_magic) == 0)
			return container;
	}
	if (n_bytes >= 2 && bytes[0] == 0xff && (bytes[1] & 0xf6) == 0xf0)
		return &adts;
	return NULL;
}

#define FULL_SCALE_INT16 (32767.0f / 32768.0f)

/* The largest values that ITU-T G.711 knows. */
#define FULL_SCALE_ULAW (32124.0f / 32768.0f)
#define FULL_SCALE_ALAW (32256.0f / 32768.0f)

static const EmoAvCodec codecs[] = {
	{AV_CODEC_ID_AAC, "aac", "aac", FULL_SCALE_INT16},
	{AV_CODEC_ID_AAC_LATM, "aac_latm", "aac", FULL_SCALE_INT16},
	{AV_CODEC_ID_ALAC, "alac", "alac", FULL_SCALE_INT16},
	{AV_CODEC_ID_FLAC, "flac", "flac", FULL_SCALE_INT16},
	{AV_CODEC_ID_OPUS, "opus", "opus", FULL_SCALE_INT16},
	{AV_CODEC_ID_VORBIS, "vorbis", "vorbis", FULL_SCALE_INT16},
	{AV_CODEC_ID_SPEEX, "speex", "speex", FULL_SCALE_INT16},
	{AV_CODEC_ID_SPEEX, "libspeex", "speex", FULL_SCALE_INT16},
	{AV_CODEC_ID_MP3, "mp3float", "mp3", FULL_SCALE_INT16},
	{AV_CODEC_ID_MP2, "mp2float", "mp2", FULL_SCALE_INT16},
	{AV_CODEC_ID_MP1, "mp1float", "mp1", FULL_SCALE_INT16},
	{AV_CODEC_ID_AMR_NB, "amrnb", "amr_nb", FULL_SCALE_INT16},
	{AV_CODEC_ID_AMR_WB, "amrwb", "amr_wb", FULL_SCALE_INT16},
	{AV_CODEC_ID_EVRC, "evrc", "evrc", FULL_SCALE_INT16},
	{AV_CODEC_ID_QCELP, "qcelp", "qcelp", FULL_SCALE_INT16},
	{AV_CODEC_ID_ILBC, "ilbc", "ilbc", FULL_SCALE_INT16},
	{AV_CODEC_ID_DSS_SP, "dss_sp", "dss_sp", FULL_SCALE_INT16},
	{AV_CODEC_ID_WMAV1, "wmav1", "wma1", FULL_SCALE_INT16},
	{AV_CODEC_ID_WMAV2, "wmav2", "wma2", FULL_SCALE_INT16},
	{AV_CODEC_ID_WMAPRO, "wmapro", "wma_pro", FULL_SCALE_INT16},
	{AV_CODEC_ID_WMALOSSLESS, "wmalossless", "wma_lossless", FULL_SCALE_INT16},
	{AV_CODEC_ID_WMAVOICE, "wmavoice", "wma_voice", FULL_SCALE_INT16},
	{AV_CODEC_ID_GSM, "gsm", "gsm610", FULL_SCALE_INT16},
	{AV_CODEC_ID_GSM_MS, "gsm_ms", "gsm610", FULL_SCALE_INT16},
	{AV_CODEC_ID_TRUESPEECH, "truespeech", "truespeech", FULL_SCALE_INT16},
	{AV_CODEC_ID_G723_1, "g723_1", "g723_1", FULL_SCALE_INT16},
	{AV_CODEC_ID_G729, "g729", "g729", FULL_SCALE_INT16},
	{AV_CODEC_ID_ADPCM_G722, "g722", "g722", FULL_SCALE_INT16},
	{AV_CODEC_ID_ADPCM_G726, "g726", "g726", FULL_SCALE_INT16},
	{AV_CODEC_ID_ADPCM_G726LE, "g726le", "g726", FULL_SCALE_INT16},
	{AV_CODEC_ID_ADPCM_IMA_QT, "adpcm_ima_qt", "ima_adpcm", FULL_SCALE_INT16},
	{AV_CODEC_ID_ADPCM_IMA_WAV, "adpcm_ima_wav", "ima_adpcm", FULL_SCALE_INT16},
	{AV_CODEC_ID_ADPCM_MS, "adpcm_ms", "ms_adpcm", FULL_SCALE_INT16},
	{AV_CODEC_ID_PCM_MULAW, "pcm_mulaw", "ulaw", FULL_SCALE_ULAW},
	{AV_CODEC_ID_PCM_ALAW, "pcm_alaw", "alaw", FULL_SCALE_ALAW},
	{AV_CODEC_ID_PCM_U8, "pcm_u8", "pcm8", 127.0f / 128.0f},
	{AV_CODEC_ID_PCM_S8, "pcm_s8", "pcm8", 127.0f / 128.0f},
	{AV_CODEC_ID_PCM_S16LE, "pcm_s16le", "pcm16", FULL_SCALE_INT16},
	{AV_CODEC_ID_PCM_S16BE, "pcm_s16be", "pcm16", FULL_SCALE_INT16},
	{AV_CODEC_ID_PCM_S24LE, "pcm_s24le", "pcm24", 8388607.0f / 8388608.0f},
	{AV_CODEC_ID_PCM_S24BE, "pcm_s24be", "pcm24", 8388607.0f / 8388608.0f},
	{AV_CODEC_ID_PCM_S32LE, "pcm_s32le", "pcm32", 1.0f},
	{AV_CODEC_ID_PCM_S32BE, "pcm_s32be", "pcm32", 1.0f},
	{AV_CODEC_ID_PCM_F32LE, "pcm_f32le", "float32", 1.0f},
	{AV_CODEC_ID_PCM_F32BE, "pcm_f32be", "float32", 1.0f},
	{AV_CODEC_ID_PCM_F64LE, "pcm_f64le", "float64", 1.0f},
	{AV_CODEC_ID_PCM_F64BE, "pcm_f64be", "float64", 1.0f},
};

/* Of two decoders of a codec the first that this build of FFmpeg has. */
const EmoAvCodec *
emo_av_find_codec(enum AVCodecID id)
{
	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
		if (codecs[i].id == id && avcodec_find_decoder_by_name(codecs[i].decoder) != NULL)
			return &codecs[i];
	return NULL;
}

/* 20 ms. */
#define AMR_NB_FRAME_SAMPLES 160
#define AMR_WB_FRAME_SAMPLES 320

/* Frame types of 3GPP TS 26.101 and 26.201: a description of the noise, a frame that is lost, none. */
#define AMR_NB_SID  8
#define AMR_WB_SID  9
#define AMR_WB_LOST 14
#define AMR_NO_DATA 15

int
emo_av_samples_of_pause(enum AVCodecID id, const AVPacket *packet)
{
	int type;

	if (packet->size < 1)
		return 0;
	type = packet->data[0] >> 3 & 15;
	if (id == AV_CODEC_ID_AMR_NB)
		return type == AMR_NB_SID || type == AMR_NO_DATA ? AMR_NB_FRAME_SAMPLES : 0;
	if (id == AV_CODEC_ID_AMR_WB)
		return type == AMR_WB_SID || type >= AMR_WB_LOST ? AMR_WB_FRAME_SAMPLES : 0;
	return 0;
}
