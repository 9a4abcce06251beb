/*
 * emotion.h
 *	  What a model says of an utterance, as columns of a row.
 */
#ifndef EMOSER_EMOTION_H
#define EMOSER_EMOTION_H

#include "core/dsp/turns.h"
#include "pg/model/value.h"

/* Columns that follow each other. */
enum
{
	EMOTION_LABEL,         /* text; NULL where the probability is too low */
	EMOTION_PROBABILITY,   /* real: the highest */
	EMOTION_PROBABILITIES, /* jsonb: of each emotion that is asked for */
	N_EMOTION_COLUMNS
};

typedef struct EmotionWriter
{
	DecodedModel *decoded;
	const char **labels; /* in the encoding of the database */
	const bool *asked;   /* EmoUtterance.asked */
	float least;         /* an emotion of a lower probability is NULL */
} EmotionWriter;

/* In the current memory context. */
extern void emoser_emotion_begin(EmotionWriter *writer, DecodedModel *decoded, const bool *asked,
								 float least);

/* Of samples at EMOSER_MODEL_SAMPLE_RATE, at least one, in the current memory context. */
extern void emoser_hear(const EmotionWriter *writer, const float *samples, int64 n_samples,
						EmoUtterance *utterance);

/* The same of a turn, which has speech. */
extern void emoser_hear_turn(const EmotionWriter *writer, const EmoCall *call, const EmoTurn *turn,
							 EmoUtterance *utterance);

/* values[N_EMOTION_COLUMNS], nulls[N_EMOTION_COLUMNS]; of the writer's emotions. */
extern void emoser_put_emotion(const EmotionWriter *writer, const EmoUtterance *utterance,
							   Datum *values, bool *nulls);

/* The same where there is no emotion to be told. */
extern void emoser_put_no_emotion(Datum *values, bool *nulls);

#endif
