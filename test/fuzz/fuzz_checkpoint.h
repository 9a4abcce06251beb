/*
 * fuzz_checkpoint.h
 *	  A training whose checkpoints are small, for seeds and for the target that resumes it.
 */
#ifndef EMO_FUZZ_CHECKPOINT_H
#define EMO_FUZZ_CHECKPOINT_H

#include "model_net_sample.h"

/* data must outlive the trainer. */
static inline EmoNnTrainer *
checkpoint_trainer(EmoEnv *env, EmoNnData *data)
{
	EmoNnTrainOptions options = emo_nn_default_train_options();
	EmoNnTrainer *trainer;

	*data = net_data();
	options.architecture = smallest_architecture();
	options.nets = 2;
	options.epochs = 4;
	options.batch_size = 12;
	options.crop_frames = 16;
	options.validation_share = 0.25;
	if (emo_nn_trainer_create(env, data, &options, &trainer) != EMO_OK)
		abort();
	return trainer;
}

static inline void
checkpoint_sample(EmoEnv *env, int epochs, uint8_t **bytes, size_t *n_bytes)
{
	EmoNnData data;
	EmoNnTrainer *trainer = checkpoint_trainer(env, &data);
	EmoNnRun run = {.run = 0, .temperature = 1};

	for (int i = 0; i < epochs; i++)
		CHECK(emo_nn_train_epoch(env, trainer, &run.validated) == EMO_OK);
	CHECK(emo_nn_run_checkpoint(env, &run, trainer, bytes, n_bytes) == EMO_OK);
}

#endif
