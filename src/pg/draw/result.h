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
#include "pg/evaluate/named_evaluation.h"

/* A picture: what is asked for, and what comes of it. */
typedef struct Picture
{
	EmoEnv env;
	Sql sql;             /* of what queries give only */
	char *title;         /* in UTF-8; NULL: none given */
	const char *warning; /* that figures of a model are no evaluation; NULL: none */
	int width;
	const char *svg; /* [length] */
	size_t length;
} Picture;

/* Read the arguments title and width, of which the first is number title_argument. */
extern void emoser_picture_read(Picture *picture, FunctionCallInfo fcinfo, int title_argument);

/* The title that was given, or else this one. */
static inline const char *
emoser_picture_title(const Picture *picture, const char *otherwise)
{
	return picture->title != NULL ? picture->title : otherwise;
}

/* Raises what status says, or gives the SVG as text in the encoding of the database. */
extern Datum emoser_picture_datum(const Picture *picture, EmoStatus status);

/*
 * Of what queries give: begin picture->sql, and read title and width, the last two arguments.  The
 * first arguments are named; they must not be null.
 */
extern void emoser_picture_begin(Picture *picture, FunctionCallInfo fcinfo,
								 const char *const *names, int n_names);

/* The same of a source, where options come last.  Returns how the source is to be read. */
extern SourceOptions emoser_picture_begin_source(Picture *picture, FunctionCallInfo fcinfo,
												 const char *const *names, int n_names);

/* The same of how models do on it. */
extern EvaluationOptions emoser_picture_begin_evaluation(Picture *picture, FunctionCallInfo fcinfo,
														 const char *const *names, int n_names);

/* The same of a model, argument 1, on a source; what it shows of it becomes the title. */
extern ModelEvaluation *emoser_picture_begin_model(Picture *picture, FunctionCallInfo fcinfo,
												   const char *what, bool with_profiles);

/* The same by groups, of which the option "by" tells; raises INVALID_PARAMETER_VALUE without it. */
extern ModelEvaluation *emoser_picture_begin_groups(Picture *picture, FunctionCallInfo fcinfo);

/* The same of a regression, which has told numbers. */
extern ModelEvaluation *emoser_picture_begin_regression(Picture *picture, FunctionCallInfo fcinfo,
														const char *what);

/* emoser_picture_datum() in the caller's memory, and the end of picture->sql. */
extern Datum emoser_picture_end(Picture *picture, EmoStatus status);

/* A column of what picture->sql has returned, as UTF-8; NULL for null. */
extern char *emoser_picture_text(const Picture *picture, uint64 row, int column);

#endif
