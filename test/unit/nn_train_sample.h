/*
 * nn_train_sample.h
 *	  A small set of recordings to train on, for the tests.
 */
#ifndef EMO_NN_TRAIN_SAMPLE_H
#define EMO_NN_TRAIN_SAMPLE_H

#include "core/nn/train.h"
#include "nn_sample.h"

#define N_RECORDINGS 24
#define MAX_FRAMES   60

typedef struct Recordings
{
	int32_t label[N_RECORDINGS], speaker[N_RECORDINGS], n_frames[N_RECORDINGS];
	uint16_t frames[N_RECORDINGS][MAX_FRAMES * EMO_NN_FRAME_VALUES];
	int fails_at; /* fetch fails for this recording; -1: never */
} Recordings;

__attribute__((unused)) static EmoStatus
fetch(EmoEnv *env, void *source, int64_t recording, const uint16_t **frames)
{
	Recordings *recordings = source;

	if (recording == recordings->fails_at)
		return emo_fail(env, EMO_UNDEFINED, "recording is gone");
	*frames = recordings->frames[recording];
	return EMO_OK;
}

/* Noise with a bump in time and band that depends on the class. */
__attribute__((unused)) static EmoNnData
make_data(Recordings *recordings)
{
	EmoNnData data = {.n_recordings = N_RECORDINGS,
					  .n_classes = NN_CLASSES,
					  .label = recordings->label,
					  .speaker = recordings->speaker,
					  .n_speakers = 4,
					  .n_frames = recordings->n_frames,
					  .fetch = fetch,
					  .source = recordings};
	EmoRandom random;

	emo_random_seed(&random, 1);
	recordings->fails_at = -1;
	for (int r = 0; r < N_RECORDINGS; r++)
	{
		recordings->label[r] = r % NN_CLASSES;
		recordings->speaker[r] = r % 4;
		recordings->n_frames[r] = 20 + 7 * r % 40;
		for (int t = 0; t < recordings->n_frames[r]; t++)
			for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
			{
				double bump = 2 * sin(0.3 * (1 + r % NN_CLASSES) * t + 0.2 * i);

				recordings->frames[r][t * EMO_NN_FRAME_VALUES + i] =
					emo_half_of_float((float) (emo_random_normal(&random) + bump));
			}
	}
	return data;
}

__attribute__((unused)) static EmoNnTrainOptions
small_options(void)
{
	EmoNnTrainOptions options = emo_nn_default_train_options();

	for (int i = 0; i < options.architecture.n_blocks; i++)
		options.architecture.blocks[i].channels = 16;
	options.architecture.n_blocks = 3;
	options.nets = 1;
	options.epochs = 4;
	options.batch_size = 7;
	options.crop_frames = 32;
	options.validation_share = 0.25;
	return options;
}

/* The checkpoint after some epochs of training from an earlier one, or from the start. */
__attribute__((unused)) static void
train_to(EmoEnv *env, const EmoNnData *data, const EmoNnTrainOptions *options, int epochs,
		 const uint8_t *from, size_t n_from, uint8_t **bytes, size_t *n_bytes)
{
	EmoNnTrainer *trainer;
	EmoNnEpoch epoch;

	CHECK(emo_nn_trainer_create(env, data, options, &trainer) == EMO_OK);
	if (from != NULL)
		CHECK(emo_nn_resume(env, trainer, from, n_from) == EMO_OK);
	while (emo_nn_epochs_done(trainer) < epochs)
	{
		CHECK(emo_nn_train_epoch(env, trainer, &epoch) == EMO_OK);
		CHECK(epoch.validated && epoch.epoch == emo_nn_epochs_done(trainer));
	}
	CHECK(emo_nn_checkpoint(env, trainer, bytes, n_bytes) == EMO_OK);
}

#endif
