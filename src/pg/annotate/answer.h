/*
 * answer.h
 *	  What is said of a row of the source.
 */
#ifndef EMOSER_ANNOTATION_ANSWER_H
#define EMOSER_ANNOTATION_ANSWER_H

#include "pg/annotate/target.h"
#include "pg/model/emotion.h"
#include "pg/model/named.h"

/* Columns of the rows that are read, after the key; 0 for one that isn't there. */
typedef struct ContentColumns
{
	bool is_features;
	bool has_channel;
} ContentColumns;

/* What the source is asked for, as emoser_claim_rows() wants it. */
extern char *emoser_content_of(const SourceColumns *columns, TupleDesc row_type,
							   ContentColumns *content);

/* Of rows of a transaction. */
typedef struct Answerer
{
	const Annotation *annotation;
	ContentColumns content;
	const StoredModel *model; /* NULL for features */
	EmotionWriter emotion;
	bool *talkers_told;
} Answerer;

/* Raises unless the model can answer. */
extern void emoser_begin_answers(Answerer *answerer);

typedef enum AnswerStatus
{
	ANSWER_OK,
	ANSWER_NO_SPEECH,
	ANSWER_ERROR,
	ANSWER_NULL,
	N_ANSWER_STATUS
} AnswerStatus;

/* Rows of the target, each with a value for each of its columns, in the current memory context. */
typedef struct Answer
{
	AnswerStatus status;
	int n_rows;
	SqlValue *values; /* [n_rows][columns] */
} Answer;

/*
 * A row as emoser_claim_rows() gives it.  What is wrong with a recording is its answer; other errors are
 * raised.
 */
extern Answer emoser_answer(const Answerer *answerer, HeapTuple row, TupleDesc row_type);

#endif
