/*
 * encoder.c
 *	  Checkpoints of encoders, and their images: what is taken has finite numbers, and can be computed with.
 *
 * An input is a byte that says what it is.  A checkpoint has then the lengths of config.json and preprocessor_config.json
 * (2 bytes each), these, and the file of safetensors; an image is all of the rest.
 */
#include "fuzz.h"

#include "mutate.h"

#include "core/encoder/embedding.h"
#include "core/encoder/image.h"
#include "core/model/encoder_head.h"
#include "core/model/format.h"
#include "core/pretrained/config.h"
#include "core/pretrained/head.h"
#include "core/pretrained/image_maker.h"
#include "core/pretrained/numbers.h"

#define MEMORY_ROOM ((size_t) 256 << 20)

#define N_SAMPLES   2000

/* Whisper hears as long as it says: this is a second. */
#define MAX_WHISPER_FRAMES 50

#define LENGTHS_BYTES      5 /* with the first byte */

typedef struct Input
{
	const uint8_t *config, *preprocessor, *file;
	size_t n_config, n_preprocessor, n_file;
} Input;

static bool
split(const uint8_t *data, size_t size, Input *input)
{
	if (size < LENGTHS_BYTES)
		return false;
	input->n_config = (size_t) emo_get_little_endian(data + 1, 2);
	input->n_preprocessor = (size_t) emo_get_little_endian(data + 3, 2);
	if (input->n_config + input->n_preprocessor > size - LENGTHS_BYTES)
		return false;
	input->config = data + LENGTHS_BYTES;
	input->preprocessor = input->config + input->n_config;
	input->file = input->preprocessor + input->n_preprocessor;
	input->n_file = size - LENGTHS_BYTES - input->n_config - input->n_preprocessor;
	return true;
}

static EmoStatus
read_checkpoint(EmoEnv *env, const Input *input, EmoEncoderConfig *config,
				EmoCheckpoint *checkpoint)
{
	EmoJson config_json, preprocessor_json;
	uint8_t first[EMO_SAFETENSORS_LENGTH_BYTES] = {0};
	EmoSafetensors file;
	uint64_t n_header;
	EmoStatus status;

	if ((status = emo_json_check(env, "config.json", (const char *) input->config, input->n_config,
								 &config_json)) != EMO_OK ||
		(status =
			 emo_json_check(env, "preprocessor_config.json", (const char *) input->preprocessor,
							input->n_preprocessor, &preprocessor_json)) != EMO_OK ||
		(status = emo_read_encoder_config(env, config_json, &preprocessor_json, config)) != EMO_OK)
		return status;
	memcpy(first, input->file, input->n_file < sizeof(first) ? input->n_file : sizeof(first));
	status = emo_safetensors_header_length(env, "file", first, input->n_file, &n_header);
	if (status == EMO_OK)
		status =
			emo_safetensors_read_header(env, "file", (const char *) input->file + sizeof(first),
										n_header, input->n_file, &file);
	if (status == EMO_OK)
		status = emo_checkpoint_create(env, &file, 1, (EmoEncoderKind) config->kind, checkpoint);
	return status;
}

static EmoStatus
make_image(EmoEnv *env, const Input *input, const EmoEncoderConfig *config,
		   const EmoCheckpoint *checkpoint, EmoPrecision precision, uint8_t **image,
		   uint64_t *n_image)
{
	EmoImageMaker *maker;
	EmoWantedBytes wanted;
	uint64_t n = 0;
	EmoStatus status = emo_image_maker_create(env, config, checkpoint, precision, &maker);

	if (status != EMO_OK)
		return status;
	*n_image = emo_image_maker_length(maker);
	*image = emo_alloc(env, *n_image, 1);
	if (*image == NULL)
		return env->status;
	while (emo_image_maker_wants(maker, &wanted))
	{
		const void *made;
		size_t n_made;

		PROMISE(wanted.n_bytes <= input->n_file && wanted.offset <= input->n_file - wanted.n_bytes);
		memcpy(wanted.into, input->file + wanted.offset, wanted.n_bytes);
		if ((status = emo_image_maker_go_on(env, maker, &made, &n_made)) != EMO_OK)
			return status;
		PROMISE(n_made <= *n_image - n);
		memcpy(*image + n, made, n_made);
		n += n_made;
	}
	PROMISE(n == *n_image);
	return EMO_OK;
}

