/*
 * kernels_baseline.c
 *	  The kernels for the compiler's default instruction set (SSE2 on x86-64, NEON on arm64).
 */
#include "kernels.h"

#include <math.h>
#include <stdbool.h>

#define KERNELS               emo_kernels_baseline
#define ISA_NAME              "baseline"
#define WIDTH                 4
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#define MAXIMUM(a, b)         select_where((a) > (b), a, b)
#define MINIMUM(a, b)         select_where((a) < (b), a, b)
#define SQUARE_ROOT(a)        ((Vector){sqrtf((a)[0]), sqrtf((a)[1]), sqrtf((a)[2]), sqrtf((a)[3])})

#include "kernels_body.h"
