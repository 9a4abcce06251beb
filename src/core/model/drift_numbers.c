/*
 * drift_numbers.c
 *	  The numbers of a drift.
 */
#include "core/model/drift_numbers.h"

#include <math.h>
#include <string.h>

#include "core/base/psi.h"

/* Features between two looks at whether to stop. */
#define FEATURES_PER_STOP_CHECK 256

void
emo_drift_smooth_shares(const float *stored, int n, double n_rows, double *shares)
{
	for (int i = 0; i < n; i++)
		shares[i] = (stored[i] * n_rows + 0.5) / (n_rows + 0.5 * n);
}

void
emo_drift_uniform_shares(double shares[EMO_FAMILIARITY_BINS])
{
	for (int b = 0; b < EMO_FAMILIARITY_BINS; b++)
		shares[b] = 1.0 / EMO_FAMILIARITY_BINS;
}

static int64_t
count_of(const EmoDriftRest *rest, int64_t all, int64_t without)
{
	return rest->without != NULL ? all - without : all;
}

/* A sum of all but the part. */
static double
sum_of(const EmoDriftRest *rest, double all, double without)
{
	return rest->without != NULL ? all - without : all;
}

static double
psi_by_cells(const EmoDriftRest *rest, int feature)
{
	const EmoModel *model = rest->drift->model;
	double counts[EMO_N_CELLS];

	for (int c = 0; c < EMO_N_CELLS; c++)
	{
		int i = feature * EMO_N_CELLS + c;

		counts[c] = (double) count_of(rest, rest->all->cells[i],
									  rest->without != NULL ? rest->without->cells[i] : 0);
	}
	return emo_psi_of_feature(counts, rest->n,
							  model->cells->units + (size_t) feature * (EMO_N_CELLS - 1));
}

static const EmoMoments *
moments_of(const EmoDriftPart *part, EmoDriftReference reference)
{
	return reference == EMO_DRIFT_COLLECTION ? part->of_collection : part->moments;
}

/*
 * The divergence of a normal of the moments found from one of mean 0 and deviation 1.  As with cells, one utterance
 * more is as expected.
 */
static double
psi_by_moments(const EmoDriftRest *rest, EmoDriftReference reference, int feature)
{
	const EmoMoments *all = &moments_of(rest->all, reference)[feature];
	const EmoMoments *without =
		rest->without != NULL ? &moments_of(rest->without, reference)[feature] : all;
	double mean = sum_of(rest, all->sum, without->sum) / (rest->n + 1);
	double square = (fmax(0, sum_of(rest, all->squares, without->squares)) + 1) / (rest->n + 1);
	double variance = fmax(square - mean * mean, 1 / (2 * (rest->n + 1)));

	return 0.5 * (variance + mean * mean + (1 + mean * mean) / variance) - 1;
}

static double
psi_of(const EmoDriftRest *rest, EmoDriftReference reference, int feature)
{
	return emo_drift_has_cells(rest->drift, reference) ? psi_by_cells(rest, feature)
													   : psi_by_moments(rest, reference, feature);
}

/* Features that vary tell how far they are by their moments; cells tell of all. */
static bool
tells(const EmoDrift *drift, EmoDriftReference reference, int feature)
{
	const EmoModel *model = drift->model;

	if (emo_drift_has_cells(drift, reference))
		return true;
	return reference == EMO_DRIFT_COLLECTION ? model->collection->deviation[feature] > 0
											 : model->population_deviation[feature] > 0;
}

