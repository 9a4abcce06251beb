/*
 * emodb.h
 *	  File names of the Berlin Database of Emotional Speech (EmoDB).
 *
 * Burkhardt, Paeschke, Rolfes, Sendlmeier, Weiss: A Database of German Emotional Speech,
 * Interspeech 2005.  A name such as 03a01Fa.wav is speaker 03, text a01, emotion F (Freude), take a.
 * This is the only place that knows the seven emotions; models carry their own labels.
 */
#ifndef EMO_EMODB_H
#define EMO_EMODB_H

#include <stdbool.h>

typedef struct EmoEmodbName
{
	char speaker[3];      /* "03" */
	const char *sex;      /* "male", "female", or NULL for a speaker EmoDB doesn't have */
	int age;              /* years, 0 if unknown */
	char text_code[4];    /* "a01" */
	const char *sentence; /* the German sentence, UTF-8, or NULL for a text EmoDB doesn't have */
	const char *emotion;  /* English: anger, boredom, disgust, fear, happiness, sadness, neutral */
	char version[2];      /* "a" */
} EmoEmodbName;

/*
 * Split a file name; folders before it and an extension after it are ignored.  False if it isn't of
 * EmoDB's form (two digits, a letter and two digits, one of AEFLNTW, a letter).
 */
extern bool emo_emodb_parse(const char *file_name, EmoEmodbName *name);

#endif
