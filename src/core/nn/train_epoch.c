/*
 * train_epoch.c
 *	  Train a convolutional net for one epoch.
 */
#include <math.h>
#include <string.h>
#include <time.h>

#include "core/base/metrics.h"
#include "core/base/stats.h"
#include "core/nn/loss.h"
#include "core/nn/trainer.h"

/* Index of the shuffling's random numbers, beside those of recordings. */
#define ORDER_STREAM (-1)

static bool
is_better(const EmoNnTrainer *trainer, double loss)
{
	return trainer->best_epoch == 0 || loss < trainer->best_loss;
}

static double
seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

/* The recordings to train on in a new order, which depends on the net's seed and the epoch only. */
static void
shuffle_order(EmoNnTrainer *trainer)
{
	int64_t n = 0;
	EmoRandom random;

	for (int64_t r = 0; r < trainer->data->n_recordings; r++)
		if (!trainer->held_out[r])
			trainer->order[n++] = r;
	emo_nn_augment_random(trainer->seed, trainer->epoch + 1, ORDER_STREAM, &random);
	for (int64_t i = n - 1; i > 0; i--)
	{
		int64_t j = (int64_t) (emo_random_uniform(&random) * (double) (i + 1));
		int64_t recording = trainer->order[i];

		trainer->order[i] = trainer->order[j];
		trainer->order[j] = recording;
	}
}

/* One step; adds to the epoch's sums. */
static EmoStatus
train_batch(EmoEnv *env, EmoNnTrainer *trainer, int64_t first, int n, int64_t step, int64_t n_steps,
			EmoNnEpoch *epoch)
{
	const EmoNnTrainOptions *options = &trainer->options;
	int n_classes = trainer->data->n_classes;
	int64_t n_parameters = trainer->network->shape.n_parameters;
	float *weights = emo_nn_weights_of(&trainer->model, trainer->net);
	uint64_t key = trainer->seed ^ ((uint64_t) step << 20);
	double loss;

	trainer->network->n = n;
	if (emo_nn_fill_batch(env, trainer, first, n) != EMO_OK ||
		emo_nn_forward(env, trainer->network, weights, true, key) != EMO_OK)
		return env->status;
	loss = emo_nn_cross_entropy(trainer->network->scores, trainer->targets, n, n_classes,
								trainer->d_scores);
	if (!isfinite(loss))
	{
		emo_fail(env, EMO_BAD_DATA, "training diverged in epoch %d", trainer->epoch + 1);
		emo_set_hint(env, "Use a lower learning_rate.");
		return env->status;
	}
	if (emo_nn_backward(env, trainer->network, weights, trainer->d_scores, trainer->gradient) !=
		EMO_OK)
		return env->status;
	epoch->learning_rate = emo_nn_learning_rate(&options->optimiser, step, n_steps);
	emo_nn_optimise(&options->optimiser, epoch->learning_rate, step, n_parameters, trainer->decays,
					trainer->gradient, weights, trainer->first + trainer->net * n_parameters,
					trainer->second + trainer->net * n_parameters);
	epoch->training_loss += loss * n;
	for (int b = 0; b < n; b++)
		epoch->training_accuracy += emo_argmax(trainer->network->scores + (ptrdiff_t) b * n_classes,
											   n_classes) == trainer->heavier[b];
	return EMO_OK;
}

