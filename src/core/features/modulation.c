/*
 * modulation.c
 *	  Modulation spectra of contours.
 */
#include "core/features/modulation.h"

#include <math.h>
#include <string.h>

/* 10.24 s: bins of about 0.1 Hz, and 0.5 Hz, the lowest edge, is seen five times over. */
#define PIECE_ROWS 1024
#define N_BINS     (PIECE_ROWS / 2 + 1)

/*
 * Added to powers before the logarithm.  Contours of log energies have modulation powers of 1e-1 to
 * 1e3, so this bounds the logarithm of silence without touching speech.
 */
#define POWER_FLOOR 1e-3

const float emo_modulation_edges_hz[EMO_N_MODULATION_BANDS + 1] = {0.5f, 1, 2,  3,  4.5f,
																   6.5f, 9, 13, 20, 30};

struct EmoModulation
{
	EmoFft *fft;
	float *piece; /* [PIECE_ROWS][16] */
	float *power; /* [N_BINS][16] */
};

EmoStatus
emo_modulation_create(EmoEnv *env, EmoModulation **result)
{
	EmoModulation *modulation = emo_alloc_zero(env, 1, sizeof(EmoModulation));

	*result = NULL;
	if (modulation == NULL)
		return env->status;
	modulation->piece = emo_alloc(env, PIECE_ROWS, EMO_LANES * sizeof(float));
	modulation->power = emo_alloc(env, N_BINS, EMO_LANES * sizeof(float));
	if (modulation->piece == NULL || modulation->power == NULL ||
		emo_fft_create(env, PIECE_ROWS, &modulation->fft) != EMO_OK)
		return env->status;
	*result = modulation;
	return EMO_OK;
}

void
emo_modulation_destroy(EmoModulation *modulation)
{
	if (modulation != NULL)
		emo_fft_destroy(modulation->fft);
}

/* Rows first .. first + n - 1 less their means, and zeros up to the length of a piece. */
static void
fill_piece(float *piece, const float *rows, size_t n)
{
	double sums[EMO_LANES] = {0};
	float mean[EMO_LANES];

	for (size_t i = 0; i < n; i++)
		for (int lane = 0; lane < EMO_LANES; lane++)
			sums[lane] += rows[i * EMO_LANES + lane];
	for (int lane = 0; lane < EMO_LANES; lane++)
		mean[lane] = (float) (sums[lane] / (double) n);
	for (size_t i = 0; i < n; i++)
		for (int lane = 0; lane < EMO_LANES; lane++)
			piece[i * EMO_LANES + lane] = rows[i * EMO_LANES + lane] - mean[lane];
	memset(piece + n * EMO_LANES, 0, (PIECE_ROWS - n) * EMO_LANES * sizeof(float));
}

/* First bin at or above a frequency. */
static int
bin_of(float frequency_hz)
{
	return (int) ceilf(frequency_hz * PIECE_ROWS / EMO_MODULATION_FRAME_RATE);
}

static void
add_bands(const float *power, double bands[EMO_N_MODULATION_BANDS][EMO_LANES])
{
	for (int b = 0; b < EMO_N_MODULATION_BANDS; b++)
	{
		int first = bin_of(emo_modulation_edges_hz[b]);
		int last = bin_of(emo_modulation_edges_hz[b + 1]);
		float sum[EMO_LANES] = {0};

		for (int bin = first; bin < last; bin++)
			for (int lane = 0; lane < EMO_LANES; lane++)
				sum[lane] += power[bin * EMO_LANES + lane];
		for (int lane = 0; lane < EMO_LANES; lane++)
			bands[b][lane] += sum[lane] / (float) (last - first);
	}
}

void
emo_modulation_spectrum(EmoModulation *modulation, const float *rows, size_t n, float *bands)
{
	double sums[EMO_N_MODULATION_BANDS][EMO_LANES] = {{0}};
	size_t piece_rows = n < PIECE_ROWS ? n : PIECE_ROWS;
	/* Pieces overlap by up to a half, evenly, so that the last one ends with the contour. */
	size_t n_pieces =
		n <= PIECE_ROWS ? 1 : 1 + (n - PIECE_ROWS + PIECE_ROWS / 2 - 1) / (PIECE_ROWS / 2);

	for (size_t i = 0; i < n_pieces && n > 0; i++)
	{
		size_t first = n_pieces > 1 ? i * (n - PIECE_ROWS) / (n_pieces - 1) : 0;

		fill_piece(modulation->piece, rows + first * EMO_LANES, piece_rows);
		emo_fft_lanes_power(modulation->fft, modulation->piece, 1.0f / (float) piece_rows,
							modulation->power);
		add_bands(modulation->power, sums);
	}
	for (int b = 0; b < EMO_N_MODULATION_BANDS; b++)
		for (int lane = 0; lane < EMO_LANES; lane++)
			bands[b * EMO_LANES + lane] =
				logf((float) (sums[b][lane] / (double) n_pieces + POWER_FLOOR));
}
