/*
 * kept_plan.h
 *	  Plans of the core that are made at their first use and kept for the life of the backend.
 */
#ifndef EMOSER_KEPT_PLAN_H
#define EMOSER_KEPT_PLAN_H

#include "pg/base/glue.h"

#include "core/features/features.h"
#include "core/nn/input.h"

typedef EmoStatus (*EmoserMakePlan)(EmoEnv *env, void **plan);

/* *slot, a static variable that starts as NULL, after making the plan if it isn't there. */
extern void *emoser_kept_plan(void **slot, EmoserMakePlan make);

/* The plan for utterance features. */
extern EmoFeaturePlan *emoser_feature_plan(void);

/* The plan for frames of recordings, as nets hear them. */
extern EmoNnInputPlan *emoser_nn_input_plan(void);

#endif
