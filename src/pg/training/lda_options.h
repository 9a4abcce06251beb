/*
 * lda_options.h
 *	  Options of algorithm "lda", wherever they are given.
 */
#ifndef EMOSER_LDA_OPTIONS_H
#define EMOSER_LDA_OPTIONS_H

#include "pg/base/glue.h"

#include "utils/jsonb.h"

#include "core/audio/degrade.h"
#include "core/lda/lda.h"
#include "pg/source/source.h"
#include "pg/training/encoder_options.h"

/* Whether rows are summed up where they are, or kept in memory. */
typedef enum LdaStatistics
{
	STATISTICS_AUTO, /* summed up where they are many */
	STATISTICS_ALWAYS,
	STATISTICS_NEVER
} LdaStatistics;

typedef struct LdaOptions
{
	SourceOptions source;
	EncoderOptions encoder;
	EmoLdaOptions core;
	bool augment;
	EmoDegradeOptions degrade; /* no copies unless augment */
	bool profile_head;
	int64 seed;
	bool quiet;
	int balance;      /* Balance */
	int statistics;   /* LdaStatistics; one of the following means STATISTICS_ALWAYS */
	bool keep_states; /* so that emoser_forget() takes speakers out again */
	char
		*settings_of; /* a version whose scale, population and temperatures are taken; NULL: none */
} LdaOptions;

/*
 * Raises as emoser_read_options(); *all becomes the options with their defaults.  Those of the
 * source are among them if with_source.
 */
extern LdaOptions emoser_read_lda_options(Jsonb *given, bool with_source, Jsonb **all);

#endif
