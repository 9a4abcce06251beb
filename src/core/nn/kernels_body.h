/*
 * kernels_body.h
 *	  The kernels of nets, in the words of base/simd.h.
 *
 * No include guard: this is a body, not an interface.
 */
/* A tile's sums, TILE_ROWS x TILE_VECTORS, one vector of b and one broadcast of a fill the registers. */
#if WIDTH == 16
#define TILE_VECTORS 4
#define TILE_ROWS    7
#else
#define TILE_VECTORS 2
#define TILE_ROWS    6
#endif

#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

/*
 * Rows of b that are gone through before going to the next rows of a: with 64 columns they take
 * 64 KB, which stay in the second-level cache.
 */
#define DEPTH 256

/* More rows where a tile is narrower, so that the sums still hide the latency of multiply-adds. */
#define NARROW_ROWS (2 * TILE_ROWS)

/*
 * The sums of a tile are variables of their own, since compilers keep those in registers, and don't
 * always do so with elements of an array.  Conditions on rows and vectors are constant.
 */
#define EACH_ROW(DO)                                                                               \
	DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13)

#define START_ROW(i)                                                                               \
	Vector sum##i##_0 = {0}, sum##i##_1 = {0}, sum##i##_2 = {0}, sum##i##_3 = {0};                 \
	if (add && i < rows)                                                                           \
	{                                                                                              \
		sum##i##_0 = load(c + i * c_row);                                                          \
		if (vectors > 1)                                                                           \
			sum##i##_1 = load(c + i * c_row + WIDTH);                                              \
		if (vectors > 2)                                                                           \
			sum##i##_2 = load(c + i * c_row + 2 * WIDTH);                                          \
		if (vectors > 3)                                                                           \
			sum##i##_3 = load(c + i * c_row + 3 * WIDTH);                                          \
	}

#define ADD_PRODUCTS(i)                                                                            \
	if (i < rows)                                                                                  \
	{                                                                                              \
		Vector left = splat(a[i * a_row]);                                                         \
		sum##i##_0 = FAST_MULTIPLY_ADD(left, right_0, sum##i##_0);                                 \
		if (vectors > 1)                                                                           \
			sum##i##_1 = FAST_MULTIPLY_ADD(left, right_1, sum##i##_1);                             \
		if (vectors > 2)                                                                           \
			sum##i##_2 = FAST_MULTIPLY_ADD(left, right_2, sum##i##_2);                             \
		if (vectors > 3)                                                                           \
			sum##i##_3 = FAST_MULTIPLY_ADD(left, right_3, sum##i##_3);                             \
	}

