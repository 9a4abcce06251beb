/*
 * attention.c
 *	  Each frame as a mean of the values of all frames, weighed by how its query fits their keys.
 *
 * Heads one after the other, and of a head some keys at a time, which stay in the second-level cache while all queries
 * look at them (as in Milakov & Gimelshein 2018 and Dao et al. 2022): weights are relative to the largest score so far,
 * and what has been summed up is scaled when a larger one comes.  So memory doesn't grow by the square of the length.
 *
 * Scores are [keys][queries of a panel]: what one product gives is what the next one takes.
 */
#include <math.h>

#include "core/encoder/pass.h"
#include "core/encoder/position_bias.h"

/* Keys that are looked at at once. */
#define BLOCK_KEYS 256

/* One head.  Tiles are those of multiply_panel(). */
typedef struct Head
{
	int head, width;
	float *keys;   /* of a block, packed rows of [keys][width] */
	float *values; /* of a block, packed rows of [width][keys] */
	float *scores; /* [keys of a block][EMO_PANEL_ROWS] */

	/* For each panel of queries. */
	float *queries; /* [width][EMO_PANEL_ROWS] */
	float *sums;    /* [width][EMO_PANEL_ROWS]: weighted values */
	float *most;    /* [EMO_PANEL_ROWS]: the largest score so far */
	float *total;   /* [EMO_PANEL_ROWS]: the sum of weights */
} Head;

static int
rounded_up(int n, int step)
{
	return (n + step - 1) / step * step;
}

static EmoStatus
prepare_head(EmoEnv *env, EmoEncoder *encoder, int n_queries, Head *head)
{
	int width = encoder->config->width / encoder->config->n_heads;
	int tile = encoder->kernels->tile_rows;
	size_t n_keys = (size_t) rounded_up(BLOCK_KEYS, tile) * (size_t) width;
	size_t n_values = (size_t) rounded_up(width, tile) * BLOCK_KEYS;
	size_t n_scores = (size_t) BLOCK_KEYS * EMO_PANEL_ROWS;
	size_t n = (size_t) rounded_up(n_queries, EMO_PANEL_ROWS);
	float *room;

	if (emo_reserve(env, encoder, &encoder->scores,
					n_keys + n_values + n_scores + 2 * n * ((size_t) width + 1)) != EMO_OK)
		return env->status;
	room = encoder->scores.values;
	*head = (Head){.width = width};
	head->keys = room;
	head->values = head->keys + n_keys;
	head->scores = head->values + n_values;
	head->queries = head->scores + n_scores;
	head->sums = head->queries + n * (size_t) width;
	head->most = head->sums + n * (size_t) width;
	head->total = head->most + n;
	return EMO_OK;
}

/* The queries of the rows that are wanted, turned. */
static void
take_queries(const EmoEncoder *encoder, const Head *head, EmoRows wanted)
{
	size_t row = 3 * (size_t) encoder->config->width;
	const float *query = encoder->query_key_value.values + (size_t) wanted.first * row +
						 (size_t) head->head * (size_t) head->width;
	float *turned = head->queries;
	int n = rounded_up(wanted.n, EMO_PANEL_ROWS);

	for (int first = 0; first < n; first += EMO_PANEL_ROWS)
		for (int j = 0; j < head->width; j++)
			for (int i = first; i < first + EMO_PANEL_ROWS; i++)
				*turned++ = i < wanted.n ? query[(size_t) i * row + (size_t) j] : 0;
	for (int i = 0; i < n; i++)
	{
		head->most[i] = -INFINITY;
		head->total[i] = 0;
	}
}

/* Keys and values of n frames from first. */
static void
take_keys(const EmoEncoder *encoder, const Head *head, int first, int n)
{
	int width = encoder->config->width, tile = encoder->kernels->tile_rows;
	size_t row = 3 * (size_t) width;
	const float *key = encoder->query_key_value.values + (size_t) first * row + width +
					   (size_t) head->head * (size_t) head->width;
	const float *value = key + width;
	float *turned = head->values;

	encoder->kernels->pack_rows(key, (ptrdiff_t) row, n, head->width, head->keys);
	for (int j = 0; j < head->width; j += tile)
	{
		int here = head->width - j < tile ? head->width - j : tile;

		for (int i = 0; i < n; i++, turned += tile)
			for (int k = 0; k < tile; k++)
				turned[k] = k < here ? value[(size_t) i * row + (size_t) (j + k)] : 0;
	}
}

