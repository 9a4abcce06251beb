/*
 * scatter.c
 *	  Sums of products of quantised features, exact.
 *
 * Rows come in blocks, which are packed into panels: some neighbouring features of all rows, two rows side by
 * side, as kernels multiply them.  Products of two panels are formed tile by tile, in registers of 32 bits, and
 * added up in 64 bits.  By the inequality of Cauchy and Schwarz a sum of products is within 32
 * bits if both sums of squares are: so many rows go into one sum (a run), some 80 on the scale of their
 * own deviations, and never fewer than seven.
 */
#include "core/lda/scatter.h"

#include <string.h>

#include "core/lda/kernels.h"

#define BLOCK_PAIRS (EMO_SCATTER_ROWS / 2)

/* A run has three pairs at least: 6 2^28 is below 2^31. */
#define MAX_RUNS ((BLOCK_PAIRS + 2) / 3)

/* Of 64 bits, in what processors fetch at once. */
#define CACHE_LINE_NUMBERS 8

/* Rows of rows that are packed. */
typedef struct Block
{
	const EmoLdaKernels *kernels;
	int n_features;
	int n_panels;
	int n_pairs;
	int n_runs;
	int run_pairs[MAX_RUNS]; /* [n_runs] */
	EmoPair *pairs;          /* [n_panels][n_pairs][tile_columns] */
	int32_t *squares;        /* [n_panels][tile_columns], working space */
} Block;

static EmoPair *
panel(const Block *block, int p)
{
	return block->pairs + (size_t) p * block->n_pairs * block->kernels->tile_columns;
}

/* Features and a last row that don't exist are zero. */
static void
pack(Block *block, const int16_t *rows, int n_rows)
{
	int n = block->n_features;
	int width = block->kernels->tile_columns;

	block->n_pairs = (n_rows + 1) / 2;
	for (int p = 0; p < block->n_panels; p++)
	{
		int first = p * width;
		int count = n - first < width ? n - first : width;
		EmoPair *at = panel(block, p);

		for (int k = 0; k < block->n_pairs; k++, at += width)
		{
			const int16_t *upper = rows + (size_t) 2 * k * n + first;
			bool has_lower = 2 * k + 1 < n_rows;

			for (int j = 0; j < count; j++)
				at[j] = (EmoPair){{upper[j], has_lower ? upper[n + j] : 0}};
			memset(at + count, 0, (width - count) * sizeof(EmoPair));
		}
	}
}

/* Whether some sum of squares has become too large with pair k. */
static bool
add_squares(Block *block, int k)
{
	int width = block->kernels->tile_columns;
	bool is_too_large = false;

	for (int p = 0; p < block->n_panels; p++)
		is_too_large |= block->kernels->add_squares(panel(block, p) + (size_t) k * width,
													block->squares + (size_t) p * width);
	return is_too_large;
}

static void
clear_squares(Block *block)
{
	memset(block->squares, 0,
		   (size_t) block->n_panels * block->kernels->tile_columns * sizeof(int32_t));
}

static void
find_runs(Block *block)
{
	int length = 0;

	block->n_runs = 0;
	clear_squares(block);
	for (int k = 0; k < block->n_pairs; k++, length++)
	{
		if (!add_squares(block, k))
			continue;
		block->run_pairs[block->n_runs++] = length;
		length = 0;
		clear_squares(block);
		add_squares(block, k);
	}
	block->run_pairs[block->n_runs++] = length;
}

/*
 * Have it in the cache when products are added to it: its rows are far from each other, and too much for any cache
 * to have kept since the block before.
 */
static void
prefetch_row(const int64_t *first, int count)
{
	for (int j = 0; j < count; j += CACHE_LINE_NUMBERS)
		__builtin_prefetch(first + j, 1);
	__builtin_prefetch(first + count - 1, 1);
}

/* Of a panel, from feature i on. */
static int
first_column(const Block *block, int p, int i)
{
	int first = p * block->kernels->tile_columns;

	return first < i ? i : first;
}

static int
end_of_panel(const Block *block, int p)
{
	int end = (p + 1) * block->kernels->tile_columns;

	return end < block->n_features ? end : block->n_features;
}

