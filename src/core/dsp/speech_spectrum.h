/*
 * speech_spectrum.h
 *	  The long-term spectrum of speech.
 */
#ifndef EMO_SPEECH_SPECTRUM_H
#define EMO_SPEECH_SPECTRUM_H

/*
 * ln of the power of band m (of emo_speech_mels, 0 ..) in speech of normal vocal effort as
 * emo_speech_spectrum has it, up to a constant that is the same for all bands; from ANSI S3.5-1997.
 */
extern double emo_speech_band_level(int m);

#endif
