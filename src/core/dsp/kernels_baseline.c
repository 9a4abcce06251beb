/*
 * kernels_baseline.c
 *	  The kernels for the compiler's default instruction set.
 */
#include "core/dsp/kernels.h"

#define EMO_SIMD_BODY "core/dsp/kernels_body.h"
#define KERNELS       emo_kernels_baseline
#include "core/base/simd.h"
