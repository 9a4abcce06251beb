/*
 * speech_spectrum.c
 *	  The long-term spectrum of speech.
 */
#include "core/dsp/speech_spectrum.h"

#include <math.h>

#include "core/dsp/contours.h"

#define DB_PER_NAT 4.342944819032518

double
emo_speech_band_level(int m)
{
	/* dB in thirds of octaves from 160 Hz on: ANSI S3.5-1997, table 3, normal vocal effort. */
	static const double levels_db[] = {32.41, 34.48, 34.75, 33.98, 34.59, 34.27,
									   32.06, 28.30, 25.01, 23.00, 20.15, 17.32,
									   13.18, 11.55, 9.33,  5.31,  2.59,  1.13};
	static const int last = sizeof(levels_db) / sizeof(levels_db[0]) - 1;
	double low = emo_hz_to_mel(EMO_MEL_HTK, emo_speech_mels.fmin);
	double step =
		(emo_hz_to_mel(EMO_MEL_HTK, emo_speech_mels.fmax) - low) / (EMO_CONTOUR_N_MELS + 1);
	double hz = emo_mel_to_hz(EMO_MEL_HTK, low + (m + 1) * step);
	double width = (emo_mel_to_hz(EMO_MEL_HTK, low + (m + 2) * step) -
					emo_mel_to_hz(EMO_MEL_HTK, low + m * step)) /
				   2;
	double third = fmin(fmax(3 * log2(hz / 160), 0), last);
	int below = (int) third < last ? (int) third : last - 1;
	double level_db =
		levels_db[below] + (third - below) * (levels_db[below + 1] - levels_db[below]);
	double a = emo_speech_spectrum.preemphasis;
	double emphasis = 1 + a * a - 2 * a * cos(2 * M_PI * hz / EMO_CONTOUR_SAMPLE_RATE);

	return level_db / DB_PER_NAT + log(emphasis) + log(width);
}
