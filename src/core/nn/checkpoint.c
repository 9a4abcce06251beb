/*
 * checkpoint.c
 *	  A training between two epochs, as bytes.
 */
#include <math.h>
#include <string.h>

#include "core/base/calibration.h"
#include "core/base/stats.h"
#include "core/nn/format.h"
#include "core/nn/trainer.h"

#define MAGIC          "EMOCNNCK"
#define RUN_MAGIC      "EMOCNNRN"
#define FORMAT_VERSION 1

/* Numbers of the options in an order of our own, since structs have holes. */
static void
write_options(EmoWriter *writer, const EmoNnTrainOptions *options)
{
	const EmoNnOptimiserOptions *optimiser = &options->optimiser;
	const EmoNnAugment *augment = &options->augment;
	const EmoDegradeOptions *degrade = &options->degrade;
	double numbers[] = {optimiser->kind,
						optimiser->schedule,
						optimiser->learning_rate,
						optimiser->momentum,
						optimiser->weight_decay,
						optimiser->clip_norm,
						augment->speed,
						augment->warp,
						augment->pitch,
						augment->noise,
						augment->time_masks,
						augment->time_mask_frames,
						augment->coefficient_masks,
						augment->coefficient_mask_size,
						augment->shift,
						augment->mixup,
						options->epochs,
						options->batch_size,
						options->crop_frames,
						options->label_smoothing,
						options->class_weights,
						options->validation_share,
						options->nets,
						degrade->copies,
						degrade->snr_db,
						degrade->rt60,
						degrade->telephone,
						degrade->weight};

	emo_nn_write_architecture(writer, &options->architecture);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		emo_write_double(writer, numbers[i]);
	emo_write_u64(writer, options->seed);
}

/* What the training depends on besides the options; of the frames, their lengths and deviations. */
static void
write_data(EmoWriter *writer, const EmoNnTrainer *trainer)
{
	const EmoNnData *data = trainer->data;

	emo_write_u64(writer, (uint64_t) data->n_recordings);
	emo_write_u32(writer, (uint32_t) data->n_classes);
	for (int64_t r = 0; r < data->n_recordings; r++)
	{
		emo_write_u32(writer, (uint32_t) data->label[r]);
		emo_write_u32(writer, data->speaker == NULL ? 0 : (uint32_t) data->speaker[r]);
		emo_write_u32(writer, (uint32_t) data->n_frames[r]);
	}
	emo_write_floats(writer, trainer->model.input_deviation, EMO_NN_FRAME_VALUES);
}

static EmoStatus
fingerprint_of(EmoEnv *env, const EmoNnTrainer *trainer, uint32_t *of_options, uint32_t *of_data)
{
	EmoWriter options = {NULL, 0}, data = {NULL, 0};
	uint8_t *bytes;

	write_options(&options, &trainer->options);
	write_data(&data, trainer);
	bytes = emo_alloc(env, options.n > data.n ? options.n : data.n, 1);
	if (bytes == NULL)
		return env->status;
	options.bytes = data.bytes = bytes;
	options.n = data.n = 0;
	write_options(&options, &trainer->options);
	*of_options = emo_crc32c(bytes, options.n);
	write_data(&data, trainer);
	*of_data = emo_crc32c(bytes, data.n);
	emo_free(env, bytes);
	return EMO_OK;
}

/* Numbers of an epoch; how long it took isn't among them, so that checkpoints can be compared. */
#define EPOCH_NUMBERS 9

static void
write_epoch(EmoWriter *writer, const EmoNnEpoch *epoch)
{
	double numbers[EPOCH_NUMBERS] = {epoch->epoch,
									 epoch->learning_rate,
									 epoch->training_loss,
									 epoch->training_accuracy,
									 epoch->validated,
									 epoch->validation_loss,
									 epoch->validation_accuracy,
									 epoch->validation_uar,
									 epoch->best};

	for (int i = 0; i < EPOCH_NUMBERS; i++)
		emo_write_double(writer, numbers[i]);
}

static EmoStatus
damaged(EmoEnv *env)
{
	return emo_fail(env, EMO_CORRUPTED, "training checkpoint is damaged");
}

