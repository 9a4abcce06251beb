/*
 * kernels_product.h
 *	  The part of kernels_body.h that products are made of.
 *
 * No include guard: this is a body, not an interface.
 */

/* A tile of the result: TILE_ROWS rows of a panel's outputs, whose sums fill the registers. */
#define TILE_VECTORS (EMO_PANEL_ROWS / WIDTH)
#if WIDTH == 16
#define TILE_ROWS 14
#elif WIDTH == 8 || defined(__aarch64__)
#define TILE_ROWS 6
#else
#define TILE_ROWS 3
#endif

/* What is added to comes last: in each sum on the way, its size would be what is rounded to. */
INLINE void
store_sum(bool add, float *y, Vector sum)
{
	if (add)
		sum = sum + load(y);
	store(y, sum);
}

/*
 * The sums are variables of their own, since compilers keep those in registers, and don't always do so with elements
 * of an array.  Conditions on rows and vectors are constant.
 */
#define EACH_ROW(DO)                                                                               \
	DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13)

#define START_ROW(i)                                                                               \
	Vector sum##i##_0 = {0}, sum##i##_1 = {0}, sum##i##_2 = {0}, sum##i##_3 = {0};                 \
	(void) sum##i##_0, (void) sum##i##_1, (void) sum##i##_2, (void) sum##i##_3;

#define ADD_PRODUCTS(i)                                                                            \
	if (i < TILE_ROWS)                                                                             \
	{                                                                                              \
		Vector left = splat(packed[i]);                                                            \
		sum##i##_0 = FAST_MULTIPLY_ADD(left, right_0, sum##i##_0);                                 \
		if (TILE_VECTORS > 1)                                                                      \
			sum##i##_1 = FAST_MULTIPLY_ADD(left, right_1, sum##i##_1);                             \
		if (TILE_VECTORS > 2)                                                                      \
		{                                                                                          \
			sum##i##_2 = FAST_MULTIPLY_ADD(left, right_2, sum##i##_2);                             \
			sum##i##_3 = FAST_MULTIPLY_ADD(left, right_3, sum##i##_3);                             \
		}                                                                                          \
	}

