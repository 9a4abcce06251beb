/*
 * drift.c
 *	  Utterances that come in, counted.
 */
#include <math.h>

#include "core/model/drift.h"

/* Further off a feature says no more, as in its familiarity. */
#define MAX_Z 6.0

EmoStatus
emo_drift_begin(EmoEnv *env, const EmoModel *model, double n_training, double n_speakers,
				EmoDrift *drift)
{
	*drift =
		(EmoDrift){.model = model, .n_training = n_training, .n_training_speakers = n_speakers};
	if (model->cells != NULL)
	{
		drift->n_training = model->cells->n_rows;
		drift->n_training_speakers = model->cells->n_speakers;
	}
	if (model->n_heads == 0)
		return EMO_OK;
	if ((drift->group_of = emo_alloc(env, model->n_features, sizeof(int32_t))) == NULL)
		return env->status;
	drift->n_groups = emo_model_feature_groups(model->n_features, model->hearing, drift->group_of);
	return EMO_OK;
}

/* What a part has of each feature. */
static size_t
bytes_per_feature(const EmoModel *model)
{
	return (model->cells != NULL ? EMO_N_CELLS * sizeof(uint32_t) : sizeof(EmoMoments)) +
		   (model->collection != NULL ? sizeof(EmoMoments) : 0);
}

size_t
emo_drift_bytes(const EmoDrift *drift)
{
	const EmoModel *model = drift->model;

	return sizeof(EmoDriftCounts) +
		   EMO_DRIFT_PARTS * (model->n_features * bytes_per_feature(model) +
							  model->n_classes * (sizeof(int64_t) + sizeof(double)));
}

EmoStatus
emo_drift_new_part(EmoEnv *env, const EmoDrift *drift, EmoDriftPart *part)
{
	const EmoModel *model = drift->model;
	size_t n = model->n_features;

	if (model->cells != NULL &&
		(part->cells = emo_alloc_zero(env, n, EMO_N_CELLS * sizeof(uint32_t))) == NULL)
		return env->status;
	if (model->cells == NULL && n > 0 &&
		(part->moments = emo_alloc_zero(env, n, sizeof(EmoMoments))) == NULL)
		return env->status;
	if (model->collection != NULL &&
		(part->of_collection = emo_alloc_zero(env, n, sizeof(EmoMoments))) == NULL)
		return env->status;
	if (model->targets != NULL)
		part->values = emo_alloc_zero(env, model->n_classes, sizeof(double));
	else
		part->certainty.predicted = emo_alloc_zero(env, model->n_classes, sizeof(int64_t));
	return part->values == NULL && part->certainty.predicted == NULL ? env->status : EMO_OK;
}

void
emo_drift_free_part(EmoEnv *env, EmoDriftPart *part)
{
	emo_free(env, part->certainty.predicted);
	emo_free(env, part->values);
	emo_free(env, part->of_collection);
	emo_free(env, part->moments);
	emo_free(env, part->cells);
}

EmoStatus
emo_drift_new_counts(EmoEnv *env, const EmoDrift *drift, EmoDriftCounts **counts)
{
	if ((*counts = emo_alloc_zero(env, 1, sizeof(EmoDriftCounts))) == NULL)
		return env->status;
	for (int p = 0; p < EMO_DRIFT_PARTS; p++)
		if (emo_drift_new_part(env, drift, &(*counts)->parts[p]) != EMO_OK)
			return env->status;
	return EMO_OK;
}

static void
add_moments(const float *features, int n, const float *mean, const float *deviation,
			EmoMoments *moments)
{
	for (int i = 0; i < n; i++)
	{
		double z;

		if (!(deviation[i] > 0))
			continue;
		z = fmax(-MAX_Z, fmin(MAX_Z, ((double) features[i] - mean[i]) / deviation[i]));
		moments[i].sum += z;
		moments[i].squares += z * z;
	}
}

static void
add_familiarity(EmoDriftPart *part, double familiarity)
{
	int bin = (int) (familiarity * EMO_FAMILIARITY_BINS);

	part->familiarity += familiarity;
	part->familiarity_bins[bin < EMO_FAMILIARITY_BINS ? bin : EMO_FAMILIARITY_BINS - 1]++;
	part->n_unfamiliar += familiarity < EMO_UNFAMILIAR;
}

void
emo_drift_add(const EmoDrift *drift, EmoDriftPart *part, const EmoUtterance *utterance,
			  const float *probabilities, const EmoValue *values)
{
	const EmoModel *model = drift->model;
	const float *features = utterance->features;
	int n = model->n_features;

	part->n++;
	for (int i = 0; part->cells != NULL && i < n; i++)
		part->cells[i * EMO_N_CELLS + emo_cell_of(features[i], model->population_mean[i],
												  model->population_deviation[i])]++;
	if (part->moments != NULL)
		add_moments(features, n, model->population_mean, model->population_deviation,
					part->moments);
	if (part->of_collection != NULL)
		add_moments(features, n, model->collection->mean, model->collection->deviation,
					part->of_collection);
	if (model->familiarity != NULL)
		add_familiarity(part, emo_model_familiarity(model, utterance));
	if (probabilities != NULL)
		emo_certainty_add(&part->certainty, probabilities, model->n_classes);
	/* One that is no number says nothing. */
	for (int t = 0; values != NULL && t < model->n_classes; t++)
		part->values[t] += isnan(values[t].value) ? model->targets[t].mean : values[t].value;
}

static void
merge_moments(const EmoMoments *from, int n, EmoMoments *into)
{
	for (int i = 0; from != NULL && i < n; i++)
	{
		into[i].sum += from[i].sum;
		into[i].squares += from[i].squares;
	}
}

void
emo_drift_merge_part(const EmoDrift *drift, const EmoDriftPart *from, EmoDriftPart *into)
{
	const EmoModel *model = drift->model;
	int n = model->n_features;

	into->n += from->n;
	for (int i = 0; from->cells != NULL && i < n * EMO_N_CELLS; i++)
		into->cells[i] += from->cells[i];
	merge_moments(from->moments, n, into->moments);
	merge_moments(from->of_collection, n, into->of_collection);
	if (model->targets == NULL)
		emo_certainty_merge(&into->certainty, &from->certainty, model->n_classes);
	for (int b = 0; b < EMO_FAMILIARITY_BINS; b++)
		into->familiarity_bins[b] += from->familiarity_bins[b];
	into->familiarity += from->familiarity;
	into->n_unfamiliar += from->n_unfamiliar;
	for (int t = 0; from->values != NULL && t < model->n_classes; t++)
		into->values[t] += from->values[t];
}

void
emo_drift_merge(const EmoDrift *drift, EmoDriftCounts *counts, const EmoDriftCounts *others)
{
	for (int p = 0; p < EMO_DRIFT_PARTS; p++)
		emo_drift_merge_part(drift, &others->parts[p], &counts->parts[p]);
}

int64_t
emo_drift_count(const EmoDriftCounts *counts)
{
	int64_t n = 0;

	for (int p = 0; p < EMO_DRIFT_PARTS; p++)
		n += counts->parts[p].n;
	return n;
}