static EmoStatus
read_epoch(EmoEnv *env, EmoReader *reader, EmoNnEpoch *epoch)
{
	double numbers[EPOCH_NUMBERS];

	for (int i = 0; i < EPOCH_NUMBERS; i++)
	{
		numbers[i] = emo_read_double(reader);
		if (!isfinite(numbers[i]))
			return damaged(env);
	}
	if (!(numbers[0] >= 0 && numbers[0] <= EMO_NN_MAX_EPOCHS))
		return damaged(env);
	*epoch = (EmoNnEpoch){.epoch = (int) numbers[0],
						  .learning_rate = numbers[1],
						  .training_loss = numbers[2],
						  .training_accuracy = numbers[3],
						  .validated = numbers[4] != 0,
						  .validation_loss = numbers[5],
						  .validation_accuracy = numbers[6],
						  .validation_uar = numbers[7],
						  .best = numbers[8] != 0};
	return EMO_OK;
}

static void
write_state(EmoWriter *writer, const EmoNnTrainer *trainer, uint32_t of_options, uint32_t of_data)
{
	size_t n_weights = trainer->model.n_nets * trainer->network->shape.n_weights;
	size_t n_parameters = trainer->model.n_nets * trainer->network->shape.n_parameters;

	writer->n = EMO_NN_HEADER_BYTES;
	emo_write_u32(writer, of_options);
	emo_write_u32(writer, of_data);
	emo_write_u32(writer, (uint32_t) trainer->epoch);
	emo_write_u32(writer, (uint32_t) trainer->best_epoch);
	emo_write_double(writer, trainer->best_loss);
	write_epoch(writer, &trainer->last);
	write_epoch(writer, &trainer->best);
	emo_write_floats(writer, trainer->model.weights, n_weights);
	emo_write_floats(writer, trainer->best_weights, n_weights);
	emo_write_floats(writer, trainer->first, n_parameters);
	emo_write_floats(writer, trainer->second, n_parameters);
}

EmoStatus
emo_nn_checkpoint(EmoEnv *env, const EmoNnTrainer *trainer, uint8_t **bytes, size_t *n_bytes)
{
	EmoWriter writer = {NULL, 0};
	uint32_t of_options, of_data;

	if (fingerprint_of(env, trainer, &of_options, &of_data) != EMO_OK)
		return env->status;
	write_state(&writer, trainer, of_options, of_data);
	*n_bytes = writer.n;
	*bytes = writer.bytes = emo_alloc(env, *n_bytes, 1);
	if (*bytes == NULL)
		return env->status;
	write_state(&writer, trainer, of_options, of_data);
	emo_nn_seal(*bytes, *n_bytes, MAGIC, FORMAT_VERSION);
	return EMO_OK;
}

static EmoStatus
read_state(EmoEnv *env, EmoReader *reader, EmoNnTrainer *trainer)
{
	size_t n_weights = trainer->model.n_nets * trainer->network->shape.n_weights;
	size_t n_parameters = trainer->model.n_nets * trainer->network->shape.n_parameters;
	uint32_t epoch = emo_read_u32(reader), best_epoch = emo_read_u32(reader);
	double best_loss = emo_read_double(reader);

	if (epoch > (uint32_t) trainer->options.epochs || best_epoch > epoch || !isfinite(best_loss))
		return damaged(env);
	if (read_epoch(env, reader, &trainer->last) != EMO_OK ||
		read_epoch(env, reader, &trainer->best) != EMO_OK)
		return env->status;
	if (reader->n_left != 2 * (n_weights + n_parameters) * sizeof(float))
		return damaged(env);
	trainer->epoch = (int) epoch;
	trainer->best_epoch = (int) best_epoch;
	trainer->best_loss = best_loss;
	emo_read_floats(reader, trainer->model.weights, n_weights);
	emo_read_floats(reader, trainer->best_weights, n_weights);
	emo_read_floats(reader, trainer->first, n_parameters);
	emo_read_floats(reader, trainer->second, n_parameters);
	if (!emo_all_finite(trainer->model.weights, n_weights) ||
		!emo_all_finite(trainer->best_weights, n_weights) ||
		!emo_all_finite(trainer->first, n_parameters) ||
		!emo_all_finite(trainer->second, n_parameters))
		return damaged(env);
	return EMO_OK;
}

