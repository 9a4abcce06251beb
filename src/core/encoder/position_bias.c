/*
 * position_bias.c
 *	  WavLM's position bias (Chen et al. 2022; buckets as in Raffel et al. 2020): of a query and a key it is a weight of
 *	  the bucket that their distance falls into, times the query's gate.
 */
#include "core/encoder/position_bias.h"

#include <math.h>
#include <stdlib.h>

/* Of n frames there are 2 n - 1 distances; queries behind the last one, to fill a panel, get numbers, too. */
#define N_BIASES(n) (2 * (n) -1 + EMO_PANEL_ROWS - 1)

/* Rows of gru_rel_pos_linear that add up to one number. */
#define GATE_TERMS 4

/*
 * The bucket of a key that is so many frames behind the query.  Half of the buckets are for keys behind, and half of
 * those for one distance each; the others grow by equal ratios up to max_distance.  In single precision, as there
 * the checkpoints learnt where buckets begin.
 */
static int
bucket_of(const EmoEncoderConfig *config, int distance)
{
	int side = config->n_buckets / 2, exact = side / 2;
	int from = distance > 0 ? side : 0, far = abs(distance), bucket;
	float ratio;

	if (far < exact)
		return from + far;
	ratio = logf((float) far / (float) exact) /
			(float) log((double) config->max_distance / (double) exact);
	bucket = (int) ((float) exact + ratio * (float) (side - exact));
	return from + (bucket < side ? bucket : side - 1);
}

EmoStatus
emo_prepare_distance_bias(EmoEnv *env, EmoEncoder *encoder, int n)
{
	int n_heads = encoder->config->n_heads, n_biases = N_BIASES(n);

	if (emo_reserve(env, encoder, &encoder->distance_bias, (size_t) n_heads * (size_t) n_biases) !=
		EMO_OK)
		return env->status;
	for (int i = 0; i < n_biases; i++)
	{
		int bucket = bucket_of(encoder->config, n - 1 - i);
		const float *bias = encoder->weights->distance_bias + (size_t) bucket * (size_t) n_heads;

		for (int head = 0; head < n_heads; head++)
			encoder->distance_bias.values[(size_t) head * (size_t) n_biases + (size_t) i] =
				bias[head];
	}
	return EMO_OK;
}

/* The weights of gru_rel_pos_linear, summed over the rows that are added up anyway: sums[2][head_width], bias[2]. */
static void
sum_gate_rows(const EmoLayerWeights *layer, int head_width, float *sums, float *bias)
{
	for (int gate = 0; gate < 2; gate++)
	{
		bias[gate] = 0;
		for (int j = 0; j < head_width; j++)
			sums[gate * head_width + j] = 0;
		for (int term = gate * GATE_TERMS; term < (gate + 1) * GATE_TERMS; term++)
		{
			bias[gate] += layer->gate_bias[term];
			for (int j = 0; j < head_width; j++)
				sums[gate * head_width + j] += layer->gate_weight[term * head_width + j];
		}
	}
}

static float
gate_value(const float *x, const float *sums, const float *bias, float scale, int head_width)
{
	float values[2];

	for (int gate = 0; gate < 2; gate++)
	{
		float sum = bias[gate];

		for (int j = 0; j < head_width; j++)
			sum += x[j] * sums[gate * head_width + j];
		values[gate] = 1 / (1 + expf(-sum));
	}
	return values[0] * (values[1] * scale - 1) + 2;
}

EmoStatus
emo_open_gates(EmoEnv *env, EmoEncoder *encoder, const EmoLayerWeights *layer, const float *input,
			   int n)
{
	int n_heads = encoder->config->n_heads, head_width = encoder->config->width / n_heads;
	float sums[2 * EMO_ENCODER_MAX_WIDTH], bias[2];

	if (emo_reserve(env, encoder, &encoder->gates, (size_t) n * (size_t) n_heads) != EMO_OK)
		return env->status;
	sum_gate_rows(layer, head_width, sums, bias);
	for (int t = 0; t < n; t++)
		for (int head = 0; head < n_heads; head++)
			encoder->gates.values[(size_t) t * (size_t) n_heads + (size_t) head] =
				gate_value(input + (size_t) t * (size_t) encoder->config->width +
							   (size_t) head * (size_t) head_width,
						   sums, bias, layer->gate_scale[head], head_width);
	return EMO_OK;
}

const float *
emo_distance_bias(const EmoEncoder *encoder, int head, int query, int key, int n)
{
	return encoder->distance_bias.values + (size_t) head * (size_t) N_BIASES(n) +
		   (n - 1 + query - key);
}

void
emo_gates_of(const EmoEncoder *encoder, int head, int first, int rows, float *gates)
{
	int n_heads = encoder->config->n_heads;

	for (int i = 0; i < EMO_PANEL_ROWS; i++)
		gates[i] =
			i < rows
				? encoder->gates.values[(size_t) (first + i) * (size_t) n_heads + (size_t) head]
				: 0;
}
