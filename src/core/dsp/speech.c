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
#include "core/dsp/speech_stretches.h"

#define HOP    EMO_SPEECH_HOP
#define WINDOW 400 /* 25 ms, whose middle is that of the hop that it judges */
#define N_FFT  512
#define N_MELS 32

/* Samples that a window reaches over its hop, on each side. */
#define OVERHANG ((WINDOW - HOP) / 2)

/*
 * A block of 16 hops in the buffer: one hop of what came before, for the pre-emphasis, then the
 * windows, and one more sample, which the spectrum may ask for.
 */
#define BLOCK_SAMPLES  (EMO_LANES * HOP)
#define BUFFER_SAMPLES (HOP + BLOCK_SAMPLES + WINDOW - HOP + 1)

/* Of the power in a mel band, about -100 dBFS. */
#define MEL_FLOOR 1e-7f

static const EmoSpectrumParams spectrum_params = {.n_fft = N_FFT,
												  .win_length = WINDOW,
												  .hop_length = HOP,
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
	EmoSpeechTracker *tracker;
	float *power;  /* [N_FFT / 2 + 1][16] */
	float *buffer; /* [BUFFER_SAMPLES] */
	int64_t n_buffered;
	int64_t n_samples; /* pushed so far */
	int64_t n_hops;    /* judged so far */
	float noise[N_MELS];
	bool has_noise;
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
	detector->buffer = emo_alloc_zero(env, BUFFER_SAMPLES, sizeof(float));
	detector->n_buffered = HOP + OVERHANG;
	if (detector->power == NULL || detector->buffer == NULL ||
		emo_mel_bank_create(env, &mel_params, &detector->bank) != EMO_OK ||
		emo_spectrum_create(env, &spectrum_params, &detector->spectrum) != EMO_OK ||
		emo_speech_tracker_create(env, &detector->tracker) != EMO_OK)
	{
		emo_speech_destroy(env, detector);
		return env->status;
	}
	*result = detector;
	return EMO_OK;
}

void
emo_speech_destroy(EmoEnv *env, EmoSpeechDetector *detector)
{
	if (detector == NULL)
		return;
	emo_spectrum_destroy(detector->spectrum);
	emo_speech_tracker_destroy(env, detector->tracker);
	emo_free(env, detector->power);
	emo_free(env, detector->buffer);
	emo_free(env, detector);
}

/* Speech stands out of a noise floor that is followed slowly upwards and fast downwards. */
static float
judge(EmoSpeechDetector *detector, const float *mel)
{
	float excess = 0;

	for (int m = 0; m < N_MELS; m++)
	{
		float level = mel[m * EMO_LANES];
		float *noise = &detector->noise[m];

		if (!detector->has_noise)
			*noise = level;
		*noise += (level < *noise ? 0.1f : 0.004f) * (level - *noise);
		excess += fmaxf(level - *noise, 0);
	}
	detector->has_noise = true;
	return excess / N_MELS > 1.2f ? 1 : 0;
}

/* The hops of a full buffer, as far as there are some up to end_hop. */
static EmoStatus
judge_block(EmoEnv *env, EmoSpeechDetector *detector, int64_t end_hop)
{
	float mel[N_MELS][EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float maximum[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT))) = {0};

	if (emo_check_stop(env) != EMO_OK)
		return env->status;
	/* Frame 1 of the buffer is the first one, so that the sample before it is read from there. */
	emo_spectrum_power(detector->spectrum, detector->buffer, BUFFER_SAMPLES, 1, 1, detector->power);
	emo_mel_bank_apply(detector->bank, detector->kernels, detector->power, mel[0]);
	detector->kernels->log_rows(mel[0], N_MELS, MEL_FLOOR, 1, maximum);
	for (int lane = 0; lane < EMO_LANES && detector->n_hops < end_hop; lane++, detector->n_hops++)
	{
		const float *hop = detector->buffer + HOP + OVERHANG + (ptrdiff_t) lane * HOP;
		float energy = 0;

		for (int step = 0; step < HOP; step += EMO_STEP)
		{
			float of_step;
			int crossings;

			detector->kernels->measure_step(hop + step, 0, &of_step, &crossings);
			energy += of_step;
		}
		if (emo_speech_track(env, detector->tracker, judge(detector, mel[0] + lane), energy) !=
			EMO_OK)
			return env->status;
	}
	memmove(detector->buffer, detector->buffer + BLOCK_SAMPLES,
			(BUFFER_SAMPLES - BLOCK_SAMPLES) * sizeof(float));
	detector->n_buffered -= BLOCK_SAMPLES;
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
			judge_block(env, detector, INT64_MAX) != EMO_OK)
			return env->status;
	}
	return EMO_OK;
}

EmoStatus
emo_speech_finish(EmoEnv *env, EmoSpeechDetector *detector, EmoStretches *stretches)
{
	int64_t end_hop = (detector->n_samples + HOP - 1) / HOP;

	while (detector->n_hops < end_hop)
	{
		memset(detector->buffer + detector->n_buffered, 0,
			   (BUFFER_SAMPLES - detector->n_buffered) * sizeof(float));
		detector->n_buffered = BUFFER_SAMPLES;
		if (judge_block(env, detector, end_hop) != EMO_OK)
			return env->status;
	}
	return emo_speech_track_end(env, detector->tracker, detector->n_samples, stretches);
}

EmoStatus
emo_detect_speech(EmoEnv *env, const float *samples, int64_t n_samples, EmoStretches *stretches)
{
	EmoSpeechDetector *detector;

	if (emo_speech_create(env, &detector) != EMO_OK)
		return env->status;
	if (emo_speech_push(env, detector, samples, n_samples) == EMO_OK)
		(void) emo_speech_finish(env, detector, stretches);
	emo_speech_destroy(env, detector);
	return env->status;
}

int64_t
emo_speech_samples(const EmoStretches *stretches)
{
	int64_t n_samples = 0;

	for (int64_t i = 0; i < stretches->n; i++)
		n_samples += stretches->items[i].end - stretches->items[i].start;
	return n_samples;
}
