/*
 * options.h
 *	  Options as jsonb objects, checked by name, type and range.
 */
#ifndef EMOSER_OPTIONS_H
#define EMOSER_OPTIONS_H

#include "pg/glue.h"

#include "utils/jsonb.h"

typedef enum OptionType
{
	OPTION_REAL,    /* target: double */
	OPTION_INTEGER, /* target: int64 */
	OPTION_BOOLEAN, /* target: bool */
	OPTION_CHOICE   /* target: int, the index of the word in choices */
} OptionType;

typedef struct OptionSpec
{
	const char *name;
	OptionType type;
	void *target; /* holds the default before, the value after */
	double min, max;
	const char *const *choices; /* ends with NULL */
} OptionSpec;

/*
 * Set the targets from a jsonb object.  Raises INVALID_PARAMETER_VALUE, naming the option, for
 * names that no spec has (with the closest one as a hint), values of another type, and values out
 * of range.  An option given as null keeps its default.  algorithm is for the messages.
 */
extern void emoser_read_options(Jsonb *options, const char *algorithm, const OptionSpec *specs,
								int n_specs);

/* All values, defaults included, as a jsonb object. */
extern Jsonb *emoser_write_options(const OptionSpec *specs, int n_specs);

/* The candidate closest to word, or NULL if none is close enough to be what was meant. */
extern const char *emoser_closest_match(const char *word, const char *const *candidates,
										int n_candidates);

#endif
