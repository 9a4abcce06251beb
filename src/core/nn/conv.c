/*
 * conv.c
 *	  Convolution and its gradients as products of matrices.
 */
#include "core/nn/conv.h"

#include <string.h>

/* Patches that are laid out at once: enough rows for the product, few enough for the cache. */
#define MAX_POSITIONS 128
#define MIN_POSITIONS 8
#define PATCH_FLOATS  (96 * 1024)

/* Below this many floats a call of memcpy() costs more than it saves. */
#define SHORT_RUN 16

static size_t
patch_length(const EmoNnConv *conv)
{
	return (size_t) conv->outer.kernel * conv->inner.kernel * conv->in_channels;
}

static int
positions_at_once(const EmoNnConv *conv)
{
	size_t positions = PATCH_FLOATS / patch_length(conv);

	return positions < MIN_POSITIONS   ? MIN_POSITIONS
		   : positions > MAX_POSITIONS ? MAX_POSITIONS
									   : (int) positions;
}

size_t
emo_nn_conv_work(const EmoNnConv *conv)
{
	return (size_t) positions_at_once(conv) * patch_length(conv);
}

static void
copy_floats(float *to, const float *from, int n)
{
	if (n < SHORT_RUN)
		for (int i = 0; i < n; i++)
			to[i] = from[i];
	else
		memcpy(to, from, n * sizeof(float));
}

/* What one row of the kernel sees, with zeros outside: patch[inner.kernel][in_channels]. */
static void
fill_run(const EmoNnConv *conv, const float *row, int first, float *patch)
{
	const EmoNnConvAxis *inner = &conv->inner;
	int channels = conv->in_channels;

	if (inner->dilation == 1 && first >= 0 && first + inner->kernel <= inner->in)
	{
		copy_floats(patch, row + (ptrdiff_t) first * channels, inner->kernel * channels);
		return;
	}
	for (int k = 0; k < inner->kernel; k++, patch += channels)
	{
		int at = first + k * inner->dilation;

		if (at >= 0 && at < inner->in)
			copy_floats(patch, row + (ptrdiff_t) at * channels, channels);
		else
			memset(patch, 0, channels * sizeof(float));
	}
}

/* Patches of n positions from position on, counted along the inner axis first. */
static void
fill_patches(const EmoNnConv *conv, const float *in, int64_t position, int n, float *patches)
{
	const EmoNnConvAxis *outer = &conv->outer, *inner = &conv->inner;
	int run = inner->kernel * conv->in_channels;
	int o = (int) (position / inner->out), i = (int) (position % inner->out);

	for (int p = 0; p < n; p++)
	{
		int first = i * inner->stride - inner->padding;

		for (int k = 0; k < outer->kernel; k++, patches += run)
		{
			int at = o * outer->stride - outer->padding + k * outer->dilation;

			if (at >= 0 && at < outer->in)
				fill_run(conv, in + (ptrdiff_t) at * inner->in * conv->in_channels, first, patches);
			else
				memset(patches, 0, run * sizeof(float));
		}
		if (++i == inner->out)
		{
			i = 0;
			o++;
		}
	}
}

/* A kernel of one value that doesn't skip any: the input is its own patches. */
static bool
is_pointwise(const EmoNnConv *conv)
{
	const EmoNnConvAxis *outer = &conv->outer, *inner = &conv->inner;

	return outer->kernel == 1 && inner->kernel == 1 && outer->stride == 1 && inner->stride == 1 &&
		   outer->padding == 0 && inner->padding == 0 && outer->out == outer->in &&
		   inner->out == inner->in;
}

static const float *
patches_at(const EmoNnConv *conv, const float *in, int64_t position, int n, float *work)
{
	if (is_pointwise(conv))
		return in + position * conv->in_channels;
	fill_patches(conv, in, position, n, work);
	return work;
}

static void
add_moments(const EmoNnKernels *kernels, const float *out, int n, int channels,
			EmoNnMoments *moments)
{
	float *sum = moments->work, *square = moments->work + channels;

	kernels->moments(out, n, channels, moments->center, sum, square);
	for (int c = 0; c < channels; c++)
	{
		moments->sum[c] += sum[c];
		moments->square[c] += square[c];
	}
}

