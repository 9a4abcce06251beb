/*
 * convolve.c
 *	  Complex Fourier transforms, and filters through them.
 */
#include "core/dsp/convolve.h"

#include <math.h>
#include <string.h>

/* Smaller transforms waste time on their edges. */
#define MIN_BLOCK 1024

EmoStatus
emo_transform_create(EmoEnv *env, int size, EmoTransform *transform)
{
	transform->size = size;
	for (int part = 0; part < 2; part++)
		if ((transform->twiddle[part] = emo_alloc(env, size / 2, sizeof(float))) == NULL ||
			(transform->spare[part] = emo_alloc(env, size, sizeof(float))) == NULL)
			return env->status;
	for (int j = 0; j < size / 2; j++)
	{
		transform->twiddle[0][j] = (float) cos(2 * M_PI * j / size);
		transform->twiddle[1][j] = (float) -sin(2 * M_PI * j / size);
	}
	return EMO_OK;
}

void
emo_transform_destroy(EmoEnv *env, EmoTransform *transform)
{
	for (int part = 0; part < 2; part++)
	{
		emo_free(env, transform->spare[part]);
		emo_free(env, transform->twiddle[part]);
	}
}

/* Sums and turned differences of half pairs, each of stride numbers. */
static void
butterflies(const EmoTransform *transform, int half, int stride, const float *from_real,
			const float *from_imaginary, float *to_real, float *to_imaginary)
{
	int distance = half * stride;

	for (int j = 0; j < half; j++)
	{
		float turn_real = transform->twiddle[0][j * stride];
		float turn_imaginary = transform->twiddle[1][j * stride];
		const float *a_real = from_real + j * stride, *b_real = a_real + distance;
		const float *a_imaginary = from_imaginary + j * stride,
					*b_imaginary = a_imaginary + distance;
		float *restrict sum_real = to_real + 2 * j * stride;
		float *restrict sum_imaginary = to_imaginary + 2 * j * stride;

		for (int k = 0; k < stride; k++)
		{
			float real = a_real[k] - b_real[k], imaginary = a_imaginary[k] - b_imaginary[k];

			sum_real[k] = a_real[k] + b_real[k];
			sum_imaginary[k] = a_imaginary[k] + b_imaginary[k];
			sum_real[stride + k] = real * turn_real - imaginary * turn_imaginary;
			sum_imaginary[stride + k] = real * turn_imaginary + imaginary * turn_real;
		}
	}
}

/* Stockham's form, which needs no reversal of bits (Cochran et al. 1967). */
void
emo_transform_run(EmoTransform *transform, float *real, float *imaginary)
{
	float *from[2] = {real, imaginary}, *to[2] = {transform->spare[0], transform->spare[1]};

	for (int half = transform->size / 2, stride = 1; half >= 1; half /= 2, stride *= 2)
	{
		butterflies(transform, half, stride, from[0], from[1], to[0], to[1]);
		for (int part = 0; part < 2; part++)
		{
			float *other = from[part];

			from[part] = to[part];
			to[part] = other;
		}
	}
	if (from[0] == real)
		return;
	memcpy(real, from[0], transform->size * sizeof(float));
	memcpy(imaginary, from[1], transform->size * sizeof(float));
}

/* What one convolution works with. */
typedef struct Convolution
{
	EmoTransform transform;
	float *response[2]; /* the response's spectrum, over the transform's size */
	float *block[2];
	int hop; /* samples of a block */
} Convolution;

static EmoStatus
prepare(EmoEnv *env, const float *response, int n_response, Convolution *convolution)
{
	int size = MIN_BLOCK;

	while (size < 4 * n_response)
		size *= 2;
	if (emo_transform_create(env, size, &convolution->transform) != EMO_OK)
		return env->status;
	for (int part = 0; part < 2; part++)
		if ((convolution->response[part] = emo_alloc_zero(env, size, sizeof(float))) == NULL ||
			(convolution->block[part] = emo_alloc(env, size, sizeof(float))) == NULL)
			return env->status;
	for (int i = 0; i < n_response; i++)
		convolution->response[0][i] = response[i] / (float) size;
	emo_transform_run(&convolution->transform, convolution->response[0], convolution->response[1]);
	convolution->hop = size - n_response + 1;
	return EMO_OK;
}

static void
finish(EmoEnv *env, Convolution *convolution)
{
	for (int part = 0; part < 2; part++)
	{
		emo_free(env, convolution->block[part]);
		emo_free(env, convolution->response[part]);
	}
	emo_transform_destroy(env, &convolution->transform);
}

/* Two blocks at once, one as the real and one as the imaginary part: the response is real. */
static void
filter_blocks(Convolution *convolution, const float *samples, int64_t n_samples, int64_t first)
{
	EmoTransform *transform = &convolution->transform;
	float *real = convolution->block[0], *imaginary = convolution->block[1];

	for (int part = 0; part < 2; part++)
	{
		int64_t start = first + part * convolution->hop, left = n_samples - start;
		int n = left <= 0 ? 0 : left < convolution->hop ? (int) left : convolution->hop;

		if (n > 0)
			memcpy(convolution->block[part], samples + start, n * sizeof(float));
		memset(convolution->block[part] + n, 0, (transform->size - n) * sizeof(float));
	}
	emo_transform_run(transform, real, imaginary);
	for (int k = 0; k < transform->size; k++)
	{
		float a = real[k], b = imaginary[k];

		real[k] = a * convolution->response[0][k] - b * convolution->response[1][k];
		imaginary[k] = a * convolution->response[1][k] + b * convolution->response[0][k];
	}
	emo_transform_run(transform, imaginary, real);
}

/* Add a block, which begins at sample start of the whole convolution. */
static void
add_block(const float *block, int size, int64_t start, int delay, int64_t n_samples, float *sum)
{
	int64_t first = start - delay;
	int from = first < 0 ? (int) -first : 0;
	int to = n_samples - first < size ? (int) (n_samples - first) : size;

	for (int i = from; i < to; i++)
		sum[first + i] += block[i];
}

EmoStatus
emo_convolve(EmoEnv *env, const float *samples, int64_t n_samples, const float *response,
			 int n_response, int delay, float *filtered)
{
	Convolution convolution;
	float *sum = emo_alloc_zero(env, n_samples, sizeof(float));

	if (sum == NULL || prepare(env, response, n_response, &convolution) != EMO_OK)
		return env->status;
	for (int64_t first = 0; first < n_samples; first += 2 * convolution.hop)
	{
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		filter_blocks(&convolution, samples, n_samples, first);
		for (int part = 0; part < 2; part++)
			add_block(convolution.block[part], convolution.transform.size,
					  first + part * convolution.hop, delay, n_samples, sum);
	}
	memcpy(filtered, sum, n_samples * sizeof(float));
	finish(env, &convolution);
	emo_free(env, sum);
	return EMO_OK;
}
