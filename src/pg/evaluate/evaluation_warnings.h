/*
 * evaluation_warnings.h
 *	  What to be told of figures of a stored model.
 */
#ifndef EMOSER_EVALUATION_WARNINGS_H
#define EMOSER_EVALUATION_WARNINGS_H

#include "pg/evaluate/model_evaluation.h"
#include "pg/model/store.h"

/* Of a model that was trained on the data with this hash. */
extern void emoser_warn_of_own_data(Oid function, const StoredModel *stored, const char *data_hash);

/* Of other words for the same emotions: they give recalls of zero, which look like a bad model. */
extern void emoser_warn_of_unknown_labels(const ModelEvaluation *evaluation,
										  const char *model_name);

#endif
