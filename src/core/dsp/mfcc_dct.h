/*
 * mfcc_dct.h
 *	  The cosine transform between mel levels and cepstra, there and back.
 */
#ifndef EMO_MFCC_DCT_H
#define EMO_MFCC_DCT_H

#include "core/dsp/mfcc_params.h"

/* matrix[n_mfcc][n_mels] from levels to coefficients, with the lifter. */
extern void emo_mfcc_fill_dct(const EmoMfccParams *params, float *matrix);

/*
 * matrix[n_mfcc][n_mels] whose transpose leads back: the pseudo-inverse, with zeros for coefficients
 * that the lifter has wiped out.
 */
extern void emo_mfcc_fill_inverse_dct(const EmoMfccParams *params, float *matrix);

#endif
