/*
 * drift_chance.c
 *	  What the numbers of a drift are by chance.
 */
#include "core/base/psi.h"
#include "core/model/drift_numbers.h"

static double
chance_of_shares(const double *shares, int n, int64_t n_rows, double n_training)
{
	double chance = 0;

	for (int i = 0; i < n; i++)
		chance += emo_psi_by_chance(n_rows, shares[i]) +
				  (n_training > 0 ? (1 - shares[i]) / n_training : 0);
	return chance;
}

/* Of a model whose features were grouped otherwise, the mean of its groups. */
static double
spread_of(const EmoDrift *drift, int group)
{
	const EmoCells *cells = drift->model->cells;
	double sum = 0;

	if (cells->n_groups == drift->n_groups)
		return cells->spread[group];
	for (int g = 0; g < cells->n_groups; g++)
		sum += cells->spread[g];
	return sum / cells->n_groups;
}

/* Over the features of each group, and of all. */
static EmoStatus
set_chance_by_cells(EmoEnv *env, const EmoDrift *drift, int64_t n_rows, int64_t n_speakers,
					EmoDriftItem *items)
{
	const EmoCells *cells = drift->model->cells;
	EmoCellChance *chance = emo_alloc(env, 2, sizeof(EmoCellChance));
	int64_t n_of_group[EMO_MAX_CELL_GROUPS + 1] = {0};
	int all = drift->n_groups;
	double of_speakers = 1.0 / (double) (n_speakers > 0 ? n_speakers : n_rows);

	if (chance == NULL)
		return env->status;
	of_speakers += cells->n_speakers > 0 ? 1 / (double) cells->n_speakers : 0;
	emo_fill_chance(n_rows, &chance[0]);
	emo_fill_chance((int64_t) cells->n_rows, &chance[1]);
	for (int i = 0; i < drift->model->n_features; i++)
	{
		const float *units = cells->units + (size_t) i * (EMO_N_CELLS - 1);
		int group = drift->group_of[i];
		double of_feature = emo_chance_of_feature(&chance[0], units) +
							emo_chance_of_feature(&chance[1], units) +
							spread_of(drift, group) * of_speakers;

		items[group].by_chance += of_feature;
		items[all].by_chance += of_feature;
		n_of_group[group]++;
		n_of_group[all]++;
	}
	for (int g = 0; g <= all; g++)
		items[g].by_chance /= n_of_group[g] > 0 ? (double) n_of_group[g] : 1;
	emo_free(env, chance);
	return EMO_OK;
}

/* Of a mean and a variance each a 1 / n; and of the utterance that is as expected, less. */
static double
chance_by_moments(double n)
{
	return n > 0 ? 2 * n / ((n + 1) * (n + 1)) : 0;
}

EmoStatus
emo_drift_set_chance(EmoEnv *env, const EmoDrift *drift, int64_t n_rows, int64_t n_speakers,
					 EmoDriftItem *items, int n_items)
{
	const EmoModel *model = drift->model;
	const EmoCertainty *certainty = model->certainty;
	double n_held_out = certainty != NULL ? certainty->n_rows : drift->n_training;
	double shares[EMO_MAX_CLASSES];

	for (int i = 0; i < n_items; i++)
	{
		EmoDriftItem *item = &items[i];

		if (!item->is_psi)
			continue;
		item->by_chance = 0;
		switch (item->scope)
		{
			case EMO_DRIFT_FEATURES:
				if (emo_drift_has_cells(drift, item->reference))
				{
					for (int g = 0; g <= drift->n_groups; g++)
						item[g].by_chance = 0;
					if (set_chance_by_cells(env, drift, n_rows, n_speakers, item) != EMO_OK)
						return env->status;
					i += drift->n_groups;
					break;
				}
				item->by_chance = chance_by_moments((double) n_rows) +
								  chance_by_moments(item->reference == EMO_DRIFT_COLLECTION
														? (double) model->collection->count
														: drift->n_training);
				break;
			case EMO_DRIFT_FAMILIARITY:
				emo_drift_uniform_shares(shares);
				item->by_chance =
					chance_of_shares(shares, EMO_FAMILIARITY_BINS, n_rows, n_held_out);
				break;
			case EMO_DRIFT_CERTAINTY:
				if (certainty == NULL)
					break;
				emo_drift_smooth_shares(certainty->bins, EMO_CERTAINTY_BINS, certainty->n_rows,
										shares);
				item->by_chance = chance_of_shares(shares, EMO_CERTAINTY_BINS, n_rows, n_held_out);
				break;
			case EMO_DRIFT_PREDICTED:
				if (certainty == NULL)
					break;
				emo_drift_smooth_shares(certainty->predicted, model->n_classes, certainty->n_rows,
										shares);
				item->by_chance = chance_of_shares(shares, model->n_classes, n_rows, n_held_out);
				break;
			case EMO_DRIFT_VALUE:
				break;
		}
	}
	return EMO_OK;
}
