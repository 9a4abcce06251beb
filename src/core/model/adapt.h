/*
 * adapt.h
 *	  Adapt a model to recordings of somebody's own, of which nobody knows the emotions.
 *
 * Their mean and deviation take the place of the training's population: heads for profiles hear what is unlike the
 * collection, not what the collection has in common, such as its language, its rooms and its microphones.  Measured
 * on held-out speakers of EmoDB: docs/adaptation.md.
 */
#ifndef EMO_MODEL_ADAPT_H
#define EMO_MODEL_ADAPT_H

#include "core/model/model.h"

/*
 * The population counts as so many recordings in a collection's profile.  Of 2 to 300 recordings, clean or degraded, 10
 * were better than 4 and 20, or as good.
 */
#define EMO_COLLECTION_PRIOR_COUNT 10.0

/*
 * The heads for profiles get this share at most, those without the rest: with the whole collection of held-out speakers
 * the UAR at 0, 0.5, 0.7, 0.85 and 1 was 84.4, 85.0, 84.6, 84.0, 82.8 in the studio of EmoDB, and 64.3, 73.4, 74.4, 74.2,
 * 74.2 in nine other places.
 */
#define EMO_MAX_COLLECTION_SHARE 0.7

/*
 * The collection counts as so many recordings in the profile of a speaker, where speakers are not told: as measured on the
 * speakers of EmoDB (6 to 8), and within a point of the best on them.  What is measured is kept within the bounds.
 */
#define EMO_SPEAKER_PRIOR_COUNT 8.0
#define EMO_MIN_SPEAKER_PRIOR   2.0
#define EMO_MAX_SPEAKER_PRIOR   32.0

/* Speakers with fewer recordings tell nothing of how speakers differ, and fewer speakers either. */
#define EMO_SPREAD_RECORDINGS 3
#define EMO_SPREAD_SPEAKERS   5

typedef struct EmoRecordings
{
	int64_t n;              /* at least 1 */
	const float *features;  /* [n][n_features of the model] */
	const int32_t *speaker; /* [n], 0 .. n_speakers - 1; NULL: not told */
	int n_speakers;
} EmoRecordings;

/*
 * The collection of some recordings for a model with a head for profiles, allocated from env.  certainty is how much
 * the head was told of held-out utterances, 1 - log loss / ln n_classes; NaN: not known.  *variety, 0 to 1, is how much it is
 * told of these beside that: little if all are of one emotion, and then share is small, and the collection is shrunk
 * towards the population.  EMO_BAD_DATA for features that are no numbers, EMO_CANCELED.
 */
extern EmoStatus emo_model_adapt(EmoEnv *env, const EmoModel *model,
								 const EmoRecordings *recordings, double certainty,
								 EmoCollection **collection, double *variety);

#endif
