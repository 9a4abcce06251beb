/*
 * asked.h
 *	  Which emotions a prediction is to decide between: the argument or option "emotions".
 */
#ifndef EMOSER_ASKED_H
#define EMOSER_ASKED_H

#include "pg/base/glue.h"

#include "nodes/pg_list.h"
#include "utils/array.h"

#include "core/model/model.h"

/*
 * EmoUtterance.asked of an array of names (text[]), palloc'd.  Raises INVALID_PARAMETER_VALUE for a name
 * that the model doesn't know, one that comes twice, and fewer than two; NULL_VALUE_NOT_ALLOWED for nulls.
 */
extern bool *emoser_asked_of_array(const EmoModel *model, ArrayType *names);

/* Likewise of a list of C strings; NULL, which stands for all, for NIL. */
extern bool *emoser_asked_of_list(const EmoModel *model, List *names);

/* Raises likewise for names that the model doesn't know, and nulls; what is the name of the argument. */
extern void emoser_check_known_emotions(const EmoModel *model, ArrayType *names, const char *what);

/* The same names as text[]. */
extern Datum emoser_asked_array(List *names);

#endif
