/*
 * kernels_speech.h
 *	  What the contours of speech are measured with, and what finds it: the part of kernels_body.h for
 *	  activity, pitch, spectral shape and the net that hears speech.
 *
 * No include guard: this is a body, not an interface.
 */

/*
 * history: in the upper half of a row, a bin's amplitudes of the block; before them, the last one of
 * the block before, so that neighbours are one float apart.  The last row holds the frames' scales.
 */
#define HISTORY_STRIDE (2 * EMO_LANES)

static void
flux(const float *power, int n, float floor, float *history, float *out)
{
	float *scales = history + (ptrdiff_t) n * HISTORY_STRIDE + EMO_LANES;

	scales[-1] = scales[EMO_LANES - 1];
	for (int lane = 0; lane < EMO_LANES; lane += WIDTH)
	{
		Vector sum = splat(floor);

		for (int i = 0; i < n; i++)
		{
			float *row = history + (ptrdiff_t) i * HISTORY_STRIDE + EMO_LANES;
			Vector amplitude = SQUARE_ROOT(CONST_AT(power + lane, i));

			if (lane == 0)
				row[-1] = row[EMO_LANES - 1];
			AT(row + lane, 0) = amplitude;
			sum += amplitude;
		}
		AT(scales + lane, 0) = 1.0f / sum;
	}
	for (int lane = 0; lane < EMO_LANES; lane += WIDTH)
	{
		Vector scale = CONST_AT(scales + lane, 0), square = splat(0);
		Vector scale_before = load(scales + lane - 1);

		for (int i = 0; i < n; i++)
		{
			const float *row = history + (ptrdiff_t) i * HISTORY_STRIDE + EMO_LANES + lane;
			Vector before = load(row - 1);
			Vector change = MULTIPLY_ADD(CONST_AT(row, 0), scale, -(before * scale_before));

			square = MULTIPLY_ADD(change, change, square);
		}
		AT(out + lane, 0) = SQUARE_ROOT(square);
	}
}

static void
rolloff(const float *power, int n, const float *share_of_total, float *row)
{
	for (int lane = 0; lane < EMO_LANES; lane += WIDTH)
	{
		Vector limit = CONST_AT(share_of_total + lane, 0), sum = splat(0), below = splat(0);

		for (int i = 0; i < n; i++)
		{
			sum += CONST_AT(power + lane, i);
			below += select_where(sum < limit, splat(1), splat(0));
		}
		AT(row + lane, 0) = MINIMUM(below, splat((float) (n - 1)));
	}
}

/* Half-way between x[0] and x[1], from x[-2 .. 3]: Lagrange's polynomial of degree 5. */
INLINE Vector
half_way(const Vector *x)
{
	Vector near = x[0] + x[1], middle = x[-1] + x[2], far = x[-2] + x[3];

	return MULTIPLY_ADD(splat(150.0f / 256), near,
						MULTIPLY_ADD(splat(-25.0f / 256), middle, splat(3.0f / 256) * far));
}

static void
highest_peak(const float *rows, const float *scale, const float *gain, int first, int last,
			 float bias, float *row, float *height)
{
	for (int lane = 0; lane < EMO_LANES; lane += WIDTH)
	{
		Vector of_lane = CONST_AT(scale + lane, 0);
		Vector best = splat(-1), best_row = splat((float) first);
		Vector before = splat(0), at = splat(0), after = splat(0);
		Vector x[6]; /* rows i - 2 .. i + 3 */
		Vector half_before, half_after, bend, offset;

		for (int k = 0; k < 6; k++)
			x[k] = of_lane * splat(gain[first + k - 3]) * CONST_AT(rows + lane, first + k - 3);
		half_after = half_way(x + 2);
		for (int i = first; i <= last; i++)
		{
			IntVector is_before, is_after, better;
			Vector top, score, top_row;

			for (int k = 0; k < 5; k++)
				x[k] = x[k + 1];
			x[5] = of_lane * splat(gain[i + 3]) * CONST_AT(rows + lane, i + 3);
			half_before = half_after;
			half_after = half_way(x + 2);
			top = MAXIMUM(x[2], MAXIMUM(half_before, half_after));
			score = top - splat(bias * (float) i);
			better = (x[2] >= x[1]) & (x[2] > x[3]) & (score > best);

			/* The highest of three values half a row apart, and its neighbours. */
			is_after = better & (half_after > x[2]);
			is_before = better & (half_before > x[2]) & ~is_after;
			top_row = splat((float) i) + select_where(is_after, splat(0.5f), splat(0)) -
					  select_where(is_before, splat(0.5f), splat(0));
			best = select_where(better, score, best);
			best_row = select_where(better, top_row, best_row);
			at = select_where(better, top, at);
			before = select_where(better, half_before, before);
			before = select_where(is_before, x[1], select_where(is_after, x[2], before));
			after = select_where(better, half_after, after);
			after = select_where(is_after, x[3], select_where(is_before, x[2], after));
		}
		/* The vertex of the parabola through them. */
		bend = MINIMUM(before - 2.0f * at + after, splat(-FLT_MIN));
		offset = MAXIMUM(MINIMUM(0.5f * (before - after) / bend, splat(0.5f)), splat(-0.5f));
		AT(row + lane, 0) = MULTIPLY_ADD(offset, splat(0.5f), best_row);
		AT(height + lane, 0) = at - 0.25f * (before - after) * offset;
	}
}

/* The compiler's own SIMD does for these. */
static void
split(const float *samples, size_t n, float scale, float *restrict even, float *restrict odd)
{
	for (size_t i = 0; i < n; i++)
	{
		even[i] = scale * samples[2 * i];
		odd[i] = samples[2 * i + 1];
	}
}

