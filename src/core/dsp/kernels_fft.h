/*
 * kernels_fft.h
 *	  The Fourier transforms among the kernels: the part of kernels_body.h that fft.c needs.
 *
 * No include guard: this is a body, not an interface.
 */
/*
 * One pass of decimation in frequency: n values become four transforms of n/4 values, the q-th of
 * which gives the results 4k + q.  twiddles[j] holds exp(-2 pi i j q / n) for q = 1, 2, 3.
 */
INLINE void
radix_4_pass(float *rows, int n, const float *twiddles)
{
	int quarter = n / 4;

	for (int j = 0; j < quarter; j++, twiddles += 6)
	{
		float *at[4];
		Vector re[4], im[4], sum_re, sum_im, difference_re, difference_im;

		for (int q = 0; q < 4; q++)
		{
			at[q] = rows + (ptrdiff_t) (j + q * quarter) * 2 * EMO_LANES;
			re[q] = AT(at[q], 0);
			im[q] = AT(at[q], 1);
		}
		sum_re = re[0] + re[2];
		sum_im = im[0] + im[2];
		difference_re = re[0] - re[2];
		difference_im = im[0] - im[2];
		re[0] = re[1] + re[3];
		im[0] = im[1] + im[3];
		re[2] = re[1] - re[3];
		im[2] = im[1] - im[3];

		AT(at[0], 0) = sum_re + re[0];
		AT(at[0], 1) = sum_im + im[0];
		re[1] = difference_re + im[2];
		im[1] = difference_im - re[2];
		re[3] = difference_re - im[2];
		im[3] = difference_im + re[2];
		re[2] = sum_re - re[0];
		im[2] = sum_im - im[0];
		for (int q = 1; q < 4; q++)
		{
			Vector cosine = splat(twiddles[2 * q - 2]), sine = splat(twiddles[2 * q - 1]);

			AT(at[q], 0) = MULTIPLY_ADD(re[q], cosine, -(im[q] * sine));
			AT(at[q], 1) = MULTIPLY_ADD(re[q], sine, im[q] * cosine);
		}
	}
}

INLINE void
four_point(float *rows)
{
	Vector sum_re = AT(rows, 0) + AT(rows, 4), sum_im = AT(rows, 1) + AT(rows, 5);
	Vector difference_re = AT(rows, 0) - AT(rows, 4), difference_im = AT(rows, 1) - AT(rows, 5);
	Vector odd_sum_re = AT(rows, 2) + AT(rows, 6), odd_sum_im = AT(rows, 3) + AT(rows, 7);
	Vector odd_difference_re = AT(rows, 2) - AT(rows, 6);
	Vector odd_difference_im = AT(rows, 3) - AT(rows, 7);

	AT(rows, 0) = sum_re + odd_sum_re;
	AT(rows, 1) = sum_im + odd_sum_im;
	AT(rows, 2) = difference_re + odd_difference_im;
	AT(rows, 3) = difference_im - odd_difference_re;
	AT(rows, 4) = sum_re - odd_sum_re;
	AT(rows, 5) = sum_im - odd_sum_im;
	AT(rows, 6) = difference_re - odd_difference_im;
	AT(rows, 7) = difference_im + odd_difference_re;
}

INLINE void
two_point(float *rows)
{
	for (int part = 0; part < 2; part++)
	{
		Vector a = AT(rows, part), b = AT(rows, 2 + part);

		AT(rows, part) = a + b;
		AT(rows, 2 + part) = a - b;
	}
}

/* Depth first, so that the parts of a large transform stay in the cache. */
static void
fft_lanes(float *rows, int n, const float *twiddles)
{
	int quarter = n / 4;

	if (n == 4)
	{
		four_point(rows);
		return;
	}
	radix_4_pass(rows, n, twiddles);
	for (int q = 0; q < 4; q++)
	{
		float *part = rows + (ptrdiff_t) q * quarter * 2 * EMO_LANES;

		if (quarter == 2)
			two_point(part);
		else if (quarter == 4)
			four_point(part);
		else
			fft_lanes(part, quarter, twiddles + 6 * quarter);
	}
}

static void
complex_fft(float *rows, int n, const float *twiddles)
{
	for (int lane = 0; lane < EMO_LANES; lane += WIDTH)
		fft_lanes(rows + lane, n, twiddles);
}

/*
 * Even and odd samples' spectra E and O of the real signal from Z[k] and Z[half_n - k]:
 * 2 E = Z[k] + conj Z[half_n - k], 2i O = Z[k] - conj Z[half_n - k], and
 * X[k] = E + w^k O, X[half_n - k] = conj(E - w^k O) with w = exp(-pi i / half_n).
 */
INLINE void
real_result(const float *rows, const int32_t *position, int half_n, const float *twiddles,
			float scale, float *out, bool want_power)
{
	Vector first_re = CONST_AT(rows, 0), first_im = CONST_AT(rows, 1);
	Vector dc = first_re + first_im, nyquist = first_re - first_im;
	Vector factor = splat(want_power ? scale / 4 : scale / 2);

	AT(out, 0) = splat(scale) * dc * (want_power ? dc : splat(1));
	AT(out, half_n) = splat(scale) * nyquist * (want_power ? nyquist : splat(1));
	for (int k = 1; k <= half_n / 2; k++)
	{
		const float *a = rows + (ptrdiff_t) position[k] * 2 * EMO_LANES;
		const float *b = rows + (ptrdiff_t) position[half_n - k] * 2 * EMO_LANES;
		Vector cosine = splat(twiddles[2 * k]), sine = splat(twiddles[2 * k + 1]);
		Vector even_re = CONST_AT(a, 0) + CONST_AT(b, 0);
		Vector even_im = CONST_AT(a, 1) - CONST_AT(b, 1);
		Vector odd_re = CONST_AT(a, 1) + CONST_AT(b, 1);
		Vector odd_im = CONST_AT(b, 0) - CONST_AT(a, 0);
		Vector turned_re = MULTIPLY_ADD(cosine, odd_re, -(sine * odd_im));

		if (want_power)
		{
			Vector turned_im = MULTIPLY_ADD(cosine, odd_im, sine * odd_re);
			Vector re = even_re + turned_re, im = even_im + turned_im;
			Vector mirror_re = even_re - turned_re, mirror_im = even_im - turned_im;

			AT(out, k) = factor * MULTIPLY_ADD(re, re, im * im);
			AT(out, half_n - k) =
				factor * MULTIPLY_ADD(mirror_re, mirror_re, mirror_im * mirror_im);
		}
		else
		{
			AT(out, k) = factor * (even_re + turned_re);
			AT(out, half_n - k) = factor * (even_re - turned_re);
		}
	}
}

static void
real_power(const float *rows, const int32_t *position, int half_n, const float *twiddles,
		   float scale, float *power)
{
	for (int lane = 0; lane < EMO_LANES; lane += WIDTH)
		real_result(rows + lane, position, half_n, twiddles, scale, power + lane, true);
}

static void
real_part(const float *rows, const int32_t *position, int half_n, const float *twiddles,
		  float scale, float *real)
{
	for (int lane = 0; lane < EMO_LANES; lane += WIDTH)
		real_result(rows + lane, position, half_n, twiddles, scale, real + lane, false);
}
