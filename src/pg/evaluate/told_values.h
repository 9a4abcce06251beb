/*
 * told_values.h
 *	  Numbers that were told of utterances, beside what they are.
 */
#ifndef EMOSER_TOLD_VALUES_H
#define EMOSER_TOLD_VALUES_H

#include "pg/base/glue.h"

#include "core/base/agreement.h"
#include "pg/model/value.h"

/* Of a target of one utterance. */
typedef struct ToldNumber
{
	float actual;
	EmoValue plain, with_profile;
} ToldNumber;

/* Of n utterances. */
typedef struct ToldValues
{
	int64 n;
	int n_targets;
	const char **targets;   /* [n_targets], their names */
	EmoPairs *plain;        /* [n_targets], each of n */
	bool has_profiles;      /* they were told with the profiles of speakers, too */
	EmoPairs *with_profile; /* [n_targets], then */
} ToldValues;

/* Room for n utterances, in the current memory context. */
extern ToldValues *emoser_new_told_values(const char **targets, int n_targets, int64 n,
										  bool has_profiles);

/* Set an utterance by told[n_targets]. */
extern void emoser_set_told(ToldValues *values, int64 utterance, const ToldNumber *told);

/* Those of rows[n] alone. */
extern ToldValues *emoser_told_of_some(const ToldValues *values, const int64 *rows, int64 n);

/* Numbers that are told of one utterance after the other. */
typedef struct ToldList
{
	MemoryContext context;
	int n_targets;
	ToldNumber *numbers; /* [capacity][n_targets] */
	int64 capacity;
} ToldList;

/*
 * Let a regression tell of utterance number: for the first time, when actual[n_targets] is given, or by a
 * profile, when it is NULL.
 */
extern void emoser_tell(ToldList *list, DecodedModel *decoded, const EmoUtterance *utterance,
						int64 number, const float *actual);

static inline ToldNumber *
emoser_told_number(const ToldList *list, int64 number)
{
	return list->numbers + number * list->n_targets;
}

/* The targets of a model, in the encoding of the database. */
extern const char **emoser_target_names(const EmoModel *model);

/*
 * The option "target" of a source that a regression is evaluated on: its names, or as many others that were given
 * for them.  NULL for a model of emotions.  Raises for others, and for more or less of them.
 */
extern Jsonb *emoser_targets_asked(const EmoModel *model, Jsonb *given);

#endif
