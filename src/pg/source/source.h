/*
 * source.h
 *	  The source of a training or evaluation: a table or query, its columns and its rows.
 *
 * A source is run once, since its query may be slow, and may give something else the next time.
 */
#ifndef EMOSER_SOURCE_H
#define EMOSER_SOURCE_H

#include "pg/base/glue.h"

#include "access/htup.h"
#include "access/tupdesc.h"

#include "core/base/training_set.h"
#include "pg/base/options.h"
#include "pg/base/sql.h"

/* How a source is to be read: what its columns are called, where NULL is the default, and so on. */
typedef struct SourceOptions
{
	char *label;      /* "emotion" */
	char *speaker;    /* "speaker" */
	char *group;      /* what cross-validation leaves out instead of a speaker; none by default */
	char *fold;       /* "fold", where cross-validation is by given folds; read as the group then */
	char *corpus;     /* "corpus", for who trains on several of them */
	char *audio;      /* "audio" */
	char *channel;    /* "channel", which of the recording's is heard */
	char *features;   /* "features" */
	char *id;         /* "id" */
	int on_bad_audio; /* OnBadAudio */
	Jsonb *labels;    /* other names of emotions, see label_map.h; NULL: none */
	Jsonb *target;    /* columns of numbers in the place of emotions, see targets.h; NULL: none */
} SourceOptions;

#define EMOSER_N_SOURCE_OPTIONS 12

/* Columns of groups at a time. */
#define EMOSER_MAX_BY 8

/* Without the last of them, "target": for who tells emotions apart. */
#define EMOSER_N_EMOTION_SOURCE_OPTIONS (EMOSER_N_SOURCE_OPTIONS - 1)

/* What reads them, to be recorded with those that were given. */
extern void emoser_source_options(SourceOptions *options,
								  OptionSpec specs[EMOSER_N_SOURCE_OPTIONS]);

/* The same from an object that holds nothing else, raising as emoser_read_options(); without a target. */
extern SourceOptions emoser_read_source_options(Jsonb *given);

/* Numbers of columns; 0 for one that isn't there. */
typedef struct SourceColumns
{
	int audio;    /* bytea; 0 if there are features */
	int channel;  /* smallint, integer or bigint; 0 without audio */
	int features; /* real[]; 0 if recordings are wanted */
	int label, speaker, group, corpus;
	int id;                       /* any type */
	int targets[EMO_MAX_TARGETS]; /* [n_targets]; with some, there is no label */
	int n_targets;
	int by[EMOSER_MAX_BY]; /* [n_by], by whose values utterances are grouped; any type */
	int n_by;
} SourceColumns;

typedef struct Source Source;

/* The source as an item of a FROM clause, quoted as needed.  As a subquery it can only read. */
extern char *emoser_source_item(const char *text);

/* Whether the text is a query or the name of a table that there is: raises nothing. */
extern bool emoser_is_source(const char *text);

/*
 * A source, which is run with the caller's rights once its rows are wanted; SPI must be connected.  text
 * is the name of a table or view, or a query that can only read (SELECT, WITH, VALUES, TABLE).  The rows
 * of a source that is kept can be gone over again; what doesn't fit into work_mem is in a temporary file,
 * but for values in TOAST tables, which stay there.  Until the end of SPI or the transaction.
 */
extern Source *emoser_open_source(const char *text, bool keep);

/* The same for a statement that reads emoser_source_item(), with parameters; all its columns are used. */
extern Source *emoser_open_statement(const char *statement, const SqlValue *values, int n_values,
									 bool keep);

/* All columns of the source. */
extern TupleDesc emoser_source_row_type(const Source *source);

/* Columns that are to be read; others are NULL in its rows, and are not computed.  0 stands for none. */
extern void emoser_use_columns(Source *source, const int *columns, int n_columns);

/*
 * An expression that is to be read, too.  In it the columns of the source are what emoser_column_alias()
 * says, whatever their names, and all else has its schema.
 */
