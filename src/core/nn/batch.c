/*
 * batch.c
 *	  The recordings of a training: which are held out, how they vary, and what a batch sees.
 */
#include <math.h>
#include <string.h>

#include "core/nn/loss.h"
#include "core/nn/trainer.h"

/* Deviations are taken from at most so many recordings, evenly spread. */
#define MAX_MEASURED 2000

/* Streams of random numbers beside those of epochs, which count from 1. */
#define SPLIT_STREAM (-1)

/* Copies are drawn by random numbers of their own, so that without copies all others stay the same. */
#define COPY_STREAM UINT64_C(0x2d7f90a4c1b8e635)

static void
shuffle(EmoRandom *random, int32_t *items, int n)
{
	for (int i = n - 1; i > 0; i--)
	{
		int j = (int) (emo_random_uniform(random) * (i + 1));
		int32_t item = items[i];

		items[i] = items[j];
		items[j] = item;
	}
}

static bool
repeats(const EmoNnData *data, int64_t recording)
{
	return data->repeats != NULL && recording > 0 && data->repeats[recording];
}

/*
 * The groups that are held out or trained on as a whole: speakers, or recordings without any.
 * is_present[n_speakers], all false.
 */
static int
find_groups(const EmoNnData *data, bool *is_present, int32_t *groups, bool *by_speaker)
{
	int n = 0;

	for (int64_t r = 0; data->speaker != NULL && r < data->n_recordings; r++)
		if (data->speaker[r] >= 0)
			is_present[data->speaker[r]] = true;
	for (int32_t s = 0; data->speaker != NULL && s < data->n_speakers; s++)
		if (is_present[s])
			groups[n++] = s;
	*by_speaker = n > 1;
	if (*by_speaker)
		return n;
	n = 0;
	for (int64_t r = 0; r < data->n_recordings; r++)
		if (!repeats(data, r))
			groups[n++] = (int32_t) r;
	return n;
}

static EmoStatus
split(EmoEnv *env, EmoNnTrainer *trainer)
{
	const EmoNnData *data = trainer->data;
	size_t room = (size_t) data->n_recordings + data->n_speakers;
	int32_t *groups = emo_alloc(env, room, sizeof(int32_t));
	bool *is_present = emo_alloc_zero(env, room, sizeof(bool));
	bool *is_held_out = emo_alloc_zero(env, room, sizeof(bool)); /* of groups */
	EmoRandom random;
	bool by_speaker;
	int n_groups, n_held;

	if (groups == NULL || is_present == NULL || is_held_out == NULL)
		return env->status;
	n_groups = find_groups(data, is_present, groups, &by_speaker);
	n_held = (int) ceil(trainer->options.validation_share * n_groups);
	n_held = n_held < n_groups ? n_held : n_groups - 1;
	emo_nn_augment_random(trainer->options.seed, SPLIT_STREAM, 0, &random);
	shuffle(&random, groups, n_groups);
	for (int g = 0; g < n_held; g++)
		is_held_out[groups[g]] = true;
	for (int64_t r = 0, first = 0; r < data->n_recordings; r++)
	{
		int64_t group;

		first = repeats(data, r) ? first : r;
		group = by_speaker ? data->speaker[r] : first;
		trainer->held_out[r] = group >= 0 && is_held_out[group];
	}
	emo_free(env, is_held_out);
	emo_free(env, is_present);
	emo_free(env, groups);
	return EMO_OK;
}

EmoStatus
emo_nn_hold_out(EmoEnv *env, EmoNnTrainer *trainer)
{
	const EmoNnData *data = trainer->data;
	int n_present = 0;

	if (trainer->options.validation_share > 0 && split(env, trainer) != EMO_OK)
		return env->status;
	for (int64_t r = 0; r < data->n_recordings; r++)
	{
		if (trainer->held_out[r])
			continue;
		trainer->order[trainer->n_training++] = r;
		trainer->class_weight[data->label[r]]++;
	}
	for (int c = 0; c < data->n_classes; c++)
		n_present += trainer->class_weight[c] > 0;
	if (n_present < 2)
		return emo_fail(
			env, EMO_BAD_DATA,
			"training needs recordings of at least two classes, besides those held out");
	for (int c = 0; c < data->n_classes; c++)
	{
		double n = trainer->class_weight[c];

		trainer->class_weight[c] = trainer->options.class_weights && n > 0
									   ? (double) trainer->n_training / (n * n_present)
									   : 1;
	}
	return EMO_OK;
}

EmoStatus
emo_nn_measure_inputs(EmoEnv *env, EmoNnTrainer *trainer)
{
	int n_values = trainer->input.n_values, crop_frames = trainer->options.crop_frames;
	double sum[EMO_NN_FRAME_VALUES] = {0}, square[EMO_NN_FRAME_VALUES] = {0}, n = 0;
	int64_t step = (trainer->n_training + MAX_MEASURED - 1) / MAX_MEASURED;

	for (int64_t i = 0; i < trainer->n_training; i += step)
	{
		int64_t recording = trainer->order[i];
		int n_frames = trainer->data->n_frames[recording];
		const uint16_t *frames;

		if (emo_check_stop(env) != EMO_OK ||
			trainer->data->fetch(env, trainer->data->source, recording, &frames) != EMO_OK)
			return env->status;
		for (int first = 0; first < n_frames; first += crop_frames)
		{
			int left = n_frames - first;
			EmoNnView view = {1, 1, first, left < crop_frames ? left : crop_frames};

			emo_nn_input_fill(&trainer->input, frames, n_frames, &view, trainer->work,
							  trainer->plain);
			for (int t = 0; t < view.n_frames; t++)
				for (int j = 0; j < n_values; j++)
				{
					double value = trainer->plain[(ptrdiff_t) t * n_values + j];

					sum[j] += value;
					square[j] += value * value;
				}
			n += view.n_frames;
		}
	}
	for (int j = 0; j < EMO_NN_FRAME_VALUES; j++)
	{
		double variance = j < n_values ? square[j] / n - sum[j] * sum[j] / (n * n) : 1;

		/* What never varies says nothing; it isn't to be blown up. */
		trainer->model.input_deviation[j] = variance > 1e-8 ? (float) sqrt(variance) : 1;
		trainer->input.inverse_deviation[j] = 1 / trainer->model.input_deviation[j];
	}
	return EMO_OK;
}

