/*
 * train_test.c
 *	  Training: learning by heart, the same again, resuming, stopping, refusing.
 */
#include "nn_train_sample.h"

static double
accuracy_of(EmoEnv *env, const EmoNnModel *model, const EmoNnData *data)
{
	EmoNnPredictor *predictor;
	int n_right = 0;

	CHECK(emo_nn_predictor_create(env, model, &predictor) == EMO_OK);
	for (int r = 0; r < N_RECORDINGS; r++)
	{
		Recordings *recordings = data->source;
		float log_probabilities[NN_CLASSES], best = 0;
		double sum = 0;

		CHECK(emo_nn_predict(env, predictor, recordings->frames[r], data->n_frames[r],
							 log_probabilities) == EMO_OK);
		for (int c = 0; c < NN_CLASSES; c++)
		{
			sum += exp(log_probabilities[c]);
			best = log_probabilities[c] > log_probabilities[(int) best] ? (float) c : best;
		}
		CHECK_NEAR(sum, 1, 1e-5);
		n_right += (int) best == data->label[r];
	}
	return (double) n_right / N_RECORDINGS;
}

static void
test_learns_a_small_set_by_heart(EmoEnv *env)
{
	static const char *names[] = {"temporal", "image"};
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);

	for (int i = 0; i < 2; i++)
	{
		EmoNnTrainOptions options = small_options();
		EmoNnTrainer *trainer;
		EmoNnModel *model;
		EmoNnEpoch epoch = {0};

		CHECK(emo_nn_preset(env, names[i], 16, &options.architecture) == EMO_OK);
		options.architecture.n_blocks = 2;
		options.epochs = 40;
		options.validation_share = 0;
		memset(&options.augment, 0, sizeof(options.augment));
		CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
		while (!emo_nn_training_done(trainer))
			CHECK(emo_nn_train_epoch(env, trainer, &epoch) == EMO_OK);
		CHECK(epoch.epoch == 40 && !epoch.validated && epoch.seconds > 0);
		CHECK(emo_nn_finish(env, trainer, &model) == EMO_OK);
		CHECK(model->temperature == 1);
		CHECK(accuracy_of(env, model, &data) == 1);
	}
}

static void
test_same_seed_and_resuming(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnTrainOptions options = small_options();
	uint8_t *whole, *again, *half, *resumed, *other;
	size_t n_whole, n_again, n_half, n_resumed, n_other;

	train_to(env, &data, &options, 4, NULL, 0, &whole, &n_whole);
	train_to(env, &data, &options, 4, NULL, 0, &again, &n_again);
	CHECK(n_whole == n_again && memcmp(whole, again, n_whole) == 0);
	train_to(env, &data, &options, 2, NULL, 0, &half, &n_half);
	train_to(env, &data, &options, 4, half, n_half, &resumed, &n_resumed);
	CHECK(n_resumed == n_whole && memcmp(resumed, whole, n_whole) == 0);
	CHECK(memcmp(half, whole, n_whole) != 0);
	options.seed = 2;
	train_to(env, &data, &options, 4, NULL, 0, &other, &n_other);
	CHECK(n_other == n_whole && memcmp(other, whole, n_whole) != 0);
}

static void
test_held_out_speakers(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnTrainOptions options = small_options();
	EmoNnTrainer *trainer;
	EmoNnModel *model;
	EmoNnEpoch epoch;
	int n_held = 0, held_speaker = -1;

	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	for (int r = 0; r < N_RECORDINGS; r++)
	{
		if (!emo_nn_is_held_out(trainer, r))
			continue;
		CHECK(held_speaker == -1 || held_speaker == recordings->speaker[r]);
		held_speaker = recordings->speaker[r];
		n_held++;
	}
	CHECK(n_held == N_RECORDINGS / 4);
	CHECK(emo_nn_train_epoch(env, trainer, &epoch) == EMO_OK && epoch.best);
	CHECK(emo_nn_finish(env, trainer, &model) == EMO_OK);
	CHECK(model->temperature > 0);

	/* Without speakers, a quarter of the recordings. */
	data.speaker = NULL;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	n_held = 0;
	for (int r = 0; r < N_RECORDINGS; r++)
		n_held += emo_nn_is_held_out(trainer, r);
	CHECK(n_held == N_RECORDINGS / 4);
}

/* Recordings that are there several times stay together. */
static void
test_held_out_repeats(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnTrainOptions options = small_options();
	bool repeats[N_RECORDINGS];
	EmoNnTrainer *trainer;
	int n_held = 0;

	for (int r = 0; r < N_RECORDINGS; r++)
		repeats[r] = r % 4 != 0;
	data.speaker = NULL;
	data.repeats = repeats;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	for (int r = 0; r < N_RECORDINGS; r++)
	{
		CHECK(!repeats[r] || emo_nn_is_held_out(trainer, r) == emo_nn_is_held_out(trainer, r - 1));
		n_held += emo_nn_is_held_out(trainer, r);
	}
	CHECK(n_held >= N_RECORDINGS / 4 && n_held < N_RECORDINGS / 2);
}

#define N_MANY 100000

static EmoStatus
fetch_again(EmoEnv *env, void *source, int64_t recording, const uint16_t **frames)
{
	return fetch(env, source, recording % N_RECORDINGS, frames);
}

