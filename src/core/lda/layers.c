/*
 * layers.c
 *	  How much each layer of an encoder counts.
 */
#include "core/lda/layers.h"

#include <math.h>
#include <string.h>

/* Layers that are added at most to the first: shares are multiples of a seventh at the finest. */
#define MAX_STEPS 6

/* So much less than before the loss has to be, as a share of it, or it is by chance. */
#define LEAST_GAIN 0.01

/* Rows between two looks at the clock. */
#define ROWS_PER_STOP_CHECK 256

void
emo_mix_layers(const float *layers, const float *weights, int n_layers, int length, float *mixed)
{
	memset(mixed, 0, length * sizeof(float));
	for (int layer = 0; layer < n_layers; layer++)
		for (int i = 0; weights[layer] != 0 && i < length; i++)
			mixed[i] += weights[layer] * layers[(size_t) layer * length + i];
}

static size_t
row_length(const EmoLayers *layers)
{
	return (size_t) layers->n_layers * layers->length + layers->n_others;
}

/* Of a row with layers. */
static void
mix_row(const EmoLayers *layers, const float *weights, const float *row, float *mixed)
{
	emo_mix_layers(row, weights, layers->n_layers, layers->length, mixed);
	memcpy(mixed + layers->length, row + (size_t) layers->n_layers * layers->length,
		   layers->n_others * sizeof(float));
}

EmoStatus
emo_mix_rows(EmoEnv *env, const EmoTrainingSet *set, const EmoLayers *layers, const float *weights,
			 EmoTrainingSet *mixed)
{
	size_t n = layers->length + layers->n_others;
	float *features = emo_alloc(env, set->n_rows * n, sizeof(float));

	if (features == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		mix_row(layers, weights, set->features + row * row_length(layers), features + row * n);
	}
	*mixed = *set;
	mixed->features = features;
	mixed->n_features = (int) n;
	return EMO_OK;
}

EmoStatus
emo_lda_held_out_loss(EmoEnv *env, const EmoTrainingSet *set, const void *options, double *loss)
{
	EmoHeldOut held_out;

	if (emo_lda_hold_out(env, set, options, &held_out) != EMO_OK)
		return env->status;
	*loss = held_out.n_rows > 0 ? held_out.log_loss : INFINITY;
	return EMO_OK;
}

EmoStatus
emo_ridge_held_out_loss(EmoEnv *env, const EmoTrainingSet *set, const void *options, double *loss)
{
	EmoHeldOutTargets held_out;
	double sum = 0;

	if (emo_ridge_hold_out(env, set, options, &held_out) != EMO_OK)
		return env->status;
	for (int t = 0; t < set->n_targets; t++)
		sum += 1 - held_out.target[t].value[EMO_AGREEMENT_CCC];
	*loss = isfinite(sum) ? sum / set->n_targets : INFINITY;
	return EMO_OK;
}

/* A choice that is going on. */
typedef struct Choice
{
	const EmoTrainingSet *set;
	const EmoLayers *layers;
	EmoTrainingSubset rows; /* that it is about, without features */
	float *mixed;           /* [n_rows][length + n_others], of these */
	double *scale;  /* [n_layers], the mean deviation of what is in a layer; 0: nothing varies */
	float *weights; /* [n_layers], of the mixture that is tried */
	EmoHeldOutLoss loss;
	const void *options;
} Choice;

static const float *
layer_of_row(const Choice *choice, int64_t row, int layer)
{
	return choice->set->features + choice->rows.source_row[row] * row_length(choice->layers) +
		   (size_t) layer * choice->layers->length;
}

/* The mean over the numbers of a layer of their deviations: few that vary much count little in it. */
static EmoStatus
measure_layer(EmoEnv *env, const Choice *choice, int layer, double *mean, double *square)
{
	int length = choice->layers->length;
	int64_t n_rows = choice->rows.set.n_rows;
	double sum = 0;

	memset(mean, 0, length * sizeof(double));
	memset(square, 0, length * sizeof(double));
	for (int64_t row = 0; row < n_rows; row++)
	{
		const float *values = layer_of_row(choice, row, layer);

		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int i = 0; i < length; i++)
			mean[i] += values[i] / (double) n_rows;
	}
	for (int64_t row = 0; row < n_rows; row++)
	{
		const float *values = layer_of_row(choice, row, layer);

		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int i = 0; i < length; i++)
			square[i] += (values[i] - mean[i]) * (values[i] - mean[i]);
	}
	for (int i = 0; i < length; i++)
		sum += sqrt(square[i] / (double) n_rows);
	choice->scale[layer] = isfinite(sum) ? sum / length : 0;
	return EMO_OK;
}

static EmoStatus
measure_layers(EmoEnv *env, const Choice *choice)
{
	double *moments = emo_alloc(env, 2 * (size_t) choice->layers->length, sizeof(double));
	bool varies = false;

	if (moments == NULL)
		return env->status;
	for (int layer = 0; layer < choice->layers->n_layers; layer++)
	{
		if (measure_layer(env, choice, layer, moments, moments + choice->layers->length) != EMO_OK)
			return env->status;
		varies = varies || choice->scale[layer] > 0;
	}
	emo_free(env, moments);
	return varies ? EMO_OK : emo_fail(env, EMO_BAD_DATA, "no layer of the encoder varies");
}

