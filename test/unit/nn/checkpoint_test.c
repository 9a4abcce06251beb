/*
 * checkpoint_test.c
 *	  Checkpoints: what damaged and foreign ones are refused for, and the runs that they are of.
 */
#include "nn_train_sample.h"

static void
test_refuses_checkpoints(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnTrainOptions options = small_options();
	EmoNnTrainer *trainer;
	uint8_t *bytes;
	size_t n_bytes;

	train_to(env, &data, &options, 1, NULL, 0, &bytes, &n_bytes);
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	for (size_t n = 0; n < n_bytes; n += n < 40 ? 1 : n_bytes / 7)
		CHECK(emo_nn_resume(env, trainer, bytes, n) == EMO_CORRUPTED);
	for (size_t i = 0; i < n_bytes; i += i < 60 ? 1 : n_bytes / 31)
	{
		bytes[i] ^= 0x10;
		CHECK(emo_nn_resume(env, trainer, bytes, n_bytes) == EMO_CORRUPTED);
		bytes[i] ^= 0x10;
	}
	CHECK(emo_nn_resume(env, trainer, bytes, n_bytes) == EMO_OK);
	options.augment.noise = 0.2;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	CHECK(emo_nn_resume(env, trainer, bytes, n_bytes) == EMO_BAD_DATA);
	options.augment.noise = 0.1;
	recordings->label[3] = (recordings->label[3] + 1) % NN_CLASSES;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	CHECK(emo_nn_resume(env, trainer, bytes, n_bytes) == EMO_BAD_DATA);
}

static bool
same_run(const EmoNnRun *a, const EmoNnRun *b)
{
	return a->run == b->run && a->temperature == b->temperature && a->n_held_out == b->n_held_out &&
		   a->validated.epoch == b->validated.epoch &&
		   a->validated.validated == b->validated.validated &&
		   a->validated.validation_loss == b->validated.validation_loss &&
		   a->validated.validation_uar == b->validated.validation_uar;
}

/* No byte of it may be changed, nor any be missing or too many. */
static void
test_run(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnTrainOptions options = small_options();
	EmoNnRun run = {.run = 1, .temperature = 1.5f, .n_held_out = 6}, found;
	const uint8_t *of_trainer;
	size_t n_bytes, n_of_trainer;
	EmoNnTrainer *trainer;
	uint8_t *bytes;
	EmoNnEpoch epoch;

	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	CHECK(emo_nn_train_epoch(env, trainer, &epoch) == EMO_OK);
	run.validated = epoch;
	CHECK(emo_nn_run_checkpoint(env, &run, trainer, &bytes, &n_bytes) == EMO_OK);
	CHECK(emo_nn_read_run(env, bytes, n_bytes, &found, &of_trainer, &n_of_trainer) == EMO_OK);
	CHECK(same_run(&run, &found) && found.validated.validated);
	CHECK(emo_nn_resume(env, trainer, of_trainer, n_of_trainer) == EMO_OK);
	CHECK(emo_nn_epochs_done(trainer) == 1);
	for (size_t n = 0; n < n_bytes; n += n < 120 ? 1 : n_bytes / 7)
		CHECK(emo_nn_read_run(env, bytes, n, &found, &of_trainer, &n_of_trainer) == EMO_CORRUPTED);
	for (size_t i = 0; i < n_bytes; i += i < 120 ? 1 : n_bytes / 31)
	{
		bytes[i] ^= 0x10;
		CHECK(emo_nn_read_run(env, bytes, n_bytes, &found, &of_trainer, &n_of_trainer) ==
			  EMO_CORRUPTED);
		bytes[i] ^= 0x10;
	}
}

/* Numbers that no training has, with a checksum that fits. */
static void
test_refuses_runs(EmoEnv *env)
{
	static const EmoNnRun runs[] = {{.run = -1, .temperature = 1},
									{.temperature = 0},
									{.temperature = NAN},
									{.temperature = 1, .n_held_out = -1},
									{.temperature = 1, .n_held_out = INT64_MAX},
									{.temperature = 1, .validated = {.epoch = -1}},
									{.temperature = 1, .validated = {.validation_loss = NAN}}};
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnTrainOptions options = small_options();
	const uint8_t *of_trainer;
	size_t n_bytes, n_of_trainer;
	EmoNnTrainer *trainer;
	uint8_t *bytes;
	EmoNnRun found;

	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
	{
		CHECK(emo_nn_run_checkpoint(env, &runs[i], trainer, &bytes, &n_bytes) == EMO_OK);
		CHECK(emo_nn_read_run(env, bytes, n_bytes, &found, &of_trainer, &n_of_trainer) ==
			  EMO_CORRUPTED);
	}
}

int
main(void)
{
	RUN(test_refuses_checkpoints);
	RUN(test_run);
	RUN(test_refuses_runs);
	return unit_finish();
}
