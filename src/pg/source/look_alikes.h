/*
 * look_alikes.h
 *	  Names that differ in nothing but case or blanks.
 */
#ifndef EMOSER_LOOK_ALIKES_H
#define EMOSER_LOOK_ALIKES_H

#include "pg/base/glue.h"

/* A WARNING that tells of such names [n], of a column of a source; what are they, as "emotions"? */
extern void emoser_warn_of_look_alikes(const char *what, const char *column,
									   const char *const *names, int n);

#endif
