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
counts(const EmoTrainingSet *set, const int32_t *fold_of_row, const float *log_posteriors,
	   int64_t row)
{
	return fold_of_row[row] >= 0 && emo_is_original(set, row) &&
		   log_posteriors[row * set->n_classes + set->label[row]] > EMO_MIN_LOG_POSTERIOR;
}

/*
 * The derivative of the log loss with respect to the inverse temperature b: the sum over rows of
 * the mean of s under softmax(b s + ln prior), less s of the row's class.  It grows with b.
 */
static double
loss_slope(const EmoTrainingSet *set, const int32_t *fold_of_row, const float *log_posteriors,
		   const double *log_priors, double inverse_temperature)
{
	double slope = 0;

	for (int64_t row = 0; row < set->n_rows; row++)
	{
		const float *s = log_posteriors + row * set->n_classes;
		double largest = s[0];
		double sum = 0;
		double weighted = 0;
		const double *log_prior;

		if (!counts(set, fold_of_row, log_posteriors, row))
			continue;
		log_prior =
			log_priors == NULL ? NULL : log_priors + (size_t) fold_of_row[row] * set->n_classes;
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
emo_fit_temperature(EmoEnv *env, const EmoTrainingSet *set, const int32_t *fold_of_row,
					const float *log_posteriors, const double *log_priors, float *temperature)
{
	double low = -log(EMO_MAX_TEMPERATURE);
	double high = -log(EMO_MIN_TEMPERATURE);
	bool any = false;

	for (int64_t row = 0; row < set->n_rows && !any; row++)
		any = counts(set, fold_of_row, log_posteriors, row);
	*temperature = 1;
	for (int step = 0; step < TEMPERATURE_STEPS && any; step++)
	{
		double middle = (low + high) / 2;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		if (loss_slope(set, fold_of_row, log_posteriors, log_priors, exp(middle)) < 0)
			low = middle;
		else
			high = middle;
		*temperature = (float) exp(-(low + high) / 2);
	}
	return EMO_OK;
}
