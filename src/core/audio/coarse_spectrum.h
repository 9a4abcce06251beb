/*
 * coarse_spectrum.h
 *	  What music and speech codecs of low rates leave: spectra in coarse steps, with holes.
 *
 * Transform codecs (MP3, AAC, Opus' CELT) give each band of a spectrum as many steps as their rate
 * allows, and none to what lies far below the strongest.  Here spectra of overlapping frames are
 * rounded band by band, to steps that are a share of the band's own level: no codec, and no bits.
 */
#ifndef EMO_COARSE_SPECTRUM_H
#define EMO_COARSE_SPECTRUM_H

#include "core/base/env.h"

/*
 * In place.  step is that of the real and imaginary parts, as a share of the band's root mean square
 * in the frame: half of that and less becomes zero, so that 1 leaves about two thirds, 3 a few peaks.  Bands
 * below the frame's strongest one by more have larger steps.
 */
extern EmoStatus emo_coarsen_spectrum(EmoEnv *env, double step, int sample_rate, int64_t n_samples,
									  float *samples);

#endif
