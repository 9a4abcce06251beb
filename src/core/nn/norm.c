/*
 * norm.c
 *	  Batch-norm and its gradient, as a scale and a shift per channel.
 */
#include "core/nn/norm.h"

#include <math.h>

/* PyTorch's defaults: added to variances; share of the newest batch in the running statistics. */
#define VARIANCE_FLOOR 1e-5
#define NEWEST_SHARE   0.1f

size_t
emo_nn_total_rows(const int *rows, int n)
{
	size_t total = 0;

	for (int b = 0; b < n; b++)
		total += rows[b];
	return total;
}

EmoNnActivation
emo_nn_activation(const EmoNnNetwork *network, int i, int b)
{
	const EmoNnBlockShape *shape = &network->shape.blocks[i];
	EmoNnActivation activation = {
		.rows = network->blocks[i].conv_rows[b],
		.width = shape->conv_width,
		.channels = shape->block->channels,
		.window_rows = shape->block->max_pool[0],
		.window_width = shape->block->max_pool[1],
		.out_rows = network->blocks[i].out_rows[b],
		.out_width = shape->out_width,
		.relu = shape->block->relu,
		.scale = network->blocks[i].scale,
		.shift = network->blocks[i].shift,
	};

	return activation;
}

static double
positions_of(const EmoNnNetwork *network, int i)
{
	return (double) emo_nn_total_rows(network->blocks[i].conv_rows, network->n) *
		   network->shape.blocks[i].conv_width;
}

/* Mean and deviation of the batch, and the running statistics. */
static void
take_statistics(EmoNnNetwork *network, int i, float *weights)
{
	const EmoNnBlockShape *shape = &network->shape.blocks[i];
	int channels = shape->block->channels;
	float *running_mean = weights + shape->running_mean;
	float *running_variance = weights + shape->running_variance;
	double n = positions_of(network, i);

	for (int c = 0; c < channels; c++)
	{
		double difference = network->sums[c] / n;
		double variance = fmax(network->sums[channels + c] / n - difference * difference, 0);
		double mean = running_mean[c] + difference;

		network->blocks[i].mean[c] = (float) mean;
		network->blocks[i].inverse_deviation[c] = (float) (1 / sqrt(variance + VARIANCE_FLOOR));
		running_mean[c] += NEWEST_SHARE * (float) difference;
		running_variance[c] +=
			NEWEST_SHARE * ((float) (variance * n / fmax(n - 1, 1)) - running_variance[c]);
	}
}

void
emo_nn_norm_prepare(EmoNnNetwork *network, int i, float *weights, bool by_batch)
{
	const EmoNnBlockShape *shape = &network->shape.blocks[i];
	float *mean = network->blocks[i].mean, *inverse = network->blocks[i].inverse_deviation;

	if (by_batch)
		take_statistics(network, i, weights);
	for (int c = 0; c < shape->block->channels; c++)
	{
		float bias = weights[shape->bias + c];

		if (shape->norm_weight < 0)
		{
			network->blocks[i].scale[c] = 1;
			network->blocks[i].shift[c] = bias;
			continue;
		}
		if (!by_batch)
		{
			mean[c] = weights[shape->running_mean + c];
			inverse[c] = (float) (1 / sqrt(weights[shape->running_variance + c] + VARIANCE_FLOOR));
		}
		network->blocks[i].scale[c] = weights[shape->norm_weight + c] * inverse[c];
		network->blocks[i].shift[c] = bias - mean[c] * network->blocks[i].scale[c];
	}
}

/*
 * With y = w (z - m) / s + b and g the gradient by y: db = sum g, dw = sum g (z - m) / s, and
 * dz = w/s (g - db/n - (z - m)/s dw/n), where n values share m and s.
 */
void
emo_nn_norm_gradient(const EmoNnNetwork *network, int i, float *gradient, float *slope,
					 float *linear, float *constant)
{
	const EmoNnBlockShape *shape = &network->shape.blocks[i];
	int channels = shape->block->channels;
	double n = positions_of(network, i);

	for (int c = 0; c < channels; c++)
	{
		double sum = network->sums[c], product = network->sums[channels + c];
		double inverse = network->blocks[i].inverse_deviation[c];

		gradient[shape->bias + c] = (float) sum;
		slope[c] = network->blocks[i].scale[c];
		linear[c] = constant[c] = 0;
		if (shape->norm_weight < 0)
			continue;
		gradient[shape->norm_weight + c] = (float) (product * inverse);
		linear[c] = (float) (-slope[c] * inverse * inverse * product / n);
		constant[c] = (float) (-slope[c] * sum / n - linear[c] * network->blocks[i].mean[c]);
	}
}