/* Means over the features of each group, and of all behind them: psi[n_groups + 1]; NaN for none. */
static EmoStatus
measure_features(EmoEnv *env, const EmoDriftRest *rest, EmoDriftReference reference, double *psi,
				 EmoDriftItem *items)
{
	const EmoDrift *drift = rest->drift;
	int64_t n_of_group[EMO_MAX_CELL_GROUPS + 1] = {0};

	memset(psi, 0, (drift->n_groups + 1) * sizeof(double));
	for (int i = 0; i < drift->model->n_features; i++)
	{
		const int places[] = {drift->group_of[i], drift->n_groups};
		double of_feature;

		if (i % FEATURES_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (!tells(drift, reference, i))
			continue;
		of_feature = psi_of(rest, reference, i);
		for (int p = 0; p < 2; p++)
		{
			EmoDriftItem *item = items != NULL ? &items[places[p]] : NULL;

			psi[places[p]] += of_feature;
			n_of_group[places[p]]++;
			if (item == NULL || (item->worst >= 0 && item->worst_psi >= of_feature))
				continue;
			item->worst = i;
			item->worst_psi = of_feature;
		}
	}
	for (int g = 0; g <= drift->n_groups; g++)
		psi[g] = n_of_group[g] > 0 ? psi[g] / (double) n_of_group[g] : NAN;
	return EMO_OK;
}

/* Of counts [n] of a part, beside expected shares. */
static double
psi_of_counts(const EmoDriftRest *rest, const int64_t *all, const int64_t *without,
			  const double *shares, int n)
{
	double psi = 0;

	for (int i = 0; i < n; i++)
		psi +=
			emo_psi_of_cell((double) count_of(rest, all[i], rest->without != NULL ? without[i] : 0),
							rest->n, shares[i]);
	return psi;
}

/* The numbers of certainty, predictions and familiarity, in the order of the items. */
static double
number_of(const EmoDriftRest *rest, const EmoDriftItem *item)
{
	const EmoModel *model = rest->drift->model;
	const EmoDriftPart *all = rest->all;
	const EmoDriftPart *without = rest->without != NULL ? rest->without : all;
	double shares[EMO_MAX_CLASSES];

	switch (item->scope)
	{
		case EMO_DRIFT_FAMILIARITY:
			if (item->which == EMO_DRIFT_MEAN)
				return sum_of(rest, all->familiarity, without->familiarity) / rest->n;
			if (item->which == EMO_DRIFT_OTHER)
				return (double) count_of(rest, all->n_unfamiliar, without->n_unfamiliar) / rest->n;
			emo_drift_uniform_shares(shares);
			return psi_of_counts(rest, all->familiarity_bins, without->familiarity_bins, shares,
								 EMO_FAMILIARITY_BINS);
		case EMO_DRIFT_CERTAINTY:
			if (item->which == EMO_DRIFT_MEAN)
				return sum_of(rest, all->certainty.top_probability,
							  without->certainty.top_probability) /
					   rest->n;
			if (item->which == EMO_DRIFT_OTHER)
				return sum_of(rest, all->certainty.entropy, without->certainty.entropy) / rest->n;
			if (model->certainty == NULL)
				return NAN;
			emo_drift_smooth_shares(model->certainty->bins, EMO_CERTAINTY_BINS,
									model->certainty->n_rows, shares);
			return psi_of_counts(rest, all->certainty.bins, without->certainty.bins, shares,
								 EMO_CERTAINTY_BINS);
		case EMO_DRIFT_PREDICTED:
			if (item->which >= 0)
				return (double) count_of(rest, all->certainty.predicted[item->which],
										 without->certainty.predicted[item->which]) /
					   rest->n;
			if (model->certainty == NULL)
				return NAN;
			emo_drift_smooth_shares(model->certainty->predicted, model->n_classes,
									model->certainty->n_rows, shares);
			return psi_of_counts(rest, all->certainty.predicted, without->certainty.predicted,
								 shares, model->n_classes);
		case EMO_DRIFT_VALUE:
			return sum_of(rest, all->values[item->which], without->values[item->which]) / rest->n;
		case EMO_DRIFT_FEATURES:
			break;
	}
	return NAN;
}

EmoStatus
emo_drift_numbers(EmoEnv *env, const EmoDriftRest *rest, EmoDriftItem *items, int n_items,
				  bool note_worst, double *values)
{
	int n_groups = rest->drift->n_groups;

	for (int i = 0; i < n_items; i++)
	{
		if (items[i].scope != EMO_DRIFT_FEATURES)
		{
			values[i] = number_of(rest, &items[i]);
			continue;
		}
		if (measure_features(env, rest, items[i].reference, values + i,
							 note_worst ? items + i : NULL) != EMO_OK)
			return env->status;
		i += n_groups;
	}
	return EMO_OK;
}
