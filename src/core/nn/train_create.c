/*
 * train_create.c
 *	  Options of a training, and a trainer with fresh weights.
 */
#include <string.h>

#include "core/nn/trainer.h"

/* More than this is more than a server should give to one training. */
#define MAX_BYTES (8.0 * 1024 * 1024 * 1024)

/* Fresh weights have random numbers of their own. */
#define WEIGHT_STREAM UINT64_C(0x5eed0f3e1947a2c1)

/* So far apart are the seeds of nets that are trained together (2^64 over the golden ratio). */
#define SEED_DISTANCE UINT64_C(0x9e3779b97f4a7c15)

static const EmoOption training_options[] = {
	EMO_INT("epochs", EmoNnTrainOptions, epochs, 1, EMO_NN_MAX_EPOCHS, 240),
	EMO_INT("batch_size", EmoNnTrainOptions, batch_size, 2, EMO_NN_MAX_BATCH, 32),
	EMO_INT("crop_frames", EmoNnTrainOptions, crop_frames, 16, 3000, 256),
	EMO_REAL("label_smoothing", EmoNnTrainOptions, label_smoothing, 0, 0.9, 0.1),
	EMO_BOOLEAN("class_weights", EmoNnTrainOptions, class_weights, true),
	EMO_REAL("validation_share", EmoNnTrainOptions, validation_share, 0, 0.5, 0),
	EMO_INT("patience", EmoNnTrainOptions, patience, 0, EMO_NN_MAX_EPOCHS, 0),
	EMO_INT("nets", EmoNnTrainOptions, nets, 1, EMO_NN_MAX_NETS, 3),
	EMO_INT("n_warps", EmoNnTrainOptions, n_warps, 1, EMO_NN_MAX_WARPS, 3),
	EMO_REAL("warp", EmoNnTrainOptions, warp, 0, EMO_NN_MAX_WARP, 0.05),
};

const EmoOptionTable emo_nn_training_options = EMO_OPTION_TABLE(training_options);

EmoNnTrainOptions
emo_nn_default_train_options(void)
{
	EmoNnTrainOptions options;
	EmoEnv unused;

	memset(&options, 0, sizeof(options));
	memset(&unused, 0, sizeof(unused));
	(void) emo_nn_preset(&unused, "temporal", 0, &options.architecture);
	emo_default_options(&emo_nn_optimiser_options, &options.optimiser);
	emo_default_options(&emo_nn_augment_options, &options.augment);
	emo_default_options(&emo_degrade_options, &options.degrade);
	options.degrade.copies = 0;
	emo_default_options(&emo_nn_training_options, &options);
	options.seed = 1;
	return options;
}

static double
trainer_bytes(const EmoNnTrainOptions *options, int n_classes)
{
	int64_t n_weights = emo_nn_weight_count(&options->architecture, n_classes);
	double n_values = emo_nn_input_values(&options->architecture);

	/* Gradient; of each net two moments, the weights and the best ones; for validation a net for 30 s. */
	return (1 + 4.0 * options->nets) * sizeof(float) * (double) n_weights +
		   emo_nn_network_bytes(&options->architecture, n_classes, options->batch_size,
								options->crop_frames, true) +
		   options->batch_size * (double) (options->crop_frames * n_values + 3 * n_classes) *
			   sizeof(float) +
		   (options->validation_share > 0
				? emo_nn_network_bytes(&options->architecture, n_classes, 1, 3000, false)
				: 0) +
		   (double) emo_nn_input_work(options->crop_frames) * sizeof(float);
}

EmoStatus
emo_nn_check_train_options(EmoEnv *env, const EmoNnTrainOptions *options, int n_classes)
{
	if (emo_nn_check_architecture(env, &options->architecture, n_classes) != EMO_OK ||
		emo_check_options(env, &emo_nn_optimiser_options, &options->optimiser) != EMO_OK ||
		emo_check_options(env, &emo_nn_augment_options, &options->augment) != EMO_OK ||
		emo_check_options(env, &emo_degrade_options, &options->degrade) != EMO_OK ||
		emo_check_options(env, &emo_nn_training_options, options) != EMO_OK)
		return env->status;
	if (trainer_bytes(options, n_classes) > MAX_BYTES)
	{
		emo_fail(env, EMO_LIMIT_EXCEEDED, "training would need %.0f MB of memory",
				 trainer_bytes(options, n_classes) / (1024 * 1024));
		emo_set_hint(env, "Use a smaller batch_size, crop_frames or net.");
		return env->status;
	}
	return EMO_OK;
}

static EmoStatus
check_data(EmoEnv *env, const EmoNnData *data, const EmoNnTrainOptions *options)
{
	if (data->n_recordings < 2)
		return emo_fail(env, EMO_BAD_DATA, "training needs at least two recordings");
	if (data->n_recordings > EMO_NN_MAX_RECORDINGS)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "too many recordings: the limit is %d",
						EMO_NN_MAX_RECORDINGS);
	if (data->n_copies != options->degrade.copies)
		return emo_fail(env, EMO_BAD_DATA, "recordings have %d degraded copies each instead of %d",
						data->n_copies, options->degrade.copies);
	for (int64_t r = 0; r < data->n_recordings; r++)
	{
		if (data->label[r] < 0 || data->label[r] >= data->n_classes)
			return emo_fail(env, EMO_BAD_DATA, "label of recording %lld is out of range",
							(long long) r);
		if (data->speaker != NULL &&
			(data->speaker[r] < -1 || data->speaker[r] >= data->n_speakers))
			return emo_fail(env, EMO_BAD_DATA, "speaker of recording %lld is out of range",
							(long long) r);
		if (data->n_frames[r] < 1 || data->n_frames[r] > EMO_NN_MAX_FRAMES)
			return emo_fail(env, EMO_BAD_DATA, "length of recording %lld is out of range",
							(long long) r);
	}
	return EMO_OK;
}