extern void emoser_use_expression(Source *source, const char *expression);
extern char *emoser_column_alias(int column);

/* Without workers, so that rows have numbers of their own. */
extern void emoser_read_in_order(Source *source);

/* What the planner expects. */
extern int64 emoser_source_estimated_rows(Source *source);

/* A row, valid until the next one. */
typedef struct SourceRow
{
	HeapTuple columns; /* as of emoser_source_row_type(); NULL if none is used */
	Datum expression;  /* 0 if it is NULL, or there is none, or the row was kept */
} SourceRow;

/*
 * Go over all rows, in a memory context that is reset after each of them.  A source that isn't kept has
 * rows once only.  They come in the order of the query, but from workers, where the plan has some and the
 * source is read for the first time, in any order.
 */
extern void emoser_each_row(Source *source, void (*take)(void *argument, const SourceRow *row),
							void *argument);

/* The next row, without workers, valid until the next call; NULL after the last one. */
extern HeapTuple emoser_next_row(Source *source);

/* The number of the row that came last, from 1. */
extern int64 emoser_source_row_number(const Source *source);

/* Go over the rows of a source that is kept from the first one on. */
extern void emoser_rewind_source(Source *source);

/* Whether its rows were all seen before. */
extern bool emoser_source_was_read(const Source *source);

/* Whether its rows can be gone over again. */
extern bool emoser_source_is_kept(const Source *source);

extern void emoser_close_source(Source *source);

/*
 * Find the columns by name.  Raises UNDEFINED_COLUMN without labels, without audio and features, and
 * for a name that the user gave; DATATYPE_MISMATCH for audio or features of another type.  Features
 * are preferred, and one of the two is enough, unless the recordings themselves are wanted.
 */
extern SourceColumns emoser_source_columns(TupleDesc columns, const SourceOptions *options,
										   bool wants_audio);

/* The same of a source whose emotions nobody knows yet: it needs no labels, and has no speakers. */
extern SourceColumns emoser_content_columns(TupleDesc columns, const SourceOptions *options,
											bool wants_audio);

/*
 * The column of corpora; 0 if there is none.  Raises UNDEFINED_COLUMN for a name that the user gave.
 */
extern int emoser_corpus_column(TupleDesc columns, const SourceOptions *options);

/* That all are to be read that may be content to somebody: recordings and features. */
extern void emoser_use_possible_columns(Source *source, const SourceOptions *options);

/* That they are to be read. */
extern void emoser_use_source_columns(Source *source, const SourceColumns *columns);

/*
 * The column that says which channel of its recordings is heard; 0: all of them, mixed.  One that isn't of
 * numbers is something else, unless the user named it.  Raises DATATYPE_MISMATCH for other numbers than
 * integers, and for what the user named.
 */
extern int emoser_channel_column(TupleDesc columns, const SourceOptions *options);

/* A channel as text: EMO_MIXED for NULL, and for no column.  Raises for what is no number of a channel. */
extern int emoser_channel_of(const char *column, const char *digits);

/* The channel of a row, likewise. */
extern int emoser_row_channel(HeapTuple row, TupleDesc columns, int column);

/*
 * The number of a column; 0 if there is none.  Raises AMBIGUOUS_COLUMN if there are several, of which
 * the message says that what ("the source has") them.
 */
extern int emoser_find_column(TupleDesc columns, const char *what, const char *name);

/*
 * The number of a column.  Raises UNDEFINED_COLUMN unless there is one, and DATATYPE_MISMATCH if it
 * is of another type (InvalidOid: any will do).
 */
extern int emoser_require_column(TupleDesc columns, const char *name, Oid type);

/* The value of a column as text, without blanks around it; NULL for null. */
extern char *emoser_trimmed_value(HeapTuple row, TupleDesc columns, int column);

/* The name of a column of a source, for messages. */
extern const char *emoser_column_name(TupleDesc columns, int column);

#endif
