/*
 * metric_rows.h
 *	  Metrics of an evaluation as rows of a result: scope, name, metric, value, low, high, n.
 */
#ifndef EMOSER_METRIC_ROWS_H
#define EMOSER_METRIC_ROWS_H

#include "pg/evaluate/evaluation.h"

/* What SQL calls an EmoMetric. */
extern const char *const emoser_metric_names[EMO_N_METRICS];

/* What follows the names of metrics that are of predictions by profiles. */
#define EMOSER_PROFILE_SUFFIX "_with_profile"

/* Overall, by emotion and by speaker. */
extern void emoser_put_metrics(RowWriter *rows, Evaluation *evaluation, const EmoJudged *judged,
							   const char *suffix);

#endif
