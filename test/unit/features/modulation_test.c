/*
 * modulation_test.c
 *	  Modulation spectra of known contours.
 */
#include "unit.h"

#include "core/features/modulation.h"

static float *
cosine_rows(EmoEnv *env, size_t n, double frequency_hz, double amplitude, double offset)
{
	float *rows = emo_alloc_zero(env, n + 1, EMO_LANES * sizeof(float));

	for (size_t i = 0; i < n; i++)
		for (int lane = 0; lane < EMO_LANES; lane++)
			rows[i * EMO_LANES + lane] =
				(float) (offset +
						 amplitude * (lane + 1) * cos(2 * M_PI * frequency_hz * (double) i / 100));
	return rows;
}

/* Mean power of the band from a direct Fourier transform of the mean-free, zero-padded contour. */
static double
naive_band(const float *rows, size_t n, int lane, double low_hz, double high_hz)
{
	double mean = 0, sum = 0;
	int n_bins = 0;

	for (size_t i = 0; i < n; i++)
		mean += rows[i * EMO_LANES + lane] / (double) n;
	for (int bin = 0; bin <= 512; bin++)
	{
		double frequency_hz = bin * 100.0 / 1024, re = 0, im = 0;

		if (frequency_hz < low_hz || frequency_hz >= high_hz)
			continue;
		for (size_t i = 0; i < n; i++)
		{
			double x = rows[i * EMO_LANES + lane] - mean;

			re += x * cos(2 * M_PI * bin * (double) i / 1024);
			im += x * sin(2 * M_PI * bin * (double) i / 1024);
		}
		sum += (re * re + im * im) / (double) n;
		n_bins++;
	}
	return log(sum / n_bins + 1e-3);
}

static void
test_against_naive(EmoEnv *env)
{
	static const size_t lengths[] = {1, 2, 50, 281, 1024};
	EmoModulation *modulation;
	float bands[EMO_N_MODULATION_BANDS * EMO_LANES];

	CHECK(emo_modulation_create(env, &modulation) == EMO_OK);
	for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++)
	{
		float *rows = cosine_rows(env, lengths[l], 3.7, 0.5, 4);

		emo_modulation_spectrum(modulation, rows, lengths[l], bands);
		for (int b = 0; b < EMO_N_MODULATION_BANDS; b++)
			CHECK_NEAR(bands[b * EMO_LANES + 5],
					   naive_band(rows, lengths[l], 5, emo_modulation_edges_hz[b],
								  emo_modulation_edges_hz[b + 1]),
					   1e-3);
	}
	emo_modulation_destroy(modulation);
}

/* A steady contour has the same spectrum whether it lasts ten seconds or a hundred. */
static void
test_long_contours(EmoEnv *env)
{
	EmoModulation *modulation;
	float shorter[EMO_N_MODULATION_BANDS * EMO_LANES], longer[EMO_N_MODULATION_BANDS * EMO_LANES];

	CHECK(emo_modulation_create(env, &modulation) == EMO_OK);
	emo_modulation_spectrum(modulation, cosine_rows(env, 1024, 5, 1, 0), 1024, shorter);
	emo_modulation_spectrum(modulation, cosine_rows(env, 10001, 5, 1, 0), 10001, longer);
	CHECK_NEAR(longer[4 * EMO_LANES], shorter[4 * EMO_LANES], 0.05);
	emo_modulation_destroy(modulation);
}

static void
test_silence(EmoEnv *env)
{
	EmoModulation *modulation;
	float bands[EMO_N_MODULATION_BANDS * EMO_LANES];

	CHECK(emo_modulation_create(env, &modulation) == EMO_OK);
	for (size_t n = 0; n < 3; n++)
	{
		emo_modulation_spectrum(modulation, cosine_rows(env, n, 1, 0, -11.5), n, bands);
		for (int i = 0; i < EMO_N_MODULATION_BANDS * EMO_LANES; i++)
			CHECK_NEAR(bands[i], log(1e-3), 1e-4);
	}
	emo_modulation_destroy(modulation);
}

int
main(void)
{
	RUN(test_against_naive);
	RUN(test_long_contours);
	RUN(test_silence);
	return unit_finish();
}