static void
shift_and_scale(const float *samples, size_t n, float offset, float scale, float *restrict out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = scale * (samples[i] - offset);
}

static void
add_products(const double *x, int n, double *restrict sums)
{
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			sums[i * n + j] += x[i] * x[j];
}

/* Floats per stretch of a sum, so that it loses no digits. */
#define SUM_BLOCK 256

/* Sums over samples have this many lanes in every instruction set, so that all give the same bits. */
#define SUM_LANES 8

static double
sum(const float *samples, size_t n)
{
	double total = 0;
	size_t i = 0;

	for (; i + SUM_BLOCK <= n; i += SUM_BLOCK)
	{
		Vector sums[2 * SUM_LANES / WIDTH] = {{0}};
		float lanes[2 * SUM_LANES], of_block = 0;

		for (int j = 0; j < SUM_BLOCK; j += 2 * SUM_LANES)
			for (int k = 0; k < 2 * SUM_LANES / WIDTH; k++)
				sums[k] += load(samples + i + j + k * WIDTH);
		memcpy(lanes, sums, sizeof(lanes));
		for (int lane = 0; lane < SUM_LANES; lane++)
			of_block += lanes[lane] + lanes[SUM_LANES + lane];
		total += of_block;
	}
	for (; i < n; i++)
		total += samples[i];
	return total;
}

INLINE NarrowVector
load_narrow(const float *p)
{
	NarrowVector x;

	memcpy(&x, p, sizeof(x));
	return x;
}

#define STEP_VECTORS (SUM_LANES / NARROW_WIDTH)

static void
measure_step(const float *samples, float offset, float *energy, int *crossings)
{
	NarrowVector squares[STEP_VECTORS] = {{0}};
	NarrowIntVector changes[STEP_VECTORS] = {{0}};
	float square[SUM_LANES];
	int32_t change[SUM_LANES];

	for (int i = 0; i < EMO_STEP; i += SUM_LANES)
		for (int k = 0; k < STEP_VECTORS; k++)
		{
			const float *at = samples + i + k * NARROW_WIDTH;
			NarrowVector x = load_narrow(at) - offset, before = load_narrow(at - 1) - offset;

			squares[k] = NARROW_MULTIPLY_ADD(x, x, squares[k]);
			changes[k] += (x < 0.0f) ^ (before < 0.0f);
		}
	memcpy(square, squares, sizeof(square));
	memcpy(change, changes, sizeof(change));
	*energy = 0;
	*crossings = 0;
	/* A comparison that holds is -1. */
	for (int lane = 0; lane < SUM_LANES; lane++)
	{
		*energy += square[lane];
		*crossings -= change[lane];
	}
}

/* Samples after the last whole SUM_LANES are rounded twice, in every instruction set. */
static void
filter(const float *x, size_t n, const float *taps, int n_taps, float *out)
{
	size_t i = 0, n_fused = n / SUM_LANES * SUM_LANES;

	for (; i + WIDTH <= n_fused; i += WIDTH)
	{
		Vector filtered = load(out + i);

		for (int k = 0; k < n_taps; k++)
			filtered =
				MULTIPLY_ADD(splat(taps[k]), load(x + i - 1 - k) + load(x + i + k), filtered);
		store(out + i, filtered);
	}
	for (; WIDTH > SUM_LANES && i < n_fused; i += NARROW_WIDTH)
	{
		NarrowVector filtered = load_narrow(out + i);

		for (int k = 0; k < n_taps; k++)
			filtered =
				NARROW_MULTIPLY_ADD(taps[k] - (NarrowVector){0},
									load_narrow(x + i - 1 - k) + load_narrow(x + i + k), filtered);
		memcpy(out + i, &filtered, sizeof(filtered));
	}
	for (; i < n; i++)
		for (int k = 0; k < n_taps; k++)
			out[i] += taps[k] * (x[(ptrdiff_t) i - 1 - k] + x[i + k]);
}

/* As many sums at once as hide that each multiply-add waits for the one before. */
INLINE void
convolve_lanes(const float *input, ptrdiff_t stride, int n_in, const int *offsets, int n_taps,
			   const float *weights, Vector sums[EMO_CONVOLVED])
{
	for (int j = 0; j < EMO_CONVOLVED; j++)
		sums[j] = splat(0);
	for (int tap = 0; tap < n_taps; tap++)
	{
		const float *x = input + offsets[tap];

		for (int i = 0; i < n_in; i++, x += stride, weights += EMO_CONVOLVED)
		{
			Vector rectified = MAXIMUM(load(x), splat(0));

			for (int j = 0; j < EMO_CONVOLVED; j++)
				sums[j] = MULTIPLY_ADD(splat(weights[j]), rectified, sums[j]);
		}
	}
	for (int j = 0; j < EMO_CONVOLVED; j++)
		sums[j] += splat(weights[j]);
}

static void
convolve(const float *input, ptrdiff_t stride, int n_in, const int *offsets, int n_taps,
		 const float *weights, int n_out, const float *kept, float *out, ptrdiff_t out_stride)
{
	const ptrdiff_t n_weights = ((ptrdiff_t) n_taps * n_in + 1) * EMO_CONVOLVED;

	for (int first = 0; first < n_out; first += EMO_CONVOLVED, weights += n_weights)
		for (int lane = 0; lane < EMO_LANES; lane += WIDTH)
		{
			Vector sums[EMO_CONVOLVED];

			convolve_lanes(input + lane, stride, n_in, offsets, n_taps, weights, sums);
			for (int j = 0; j < EMO_CONVOLVED; j++)
			{
				if (kept != NULL)
					sums[j] += load(kept + (first + j) * stride + lane);
				store(out + (first + j) * out_stride + lane, sums[j]);
			}
		}
}