/* What layers are multiplied by that count so often. */
static void
weigh(const Choice *choice, const int *counts, float *weights)
{
	int total = 0, n = 0;

	for (int layer = 0; layer < choice->layers->n_layers; layer++)
	{
		total += counts[layer];
		n += counts[layer] > 0;
	}
	for (int layer = 0; layer < choice->layers->n_layers; layer++)
	{
		weights[layer] = 0;
		if (counts[layer] > 0)
			weights[layer] =
				n == 1 ? 1 : (float) (counts[layer] / (double) total / choice->scale[layer]);
	}
}

static EmoStatus
try_mixture(EmoEnv *env, Choice *choice, const int *counts, double *loss)
{
	EmoTrainingSet set = choice->rows.set;
	size_t n = choice->layers->length + choice->layers->n_others;

	weigh(choice, counts, choice->weights);
	for (int64_t row = 0; row < set.n_rows; row++)
	{
		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		mix_row(choice->layers, choice->weights, layer_of_row(choice, row, 0),
				choice->mixed + row * n);
	}
	set.features = choice->mixed;
	set.n_features = (int) n;
	return choice->loss(env, &set, choice->options, loss);
}

/* The layer that is best to be added to what counts, -1 if none is of use; *loss becomes what it is with it. */
static EmoStatus
best_addition(EmoEnv *env, Choice *choice, int *counts, int *best, double *loss)
{
	*best = -1;
	*loss = INFINITY;
	for (int layer = 0; layer < choice->layers->n_layers; layer++)
	{
		double with_it;

		if (choice->scale[layer] == 0)
			continue;
		counts[layer]++;
		if (try_mixture(env, choice, counts, &with_it) != EMO_OK)
			return env->status;
		counts[layer]--;
		if (with_it < *loss)
		{
			*loss = with_it;
			*best = layer;
		}
	}
	return EMO_OK;
}

static EmoStatus
select_layers(EmoEnv *env, Choice *choice, int *counts)
{
	double loss;
	int best;

	if (best_addition(env, choice, counts, &best, &loss) != EMO_OK)
		return env->status;
	for (int layer = 0; best < 0 && layer < choice->layers->n_layers; layer++)
		counts[layer] = choice->scale[layer] > 0;
	if (best < 0)
		return EMO_OK;
	counts[best]++;
	for (int step = 0; step < MAX_STEPS; step++)
	{
		double before = loss;

		if (best_addition(env, choice, counts, &best, &loss) != EMO_OK)
			return env->status;
		if (!(loss <= before * (1 - LEAST_GAIN)))
			break;
		counts[best]++;
	}
	return EMO_OK;
}

static EmoStatus
begin(EmoEnv *env, const bool *keep, Choice *choice)
{
	const EmoTrainingSet *set = choice->set;
	const EmoLayers *layers = choice->layers;
	EmoTrainingSet labels = *set;
	bool *chosen = emo_alloc(env, set->n_rows, sizeof(bool));

	if (chosen == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		chosen[row] = keep[row] && emo_is_original(set, row);
	labels.features = NULL;
	if (emo_training_subset(env, &labels, chosen, &choice->rows) != EMO_OK)
		return env->status;
	emo_free(env, chosen);
	if ((choice->mixed =
			 emo_alloc(env, choice->rows.set.n_rows * (size_t) (layers->length + layers->n_others),
					   sizeof(float))) == NULL ||
		(choice->scale = emo_alloc_zero(env, layers->n_layers, sizeof(double))) == NULL ||
		(choice->weights = emo_alloc_zero(env, layers->n_layers, sizeof(float))) == NULL)
		return env->status;
	return measure_layers(env, choice);
}

static void
end(EmoEnv *env, Choice *choice)
{
	emo_free(env, choice->weights);
	emo_free(env, choice->scale);
	emo_free(env, choice->mixed);
	emo_training_subset_free(env, &choice->rows);
}

EmoStatus
emo_choose_layers(EmoEnv *env, const EmoTrainingSet *set, const EmoLayers *layers, const bool *keep,
				  EmoHeldOutLoss loss, const void *options, float *shares, float *weights)
{
	Choice choice = {.set = set, .layers = layers, .loss = loss, .options = options};
	int *counts = emo_alloc_zero(env, layers->n_layers, sizeof(int));
	int total = 0;

	if (counts == NULL || begin(env, keep, &choice) != EMO_OK ||
		select_layers(env, &choice, counts) != EMO_OK)
		return env->status;
	weigh(&choice, counts, weights);
	for (int layer = 0; layer < layers->n_layers; layer++)
		total += counts[layer];
	for (int layer = 0; layer < layers->n_layers; layer++)
		shares[layer] = (float) counts[layer] / (float) total;
	end(env, &choice);
	emo_free(env, counts);
	return EMO_OK;
}
