/*
 * probabilities.h
 *	  Probabilities of emotions as a jsonb object.
 */
#ifndef EMOSER_PROBABILITIES_H
#define EMOSER_PROBABILITIES_H

#include "pg/base/glue.h"

#include "utils/jsonb.h"

/*
 * {"label": probability, ...} of probabilities [n]; labels in the encoding of the database.  asked [n] are
 * those to be told; NULL: all.
 */
extern Jsonb *emoser_probability_object(const char *const *labels, const bool *asked,
										const float *probabilities, int n);

/*
 * The same of log probabilities [n].
 * *best becomes the likeliest, the first of equals.
 */
extern Jsonb *emoser_probabilities(const char *const *labels, const float *log_probabilities, int n,
								   int *best);

/*
 * The n probabilities of such an object, palloc'd.  Raises INVALID_PARAMETER_VALUE unless they are numbers
 * from 0 to 1 that sum to one, by the digits that are written.
 */
extern const double *emoser_given_probabilities(Jsonb *object, int *n);

#endif
