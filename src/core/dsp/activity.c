/*
 * activity.c
 *	  Where speech is in a recording, and its level.
 */
#include "core/dsp/activity.h"

#include <math.h>
#include <string.h>

#include "core/base/sort.h"
#include "core/dsp/kernels.h"

/* Quieter recordings are noise of the converter, which is not to be raised to the level of speech. */
#define MIN_RMS 1e-4

/* Bounds for logarithms: of a frame's energy as recorded, and at RMS 1 (where it is about 400). */
#define RAW_ENERGY_FLOOR 1e-6f
#define ENERGY_FLOOR     1e-3f

/* Frames this far (in nats) below the loud ones are pauses; "loud" is the 95th percentile. */
#define ACTIVE_RANGE    4.5f
#define LOUD_PERCENTILE 0.95

/* Energy and zero crossings are summed over steps that divide both frame and hop. */
#define STEPS_PER_FRAME (EMO_FRAME_LENGTH / EMO_STEP)
#define STEPS_PER_HOP   (EMO_FRAME_HOP / EMO_STEP)

/* Samples and steps between two looks at whether to stop, which is a millisecond or less. */
#define BLOCK_SAMPLES 65536
#define BLOCK_STEPS   1024

typedef struct Step
{
	float energy;
	int crossings;
} Step;

int64_t
emo_frame_count(int64_t n_samples)
{
	return n_samples <= EMO_FRAME_LENGTH ? 1 : 1 + (n_samples - EMO_FRAME_LENGTH) / EMO_FRAME_HOP;
}

/* out = gain * (in - offset) */
static EmoStatus
shift_and_scale(EmoEnv *env, const float *in, int64_t n, float offset, float gain, float *out)
{
	for (int64_t start = 0; start < n; start += BLOCK_SAMPLES)
	{
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		emo_kernels()->shift_and_scale(in + start,
									   n - start < BLOCK_SAMPLES ? n - start : BLOCK_SAMPLES,
									   offset, gain, out + start);
	}
	return EMO_OK;
}

/* A step at either end of a recording, of n_samples samples. */
static Step
measure_end(const float *samples, int64_t n_samples, bool is_first, float mean)
{
	Step step = {0, 0};

	for (int64_t i = 0; i < n_samples; i++)
	{
		float x = samples[i] - mean;

		step.energy += x * x;
		if (i > 0 || !is_first)
			step.crossings += (x < 0) != (samples[i - 1] - mean < 0);
	}
	return step;
}

