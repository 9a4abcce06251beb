/*
 * result.h
 *	  Between SQL and the pictures of the core: texts in, SVG out.
 */
#ifndef EMOSER_PLOT_RESULT_H
#define EMOSER_PLOT_RESULT_H

#include "pg/base/encoding.h"
#include "pg/base/glue.h"
#include "pg/base/sql.h"

#include "core/draw/plot.h"
#include "pg/source/source.h"

/* The argument title of a picture, see emoser_utf8_text(); NULL if it is null. */
extern char *emoser_plot_title(FunctionCallInfo fcinfo, int argument);

/* The argument width; raises if it is null or out of range. */
extern int emoser_plot_width(FunctionCallInfo fcinfo, int argument);

/* Raises what status says, or gives the SVG as text in the encoding of the database. */
extern Datum emoser_plot_datum(const EmoEnv *env, EmoStatus status, const char *svg, size_t length);

/* A picture of what queries give. */
typedef struct PlotQuery
{
	EmoEnv env; /* its memory goes with emoser_plot_end() */
	Sql sql;
	char *title; /* NULL: none given */
	int width;
} PlotQuery;

/*
 * Read the last two arguments, title and width, and begin query->sql.  The first arguments are named;
 * they must not be null.
 */
extern void emoser_plot_begin(PlotQuery *query, FunctionCallInfo fcinfo, const char *const *names,
							  int n_names);

/*
 * The same of a picture of a source, where options come last.  Returns the names of the source's
 * columns.
 */
extern SourceNames emoser_plot_begin_source(PlotQuery *query, FunctionCallInfo fcinfo,
											const char *const *names, int n_names);

/* emoser_plot_datum() in the caller's memory, and the end of query->sql. */
extern Datum emoser_plot_end(PlotQuery *query, EmoStatus status, const char *svg, size_t length);

/* A column of what query->sql has returned, as UTF-8; NULL for null. */
extern char *emoser_plot_text(const PlotQuery *query, uint64 row, int column);

#endif
