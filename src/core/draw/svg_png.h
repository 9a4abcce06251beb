/*
 * svg_png.h
 *	  SVG drawn as PNG, by librsvg.
 *
 * librsvg is loaded at the first call and not before: with it come some thirty libraries (GLib,
 * Pango, Cairo, ...) that nobody else here needs.
 *
 * GLib ends the process when memory runs out, librsvg starts threads for filters, and both read
 * configuration and fonts: a server should call this in a process of its own (src/pg/fn/svg_png.c).
 */
#ifndef EMO_SVG_PNG_H
#define EMO_SVG_PNG_H

#include "core/base/env.h"

#define EMO_SVG_PNG_MIN_WIDTH 16
#define EMO_SVG_PNG_MAX_WIDTH 4096

/* Of the picture; 4 bytes of memory each. */
#define EMO_SVG_PNG_MAX_PIXELS (32 * 1024 * 1024)

/* Of the SVG: pictures of others than ours may hold photographs. */
#define EMO_SVG_PNG_MAX_INPUT (16 * 1024 * 1024)

/*
 * svg[n_bytes] in UTF-8 or with an XML declaration, width pixels wide, on white.  Nothing is loaded
 * but what is in it.  *png[*n_png] is allocated from env.
 *
 * EMO_INVALID_PARAMETER: width; EMO_BAD_DATA: not an SVG, or one without a size;
 * EMO_LIMIT_EXCEEDED: too large, in bytes or in pixels; EMO_UNDEFINED: librsvg isn't installed.
 */
extern EmoStatus emo_svg_to_png(EmoEnv *env, const char *svg, size_t n_bytes, int width,
								uint8_t **png, size_t *n_png);

#endif
