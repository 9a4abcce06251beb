/*
 * drift_measure.c
 *	  What counts of utterances tell beside those of the training.
 */
#include <math.h>

#include "core/base/psi.h"
#include "core/model/drift_numbers.h"

/* 97.5 % quantiles of Student's t, by degrees of freedom from 1. */
static const double t_quantiles[EMO_DRIFT_PARTS - 1] = {12.706, 4.303, 3.182, 2.776, 2.571,
														2.447,  2.365, 2.306, 2.262};

/* One number of each item. */
typedef struct Items
{
	EmoDriftItem *items;
	int n;
} Items;

/* Delete-a-group jackknife: values of all parts, and of all but each of n_parts. */
static void
set_interval(const double *without, int stride, int n_parts, EmoDriftItem *item)
{
	double mean = 0, squares = 0, half, centre;

	if (n_parts < 2 || isnan(item->now))
		return;
	for (int p = 0; p < n_parts; p++)
		mean += without[(size_t) p * stride] / n_parts;
	for (int p = 0; p < n_parts; p++)
	{
		double off = without[(size_t) p * stride] - mean;

		squares += off * off;
	}
	half = t_quantiles[n_parts - 2] * sqrt(squares * (n_parts - 1) / n_parts);
	centre = item->is_psi ? item->now - item->by_chance : item->now;
	item->low = centre - half;
	item->high = centre + half;
	if (item->is_psi || item->scope == EMO_DRIFT_VALUE)
		return;
	/* Shares and means of shares. */
	item->low = fmax(0, item->low);
	item->high = fmin(1, item->high);
}

static void
add(Items *items, EmoDriftScope scope, EmoDriftReference reference, int which, bool is_psi,
	double in_training)
{
	EmoDriftItem *item = &items->items[items->n++];

	*item = (EmoDriftItem){.scope = scope,
						   .reference = reference,
						   .which = which,
						   .is_psi = is_psi,
						   .in_training = in_training,
						   .now = NAN,
						   .by_chance = NAN,
						   .low = NAN,
						   .high = NAN,
						   .worst = -1,
						   .worst_psi = NAN};
}

static void
list_features(const EmoDrift *drift, EmoDriftReference reference, Items *items)
{
	if (drift->n_groups == 0)
		return;
	for (int g = 0; g < drift->n_groups; g++)
		add(items, EMO_DRIFT_FEATURES, reference, g, true, NAN);
	add(items, EMO_DRIFT_FEATURES, reference, EMO_DRIFT_DISTRIBUTION, true, NAN);
}

static EmoStatus
list_items(EmoEnv *env, const EmoDrift *drift, Items *items)
{
	const EmoModel *model = drift->model;
	const EmoCertainty *certainty = model->certainty;
	size_t most = (size_t) EMO_N_DRIFT_REFERENCES * (drift->n_groups + 1) + 3 + 3 + 1 +
				  (size_t) model->n_classes;

	if ((items->items = emo_alloc(env, most, sizeof(EmoDriftItem))) == NULL)
		return env->status;
	list_features(drift, EMO_DRIFT_TRAINING, items);
	if (model->collection != NULL)
		list_features(drift, EMO_DRIFT_COLLECTION, items);
	if (model->familiarity != NULL)
	{
		/* By its definition, of held-out utterances. */
		add(items, EMO_DRIFT_FAMILIARITY, EMO_DRIFT_TRAINING, EMO_DRIFT_DISTRIBUTION, true, NAN);
		add(items, EMO_DRIFT_FAMILIARITY, EMO_DRIFT_TRAINING, EMO_DRIFT_MEAN, false, 0.5);
		add(items, EMO_DRIFT_FAMILIARITY, EMO_DRIFT_TRAINING, EMO_DRIFT_OTHER, false,
			EMO_UNFAMILIAR);
	}
	for (int t = 0; model->targets != NULL && t < model->n_classes; t++)
		add(items, EMO_DRIFT_VALUE, EMO_DRIFT_TRAINING, t, false, model->targets[t].mean);
	if (model->targets != NULL)
		return EMO_OK;
	add(items, EMO_DRIFT_CERTAINTY, EMO_DRIFT_TRAINING, EMO_DRIFT_DISTRIBUTION, true, NAN);
	add(items, EMO_DRIFT_CERTAINTY, EMO_DRIFT_TRAINING, EMO_DRIFT_MEAN, false,
		certainty != NULL ? certainty->top_probability : NAN);
	add(items, EMO_DRIFT_CERTAINTY, EMO_DRIFT_TRAINING, EMO_DRIFT_OTHER, false,
		certainty != NULL ? certainty->entropy : NAN);
	add(items, EMO_DRIFT_PREDICTED, EMO_DRIFT_TRAINING, EMO_DRIFT_DISTRIBUTION, true, NAN);
	for (int c = 0; c < model->n_classes; c++)
		add(items, EMO_DRIFT_PREDICTED, EMO_DRIFT_TRAINING, c, false,
			certainty != NULL ? certainty->predicted[c] : NAN);
	return EMO_OK;
}

