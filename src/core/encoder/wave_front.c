/*
 * wave_front.c
 *	  From samples to what the first layer is given, as in wav2vec 2.0: convolutions, projection, positions.
 *
 * The convolutions are streams: each has the frames that it is given next, and once these are enough for a block
 * of rows, it hands its own to the next one.  So memory doesn't grow with the recording, what one has written is still
 * in the cache when the next one reads it, and products have rows enough to be worth the packing of weights.
 */
#include <math.h>
#include <string.h>

#include "core/encoder/pass.h"
#include "core/encoder/windows.h"

/* Rows of a product, which packs so many at once; the second convolution takes two of the first one's for each. */
#define BLOCK_ROWS       EMO_PRODUCT_ROWS
#define FIRST_BLOCK_ROWS (2 * BLOCK_ROWS)

/* Floats of a stream, but for what a single row needs; published encoders have a fifth of that. */
#define STREAM_FLOATS (1024 * 1024)

/* That of GroupNorm and LayerNorm in PyTorch, which the convolutions have whatever layer_norm_eps is. */
#define CONV_NORM_EPSILON 1e-5f

/* Rows between two looks at whether to stop. */
#define MOMENT_ROWS 16384

typedef struct Stream
{
	float *input; /* [capacity][channels] */
	int channels, capacity, n;
	int enough; /* frames that are worth a product */
} Stream;

typedef struct WaveFront
{
	EmoEncoder *encoder;
	Stream streams[EMO_ENCODER_MAX_CONVS + 1]; /* the last one is the projection's */
	float *hidden;                             /* where the next projected frames go */
} WaveFront;

static int
channels_in(const EmoEncoderConfig *config, int i)
{
	return i == 0 ? 1 : config->convs[i - 1].channels;
}

static int64_t
rows_of(const EmoEncoderConv *conv, int64_t n)
{
	return n < conv->kernel ? 0 : (n - conv->kernel) / conv->stride + 1;
}

static int
block_rows(const EmoEncoderConfig *config, int i)
{
	int most = i == 0 ? FIRST_BLOCK_ROWS : BLOCK_ROWS;
	int rows = STREAM_FLOATS / (config->convs[i].stride * channels_in(config, i));

	return rows > most ? most : rows < 1 ? 1 : rows;
}

static EmoStatus
open_streams(EmoEnv *env, WaveFront *front)
{
	EmoEncoder *encoder = front->encoder;
	const EmoEncoderConfig *config = encoder->config;
	int incoming = 0; /* frames that come at once */

	for (int i = 0; i <= config->n_convs; i++)
	{
		Stream *stream = &front->streams[i];

		stream->channels = channels_in(config, i);
		stream->n = 0;
		stream->enough = 1;
		if (i < config->n_convs)
		{
			const EmoEncoderConv *conv = &config->convs[i];
			int rows = block_rows(config, i);

			stream->enough = (rows - 1) * conv->stride + conv->kernel;
			if (i == 0)
				incoming = rows * conv->stride;
		}
		stream->capacity = stream->enough - 1 + incoming;
		if (emo_reserve(env, encoder, &encoder->conv_input[i],
						(size_t) stream->capacity * (size_t) stream->channels) != EMO_OK)
			return env->status;
		stream->input = encoder->conv_input[i].values;
		if (i < config->n_convs)
			incoming = (int) rows_of(&config->convs[i], stream->capacity);
	}
	return EMO_OK;
}

/* What follows the product of a convolution. */
static void
finish_rows(const EmoEncoder *encoder, int i, float *rows, int n)
{
	const EmoConvWeights *weights = &encoder->weights->convs[i];
	int channels = encoder->config->convs[i].channels;
	const float *bias = weights->bias;

	if (encoder->config->conv_layer_norm)
	{
		if (bias != NULL)
			encoder->kernels->add_bias(rows, bias, n, channels);
		encoder->kernels->layer_norm(rows, weights->norm.scale, weights->norm.shift,
									 CONV_NORM_EPSILON, n, channels, rows);
		bias = NULL;
	}
	else if (i == 0)
		bias = encoder->first_weight.values +
			   (size_t) channels * (size_t) encoder->config->convs[0].kernel;
	encoder->kernels->gelu(rows, bias, n, channels);
}

