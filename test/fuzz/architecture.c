/*
 * architecture.c
 *	  Nets as bytes: what passes the check has a shape, a description and, if it is small, predicts.
 */
#include "fuzz.h"

#include "core/base/training_set.h"
#include "core/nn/format.h"
#include "core/nn/model.h"
#include "core/nn/network.h"

#define MEMORY_ROOM ((size_t) 256 << 20)

/* What predicts in a millisecond. */
#define MAX_WEIGHTS 20000
#define MAX_VALUES  2000
#define N_FRAMES    7

static void
check_tensors(const EmoNnArchitecture *architecture, int n_classes, int64_t n_weights)
{
	EmoNnTensor tensors[EMO_NN_MAX_TENSORS];
	int n = emo_nn_tensors(architecture, n_classes, tensors);
	int64_t end = 0;

	PROMISE(n > 0 && n <= EMO_NN_MAX_TENSORS);
	for (int i = 0; i < n; i++)
	{
		PROMISE(tensors[i].first >= 0 && tensors[i].n > 0);
		PROMISE(tensors[i].first + tensors[i].n <= n_weights);
		end += tensors[i].n;
	}
	PROMISE(end == n_weights);
}

static void
check_layers(const EmoNnArchitecture *architecture, int n_classes, int64_t n_parameters)
{
	EmoNnLayer layers[EMO_NN_MAX_LAYERS];
	int n = emo_nn_layers(architecture, n_classes, layers);
	int64_t sum = 0;

	PROMISE(n > 0 && n <= EMO_NN_MAX_LAYERS);
	for (int i = 0; i < n; i++)
	{
		PROMISE(layers[i].n_parameters >= 0 && layers[i].flop_per_second >= 0);
		PROMISE(strnlen(layers[i].settings, sizeof(layers[i].settings)) <
				sizeof(layers[i].settings));
		sum += layers[i].n_parameters;
	}
	PROMISE(sum == n_parameters);
}

static int64_t
frame_values(const EmoNnShape *shape)
{
	int64_t n = 0;

	for (int i = 0; i < shape->n_blocks; i++)
		n += (int64_t) shape->blocks[i].conv_width * shape->blocks[i].block->channels;
	return n;
}

static void
predict(EmoEnv *env, const EmoNnShape *shape)
{
	EmoNnModel model = {.architecture = shape->architecture,
						.n_classes = shape->n_classes,
						.n_nets = 1,
						.n_weights = shape->n_weights,
						.weights = emo_alloc(env, shape->n_weights, sizeof(float)),
						.temperature = 1,
						.n_warps = 1};
	uint16_t *frames = emo_alloc_zero(env, N_FRAMES * EMO_NN_FRAME_VALUES, sizeof(uint16_t));
	float log_probabilities[EMO_MAX_CLASSES];
	EmoNnPredictor *predictor;

	emo_nn_init_weights(shape, 1, model.weights);
	for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
		model.input_deviation[i] = 1;
	for (int i = 0; i < N_FRAMES * EMO_NN_FRAME_VALUES; i++)
		frames[i] = emo_half_of_float((float) sin(i));
	PROMISE(emo_nn_predictor_create(env, &model, &predictor) == EMO_OK);
	PROMISE(emo_nn_predict(env, predictor, frames, N_FRAMES, log_probabilities) == EMO_OK);
	for (int c = 0; c < shape->n_classes; c++)
		PROMISE(log_probabilities[c] <= 1e-3f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	EmoReader reader = {data, size, false};
	uint32_t hash = fuzz_hash(data, size);
	int n_classes = hash % 8 == 0 ? (int) (hash / 8 % (EMO_MAX_CLASSES + 2)) : 3;
	EmoNnArchitecture architecture;
	FuzzHost host;
	EmoEnv env = fuzz_begin(&host, MEMORY_ROOM);
	EmoStatus status;

	if (size == 0)
		return 0;
	emo_nn_read_architecture(&reader, &architecture);
	status = emo_nn_check_architecture(&env, &architecture, n_classes);
	if (status == EMO_OK)
	{
		EmoNnShape shape;

		emo_nn_shape(&architecture, n_classes, &shape);
		PROMISE(shape.n_parameters > 0 && shape.n_parameters <= EMO_NN_MAX_PARAMETERS);
		PROMISE(shape.n_weights == emo_nn_weight_count(&architecture, n_classes));
		check_tensors(&architecture, n_classes, shape.n_weights);
		check_layers(&architecture, n_classes, shape.n_parameters);
		if (shape.n_weights <= MAX_WEIGHTS && frame_values(&shape) <= MAX_VALUES)
			predict(&env, &shape);
	}
	else
	{
		PROMISE(status == EMO_INVALID_PARAMETER || status == EMO_LIMIT_EXCEEDED);
		fuzz_check_failure(&env, status, false);
	}
	fuzz_end(&host);
	return 0;
}
