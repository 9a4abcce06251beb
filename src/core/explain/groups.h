/*
 * groups.h
 *	  Explanations for people: what belongs together, and how it differs from the average.
 */
#ifndef EMO_EXPLAIN_GROUPS_H
#define EMO_EXPLAIN_GROUPS_H

#include "core/explain/explain.h"

/* Features of a group that are named. */
#define EMO_EXPLAIN_TOP 3

/* "pitch higher and more varied than average: +2.1 towards anger", with its final zero byte. */
#define EMO_EXPLAIN_WORDS_SIZE 256

#define EMO_EXPLAIN_MAX_ROWS   24

typedef struct EmoExplanationRow
{
	const char *part;    /* "features" or "net" */
	const char *group;   /* such as "pitch"; "baseline" for what is said of nothing in particular */
	double contribution; /* nats towards the winner; negative: towards the runner-up */
	char words[EMO_EXPLAIN_WORDS_SIZE];
	int n_top;                /* 0 for a net and the baseline */
	int top[EMO_EXPLAIN_TOP]; /* features, the largest contributions first */
} EmoExplanationRow;

/*
 * Rows of an explanation, the largest contributions first, baselines last; returns their number.
 * Their contributions sum to explanation->difference.
 */
extern int emo_explanation_rows(const EmoModel *model, const EmoExplanation *explanation,
								EmoExplanationRow rows[EMO_EXPLAIN_MAX_ROWS]);

/* The group of a feature of emoser_features(), from its name. */
extern const char *emo_feature_group_name(const char *feature_name);

#endif
