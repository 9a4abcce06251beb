/*
 * spectral_envelope.h
 *	  The envelope of a spectrum: formants without harmonics.
 */
#ifndef EMO_SPECTRAL_ENVELOPE_H
#define EMO_SPECTRAL_ENVELOPE_H

#include "core/base/env.h"

typedef struct EmoSpectralEnvelope EmoSpectralEnvelope;

/* A plan for spectra of n_fft / 2 + 1 bins; memory and work space as for emo_stft_create(). */
extern EmoStatus emo_spectral_envelope_create(EmoEnv *env, int n_fft, int sample_rate,
											  EmoSpectralEnvelope **envelope);
extern void emo_spectral_envelope_destroy(EmoSpectralEnvelope *envelope); /* NULL is allowed */

/*
 * Multiply bins[n_bins][2] so that the envelope at frequency f becomes what it is at f * stretch (the edge's
 * value beyond half the sample rate).  Harmonics stay where they are.
 */
extern void emo_spectral_envelope_warp(EmoSpectralEnvelope *envelope, double stretch, float *bins);

#endif
