/*
 * calibration.c
 *	  The temperature at which held-out rows are most likely.
 */
#include "core/base/calibration.h"

#include <math.h>

#include "core/base/stats.h"

/* The interval of the temperature's logarithm is halved so often. */
#define TEMPERATURE_STEPS 40

static bool
counts(const EmoTrainingSet *set, const EmoFolds *folds, const EmoRowScores *scores, int64_t row)
{
	return folds->fold_of[row] >= 0 && emo_is_original(set, row) &&
		   emo_scores_of_row(scores, row)[set->label[row]] > EMO_MIN_LOG_POSTERIOR;
}

/*
 * The derivative of the log loss with respect to the inverse temperature b: the sum over rows of
 * the mean of s under softmax(b s + ln prior), less s of the row's class.  It grows with b.
 */
static double
loss_slope(const EmoTrainingSet *set, const EmoFolds *folds, const EmoRowScores *scores,
		   const double *log_priors, double inverse_temperature)
{
	double slope = 0;

	for (int64_t row = 0; row < set->n_rows; row++)
	{
		const float *s = emo_scores_of_row(scores, row);
		double largest = s[0];
		double sum = 0;
		double weighted = 0;
		const double *log_prior;

		if (!counts(set, folds, scores, row))
			continue;
		log_prior =
			log_priors == NULL ? NULL : log_priors + (size_t) folds->fold_of[row] * set->n_classes;
		for (int c = 1; c < set->n_classes; c++)
			largest = s[c] > largest ? s[c] : largest;
		for (int c = 0; c < set->n_classes; c++)
		{
			double exponent = inverse_temperature * (s[c] - largest);
			double e = exp(log_prior == NULL ? exponent : exponent + log_prior[c]);

			sum += e;
			weighted += e * s[c];
		}
		slope += weighted / sum - s[set->label[row]];
	}
	return slope;
}

EmoStatus
emo_fit_temperature(EmoEnv *env, const EmoTrainingSet *set, const EmoFolds *folds,
					const EmoRowScores *scores, const double *log_priors, float *temperature)
{
	double low = -log(EMO_MAX_TEMPERATURE);
	double high = -log(EMO_MIN_TEMPERATURE);
	bool any = false;

	if (emo_check_rows(env, set->n_rows, set->n_classes, folds, scores) != EMO_OK)
		return env->status;
	for (int64_t row = 0; row < set->n_rows && !any; row++)
		any = counts(set, folds, scores, row);
	*temperature = 1;
	for (int step = 0; step < TEMPERATURE_STEPS && any; step++)
	{
		double middle = (low + high) / 2;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		if (loss_slope(set, folds, scores, log_priors, exp(middle)) < 0)
			low = middle;
		else
			high = middle;
		*temperature = (float) exp(-(low + high) / 2);
	}
	return EMO_OK;
}
