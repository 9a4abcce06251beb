/*
 * rows.h
 *	  Explanations for people: a row for each reason.
 */
#ifndef EMO_EXPLAIN_ROWS_H
#define EMO_EXPLAIN_ROWS_H

#include "core/explain/row.h"

#define EMO_EXPLAIN_MAX_ROWS 24

/* "more than 1000 times as likely", with its final zero byte. */
#define EMO_RATIO_WORDS_SIZE 40

/*
 * Rows of an explanation, the largest contributions first, baselines last; returns their number.
 * Their contributions sum to explanation->difference.
 */
extern int emo_explanation_rows(const EmoModel *model, const EmoExplanation *explanation,
								EmoExplanationRow rows[EMO_EXPLAIN_MAX_ROWS]);

/* The ratio of two probabilities, whose logarithms differ by difference >= 0, in words. */
extern void emo_ratio_words(double difference, char words[EMO_RATIO_WORDS_SIZE]);

/* The group of a feature of emoser_features(), from its name. */
extern const char *emo_feature_group_name(const char *feature_name);

#endif
