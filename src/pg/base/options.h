/*
 * options.h
 *	  Options as jsonb objects, checked by name, type and range.
 */
#ifndef EMOSER_OPTIONS_H
#define EMOSER_OPTIONS_H

#include "pg/base/glue.h"

#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "core/base/options.h"

typedef enum OptionType
{
	OPTION_REAL,        /* target: double */
	OPTION_INTEGER,     /* target: int64 */
	OPTION_INT,         /* target: int; a word of choices stands for -1 */
	OPTION_PAIR,        /* target: int[2]; a number alone stands for both, a word for -1 and -1 */
	OPTION_BOOLEAN,     /* target: bool */
	OPTION_ODD_BOOLEAN, /* the same, written only if true, which is not the default */
	OPTION_CHOICE,      /* target: int, the index of the word in choices */
	OPTION_ODD_CHOICE,  /* the same, written only if it is another than the first, the default */
	OPTION_NAME,        /* target: char *, not empty; NULL: not given, and not written */
	OPTION_NAMES, /* target: List * of C strings, none empty; NIL: not given, and not written */
	OPTION_SOME_NAMES, /* the same, where a name alone stands for an array of it */
	OPTION_JSON        /* target: Jsonb *, any value; NULL: not given, and not written */
} OptionType;

typedef struct OptionSpec
{
	const char *name;
	OptionType type;
	void *target; /* holds the default before, the value after */
	double min, max;
	const char *const *choices; /* ends with NULL; or NULL */
} OptionSpec;

/* Who else has an option of this name, such as "algorithm \"lda\"", or NULL. */
typedef const char *(*OptionOwnerFinder)(const char *option);

/*
 * Set the targets from a jsonb object.  Raises INVALID_PARAMETER_VALUE, naming the option, for
 * names that no spec has (with the closest one as a hint), values of another type, and values out
 * of range.  An option given as null keeps its default.  owner is for the messages, such as
 * "algorithm \"lda\"", as is find_other, which may be NULL.
 */
extern void emoser_read_options(Jsonb *options, const char *owner, OptionOwnerFinder find_other,
								const OptionSpec *specs, int n_specs);

/* The specs of a table of the core, n of them, whose options live in target; returns n. */
extern int emoser_core_specs(const EmoOptionTable *table, void *target, OptionSpec *specs);

/* Set the target from the value of one option; raises likewise. */
extern void emoser_read_option(const OptionSpec *spec, JsonbValue *value);

/* All values, defaults included, as a jsonb object. */
extern Jsonb *emoser_write_options(const OptionSpec *specs, int n_specs);

/*
 * The place of word among words, which end with NULL.  Raises INVALID_PARAMETER_VALUE, with the closest
 * one as a hint, if it isn't one of them.
 */
extern int emoser_find_word(const char *parameter, const char *word, const char *const *words);

/* The candidate closest to word, or NULL if none is close enough to be what was meant. */
extern const char *emoser_closest_match(const char *word, const char *const *candidates,
										int n_candidates);

#endif
