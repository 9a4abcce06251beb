/*
 * net_rows.h
 *	  What speaks for an emotion in what a net hears: bands of frequency, pitch and voicing.
 */
#ifndef EMO_EXPLAIN_NET_ROWS_H
#define EMO_EXPLAIN_NET_ROWS_H

#include "core/explain/row.h"

/* A row for each group; returns their number, 0 if the explanation has no net. */
extern int emo_net_rows(const EmoModel *model, const EmoExplanation *explanation,
						EmoExplanationRow *rows);

#endif
