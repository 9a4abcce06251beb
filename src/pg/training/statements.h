/*
 * statements.h
 *	  Statements that sum up the rows of a source where they are.
 *
 * The source is a subquery of them, run with the search_path of the user.  All that is ours around it
 * is resolved exactly: each name has its schema, each argument just the type of a parameter.  Values of any
 * type become text by their own output functions, as a training that keeps its rows reads them.
 */
#ifndef EMOSER_STATEMENTS_H
#define EMOSER_STATEMENTS_H

#include "pg/base/sql.h"
#include "pg/source/source.h"

/* Rows as aggregates are given them: what FROM takes, "(...) AS r". */
typedef struct StatementRows
{
	Oid function; /* any of the extension */
	char *item;   /* with columns label, speaker, features, digest, id */
	char *given;  /* the same before emotions are mapped, for the survey */
	bool has_speakers;
} StatementRows;

/* Of a table or query that has features; labels is that option of it, or NULL. */
extern StatementRows emoser_rows_of_source(Oid function, const char *text, TupleDesc row_type,
										   const SourceColumns *columns, Jsonb *labels);

/* Of utterances that were read before, in a tuplestore that statements find by this name. */
#define EMOSER_SPOOLED_ROWS "emoser_training_rows"
extern StatementRows emoser_rows_of_spool(Oid function, bool has_speakers);

/* SELECT _emoser_survey(): its only parameter is the layout. */
extern char *emoser_survey_statement(const StatementRows *rows);

/* Who is held out together. */
typedef enum FoldsBy
{
	FOLDS_BY_SPEAKER,  /* by the folds that a parameter deals */
	FOLDS_BY_RECORDING /* by the digests of rows */
} FoldsBy;

/*
 * Statements with a row (fold integer, result bytea) for each of n_folds: $1 are the settings of sums, $2 the
 * folds of speakers, and for scores $3 and following the heads of each fold.  Either shape gives
 * the same.  is_split: a scan for each fold, which workers share among themselves; else a single scan.
 */
extern char *emoser_sums_statement(const StatementRows *rows, FoldsBy by, int n_folds,
								   bool is_split);
extern char *emoser_scores_statement(const StatementRows *rows, FoldsBy by, int n_folds,
									 bool is_split);

/* The columns of the utterances themselves. */
enum
{
	EMOSER_UTTERANCE_LABEL = 1,
	EMOSER_UTTERANCE_SPEAKER,
	EMOSER_UTTERANCE_ID,
	EMOSER_UTTERANCE_NUMBER, /* of the row in the source, from 1 */
	EMOSER_UTTERANCE_FEATURES,
	EMOSER_UTTERANCE_PROFILE /* of the speaker; NULL unless wanted */
};

/* A row for each utterance, in the order of the source, without parameters. */
extern char *emoser_utterances_statement(const StatementRows *rows, bool with_profiles);

/* As sums, but with a row (speaker text, result bytea) for each speaker. */
extern char *emoser_speaker_sums_statement(const StatementRows *rows);

#endif
