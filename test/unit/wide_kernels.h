/*
 * wide_kernels.h
 *	  The kernels of dsp with vectors of 16 floats.
 */
#ifndef EMO_WIDE_KERNELS_H
#define EMO_WIDE_KERNELS_H

#include "core/dsp/kernels.h"
#include "wide_simd.h"

#define KERNELS wide_kernels
#include "core/dsp/kernels_body.h"

#endif
