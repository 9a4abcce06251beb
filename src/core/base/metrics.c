/*
 * metrics.c
 *	  How well predictions agree with what was actual.
 */
#include "core/base/metrics.h"

#include <math.h>
#include <string.h>

#include "core/base/stats.h"

/* Rows between two looks whether to stop. */
#define ROWS_AT_ONCE 65536

/* The class of a label; -1 if it has none. */
static int
class_of(const EmoScores *scores, int32_t label)
{
	if (scores->label_of == NULL)
		return label;
	for (int c = 0; c < scores->n_classes; c++)
		if (scores->label_of[c] == label)
			return c;
	return -1;
}

EmoSaid
emo_judge_row(const float *score, int n_classes, bool are_logarithms, int actual_class)
{
	int best = emo_argmax(score, n_classes);
	double of_actual = actual_class < 0 ? 0
					   : are_logarithms ? exp(score[actual_class])
										: score[actual_class];

	return (EmoSaid){best, are_logarithms ? expf(score[best]) : score[best],
					 emo_log_loss(of_actual)};
}

EmoStatus
emo_judge(EmoEnv *env, const EmoScores *scores, const int32_t *actual, int n_labels,
		  EmoJudged *judged)
{
	int32_t *predicted = emo_alloc(env, scores->n_rows, sizeof(int32_t));
	float *confidence = emo_alloc(env, scores->n_rows, sizeof(float));
	float *loss = emo_alloc(env, scores->n_rows, sizeof(float));

	if (predicted == NULL || confidence == NULL || loss == NULL ||
		emo_check_rows(env, scores->n_rows, scores->n_classes, scores->folds, NULL) != EMO_OK)
		return env->status;
	for (int64_t row = 0; row < scores->n_rows; row++)
	{
		EmoSaid said;

		if (row % ROWS_AT_ONCE == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (scores->folds != NULL && scores->folds->fold_of[row] < 0)
			continue;
		said = emo_judge_row(scores->score + row * scores->n_classes, scores->n_classes,
							 scores->are_logarithms, class_of(scores, actual[row]));
		predicted[row] =
			scores->label_of != NULL ? scores->label_of[said.predicted] : said.predicted;
		confidence[row] = said.confidence;
		loss[row] = said.loss;
	}
	*judged = (EmoJudged){scores->n_rows, n_labels, actual, predicted, confidence, loss};
	return EMO_OK;
}

EmoStatus
emo_fold_metrics(EmoEnv *env, const EmoJudged *judged, const EmoFolds *folds, int fold,
				 double *metrics, int64_t *n_rows)
{
	double *all = emo_alloc(env, emo_metric_count(judged->n_labels), sizeof(double));
	EmoTally tally;

	if (all == NULL || emo_tally_new(env, judged->n_labels, &tally) != EMO_OK ||
		emo_check_rows(env, judged->n_rows, judged->n_labels, folds, NULL) != EMO_OK)
		return env->status;
	for (int64_t row = 0; row < judged->n_rows; row++)
		if (folds->fold_of[row] >= 0 && (fold < 0 || folds->fold_of[row] == fold))
			emo_tally_add(&tally, judged, row);
	emo_tally_metrics(&tally, all);
	memcpy(metrics, all, EMO_N_METRICS * sizeof(double));
	*n_rows = tally.n_rows;
	emo_free(env, tally.confusion);
	emo_free(env, all);
	return EMO_OK;
}

EmoStatus
emo_tally_new(EmoEnv *env, int n_labels, EmoTally *tally)
{
	tally->n_labels = n_labels;
	tally->confusion = emo_alloc(env, n_labels, n_labels * sizeof(int64_t));
	if (tally->confusion == NULL)
		return env->status;
	emo_tally_clear(tally);
	return EMO_OK;
}

void
emo_tally_clear(EmoTally *tally)
{
	size_t n = tally->n_labels;

	memset(tally->confusion, 0, n * n * sizeof(int64_t));
	emo_tally_clear_sums(tally);
}

void
emo_tally_clear_sums(EmoTally *tally)
{
	memset(tally->bin_confidence, 0, sizeof(tally->bin_confidence));
	memset(tally->bin_right, 0, sizeof(tally->bin_right));
	tally->n_rows = 0;
	tally->loss = 0;
}

void
emo_tally_add(EmoTally *tally, const EmoJudged *judged, int64_t row)
{
	int32_t actual = judged->actual[row];
	int32_t predicted = judged->predicted[row];
	int bin = emo_calibration_bin(judged->confidence[row]);

	tally->confusion[(size_t) actual * tally->n_labels + predicted]++;
	tally->bin_confidence[bin] += judged->confidence[row];
	tally->bin_right[bin] += actual == predicted;
	tally->loss += judged->loss[row];
	tally->n_rows++;
}

float
emo_log_loss(double probability)
{
	return (float) -log(fmax(probability, EMO_LEAST_PROBABILITY));
}

/* Rows of a label: recognised, actual, predicted. */
typedef struct LabelCounts
{
	int64_t right, actual, predicted;
} LabelCounts;

static LabelCounts
count_label(const int64_t *confusion, int n_labels, int label)
{
	size_t n = n_labels;
	LabelCounts counts = {confusion[label * n + label], 0, 0};

	for (size_t other = 0; other < n; other++)
	{
		counts.actual += confusion[label * n + other];
		counts.predicted += confusion[other * n + label];
	}
	return counts;
}

static double
share(int64_t part, int64_t whole)
{
	return whole > 0 ? (double) part / (double) whole : NAN;
}

void
emo_confusion_metrics(const int64_t *confusion, int n_labels, double *uar, double *war,
					  double *macro_f1)
{
	double recalls = 0, f1s = 0;
	int64_t n_right = 0, n_rows = 0, n_actual = 0, n_seen = 0;

	for (int label = 0; label < n_labels; label++)
	{
		LabelCounts counts = count_label(confusion, n_labels, label);

		if (counts.actual + counts.predicted == 0)
			continue;
		n_seen++;
		f1s += share(2 * counts.right, counts.actual + counts.predicted);
		n_right += counts.right;
		n_rows += counts.actual;
		if (counts.actual == 0)
			continue;
		n_actual++;
		recalls += share(counts.right, counts.actual);
	}
	*uar = n_actual > 0 ? recalls / (double) n_actual : NAN;
	*war = share(n_right, n_rows);
	*macro_f1 = n_seen > 0 ? f1s / (double) n_seen : NAN;
}

void
emo_tally_metrics(const EmoTally *tally, double *values)
{
	double n_rows = (double) tally->n_rows;
	double gaps = 0;

	emo_confusion_metrics(tally->confusion, tally->n_labels, &values[EMO_METRIC_UAR],
						  &values[EMO_METRIC_WAR], &values[EMO_METRIC_MACRO_F1]);
	for (int bin = 0; bin < EMO_CALIBRATION_BINS; bin++)
		gaps += fabs(tally->bin_confidence[bin] - (double) tally->bin_right[bin]);
	values[EMO_METRIC_ECE] = tally->n_rows > 0 ? gaps / n_rows : NAN;
	values[EMO_METRIC_LOG_LOSS] = tally->n_rows > 0 ? tally->loss / n_rows : NAN;
	for (int label = 0; label < tally->n_labels; label++)
	{
		LabelCounts counts = count_label(tally->confusion, tally->n_labels, label);
		double *of_label = values + EMO_N_METRICS + (size_t) label * EMO_LABEL_METRICS;

		of_label[EMO_LABEL_PRECISION] = share(counts.right, counts.predicted);
		of_label[EMO_LABEL_RECALL] = share(counts.right, counts.actual);
		of_label[EMO_LABEL_F1] = share(2 * counts.right, counts.actual + counts.predicted);
	}
}
