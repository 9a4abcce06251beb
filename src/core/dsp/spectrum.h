/*
 * spectrum.h
 *	  From a recording to the power spectra of its frames, 16 frames at a time (see kernels.h).
 */
#ifndef EMO_SPECTRUM_H
#define EMO_SPECTRUM_H

#include "core/base/env.h"
#include "core/dsp/fft.h"

typedef enum EmoWindow
{
	EMO_WINDOW_HANN,
	EMO_WINDOW_HAMMING,
	EMO_WINDOW_BLACKMAN,
	EMO_WINDOW_RECTANGULAR,
	EMO_WINDOW_POVEY /* Hann to the power of 0.85 (Kaldi) */
} EmoWindow;

/* Where frame t lies. */
typedef enum EmoFraming
{
	EMO_FRAMES_CENTERED,  /* n_fft samples around sample t * hop_length (librosa's default) */
	EMO_FRAMES_OF_N_FFT,  /* n_fft samples from t * hop_length, the window in their middle */
	EMO_FRAMES_OF_WINDOW, /* win_length samples from t * hop_length (HTK, Kaldi) */
} EmoFraming;

/* What is before and after the recording, where frames jut out. */
typedef enum EmoPadding
{
	EMO_PAD_ZEROS,
	EMO_PAD_REFLECT /* its mirror image, the first and last sample not repeated */
} EmoPadding;

typedef struct EmoSpectrumParams
{
	int n_fft;
	int win_length; /* 1 .. n_fft; zeros fill the rest of the frame */
	int hop_length;
	EmoWindow window;
	bool
		symmetric_window; /* the last sample like the first one; or else periodic (scipy's "sym") */
	EmoFraming framing;
	EmoPadding padding;
	bool covers_end;           /* a last frame, filled up, for samples that fill none */
	float preemphasis;         /* a of y[n] = x[n] - a x[n-1], with x[-1] = 0; 0 for none */
	bool preemphasis_in_frame; /* of each frame by itself, with x[-1] = x[0] there */
	bool removes_mean;         /* of each frame, first of all */
	bool measures_energy;      /* for emo_spectrum_energy() */
} EmoSpectrumParams;

typedef struct EmoSpectrum EmoSpectrum;

/* A plan; memory and work space as for emo_fft_create(). */
extern EmoStatus emo_spectrum_create(EmoEnv *env, const EmoSpectrumParams *params,
									 EmoSpectrum **spectrum);
extern void emo_spectrum_destroy(EmoSpectrum *spectrum);

/*
 * Frames of a recording: those that lie wholly inside it, but at least one (0 for no samples), and
 * one more if covers_end is set and samples are left over.
 */
extern int64_t emo_spectrum_frame_count(const EmoSpectrumParams *params, int64_t n_samples);

/*
 * Power spectra |X[k]|^2 of the frames first_frame to first_frame + 15 of gain * samples, as
 * float[n_fft/2+1][16].  Frames past the last one see the recording's end and zeros.
 */
extern void emo_spectrum_power(EmoSpectrum *spectrum, const float *samples, int64_t n_samples,
							   int64_t first_frame, float gain, float *power);

/*
 * energy[16] of the frames that emo_spectrum_power() was last called for: the sum of their squared
 * samples, without a window or pre-emphasis in the frame, but with all that comes before.
 */
extern void emo_spectrum_energy(const EmoSpectrum *spectrum, float *energy);

/*
 * Samples of a frame for spectra over long times: the longest power of two within 32 ms, at most 4096, as
 * many channels of a high rate would take much memory; that is 32 ms up to 128 kHz.
 */
extern int emo_long_term_frame(int sample_rate);

/* window[i], i < length. */
extern void emo_window_fill(EmoWindow kind, bool symmetric, int length, float *window);

#endif
