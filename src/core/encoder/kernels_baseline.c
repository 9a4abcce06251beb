/*
 * kernels_baseline.c
 *	  The kernels of encoders for the compiler's baseline.
 */
#include "core/encoder/kernels.h"

#define EMO_SIMD_BODY "core/encoder/kernels_body.h"
#define KERNELS       emo_encoder_kernels_baseline
#include "core/base/simd.h"