/* Where an image says that tensors are, there are bytes of it. */
static void
look_at_all(EmoEnv *env, const EmoEncoderConfig *config, EmoPrecision precision, uint64_t n_image)
{
	static EmoEncoderWeights weights;
	EmoEncoderTensor *tensors;
	int n_tensors;
	uint64_t length;

	PROMISE(emo_encoder_image_tensors(env, config, precision, &weights, &tensors, &n_tensors,
									  &length) == EMO_OK);
	PROMISE(length == n_image);
	for (int i = 0; i < n_tensors; i++)
		PROMISE(tensors[i].offset + (uint64_t) tensors[i].rows * tensors[i].columns *
										emo_precision_bytes(tensors[i].precision) <=
				length);
}

/* Numbers may be so large that nothing comes of them, but then that is said. */
static void
embed(EmoEnv *env, const EmoEncoderConfig *config, const EmoEncoderWeights *weights)
{
	static float samples[N_SAMPLES];
	float *embedding = emo_alloc(env, 2 * (size_t) config->width, sizeof(float));
	EmoEncoder *encoder;
	EmoStatus status;

	if (embedding == NULL ||
		(config->kind == EMO_WHISPER && config->max_frames > MAX_WHISPER_FRAMES))
		return;
	for (int i = 0; i < N_SAMPLES; i++)
		samples[i] = (float) sin(i * 0.05) * 0.3f;
	status = emo_encoder_create(env, config, weights, &encoder);
	if (status == EMO_OK)
		status = emo_embed(env, encoder, samples, N_SAMPLES, config->n_layers,
						   EMO_POOL_MEAN_DEVIATION, embedding);
	if (status != EMO_OK)
		fuzz_check_failure(env, status, false);
	for (int i = 0; status == EMO_OK && i < 2 * config->width; i++)
		PROMISE(isfinite(embedding[i]));
}

/* A model of what classifies: one that can be stored, or a word why there is none. */
static void
make_head_model(EmoEnv *env, const Input *input, const EmoEncoderConfig *config,
				EmoPretrainedHead *head)
{
	EmoHearing hearing = {
		.width = config->width, .n_layers = config->n_layers, .pooling = EMO_POOL_MEAN_FILLED};
	EmoModel model;
	uint8_t *bytes;
	size_t n_bytes;
	EmoStatus status;

	for (int part = 0; part < EMO_N_HEAD_PARTS; part++)
	{
		const EmoFileTensor *tensor = head->tensors[part];

		if (tensor == NULL)
			continue;
		head->values[part] = emo_alloc(env, tensor->n, sizeof(float));
		if (head->values[part] == NULL ||
			!emo_floats_of_numbers(tensor->dtype, input->file + tensor->begin, tensor->n,
								   head->values[part]))
			return;
	}
	status = emo_encoder_head_model(env, head, &hearing, &model);
	if (status != EMO_OK)
		fuzz_check_failure(env, status, false);
	else
		PROMISE(emo_model_serialize(env, &model, &bytes, &n_bytes) == EMO_OK);
}

/* What classifies, where there is something. */
static void
look_for_head(EmoEnv *env, const Input *input, const EmoEncoderConfig *config,
			  const EmoCheckpoint *checkpoint)
{
	EmoJson config_json;
	EmoPretrainedHead head;
	bool is_there;
	EmoStatus status;

	PROMISE(emo_json_check(env, "config.json", (const char *) input->config, input->n_config,
						   &config_json) == EMO_OK);
	status = emo_find_head(env, config_json, config, checkpoint, &head, &is_there);
	if (status != EMO_OK)
		fuzz_check_failure(env, status, false);
	else if (is_there)
	{
		PROMISE(head.n_labels > 0 && head.tensors[EMO_HEAD_OUT] != NULL);
		make_head_model(env, input, config, &head);
	}
}

