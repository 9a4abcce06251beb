/*
 * kernels_baseline.c
 *	  The kernels for the compiler's default instruction set (SSE2 on x86-64, NEON on arm64).
 */
#include "core/dsp/kernels.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

#define KERNELS  emo_kernels_baseline
#define ISA_NAME "baseline"
#define WIDTH    4

#ifdef __clang__
#define SHUFFLE(a, b, i, j, k, l) __builtin_shufflevector((a), (b), i, j, k, l)
#else
#define SHUFFLE(a, b, i, j, k, l) __builtin_shuffle((a), (b), (IntVector){i, j, k, l})
#endif

#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#define MAXIMUM(a, b)         select_where((a) > (b), (a), (b))
#define MINIMUM(a, b)         select_where((a) < (b), (a), (b))
#define SQUARE_ROOT(a)        ((Vector){sqrtf((a)[0]), sqrtf((a)[1]), sqrtf((a)[2]), sqrtf((a)[3])})
#define INTERLEAVE_LOW(a, b)  SHUFFLE(a, b, 0, 4, 1, 5)
#define INTERLEAVE_HIGH(a, b) SHUFFLE(a, b, 2, 6, 3, 7)
#define JOIN_LOW(a, b)        SHUFFLE(a, b, 0, 1, 4, 5)
#define JOIN_HIGH(a, b)       SHUFFLE(a, b, 2, 3, 6, 7)
#define LOAD_QUADS(p, step)   ((void) (step), *(const UnalignedQuad *) (p))

typedef float UnalignedQuad __attribute__((vector_size(16), may_alias, aligned(4)));

#include "core/dsp/kernels_body.h"
