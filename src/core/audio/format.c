/*
 * format.c
 *	  Names and properties of libsndfile's format codes.
 */
#include "core/audio/format.h"

#include <sndfile.h>
#include <stddef.h>

typedef struct FormatName
{
	int code;
	const char *name;
} FormatName;

/* Of the containers that emo_container_check() lets through. */
static const FormatName containers[] = {
	{SF_FORMAT_WAV, "wav"}, {SF_FORMAT_WAVEX, "wav"}, {SF_FORMAT_AIFF, "aiff"},
	{SF_FORMAT_AU, "au"},   {SF_FORMAT_NIST, "nist"}, {SF_FORMAT_VOC, "voc"},
	{SF_FORMAT_W64, "w64"}, {SF_FORMAT_FLAC, "flac"}, {SF_FORMAT_CAF, "caf"},
	{SF_FORMAT_OGG, "ogg"}, {SF_FORMAT_RF64, "rf64"},
};

static const FormatName encodings[] = {
	{SF_FORMAT_PCM_S8, "pcm8"},
	{SF_FORMAT_PCM_U8, "pcm8"},
	{SF_FORMAT_PCM_16, "pcm16"},
	{SF_FORMAT_PCM_24, "pcm24"},
	{SF_FORMAT_PCM_32, "pcm32"},
	{SF_FORMAT_FLOAT, "float32"},
	{SF_FORMAT_DOUBLE, "float64"},
	{SF_FORMAT_ULAW, "ulaw"},
	{SF_FORMAT_ALAW, "alaw"},
	{SF_FORMAT_IMA_ADPCM, "ima_adpcm"},
	{SF_FORMAT_MS_ADPCM, "ms_adpcm"},
	{SF_FORMAT_GSM610, "gsm610"},
	{SF_FORMAT_VOX_ADPCM, "vox_adpcm"},
	{SF_FORMAT_NMS_ADPCM_16, "nms_adpcm16"},
	{SF_FORMAT_NMS_ADPCM_24, "nms_adpcm24"},
	{SF_FORMAT_NMS_ADPCM_32, "nms_adpcm32"},
	{SF_FORMAT_G721_32, "g721"},
	{SF_FORMAT_G723_24, "g723_24"},
	{SF_FORMAT_G723_40, "g723_40"},
	{SF_FORMAT_DWVW_12, "dwvw12"},
	{SF_FORMAT_DWVW_16, "dwvw16"},
	{SF_FORMAT_DWVW_24, "dwvw24"},
	{SF_FORMAT_DPCM_8, "dpcm8"},
	{SF_FORMAT_DPCM_16, "dpcm16"},
	{SF_FORMAT_VORBIS, "vorbis"},
	{SF_FORMAT_OPUS, "opus"},
	{SF_FORMAT_ALAC_16, "alac16"},
	{SF_FORMAT_ALAC_20, "alac20"},
	{SF_FORMAT_ALAC_24, "alac24"},
	{SF_FORMAT_ALAC_32, "alac32"},
};

static const char *
name_of(const FormatName *names, size_t n_names, int code)
{
	for (size_t i = 0; i < n_names; i++)
		if (names[i].code == code)
			return names[i].name;
	return "other";
}

const char *
emo_container_name(int format)
{
	return name_of(containers, sizeof(containers) / sizeof(containers[0]),
				   format & SF_FORMAT_TYPEMASK);
}

const char *
emo_encoding_name(int format)
{
	return name_of(encodings, sizeof(encodings) / sizeof(encodings[0]), format & SF_FORMAT_SUBMASK);
}

float
emo_encoding_full_scale(int format)
{
	switch (format & SF_FORMAT_SUBMASK)
	{
		case SF_FORMAT_PCM_S8:
		case SF_FORMAT_PCM_U8:
			return 127.0f / 128.0f;
		case SF_FORMAT_PCM_24:
		case SF_FORMAT_ALAC_24:
			return 8388607.0f / 8388608.0f;
		case SF_FORMAT_ULAW: /* ITU-T G.711: the outermost codes stand for 8031 and 4032 */
			return 32124.0f / 32768.0f;
		case SF_FORMAT_ALAW:
			return 32256.0f / 32768.0f;
		case SF_FORMAT_PCM_32: /* rounds to 1 as a float */
		case SF_FORMAT_ALAC_32:
		case SF_FORMAT_FLOAT:
		case SF_FORMAT_DOUBLE:
			return 1.0f;
		default:
			return 32767.0f / 32768.0f;
	}
}
