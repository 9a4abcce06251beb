/*
 * spectrum.h
 *	  From a recording to the power spectra of its frames, 16 frames at a time (see kernels.h).
 */
#ifndef EMO_SPECTRUM_H
#define EMO_SPECTRUM_H

#include "core/base/env.h"
#include "core/dsp/fft.h"

/* Periodic windows, as scipy.signal.get_window() makes them for spectral analysis. */
typedef enum EmoWindow
{
	EMO_WINDOW_HANN,
	EMO_WINDOW_HAMMING,
	EMO_WINDOW_BLACKMAN,
	EMO_WINDOW_RECTANGULAR
} EmoWindow;

/* Where frame t lies.  Samples before and after the recording are zero. */
typedef enum EmoFraming
{
	EMO_FRAMES_CENTERED,  /* n_fft samples around sample t * hop_length (librosa's default) */
	EMO_FRAMES_OF_N_FFT,  /* n_fft samples from t * hop_length, the window in their middle */
	EMO_FRAMES_OF_WINDOW, /* win_length samples from t * hop_length (HTK, Kaldi) */
} EmoFraming;

typedef struct EmoSpectrumParams
{
	int n_fft;
	int win_length; /* 1 .. n_fft; zeros fill the rest of the frame */
	int hop_length;
	EmoWindow window;
	EmoFraming framing;
	float preemphasis; /* a of y[n] = x[n] - a x[n-1], with x[-1] = 0; 0 for none */
} EmoSpectrumParams;

typedef struct EmoSpectrum EmoSpectrum;

/* A plan; memory and work space as for emo_fft_create(). */
extern EmoStatus emo_spectrum_create(EmoEnv *env, const EmoSpectrumParams *params,
									 EmoSpectrum **spectrum);
extern void emo_spectrum_destroy(EmoSpectrum *spectrum);

/* Frames of a recording: those that lie wholly inside it, but at least one (0 for no samples). */
extern int64_t emo_spectrum_frame_count(const EmoSpectrumParams *params, int64_t n_samples);

/*
 * Power spectra |X[k]|^2 of the frames first_frame to first_frame + 15 of gain * samples, as
 * float[n_fft/2+1][16].  Frames past the last one see the recording's end and zeros.
 */
extern void emo_spectrum_power(EmoSpectrum *spectrum, const float *samples, int64_t n_samples,
							   int64_t first_frame, float gain, float *power);

/* window[i], i < length. */
extern void emo_window_fill(EmoWindow kind, int length, float *window);

#endif