/* What the net says about the held-out recordings, without warps. */
static EmoStatus
validate(EmoEnv *env, EmoNnTrainer *trainer, EmoNnEpoch *epoch)
{
	const EmoNnData *data = trainer->data;
	size_t n_classes = data->n_classes;
	float *log_probabilities = emo_alloc(env, n_classes, sizeof(float));
	int64_t *confusion = emo_alloc_zero(env, n_classes, n_classes * sizeof(int64_t)), n = 0;
	double macro_f1;

	if (log_probabilities == NULL || confusion == NULL)
		return env->status;
	trainer->model.n_warps = 1;
	for (int64_t r = 0; r < data->n_recordings; r++)
	{
		const uint16_t *frames;
		int label = data->label[r];

		if (!trainer->held_out[r])
			continue;
		if (data->fetch(env, data->source, r, &frames) != EMO_OK ||
			emo_nn_predict(env, trainer->predictor, frames, data->n_frames[r], log_probabilities) !=
				EMO_OK)
			return env->status;
		epoch->validation_loss -= log_probabilities[label];
		confusion[label * n_classes + emo_argmax(log_probabilities, data->n_classes)]++;
		n++;
	}
	epoch->validated = true;
	epoch->validation_loss /= (double) n;
	emo_confusion_metrics(confusion, data->n_classes, &epoch->validation_uar,
						  &epoch->validation_accuracy, &macro_f1);
	emo_free(env, confusion);
	emo_free(env, log_probabilities);
	return EMO_OK;
}

/* The net that learns through all recordings; adds to the epoch's sums. */
static EmoStatus
train_net(EmoEnv *env, EmoNnTrainer *trainer, EmoNnEpoch *epoch)
{
	int64_t n = trainer->n_training;
	/* Batches of one size, but for one recording. */
	int64_t n_batches = (n + trainer->options.batch_size - 1) / trainer->options.batch_size;

	shuffle_order(trainer);
	for (int64_t b = 0; b < n_batches; b++)
	{
		int64_t first = n * b / n_batches, end = n * (b + 1) / n_batches;

		if (train_batch(env, trainer, first, (int) (end - first), trainer->epoch * n_batches + b,
						trainer->options.epochs * n_batches, epoch) != EMO_OK)
			return env->status;
	}
	return EMO_OK;
}

EmoStatus
emo_nn_train_epoch(EmoEnv *env, EmoNnTrainer *trainer, EmoNnEpoch *epoch)
{
	double start_s = seconds_now();
	double n_heard = (double) trainer->n_training * trainer->model.n_nets;

	memset(epoch, 0, sizeof(*epoch));
	for (int net = 0; net < trainer->model.n_nets; net++)
	{
		emo_nn_turn_to_net(trainer, net);
		if (train_net(env, trainer, epoch) != EMO_OK)
			return env->status;
	}
	epoch->training_loss /= n_heard;
	epoch->training_accuracy /= n_heard;
	if (trainer->predictor != NULL && validate(env, trainer, epoch) != EMO_OK)
		return env->status;
	epoch->epoch = ++trainer->epoch;
	epoch->best = !epoch->validated || is_better(trainer, epoch->validation_loss);
	if (epoch->best)
	{
		trainer->best_epoch = trainer->epoch;
		trainer->best_loss = epoch->validation_loss;
		memcpy(trainer->best_weights, trainer->model.weights,
			   (size_t) trainer->model.n_nets * (size_t) trainer->model.n_weights * sizeof(float));
	}
	epoch->seconds = seconds_now() - start_s;
	trainer->last = *epoch;
	if (epoch->best)
		trainer->best = *epoch;
	return EMO_OK;
}

bool
emo_nn_training_done(const EmoNnTrainer *trainer)
{
	const EmoNnTrainOptions *options = &trainer->options;

	return trainer->epoch >= options->epochs ||
		   (options->patience > 0 && trainer->predictor != NULL &&
			trainer->epoch - trainer->best_epoch >= options->patience);
}

int
emo_nn_epochs_done(const EmoNnTrainer *trainer)
{
	return trainer->epoch;
}

void
emo_nn_last_and_best_epoch(const EmoNnTrainer *trainer, EmoNnEpoch *last, EmoNnEpoch *best)
{
	*last = trainer->last;
	*best = trainer->best;
}

bool
emo_nn_is_held_out(const EmoNnTrainer *trainer, int64_t recording)
{
	return trainer->held_out[recording] != 0;
}
