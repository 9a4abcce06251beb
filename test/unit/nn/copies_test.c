/*
 * copies_test.c
 *	  Training on copies of recordings: when they are heard, how often, and that nothing else changes.
 */
#include "nn_train_sample.h"

#define N_COPIES 3

/* Recordings whose copies are the recordings of the same class that follow, or they themselves. */
typedef struct Copied
{
	Recordings *recordings; /* the first, as in a source without copies */
	bool same;
	const EmoNnTrainer *trainer;
	int n_heard, n_copies_heard[N_COPIES];
} Copied;

static EmoStatus
fetch_original(EmoEnv *env, void *source, int64_t recording, const uint16_t **frames)
{
	Copied *copied = source;

	copied->n_heard += copied->trainer == NULL || !emo_nn_is_held_out(copied->trainer, recording);
	return fetch(env, copied->recordings, recording, frames);
}

static EmoStatus
fetch_copy(EmoEnv *env, void *source, int64_t recording, int copy, const uint16_t **frames,
		   int *n_frames)
{
	Copied *copied = source;

	CHECK(copy >= 0 && copy < N_COPIES);
	CHECK(copied->trainer == NULL || !emo_nn_is_held_out(copied->trainer, recording));
	copied->n_copies_heard[copy]++;
	if (!copied->same)
		recording = (recording + NN_CLASSES * (copy + 1)) % N_RECORDINGS;
	*n_frames = copied->recordings->n_frames[recording];
	return fetch(env, copied->recordings, recording, frames);
}

static EmoNnData
make_copied(Recordings *recordings, bool same, Copied *copied, EmoNnTrainOptions *options)
{
	EmoNnData data = make_data(recordings);

	*copied = (Copied){.recordings = recordings, .same = same};
	data.fetch = fetch_original;
	data.fetch_copy = fetch_copy;
	data.source = copied;
	data.n_copies = options->degrade.copies = N_COPIES;
	return data;
}

static EmoNnModel *
train_all(EmoEnv *env, const EmoNnData *data, const EmoNnTrainOptions *options)
{
	EmoNnTrainer *trainer;
	EmoNnModel *model;
	EmoNnEpoch epoch;

	CHECK(emo_nn_trainer_create(env, data, options, &trainer) == EMO_OK);
	while (!emo_nn_training_done(trainer))
		CHECK(emo_nn_train_epoch(env, trainer, &epoch) == EMO_OK);
	CHECK(emo_nn_finish(env, trainer, &model) == EMO_OK);
	return model;
}

static bool
same_weights(const EmoNnModel *a, const EmoNnModel *b)
{
	return a->n_weights == b->n_weights && a->temperature == b->temperature &&
		   memcmp(a->weights, b->weights, (size_t) a->n_weights * sizeof(float)) == 0;
}

/* Drawing copies leaves all other random numbers alone; and it does change what is learnt. */
static void
test_copies_change_nothing_else(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnTrainOptions options = small_options();
	EmoNnModel *without = train_all(env, &data, &options), *with_same, *with_others;
	Copied copied;

	data = make_copied(recordings, true, &copied, &options);
	with_same = train_all(env, &data, &options);
	CHECK(copied.n_copies_heard[0] > 0);
	CHECK(same_weights(with_same, without));
	copied.same = false;
	with_others = train_all(env, &data, &options);
	CHECK(!same_weights(with_others, without));
}

/* By their weight; and nothing that is held out has any. */
static void
test_how_often_copies_are_heard(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnTrainOptions options = small_options();
	Copied copied;
	EmoNnData data = make_copied(recordings, false, &copied, &options);
	EmoNnTrainer *trainer;
	EmoNnEpoch epoch;
	double n_drawn;

	options.epochs = 100;
	options.degrade.weight = 0.5;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	copied.trainer = trainer;
	copied.n_heard = 0;
	for (int i = 0; i < N_COPIES; i++)
		CHECK(copied.n_copies_heard[i] == 0);
	while (!emo_nn_training_done(trainer))
		CHECK(emo_nn_train_epoch(env, trainer, &epoch) == EMO_OK);
	n_drawn = 100.0 * N_RECORDINGS * 3 / 4;
	CHECK_NEAR(copied.n_heard / n_drawn, 1 / 2.5, 0.05);
	for (int i = 0; i < N_COPIES; i++)
		CHECK_NEAR(copied.n_copies_heard[i] / n_drawn, 0.5 / 2.5, 0.05);
}

static void
test_same_copies_and_resuming(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnTrainOptions options = small_options();
	Copied copied;
	EmoNnData data = make_copied(recordings, false, &copied, &options);
	uint8_t *whole, *half, *resumed;
	size_t n_whole, n_half, n_resumed;
	EmoNnTrainer *trainer;

	train_to(env, &data, &options, 4, NULL, 0, &whole, &n_whole);
	train_to(env, &data, &options, 2, NULL, 0, &half, &n_half);
	train_to(env, &data, &options, 4, half, n_half, &resumed, &n_resumed);
	CHECK(n_resumed == n_whole && memcmp(resumed, whole, n_whole) == 0);

	/* Not with other copies. */
	for (int i = 0; i < 5; i++)
	{
		EmoNnTrainOptions others = options;

		others.degrade.copies -= i == 0;
		others.degrade.snr_db += i == 1;
		others.degrade.rt60 += i == 2;
		others.degrade.telephone = i == 3 ? EMO_RPE : others.degrade.telephone;
		others.degrade.weight += i == 4 ? 0.1 : 0;
		data.n_copies = others.degrade.copies;
		CHECK(emo_nn_trainer_create(env, &data, &others, &trainer) == EMO_OK);
		CHECK(emo_nn_resume(env, trainer, half, n_half) == EMO_BAD_DATA);
	}
}

static void
test_refuses_copies(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnTrainOptions options = small_options();
	Copied copied;
	EmoNnData data = make_copied(recordings, false, &copied, &options);
	EmoNnTrainer *trainer;
	EmoNnEpoch epoch;

	data.n_copies--;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_BAD_DATA);
	data.n_copies++;
	options.degrade.weight = 0;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_INVALID_PARAMETER);
	options.degrade.weight = 1;
	options.degrade.copies = EMO_MAX_DEGRADED_COPIES + 1;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_INVALID_PARAMETER);
	options.degrade.copies = N_COPIES;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	recordings->fails_at = 7;
	CHECK(emo_nn_train_epoch(env, trainer, &epoch) == EMO_UNDEFINED);
}

int
main(void)
{
	RUN(test_copies_change_nothing_else);
	RUN(test_how_often_copies_are_heard);
	RUN(test_same_copies_and_resuming);
	RUN(test_refuses_copies);
	return unit_finish();
}
