/*
 * half.h
 *	  Half precision numbers (IEEE 754 binary16).
 */
#ifndef EMO_HALF_H
#define EMO_HALF_H

#include <stdint.h>

/* Rounded to nearest even; beyond its range, and of NaN, the largest finite number. */
extern uint16_t emo_half_of_float(float value);

/* Of a half that is finite. */
extern float emo_float_of_half(uint16_t half);

#endif