EmoStatus
emo_nn_resume(EmoEnv *env, EmoNnTrainer *trainer, const uint8_t *bytes, size_t n_bytes)
{
	EmoReader reader;
	uint32_t of_options, of_data, version;

	if (fingerprint_of(env, trainer, &of_options, &of_data) != EMO_OK ||
		emo_nn_check_header(env, bytes, n_bytes, MAGIC, FORMAT_VERSION, "training checkpoint",
							&reader, &version) != EMO_OK)
		return env->status;
	if (emo_read_u32(&reader) != of_options)
		return emo_fail(env, EMO_BAD_DATA, "training can't be resumed with other options");
	if (emo_read_u32(&reader) != of_data)
		return emo_fail(env, EMO_BAD_DATA, "training can't be resumed on other recordings");
	return read_state(env, &reader, trainer);
}

static void
write_run(EmoWriter *writer, const EmoNnRun *run)
{
	writer->n = EMO_NN_HEADER_BYTES;
	emo_write_u32(writer, (uint32_t) run->run);
	emo_write_floats(writer, &run->temperature, 1);
	emo_write_u64(writer, (uint64_t) run->n_held_out);
	write_epoch(writer, &run->validated);
	for (int i = 0; i < EMO_NN_RUN_NUMBERS; i++)
		emo_write_double(writer, run->host_numbers[i]);
}

static EmoStatus
read_host_numbers(EmoEnv *env, EmoReader *reader, EmoNnRun *run)
{
	for (int i = 0; i < EMO_NN_RUN_NUMBERS; i++)
	{
		run->host_numbers[i] = emo_read_double(reader);
		if (!isfinite(run->host_numbers[i]))
			return damaged(env);
	}
	return EMO_OK;
}

EmoStatus
emo_nn_run_checkpoint(EmoEnv *env, const EmoNnRun *run, const EmoNnTrainer *trainer,
					  uint8_t **bytes, size_t *n_bytes)
{
	EmoWriter writer = {NULL, 0};
	uint8_t *of_trainer;
	size_t n_of_trainer;

	if (emo_nn_checkpoint(env, trainer, &of_trainer, &n_of_trainer) != EMO_OK)
		return env->status;
	write_run(&writer, run);
	*n_bytes = writer.n + n_of_trainer;
	*bytes = writer.bytes = emo_alloc(env, *n_bytes, 1);
	if (*bytes == NULL)
		return env->status;
	write_run(&writer, run);
	memcpy(*bytes + writer.n, of_trainer, n_of_trainer);
	emo_free(env, of_trainer);
	emo_nn_seal(*bytes, *n_bytes, RUN_MAGIC, FORMAT_VERSION);
	return EMO_OK;
}

EmoStatus
emo_nn_read_run(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, EmoNnRun *run,
				const uint8_t **of_trainer, size_t *n_of_trainer)
{
	EmoReader reader;
	uint32_t number, version;

	if (emo_nn_check_header(env, bytes, n_bytes, RUN_MAGIC, FORMAT_VERSION, "training checkpoint",
							&reader, &version) != EMO_OK)
		return env->status;
	number = emo_read_u32(&reader);
	emo_read_floats(&reader, &run->temperature, 1);
	run->n_held_out = (int64_t) emo_read_u64(&reader);
	if (number > INT32_MAX || run->n_held_out < 0 || run->n_held_out > EMO_NN_MAX_RECORDINGS ||
		!(run->temperature >= EMO_MIN_TEMPERATURE && run->temperature <= EMO_MAX_TEMPERATURE))
		return damaged(env);
	if (read_epoch(env, &reader, &run->validated) != EMO_OK ||
		read_host_numbers(env, &reader, run) != EMO_OK)
		return env->status;
	if (reader.ended)
		return damaged(env);
	run->run = (int) number;
	*of_trainer = reader.bytes;
	*n_of_trainer = reader.n_left;
	return EMO_OK;
}
