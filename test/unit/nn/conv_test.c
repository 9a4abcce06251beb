/*
 * conv_test.c
 *	  Convolution and the kernels of nets against plain loops, in every instruction set.
 */
#include "core/base/random.h"
#include "core/nn/conv.h"
#include "unit.h"

static const char *instruction_sets[] = {"avx512", "avx2", "baseline"};

static float *
random_floats(EmoEnv *env, size_t n, uint64_t seed)
{
	float *values = emo_alloc(env, n, sizeof(float));
	EmoRandom random;

	emo_random_seed(&random, seed);
	for (size_t i = 0; i < n; i++)
		values[i] = (float) emo_random_normal(&random);
	return values;
}

/*
 * Calls take() for every product in = x[in] w[tap] -> y[out], by the definition of convolution.
 */
typedef void (*Take)(double *sums, const float *a, const float *b, size_t in, size_t tap,
					 size_t out);

static void
each_product(const EmoNnConv *conv, Take take, double *sums, const float *a, const float *b)
{
	const EmoNnConvAxis *o = &conv->outer, *i = &conv->inner;

	for (int oo = 0; oo < o->out; oo++)
		for (int io = 0; io < i->out; io++)
			for (int ok = 0; ok < o->kernel; ok++)
				for (int ik = 0; ik < i->kernel; ik++)
				{
					int oi = oo * o->stride + ok * o->dilation - o->padding;
					int ii = io * i->stride + ik * i->dilation - i->padding;

					if (oi < 0 || oi >= o->in || ii < 0 || ii >= i->in)
						continue;
					for (int ci = 0; ci < conv->in_channels; ci++)
						for (int co = 0; co < conv->out_channels; co++)
							take(sums, a, b, ((size_t) oi * i->in + ii) * conv->in_channels + ci,
								 (((size_t) ok * i->kernel + ik) * conv->in_channels + ci) *
										 conv->out_channels +
									 co,
								 ((size_t) oo * i->out + io) * conv->out_channels + co);
				}
}

static void
take_forward(double *sums, const float *x, const float *w, size_t in, size_t tap, size_t out)
{
	sums[out] += (double) x[in] * w[tap];
}

static void
take_weight(double *sums, const float *x, const float *d, size_t in, size_t tap, size_t out)
{
	sums[tap] += (double) x[in] * d[out];
}

static void
take_input(double *sums, const float *d, const float *w, size_t in, size_t tap, size_t out)
{
	sums[in] += (double) d[out] * w[tap];
}

static void
check_all(const float *actual, const double *expected, size_t n)
{
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++)
		wrong += !(fabs(actual[i] - expected[i]) <= 2e-4);
	CHECK(wrong == 0);
}

static void
check_conv(EmoEnv *env, const EmoNnKernels *kernels, const EmoNnConv *conv)
{
	size_t n_in = (size_t) conv->outer.in * conv->inner.in * conv->in_channels;
	size_t n_out = (size_t) conv->outer.out * conv->inner.out * conv->out_channels;
	size_t n_weights =
		(size_t) conv->outer.kernel * conv->inner.kernel * conv->in_channels * conv->out_channels;
	float *x = random_floats(env, n_in, 1), *w = random_floats(env, n_weights, 2);
	float *d = random_floats(env, n_out, 3);
	float *work = emo_alloc(env, emo_nn_conv_work(conv), sizeof(float));
	float *y = emo_alloc(env, n_out, sizeof(float));
	float *d_w = emo_alloc_zero(env, n_weights, sizeof(float));
	float *d_x = emo_alloc_zero(env, n_in, sizeof(float));
	float *transposed = emo_alloc(env, n_weights, sizeof(float));
	double *sums = emo_alloc_zero(env, n_out + n_weights + n_in, sizeof(double));

	each_product(conv, take_forward, sums, x, w);
	CHECK(emo_nn_conv_forward(env, kernels, conv, x, w, work, NULL, y) == EMO_OK);
	check_all(y, sums, n_out);
	sums += n_out;
	each_product(conv, take_weight, sums, x, d);
	CHECK(emo_nn_conv_weight_gradient(env, kernels, conv, x, d, work, d_w) == EMO_OK);
	check_all(d_w, sums, n_weights);
	if (conv->in_channels % 16 != 0)
		return;
	sums += n_weights;
	each_product(conv, take_input, sums, d, w);
	emo_nn_conv_transpose(conv, w, transposed);
	CHECK(emo_nn_conv_input_gradient(env, kernels, conv, d, transposed, d_x) == EMO_OK);
	check_all(d_x, sums, n_in);
}

