/*
 * lda_options.h
 *	  Options of algorithm "lda", wherever they are given.
 */
#ifndef EMOSER_LDA_OPTIONS_H
#define EMOSER_LDA_OPTIONS_H

#include "pg/base/glue.h"

#include "utils/jsonb.h"

#include "core/lda/lda.h"

typedef struct LdaOptions
{
	EmoLdaOptions core;
	bool augment;
	bool profile_head;
	int64 seed;
	bool quiet;
} LdaOptions;

/* Raises as emoser_read_options(); *all becomes the options with their defaults. */
extern LdaOptions emoser_read_lda_options(Jsonb *given, Jsonb **all);

#endif
