/*
 * checkpoint.c
 *	  Checkpoints of trainings: what is taken is whole, and training goes on from it.
 */
#include "fuzz.h"

#include "fuzz_checkpoint.h"
#include "mutate.h"

#include "core/base/calibration.h"
#include "core/nn/format.h"

#define MEMORY_ROOM ((size_t) 64 << 20)

/* One for all inputs: resuming puts all of it where the checkpoint says. */
static EmoNnTrainer *
shared_trainer(void)
{
	static FuzzHost host;
	static EmoEnv env;
	static EmoNnData data;
	static EmoNnTrainer *trainer;

	if (trainer == NULL)
	{
		env = fuzz_begin(&host, MEMORY_ROOM);
		trainer = checkpoint_trainer(&env, &data);
	}
	return trainer;
}

static void
go_on(EmoEnv *env, EmoNnTrainer *trainer)
{
	EmoNnEpoch epoch;
	EmoNnModel *model;
	EmoStatus status;

	if (!emo_nn_training_done(trainer))
	{
		status = emo_nn_train_epoch(env, trainer, &epoch);
		if (status != EMO_OK)
		{
			PROMISE(status == EMO_BAD_DATA);
			fuzz_check_failure(env, status, false);
			return;
		}
	}
	status = emo_nn_finish(env, trainer, &model);
	if (status == EMO_OK)
		PROMISE(emo_nn_check_model(env, model) == EMO_OK);
	else
		fuzz_check_failure(env, status, false);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	EmoNnTrainer *trainer = shared_trainer();
	uint32_t hash = fuzz_hash(data, size);
	FuzzHost host;
	EmoEnv env = fuzz_begin(&host, MEMORY_ROOM);
	EmoNnRun run;
	const uint8_t *of_trainer;
	size_t n_of_trainer;
	EmoStatus status = emo_nn_read_run(&env, data, size, &run, &of_trainer, &n_of_trainer);

	if (status == EMO_OK)
	{
		PROMISE(run.run >= 0 && run.n_held_out >= 0 && isfinite(run.validated.validation_loss));
		PROMISE(run.temperature >= EMO_MIN_TEMPERATURE && run.temperature <= EMO_MAX_TEMPERATURE);
		PROMISE(of_trainer + n_of_trainer == data + size);
		status = emo_nn_resume(&env, trainer, of_trainer, n_of_trainer);
	}
	if (status != EMO_OK)
	{
		PROMISE(status == EMO_CORRUPTED || status == EMO_BAD_DATA);
		fuzz_check_failure(&env, status, false);
	}
	else
	{
		PROMISE(emo_nn_epochs_done(trainer) >= 0);
		/* An epoch takes a thousand times as long as all else. */
		if (hash % 256 == 0)
			go_on(&env, trainer);
	}
	fuzz_end(&host);
	return 0;
}

/* Headers of the run and of the trainer: magic, version, CRC-32C of all behind. */
static void
seal_again(uint8_t *data, size_t size)
{
	static const char of_trainer[] = "EMOCNNCK";
	uint8_t *inner = memmem(data, size, of_trainer, EMO_NN_MAGIC_BYTES);

	if (inner != NULL && size - (inner - data) >= EMO_NN_HEADER_BYTES)
		emo_nn_seal(inner, size - (inner - data), of_trainer, 1);
	emo_nn_seal(data, size, "EMOCNNRN", 1);
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	uint32_t random = seed | 1;

	size = mutate(data, size, max_size, &random);
	if (size >= EMO_NN_HEADER_BYTES && mutate_random(&random) % 64 != 0)
		seal_again(data, size);
	return size;
}
