/*
 * plans.h
 *	  Plans of the core that are made at their first use and kept by a backend.
 */
#ifndef EMOSER_PLANS_H
#define EMOSER_PLANS_H

#include "pg/base/glue.h"

#include "core/dsp/mfcc.h"
#include "core/dsp/pitch.h"
#include "core/dsp/speech.h"
#include "core/features/features.h"
#include "core/nn/input.h"

/* The plan for utterance features. */
extern EmoFeaturePlan *emoser_feature_plan(void);

/* The plan for frames of recordings, as nets take them. */
extern EmoNnInputPlan *emoser_nn_input_plan(void);

/* For whole recordings: what one has left behind is gone with the next. */
extern EmoSpeechDetector *emoser_speech_detector(void);

/*
 * Plans for these parameters.  That for MFCC is kept while it is among the most recently used, that
 * for F0 until others are asked for: they are valid until the next call.  Raise for parameters out of
 * range.
 */
extern EmoMfccPlan *emoser_mfcc_plan(const EmoMfccParams *params);
extern EmoPitch *emoser_pitch_plan(const EmoPitchParams *params);

#endif
