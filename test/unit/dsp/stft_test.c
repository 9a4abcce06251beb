/*
 * stft_test.c
 *	  Frames against a direct Fourier transform, and what they add up to again.
 */
#include "unit.h"

#include "core/dsp/stft.h"
#include "signals.h"

static const struct
{
	int n_fft, win_length;
} sizes[] = {{16, 16}, {64, 40}, {101, 101}, {100, 7}, {33, 1}};

#define N_SIZES (sizeof(sizes) / sizeof(sizes[0]))

static void
test_direct_transform(EmoEnv *env)
{
	const int n_samples = 150;
	const float *samples = make_noise(env, n_samples, 1);
	float window[101], bins[2 * 51];

	for (size_t s = 0; s < N_SIZES; s++)
	{
		int n_fft = sizes[s].n_fft, win_length = sizes[s].win_length;
		int before = (n_fft - win_length) / 2;
		EmoStft *stft;

		CHECK(emo_stft_create(env, n_fft, win_length, EMO_WINDOW_HAMMING, false, &stft) == EMO_OK);
		CHECK(emo_stft_n_bins(stft) == n_fft / 2 + 1);
		emo_window_fill(EMO_WINDOW_HAMMING, false, win_length, window);
		for (int start = -n_fft - 3; start < n_samples + 10; start += 13)
		{
			emo_stft_analyse(stft, samples, n_samples, start, bins);
			for (int k = 0; k <= n_fft / 2; k++)
			{
				double re = 0, im = 0;

				for (int i = 0; i < win_length; i++)
				{
					int at = start + before + i;
					double phase = 2 * M_PI * k * (before + i) / n_fft;

					if (at < 0 || at >= n_samples)
						continue;
					re += window[i] * samples[at] * cos(phase);
					im -= window[i] * samples[at] * sin(phase);
				}
				CHECK_NEAR(bins[2 * k], re, 1e-5 * n_fft);
				CHECK_NEAR(bins[2 * k + 1], im, 1e-5 * n_fft);
			}
		}
		emo_stft_destroy(stft);
	}
}

/* Unaltered frames add up to the samples times the squared windows, and nothing goes beyond. */
static void
test_overlap_add(EmoEnv *env)
{
	const int n_samples = 150;
	const float *samples = make_noise(env, n_samples, 1);

	for (size_t s = 0; s < N_SIZES; s++)
	{
		float *sum = emo_alloc_zero(env, n_samples + 1, sizeof(float));
		float *squares = emo_alloc_zero(env, n_samples + 1, sizeof(float));
		float bins[2 * 51];
		EmoStft *stft;

		CHECK(emo_stft_create(env, sizes[s].n_fft, sizes[s].win_length, EMO_WINDOW_HANN, false,
							  &stft) == EMO_OK);
		for (int start = -200; start < 300; start += 3)
		{
			emo_stft_analyse(stft, samples, n_samples, start, bins);
			emo_stft_add(stft, bins, start, sum, n_samples);
			emo_stft_add_squared_window(stft, start, squares, n_samples);
		}
		for (int i = 0; i < n_samples; i++)
			CHECK_NEAR(sum[i], squares[i] * samples[i], 1e-4);
		CHECK(sum[n_samples] == 0 && squares[n_samples] == 0);
		emo_stft_destroy(stft);
	}
}

/* Whatever allocation fails, there is an error and nothing leaks (under AddressSanitizer). */
static void
test_no_memory(EmoEnv *env)
{
	UnitHost *host = env->host;
	EmoStft *stft;

	for (int n = 0; n < 4; n++)
	{
		host->allocations_left = n;
		CHECK(emo_stft_create(env, 64, 64, EMO_WINDOW_HANN, false, &stft) == EMO_OUT_OF_MEMORY);
		CHECK(stft == NULL);
	}
	host->allocations_left = -1;
	emo_stft_destroy(NULL);
}

int
main(void)
{
	srand(1);
	RUN(test_direct_transform);
	RUN(test_overlap_add);
	RUN(test_no_memory);
	return unit_finish();
}
