/*
 * kernels_body.h
 *	  The kernels of kernels.h, in the words of base/simd.h.
 *
 * A row of 16 lanes is EMO_LANES/WIDTH vectors, and every kernel works through one vector's lanes
 * before it turns to the next.  No include guard: this is a body, not an interface.
 */
#define AT(rows, row)       (*(Vector *) ((rows) + (ptrdiff_t) (row) *EMO_LANES))
#define CONST_AT(rows, row) (*(const Vector *) ((rows) + (ptrdiff_t) (row) *EMO_LANES))

/*
 * Framing.  Four samples of WIDTH frames are a WIDTH x 4 matrix; it is read in quads, so that
 * register i holds frames i, i + 4, i + 8, ..., and transposed within quads.
 */
INLINE Vector
load_quads(const float *samples, ptrdiff_t hop_length, float preemphasis)
{
	Vector x = LOAD_QUADS(samples, 4 * hop_length);

	if (preemphasis != 0)
		x -= splat(preemphasis) * LOAD_QUADS(samples - 1, 4 * hop_length);
	return x;
}

INLINE void
frame_lanes(const float *samples, ptrdiff_t hop_length, const float *window, int length,
			float preemphasis, float *rows)
{
	int i = 0;

	for (; i + 4 <= length; i += 4)
	{
		Vector a = load_quads(samples + i, hop_length, preemphasis);
		Vector b = load_quads(samples + i + hop_length, hop_length, preemphasis);
		Vector c = load_quads(samples + i + 2 * hop_length, hop_length, preemphasis);
		Vector d = load_quads(samples + i + 3 * hop_length, hop_length, preemphasis);
		Vector ab_low = INTERLEAVE_LOW(a, b), ab_high = INTERLEAVE_HIGH(a, b);
		Vector cd_low = INTERLEAVE_LOW(c, d), cd_high = INTERLEAVE_HIGH(c, d);

		AT(rows, i) = splat(window[i]) * JOIN_LOW(ab_low, cd_low);
		AT(rows, i + 1) = splat(window[i + 1]) * JOIN_HIGH(ab_low, cd_low);
		AT(rows, i + 2) = splat(window[i + 2]) * JOIN_LOW(ab_high, cd_high);
		AT(rows, i + 3) = splat(window[i + 3]) * JOIN_HIGH(ab_high, cd_high);
	}
	for (; i < length; i++)
	{
		for (int lane = 0; lane < WIDTH; lane++)
		{
			const float *x = samples + i + lane * hop_length;
			float value = preemphasis != 0 ? x[0] - preemphasis * x[-1] : x[0];

			rows[(ptrdiff_t) i * EMO_LANES + lane] = window[i] * value;
		}
	}
}

static void
frame(const float *samples, ptrdiff_t hop_length, const float *window, int length,
	  float preemphasis, float *rows)
{
	for (int lane = 0; lane < EMO_LANES; lane += WIDTH)
	{
		const float *first = samples + lane * hop_length;

		/* Two calls, so that each is compiled without the other's test. */
		if (preemphasis != 0)
			frame_lanes(first, hop_length, window, length, preemphasis, rows + lane);
		else
			frame_lanes(first, hop_length, window, length, 0, rows + lane);
	}
}

#include "core/dsp/kernels_fft.h"

static void
weighted_sum(const float *rows, const float *weights, int n, float *out)
{
	for (int lane = 0; lane < EMO_LANES; lane += WIDTH)
	{
		Vector even = splat(0), odd = splat(0);
		int i = 0;

		/* Two sums, because each addition waits for the one before. */
		for (; i + 2 <= n; i += 2)
		{
			even = MULTIPLY_ADD(splat(weights[i]), CONST_AT(rows + lane, i), even);
			odd = MULTIPLY_ADD(splat(weights[i + 1]), CONST_AT(rows + lane, i + 1), odd);
		}
		if (i < n)
			even = MULTIPLY_ADD(splat(weights[i]), CONST_AT(rows + lane, i), even);
		AT(out + lane, 0) = even + odd;
	}
}

/*
 * Natural logarithm of normal positive floats, after logf of the Cephes library (S. Moshier):
 * x = 2^e m with m in [sqrt(1/2), sqrt 2), ln x = e ln 2 + ln m, and a polynomial for ln m.
 */
