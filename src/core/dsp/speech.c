/*
 * speech.c
 *	  Where in a recording somebody speaks.
 */
#include "core/dsp/speech.h"

#include <math.h>
#include <string.h>

#include "core/dsp/kernels.h"
#include "core/dsp/mel.h"
#include "core/dsp/spectrum.h"
#include "core/dsp/speech_net.h"
#include "core/dsp/speech_stretches.h"

#define HOP    EMO_SPEECH_HOP
#define WINDOW 400 /* 25 ms, whose middle is that of the hop that it judges */
#define N_FFT  512
#define N_MELS EMO_SPEECH_NET_N_MELS

/* Samples that a window reaches over its hop, on each side. */
#define OVERHANG ((WINDOW - HOP) / 2)

/* Hops of a frame of the net, and of a step of it. */
#define FRAME_HOPS 2
#define STEP_HOPS  EMO_SPEECH_NET_STEP

/*
 * A step of hops in the buffer: a frame of what came before, for the pre-emphasis, then the windows,
 * and one more sample, which the spectrum may ask for.
 */
#define STEP_SAMPLES   (STEP_HOPS * HOP)
#define BEFORE         (FRAME_HOPS * HOP)
#define BUFFER_SAMPLES (BEFORE + STEP_SAMPLES + WINDOW - HOP + 1)

/* The net judges hops that were pushed so many before. */
#define DELAY_HOPS (EMO_SPEECH_NET_DELAY * STEP_HOPS)

/* Of every other hop: the net takes even and odd ones apart. */
static const EmoSpectrumParams spectrum_params = {.n_fft = N_FFT,
												  .win_length = WINDOW,
												  .hop_length = FRAME_HOPS * HOP,
												  .window = EMO_WINDOW_HAMMING,
												  .framing = EMO_FRAMES_OF_WINDOW,
												  .preemphasis = 0.97f};

static const EmoMelParams mel_params = {.sample_rate = EMO_SPEECH_SAMPLE_RATE,
										.n_fft = N_FFT,
										.n_mels = N_MELS,
										.fmin = 60,
										.fmax = 8000,
										.scale = EMO_MEL_HTK,
										.norm = EMO_MEL_NORM_NONE};

struct EmoSpeechDetector
{
	const EmoKernels *kernels;
	EmoSpectrum *spectrum;
	EmoMelBank *bank;
	EmoSpeechNet *net;
	EmoSpeechTracker *tracker;
	float *power;  /* [N_FFT / 2 + 1][16] */
	float *mel;    /* [FRAME_HOPS][N_MELS][16], of a step */
	float *buffer; /* [BUFFER_SAMPLES] */
	int64_t n_buffered;
	int64_t n_samples;                      /* pushed so far */
	int64_t n_hops;                         /* of whole steps so far */
	float energies[DELAY_HOPS + STEP_HOPS]; /* of the last hops */
};

EmoStatus
emo_speech_create(EmoEnv *env, EmoSpeechDetector **result)
{
	EmoSpeechDetector *detector = emo_alloc_zero(env, 1, sizeof(EmoSpeechDetector));

	*result = NULL;
	if (detector == NULL)
		return env->status;
	detector->kernels = emo_kernels();
	detector->power = emo_alloc(env, N_FFT / 2 + 1, EMO_LANES * sizeof(float));
	detector->mel = emo_alloc(env, FRAME_HOPS * N_MELS, EMO_LANES * sizeof(float));
	detector->buffer = emo_alloc(env, BUFFER_SAMPLES, sizeof(float));
	if (detector->power == NULL || detector->mel == NULL || detector->buffer == NULL ||
		emo_mel_bank_create(env, &mel_params, &detector->bank) != EMO_OK ||
		emo_spectrum_create(env, &spectrum_params, &detector->spectrum) != EMO_OK ||
		emo_speech_net_create(env, &detector->net) != EMO_OK ||
		emo_speech_tracker_create(env, &detector->tracker) != EMO_OK)
	{
		emo_speech_destroy(env, detector);
		return env->status;
	}
	emo_speech_reset(detector);
	*result = detector;
	return EMO_OK;
}

void
emo_speech_reset(EmoSpeechDetector *detector)
{
	emo_speech_net_reset(detector->net);
	emo_speech_tracker_reset(detector->tracker);
	memset(detector->buffer, 0, BUFFER_SAMPLES * sizeof(float));
	memset(detector->energies, 0, sizeof(detector->energies));
	detector->n_buffered = BEFORE + OVERHANG;
	detector->n_samples = 0;
	detector->n_hops = 0;
}

void
emo_speech_destroy(EmoEnv *env, EmoSpeechDetector *detector)
{
	if (detector == NULL)
		return;
	emo_spectrum_destroy(detector->spectrum);
	emo_speech_net_destroy(env, detector->net);
	emo_speech_tracker_destroy(env, detector->tracker);
	emo_free(env, detector->power);
	emo_free(env, detector->mel);
	emo_free(env, detector->buffer);
	emo_free(env, detector);
}

