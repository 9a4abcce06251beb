/*
 * mfcc_presets.c
 *	  MFCC as known packages compute them.
 *
 * After the sources of librosa 0.11 and 0.8, torchaudio 0.13 (transforms.MFCC), python_speech_features
 * 0.6, Kaldi (compute-mfcc-feats, without dither) and HTK 3.4.1 (HCopy with the configuration of the
 * HTK Book's tutorial).  test/mfcc_conventions.py has each of them in numpy.
 */
#include "core/dsp/mfcc_params.h"

#include <float.h>

const char *const emo_mfcc_preset_names[] = {
	"emoser", "librosa", "librosa-0.8", "torchaudio", "python_speech_features",
	"kaldi",  "htk",     NULL};

static const EmoMfccConvention librosa = {
	.slopes = EMO_MEL_SLOPES_IN_HZ,
	.band_floor = 1e-10f, /* amin of power_to_db() */
	.energy_floor = 1e-10f,
	.delta_edges = EMO_DELTA_FITTED_EDGES,
};

static const EmoMfccConvention torchaudio = {
	.slopes = EMO_MEL_SLOPES_IN_HZ,
	.band_floor = 1e-10f, /* amin of AmplitudeToDB */
	.energy_floor = 1e-10f,
	.delta_edges = EMO_DELTA_REPEATED_EDGES,
};

/* Floors: numpy.finfo(float).eps. */
static const EmoMfccConvention python_speech_features = {
	.symmetric_window = true,
	.frames_of_window = true,
	.covers_end = true,
	.slopes = EMO_MEL_SLOPES_OF_BINS,
	.divides_by_n_fft = true,
	.natural_levels = true,
	.band_floor = (float) DBL_EPSILON,
	.energy_of_spectrum = true,
	.energy_floor = (float) DBL_EPSILON,
	.counts_lifter_from_0 = true,
	.delta_edges = EMO_DELTA_REPEATED_EDGES,
};

static const EmoMfccConvention kaldi = {
	.symmetric_window = true,
	.frames_of_window = true,
	.preemphasis_in_frame = true,
	.removes_mean = true,
	.slopes = EMO_MEL_SLOPES_IN_MEL,
	.natural_levels = true,
	.band_floor = FLT_EPSILON,
	.energy_floor = FLT_EPSILON,
	.counts_lifter_from_0 = true,
	.delta_edges = EMO_DELTA_REPEATED_EDGES,
};

static const EmoMfccConvention htk = {
	.symmetric_window = true,
	.frames_of_window = true,
	.preemphasis_in_frame = true,
	.slopes = EMO_MEL_SLOPES_IN_MEL,
	.natural_levels = true,
	.band_floor = 1, /* melfloor of Wave2FBank() */
	.energy_floor = FLT_MIN,
	.counts_lifter_from_0 = true,
	.scales_c0_like_others = true,
	.delta_edges = EMO_DELTA_REPEATED_EDGES,
};

