/*
 * feature_rows.h
 *	  What speaks for an emotion in the features of an utterance, in words of the voice.
 */
#ifndef EMO_EXPLAIN_FEATURE_ROWS_H
#define EMO_EXPLAIN_FEATURE_ROWS_H

#include "core/explain/row.h"

/* A row for each group; returns their number, 0 if the explanation has no features. */
extern int emo_feature_rows(const EmoModel *model, const EmoExplanation *explanation,
							EmoExplanationRow *rows);

#endif
