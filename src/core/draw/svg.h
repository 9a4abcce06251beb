/*
 * svg.h
 *	  SVG as a growing text: numbers that no locale changes, text that stays text.
 *
 * All text is UTF-8, and the result has no other characters than those of the texts put in: what a
 * picture needs beyond ASCII is written as a character reference, so that a result can be brought
 * into the encoding its texts came from.
 *
 * The first failure is kept in the status, and everything after it does nothing: drawing goes on
 * without checks, and who takes the text looks at the status.
 */
#ifndef EMO_SVG_H
#define EMO_SVG_H

#include "core/base/env.h"

/* What a web page can hold a hundred of. */
#define EMO_SVG_MAX_BYTES 300000

typedef struct EmoSvg
{
	EmoEnv *env;
	char *text; /* [length], and a zero byte */
	size_t length;
	size_t capacity;
	EmoStatus status;
} EmoSvg;

extern void emo_svg_init(EmoSvg *svg, EmoEnv *env);

/*
 * Append by a format with these conversions only:
 *	  %g	a double as a coordinate, to 1/100: "12.5", ".25"; not finite: "0"
 *	  %d	an int
 *	  %s	markup, as it is
 *	  %-s	text, escaped: < > & " ', and what XML 1.0 forbids (control characters, bytes that aren't
 *			UTF-8) becomes a replacement character reference
 */
extern void emo_svg_add(EmoSvg *svg, const char *format, ...) __attribute__((format(printf, 2, 3)));

extern void emo_svg_add_bytes(EmoSvg *svg, const char *bytes, size_t n);
extern void emo_svg_add_base64(EmoSvg *svg, const uint8_t *bytes, size_t n);

/* Bytes of the UTF-8 character that text begins with; 0 if it is none or one that XML forbids. */
extern int emo_utf8_length(const char *text);

/* The entity that stands for a character in XML and HTML, or NULL for one that stands for itself. */
extern const char *emo_entity_of(char c);

#endif