/* As many speakers as recordings, which must not take the square of their number. */
static void
test_many_speakers(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	int32_t *numbers = emo_alloc(env, N_MANY, 3 * sizeof(int32_t));
	int32_t *label = numbers, *n_frames = numbers + N_MANY, *speaker = numbers + 2 * N_MANY;
	EmoNnData data = make_data(recordings);
	EmoNnTrainOptions options = small_options();
	EmoNnTrainer *trainer;
	int n_held = 0;

	for (int r = 0; r < N_MANY; r++)
	{
		label[r] = recordings->label[r % N_RECORDINGS];
		n_frames[r] = recordings->n_frames[r % N_RECORDINGS];
		speaker[r] = N_MANY - 1 - r;
	}
	data.n_recordings = data.n_speakers = N_MANY;
	data.label = label;
	data.n_frames = n_frames;
	data.speaker = speaker;
	data.fetch = fetch_again;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	for (int r = 0; r < N_MANY; r++)
		n_held += emo_nn_is_held_out(trainer, r);
	CHECK(n_held == N_MANY / 4);
}

/* A rate so low that nothing gets better by more than rounding, and no patience. */
static void
test_patience(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnTrainOptions options = small_options();
	EmoNnTrainer *trainer;
	EmoNnEpoch epoch;
	int last_best = 0;

	options.epochs = 60;
	options.patience = 2;
	options.optimiser.learning_rate = 0.02;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	while (!emo_nn_training_done(trainer))
	{
		CHECK(emo_nn_train_epoch(env, trainer, &epoch) == EMO_OK);
		last_best = epoch.best ? epoch.epoch : last_best;
	}
	CHECK(emo_nn_epochs_done(trainer) == 60 || emo_nn_epochs_done(trainer) == last_best + 2);
	CHECK(emo_nn_epochs_done(trainer) < 60);
}

static void
test_refuses_data(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnTrainOptions options = small_options();
	EmoNnTrainer *trainer;
	EmoNnEpoch epoch;

	recordings->label[5] = NN_CLASSES;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_BAD_DATA);
	recordings->label[5] = 5 % NN_CLASSES;
	recordings->speaker[5] = 4;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_BAD_DATA);
	recordings->speaker[5] = 1;
	recordings->n_frames[5] = 0;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_BAD_DATA);
	recordings->n_frames[5] = 20;
	for (int r = 0; r < N_RECORDINGS; r++)
		recordings->label[r] = 1;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_BAD_DATA);
	data = make_data(recordings);
	options.optimiser.learning_rate = 11;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_INVALID_PARAMETER);
	options.optimiser.learning_rate = NAN;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_INVALID_PARAMETER);
	options = small_options();
	options.batch_size = EMO_NN_MAX_BATCH;
	options.crop_frames = 3000;
	for (int i = 0; i < 3; i++)
		options.architecture.blocks[i].channels = 512;
	options.architecture.blocks[1].stride[0] = 1;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_LIMIT_EXCEEDED);
	options = small_options();
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	recordings->fails_at = 7;
	CHECK(emo_nn_train_epoch(env, trainer, &epoch) == EMO_UNDEFINED);
	CHECK(strcmp(env->message, "recording is gone") == 0);
}

static int stops_left;

static bool
should_stop(void *host)
{
	(void) host;
	return stops_left-- <= 0;
}

/* Wherever training is cancelled, it ends with EMO_CANCELED, and resuming gives the same. */
static void
test_cancel(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnTrainOptions options = small_options();
	uint8_t *whole, *half, *resumed;
	size_t n_whole, n_half, n_resumed;
	EmoNnTrainer *trainer;
	EmoNnEpoch epoch;
	EmoStatus status;
	int n_polls = 0;

	train_to(env, &data, &options, 2, NULL, 0, &whole, &n_whole);
	train_to(env, &data, &options, 1, NULL, 0, &half, &n_half);
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	env->should_stop = should_stop;
	do
	{
		CHECK(emo_nn_resume(env, trainer, half, n_half) == EMO_OK);
		stops_left = n_polls;
		n_polls = 1 + n_polls * 3 / 2;
		status = emo_nn_train_epoch(env, trainer, &epoch);
		CHECK(status == EMO_OK || status == EMO_CANCELED);
	} while (status != EMO_OK);
	CHECK(n_polls > 200);
	CHECK(emo_nn_checkpoint(env, trainer, &resumed, &n_resumed) == EMO_OK);
	CHECK(n_resumed == n_whole && memcmp(resumed, whole, n_whole) == 0);
}

static void
test_out_of_memory(EmoEnv *env)
{
	UnitHost *host = env->host;
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnTrainOptions options = small_options();
	int n_failed = 0;

	for (long n = 0;; n++)
	{
		EmoNnTrainer *trainer;
		EmoNnModel *model;
		EmoNnEpoch epoch;
		uint8_t *bytes;
		size_t n_bytes;
		EmoStatus status;

		host->allocations_left = n;
		status = emo_nn_trainer_create(env, &data, &options, &trainer);
		if (status == EMO_OK)
			status = emo_nn_train_epoch(env, trainer, &epoch);
		if (status == EMO_OK)
			status = emo_nn_checkpoint(env, trainer, &bytes, &n_bytes);
		if (status == EMO_OK)
			status = emo_nn_finish(env, trainer, &model);
		if (status == EMO_OK)
			status = emo_nn_serialize(env, model, &bytes, &n_bytes);
		if (status == EMO_OK)
			break;
		CHECK(status == EMO_OUT_OF_MEMORY);
		n_failed++;
	}
	host->allocations_left = -1;
	CHECK(n_failed > 30);
}

int
main(void)
{
	RUN(test_learns_a_small_set_by_heart);
	RUN(test_same_seed_and_resuming);
	RUN(test_held_out_speakers);
	RUN(test_held_out_repeats);
	RUN(test_many_speakers);
	RUN(test_patience);
	RUN(test_refuses_data);
	RUN(test_cancel);
	RUN(test_out_of_memory);
	return unit_finish();
}
