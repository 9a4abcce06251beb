/*
 * voice.h
 *	  How a voice sounds, frame by frame: what tells pressed from breathy and open from closed.
 *
 * Most are of the set of Eyben et al. 2016, "The Geneva minimalistic acoustic parameter set (GeMAPS)
 * for voice research and affective computing".
 */
#ifndef EMO_VOICE_H
#define EMO_VOICE_H

#include "core/dsp/formants.h"
#include "core/dsp/harmonics.h"

typedef enum EmoVoiceContour
{
	EMO_HARMONICITY,                                  /* dB: periodic power over that of the rest */
	EMO_CEPSTRAL_PEAK,                                /* dB */
	EMO_FIRST_TO_SECOND,                              /* dB: H1 - H2 */
	EMO_FIRST_TO_THIRD_FORMANT,                       /* dB: H1 - A3 */
	EMO_FORMANT_1,                                    /* kHz; 2 and 3 follow */
	EMO_BANDWIDTH_1 = EMO_FORMANT_1 + EMO_N_FORMANTS, /* ln kHz; 2 and 3 follow */
	EMO_LEVEL_2 = EMO_BANDWIDTH_1 + EMO_N_FORMANTS,   /* ln of power over that of formant 1 */
	EMO_LEVEL_3,
	EMO_LOW_SLOPE,       /* ln of power per kHz, 0 - 500 Hz, pre-emphasised */
	EMO_MIDDLE_SLOPE,    /* the same of 500 - 1500 Hz */
	EMO_HAMMARBERG,      /* ln of the strongest bin of 0 - 2 kHz over that of 2 - 5 kHz */
	EMO_VOICED_LOUDNESS, /* ln; see EmoContours */
	EMO_N_VOICE_CONTOURS
} EmoVoiceContour;

_Static_assert(EMO_N_VOICE_CONTOURS == EMO_LANES, "a row of voice contours is one of a kernel's");

typedef struct EmoVoicePlan EmoVoicePlan;

/* A plan with work space, all of which is env's; *plan is NULL on failure. */
extern EmoStatus emo_voice_create(EmoEnv *env, EmoVoicePlan **plan);

/* The first four of a frame's row[EMO_N_VOICE_CONTOURS], from its voicing (pitch.h) and harmonics. */
extern void emo_voice_of_harmonics(float voicing, const EmoHarmonics *harmonics, float *row);

/*
 * Formants to EMO_HAMMARBERG of rows[EMO_N_VOICE_CONTOURS] that are handed in one by one, for 16 of them to
 * be measured together: after a begin, a column of the power[257][16] of pre-emphasised samples each.
 * They are there after the end.
 */
extern void emo_voice_begin(EmoVoicePlan *plan);
extern void emo_voice_add(EmoVoicePlan *plan, const float *column, float *row);
extern void emo_voice_end(EmoVoicePlan *plan);

#endif
