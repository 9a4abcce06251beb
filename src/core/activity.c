/*
 * activity.c
 *	  Where speech is in a recording, and its level.
 */
#include "core/activity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Quieter recordings are noise of the converter, which is not to be raised to the level of speech. */
#define MIN_RMS 1e-4

/* Bounds for logarithms: of a frame's energy as recorded, and at RMS 1 (where it is about 400). */
#define RAW_ENERGY_FLOOR 1e-6f
#define ENERGY_FLOOR     1e-3f

/* Frames this far (in nats) below the loud ones are pauses; "loud" is the 95th percentile. */
#define ACTIVE_RANGE    4.5f
#define LOUD_PERCENTILE 0.95

/* Energy and zero crossings are summed over steps that divide both frame and hop. */
#define STEP            80
#define STEPS_PER_FRAME (EMO_FRAME_LENGTH / STEP)
#define STEPS_PER_HOP   (EMO_FRAME_HOP / STEP)

/* Sums are kept apart by so many, so that the compiler may use SIMD; additions don't commute. */
#define N_SUMS 16

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

static double
mean_of(const float *samples, int64_t n_samples)
{
	double sums[N_SUMS] = {0}, sum = 0;
	int64_t i = 0;

	for (; i + N_SUMS <= n_samples; i += N_SUMS)
		for (int j = 0; j < N_SUMS; j++)
			sums[j] += samples[i + j];
	for (; i < n_samples; i++)
		sum += samples[i];
	for (int j = 0; j < N_SUMS; j++)
		sum += sums[j];
	return sum / (double) n_samples;
}

/* out = gain * (in - offset) */
static EmoStatus
shift_and_scale(EmoEnv *env, const float *in, int64_t n, float offset, float gain, float *out)
{
	for (int64_t start = 0; start < n; start += BLOCK_SAMPLES)
	{
		int64_t end = start + BLOCK_SAMPLES < n ? start + BLOCK_SAMPLES : n;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int64_t i = start; i < end; i++)
			out[i] = gain * (in[i] - offset);
	}
	return EMO_OK;
}

/* samples has one more in front.  A crossing is between a sample and the one before it. */
static Step
measure_step(const float *samples, int64_t n_samples)
{
	Step step = {0, 0};
	float sums[N_SUMS] = {0};
	int64_t i = 0;

	for (; i + N_SUMS <= n_samples; i += N_SUMS)
		for (int j = 0; j < N_SUMS; j++)
			sums[j] += samples[i + j] * samples[i + j];
	for (; i < n_samples; i++)
		sums[0] += samples[i] * samples[i];
	for (int j = 0; j < N_SUMS; j++)
		step.energy += sums[j];
	for (i = 0; i < n_samples; i++)
		step.crossings += (samples[i] < 0) != (samples[i - 1] < 0);
	return step;
}

static EmoStatus
measure_frames(EmoEnv *env, const float *samples, int64_t n_samples, int64_t n_frames,
			   float *energy, float *crossings)
{
	int64_t n_steps = (n_frames - 1) * STEPS_PER_HOP + STEPS_PER_FRAME;
	Step *steps = emo_alloc_zero(env, n_steps, sizeof(Step));

	if (steps == NULL)
		return env->status;
	for (int64_t s = 0; s < n_steps && s * STEP < n_samples; s++)
	{
		if (s % BLOCK_STEPS == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		steps[s] = measure_step(samples + s * STEP,
								s * STEP + STEP < n_samples ? STEP : n_samples - s * STEP);
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

static int
compare_floats(const void *a, const void *b)
{
	float x = *(const float *) a, y = *(const float *) b;

	return (x > y) - (x < y);
}

/* The log energy from which on a frame is active. */
static EmoStatus
find_threshold(EmoEnv *env, const float *log_energy, int64_t n_frames, float *threshold)
{
	float *sorted = emo_alloc(env, n_frames, sizeof(float));
	double position = LOUD_PERCENTILE * (double) (n_frames - 1);
	int64_t below = (int64_t) position;
	int64_t above = below + 1 < n_frames ? below + 1 : below;

	if (sorted == NULL)
		return env->status;
	if (emo_check_stop(env) != EMO_OK)
		return env->status;
	memcpy(sorted, log_energy, n_frames * sizeof(float));
	qsort(sorted, n_frames, sizeof(float), compare_floats);
	*threshold = sorted[below] +
				 (float) (position - (double) below) * (sorted[above] - sorted[below]) -
				 ACTIVE_RANGE;
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
	float threshold;
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

/* speech from the span's samples and measures; centred is the recording without its mean. */
static EmoStatus
fill_speech(EmoEnv *env, const float *centred, int64_t n_samples, const float *energy,
			const float *crossings, const Span *span, EmoSpeech *speech)
{
	int64_t start = span->first * EMO_FRAME_HOP;
	int64_t end = span->last * EMO_FRAME_HOP + EMO_FRAME_LENGTH;
	float threshold;

	speech->n_samples = (end < n_samples ? end : n_samples) - start;
	speech->n_frames = span->last - span->first + 1;
	speech->samples = emo_alloc(env, speech->n_samples, sizeof(float));
	speech->log_energy = emo_alloc(env, speech->n_frames, sizeof(float));
	speech->crossings = emo_alloc(env, speech->n_frames, sizeof(float));
	speech->active = emo_alloc(env, speech->n_frames, sizeof(bool));
	if (speech->samples == NULL || speech->log_energy == NULL || speech->crossings == NULL ||
		speech->active == NULL)
		return env->status;
	if (shift_and_scale(env, centred + start, speech->n_samples, 0, span->gain, speech->samples) !=
		EMO_OK)
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
	float mean = (float) mean_of(samples, n_samples);
	float *padded = emo_alloc(env, n_samples + 1, sizeof(float));
	float *energy = emo_alloc(env, n_frames, sizeof(float));
	float *crossings = emo_alloc(env, n_frames, sizeof(float));
	Span span = {0, 0, 0};

	if (padded == NULL || energy == NULL || crossings == NULL)
		return env->status;
	/* A sample in front, for the first crossing. */
	padded[0] = samples[0] - mean;
	if (shift_and_scale(env, samples, n_samples, mean, 1, padded + 1) != EMO_OK ||
		measure_frames(env, padded + 1, n_samples, n_frames, energy, crossings) != EMO_OK ||
		find_span(env, energy, n_frames, &span) != EMO_OK ||
		fill_speech(env, padded + 1, n_samples, energy, crossings, &span, speech) != EMO_OK)
		return env->status;
	emo_free(env, padded);
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
