/*
 * model_net_sample.h
 *	  Small trained models with a net, for tests.
 */
#ifndef MODEL_NET_SAMPLE_H
#define MODEL_NET_SAMPLE_H

#include "model_sample.h"

#include "core/base/random.h"
#include "core/nn/train.h"

#define NET_FRAMES 20

static uint16_t net_frames[N_ROWS][NET_FRAMES * EMO_NN_FRAME_VALUES];
static int32_t net_n_frames[N_ROWS];

static inline EmoStatus
fetch_net_frames(EmoEnv *env, void *source, int64_t recording, const uint16_t **frames)
{
	(void) env;
	(void) source;
	*frames = net_frames[recording];
	return EMO_OK;
}

/* The rows of training_set() as recordings: noise, louder from class to class. */
static inline EmoNnData
net_data(void)
{
	EmoRandom random;

	(void) training_set();
	emo_random_seed(&random, 1);
	for (int row = 0; row < N_ROWS; row++)
	{
		net_n_frames[row] = NET_FRAMES - row % 5;
		for (int i = 0; i < NET_FRAMES * EMO_NN_FRAME_VALUES; i++)
			net_frames[row][i] =
				emo_half_of_float((float) (1 + label[row]) * (float) emo_random_normal(&random));
	}
	return (EmoNnData){.n_recordings = N_ROWS,
					   .n_classes = N_CLASSES,
					   .label = label,
					   .speaker = speaker,
					   .n_speakers = 4,
					   .n_frames = net_n_frames,
					   .fetch = fetch_net_frames};
}

/* As few weights as a net can have, so that each of its bytes can be tried. */
static inline EmoNnArchitecture
smallest_architecture(void)
{
	EmoNnArchitecture architecture = {.name = "custom",
									  .n_coefficients = 2,
									  .n_blocks = 1,
									  .pooling = EMO_NN_POOL_MEAN_DEVIATION,
									  .n_heads = 1};

	architecture.blocks[0] = emo_nn_default_block(EMO_NN_CONV1D);
	architecture.blocks[0].channels = 16;
	architecture.blocks[0].kernel[0] = 1;
	return architecture;
}

static inline EmoNnModel *
trained_net(EmoEnv *env, int n_nets)
{
	EmoNnData data = net_data();
	EmoNnTrainOptions options = emo_nn_default_train_options();
	EmoNnTrainer *trainer;
	EmoNnModel *net;
	EmoNnEpoch epoch;

	options.architecture = smallest_architecture();
	options.nets = n_nets;
	options.epochs = 1;
	options.batch_size = 12;
	options.crop_frames = 16;
	options.validation_share = 0.25;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	CHECK(emo_nn_train_epoch(env, trainer, &epoch) == EMO_OK);
	CHECK(emo_nn_finish(env, trainer, &net) == EMO_OK);
	return net;
}

static inline EmoModel
trained_cnn(EmoEnv *env)
{
	return (EmoModel){.algorithm = "cnn",
					  .feature_version = EMO_NN_INPUT_VERSION,
					  .n_classes = N_CLASSES,
					  .labels = labels,
					  .net = trained_net(env, 1),
					  .net_weight = 1,
					  .net_profile_weight = 1,
					  .options = "{}",
					  .feature_settings = "{}"};
}

static inline EmoModel
trained_ensemble(EmoEnv *env)
{
	EmoModel model = trained_model(env);

	model.algorithm = "ensemble";
	model.net = trained_net(env, 2);
	model.net_weight = 0.5;
	model.net_profile_weight = 0.25;
	return model;
}

static inline EmoModel
net_model(EmoEnv *env, int which)
{
	return which == 0 ? trained_cnn(env) : trained_ensemble(env);
}

#endif
