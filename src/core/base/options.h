/*
 * options.h
 *	  Tables of options: name, range and default of each, in one place.
 *
 * Options live in a struct; a table says where in it each stands.  The host reads what users give by
 * the same table.
 */
#ifndef EMO_OPTIONS_H
#define EMO_OPTIONS_H

#include "core/base/env.h"

typedef enum EmoOptionType
{
	EMO_OPTION_REAL,    /* double */
	EMO_OPTION_INT,     /* int */
	EMO_OPTION_BOOLEAN, /* bool */
	EMO_OPTION_CHOICE   /* an enum, the place of the word in words */
} EmoOptionType;

typedef struct EmoOption
{
	const char *name;
	EmoOptionType type;
	size_t offset;            /* in the struct */
	double least, most;       /* of numbers */
	double usual;             /* the default, as a number */
	const char *const *words; /* of a choice; ends with NULL */
} EmoOption;

typedef struct EmoOptionTable
{
	const EmoOption *options;
	int n;
} EmoOptionTable;

#define EMO_OPTION_TABLE(array)                                                                    \
	{                                                                                              \
		array, sizeof(array) / sizeof((array)[0])                                                  \
	}

/* Lines of a table, for options that are members of a struct. */
#define EMO_REAL(name, structure, member, least, most, usual)                                      \
	{                                                                                              \
		name, EMO_OPTION_REAL, offsetof(structure, member), least, most, usual, NULL               \
	}
#define EMO_INT(name, structure, member, least, most, usual)                                       \
	{                                                                                              \
		name, EMO_OPTION_INT, offsetof(structure, member), least, most, usual, NULL                \
	}
#define EMO_BOOLEAN(name, structure, member, usual)                                                \
	{                                                                                              \
		name, EMO_OPTION_BOOLEAN, offsetof(structure, member), 0, 1, usual, NULL                   \
	}
#define EMO_CHOICE(name, structure, member, words, usual)                                          \
	{                                                                                              \
		name, EMO_OPTION_CHOICE, offsetof(structure, member), 0, 0, usual, words                   \
	}

/* Set the options of a table to their defaults. */
extern void emo_default_options(const EmoOptionTable *table, void *options);

/* EMO_INVALID_PARAMETER, naming the option and its range, unless all are in range. */
extern EmoStatus emo_check_options(EmoEnv *env, const EmoOptionTable *table, const void *options);

/*
 * EMO_INVALID_PARAMETER unless low <= value <= high, for parameters without a table; NaN is out of
 * every range.  high_name says what high is, or is NULL.
 */
extern EmoStatus emo_check_parameter(EmoEnv *env, const char *name, double value, double low,
									 double high, const char *high_name);

#endif
