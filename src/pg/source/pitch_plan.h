/*
 * pitch_plan.h
 *	  The plan for F0 that a backend keeps.
 */
#ifndef EMOSER_PITCH_PLAN_H
#define EMOSER_PITCH_PLAN_H

#include "core/dsp/pitch.h"

/*
 * The plan for these parameters, made on first use and kept until others are asked for: it is valid
 * until the next call.  Raises for parameters out of range.
 */
extern EmoPitch *emoser_pitch_plan(const EmoPitchParams *params);

#endif
