/*
 * metric_rows.h
 *	  Metrics of an evaluation as rows of a result: scope, name, metric, value, low, high, n.
 */
#ifndef EMOSER_METRIC_ROWS_H
#define EMOSER_METRIC_ROWS_H

#include "pg/evaluate/evaluation.h"
#include "pg/evaluate/told_values.h"

/* What SQL calls an EmoMetric. */
extern const char *const emoser_metric_names[EMO_N_METRICS];

/* What follows the names of metrics that are of predictions by profiles. */
#define EMOSER_PROFILE_SUFFIX "_with_profile"

/* Of all utterances, in a scope of this name; returns all that was estimated. */
extern EmoEstimates emoser_put_overall(RowWriter *rows, const char *scope, Evaluation *evaluation,
									   const EmoJudged *judged, const char *suffix);

/* A number of the scope "overall" that is no estimate, of n things; NAN is NULL. */
extern void emoser_put_number(RowWriter *rows, const char *metric, double value, int64 n);

/* What SQL calls an EmoAgreementMetric. */
extern const char *const emoser_agreement_names[EMO_N_AGREEMENTS];

/* Of each target, without profiles and with them, in a scope of this name. */
extern void emoser_put_told(RowWriter *rows, const char *scope, Evaluation *evaluation,
							const ToldValues *told);

/* By group of each column that the evaluation has, with the gaps; told is NULL where emotions are judged. */
extern void emoser_put_groups(RowWriter *rows, Evaluation *evaluation, const EmoJudged *plain,
							  const EmoJudged *with_profile, const ToldValues *told);

/* Overall, by emotion and by speaker. */
extern void emoser_put_metrics(RowWriter *rows, Evaluation *evaluation, const EmoJudged *judged,
							   const char *suffix);

#endif
