/*
 * mel_front.c
 *	  What comes before the layers of Whisper: a logarithmic mel spectrum, two convolutions and positions.
 *
 * A window has twice as many frames of the spectrum as of the layers.  Both convolutions have a kernel of three, and
 * see zeros outside of the window.  Silence that fills a window is alike in all of its frames, so that one of them will
 * do: but for the last, which has the zeros beside it.
 */
#include <string.h>

#include "core/encoder/pass.h"

/* The second convolution's. */
#define STRIDE 2

/* Work space of layers that aren't there yet: the spectrum, and what the first convolution gives. */
#define MELS(encoder)  (&(encoder)->attended)
#define INNER(encoder) (&(encoder)->query_key_value)

/* Room for rows of n numbers with one of zeros on either side, from behind the first of them on; or NULL. */
static float *
reserve_rows(EmoEnv *env, EmoEncoder *encoder, EmoBuffer *buffer, size_t n_rows, size_t n)
{
	if (emo_reserve(env, encoder, buffer, (n_rows + 2) * n) != EMO_OK)
		return NULL;
	memset(buffer->values, 0, n * sizeof(float));
	memset(buffer->values + (n_rows + 1) * n, 0, n * sizeof(float));
	return buffer->values + n;
}

/* output[first .. first + n] of a convolution of rows, each stride rows of input after the other. */
static EmoStatus
convolve_rows(EmoEnv *env, EmoEncoder *encoder, const EmoConvWeights *conv, const float *input,
			  int stride, int first, int n, float *output)
{
	int channels = conv->weight.rows;
	ptrdiff_t channels_in = conv->weight.columns / EMO_WHISPER_KERNEL;

	output += (ptrdiff_t) first * channels;
	/* A window of the kernel begins one row earlier. */
	input += ((ptrdiff_t) first * stride - 1) * channels_in;
	if (emo_multiply(env, encoder, input, stride * channels_in, n, &conv->weight, false, output,
					 channels) != EMO_OK)
		return env->status;
	encoder->kernels->gelu(output, conv->bias, n, channels);
	return EMO_OK;
}

/* output[n] likewise, whose rows from the last of n_distinct on are alike, but for the very last one. */
static EmoStatus
convolve(EmoEnv *env, EmoEncoder *encoder, const EmoConvWeights *conv, const float *input,
		 int stride, int n_distinct, int n, float *output)
{
	size_t channels = conv->weight.rows;

	if (n_distinct >= n)
		return convolve_rows(env, encoder, conv, input, stride, 0, n, output);
	if (convolve_rows(env, encoder, conv, input, stride, 0, n_distinct, output) != EMO_OK)
		return env->status;
	for (int i = n_distinct; i < n - 1; i++)
		memcpy(output + i * channels, output + (n_distinct - 1) * channels,
			   channels * sizeof(float));
	return convolve_rows(env, encoder, conv, input, stride, n - 1, 1, output);
}

EmoStatus
emo_mel_front(EmoEnv *env, EmoEncoder *encoder, const float *samples, int64_t n_samples)
{
	const EmoEncoderConfig *config = encoder->config;
	const EmoEncoderWeights *weights = encoder->weights;
	int n = config->max_frames, n_inner = STRIDE * n, n_distinct;
	float *mels = reserve_rows(env, encoder, MELS(encoder), n_inner, config->n_mels);
	float *inner = reserve_rows(env, encoder, INNER(encoder), n_inner, config->width);
	float *hidden;

	if (mels == NULL || inner == NULL ||
		emo_reserve(env, encoder, &encoder->hidden, (size_t) n * config->width) != EMO_OK ||
		emo_log_mel_compute(env, encoder->log_mel, samples, n_samples, n_inner, mels,
							&n_distinct) != EMO_OK)
		return env->status;
	hidden = encoder->hidden.values;
	/* A row that sees the last one heard, and one that doesn't. */
	n_distinct += 2;
	if (convolve(env, encoder, &weights->convs[0], mels, 1, n_distinct, n_inner, inner) != EMO_OK)
		return env->status;
	n_distinct = (n_distinct + STRIDE - 1) / STRIDE + 1;
	if (convolve(env, encoder, &weights->convs[1], inner, STRIDE, n_distinct, n, hidden) != EMO_OK)
		return env->status;
	encoder->kernels->add(hidden, weights->positions, NULL, n, config->width);
	return EMO_OK;
}