/* A panel of queries, of which n_queries count, looks at the keys of n_keys frames from key. */
static void
look_at(const EmoEncoder *encoder, const Head *head, int panel, int query, int n_queries, int key,
		int n_keys, int n)
{
	const EmoEncoderKernels *kernels = encoder->kernels;
	size_t size = (size_t) head->width * EMO_PANEL_ROWS;
	float factor[EMO_PANEL_ROWS], gates[EMO_PANEL_ROWS];
	float *sums = head->sums + (size_t) panel * size;
	EmoPanelProduct score = {
		.packed = head->keys,
		.rows = n_keys,
		.depth = head->width,
		.panel = head->queries + (size_t) panel * size,
		.outputs = EMO_PANEL_ROWS,
		.y = head->scores,
		.y_row = EMO_PANEL_ROWS,
	};
	EmoPanelProduct weigh = {
		.packed = head->values,
		.rows = head->width,
		.depth = n_keys,
		.panel = head->scores,
		.outputs = EMO_PANEL_ROWS,
		.add = key > 0,
		.y = sums,
		.y_row = EMO_PANEL_ROWS,
	};

	kernels->multiply_panel(&score);
	if (encoder->config->kind == EMO_WAVLM)
	{
		emo_gates_of(encoder, head->head, query, n_queries, gates);
		kernels->add_distance_bias(head->scores, gates,
								   emo_distance_bias(encoder, head->head, query, key, n), n_keys);
	}
	kernels->weigh(head->scores, n_keys, head->most + panel * EMO_PANEL_ROWS,
				   head->total + panel * EMO_PANEL_ROWS, factor);
	if (key > 0)
		kernels->scale_columns(sums, factor, head->width);
	kernels->multiply_panel(&weigh);
}

/* encoder->attended of the wanted rows of a head. */
static void
give_attended(EmoEncoder *encoder, const Head *head, EmoRows wanted)
{
	size_t width = (size_t) encoder->config->width;
	float *attended = encoder->attended.values + (size_t) wanted.first * width +
					  (size_t) head->head * (size_t) head->width;

	for (int i = 0; i < wanted.n; i++, attended += width)
	{
		const float *sums = head->sums +
							(size_t) (i / EMO_PANEL_ROWS) * (size_t) head->width * EMO_PANEL_ROWS +
							i % EMO_PANEL_ROWS;
		float factor = 1 / head->total[i];

		for (int j = 0; j < head->width; j++)
			attended[j] = sums[j * EMO_PANEL_ROWS] * factor;
	}
}

static EmoStatus
attend_head(EmoEnv *env, EmoEncoder *encoder, const Head *head, int n, EmoRows wanted)
{
	int n_blocks = (n + BLOCK_KEYS - 1) / BLOCK_KEYS, step = (n + n_blocks - 1) / n_blocks;

	take_queries(encoder, head, wanted);
	for (int key = 0; key < n; key += step)
	{
		int n_keys = n - key < step ? n - key : step;

		take_keys(encoder, head, key, n_keys);
		for (int query = 0; query < wanted.n; query += EMO_PANEL_ROWS)
		{
			int left = wanted.n - query;

			if (emo_check_stop(env) != EMO_OK)
				return env->status;
			look_at(encoder, head, query / EMO_PANEL_ROWS, wanted.first + query,
					left < EMO_PANEL_ROWS ? left : EMO_PANEL_ROWS, key, n_keys, n);
		}
	}
	give_attended(encoder, head, wanted);
	return EMO_OK;
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
	int width = config->width;
	size_t before = (size_t) wanted.first * (size_t) width;
	Head head = {0};

	if (emo_reserve(env, encoder, &encoder->query_key_value, (size_t) n * 3 * (size_t) width) !=
			EMO_OK ||
		prepare_head(env, encoder, wanted.n, &head) != EMO_OK ||
		multiply_input(env, encoder, layer, input, n, wanted) != EMO_OK)
		return env->status;
	if (config->kind == EMO_WAVLM && emo_open_gates(env, encoder, layer, input, n) != EMO_OK)
		return env->status;
	for (head.head = 0; head.head < config->n_heads; head.head++)
		if (attend_head(env, encoder, &head, n, wanted) != EMO_OK)
			return env->status;
	if (emo_multiply(env, encoder, encoder->attended.values + before, width, wanted.n, &layer->out,
					 true, hidden + before, width) != EMO_OK)
		return env->status;
	encoder->kernels->add_bias(hidden + before, layer->out_bias, wanted.n, width);
	return EMO_OK;
}