static EmoMatrix
conv_matrix(const EmoEncoder *encoder, int i)
{
	const EmoEncoderConv *conv = &encoder->config->convs[i];

	if (i > 0 || encoder->config->conv_layer_norm)
		return encoder->weights->convs[i].weight;
	return (EmoMatrix){
		encoder->first_weight.values, NULL, EMO_F32, conv->channels, conv->kernel, 1};
}

static EmoStatus
convolve(EmoEnv *env, WaveFront *front, int i)
{
	EmoEncoder *encoder = front->encoder;
	const EmoEncoderConv *conv = &encoder->config->convs[i];
	Stream *stream = &front->streams[i], *next = &front->streams[i + 1];
	EmoMatrix matrix = conv_matrix(encoder, i);
	int rows = (int) rows_of(conv, stream->n), used = rows * conv->stride;
	float *out = next->input + (size_t) next->n * (size_t) next->channels;

	if (emo_multiply(env, encoder, stream->input, (ptrdiff_t) conv->stride * stream->channels, rows,
					 &matrix, false, out, next->channels) != EMO_OK)
		return env->status;
	finish_rows(encoder, i, out, rows);
	next->n += rows;
	stream->n -= used;
	memmove(stream->input, stream->input + (size_t) used * (size_t) stream->channels,
			(size_t) stream->n * (size_t) stream->channels * sizeof(float));
	return EMO_OK;
}

static EmoStatus
project(EmoEnv *env, WaveFront *front)
{
	EmoEncoder *encoder = front->encoder;
	const EmoEncoderWeights *weights = encoder->weights;
	Stream *stream = &front->streams[encoder->config->n_convs];
	int width = encoder->config->width, n = stream->n;

	if (weights->projection_norm.scale != NULL)
		encoder->kernels->layer_norm(stream->input, weights->projection_norm.scale,
									 weights->projection_norm.shift, encoder->config->norm_epsilon,
									 n, stream->channels, stream->input);
	if (emo_multiply(env, encoder, stream->input, stream->channels, n, &weights->projection, false,
					 front->hidden, width) != EMO_OK)
		return env->status;
	encoder->kernels->add_bias(front->hidden, weights->projection_bias, n, width);
	front->hidden += (size_t) n * (size_t) width;
	stream->n = 0;
	return EMO_OK;
}

/* Hand on what is enough for a block, or at the end all there is. */
static EmoStatus
hand_on(EmoEnv *env, WaveFront *front, int from, bool is_end)
{
	const EmoEncoderConfig *config = front->encoder->config;

	for (int i = from; i < config->n_convs; i++)
	{
		Stream *stream = &front->streams[i];

		if (stream->n < (is_end ? config->convs[i].kernel : stream->enough))
		{
			if (is_end)
				continue;
			return EMO_OK;
		}
		if (convolve(env, front, i) != EMO_OK)
			return env->status;
	}
	return front->streams[config->n_convs].n > 0 ? project(env, front) : EMO_OK;
}

EmoStatus
emo_wave_front(EmoEnv *env, EmoEncoder *encoder, const EmoHeardSamples *heard, int64_t first, int n)
{
	const EmoEncoderConfig *config = encoder->config;
	WaveFront front = {.encoder = encoder, .hidden = encoder->hidden.values};
	Stream *samples = &front.streams[0];
	int64_t at = first * emo_encoder_hop(config);
	int64_t end = at + (n - 1) * emo_encoder_hop(config) + emo_encoder_reach(config);

	if (open_streams(env, &front) != EMO_OK)
		return env->status;
	while (at < end)
	{
		int room = samples->capacity - samples->n;
		int count = end - at < room ? (int) (end - at) : room;

		for (int j = 0; j < count; j++)
			samples->input[samples->n + j] = (heard->samples[at + j] - heard->mean) * heard->factor;
		samples->n += count;
		at += count;
		if (hand_on(env, &front, 0, at == end) != EMO_OK)
			return env->status;
	}
	if (emo_add_positions(env, encoder, encoder->hidden.values, n) != EMO_OK)
		return env->status;
	if (!config->norm_first)
		encoder->kernels->layer_norm(encoder->hidden.values, encoder->weights->norm.scale,
									 encoder->weights->norm.shift, config->norm_epsilon, n,
									 config->width, encoder->hidden.values);
	return EMO_OK;
}

