/*
 * mfcc_plan.h
 *	  Plans for MFCC that a backend keeps.
 */
#ifndef EMOSER_MFCC_PLAN_H
#define EMOSER_MFCC_PLAN_H

#include "core/dsp/mfcc.h"

/*
 * The plan for these parameters, made on first use and kept while it is among the most recently
 * used.  It is valid until the next call.  Raises for parameters out of range.
 */
extern EmoMfccPlan *emoser_mfcc_plan(const EmoMfccParams *params);

#endif
