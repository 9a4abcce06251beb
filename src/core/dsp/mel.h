/*
 * mel.h
 *	  Mel filterbanks: triangular bands on the bins of a power spectrum.
 */
#ifndef EMO_MEL_H
#define EMO_MEL_H

#include "core/base/env.h"
#include "core/dsp/kernels.h"

typedef enum EmoMelScale
{
	EMO_MEL_SLANEY, /* linear below 1 kHz, logarithmic above (Slaney, Auditory Toolbox, 1998) */
	EMO_MEL_HTK     /* 2595 log10(1 + f / 700) */
} EmoMelScale;

typedef enum EmoMelNorm
{
	EMO_MEL_NORM_SLANEY, /* each triangle has area one over Hz */
	EMO_MEL_NORM_NONE    /* each triangle has height one */
} EmoMelNorm;

/* What is linear along the slopes of the triangles. */
typedef enum EmoMelSlopes
{
	EMO_MEL_SLOPES_IN_HZ,  /* librosa, torchaudio */
	EMO_MEL_SLOPES_IN_MEL, /* HTK, Kaldi */
	EMO_MEL_SLOPES_OF_BINS /* between bins that corners are rounded down to (python_speech_features) */
} EmoMelSlopes;

typedef struct EmoMelParams
{
	int sample_rate;
	int n_fft;
	int n_mels;
	double fmin; /* Hz */
	double fmax; /* Hz */
	EmoMelScale scale;
	EmoMelNorm norm;
	EmoMelSlopes slopes;
} EmoMelParams;

/* Band m sums bins first[m] .. first[m] + count[m] - 1 with weights from offset[m] on. */
typedef struct EmoMelBank
{
	int n_mels;
	int *first;
	int *count; /* 0 for a band so narrow that it falls between two bins */
	int *offset;
	float *weights;
} EmoMelBank;

/* The bank is memory of env, nothing else. */
extern EmoStatus emo_mel_bank_create(EmoEnv *env, const EmoMelParams *params, EmoMelBank **bank);

/* mel float[n_mels][16] of power float[n_fft/2+1][16]. */
extern void emo_mel_bank_apply(const EmoMelBank *bank, const EmoKernels *kernels,
							   const float *power, float *mel);

/* Hz to mel and back. */
extern double emo_hz_to_mel(EmoMelScale scale, double hz);
extern double emo_mel_to_hz(EmoMelScale scale, double mel);

#endif