EmoStatus
emo_nn_conv_forward(EmoEnv *env, const EmoNnKernels *kernels, const EmoNnConv *conv,
					const float *in, const float *weights, float *work, EmoNnMoments *moments,
					float *out)
{
	int64_t n_positions = (int64_t) conv->outer.out * conv->inner.out;
	int length = (int) patch_length(conv), step = positions_at_once(conv);

	for (int64_t position = 0; position < n_positions; position += step)
	{
		int n = n_positions - position < step ? (int) (n_positions - position) : step;
		const float *patches = patches_at(conv, in, position, n, work);

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		kernels->multiply(patches, length, 1, weights, conv->out_channels,
						  out + position * conv->out_channels, conv->out_channels, n,
						  conv->out_channels, length, false);
		if (moments != NULL)
			add_moments(kernels, out + position * conv->out_channels, n, conv->out_channels,
						moments);
	}
	return EMO_OK;
}

EmoStatus
emo_nn_conv_weight_gradient(EmoEnv *env, const EmoNnKernels *kernels, const EmoNnConv *conv,
							const float *in, const float *d_out, float *work, float *d_weights)
{
	int64_t n_positions = (int64_t) conv->outer.out * conv->inner.out;
	int length = (int) patch_length(conv), step = positions_at_once(conv);

	for (int64_t position = 0; position < n_positions; position += step)
	{
		int n = n_positions - position < step ? (int) (n_positions - position) : step;
		const float *patches = patches_at(conv, in, position, n, work);

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		kernels->multiply(patches, 1, length, d_out + position * conv->out_channels,
						  conv->out_channels, d_weights, conv->out_channels, length,
						  conv->out_channels, n, true);
	}
	return EMO_OK;
}

/* Outputs first .. end - 1 of an axis reach an input through tap k; returns the input of first. */
static int
reaching_outputs(const EmoNnConvAxis *axis, int k, int *first, int *end)
{
	int offset = k * axis->dilation - axis->padding;
	int last = axis->in - 1 - offset;

	*first = offset >= 0 ? 0 : (-offset + axis->stride - 1) / axis->stride;
	*end = last < 0 ? 0 : last / axis->stride + 1;
	if (*end > axis->out)
		*end = axis->out;
	return *first * axis->stride + offset;
}

/* Of one tap, for outputs first .. end - 1 of a row; d_in is the input of first. */
static EmoStatus
add_tap_gradient(EmoEnv *env, const EmoNnKernels *kernels, const EmoNnConv *conv,
				 const float *d_out, int first, int end, const float *tap, float *d_in)
{
	ptrdiff_t step = (ptrdiff_t) conv->inner.stride * conv->in_channels;

	for (int i = first; i < end; i += MAX_POSITIONS)
	{
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		kernels->multiply(d_out + (ptrdiff_t) i * conv->out_channels, conv->out_channels, 1, tap,
						  conv->in_channels, d_in + (i - first) * step, step,
						  end - i < MAX_POSITIONS ? end - i : MAX_POSITIONS, conv->in_channels,
						  conv->out_channels, true);
	}
	return EMO_OK;
}

EmoStatus
emo_nn_conv_input_gradient(EmoEnv *env, const EmoNnKernels *kernels, const EmoNnConv *conv,
						   const float *d_out, const float *transposed, float *d_in)
{
	const EmoNnConvAxis *outer = &conv->outer, *inner = &conv->inner;
	ptrdiff_t in_channels = conv->in_channels, out_channels = conv->out_channels;

	for (int o = 0; o < outer->out; o++)
		for (int k = 0; k < outer->kernel * inner->kernel; k++)
		{
			int row = o * outer->stride - outer->padding + k / inner->kernel * outer->dilation;
			int first, end, at = reaching_outputs(inner, k % inner->kernel, &first, &end);

			if (row >= 0 && row < outer->in &&
				add_tap_gradient(env, kernels, conv, d_out + o * inner->out * out_channels, first,
								 end, transposed + k * in_channels * out_channels,
								 d_in + ((ptrdiff_t) row * inner->in + at) * in_channels) != EMO_OK)
				return env->status;
		}
	return EMO_OK;
}

void
emo_nn_conv_transpose(const EmoNnConv *conv, const float *weights, float *transposed)
{
	int n_taps = conv->outer.kernel * conv->inner.kernel;
	int n_in = conv->in_channels, n_out = conv->out_channels;

	for (int k = 0; k < n_taps; k++, weights += n_in * n_out, transposed += n_in * n_out)
		for (int i = 0; i < n_in; i++)
			for (int o = 0; o < n_out; o++)
				transposed[(ptrdiff_t) o * n_in + i] = weights[(ptrdiff_t) i * n_out + o];
}
