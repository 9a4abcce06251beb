/*
 * plot_result.h
 *	  Between SQL and the pictures of the core: texts in, SVG out.
 */
#ifndef EMOSER_PLOT_RESULT_H
#define EMOSER_PLOT_RESULT_H

#include "pg/glue.h"

#include "core/plot.h"

/* A text of the database for a picture: UTF-8, palloc'd. */
extern char *emoser_plot_text(const char *text);

/* The argument title of a picture, see emoser_plot_text(); NULL if it is null. */
extern char *emoser_plot_title(FunctionCallInfo fcinfo, int argument);

/* The argument width; raises if it is null or out of range. */
extern int emoser_plot_width(FunctionCallInfo fcinfo, int argument);

/* Raises what status says, or gives the SVG as text in the encoding of the database. */
extern Datum emoser_plot_datum(const EmoEnv *env, EmoStatus status, const char *svg, size_t length);

#endif
