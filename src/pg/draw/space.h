/*
 * space.h
 *	  Utterances in the plane, as a picture.
 */
#ifndef EMOSER_DRAW_SPACE_H
#define EMOSER_DRAW_SPACE_H

#include "core/draw/plot.h"
#include "pg/source/set.h"

/* Planes are chosen for so many utterances at most: 1427 features of them take 57 MB. */
#define EMOSER_SPACE_SAMPLE 10000

typedef struct SpaceMethod
{
	const char *title, *axis, *share_of;
	EmoStatus (*project)(EmoEnv *env, const EmoTrainingSet *set, float *points, double share[2]);
	bool any_classes; /* one emotion, or one utterance of it, will do */
} SpaceMethod;

/* Raises INVALID_PARAMETER_VALUE unless there is one of that name. */
extern const SpaceMethod *emoser_space_method(const char *name);

/* The utterances of a set with features and without copies.  title is UTF-8; NULL: the method's. */
extern EmoStatus emoser_draw_space(EmoEnv *env, const SpaceMethod *method, const TrainingSet *set,
								   const char *title, int width, const char **svg, size_t *length);

#endif
