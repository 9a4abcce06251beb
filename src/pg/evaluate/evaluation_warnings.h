/*
 * evaluation_warnings.h
 *	  What to be told of figures of a stored model.
 */
#ifndef EMOSER_EVALUATION_WARNINGS_H
#define EMOSER_EVALUATION_WARNINGS_H

#include "core/model/model.h"
#include "pg/evaluate/evaluation.h"

/*
 * Of other words for the same emotions, and emotions that it isn't asked for (label_of_class is -1 there): they
 * give recalls of zero, which look like a bad model.
 */
extern void emoser_warn_of_unknown_labels(const Evaluation *evaluation, const EmoModel *model,
										  const int32 *label_of_class, const char *model_name);

#endif
