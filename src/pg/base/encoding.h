/*
 * encoding.h
 *	  Texts of the database as the core and files take them.
 */
#ifndef EMOSER_ENCODING_H
#define EMOSER_ENCODING_H

#include "postgres.h"

/* A text of the database as UTF-8, palloc'd.  In a database of SQL_ASCII it may be anything. */
extern char *emoser_utf8_text(const char *text);

/* The text, which is changed, without blanks around it. */
extern char *emoser_trimmed(char *text);

#endif