/* mixed = share * one + (1 - share) * other, which is repeated where it is shorter. */
static void
mix(const float *one, int n_frames, const float *other, int n_other, int n_values, float share,
	float *mixed)
{
	for (int t = 0; t < n_frames; t++)
		for (int j = 0; j < n_values; j++)
			mixed[(ptrdiff_t) t * n_values + j] =
				share * one[(ptrdiff_t) t * n_values + j] +
				(1 - share) * other[(ptrdiff_t) (t % n_other) * n_values + j];
}

/* The frames that this epoch hears of a recording: its own, or those of one of its copies. */
static EmoStatus
fetch_heard(EmoEnv *env, const EmoNnTrainer *trainer, int64_t recording, const uint16_t **frames,
			int *n_frames)
{
	const EmoNnData *data = trainer->data;
	const EmoDegradeOptions *degrade = &trainer->options.degrade;
	double at = -1; /* below 0: the recording; then a stretch of .weight for each copy */

	if (data->n_copies > 0)
	{
		EmoRandom random;

		emo_nn_augment_random(trainer->seed ^ COPY_STREAM, trainer->epoch + 1, recording, &random);
		at = emo_random_uniform(&random) * (1 + data->n_copies * degrade->weight) - 1;
	}
	if (at >= 0)
	{
		int copy = (int) (at / degrade->weight);

		/* The last one takes what rounding leaves. */
		copy = copy < data->n_copies ? copy : data->n_copies - 1;
		return data->fetch_copy(env, data->source, recording, copy, frames, n_frames);
	}
	*n_frames = data->n_frames[recording];
	return data->fetch(env, data->source, recording, frames);
}

/* Each recording of the batch in trainer->plain, altered but not yet mixed. */
static EmoStatus
fill_plain(EmoEnv *env, EmoNnTrainer *trainer, int64_t first, int n, double *shares)
{
	const EmoNnAugment *augment = &trainer->options.augment;
	float *values = trainer->plain;

	for (int b = 0; b < n; b++)
	{
		int64_t recording = trainer->order[first + b];
		int n_frames;
		const uint16_t *frames;
		EmoRandom random;
		EmoNnView view;

		if (emo_check_stop(env) != EMO_OK ||
			fetch_heard(env, trainer, recording, &frames, &n_frames) != EMO_OK)
			return env->status;
		emo_nn_augment_random(trainer->seed, trainer->epoch + 1, recording, &random);
		emo_nn_augment_view(augment, &random, n_frames, trainer->options.crop_frames, &view);
		emo_nn_input_fill(&trainer->input, frames, n_frames, &view, trainer->work, values);
		emo_nn_augment_values(augment, &trainer->input, &random, view.n_frames, values);
		shares[b] = emo_nn_augment_mix(augment, &random);
		trainer->network->frames[b] = view.n_frames;
		values += (ptrdiff_t) view.n_frames * trainer->input.n_values;
	}
	return EMO_OK;
}

EmoStatus
emo_nn_fill_batch(EmoEnv *env, EmoNnTrainer *trainer, int64_t first, int n)
{
	const EmoNnData *data = trainer->data;
	int n_values = trainer->input.n_values, *n_frames = trainer->network->frames;
	const float *plain = trainer->plain;
	float *mixed = trainer->network->input;
	double shares[EMO_NN_MAX_BATCH];

	if (fill_plain(env, trainer, first, n, shares) != EMO_OK)
		return env->status;
	memset(trainer->targets, 0, (size_t) n * data->n_classes * sizeof(float));
	for (int b = 0; b < n; b++)
	{
		/* The order is random, so that the next one is as good as any. */
		int other = (b + 1) % n;
		const float *next =
			other == 0 ? trainer->plain : plain + (ptrdiff_t) n_frames[b] * n_values;
		int32_t label = data->label[trainer->order[first + b]];
		int32_t other_label = data->label[trainer->order[first + other]];
		float *target = trainer->targets + (ptrdiff_t) b * data->n_classes;

		mix(plain, n_frames[b], next, n_frames[other], n_values, (float) shares[b], mixed);
		emo_nn_add_target(label, data->n_classes, shares[b], trainer->options.label_smoothing,
						  trainer->class_weight[label], target);
		emo_nn_add_target(other_label, data->n_classes, 1 - shares[b],
						  trainer->options.label_smoothing, trainer->class_weight[other_label],
						  target);
		trainer->heavier[b] = label;
		plain = next;
		mixed += (ptrdiff_t) n_frames[b] * n_values;
	}
	return EMO_OK;
}
