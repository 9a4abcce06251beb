/*
 * feature_plan.h
 *	  The backend's plan for utterance features.
 */
#ifndef EMOSER_FEATURE_PLAN_H
#define EMOSER_FEATURE_PLAN_H

#include "core/features.h"

/* Made at the first call, kept for the life of the backend. */
extern EmoFeaturePlan *emoser_feature_plan(void);

#endif
