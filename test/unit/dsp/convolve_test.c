/*
 * convolve_test.c
 *	  Transforms and convolutions against their definitions.
 */
#include "unit.h"

#include "core/dsp/convolve.h"
#include "signals.h"

static void
test_transform(EmoEnv *env)
{
	for (int size = 2; size <= 64; size *= 2)
	{
		float *real = make_noise(env, size, 1), *imaginary = make_noise(env, size, 1);
		float before[2][64];
		double error = 0;
		EmoTransform transform;

		memcpy(before[0], real, size * sizeof(float));
		memcpy(before[1], imaginary, size * sizeof(float));
		CHECK(emo_transform_create(env, size, &transform) == EMO_OK);
		emo_transform_run(&transform, real, imaginary);
		for (int k = 0; k < size; k++)
		{
			double sum[2] = {0, 0};

			for (int i = 0; i < size; i++)
			{
				double c = cos(2 * M_PI * i * k / size), s = -sin(2 * M_PI * i * k / size);

				sum[0] += before[0][i] * c - before[1][i] * s;
				sum[1] += before[0][i] * s + before[1][i] * c;
			}
			error = fmax(error, fabs(real[k] - sum[0]) + fabs(imaginary[k] - sum[1]));
		}
		CHECK(error < 1e-5 * size);
		emo_transform_run(&transform, imaginary, real);
		for (int i = 0; i < size; i++)
			CHECK_NEAR(real[i] / (float) size, before[0][i], 1e-5);
		emo_transform_destroy(env, &transform);
	}
}

static void
test_convolution(EmoEnv *env)
{
	static const int lengths[][3] = {/* samples, response, delay */
									 {1, 1, 0},      {1, 300, 299},   {700, 1, 0},     {5000, 7, 3},
									 {3000, 400, 0}, {100, 900, 450}, {4096, 257, 128}};

	for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++)
	{
		int n = lengths[l][0], m = lengths[l][1], delay = lengths[l][2];
		float *samples = make_noise(env, n, 1), *response = make_noise(env, m, 1);
		float *filtered = emo_alloc(env, n, sizeof(float));
		double error = 0;

		CHECK(emo_convolve(env, samples, n, response, m, delay, filtered) == EMO_OK);
		for (int i = 0; i < n; i++)
		{
			double sum = 0;

			for (int j = 0; j < m; j++)
				if (i + delay - j >= 0 && i + delay - j < n)
					sum += (double) response[j] * samples[i + delay - j];
			error = fmax(error, fabs(filtered[i] - sum));
		}
		CHECK(error < 1e-4);
		/* In place. */
		CHECK(emo_convolve(env, samples, n, response, m, delay, samples) == EMO_OK);
		CHECK(memcmp(samples, filtered, n * sizeof(float)) == 0);
	}
}

int
main(void)
{
	srand(1);
	RUN(test_transform);
	RUN(test_convolution);
	return unit_finish();
}
