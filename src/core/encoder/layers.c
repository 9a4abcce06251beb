/*
 * layers.c
 *	  A layer of a transformer: attention and two products, each added to what came in, and normalised before it
 *	  or behind.
 */
#include "core/encoder/pass.h"

/* Rows that go through both products of a layer at once: what lies between them stays in the cache. */
#define INNER_ROWS EMO_PRODUCT_ROWS

static void
normalise(const EmoEncoder *encoder, const EmoNormWeights *norm, const float *x, int rows, float *y)
{
	encoder->kernels->layer_norm(x, norm->scale, norm->shift, encoder->config->norm_epsilon, rows,
								 encoder->config->width, y);
}

/* hidden[rows][width] += the two products of it. */
static EmoStatus
feed_forward(EmoEnv *env, EmoEncoder *encoder, const EmoLayerWeights *layer, float *hidden,
			 int rows)
{
	const EmoEncoderConfig *config = encoder->config;
	float *inner = encoder->inner.values;
	const float *input = hidden;

	if (config->norm_first)
	{
		float *normalised = inner + (size_t) INNER_ROWS * (size_t) config->inner_width;

		normalise(encoder, &layer->final_norm, hidden, rows, normalised);
		input = normalised;
	}
	if (emo_multiply(env, encoder, input, config->width, rows, &layer->inner, false, inner,
					 config->inner_width) != EMO_OK)
		return env->status;
	encoder->kernels->gelu(inner, layer->inner_bias, rows, config->inner_width);
	if (emo_multiply(env, encoder, inner, config->inner_width, rows, &layer->outer, true, hidden,
					 config->width) != EMO_OK)
		return env->status;
	encoder->kernels->add_bias(hidden, layer->outer_bias, rows, config->width);
	if (!config->norm_first)
		normalise(encoder, &layer->final_norm, hidden, rows, hidden);
	return EMO_OK;
}

EmoStatus
emo_run_layer(EmoEnv *env, EmoEncoder *encoder, int i, float *hidden, int n, EmoRows wanted)
{
	const EmoEncoderConfig *config = encoder->config;
	const EmoLayerWeights *layer = &encoder->weights->layers[i];
	size_t width = (size_t) config->width;
	int end = wanted.first + wanted.n;
	const float *input = hidden;

	if (emo_reserve(env, encoder, &encoder->attended, (size_t) n * width) != EMO_OK ||
		emo_reserve(env, encoder, &encoder->inner,
					INNER_ROWS * ((size_t) config->inner_width + width)) != EMO_OK)
		return env->status;
	if (config->norm_first)
	{
		normalise(encoder, &layer->attention_norm, hidden, n, encoder->attended.values);
		input = encoder->attended.values;
	}
	if (emo_attend(env, encoder, layer, input, hidden, n, wanted) != EMO_OK)
		return env->status;
	for (int from = wanted.first; from < end; from += INNER_ROWS)
	{
		int rows = end - from < INNER_ROWS ? end - from : INNER_ROWS;
		float *block = hidden + (size_t) from * width;

		if (!config->norm_first)
			normalise(encoder, &layer->attention_norm, block, rows, block);
		if (feed_forward(env, encoder, layer, block, rows) != EMO_OK)
			return env->status;
	}
	return EMO_OK;
}
