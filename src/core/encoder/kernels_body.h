/*
 * kernels_body.h
 *	  The kernels of encoders, in the words of base/simd.h.
 *
 * No include guard: this is a body, not an interface.
 */

/* The first n < WIDTH of a vector, and others behind them. */
INLINE Vector
load_some(const float *x, int n, float others)
{
	float values[WIDTH];

	for (int i = 0; i < WIDTH; i++)
		values[i] = i < n ? x[i] : others;
	return load(values);
}

/* Of the bias, if there is one. */
INLINE Vector
load_bias(const float *bias, int j)
{
	return bias == NULL ? splat(0) : load(bias + j);
}

INLINE void
store_some(float *x, int n, Vector vector)
{
	float values[WIDTH];

	store(values, vector);
	for (int i = 0; i < n; i++)
		x[i] = values[i];
}

INLINE float
sum_of(Vector vector)
{
	float values[WIDTH];

	store(values, vector);
	for (int half = WIDTH / 2; half > 0; half /= 2)
		for (int i = 0; i < half; i++)
			values[i] += values[i + half];
	return values[0];
}

static void
add_bias(float *x, const float *bias, int rows, int n)
{
	for (int i = 0; i < rows; i++, x += n)
	{
		int j = 0;

		for (; j + WIDTH <= n; j += WIDTH)
			store(x + j, load(x + j) + load(bias + j));
		for (; j < n; j++)
			x[j] += bias[j];
	}
}

static void
add(float *x, const float *y, const float *bias, int rows, int n)
{
	for (int i = 0; i < rows; i++, x += n, y += n)
	{
		int j = 0;

		for (; j + WIDTH <= n; j += WIDTH)
			store(x + j, load(x + j) + load(y + j) + load_bias(bias, j));
		for (; j < n; j++)
			x[j] += y[j] + (bias == NULL ? 0 : bias[j]);
	}
}

/* From the coefficient of the highest power on. */
INLINE Vector
polynomial(Vector x, const float *coefficients, int n)
{
	Vector y = splat(coefficients[0]);

	for (int i = 1; i < n; i++)
		y = FAST_MULTIPLY_ADD(y, x, splat(coefficients[i]));
	return y;
}

/* Beyond this the normal distribution has 2e-8 left, which is nothing beside 1 in a float. */
#define NORMAL_END 5.5f

/*
 * v Phi(v), where Phi(v) = 1/2 + v P(v^2) / Q(v^2) for |v| < NORMAL_END.  P and Q are a least-squares fit with
 * weights that level the errors, which are below 1e-8; with those of rounding Phi is right to 2e-7.
 */
INLINE Vector
gelu_of(Vector v)
{
	static const float above[] = {2.2749342e-08f, 6.35207425e-06f, 0.000168823724f,
								  0.00467724865f, 0.0338524915f,   0.398942232f};
	static const float below[] = {1.19749996e-06f, 7.36467191e-05f, 0.00188443391f,
								  0.0286457762f,   0.251521528f,    1};
	Vector near = MAXIMUM(MINIMUM(v, splat(NORMAL_END)), splat(-NORMAL_END)), square = near * near;
	Vector phi = splat(0.5f) + near * polynomial(square, above, 6) / polynomial(square, below, 6);

	/* Phi can't be rounded below 0 or above 1, nor leave a small part of a large v. */
	phi = select_where(v >= splat(NORMAL_END), splat(1), phi);
	return v * select_where(v <= splat(-NORMAL_END), splat(0), phi);
}

static void
gelu(float *x, const float *bias, int rows, int n)
{
	for (int i = 0; i < rows; i++, x += n)
	{
		int j = 0;

		for (; j + WIDTH <= n; j += WIDTH)
			store(x + j, gelu_of(load(x + j) + load_bias(bias, j)));
		if (j < n)
		{
			Vector v = load_some(x + j, n - j, 0);

			if (bias != NULL)
				v += load_some(bias + j, n - j, 0);
			store_some(x + j, n - j, gelu_of(v));
		}
	}
}