static EmoStatus
try_checkpoint(EmoEnv *env, FuzzHost *host, const uint8_t *data, size_t size, uint32_t hash)
{
	static EmoEncoderWeights weights;
	EmoPrecision precision = hash / 256 % (EMO_OWN_PRECISION + 1);
	EmoEncoderConfig config;
	EmoCheckpoint checkpoint;
	Input input;
	uint8_t *image;
	uint64_t n_image;
	EmoStatus status;

	if (!split(data, size, &input))
		return EMO_OK;
	if ((status = read_checkpoint(env, &input, &config, &checkpoint)) != EMO_OK ||
		(status = make_image(env, &input, &config, &checkpoint, precision, &image, &n_image)) !=
			EMO_OK)
		return status;
	host->allocations_left = host->checks_left = -1;
	PROMISE(emo_encoder_open_image(env, image, n_image, &config, &weights) == EMO_OK);
	embed(env, &config, &weights);
	look_for_head(env, &input, &config, &checkpoint);
	return EMO_OK;
}

static EmoStatus
try_image(EmoEnv *env, FuzzHost *host, const uint8_t *data, size_t size)
{
	static EmoEncoderWeights weights;
	uint8_t *image = emo_alloc(env, size, 1);
	EmoEncoderConfig config;
	EmoStatus status;

	if (image == NULL)
		return env->status;
	memcpy(image, data + 1, size - 1);
	status = emo_encoder_open_image(env, image, size - 1, &config, &weights);
	host->allocations_left = host->checks_left = -1;
	if (status == EMO_OK)
		look_at_all(env, &config, weights.layers[0].out.precision, size - 1);
	return status;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FuzzHost host;
	EmoEnv env = fuzz_begin(&host, MEMORY_ROOM);
	uint32_t hash = fuzz_hash(data, size);
	bool is_disturbed = fuzz_disturb(&host, hash);
	EmoStatus status = EMO_OK;

	if (size > 0)
		status = data[0] == 'I' ? try_image(&env, &host, data, size)
								: try_checkpoint(&env, &host, data, size, hash);
	if (status != EMO_OK)
		fuzz_check_failure(&env, status, is_disturbed);
	fuzz_end(&host);
	return 0;
}

/* A part of an input that is changed, all lengths with it; size is what the input has room for. */
static size_t
change_part(uint8_t *data, size_t size, size_t max_size, size_t begin, size_t n, size_t length_at,
			int length_bytes, uint32_t *random)
{
	size_t room = max_size - (size - n), changed;
	uint8_t *part = malloc(room > 0 ? room : 1);

	memcpy(part, data + begin, n);
	changed = mutate(part, n, room, random);
	if (length_bytes == 2 && changed > UINT16_MAX)
		changed = n;
	memmove(data + begin + changed, data + begin + n, size - begin - n);
	memcpy(data + begin, part, changed);
	free(part);
	if (length_bytes > 0)
		emo_put_little_endian(data + length_at, length_bytes, changed);
	return size - n + changed;
}

/* Config, preprocessor's, header or numbers; random bytes would not get past the first of these. */
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	uint32_t random = seed | 1;
	Input input;
	uint64_t n_header;
	size_t file_at;

	if (size == 0 || data[0] == 'I' || !split(data, size, &input))
		return mutate(data, size, max_size, &random);
	file_at = (size_t) (input.file - data);
	switch (mutate_random(&random) % 8)
	{
		case 0:
		case 1:
			return change_part(data, size, max_size, LENGTHS_BYTES, input.n_config, 1, 2, &random);
		case 2:
			return change_part(data, size, max_size, LENGTHS_BYTES + input.n_config,
							   input.n_preprocessor, 3, 2, &random);
		case 3:
		case 4:
		case 5:
			n_header = input.n_file < EMO_SAFETENSORS_LENGTH_BYTES
						   ? UINT64_MAX
						   : emo_get_little_endian(input.file, EMO_SAFETENSORS_LENGTH_BYTES);
			if (n_header > input.n_file - EMO_SAFETENSORS_LENGTH_BYTES)
				break;
			return change_part(data, size, max_size, file_at + EMO_SAFETENSORS_LENGTH_BYTES,
							   (size_t) n_header, file_at, EMO_SAFETENSORS_LENGTH_BYTES, &random);
		case 6:
			return change_part(data, size, max_size, file_at, input.n_file, 0, 0, &random);
	}
	return mutate(data, size, max_size, &random);
}