/*
 * Mean and covariance of the windows that the first convolution looks at, from which follow mean and variance of
 * each of its channels, without computing it: mean[kernel], covariance[kernel][kernel].
 */
static EmoStatus
window_moments(EmoEnv *env, const EmoEncoderConv *conv, const EmoHeardSamples *heard, double *mean,
			   double *covariance)
{
	int kernel = conv->kernel;
	int64_t rows = rows_of(conv, heard->n);

	memset(mean, 0, (size_t) kernel * sizeof(double));
	memset(covariance, 0, (size_t) kernel * (size_t) kernel * sizeof(double));
	for (int64_t row = 0; row < rows; row++)
	{
		const float *x = heard->samples + row * conv->stride;

		if (row % (MOMENT_ROWS / kernel + 1) == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int i = 0; i < kernel; i++)
		{
			double value = ((double) x[i] - heard->mean) * heard->factor;

			mean[i] += value;
			for (int j = 0; j <= i; j++)
				covariance[i * kernel + j] +=
					value * (((double) x[j] - heard->mean) * heard->factor);
		}
	}
	for (int i = 0; i < kernel; i++)
		mean[i] /= (double) rows;
	for (int i = 0; i < kernel; i++)
		for (int j = 0; j <= i; j++)
		{
			covariance[i * kernel + j] =
				covariance[i * kernel + j] / (double) rows - mean[i] * mean[j];
			covariance[j * kernel + i] = covariance[i * kernel + j];
		}
	return EMO_OK;
}

/* Each channel's weights[kernel] and bias, with the norm of its values over all of the recording folded in. */
static EmoStatus
normalise_first(EmoEnv *env, const EmoEncoderConv *conv, const EmoNormWeights *norm,
				const double *mean, const double *covariance, float *weights, float *bias)
{
	int kernel = conv->kernel;

	for (int channel = 0; channel < conv->channels; channel++)
	{
		float *weight = weights + (size_t) channel * (size_t) kernel;
		double center = 0, variance = 0, factor;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int i = 0; i < kernel; i++)
		{
			double row = 0;

			for (int j = 0; j < kernel; j++)
				row += covariance[i * kernel + j] * weight[j];
			variance += row * weight[i];
			center += mean[i] * weight[i];
		}
		factor = norm->scale[channel] / sqrt(fmax(variance, 0) + CONV_NORM_EPSILON);
		for (int i = 0; i < kernel; i++)
			weight[i] = (float) (weight[i] * factor);
		bias[channel] = (float) (norm->shift[channel] - center * factor);
	}
	return EMO_OK;
}

EmoStatus
emo_wave_front_begin(EmoEnv *env, EmoEncoder *encoder, const EmoHeardSamples *heard)
{
	const EmoEncoderConfig *config = encoder->config;
	const EmoEncoderConv *conv = &config->convs[0];
	const EmoConvWeights *first = &encoder->weights->convs[0];
	size_t channels = (size_t) conv->channels, kernel = (size_t) conv->kernel;
	float *weights, *bias;
	double *moments;
	EmoStatus status;

	if (config->conv_layer_norm)
		return EMO_OK;
	if (emo_reserve(env, encoder, &encoder->first_weight, channels * (kernel + 1)) != EMO_OK)
		return env->status;
	weights = encoder->first_weight.values;
	bias = weights + channels * kernel;
	emo_matrix_floats(&first->weight, weights);
	moments = emo_alloc(env, kernel + kernel * kernel, sizeof(double));
	if (moments == NULL)
		return env->status;
	status = window_moments(env, conv, heard, moments, moments + kernel);
	if (status == EMO_OK)
		status = normalise_first(env, conv, &first->norm, moments, moments + kernel, weights, bias);
	emo_free(env, moments);
	return status;
}