EmoMfccParams
emo_mfcc_preset_params(EmoMfccPreset preset)
{
	/* Values that several packages share; the others are set below. */
	EmoMfccParams params = {
		.convention = &librosa,
		.sample_rate = 16000,
		.n_fft = EMO_MFCC_OPEN,
		.win_length = EMO_MFCC_OPEN,
		.hop_length = EMO_MFCC_OPEN,
		.n_mels = 40,
		.n_mfcc = 13,
		.mel_scale = EMO_MEL_SLANEY,
		.mel_norm = EMO_MEL_NORM_SLANEY,
		.window = EMO_WINDOW_HANN,
		.center = true,
		.pad_mode = EMO_PAD_ZEROS,
		.full_scale = 1,
		.power = 2,
		.top_db = 80,
		.dct_type = 2,
		.delta_width = 9,
	};

	switch (preset)
	{
		case EMO_MFCC_EMOSER:
			return params;
		case EMO_MFCC_LIBROSA:
		case EMO_MFCC_LIBROSA_0_8:
			params.sample_rate = 22050;
			params.n_mels = 128;
			params.n_mfcc = 20;
			params.pad_mode = preset == EMO_MFCC_LIBROSA ? EMO_PAD_ZEROS : EMO_PAD_REFLECT;
			return params;
		case EMO_MFCC_TORCHAUDIO:
			params.convention = &torchaudio;
			params.n_mels = 128;
			params.n_mfcc = 40;
			params.mel_scale = EMO_MEL_HTK;
			params.mel_norm = EMO_MEL_NORM_NONE;
			params.pad_mode = EMO_PAD_REFLECT;
			params.delta_width = 5;
			return params;
		case EMO_MFCC_PYTHON_SPEECH_FEATURES:
			params.convention = &python_speech_features;
			params.n_mels = 26;
			params.window = EMO_WINDOW_RECTANGULAR;
			params.use_energy = true;
			break;
		case EMO_MFCC_KALDI:
			params.convention = &kaldi;
			params.n_mels = 23;
			params.fmin = 20;
			params.window = EMO_WINDOW_POVEY;
			params.use_energy = true;
			break;
		case EMO_MFCC_HTK:
			params.convention = &htk;
			params.n_mels = 26;
			params.window = EMO_WINDOW_HAMMING;
			params.power = 1;
			break;
	}
	/* What those made for recognition of 16-bit recordings share. */
	params.mel_scale = EMO_MEL_HTK;
	params.mel_norm = EMO_MEL_NORM_NONE;
	params.center = false;
	params.full_scale = 32768;
	params.preemphasis = 0.97;
	params.top_db = 0;
	params.lifter = 22;
	params.delta_width = 5;
	return params;
}

/* Samples in ms, rounded down, or half up. */
static int
samples_in(int ms, int sample_rate, bool rounds)
{
	return (int) (((int64_t) ms * sample_rate + (rounds ? 500 : 0)) / 1000);
}

static int
power_of_two_from(int length)
{
	int size = EMO_FFT_MIN_SIZE;

	while (size < length && size < EMO_FFT_MAX_SIZE)
		size *= 2;
	return size;
}

static void
set_if_open(int *size, int value)
{
	if (*size == EMO_MFCC_OPEN)
		*size = value;
}

void
emo_mfcc_set_sizes(EmoMfccPreset preset, EmoMfccParams *params)
{
	bool rounds = preset == EMO_MFCC_PYTHON_SPEECH_FEATURES;

	switch (preset)
	{
		case EMO_MFCC_EMOSER:
			set_if_open(&params->n_fft, 512);
			set_if_open(&params->win_length, 400);
			set_if_open(&params->hop_length, 160);
			break;
		case EMO_MFCC_LIBROSA:
		case EMO_MFCC_LIBROSA_0_8:
			set_if_open(&params->n_fft, 2048);
			set_if_open(&params->win_length, params->n_fft);
			set_if_open(&params->hop_length, 512);
			break;
		case EMO_MFCC_TORCHAUDIO:
			set_if_open(&params->n_fft, 400);
			set_if_open(&params->win_length, params->n_fft);
			set_if_open(&params->hop_length, params->win_length / 2);
			break;
		case EMO_MFCC_PYTHON_SPEECH_FEATURES:
		case EMO_MFCC_KALDI:
		case EMO_MFCC_HTK:
			set_if_open(&params->win_length, samples_in(25, params->sample_rate, rounds));
			set_if_open(&params->hop_length, samples_in(10, params->sample_rate, rounds));
			set_if_open(&params->n_fft, power_of_two_from(params->win_length));
			break;
	}
}

EmoMfccParams
emo_mfcc_default_params(void)
{
	EmoMfccParams params = emo_mfcc_preset_params(EMO_MFCC_EMOSER);

	emo_mfcc_set_sizes(EMO_MFCC_EMOSER, &params);
	return params;
}