static EmoStatus
measure_frames(EmoEnv *env, const float *samples, int64_t n_samples, float mean, int64_t n_frames,
			   float *energy, float *crossings)
{
	const EmoKernels *kernels = emo_kernels();
	int64_t n_steps = (n_frames - 1) * STEPS_PER_HOP + STEPS_PER_FRAME;
	Step *steps = emo_alloc_zero(env, n_steps, sizeof(Step));

	if (steps == NULL)
		return env->status;
	for (int64_t s = 0; s < n_steps && s * EMO_STEP < n_samples; s++)
	{
		const float *first = samples + s * EMO_STEP;
		int64_t n_left = n_samples - s * EMO_STEP;

		if (s % BLOCK_STEPS == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (s > 0 && n_left >= EMO_STEP)
			kernels->measure_step(first, mean, &steps[s].energy, &steps[s].crossings);
		else
			steps[s] = measure_end(first, n_left < EMO_STEP ? n_left : EMO_STEP, s == 0, mean);
	}
	for (int64_t t = 0; t < n_frames; t++)
	{
		const Step *first = steps + t * STEPS_PER_HOP;
		float energy_sum = 0;
		int crossing_sum = 0;

		for (int s = 0; s < STEPS_PER_FRAME; s++)
		{
			energy_sum += first[s].energy;
			crossing_sum += first[s].crossings;
		}
		energy[t] = energy_sum;
		crossings[t] = (float) crossing_sum / EMO_FRAME_LENGTH;
	}
	emo_free(env, steps);
	return EMO_OK;
}

/* The log energy from which on a frame is active. */
static EmoStatus
find_threshold(EmoEnv *env, const float *log_energy, int64_t n_frames, float *threshold)
{
	float *sorted = emo_alloc(env, n_frames, sizeof(float));

	if (sorted == NULL)
		return env->status;
	if (emo_check_stop(env) != EMO_OK)
		return env->status;
	memcpy(sorted, log_energy, n_frames * sizeof(float));
	if (emo_sort_floats(env, sorted, n_frames) != EMO_OK)
		return env->status;
	*threshold = emo_percentile(sorted, n_frames, LOUD_PERCENTILE) - ACTIVE_RANGE;
	emo_free(env, sorted);
	return EMO_OK;
}

/* The active frames of a recording, from first to last, and the gain that gives them RMS 1. */
typedef struct Span
{
	int64_t first, last;
	float gain;
} Span;

static EmoStatus
find_span(EmoEnv *env, const float *energy, int64_t n_frames, Span *span)
{
	float *log_energy = emo_alloc(env, n_frames, sizeof(float));
	float threshold = 0;
	double active_energy = 0;
	int64_t n_active = 0;

	if (log_energy == NULL)
		return env->status;
	for (int64_t t = 0; t < n_frames; t++)
		log_energy[t] = logf(energy[t] + RAW_ENERGY_FLOOR);
	if (find_threshold(env, log_energy, n_frames, &threshold) != EMO_OK)
		return env->status;
	/* The loudest frame is above the threshold, so that there is at least one. */
	for (int64_t t = 0; t < n_frames; t++)
		if (log_energy[t] >= threshold)
		{
			span->first = n_active++ == 0 ? t : span->first;
			span->last = t;
			active_energy += energy[t];
		}
	span->gain =
		(float) (1 / fmax(sqrt(active_energy / (double) (n_active * EMO_FRAME_LENGTH)), MIN_RMS));
	emo_free(env, log_energy);
	return EMO_OK;
}

/* speech from the span's samples and measures. */
static EmoStatus
fill_speech(EmoEnv *env, const float *samples, int64_t n_samples, float mean, const float *energy,
			const float *crossings, const Span *span, EmoSpeech *speech)
{
	int64_t start = span->first * EMO_FRAME_HOP;
	int64_t end = span->last * EMO_FRAME_HOP + EMO_FRAME_LENGTH;
	float threshold = 0;

	speech->n_samples = (end < n_samples ? end : n_samples) - start;
	speech->n_frames = span->last - span->first + 1;
	speech->gain = span->gain;
	speech->samples = emo_alloc(env, speech->n_samples, sizeof(float));
	speech->log_energy = emo_alloc(env, speech->n_frames, sizeof(float));
	speech->crossings = emo_alloc(env, speech->n_frames, sizeof(float));
	speech->active = emo_alloc(env, speech->n_frames, sizeof(bool));
	if (speech->samples == NULL || speech->log_energy == NULL || speech->crossings == NULL ||
		speech->active == NULL)
		return env->status;
	if (shift_and_scale(env, samples + start, speech->n_samples, mean, span->gain,
						speech->samples) != EMO_OK)
		return env->status;
	memcpy(speech->crossings, crossings + span->first, speech->n_frames * sizeof(float));
	for (int64_t t = 0; t < speech->n_frames; t++)
		speech->log_energy[t] =
			logf(span->gain * span->gain * energy[span->first + t] + ENERGY_FLOOR);
	if (find_threshold(env, speech->log_energy, speech->n_frames, &threshold) != EMO_OK)
		return env->status;
	for (int64_t t = 0; t < speech->n_frames; t++)
		speech->active[t] = speech->log_energy[t] >= threshold;
	return EMO_OK;
}

EmoStatus
emo_find_speech(EmoEnv *env, const float *samples, int64_t n_samples, EmoSpeech *speech)
{
	int64_t n_frames = emo_frame_count(n_samples);
	float mean = (float) (emo_kernels()->sum(samples, n_samples) / (double) n_samples);
	float *energy = emo_alloc(env, n_frames, sizeof(float));
	float *crossings = emo_alloc(env, n_frames, sizeof(float));
	Span span = {0, 0, 0};

	if (energy == NULL || crossings == NULL ||
		measure_frames(env, samples, n_samples, mean, n_frames, energy, crossings) != EMO_OK ||
		find_span(env, energy, n_frames, &span) != EMO_OK ||
		fill_speech(env, samples, n_samples, mean, energy, crossings, &span, speech) != EMO_OK)
		return env->status;
	emo_free(env, energy);
	emo_free(env, crossings);
	return EMO_OK;
}

void
emo_free_speech(EmoEnv *env, EmoSpeech *speech)
{
	emo_free(env, speech->samples);
	emo_free(env, speech->log_energy);
	emo_free(env, speech->crossings);
	emo_free(env, speech->active);
}