static void
test_conv_against_loops(EmoEnv *env)
{
	/* kernel, stride, dilation, padding, in, out; the last ones see past the end. */
	static const EmoNnConv convs[] = {
		{{1, 1, 1, 0, 1, 1}, {5, 1, 1, 2, 37, 37}, 41, 64},
		{{1, 1, 1, 0, 1, 1}, {5, 2, 1, 2, 300, 150}, 16, 48},
		{{1, 1, 1, 0, 1, 1}, {5, 1, 4, 8, 21, 21}, 32, 16},
		{{1, 1, 1, 0, 1, 1}, {4, 3, 2, 3, 50, 17}, 16, 80},
		{{1, 1, 1, 0, 1, 1}, {1, 1, 1, 0, 29, 29}, 48, 112},
		{{3, 1, 1, 1, 9, 9}, {3, 1, 1, 1, 40, 40}, 1, 32},
		{{3, 1, 1, 1, 13, 13}, {3, 1, 1, 1, 10, 10}, 32, 64},
		{{3, 2, 2, 2, 17, 9}, {4, 3, 1, 1, 13, 4}, 16, 16},
		{{3, 1, 1, 2, 5, 7}, {3, 1, 1, 2, 6, 8}, 16, 32},
		{{1, 1, 1, 0, 1, 1}, {7, 1, 3, 0, 2, 1}, 16, 16},
		{{5, 4, 1, 0, 1, 1}, {2, 1, 1, 0, 1, 1}, 16, 16},
	};

	for (size_t s = 0; s < 3; s++)
	{
		const EmoNnKernels *kernels = emo_nn_kernels_named(instruction_sets[s]);

		for (size_t i = 0; kernels != NULL && i < sizeof(convs) / sizeof(convs[0]); i++)
			check_conv(env, kernels, &convs[i]);
	}
}

/* Odd sizes, strides and depths beyond one block. */
static void
test_multiply(EmoEnv *env)
{
	float *a = random_floats(env, 40 * 700, 1), *b = random_floats(env, 700 * 128, 2);
	float *c = emo_alloc(env, 40 * 128, sizeof(float));

	for (size_t s = 0; s < 3; s++)
	{
		const EmoNnKernels *kernels = emo_nn_kernels_named(instruction_sets[s]);

		for (int m = 1; kernels != NULL && m <= 33; m += m < 16 ? 1 : 17)
			for (int n = 16; n <= 112; n += 16)
				for (int turned = 0; turned < 2; turned++)
				{
					int k = m == 1 ? 700 : 3 * m;
					size_t wrong = 0;

					for (int i = 0; i < m * 128; i++)
						c[i] = 1;
					kernels->multiply(a, turned ? 1 : k, turned ? m : 1, b, 128, c, 128, m, n, k,
									  turned);
					for (int i = 0; i < m; i++)
						for (int j = 0; j < 128; j++)
						{
							double sum = turned || j >= n ? 1 : 0;

							for (int p = 0; j < n && p < k; p++)
								sum += (double) a[turned ? p * m + i : i * k + p] * b[p * 128 + j];
							wrong += !(fabs(c[i * 128 + j] - sum) <= 2e-4);
						}
					CHECK(wrong == 0);
				}
	}
}

/* Batch-norm, ReLU and max-pool of one position of y, and which position of z it came from. */
static float
naive_activation(const EmoNnActivation *shape, const float *z, int row, int column, int c,
				 int *from)
{
	float best = -INFINITY;

	for (int r = row * shape->window_rows; r < (row + 1) * shape->window_rows && r < shape->rows;
		 r++)
		for (int w = column * shape->window_width;
			 w < (column + 1) * shape->window_width && w < shape->width; w++)
		{
			int at = (r * shape->width + w) * shape->channels + c;
			float value = shape->scale[c] * z[at] + shape->shift[c];

			if (value > best)
			{
				best = value;
				*from = at;
			}
		}
	return shape->relu && best < 0 ? 0 : best;
}

