/*
 * naive_encoder.h
 *	  The forward pass of wav2vec 2.0, HuBERT and WavLM by the definitions, in double precision, for tests.
 */
#ifndef NAIVE_ENCODER_H
#define NAIVE_ENCODER_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/encoder/config.h"
#include "core/encoder/weights.h"

static double *
naive_zeros(size_t n)
{
	return calloc(n, sizeof(double));
}

static double
naive_gelu(double x)
{
	return x * 0.5 * erfc(-x / sqrt(2));
}

static double
naive_weight(const EmoMatrix *matrix, int row, int column)
{
	return ((const float *) matrix->values)[(size_t) row * matrix->columns + column];
}

/* y[n][rows] = x[n][columns] matrix' + bias. */
static double *
naive_linear(const double *x, int n, const EmoMatrix *matrix, const float *bias)
{
	double *y = naive_zeros((size_t) n * matrix->rows);

	for (int t = 0; t < n; t++)
		for (int o = 0; o < matrix->rows; o++)
		{
			double sum = bias == NULL ? 0 : bias[o];

			for (int i = 0; i < matrix->columns; i++)
				sum += x[(size_t) t * matrix->columns + i] * naive_weight(matrix, o, i);
			y[(size_t) t * matrix->rows + o] = sum;
		}
	return y;
}

/* n numbers that are apart by step. */
static void
naive_standardise(double *x, int n, int step, double epsilon)
{
	double mean = 0, variance = 0;

	for (int i = 0; i < n; i++)
		mean += x[(size_t) i * step] / n;
	for (int i = 0; i < n; i++)
		variance += (x[(size_t) i * step] - mean) * (x[(size_t) i * step] - mean) / n;
	for (int i = 0; i < n; i++)
		x[(size_t) i * step] = (x[(size_t) i * step] - mean) / sqrt(variance + epsilon);
}

static void
naive_layer_norm(double *x, int n, int width, const EmoNormWeights *norm, double epsilon)
{
	for (int t = 0; t < n; t++)
	{
		naive_standardise(x + (size_t) t * width, width, 1, epsilon);
		for (int j = 0; j < width; j++)
			x[(size_t) t * width + j] = x[(size_t) t * width + j] * norm->scale[j] + norm->shift[j];
	}
}

/* x[n][channels] of which groups of a kernel's width, stride apart, become y[*n][matrix->rows]. */
static double *
naive_conv(const double *x, int channels, const EmoEncoderConv *conv, const EmoConvWeights *weights,
		   int *n)
{
	int n_out = (*n - conv->kernel) / conv->stride + 1;
	double *y = naive_zeros((size_t) n_out * conv->channels);

	for (int t = 0; t < n_out; t++)
		for (int o = 0; o < conv->channels; o++)
		{
			double sum = weights->bias == NULL ? 0 : weights->bias[o];

			for (int k = 0; k < conv->kernel; k++)
				for (int c = 0; c < channels; c++)
					sum += naive_weight(&weights->weight, o, k * channels + c) *
						   x[((size_t) t * conv->stride + k) * channels + c];
			y[(size_t) t * conv->channels + o] = sum;
		}
	*n = n_out;
	return y;
}

/* From samples to projected frames [*n_frames][width]. */
static double *
naive_front(const EmoEncoderConfig *config, const EmoEncoderWeights *weights, const float *samples,
			int n_samples, int *n_frames)
{
	double *x = naive_zeros((size_t) n_samples), *y;
	int n = n_samples, channels = 1;

	for (int i = 0; i < n; i++)
		x[i] = samples[i];
	if (config->standardises)
		naive_standardise(x, n, 1, 1e-7);
	for (int i = 0; i < config->n_convs; i++)
	{
		const EmoConvWeights *conv = &weights->convs[i];

		y = naive_conv(x, channels, &config->convs[i], conv, &n);
		free(x);
		x = y;
		channels = config->convs[i].channels;
		if (config->conv_layer_norm)
			naive_layer_norm(x, n, channels, &conv->norm, 1e-5);
		for (int c = 0; c < channels && i == 0 && !config->conv_layer_norm; c++)
		{
			naive_standardise(x + c, n, channels, 1e-5);
			for (int t = 0; t < n; t++)
				x[(size_t) t * channels + c] =
					x[(size_t) t * channels + c] * conv->norm.scale[c] + conv->norm.shift[c];
		}
		for (size_t j = 0; j < (size_t) n * channels; j++)
			x[j] = naive_gelu(x[j]);
	}
	if (config->projection_norm)
		naive_layer_norm(x, n, channels, &weights->projection_norm, config->norm_epsilon);
	y = naive_linear(x, n, &weights->projection, weights->projection_bias);
	free(x);
	*n_frames = n;
	return y;
}

static void
naive_add_positions(const EmoEncoderConfig *config, const EmoEncoderWeights *weights, double *x,
					int n)
{
	int width = config->width, group_width = width / config->position_groups;
	double *y = naive_zeros((size_t) n * width);

	for (int t = 0; t < n; t++)
		for (int o = 0; o < width; o++)
		{
			int first = o / group_width * group_width;
			double sum = weights->position_bias[o];

			for (int k = 0; k < config->position_kernel; k++)
			{
				int at = t + k - config->position_kernel / 2;

				for (int c = 0; c < group_width && at >= 0 && at < n; c++)
					sum += naive_weight(&weights->position, o, k * group_width + c) *
						   x[(size_t) at * width + first + c];
			}
			y[(size_t) t * width + o] = naive_gelu(sum);
		}
	for (size_t i = 0; i < (size_t) n * width; i++)
		x[i] += y[i];
	free(y);
}