/* Two sums each, because an addition waits for the one before. */
INLINE float
sum_of_row(const float *x, int n)
{
	Vector even = splat(0), odd = splat(0);
	int j = 0;

	for (; j + 2 * WIDTH <= n; j += 2 * WIDTH)
	{
		even += load(x + j);
		odd += load(x + j + WIDTH);
	}
	for (; j + WIDTH <= n; j += WIDTH)
		even += load(x + j);
	return sum_of(even + odd + load_some(x + j, n - j, 0));
}

/* Sums of x[j] - centre and of its square. */
INLINE void
moments_of_row(const float *x, int n, float centre, float *sum, float *square)
{
	Vector first[2] = {splat(0), splat(0)}, second[2] = {splat(0), splat(0)}, d;
	int j = 0;

	for (; j + WIDTH <= n; j += WIDTH)
	{
		int which = j / WIDTH % 2;

		d = load(x + j) - splat(centre);
		first[which] += d;
		second[which] = FAST_MULTIPLY_ADD(d, d, second[which]);
	}
	d = load_some(x + j, n - j, centre) - splat(centre);
	*sum = sum_of(first[0] + first[1] + d);
	*square = sum_of(FAST_MULTIPLY_ADD(d, d, second[0] + second[1]));
}

/*
 * A mean far from 0 is rounded to the digits of a float, so that what it misses is taken from the differences,
 * which have more.
 */
static void
layer_norm(const float *x, const float *scale, const float *shift, float epsilon, int rows, int n,
		   float *y)
{
	for (int i = 0; i < rows; i++, x += n, y += n)
	{
		float mean = sum_of_row(x, n) / n, rest, square;
		Vector centre = splat(mean), missed, factor;
		int j = 0;

		moments_of_row(x, n, mean, &rest, &square);
		rest /= n;
		missed = splat(rest);
		factor = splat(1 / sqrtf(fmaxf(square / n - rest * rest, 0) + epsilon));
		for (; j + WIDTH <= n; j += WIDTH)
			store(y + j, FAST_MULTIPLY_ADD((load(x + j) - centre - missed) * factor,
										   load(scale + j), load(shift + j)));
		if (j < n)
			store_some(y + j, n - j,
					   FAST_MULTIPLY_ADD((load_some(x + j, n - j, 0) - centre - missed) * factor,
										 load_some(scale + j, n - j, 0),
										 load_some(shift + j, n - j, 0)));
	}
}

/* exp(x) is 0 for a float from here on, but for numbers below the normal ones. */
#define EXP_END (-87.3f)

/*
 * e^x for x <= 0, to some 1e-7 of it: x = k ln 2 + r with |r| <= ln 2 / 2, and a polynomial for e^r, fitted as
 * those of gelu_of().
 */
INLINE Vector
exp_of(Vector x)
{
	static const float coefficients[] = {
		0.00138146128f, 0.00836871006f, 0.041668389f, 0.166665211f, 0.49999994f, 1, 1};
	/* Added, it leaves a whole number in the last places. */
	const Vector rounding = splat(0x1.8p23f);
	Vector inside = MAXIMUM(x, splat(EXP_END));
	Vector whole = FAST_MULTIPLY_ADD(inside, splat(1.44269504f), rounding);
	IntVector power = ((IntVector) whole - (IntVector) rounding) << 23;
	Vector k = whole - rounding;
	/* ln 2 in two parts, the larger exact in a few bits. */
	Vector r = FAST_MULTIPLY_ADD(k, splat(-0.693359375f), inside);
	Vector y;

	r = FAST_MULTIPLY_ADD(k, splat(2.12194440e-4f), r);
	y = (Vector) ((IntVector) polynomial(r, coefficients, 7) + power);
	return (Vector) ((IntVector) y & (x > splat(EXP_END)));
}

static void
weigh(float *x, int n, float *most, float *sum, float *factor)
{
	for (int q = 0; q < EMO_PANEL_ROWS; q += WIDTH)
	{
		Vector before = load(most + q), largest = before, total = splat(0), shrunk;

		for (int i = 0; i < n; i++)
			largest = MAXIMUM(load(x + i * EMO_PANEL_ROWS + q), largest);
		for (int i = 0; i < n; i++)
		{
			Vector weight = exp_of(load(x + i * EMO_PANEL_ROWS + q) - largest);

			store(x + i * EMO_PANEL_ROWS + q, weight);
			total += weight;
		}
		shrunk = exp_of(before - largest);
		store(most + q, largest);
		store(factor + q, shrunk);
		store(sum + q, FAST_MULTIPLY_ADD(load(sum + q), shrunk, total));
	}
}

