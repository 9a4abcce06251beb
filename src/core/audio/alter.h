/*
 * alter.h
 *	  Altered recordings to listen to: what augmentation does to training data.
 */
#ifndef EMO_AUDIO_AUGMENT_H
#define EMO_AUDIO_AUGMENT_H

#include "core/base/env.h"

typedef enum EmoAugmentMethod
{
	EMO_AUGMENT_NOISE,          /* white noise; amount: signal-to-noise ratio in dB */
	EMO_AUGMENT_SPEED,          /* played faster: pitch, formants, tempo; amount: factor */
	EMO_AUGMENT_PITCH,          /* F0 alone; amount: semitones */
	EMO_AUGMENT_VTLP,           /* formants alone (Jaitly & Hinton 2013); amount: factor */
	EMO_AUGMENT_EQUALISE,       /* a random smooth frequency response; amount: +-dB */
	EMO_AUGMENT_SHIFT,          /* later, the end going to the front; amount: s */
	EMO_AUGMENT_MASK_TIME,      /* silenced stretches (Park et al. 2019); amount: most, in s */
	EMO_AUGMENT_MASK_FREQUENCY, /* a silenced band; amount: most, as a share of the mel axis */
	EMO_AUGMENT_N_METHODS
} EmoAugmentMethod;

typedef struct EmoAugmentAmount
{
	const char *method; /* "noise", ... */
	double usual, least, most;
	const char *unit; /* as words for a person */
} EmoAugmentAmount;

extern const EmoAugmentAmount emo_augment_amounts[EMO_AUGMENT_N_METHODS];

/* EMO_INVALID_PARAMETER, naming the range, for an amount out of it or NaN. */
extern EmoStatus emo_augment_check(EmoEnv *env, EmoAugmentMethod method, double amount);

/*
 * An altered copy of n_samples > 0 mono samples at sample_rate (Hz); *copy is env's.  *n_copy is
 * n_samples, but for EMO_AUGMENT_SPEED, where it is round(n_samples / amount) and at least one.
 * Copies that would go beyond full scale, and only they, are scaled down to it.  The same arguments
 * give the same samples.  Errors: those of emo_augment_check().
 */
extern EmoStatus emo_augment_audio(EmoEnv *env, EmoAugmentMethod method, double amount,
								   uint64_t seed, int sample_rate, const float *samples,
								   int64_t n_samples, float **copy, int64_t *n_copy);

#endif