static void
check_activation(EmoEnv *env, const EmoNnKernels *kernels, EmoNnActivation shape)
{
	int n_z = shape.rows * shape.width * shape.channels;
	int n_y = shape.out_rows * shape.out_width * shape.channels;
	float *z = random_floats(env, n_z, 1), *dy = random_floats(env, n_y, 2);
	float *per_channel = random_floats(env, 6 * shape.channels, 3);
	float *y = emo_alloc(env, n_y, sizeof(float)), *dz = emo_alloc(env, n_z, sizeof(float));
	float *sums = emo_alloc_zero(env, 2 * shape.channels, sizeof(float));
	double *expected = emo_alloc_zero(env, n_z + n_y + 2 * shape.channels, sizeof(double));
	double *d_z = expected, *of_y = d_z + n_z, *of_sums = of_y + n_y;
	float *center = per_channel + 2 * shape.channels, *slope = center + shape.channels;
	float *linear = slope + shape.channels, *constant = linear + shape.channels;

	shape.scale = per_channel;
	shape.shift = per_channel + shape.channels;
	for (int i = 0; i < n_z; i++)
	{
		/* Ties: the first takes the gradient. */
		z[i] = roundf(4 * z[i]) / 4;
		d_z[i] = z[i] * linear[i % shape.channels] + constant[i % shape.channels];
	}
	for (int row = 0; row < shape.out_rows; row++)
		for (int column = 0; column < shape.out_width; column++)
			for (int c = 0; c < shape.channels; c++)
			{
				int at = (row * shape.out_width + column) * shape.channels + c, from = 0;
				double value = naive_activation(&shape, z, row, column, c, &from);
				double g = shape.relu && value <= 0 ? 0 : dy[at];

				of_y[at] = value;
				d_z[from] += g * slope[c];
				of_sums[c] += g;
				of_sums[shape.channels + c] += g * (z[from] - center[c]);
			}
	kernels->activate(&shape, z, y);
	check_all(y, of_y, n_y);
	kernels->gradient_sums(&shape, dy, z, center, sums, sums + shape.channels);
	check_all(sums, of_sums, 2 * shape.channels);
	kernels->gradient(&shape, dy, z, slope, linear, constant, dz);
	check_all(dz, d_z, n_z);
}

static void
test_activation(EmoEnv *env)
{
	for (size_t s = 0; s < 3; s++)
	{
		const EmoNnKernels *kernels = emo_nn_kernels_named(instruction_sets[s]);

		for (int variant = 0; kernels != NULL && variant < 8; variant++)
		{
			EmoNnActivation shape = {.rows = 7,
									 .width = 5,
									 .channels = 32,
									 .window_rows = 1,
									 .window_width = 1,
									 .out_rows = 7,
									 .out_width = 5,
									 .relu = variant % 2 == 0};

			if (variant / 2 % 2 == 1)
			{
				shape.window_rows = 2;
				shape.window_width = 3;
				shape.out_rows = 3;
				shape.out_width = 1;
			}
			/* A window larger than what is there. */
			if (variant / 4 == 1)
			{
				shape.rows = shape.out_rows = 1;
				shape.window_rows = 4;
			}
			check_activation(env, kernels, shape);
		}
	}
}

/* Dropout draws the same in every instruction set, drops its share, and keeps the mean. */
static void
test_drop(EmoEnv *env)
{
	int n = 160000, n_dropped = 0;
	float *first = emo_alloc(env, n, sizeof(float)), *x = emo_alloc(env, n, sizeof(float));

	for (size_t s = 0; s < 3; s++)
	{
		const EmoNnKernels *kernels = emo_nn_kernels_named(instruction_sets[s]);

		if (kernels == NULL)
			continue;
		for (int i = 0; i < n; i++)
			x[i] = 1;
		kernels->drop(x, n, 99, (uint32_t) (0.25 * 4294967296.0), 4.0f / 3);
		if (n_dropped == 0)
		{
			memcpy(first, x, n * sizeof(float));
			for (int i = 0; i < n; i++)
				n_dropped += x[i] == 0;
			CHECK_NEAR(n_dropped / (double) n, 0.25, 0.005);
		}
		CHECK(memcmp(first, x, n * sizeof(float)) == 0);
	}
	/* Another key, another choice: about 2 * 0.25 * 0.75 of all differ. */
	for (int i = 0; i < n; i++)
		x[i] = 1;
	emo_nn_kernels()->drop(x, n, 100, (uint32_t) (0.25 * 4294967296.0), 4.0f / 3);
	n_dropped = 0;
	for (int i = 0; i < n; i++)
		n_dropped += (x[i] == 0) != (first[i] == 0);
	CHECK_NEAR(n_dropped / (double) n, 0.375, 0.005);
}

int
main(void)
{
	RUN(test_multiply);
	RUN(test_conv_against_loops);
	RUN(test_activation);
	RUN(test_drop);
	return unit_finish();
}
