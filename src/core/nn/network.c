/*
 * network.c
 *	  A net's memory and its fresh weights.
 */
#include "core/nn/network.h"

#include <math.h>
#include <string.h>

#include "core/base/random.h"

/* Where room is taken: without an environment it is counted only. */
typedef struct Room
{
	EmoEnv *env;
	double bytes;
	bool failed;
} Room;

static void *
take(Room *room, size_t count, size_t item_size)
{
	void *block;

	room->bytes += (double) count * (double) item_size;
	if (room->env == NULL || room->failed)
		return NULL;
	block = emo_alloc(room->env, count > 0 ? count : 1, item_size);
	room->failed = block == NULL;
	return block;
}

static size_t
largest(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Values that the convolution of a block and the block itself give for a recording of n_frames. */
static void
count_values(const EmoNnBlockShape *shape, int n_frames, size_t *of_z, size_t *of_y)
{
	*of_z = (size_t) emo_nn_conv_rows(shape, n_frames) * shape->conv_width * shape->block->channels;
	*of_y = (size_t) emo_nn_block_rows(shape, n_frames) * shape->out_width * shape->block->channels;
}

static void
take_blocks(Room *room, EmoNnNetwork *network)
{
	const EmoNnShape *shape = &network->shape;
	size_t batch = network->max_batch, largest_z = 0, largest_y = 0, conv_work = 0, taps = 0;
	int n_frames = network->max_frames, channels = 0;

	for (int i = 0; i < shape->n_blocks; i++)
	{
		const EmoNnBlockShape *of = &shape->blocks[i];
		EmoNnConv conv = emo_nn_block_conv(of, n_frames);
		size_t of_z, of_y, n_channels = of->block->channels;

		count_values(of, n_frames, &of_z, &of_y);
		network->blocks[i].in_rows = take(room, batch, sizeof(int));
		network->blocks[i].conv_rows = take(room, batch, sizeof(int));
		network->blocks[i].out_rows = take(room, batch, sizeof(int));
		network->blocks[i].scale = take(room, n_channels, sizeof(float));
		network->blocks[i].shift = take(room, n_channels, sizeof(float));
		network->blocks[i].mean = take(room, n_channels, sizeof(float));
		network->blocks[i].inverse_deviation = take(room, n_channels, sizeof(float));
		if (network->training)
		{
			network->blocks[i].z = take(room, batch * of_z, sizeof(float));
			network->blocks[i].y = take(room, batch * of_y, sizeof(float));
		}
		largest_z = largest(largest_z, of_z);
		largest_y = largest(largest_y, of_y);
		conv_work = largest(conv_work, emo_nn_conv_work(&conv));
		taps = largest(taps, (size_t) conv.outer.kernel * conv.inner.kernel * conv.in_channels *
								 n_channels);
		channels = (int) largest(channels, n_channels);
		n_frames = emo_nn_block_rows(of, n_frames);
	}
	network->attention = take(room, batch * n_frames * shape->n_heads, sizeof(float));
	network->work =
		take(room, largest(conv_work, (size_t) shape->n_features + n_frames), sizeof(float));
	network->channel_work = take(room, (size_t) 8 * channels, sizeof(float));
	network->sums = take(room, (size_t) 2 * channels, sizeof(double));
	network->d_y = take(room, batch * largest_y, sizeof(float));
	network->d_in = take(room, batch * largest_y, sizeof(float));
	network->d_z = take(room, network->training ? largest_z : batch * largest_z, sizeof(float));
	network->transposed = take(room, network->training ? taps : 0, sizeof(float));
	/* Without training blocks share one z, and take turns with two y. */
	for (int i = 0; i < shape->n_blocks && !network->training; i++)
	{
		network->blocks[i].z = network->d_z;
		network->blocks[i].y = i % 2 == 0 ? network->d_y : network->d_in;
	}
}

static void
take_all(Room *room, const EmoNnArchitecture *architecture, int n_classes, int max_batch,
		 int max_frames, bool training, EmoNnNetwork *network)
{
	size_t batch = max_batch;

	emo_nn_shape(architecture, n_classes, &network->shape);
	network->training = training;
	network->max_batch = max_batch;
	network->max_frames = max_frames;
	network->frames = take(room, batch, sizeof(int));
	network->input = take(room, batch * max_frames * network->shape.n_values, sizeof(float));
	network->scores = take(room, batch * n_classes, sizeof(float));
	network->pooled = take(room, batch * network->shape.n_pooled, sizeof(float));
	network->dropped = take(room, batch * network->shape.n_pooled, sizeof(float));
	network->d_pooled = take(room, batch * network->shape.n_pooled, sizeof(float));
	take_blocks(room, network);
}

EmoStatus
emo_nn_network_create(EmoEnv *env, const EmoNnArchitecture *architecture, int n_classes,
					  int max_batch, int max_frames, bool training, EmoNnNetwork **result)
{
	Room room = {env, 0, false};
	EmoNnNetwork *network = emo_alloc_zero(env, 1, sizeof(EmoNnNetwork));

	*result = NULL;
	if (network == NULL)
		return env->status;
	network->kernels = emo_nn_kernels();
	take_all(&room, architecture, n_classes, max_batch, max_frames, training, network);
	if (room.failed)
		return env->status;
	*result = network;
	return EMO_OK;
}

double
emo_nn_network_bytes(const EmoNnArchitecture *architecture, int n_classes, int max_batch,
					 int max_frames, bool training)
{
	Room room = {NULL, 0, false};
	EmoNnNetwork network;

	memset(&network, 0, sizeof(network));
	take_all(&room, architecture, n_classes, max_batch, max_frames, training, &network);
	return room.bytes;
}

static void
fill_normal(EmoRandom *random, double deviation, int64_t n, float *values)
{
	for (int64_t i = 0; i < n; i++)
		values[i] = (float) (deviation * emo_random_normal(random));
}

/*
 * PyTorch's (that of a uniform distribution within 1 / sqrt(fan-in)).  Batch-norm makes the scale
 * meaningless for what is computed, but not for how far a step of Adam goes in proportion.
 */
static double
weight_deviation(double fan_in)
{
	return sqrt(1 / (3 * fan_in));
}

static void
fill_constant(float value, int64_t n, float *values)
{
	for (int64_t i = 0; i < n; i++)
		values[i] = value;
}

void
emo_nn_init_weights(const EmoNnShape *shape, uint64_t seed, float *weights)
{
	EmoRandom random;
	int64_t n_dense = (int64_t) shape->n_pooled * shape->n_classes;

	emo_random_seed(&random, seed);
	fill_constant(0, shape->n_weights, weights);
	for (int i = 0; i < shape->n_blocks; i++)
	{
		const EmoNnBlockShape *block = &shape->blocks[i];
		int channels = block->block->channels;
		int fan_in = block->time.kernel * block->coefficient.kernel * block->in_channels;

		fill_normal(&random, weight_deviation(fan_in), (int64_t) fan_in * channels,
					weights + block->conv_weight);
		if (block->norm_weight < 0)
			continue;
		fill_constant(1, channels, weights + block->norm_weight);
		fill_constant(1, channels, weights + block->running_variance);
	}
	if (shape->attention_weight >= 0)
		fill_normal(&random, weight_deviation(shape->n_features),
					(int64_t) shape->n_features * shape->n_heads,
					weights + shape->attention_weight);
	fill_normal(&random, weight_deviation(shape->n_pooled), n_dense, weights + shape->dense_weight);
}
