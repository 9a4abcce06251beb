/*
 * kernels_baseline.c
 *	  The kernels of nets for every processor of the platform.
 */
#include "core/nn/kernels.h"

#define KERNELS               emo_nn_kernels_baseline
#define ISA_NAME              "baseline"
#define WIDTH                 4
#define TILE_VECTORS          2
#define TILE_ROWS             6

#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#define MAXIMUM(a, b)         ((Vector) ((((a) > (b)) & (Mask) (a)) | (~((a) > (b)) & (Mask) (b))))

#include "core/nn/kernels_body.h"
