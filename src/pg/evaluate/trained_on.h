/*
 * trained_on.h
 *	  Which recordings a model was trained on, of those that it is judged on.
 */
#ifndef EMOSER_TRAINED_ON_H
#define EMOSER_TRAINED_ON_H

#include "pg/base/glue.h"

#include "pg/source/content_hashes.h"
#include "pg/source/source.h"

/* What is done about them. */
typedef enum TrainedOn
{
	TRAINED_ON_MARK,      /* they count, and it is said */
	TRAINED_ON_LEAVE_OUT, /* they don't count */
	TRAINED_ON_ONLY       /* nothing else counts */
} TrainedOn;

/* How a model is evaluated: options of the source, "trained_on", "emotions" and "by". */
typedef struct EvaluationOptions
{
	SourceOptions source;
	int trained_on;  /* TrainedOn */
	List *emotions;  /* C strings, to decide between; NIL: all that the model knows */
	List *by;        /* C strings, columns to tell groups by; NIL: none */
	bool of_numbers; /* regressions are evaluated, too */
} EvaluationOptions;

/*
 * From an object that holds nothing else; raises as emoser_read_options().  Who tells nothing of groups takes
 * no option "by".
 */
extern EvaluationOptions emoser_read_evaluation_options(Jsonb *given, bool tells_groups);

/*
 * Of contents [n] whether a version was trained on them, as it remembers; NULL: it doesn't.  What is
 * read has the caller's rights; SPI need not be connected.
 */
extern bool *emoser_find_trained_on(Oid function, const char *name, int version,
									const ContentHashes *content, int64 n);

/* Raises OBJECT_NOT_IN_PREREQUISITE_STATE unless that is known. */
extern void emoser_check_known(const bool *trained_on, const char *model);

/*
 * The same, and NO_DATA_FOUND if nothing counts: of
 * those trained on if is_only is set, otherwise of the others.
 */
extern void emoser_check_chosen(const bool *trained_on, int64 n, bool is_only, const char *model);

/* The same of names of speakers, who may be others of the same name. */
extern bool *emoser_find_speakers_trained_on(Oid function, const char *name, int version,
											 const char *const *speakers, int n);

#endif