#define STORE_ROW(i)                                                                               \
	if (i < TILE_ROWS)                                                                             \
	{                                                                                              \
		store_sum(add, y + i * y_row, sum##i##_0);                                                 \
		if (TILE_VECTORS > 1)                                                                      \
			store_sum(add, y + i * y_row + WIDTH, sum##i##_1);                                     \
		if (TILE_VECTORS > 2)                                                                      \
		{                                                                                          \
			store_sum(add, y + i * y_row + 2 * WIDTH, sum##i##_2);                                 \
			store_sum(add, y + i * y_row + 3 * WIDTH, sum##i##_3);                                 \
		}                                                                                          \
	}

#define STEP                                                                                       \
	{                                                                                              \
		Vector right_0 = load(panel);                                                              \
		Vector right_1 = load(panel + 1 % TILE_VECTORS * WIDTH);                                   \
		Vector right_2 = load(panel + 2 % TILE_VECTORS * WIDTH);                                   \
		Vector right_3 = load(panel + 3 % TILE_VECTORS * WIDTH);                                   \
                                                                                                   \
		(void) right_1, (void) right_2, (void) right_3;                                            \
		EACH_ROW(ADD_PRODUCTS)                                                                     \
		packed += TILE_ROWS;                                                                       \
		panel += EMO_PANEL_ROWS;                                                                   \
	}

/* A whole tile.  Fetches some lines of what the next panel needs, one with each step. */
static void
tile(const float *packed, const float *panel, int depth, bool add, float *y, ptrdiff_t y_row,
	 const char *next, int next_lines)
{
	int fetching = next_lines < depth ? next_lines : depth;

	EACH_ROW(START_ROW)
	for (int p = 0; p < fetching; p++, next += EMO_ALIGNMENT)
	{
		/* Into the second-level cache. */
		__builtin_prefetch(next, 0, 2);
		STEP
	}
	for (int p = fetching; p < depth; p++)
		STEP EACH_ROW(STORE_ROW)
}

/* One at the edge, by way of a whole one. */
static void
edge_tile(const float *packed, const EmoPanelProduct *product, float *y, int rows)
{
	float whole[TILE_ROWS * EMO_PANEL_ROWS] = {0};

	for (int i = 0; product->add && i < rows; i++)
		for (int j = 0; j < product->outputs; j++)
			whole[i * EMO_PANEL_ROWS + j] = y[i * product->y_row + j];
	tile(packed, product->panel, product->depth, product->add, whole, EMO_PANEL_ROWS, NULL, 0);
	for (int i = 0; i < rows; i++)
		for (int j = 0; j < product->outputs; j++)
			y[i * product->y_row + j] = whole[i * EMO_PANEL_ROWS + j];
}

static void
multiply_panel(const EmoPanelProduct *product)
{
	const float *packed = product->packed;
	float *y = product->y;
	const char *next = product->next;
	int n_tiles = (product->rows + TILE_ROWS - 1) / TILE_ROWS;
	int lines = next == NULL ? 0 : (product->next_lines + n_tiles - 1) / n_tiles;

	for (int left = product->rows; left > 0; left -= TILE_ROWS)
	{
		if (left < TILE_ROWS || product->outputs < EMO_PANEL_ROWS)
			edge_tile(packed, product, y, left < TILE_ROWS ? left : TILE_ROWS);
		else
			tile(packed, product->panel, product->depth, product->add, y, product->y_row, next,
				 lines);
		packed += TILE_ROWS * product->depth;
		y += TILE_ROWS * product->y_row;
		next += lines * EMO_ALIGNMENT;
	}
}

/* Four floats, whatever WIDTH is. */
typedef float Quad __attribute__((vector_size(16), may_alias));
typedef float UnalignedQuad __attribute__((vector_size(16), may_alias, aligned(4)));

#ifdef __clang__
#define SHUFFLE_QUADS(a, b, i, j, k, l) __builtin_shufflevector((a), (b), i, j, k, l)
#else
typedef int32_t IntQuad __attribute__((vector_size(16)));
#define SHUFFLE_QUADS(a, b, i, j, k, l) __builtin_shuffle((a), (b), (IntQuad){i, j, k, l})
#endif

/* Four columns of four rows; of fewer rows, the last one stands for those that are missing. */
INLINE void
pack_quads(const float *x, ptrdiff_t x_row, int rows, float *packed)
{
	Quad a = *(const UnalignedQuad *) x;
	Quad b = *(const UnalignedQuad *) (x + (rows > 1 ? 1 : 0) * x_row);
	Quad c = *(const UnalignedQuad *) (x + (rows > 2 ? 2 : rows - 1) * x_row);
	Quad d = *(const UnalignedQuad *) (x + (rows > 3 ? 3 : rows - 1) * x_row);
	Quad low_ab = SHUFFLE_QUADS(a, b, 0, 4, 1, 5), high_ab = SHUFFLE_QUADS(a, b, 2, 6, 3, 7);
	Quad low_cd = SHUFFLE_QUADS(c, d, 0, 4, 1, 5), high_cd = SHUFFLE_QUADS(c, d, 2, 6, 3, 7);

	*(UnalignedQuad *) packed = SHUFFLE_QUADS(low_ab, low_cd, 0, 1, 4, 5);
	*(UnalignedQuad *) (packed + TILE_ROWS) = SHUFFLE_QUADS(low_ab, low_cd, 2, 3, 6, 7);
	*(UnalignedQuad *) (packed + 2 * TILE_ROWS) = SHUFFLE_QUADS(high_ab, high_cd, 0, 1, 4, 5);
	*(UnalignedQuad *) (packed + 3 * TILE_ROWS) = SHUFFLE_QUADS(high_ab, high_cd, 2, 3, 6, 7);
}

/*
 * A whole tile.  The last rows of a column, where they are fewer than four, reach into the first of the next column,
 * which are written behind them.
 */
static void
pack_tile(const float *x, ptrdiff_t x_row, int depth, float *packed)
{
	int p = 0;

	for (; p + 4 < depth; p += 4)
		for (int i = (TILE_ROWS - 1) / 4 * 4; i >= 0; i -= 4)
			pack_quads(x + i * x_row + p, x_row, TILE_ROWS - i, packed + p * TILE_ROWS + i);
	for (; p < depth; p++)
		for (int i = 0; i < TILE_ROWS; i++)
			packed[p * TILE_ROWS + i] = x[i * x_row + p];
}

static void
pack_rows(const float *x, ptrdiff_t x_row, int rows, int depth, float *packed)
{
	for (; rows >= TILE_ROWS; rows -= TILE_ROWS)
	{
		pack_tile(x, x_row, depth, packed);
		x += TILE_ROWS * x_row;
		packed += TILE_ROWS * depth;
	}
	for (int p = 0; p < depth && rows > 0; p++)
		for (int i = 0; i < TILE_ROWS; i++)
			packed[p * TILE_ROWS + i] = i < rows ? x[i * x_row + p] : 0;
}