#define STORE_ROW(i)                                                                               \
	if (i < rows)                                                                                  \
	{                                                                                              \
		store(c + i * c_row, sum##i##_0);                                                          \
		if (vectors > 1)                                                                           \
			store(c + i * c_row + WIDTH, sum##i##_1);                                              \
		if (vectors > 2)                                                                           \
			store(c + i * c_row + 2 * WIDTH, sum##i##_2);                                          \
		if (vectors > 3)                                                                           \
			store(c + i * c_row + 3 * WIDTH, sum##i##_3);                                          \
	}

/* A tile of c of constant size: rows x (vectors * WIDTH). */
INLINE void
tile(int rows, int vectors, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b,
	 ptrdiff_t b_row, float *c, ptrdiff_t c_row, int k, bool add)
{
	EACH_ROW(START_ROW)
	for (; k > 0; k--, a += a_column, b += b_row)
	{
		Vector right_0 = load(b);
		Vector right_1 = vectors > 1 ? load(b + WIDTH) : right_0;
		Vector right_2 = vectors > 2 ? load(b + 2 * WIDTH) : right_0;
		Vector right_3 = vectors > 3 ? load(b + 3 * WIDTH) : right_0;

		EACH_ROW(ADD_PRODUCTS)
	}
	EACH_ROW(STORE_ROW)
}

#define TILE_CASE(n)                                                                               \
	case n:                                                                                        \
		tile(n, vectors, a, a_row, a_column, b, b_row, c, c_row, k, add);                          \
		break

/* All rows of some columns. */
INLINE void
panel(int vectors, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b,
	  ptrdiff_t b_row, float *c, ptrdiff_t c_row, int m, int k, bool add)
{
	if (vectors < TILE_VECTORS)
		for (; m >= NARROW_ROWS;
			 m -= NARROW_ROWS, a += NARROW_ROWS * a_row, c += NARROW_ROWS * c_row)
			tile(NARROW_ROWS, vectors, a, a_row, a_column, b, b_row, c, c_row, k, add);
	for (; m >= TILE_ROWS; m -= TILE_ROWS, a += TILE_ROWS * a_row, c += TILE_ROWS * c_row)
		tile(TILE_ROWS, vectors, a, a_row, a_column, b, b_row, c, c_row, k, add);
	switch (m)
	{
		TILE_CASE(1);
		TILE_CASE(2);
		TILE_CASE(3);
		TILE_CASE(4);
		TILE_CASE(5);
#if TILE_ROWS > 6
		TILE_CASE(6);
#endif
	}
}

static void
multiply(const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b, ptrdiff_t b_row,
		 float *c, ptrdiff_t c_row, int m, int n, int k, bool add)
{
	int depth;

	for (int done = 0; done < k; done += depth)
	{
		int j = 0;

		depth = k - done < DEPTH ? k - done : DEPTH;
		for (; j + TILE_VECTORS * WIDTH <= n; j += TILE_VECTORS * WIDTH)
			panel(TILE_VECTORS, a, a_row, a_column, b + j, b_row, c + j, c_row, m, depth, add);
#if WIDTH == 16
		if (j + 2 * WIDTH <= n)
		{
			panel(2, a, a_row, a_column, b + j, b_row, c + j, c_row, m, depth, add);
			j += 2 * WIDTH;
		}
		if (j < n)
			panel(1, a, a_row, a_column, b + j, b_row, c + j, c_row, m, depth, add);
#endif
		a += depth * a_column;
		b += depth * b_row;
		add = true;
	}
}

static void
moments(const float *x, int rows, int n, const float *center, float *sum, float *square)
{
	for (int j = 0; j < n; j += WIDTH)
	{
		Vector middle = load(center + j), first = {0}, second = {0};

		for (int i = 0; i < rows; i++)
		{
			Vector d = load(x + (ptrdiff_t) i * n + j) - middle;

			first += d;
			second = FAST_MULTIPLY_ADD(d, d, second);
		}
		store(sum + j, first);
		store(square + j, second);
	}
}

/* The part of a window that lies inside z. */
typedef struct Window
{
	const float *z;     /* its first position, at the channels in work */
	ptrdiff_t row_step; /* floats from one row to the next */
	int rows, width, step;
} Window;

INLINE Window
window_at(const EmoNnActivation *shape, const float *z, int row, int column)
{
	int first_row = row * shape->window_rows, first = column * shape->window_width;
	int rows_left = shape->rows - first_row, width_left = shape->width - first;
	Window window = {
		.z = z + ((ptrdiff_t) first_row * shape->width + first) * shape->channels,
		.row_step = (ptrdiff_t) shape->width * shape->channels,
		.rows = rows_left < shape->window_rows ? rows_left : shape->window_rows,
		.width = width_left < shape->window_width ? width_left : shape->window_width,
		.step = shape->channels,
	};

	return window;
}

/* The largest scale z + shift of a window's channels j .. j + WIDTH - 1. */
INLINE Vector
window_maximum(const Window *window, int j, Vector scale, Vector shift)
{
	Vector best = FAST_MULTIPLY_ADD(load(window->z + j), scale, shift);

	for (int r = 0; r < window->rows; r++)
		for (int s = r == 0; s < window->width; s++)
			best = MAXIMUM(
				FAST_MULTIPLY_ADD(load(window->z + r * window->row_step + s * window->step + j),
								  scale, shift),
				best);
	return best;
}

static void
activate(const EmoNnActivation *shape, const float *z, float *y)
{
	for (int row = 0; row < shape->out_rows; row++)
		for (int column = 0; column < shape->out_width; column++, y += shape->channels)
		{
			Window window = window_at(shape, z, row, column);

			for (int j = 0; j < shape->channels; j += WIDTH)
			{
				Vector best =
					window_maximum(&window, j, load(shape->scale + j), load(shape->shift + j));

				store(y + j, shape->relu ? MAXIMUM(best, (Vector){0}) : best);
			}
		}
}

/* dy where ReLU let the window's maximum pass, else 0. */
INLINE Vector
passed(const EmoNnActivation *shape, Vector dy, Vector best)
{
	IntVector active = best > (Vector){0};

	return shape->relu ? (Vector) ((IntVector) dy & active) : dy;
}

static void
gradient_sums(const EmoNnActivation *shape, const float *dy, const float *z, const float *center,
			  float *sum, float *product)
{
	for (int row = 0; row < shape->out_rows; row++)
		for (int column = 0; column < shape->out_width; column++, dy += shape->channels)
		{
			Window window = window_at(shape, z, row, column);

			for (int j = 0; j < shape->channels; j += WIDTH)
			{
				Vector scale = load(shape->scale + j), shift = load(shape->shift + j);
				Vector best = window_maximum(&window, j, scale, shift);
				Vector g = passed(shape, load(dy + j), best);
				Vector at = {0};
				IntVector open = (IntVector){0} == (IntVector){0};

				/* The first position with the maximum takes the gradient. */
				for (int r = 0; r < window.rows; r++)
					for (int s = 0; s < window.width; s++)
					{
						Vector value = load(window.z + r * window.row_step + s * window.step + j);
						IntVector here = open & (FAST_MULTIPLY_ADD(value, scale, shift) == best);

						at = (Vector) ((IntVector) at | ((IntVector) value & here));
						open &= ~here;
					}
				store(sum + j, load(sum + j) + g);
				store(product + j, FAST_MULTIPLY_ADD(g, at - load(center + j), load(product + j)));
			}
		}
}

/* Positions that no window covers have no gradient of their own. */
INLINE void
gradient_outside(const EmoNnActivation *shape, const float *z, const float *linear,
				 const float *constant, float *dz)
{
	int covered_rows = shape->out_rows * shape->window_rows;
	int covered_width = shape->out_width * shape->window_width;

	for (int row = 0; row < shape->rows; row++)
		for (int column = row < covered_rows ? covered_width : 0; column < shape->width; column++)
		{
			ptrdiff_t at = ((ptrdiff_t) row * shape->width + column) * shape->channels;

			for (int j = 0; j < shape->channels; j += WIDTH)
				store(dz + at + j,
					  FAST_MULTIPLY_ADD(load(z + at + j), load(linear + j), load(constant + j)));
		}
}

static void
gradient(const EmoNnActivation *shape, const float *dy, const float *z, const float *slope,
		 const float *linear, const float *constant, float *dz)
{
	for (int row = 0; row < shape->out_rows; row++)
		for (int column = 0; column < shape->out_width; column++, dy += shape->channels)
		{
			Window window = window_at(shape, z, row, column);
			float *out = dz + (window.z - z);

			for (int j = 0; j < shape->channels; j += WIDTH)
			{
				Vector scale = load(shape->scale + j), shift = load(shape->shift + j);
				Vector best = window_maximum(&window, j, scale, shift);
				Vector g = passed(shape, load(dy + j), best) * load(slope + j);
				IntVector open = (IntVector){0} == (IntVector){0};

				for (int r = 0; r < window.rows; r++)
					for (int s = 0; s < window.width; s++)
					{
						ptrdiff_t at = r * window.row_step + s * window.step + j;
						Vector value = load(window.z + at);
						IntVector here = open & (FAST_MULTIPLY_ADD(value, scale, shift) == best);
						Vector rest =
							FAST_MULTIPLY_ADD(value, load(linear + j), load(constant + j));

						store(out + at, rest + (Vector) ((IntVector) g & here));
						open &= ~here;
					}
			}
		}
	gradient_outside(shape, z, linear, constant, dz);
}

/* "lowbias32" (Wellons 2018, "Prospecting for hash functions"), of which every bit is fair. */
INLINE UnsignedVector
hash(UnsignedVector x)
{
	x ^= x >> 16;
	x *= 0x7feb352dU;
	x ^= x >> 15;
	x *= 0x846ca68bU;
	return x ^ (x >> 16);
}

static void
drop(float *x, size_t n, uint32_t key, uint32_t threshold, float factor)
{
	UnsignedVector lane;

	UNROLL
	for (int i = 0; i < WIDTH; i++)
		lane[i] = (uint32_t) i;
	for (size_t i = 0; i < n; i += WIDTH)
	{
		IntVector kept = (IntVector) (hash(hash(lane + (uint32_t) i) + key) >= threshold);

		store(x + i, (Vector) ((IntVector) (load(x + i) * factor) & kept));
	}
}

static void
add(float *x, const float *y, size_t n)
{
	for (size_t i = 0; i < n; i += WIDTH)
		store(x + i, load(x + i) + load(y + i));
}

const EmoNnKernels KERNELS = {
	.name = ISA_NAME,
	.multiply = multiply,
	.moments = moments,
	.activate = activate,
	.gradient_sums = gradient_sums,
	.gradient = gradient,
	.drop = drop,
	.add = add,
};
