/*
 * features.h
 *	  Utterance features: one vector of fixed length for a recording of any length.
 *
 * docs/features.md derives them; emo_feature_name() names each element.
 */
#ifndef EMO_FEATURES_H
#define EMO_FEATURES_H

#include "core/base/env.h"
#include "core/dsp/contours.h"

/* Stored with models: vectors of different versions can't be mixed. */
#define EMO_FEATURE_VERSION 2

/* Hz; recordings are resampled to it before. */
#define EMO_FEATURE_SAMPLE_RATE 16000

/* Windows, filterbanks and transforms: made once, used for any number of recordings. */
typedef struct EmoFeaturePlan EmoFeaturePlan;

/* Elements of a vector. */
extern int emo_feature_count(void);

/* Enough for any name, with its final zero byte. */
#define EMO_FEATURE_NAME_SIZE 64

/* Such as "mfcc_3.delta.p90": track, delta if any, functional.  index from 0. */
extern void emo_feature_name(int index, char name[EMO_FEATURE_NAME_SIZE]);

/* *plan is NULL on failure.  EMO_OUT_OF_MEMORY. */
extern EmoStatus emo_feature_plan_create(EmoEnv *env, EmoFeaturePlan **plan);

/* NULL is allowed. */
extern void emo_feature_plan_destroy(EmoEnv *env, EmoFeaturePlan *plan);

/*
 * features[emo_feature_count()] of mono samples at EMO_FEATURE_SAMPLE_RATE, at least one, within
 * EMO_MAX_SAMPLE_VALUE (audio/file.h); every feature is finite.  change is for augmented copies
 * (augment.h), otherwise NULL.  EMO_OUT_OF_MEMORY, EMO_CANCELED.
 */
extern EmoStatus emo_features(EmoEnv *env, EmoFeaturePlan *plan, const float *samples,
							  int64_t n_samples, const EmoSpectralChange *change, float *features);

#endif
