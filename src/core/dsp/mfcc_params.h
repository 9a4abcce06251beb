/*
 * mfcc_params.h
 *	  The parameters of MFCC, and what packages have them be.
 */
#ifndef EMO_MFCC_PARAMS_H
#define EMO_MFCC_PARAMS_H

#include <limits.h>

#include "core/base/env.h"
#include "core/dsp/deltas.h"
#include "core/dsp/mel.h"
#include "core/dsp/spectrum.h"

/* What packages do in different ways, beyond what the other parameters say. */
typedef struct EmoMfccConvention
{
	bool symmetric_window;
	bool frames_of_window; /* not centred, a frame is win_length samples, or else n_fft */
	bool covers_end;       /* see EmoSpectrumParams, also for the next two */
	bool preemphasis_in_frame;
	bool removes_mean;
	EmoMelSlopes slopes;
	bool divides_by_n_fft;     /* the power spectrum */
	bool natural_levels;       /* ln, or else 10 log10 */
	float band_floor;          /* of bands, before the logarithm */
	bool energy_of_spectrum;   /* the energy is the sum of the power spectrum, or else of squares */
	float energy_floor;        /* before the logarithm */
	bool counts_lifter_from_0; /* n in mfcc.lifter, or else from 1 */
	bool scales_c0_like_others; /* sqrt(2 / n_mels) in DCT-II, or else orthonormal */
	EmoDeltaEdges delta_edges;
} EmoMfccConvention;

typedef struct EmoMfccParams
{
	const EmoMfccConvention *convention;
	int sample_rate; /* Hz */
	int n_fft;
	int win_length;
	int hop_length;
	int n_mels;
	int n_mfcc;
	double fmin; /* Hz */
	double fmax; /* Hz; 0 for half the sample rate */
	EmoMelScale mel_scale;
	EmoMelNorm mel_norm;
	EmoWindow window;
	bool center;         /* frames around t * hop_length */
	EmoPadding pad_mode; /* what surrounds a recording whose frames are centred */
	double full_scale; /* what a sample of 1 counts as: 32768 as if samples were 16-bit integers */
	double preemphasis;
	int power;       /* of the spectra that bands sum: 1, amplitudes, or 2 */
	double top_db;   /* levels are raised to this far below the recording's maximum; 0 for not */
	int dct_type;    /* 1, 2 or 3, orthonormal */
	double lifter;   /* L of the factor 1 + L/2 sin(pi n / L); 0 for none */
	bool use_energy; /* the level of the frame's energy takes the place of coefficient 0 */
	int deltas;      /* 0, 1 (with delta) or 2 (with delta and delta-delta) */
	int delta_width;
} EmoMfccParams;

/* In the order of emo_mfcc_preset_names, which ends with NULL. */
typedef enum EmoMfccPreset
{
	EMO_MFCC_EMOSER, /* librosa's conventions, 13 of 40, 25 ms Hann windows every 10 ms at 16 kHz */
	EMO_MFCC_LIBROSA,
	EMO_MFCC_LIBROSA_0_8, /* and older */
	EMO_MFCC_TORCHAUDIO,
	EMO_MFCC_PYTHON_SPEECH_FEATURES,
	EMO_MFCC_KALDI,
	EMO_MFCC_HTK
} EmoMfccPreset;

extern const char *const emo_mfcc_preset_names[];

/*
 * What a package computes if it is asked for nothing else.  n_fft, win_length and hop_length, which
 * may follow from each other and from sample_rate, are EMO_MFCC_OPEN until emo_mfcc_set_sizes().
 */
extern EmoMfccParams emo_mfcc_preset_params(EmoMfccPreset preset);

#define EMO_MFCC_OPEN INT_MIN
extern void emo_mfcc_set_sizes(EmoMfccPreset preset, EmoMfccParams *params);

/* Those of EMO_MFCC_EMOSER, complete. */
extern EmoMfccParams emo_mfcc_default_params(void);

extern bool emo_mfcc_params_equal(const EmoMfccParams *a, const EmoMfccParams *b);

/* EMO_INVALID_PARAMETER naming the parameter and its range, or EMO_OK. */
extern EmoStatus emo_mfcc_check_params(EmoEnv *env, const EmoMfccParams *params);

/* The filterbank among them. */
extern EmoMelParams emo_mfcc_mel_params(const EmoMfccParams *params);

/* Where frames lie. */
extern EmoFraming emo_mfcc_framing(const EmoMfccParams *params);

/* What samples are multiplied by before they are squared. */
extern float emo_mfcc_gain(const EmoMfccParams *params);

/* Levels are this times the natural logarithm. */
extern float emo_mfcc_level_scale(const EmoMfccParams *params);

#endif
