/*
 * html.h
 *	  HTML as a growing text.
 *
 * Text comes in the encoding of the database and stays text, whatever is in it.  The page is ASCII:
 * all else is written as character references, so that it means the same in every encoding.
 */
#ifndef EMOSER_HTML_H
#define EMOSER_HTML_H

#include "postgres.h"

#include "lib/stringinfo.h"

/*
 * Append by a format with these conversions only:
 *	  %s	text, escaped for elements and for attributes in quotes; NULL: an en dash
 *	  %d	an int
 *	  %.Nf	a double with N digits after the point; not finite: an en dash
 *	  %%	a percent sign
 */
extern void emoser_html_add(StringInfo page, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Text, escaped; NULL, as of a NULL in a table, becomes an en dash. */
extern void emoser_html_text(StringInfo page, const char *text);

/* Markup in UTF-8, such as an SVG of the core: as it is, but for characters beyond ASCII. */
extern void emoser_html_markup(StringInfo page, const char *markup, size_t length);

extern void emoser_html_base64(StringInfo page, const void *bytes, int n);

#endif
