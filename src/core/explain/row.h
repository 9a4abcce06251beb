/*
 * row.h
 *	  One reason of an explanation, for people.
 */
#ifndef EMO_EXPLAIN_ROW_H
#define EMO_EXPLAIN_ROW_H

#include "core/explain/explain.h"

/* Features of a group that are named. */
#define EMO_EXPLAIN_TOP 3

/* "pitch higher and more varied than average: +2.1 towards anger", with its final zero byte. */
#define EMO_EXPLAIN_WORDS_SIZE 256

typedef struct EmoExplanationRow
{
	const char *part;    /* "features" or "net" */
	const char *group;   /* such as "pitch"; "baseline" for what is said of nothing in particular */
	double contribution; /* nats towards the winner; negative: towards the runner-up */
	char words[EMO_EXPLAIN_WORDS_SIZE];
	int reason_length;        /* of words: up to the colon */
	int n_top;                /* 0 for a net and the baseline */
	int top[EMO_EXPLAIN_TOP]; /* features, the largest contributions first */
} EmoExplanationRow;

/* Append to a row's words what it speaks for, and by how much. */
extern void emo_say_towards(const EmoModel *model, const EmoExplanation *explanation,
							EmoExplanationRow *row);

#endif
