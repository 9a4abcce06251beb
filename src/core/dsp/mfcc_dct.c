/*
 * mfcc_dct.c
 *	  The cosine transform between mel levels and cepstra, there and back.
 */
#include "core/dsp/mfcc_dct.h"

#include <math.h>

/* A coefficient with a smaller factor is wiped out. */
static const double least_factor = 1e-6;

/* Row j, column m of the orthonormal matrix, as scipy.fft.dct(type, norm="ortho") has it. */
static double
dct_element(int type, int j, int m, int n_mels)
{
	bool row_at_end = j == 0 || j == n_mels - 1, column_at_end = m == 0 || m == n_mels - 1;

	switch (type)
	{
		case 1:
			return sqrt((row_at_end ? 1.0 : 2.0) * (column_at_end ? 1.0 : 2.0) / (2 * n_mels - 2)) *
				   cos(M_PI * j * m / (n_mels - 1));
		case 3:
			return sqrt((m == 0 ? 1.0 : 2.0) / n_mels) *
				   cos(M_PI * m * (2 * j + 1) / (2.0 * n_mels));
		default:
			return sqrt((j == 0 ? 1.0 : 2.0) / n_mels) *
				   cos(M_PI * j * (2 * m + 1) / (2.0 * n_mels));
	}
}

/* What coefficient j of the orthonormal transform is multiplied by. */
static double
factor_of(const EmoMfccParams *params, int j)
{
	const EmoMfccConvention *convention = params->convention;
	double factor = j == 0 && convention->scales_c0_like_others ? M_SQRT2 : 1;
	int n = convention->counts_lifter_from_0 ? j : j + 1;

	if (params->lifter > 0)
		factor *= 1 + params->lifter / 2 * sin(M_PI * n / params->lifter);
	return factor;
}

void
emo_mfcc_fill_dct(const EmoMfccParams *params, float *matrix)
{
	for (int j = 0; j < params->n_mfcc; j++)
		for (int m = 0; m < params->n_mels; m++)
			matrix[j * params->n_mels + m] =
				(float) (factor_of(params, j) *
						 dct_element(params->dct_type, j, m, params->n_mels));
}

void
emo_mfcc_fill_inverse_dct(const EmoMfccParams *params, float *matrix)
{
	for (int j = 0; j < params->n_mfcc; j++)
	{
		double factor = factor_of(params, j);

		for (int m = 0; m < params->n_mels; m++)
			matrix[j * params->n_mels + m] =
				fabs(factor) < least_factor
					? 0
					: (float) (dct_element(params->dct_type, j, m, params->n_mels) / factor);
	}
}
