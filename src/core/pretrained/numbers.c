/*
 * numbers.c
 *	  From the numbers of checkpoints to floats, and from floats to those of images.
 */
#include "core/pretrained/numbers.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/half.h"

/* From here on, a half rounds to infinity. */
#define HALF_OVERFLOW 65520.0f

/* Exponents of infinities and NaN. */
#define FLOAT_NOT_FINITE 0x7F800000u
#define HALF_NOT_FINITE  0x7C00u

#define LARGEST_INT8     127

static uint32_t
bits_of(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static float
float_of_bits(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

size_t
emo_dtype_bytes(EmoDtype dtype)
{
	return dtype == EMO_DTYPE_F32 ? 4 : 2;
}

static bool
are_finite(const float *values, size_t n)
{
	uint32_t n_bad = 0;

	for (size_t i = 0; i < n; i++)
		n_bad += (bits_of(values[i]) & FLOAT_NOT_FINITE) == FLOAT_NOT_FINITE;
	return n_bad == 0;
}

static bool
floats_of_halves(const uint8_t *bytes, size_t n, float *values)
{
	uint32_t n_bad = 0;

	for (size_t i = 0; i < n; i++)
	{
		uint16_t half = (uint16_t) (bytes[2 * i] | bytes[2 * i + 1] << 8);

		n_bad += (half & HALF_NOT_FINITE) == HALF_NOT_FINITE;
		values[i] = emo_float_of_half(half);
	}
	return n_bad == 0;
}

bool
emo_floats_of_numbers(EmoDtype dtype, const uint8_t *bytes, size_t n, float *values)
{
	if (dtype == EMO_DTYPE_F16)
		return floats_of_halves(bytes, n, values);
	for (size_t i = 0; i < n; i++)
	{
		const uint8_t *at = bytes + i * emo_dtype_bytes(dtype);
		uint32_t bits = dtype == EMO_DTYPE_BF16
							? (uint32_t) at[0] << 16 | (uint32_t) at[1] << 24
							: (uint32_t) at[0] | (uint32_t) at[1] << 8 | (uint32_t) at[2] << 16 |
								  (uint32_t) at[3] << 24;

		values[i] = float_of_bits(bits);
	}
	return are_finite(values, n);
}

static bool
halves_of_floats(const float *values, size_t n, uint16_t *halves)
{
	bool are_all_small = true;

	for (size_t i = 0; i < n; i++)
	{
		are_all_small &= fabsf(values[i]) < HALF_OVERFLOW;
		halves[i] = emo_half_of_float(values[i]);
	}
	return are_all_small;
}

/* The upper half of a float, rounded to nearest even. */
static bool
bfloats_of_floats(const float *values, size_t n, uint16_t *bfloats)
{
	uint32_t n_bad = 0;

	for (size_t i = 0; i < n; i++)
	{
		uint32_t bits = bits_of(values[i]);

		bits += 0x7FFF + (bits >> 16 & 1);
		n_bad += (bits & FLOAT_NOT_FINITE) == FLOAT_NOT_FINITE;
		bfloats[i] = (uint16_t) (bits >> 16);
	}
	return n_bad == 0;
}

/* A row whose largest number is hardly above 0 becomes zeros, as its scale would not be exact any more. */
static float
int8_row(const float *values, int n, int8_t *numbers)
{
	float largest = 0, scale;

	for (int i = 0; i < n; i++)
		largest = fmaxf(largest, fabsf(values[i]));
	scale = largest / LARGEST_INT8;
	if (scale < FLT_MIN)
	{
		memset(numbers, 0, n);
		return 0;
	}
	for (int i = 0; i < n; i++)
		numbers[i] = (int8_t) lrintf(values[i] / scale);
	return scale;
}

bool
emo_numbers_of_floats(EmoPrecision precision, const float *values, int rows, int columns,
					  void *numbers, float *scales)
{
	size_t n = (size_t) rows * columns;

	switch (precision)
	{
		case EMO_F16:
			return halves_of_floats(values, n, numbers);
		case EMO_BF16:
			return bfloats_of_floats(values, n, numbers);
		case EMO_INT8:
			for (int i = 0; i < rows; i++)
				scales[i] = int8_row(values + (size_t) i * columns, columns,
									 (int8_t *) numbers + (size_t) i * columns);
			return true;
		default:
			memcpy(numbers, values, n * sizeof(float));
			return true;
	}
}

/* A function for each size of numbers, in which that is known. */
static inline void
lay_panels(const char *from, int rows, int columns, int panel, size_t number_bytes, char *to)
{
	size_t row_bytes = (size_t) columns * number_bytes;

	for (int row = 0; row < rows; row += panel, from += (size_t) panel * row_bytes)
		for (int column = 0; column < columns; column++)
			for (int i = 0; i < panel; i++, to += number_bytes)
				memcpy(to, from + i * row_bytes + (size_t) column * number_bytes, number_bytes);
}

void
emo_lay_panels(const void *numbers, int rows, int columns, int panel, size_t number_bytes,
			   void *panels)
{
	if (number_bytes == sizeof(float))
		lay_panels(numbers, rows, columns, panel, sizeof(float), panels);
	else if (number_bytes == sizeof(uint16_t))
		lay_panels(numbers, rows, columns, panel, sizeof(uint16_t), panels);
	else
		lay_panels(numbers, rows, columns, panel, 1, panels);
}

bool
emo_turn_kernels(const float *values, int rows, int columns, int kernel, const double *factors,
				 float *turned)
{
	int channels = columns / kernel;

	for (int row = 0; row < rows; row++, values += columns, turned += columns)
		for (int c = 0; c < channels; c++)
			for (int k = 0; k < kernel; k++)
			{
				float value = values[(size_t) c * kernel + k];

				turned[(size_t) k * channels + c] =
					factors != NULL ? (float) (value * factors[k]) : value;
			}
	return factors == NULL || are_finite(turned - (size_t) rows * columns, (size_t) rows * columns);
}