static void
prefetch_tile(const Block *block, int p_i, int offset, int p_j, const int64_t *triangle)
{
	int n = block->n_features;
	int end = end_of_panel(block, p_j);

	for (int row = 0; row < block->kernels->tile_rows; row++)
	{
		int i = p_i * block->kernels->tile_columns + offset + row;

		if (i < n)
			prefetch_row(triangle + emo_triangle_index(n, i, first_column(block, p_j, i)),
						 end - first_column(block, p_j, i));
	}
}

/* Columns first_i .. of panel p_i with those of panel p_j, where i <= j. */
static void
add_tile(const Block *block, int p_i, int offset, int p_j, int sign, int64_t *triangle)
{
	int64_t tile[EMO_MAX_TILE_ROWS * EMO_MAX_TILE_COLUMNS] __attribute__((aligned(EMO_ALIGNMENT)));
	const EmoLdaKernels *kernels = block->kernels;
	int width = kernels->tile_columns;
	int n = block->n_features;
	const EmoPair *a = panel(block, p_i) + offset;
	const EmoPair *b = panel(block, p_j);

	prefetch_tile(block, p_i, offset, p_j, triangle);
	memset(tile, 0, (size_t) kernels->tile_rows * width * sizeof(int64_t));
	for (int run = 0; run < block->n_runs; run++)
	{
		kernels->add_products(a, b, block->run_pairs[run], tile);
		a += (size_t) block->run_pairs[run] * width;
		b += (size_t) block->run_pairs[run] * width;
	}
	for (int row = 0; row < kernels->tile_rows; row++)
	{
		int i = p_i * width + offset + row;
		int first = first_column(block, p_j, i);
		int after = end_of_panel(block, p_j);
		const int64_t *from = tile + row * width + (first - p_j * width);
		int64_t *to;

		if (i >= n)
			return;
		to = triangle + emo_triangle_index(n, i, first);
		for (int j = 0; j < after - first; j++)
			to[j] += sign * from[j];
	}
}

static EmoStatus
add_block(EmoEnv *env, Block *block, const int16_t *rows, int n_rows, int sign, int64_t *triangle)
{
	pack(block, rows, n_rows);
	find_runs(block);
	/* Along the rows of the triangle. */
	for (int p_i = 0; p_i < block->n_panels; p_i++)
	{
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int p_j = p_i; p_j < block->n_panels; p_j++)
			for (int offset = 0; offset < block->kernels->tile_columns;
				 offset += block->kernels->tile_rows)
				add_tile(block, p_i, offset, p_j, sign, triangle);
	}
	return EMO_OK;
}

EmoStatus
emo_scatter_add_with(EmoEnv *env, const EmoLdaKernels *kernels, const int16_t *rows, int64_t n_rows,
					 int n_features, int sign, int64_t *triangle)
{
	size_t width = kernels->tile_columns;
	size_t n_panels = (n_features + width - 1) / width;
	int64_t most_rows = n_rows < EMO_SCATTER_ROWS ? n_rows : EMO_SCATTER_ROWS;
	Block block = {.kernels = kernels, .n_features = n_features, .n_panels = (int) n_panels};

	if (n_rows == 0)
		return EMO_OK;
	if ((block.pairs = emo_alloc(env, n_panels * width, (most_rows + 1) / 2 * sizeof(EmoPair))) ==
			NULL ||
		(block.squares = emo_alloc(env, n_panels * width, sizeof(int32_t))) == NULL)
		return env->status;
	for (int64_t first = 0; first < n_rows; first += EMO_SCATTER_ROWS)
	{
		int count = n_rows - first < EMO_SCATTER_ROWS ? (int) (n_rows - first) : EMO_SCATTER_ROWS;

		if (add_block(env, &block, rows + first * n_features, count, sign, triangle) != EMO_OK)
			return env->status;
	}
	emo_free(env, block.squares);
	emo_free(env, block.pairs);
	return EMO_OK;
}

EmoStatus
emo_scatter_add(EmoEnv *env, const int16_t *rows, int64_t n_rows, int n_features, int sign,
				int64_t *triangle)
{
	return emo_scatter_add_with(env, emo_lda_kernels(), rows, n_rows, n_features, sign, triangle);
}