/* WavLM: the bucket of a key so many frames behind the query. */
static int
naive_bucket(const EmoEncoderConfig *config, int distance)
{
	int side = config->n_buckets / 2, exact = side / 2, far = abs(distance);
	int bucket = far;

	if (far >= exact)
	{
		bucket = exact + (int) (log((double) far / exact) /
								log((double) config->max_distance / exact) * (side - exact));
		if (bucket > side - 1)
			bucket = side - 1;
	}
	return bucket + (distance > 0 ? side : 0);
}

static double
naive_gate(const EmoLayerWeights *layer, const double *x, int head, int head_width)
{
	double sums[2] = {0, 0};

	for (int o = 0; o < 8; o++)
	{
		sums[o / 4] += layer->gate_bias[o];
		for (int j = 0; j < head_width; j++)
			sums[o / 4] += layer->gate_weight[o * head_width + j] * x[j];
	}
	return 1 / (1 + exp(-sums[0])) * (1 / (1 + exp(-sums[1])) * layer->gate_scale[head] - 1) + 2;
}

/* Attention before its last product, [n][width]. */
static double *
naive_attention(const EmoEncoderConfig *config, const EmoEncoderWeights *weights,
				const EmoLayerWeights *layer, const double *x, int n)
{
	int width = config->width, head_width = width / config->n_heads;
	double *q = naive_linear(x, n, &layer->query_key_value, layer->query_key_value_bias);
	double *y = naive_zeros((size_t) n * width), *scores = naive_zeros((size_t) n);

	for (int head = 0; head < config->n_heads; head++)
		for (int i = 0; i < n; i++)
		{
			size_t at = (size_t) head * head_width;
			double most = -INFINITY, sum = 0, gate = 0;

			if (config->kind == EMO_WAVLM)
				gate = naive_gate(layer, x + (size_t) i * width + at, head, head_width);
			for (int j = 0; j < n; j++)
			{
				scores[j] = 0;
				for (int k = 0; k < head_width; k++)
					scores[j] += q[(size_t) i * 3 * width + at + k] *
								 q[((size_t) j * 3 + 1) * width + at + k];
				if (config->kind == EMO_WAVLM)
					scores[j] +=
						gate *
						weights
							->distance_bias[naive_bucket(config, j - i) * config->n_heads + head];
				most = fmax(most, scores[j]);
			}
			for (int j = 0; j < n; j++)
				sum += scores[j] = exp(scores[j] - most);
			for (int j = 0; j < n; j++)
				for (int k = 0; k < head_width; k++)
					y[(size_t) i * width + at + k] +=
						scores[j] / sum * q[((size_t) j * 3 + 2) * width + at + k];
		}
	free(scores);
	free(q);
	return y;
}

static void
naive_add(double *x, double *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] += y[i];
	free(y);
}

static double *
naive_copy(const double *x, size_t n)
{
	return memcpy(naive_zeros(n), x, n * sizeof(double));
}

static void
naive_layer(const EmoEncoderConfig *config, const EmoEncoderWeights *weights,
			const EmoLayerWeights *layer, double *x, int n)
{
	size_t size = (size_t) n * config->width;
	double epsilon = config->norm_epsilon, *input = naive_copy(x, size), *attended, *inner;

	if (config->norm_first)
		naive_layer_norm(input, n, config->width, &layer->attention_norm, epsilon);
	attended = naive_attention(config, weights, layer, input, n);
	naive_add(x, naive_linear(attended, n, &layer->out, layer->out_bias), size);
	free(attended);
	free(input);
	if (!config->norm_first)
		naive_layer_norm(x, n, config->width, &layer->attention_norm, epsilon);
	input = naive_copy(x, size);
	if (config->norm_first)
		naive_layer_norm(input, n, config->width, &layer->final_norm, epsilon);
	inner = naive_linear(input, n, &layer->inner, layer->inner_bias);
	for (size_t i = 0; i < (size_t) n * config->inner_width; i++)
		inner[i] = naive_gelu(inner[i]);
	naive_add(x, naive_linear(inner, n, &layer->outer, layer->outer_bias), size);
	free(inner);
	free(input);
	if (!config->norm_first)
		naive_layer_norm(x, n, config->width, &layer->final_norm, epsilon);
}

/* All layers of projected frames x[n][width], hidden[n_layers + 1][n][width]. */
static double *
naive_hidden(const EmoEncoderConfig *config, const EmoEncoderWeights *weights,
			 const double *projected, int n)
{
	size_t size = (size_t) n * config->width;
	double *x = naive_copy(projected, size);
	double *hidden = naive_zeros((size_t) (config->n_layers + 1) * size);

	naive_add_positions(config, weights, x, n);
	if (!config->norm_first)
		naive_layer_norm(x, n, config->width, &weights->norm, config->norm_epsilon);
	for (int i = 0; i <= config->n_layers; i++)
	{
		if (i > 0)
			naive_layer(config, weights, &weights->layers[i - 1], x, n);
		if (i == config->n_layers && config->norm_first)
			naive_layer_norm(x, n, config->width, &weights->norm, config->norm_epsilon);
		memcpy(hidden + (size_t) i * size, x, size * sizeof(double));
	}
	free(x);
	return hidden;
}

#endif
