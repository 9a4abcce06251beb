/*
 * kernels_baseline.c
 *	  The kernels of nets for the compiler's default instruction set.
 */
#include "core/nn/kernels.h"

#define EMO_SIMD_BODY "core/nn/kernels_body.h"
#define KERNELS       emo_nn_kernels_baseline
#include "core/base/simd.h"
