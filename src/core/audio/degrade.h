/*
 * degrade.h
 *	  Recordings as they would be from a room, in noise, over a telephone or through a codec.
 *
 * For copies in training.  A recording is degraded in one or more ways, in the order in which that
 * happens to sound: room, noise, clipping, then the band and codec of what carries it.
 */
#ifndef EMO_DEGRADE_H
#define EMO_DEGRADE_H

#include "core/audio/companding.h"
#include "core/audio/noises.h"
#include "core/audio/room.h"
#include "core/base/options.h"

typedef struct EmoDegradeOptions
{
	int copies;                  /* of each recording: the first of the conditions in degrade.c */
	double snr_db;               /* added to the signal-to-noise ratios of these */
	double rt60;                 /* factor of their reverberation times */
	EmoTelephoneCodec telephone; /* what the telephone codes with */
	/* Of such a copy beside a recording: in the head without profiles; how often a net hears it. */
	double weight;
} EmoDegradeOptions;

#define EMO_MAX_DEGRADED_COPIES 12

/* Names, ranges and defaults. */
extern const EmoOptionTable emo_degrade_options;

/* Whether they make the same copies. */
extern bool emo_same_degradations(const EmoDegradeOptions *a, const EmoDegradeOptions *b);

/* How one copy is degraded. */
typedef struct EmoDegradation
{
	bool room, noise, clipping, telephone, low_pass, codec, cut; /* which of what follows */
	EmoRoom response;
	EmoNoise noise_kind;
	double snr_db;
	double clipping_db;               /* below the peak */
	double band_low_hz, band_high_hz; /* of the telephone */
	EmoTelephoneCodec telephone_codec;
	double headroom_db; /* of what goes through it, below full scale */
	double low_pass_hz;
	double codec_step;    /* see coarse_spectrum.h */
	double cut_s, cut_at; /* what is left, and from where as a share of where it can begin */
} EmoDegradation;

/* That of a condition, numbered from 0: the same for all recordings. */
extern EmoDegradation emo_degradation(const EmoDegradeOptions *options, int number);

/*
 * A copy of mono samples, of *n_copy samples (n_samples unless it is cut, at least one); *copy is
 * env's.  random makes the room and the noise: the same one gives the same copy, bit for bit.
 */
extern EmoStatus emo_degrade(EmoEnv *env, const EmoDegradation *degradation, EmoRandom *random,
							 int sample_rate, const float *samples, int64_t n_samples, float **copy,
							 int64_t *n_copy);

#endif