INLINE Vector
natural_log(Vector x)
{
	static const float coefficients[] = {7.0376836292e-2f,  -1.1514610310e-1f, 1.1676998740e-1f,
										 -1.2420140846e-1f, 1.4249322787e-1f,  -1.6668057665e-1f,
										 2.0000714765e-1f,  -2.4999993993e-1f, 3.3333331174e-1f};
	const int32_t sqrt_half_bits = 0x3f3504f3, mantissa_bits = 23;
	IntVector bits = (IntVector) x - sqrt_half_bits;
	IntVector exponent = bits >> mantissa_bits;
	Vector e = __builtin_convertvector(exponent, Vector);
	Vector m = (Vector) ((IntVector) x - (exponent << mantissa_bits)) - 1.0f;
	Vector square = m * m, y = splat(coefficients[0]);

	for (int i = 1; i < 9; i++)
		y = MULTIPLY_ADD(y, m, splat(coefficients[i]));
	y = y * m * square;
	/* ln 2 in two parts, the larger exact in a few bits. */
	y = MULTIPLY_ADD(e, splat(-2.12194440e-4f), y);
	y = MULTIPLY_ADD(square, splat(-0.5f), y);
	return MULTIPLY_ADD(e, splat(0.693359375f), m + y);
}

static void
log_rows(float *rows, int n, float floor, float scale, float *maximum)
{
	for (int lane = 0; lane < EMO_LANES; lane += WIDTH)
	{
		Vector largest = AT(maximum + lane, 0);

		for (int i = 0; i < n; i++)
		{
			Vector x = MAXIMUM(AT(rows + lane, i), splat(floor));
			Vector y = splat(scale) * natural_log(x);

			AT(rows + lane, i) = y;
			largest = MAXIMUM(largest, y);
		}
		AT(maximum + lane, 0) = largest;
	}
}

/* Four results at a time, so that a row is read once for four products. */
static void
multiply(const float *rows, int n_in, float floor, const float *matrix, int n_out, float *out)
{
	for (int lane = 0; lane < EMO_LANES; lane += WIDTH)
	{
		for (int j = 0; j < n_out; j += 4)
		{
			int last = n_out - 1 - j;
			const float *weights[4];
			Vector sums[4] = {{0}, {0}, {0}, {0}};

			for (int r = 0; r < 4; r++)
				weights[r] = matrix + (ptrdiff_t) (j + (r < last ? r : last)) * n_in;
			for (int i = 0; i < n_in; i++)
			{
				Vector x = MAXIMUM(CONST_AT(rows + lane, i), splat(floor));

				for (int r = 0; r < 4; r++)
					sums[r] = MULTIPLY_ADD(splat(weights[r][i]), x, sums[r]);
			}
			for (int r = 0; r <= last && r < 4; r++)
				AT(out + lane, j + r) = sums[r];
		}
	}
}

static void
moments(const float *rows, size_t n, const float *center, float first_t, float *sums)
{
	for (int lane = 0; lane < EMO_LANES; lane += WIDTH)
	{
		Vector origin = CONST_AT(center + lane, 0), t = splat(first_t);
		Vector sum = splat(0), second = splat(0), third = splat(0), fourth = splat(0);
		Vector with_t = splat(0);

		for (size_t i = 0; i < n; i++)
		{
			Vector d = CONST_AT(rows + lane, i) - origin, square = d * d;

			sum += d;
			second += square;
			third = MULTIPLY_ADD(square, d, third);
			fourth = MULTIPLY_ADD(square, square, fourth);
			with_t = MULTIPLY_ADD(d, t, with_t);
			t += 1.0f;
		}
		AT(sums + lane, 0) = sum;
		AT(sums + lane, 1) = second;
		AT(sums + lane, 2) = third;
		AT(sums + lane, 3) = fourth;
		AT(sums + lane, 4) = with_t;
	}
}

#include "core/dsp/kernels_speech.h"

static void
exchange_pass(float *rows, size_t n, size_t period, size_t phase, size_t distance)
{
	for (size_t first = phase; first + distance < n; first += 2 * period)
	{
		size_t left = n - distance - first;
		float *low = rows + first * EMO_LANES, *high = low + distance * EMO_LANES;

		for (size_t i = 0; i < (left < period ? left : period) * EMO_LANES; i += WIDTH)
		{
			Vector a = *(Vector *) (low + i), b = *(Vector *) (high + i);

			*(Vector *) (low + i) = MINIMUM(a, b);
			*(Vector *) (high + i) = MAXIMUM(a, b);
		}
	}
}

const EmoKernels KERNELS = {
	.name = ISA_NAME,
	.frame = frame,
	.complex_fft = complex_fft,
	.real_power = real_power,
	.real_part = real_part,
	.weighted_sum = weighted_sum,
	.log_rows = log_rows,
	.multiply = multiply,
	.convolve = convolve,
	.moments = moments,
	.flux = flux,
	.rolloff = rolloff,
	.highest_peak = highest_peak,
	.sum = sum,
	.measure_step = measure_step,
	.filter = filter,
	.exchange_pass = exchange_pass,
	.split = split,
	.shift_and_scale = shift_and_scale,
	.add_products = add_products,
};
