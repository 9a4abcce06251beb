/*
 * embedding.c
 *	  One vector for a recording: hidden states of an encoder, pooled over time.
 */
#include "core/encoder/embedding.h"

#include <math.h>
#include <string.h>

#include "core/base/stats.h"
#include "core/encoder/windows.h"

const char *const emo_pooling_names[EMO_N_POOLINGS + 1] = {"mean", "mean_deviation", "mean_filled",
														   NULL};

int
emo_embedding_length(const EmoEncoderConfig *config, EmoPooling pooling)
{
	return pooling == EMO_POOL_MEAN_DEVIATION ? 2 * config->width : config->width;
}

/*
 * Sums over frames, of what numbers differ by from those of the first frame, which keeps the squares from drowning in
 * the mean.
 */
typedef struct Pool
{
	int width;
	int first_layer, last_layer;
	int64_t n_before; /* frames of earlier runs of the encoder */
	int64_t n_frames;
	float *center;        /* [layers][width] */
	double *sum, *square; /* [layers][width] */
} Pool;

static EmoStatus
add_frames(void *argument, int layer, int64_t first, int n, const float *hidden)
{
	Pool *pool = argument;
	size_t width = (size_t) pool->width;
	size_t at = (size_t) (layer - pool->first_layer) * width;

	if (layer < pool->first_layer)
		return EMO_OK;
	first += pool->n_before;
	if (first == 0)
		memcpy(pool->center + at, hidden, width * sizeof(float));
	for (int t = 0; t < n; t++, hidden += width)
		for (size_t j = 0; j < width; j++)
		{
			double difference = hidden[j] - pool->center[at + j];

			pool->sum[at + j] += difference;
			pool->square[at + j] += difference * difference;
		}
	if (layer == pool->last_layer)
		pool->n_frames = first + n;
	return EMO_OK;
}

static void
finish_layer(const Pool *pool, int layer, EmoPooling pooling, float *embedding)
{
	size_t at = (size_t) (layer - pool->first_layer) * (size_t) pool->width;
	double n = (double) pool->n_frames;

	for (int j = 0; j < pool->width; j++)
	{
		double mean = pool->sum[at + (size_t) j] / n;
		double variance = pool->square[at + (size_t) j] / n - mean * mean;

		embedding[j] = (float) (pool->center[at + (size_t) j] + mean);
		if (pooling == EMO_POOL_MEAN_DEVIATION)
			embedding[pool->width + j] = (float) sqrt(fmax(variance, 0));
	}
}

/* Numbers of weights and samples are finite, and what is computed of them may still not be. */
static EmoStatus
check_finite(EmoEnv *env, const float *values, size_t n)
{
	if (emo_all_finite(values, n))
		return EMO_OK;
	emo_fail(env, EMO_BAD_DATA, "encoder has no finite numbers for this recording");
	emo_set_detail(env, "Its weights, or the samples, are too large.");
	return EMO_BAD_DATA;
}

/* What fills up the last window becomes a part of the recording. */
static EmoStatus
run_filled(EmoEnv *env, EmoEncoder *encoder, const float *samples, int64_t n_samples, Pool *pool)
{
	const EmoEncoderConfig *config = emo_encoder_config(encoder);
	int64_t window = config->max_frames * emo_encoder_hop(config);
	int64_t n_whole = n_samples / window * window;
	EmoStatus status = EMO_OK;
	float *last;

	if (n_whole > 0 || n_samples == 0)
		status =
			emo_encoder_run(env, encoder, samples, n_whole, pool->last_layer, add_frames, pool);
	if (status != EMO_OK || n_whole == n_samples)
		return status;
	if ((last = emo_alloc_zero(env, (size_t) window, sizeof(float))) == NULL)
		return env->status;
	memcpy(last, samples + n_whole, (size_t) (n_samples - n_whole) * sizeof(float));
	pool->n_before = pool->n_frames;
	status = emo_encoder_run(env, encoder, last, window, pool->last_layer, add_frames, pool);
	emo_free(env, last);
	return status;
}

EmoStatus
emo_embed_layers(EmoEnv *env, EmoEncoder *encoder, const float *samples, int64_t n_samples,
				 int first_layer, int last_layer, EmoPooling pooling, float *embeddings)
{
	const EmoEncoderConfig *config = emo_encoder_config(encoder);
	size_t length = (size_t) emo_embedding_length(config, pooling);
	size_t n_layers = (size_t) (last_layer - first_layer + 1);
	size_t n = n_layers * (size_t) config->width;
	Pool pool = {.width = config->width, .first_layer = first_layer, .last_layer = last_layer};
	EmoStatus status = EMO_OUT_OF_MEMORY;

	pool.center = emo_alloc(env, n, sizeof(float));
	pool.sum = emo_alloc_zero(env, 2 * n, sizeof(double));
	if (pool.center != NULL && pool.sum != NULL)
	{
		pool.square = pool.sum + n;
		status =
			pooling == EMO_POOL_MEAN_FILLED && config->kind == EMO_WHISPER
				? run_filled(env, encoder, samples, n_samples, &pool)
				: emo_encoder_run(env, encoder, samples, n_samples, last_layer, add_frames, &pool);
	}
	else
		status = env->status;
	for (int layer = first_layer; layer <= last_layer && status == EMO_OK; layer++)
		finish_layer(&pool, layer, pooling, embeddings + (size_t) (layer - first_layer) * length);
	emo_free(env, pool.center);
	emo_free(env, pool.sum);
	return status == EMO_OK ? check_finite(env, embeddings, n_layers * length) : status;
}

EmoStatus
emo_embed(EmoEnv *env, EmoEncoder *encoder, const float *samples, int64_t n_samples, int layer,
		  EmoPooling pooling, float *embedding)
{
	return emo_embed_layers(env, encoder, samples, n_samples, layer, layer, pooling, embedding);
}

typedef struct Frames
{
	int layer;
	size_t width;
	float *hidden;
} Frames;

static EmoStatus
copy_frames(void *argument, int layer, int64_t first, int n, const float *hidden)
{
	Frames *frames = argument;

	if (layer == frames->layer)
		memcpy(frames->hidden + (size_t) first * frames->width, hidden,
			   (size_t) n * frames->width * sizeof(float));
	return EMO_OK;
}

EmoStatus
emo_embed_frames(EmoEnv *env, EmoEncoder *encoder, const float *samples, int64_t n_samples,
				 int layer, float *hidden)
{
	const EmoEncoderConfig *config = emo_encoder_config(encoder);
	size_t width = (size_t) config->width;
	Frames frames = {layer, width, hidden};

	if (emo_encoder_run(env, encoder, samples, n_samples, layer, copy_frames, &frames) != EMO_OK)
		return env->status;
	return check_finite(env, hidden, (size_t) emo_encoder_n_frames(config, n_samples) * width);
}
