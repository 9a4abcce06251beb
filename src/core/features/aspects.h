/*
 * aspects.h
 *	  The utterance features in words of the voice: pitch, loudness, rhythm and so on.
 */
#ifndef EMO_FEATURE_ASPECTS_H
#define EMO_FEATURE_ASPECTS_H

#include "core/base/env.h"

typedef struct EmoVoiceGroup
{
	const char *name, *noun;
} EmoVoiceGroup;

#define EMO_N_VOICE_GROUPS 9

extern const EmoVoiceGroup emo_voice_groups[EMO_N_VOICE_GROUPS];

/* What can be said of a voice in one word and its opposite. */
typedef struct EmoVoiceAspect
{
	int group;               /* of emo_voice_groups */
	const char *members[10]; /* patterns of the features that belong to it */
	const char *measure;     /* of the features whose mean deviation decides on the word */
	const char *high, *low;
} EmoVoiceAspect;

#define EMO_N_VOICE_ASPECTS 29

extern const EmoVoiceAspect emo_voice_aspects[EMO_N_VOICE_ASPECTS];

/* The aspect of each feature, from its name. */
extern int emo_voice_aspect_of(const char *feature_name);

/* Whether a feature is one of those that the word depends on. */
extern bool emo_measures_voice_aspect(int aspect, const char *feature_name);

#endif