static void
scale_columns(float *x, const float *factor, int n)
{
	for (int i = 0; i < n; i++, x += EMO_PANEL_ROWS)
		for (int q = 0; q < EMO_PANEL_ROWS; q += WIDTH)
			store(x + q, load(x + q) * load(factor + q));
}

static void
add_distance_bias(float *x, const float *gate, const float *bias, int n)
{
	for (int i = 0; i < n; i++, x += EMO_PANEL_ROWS, bias--)
		for (int q = 0; q < EMO_PANEL_ROWS; q += WIDTH)
			store(x + q, FAST_MULTIPLY_ADD(load(gate + q), load(bias + q), load(x + q)));
}

typedef uint16_t HalfVector
	__attribute__((vector_size(WIDTH * sizeof(uint16_t)), may_alias, aligned(sizeof(uint16_t))));
typedef int8_t ByteVector __attribute__((vector_size(WIDTH), may_alias, aligned(1)));

INLINE Vector
of_f16(HalfVector x)
{
#if defined(EMO_SIMD_AVX512)
	return (Vector) _mm512_cvtph_ps((__m256i) x);
#elif defined(EMO_SIMD_AVX2)
	return (Vector) _mm256_cvtph_ps((__m128i) x);
#else
	UnsignedVector bits = __builtin_convertvector(x, UnsignedVector);
	UnsignedVector sign = (bits & 0x8000) << 16, magnitude = (bits & 0x7fff) << 13;
	/* The exponents' biases differ by 112; infinity and NaN have the highest exponent. */
	Vector value = (Vector) magnitude * splat(0x1p112f);
	UnsignedVector special = (UnsignedVector) (magnitude >= 0x7c00u << 13) & 0x7f800000;

	return (Vector) ((UnsignedVector) value | special | sign);
#endif
}

INLINE Vector
of_bf16(HalfVector x)
{
	return (Vector) (__builtin_convertvector(x, UnsignedVector) << 16);
}

#define WIDEN(of)                                                                                  \
	size_t i = 0;                                                                                  \
                                                                                                   \
	for (; i + WIDTH <= n; i += WIDTH)                                                             \
		store(y + i, of(*(const HalfVector *) (x + i)));                                           \
	if (i < n)                                                                                     \
	{                                                                                              \
		HalfVector rest = {0};                                                                     \
                                                                                                   \
		for (size_t j = i; j < n; j++)                                                             \
			rest[j - i] = x[j];                                                                    \
		store_some(y + i, (int) (n - i), of(rest));                                                \
	}

static void
float_of_f16(const uint16_t *x, size_t n, float *y)
{
	WIDEN(of_f16)
}

static void
float_of_bf16(const uint16_t *x, size_t n, float *y)
{
	WIDEN(of_bf16)
}

static void
float_of_int8(const int8_t *x, const float *scale, int n, float *y)
{
	for (int i = 0; i < n; i++)
		for (int j = 0; j < EMO_PANEL_ROWS; j += WIDTH, x += WIDTH, y += WIDTH)
			store(y, __builtin_convertvector(*(const ByteVector *) x, Vector) * load(scale + j));
}

#include "core/encoder/kernels_product.h"

const EmoEncoderKernels KERNELS = {
	.name = ISA_NAME,
	.add_bias = add_bias,
	.gelu = gelu,
	.layer_norm = layer_norm,
	.add = add,
	.weigh = weigh,
	.scale_columns = scale_columns,
	.add_distance_bias = add_distance_bias,
	.float_of_f16 = float_of_f16,
	.float_of_bf16 = float_of_bf16,
	.float_of_int8 = float_of_int8,
	.tile_rows = TILE_ROWS,
	.pack_rows = pack_rows,
	.multiply_panel = multiply_panel,
};
