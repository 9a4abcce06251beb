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

typedef struct LdaOptions
{
	SourceOptions source;
	EmoLdaOptions core;
	bool augment;
	EmoDegradeOptions degrade; /* no copies unless augment */
	bool profile_head;
	int64 seed;
	bool quiet;
} LdaOptions;

/*
 * Raises as emoser_read_options(); *all becomes the options with their defaults.  Those of the
 * source are among them if with_source.
 */
extern LdaOptions emoser_read_lda_options(Jsonb *given, bool with_source, Jsonb **all);

#endif