/* Of the hops of the step that are even (0) or odd (1): mel[N_MELS][16], 0 past the last one. */
static void
fill_mel(EmoSpeechDetector *detector, int odd, int64_t n_hops, float *mel)
{
	float maximum[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT))) = {0};
	const float gain = 1 / sqrtf(EMO_SPEECH_NET_MEL_FLOOR);
	int64_t first = detector->n_hops + odd;

	/* Frame 1 of the buffer is the first one, so that the sample before it is read from there. */
	emo_spectrum_power(detector->spectrum, detector->buffer + (ptrdiff_t) odd * HOP,
					   BUFFER_SAMPLES - odd * HOP, 1, gain, detector->power);
	emo_mel_bank_apply(detector->bank, detector->kernels, detector->power, mel);
	detector->kernels->log_rows(mel, N_MELS, 1, EMO_SPEECH_NET_MEL_SCALE, maximum);
	for (int lane = 0; lane < EMO_LANES; lane++)
		if (first + FRAME_HOPS * lane >= n_hops)
			for (int m = 0; m < N_MELS; m++)
				mel[m * EMO_LANES + lane] = 0;
}

static float
measure_energy(const EmoKernels *kernels, const float *samples)
{
	float energy = 0;

	for (int step = 0; step < HOP; step += EMO_STEP)
	{
		float of_step;
		int crossings;

		kernels->measure_step(samples + step, 0, &of_step, &crossings);
		energy += of_step;
	}
	return energy;
}

/* The spectra and energies of a full buffer. */
static void
take_step(EmoSpeechDetector *detector, int64_t n_hops)
{
	float *energies = detector->energies;

	memmove(energies, energies + STEP_HOPS, DELAY_HOPS * sizeof(float));
	if (detector->n_hops >= n_hops)
	{
		memset(detector->mel, 0, sizeof(float) * FRAME_HOPS * N_MELS * EMO_LANES);
		return;
	}
	for (int odd = 0; odd < FRAME_HOPS; odd++)
		fill_mel(detector, odd, n_hops, detector->mel + (ptrdiff_t) odd * N_MELS * EMO_LANES);
	for (int hop = 0; hop < STEP_HOPS; hop++)
		energies[DELAY_HOPS + hop] = measure_energy(
			detector->kernels, detector->buffer + BEFORE + OVERHANG + (ptrdiff_t) hop * HOP);
}

/* Take a full buffer, and track what the net has judged then; of n_hops hops, INT64_MAX if unknown. */
static EmoStatus
judge_step(EmoEnv *env, EmoSpeechDetector *detector, int64_t n_hops)
{
	int64_t n_frames = n_hops / FRAME_HOPS + (n_hops % FRAME_HOPS > 0);
	float logits[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float *energies = detector->energies;

	if (emo_check_stop(env) != EMO_OK)
		return env->status;
	take_step(detector, n_hops);
	emo_speech_net_step(detector->net, detector->mel, n_frames, logits);
	for (int hop = 0; hop < STEP_HOPS; hop++)
	{
		int64_t t = detector->n_hops - DELAY_HOPS + hop;

		if (t >= 0 && t < n_hops &&
			emo_speech_track(env, detector->tracker, logits[hop / FRAME_HOPS], energies[hop]) !=
				EMO_OK)
			return env->status;
	}
	detector->n_hops += STEP_HOPS;
	memmove(detector->buffer, detector->buffer + STEP_SAMPLES,
			(BUFFER_SAMPLES - STEP_SAMPLES) * sizeof(float));
	detector->n_buffered -= STEP_SAMPLES;
	return EMO_OK;
}

EmoStatus
emo_speech_push(EmoEnv *env, EmoSpeechDetector *detector, const float *samples, int64_t n_samples)
{
	while (n_samples > 0)
	{
		int64_t room = BUFFER_SAMPLES - detector->n_buffered;
		int64_t n = n_samples < room ? n_samples : room;

		memcpy(detector->buffer + detector->n_buffered, samples, n * sizeof(float));
		detector->n_buffered += n;
		detector->n_samples += n;
		samples += n;
		n_samples -= n;
		if (detector->n_buffered == BUFFER_SAMPLES &&
			judge_step(env, detector, INT64_MAX) != EMO_OK)
			return env->status;
	}
	return EMO_OK;
}

EmoStatus
emo_speech_finish(EmoEnv *env, EmoSpeechDetector *detector, EmoStretches *stretches)
{
	int64_t n_hops = (detector->n_samples + HOP - 1) / HOP;

	while (detector->n_hops < n_hops + DELAY_HOPS)
	{
		memset(detector->buffer + detector->n_buffered, 0,
			   (BUFFER_SAMPLES - detector->n_buffered) * sizeof(float));
		detector->n_buffered = BUFFER_SAMPLES;
		if (judge_step(env, detector, n_hops) != EMO_OK)
			return env->status;
	}
	return emo_speech_track_end(env, detector->tracker, detector->n_samples, stretches);
}

EmoStatus
emo_detect_speech_by(EmoEnv *env, EmoSpeechDetector *detector, const float *samples,
					 int64_t n_samples, EmoStretches *stretches)
{
	emo_speech_reset(detector);
	if (emo_speech_push(env, detector, samples, n_samples) != EMO_OK)
		return env->status;
	return emo_speech_finish(env, detector, stretches);
}

EmoStatus
emo_detect_speech(EmoEnv *env, const float *samples, int64_t n_samples, EmoStretches *stretches)
{
	EmoSpeechDetector *detector;
	EmoStatus status;

	if (emo_speech_create(env, &detector) != EMO_OK)
		return env->status;
	status = emo_detect_speech_by(env, detector, samples, n_samples, stretches);
	emo_speech_destroy(env, detector);
	return status;
}

int64_t
emo_speech_samples(const EmoStretches *stretches)
{
	int64_t n_samples = 0;

	for (int64_t i = 0; i < stretches->n; i++)
		n_samples += stretches->items[i].end - stretches->items[i].start;
	return n_samples;
}
