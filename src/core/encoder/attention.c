/*
 * attention.c
 *	  Each frame as a mean of the values of all frames, weighed by how its query fits their keys.
 *
 * Heads one after the other, and queries of a head in blocks, so that scores take memory by the length and not by its
 * square.
 */
#include <cblas.h>

#include "core/encoder/pass.h"
#include "core/encoder/position_bias.h"

/* Queries whose scores are in memory at once: enough of them to be worth the packing of all keys. */
#define BLOCK_QUERIES 256

/* attended[rows][head width] of queries from first of a head. */
static void
attend_block(const EmoEncoder *encoder, int head, int first, int rows, int n)
{
	int width = encoder->config->width, head_width = width / encoder->config->n_heads;
	int row = 3 * width;
	const float *query =
		encoder->query_key_value.values + (size_t) first * (size_t) row + head * head_width;
	const float *key = encoder->query_key_value.values + width + head * head_width;
	const float *value = key + width;
	float *scores = encoder->scores.values;
	float *attended =
		encoder->attended.values + (size_t) first * (size_t) width + head * head_width;

	cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, rows, n, head_width, 1, query, row, key,
				row, 0, scores, n);
	if (encoder->config->kind == EMO_WAVLM)
		emo_add_distance_bias(encoder, head, first, rows, n, scores);
	encoder->kernels->softmax(scores, n, rows, n);
	cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, head_width, n, 1, scores, n, value,
				row, 0, attended, width);
}

/* Queries of the rows that are wanted, keys and values of all. */
static EmoStatus
multiply_input(EmoEnv *env, EmoEncoder *encoder, const EmoLayerWeights *layer, const float *input,
			   int n, EmoRows wanted)
{
	int width = encoder->config->width;
	EmoMatrix query = emo_matrix_rows(&layer->query_key_value, 0, width);
	EmoMatrix key_value = emo_matrix_rows(&layer->query_key_value, width, 2 * width);
	float *output = encoder->query_key_value.values;

	if (emo_multiply(env, encoder, input + (size_t) wanted.first * width, width, wanted.n, &query,
					 false, output + (size_t) wanted.first * 3 * width, 3 * width) != EMO_OK ||
		emo_multiply(env, encoder, input, width, n, &key_value, false, output + width, 3 * width) !=
			EMO_OK)
		return env->status;
	encoder->kernels->add_bias(output, layer->query_key_value_bias, n, 3 * width);
	return EMO_OK;
}

EmoStatus
emo_attend(EmoEnv *env, EmoEncoder *encoder, const EmoLayerWeights *layer, const float *input,
		   float *hidden, int n, EmoRows wanted)
{
	const EmoEncoderConfig *config = encoder->config;
	int width = config->width, end = wanted.first + wanted.n;
	size_t before = (size_t) wanted.first * (size_t) width;

	if (emo_reserve(env, encoder, &encoder->query_key_value, (size_t) n * 3 * (size_t) width) !=
			EMO_OK ||
		emo_reserve(env, encoder, &encoder->scores, (size_t) BLOCK_QUERIES * (size_t) n) !=
			EMO_OK ||
		multiply_input(env, encoder, layer, input, n, wanted) != EMO_OK)
		return env->status;
	if (config->kind == EMO_WAVLM && emo_open_gates(env, encoder, layer, input, n) != EMO_OK)
		return env->status;
	for (int head = 0; head < config->n_heads; head++)
		for (int first = wanted.first; first < end; first += BLOCK_QUERIES)
		{
			if (emo_check_stop(env) != EMO_OK)
				return env->status;
			attend_block(encoder, head, first,
						 end - first < BLOCK_QUERIES ? end - first : BLOCK_QUERIES, n);
		}
	if (emo_multiply(env, encoder, encoder->attended.values + before, width, wanted.n, &layer->out,
					 true, hidden + before, width) != EMO_OK)
		return env->status;
	encoder->kernels->add_bias(hidden + before, layer->out_bias, wanted.n, width);
	return EMO_OK;
}