/* Numbers without each part that has utterances; returns how many of these there are, -1 for a failure. */
static int
measure_without_each(EmoEnv *env, const EmoDrift *drift, const EmoDriftCounts *counts,
					 const EmoDriftPart *all, Items *items, double *without)
{
	int n_parts = 0;

	for (int p = 0; p < EMO_DRIFT_PARTS; p++)
	{
		const EmoDriftPart *part = &counts->parts[p];
		EmoDriftRest rest = {drift, all, part, (double) (all->n - part->n)};

		if (part->n == 0 || part->n == all->n)
			continue;
		if (emo_drift_numbers(env, &rest, items->items, items->n, false,
							  without + (size_t) n_parts * items->n) != EMO_OK)
			return -1;
		n_parts++;
	}
	return n_parts;
}

EmoStatus
emo_drift_measure(EmoEnv *env, const EmoDrift *drift, const EmoDriftCounts *counts,
				  int64_t n_speakers, EmoDriftItem **result, int *n_items)
{
	EmoDriftPart sum = {0};
	Items items = {.n = 0};
	double *values, *without;
	EmoDriftRest all = {.drift = drift};
	int n_parts;

	if (emo_drift_new_part(env, drift, &sum) != EMO_OK ||
		list_items(env, drift, &items) != EMO_OK ||
		(values = emo_alloc(env, items.n, sizeof(double))) == NULL ||
		(without = emo_alloc(env, (size_t) items.n * EMO_DRIFT_PARTS, sizeof(double))) == NULL)
		return env->status;
	for (int p = 0; p < EMO_DRIFT_PARTS; p++)
		emo_drift_merge_part(drift, &counts->parts[p], &sum);
	all.all = &sum;
	all.n = (double) all.all->n;
	if (emo_drift_numbers(env, &all, items.items, items.n, true, values) != EMO_OK ||
		emo_drift_set_chance(env, drift, all.all->n, n_speakers, items.items, items.n) != EMO_OK)
		return env->status;
	n_parts = measure_without_each(env, drift, counts, all.all, &items, without);
	if (n_parts < 0)
		return env->status;
	for (int i = 0; i < items.n; i++)
	{
		items.items[i].now = values[i];
		set_interval(without + i, items.n, n_parts, &items.items[i]);
	}
	emo_free(env, without);
	emo_free(env, values);
	emo_drift_free_part(env, &sum);
	*result = items.items;
	*n_items = items.n;
	return EMO_OK;
}

const char *
emo_drift_word(const EmoDriftItem *item)
{
	if (!item->is_psi || isnan(item->low))
		return NULL;
	return item->low >= EMO_PSI_LARGE      ? "large"
		   : item->low >= EMO_PSI_MODERATE ? "moderate"
										   : "none";
}