static EmoStatus
alloc_trainer(EmoEnv *env, EmoNnTrainer *trainer)
{
	const EmoNnTrainOptions *options = &trainer->options;
	size_t n_recordings = trainer->data->n_recordings, n_classes = trainer->data->n_classes;
	size_t batch = options->batch_size, n_nets = options->nets, n_weights, n_parameters;

	if (emo_nn_network_create(env, &options->architecture, (int) n_classes, options->batch_size,
							  options->crop_frames, true, &trainer->network) != EMO_OK)
		return env->status;
	n_weights = trainer->network->shape.n_weights;
	n_parameters = trainer->network->shape.n_parameters;
	trainer->model.n_weights = (int64_t) n_weights;
	trainer->model.weights = emo_alloc(env, n_nets * n_weights, sizeof(float));
	trainer->best_weights = emo_alloc_zero(env, n_nets * n_weights, sizeof(float));
	trainer->gradient = emo_alloc(env, n_parameters, sizeof(float));
	trainer->first = emo_alloc_zero(env, n_nets * n_parameters, sizeof(float));
	trainer->second = emo_alloc_zero(env, n_nets * n_parameters, sizeof(float));
	trainer->decays = emo_alloc_zero(env, n_parameters, 1);
	trainer->held_out = emo_alloc_zero(env, n_recordings, 1);
	trainer->order = emo_alloc(env, n_recordings, sizeof(int64_t));
	trainer->class_weight = emo_alloc_zero(env, n_classes, sizeof(double));
	trainer->plain =
		emo_alloc(env, batch * options->crop_frames, trainer->input.n_values * sizeof(float));
	trainer->targets = emo_alloc(env, batch * n_classes, sizeof(float));
	trainer->d_scores = emo_alloc(env, batch * n_classes, sizeof(float));
	trainer->heavier = emo_alloc(env, batch, sizeof(int32_t));
	trainer->work = emo_alloc(env, emo_nn_input_work(options->crop_frames), sizeof(float));
	if (trainer->model.weights == NULL || trainer->best_weights == NULL ||
		trainer->gradient == NULL || trainer->first == NULL || trainer->second == NULL ||
		trainer->decays == NULL || trainer->held_out == NULL || trainer->order == NULL ||
		trainer->class_weight == NULL || trainer->plain == NULL || trainer->targets == NULL ||
		trainer->d_scores == NULL || trainer->heavier == NULL || trainer->work == NULL)
		return env->status;
	return EMO_OK;
}

/* Weights that multiply decay; what is added, and batch-norm's scales, don't. */
static void
mark_decays(const EmoNnShape *shape, uint8_t *decays)
{
	for (int i = 0; i < shape->n_blocks; i++)
	{
		int64_t end = shape->blocks[i].norm_weight >= 0 ? shape->blocks[i].norm_weight
														: shape->blocks[i].bias;

		memset(decays + shape->blocks[i].conv_weight, 1, end - shape->blocks[i].conv_weight);
	}
	if (shape->attention_weight >= 0)
		memset(decays + shape->attention_weight, 1, shape->dense_weight - shape->attention_weight);
	memset(decays + shape->dense_weight, 1, shape->dense_bias - shape->dense_weight);
}

void
emo_nn_turn_to_net(EmoNnTrainer *trainer, int net)
{
	trainer->net = net;
	trainer->seed = trainer->options.seed + (uint64_t) net * SEED_DISTANCE;
}

EmoStatus
emo_nn_trainer_create(EmoEnv *env, const EmoNnData *data, const EmoNnTrainOptions *options,
					  EmoNnTrainer **result)
{
	EmoNnTrainer *trainer;

	*result = NULL;
	if (emo_nn_check_train_options(env, options, data->n_classes) != EMO_OK ||
		check_data(env, data, options) != EMO_OK)
		return env->status;
	trainer = emo_alloc_zero(env, 1, sizeof(EmoNnTrainer));
	if (trainer == NULL)
		return env->status;
	trainer->options = *options;
	trainer->data = data;
	trainer->model.architecture = options->architecture;
	trainer->model.n_classes = data->n_classes;
	trainer->model.temperature = 1;
	trainer->model.n_nets = options->nets;
	trainer->model.n_warps = 1;
	trainer->model.warp = (float) options->warp;
	emo_nn_input_init(&options->architecture, &trainer->input);
	if (alloc_trainer(env, trainer) != EMO_OK || emo_nn_hold_out(env, trainer) != EMO_OK ||
		emo_nn_measure_inputs(env, trainer) != EMO_OK)
		return env->status;
	mark_decays(&trainer->network->shape, trainer->decays);
	for (int net = 0; net < options->nets; net++)
	{
		emo_nn_turn_to_net(trainer, net);
		emo_nn_init_weights(&trainer->network->shape, trainer->seed ^ WEIGHT_STREAM,
							emo_nn_weights_of(&trainer->model, net));
	}
	if (trainer->n_training < data->n_recordings &&
		emo_nn_predictor_create(env, &trainer->model, &trainer->predictor) != EMO_OK)
		return env->status;
	*result = trainer;
	return EMO_OK;
}
