/*
 * tensors.c
 *	  A model as a list of named arrays, for other formats.
 */
#include "core/model/tensors.h"

#include <stdio.h>
#include <string.h>

#include "core/model/format.h"

#define N_POPULATION_TENSORS  2
#define N_HEAD_TENSORS        8
#define N_HEAD_NUMBERS        4
#define N_FAMILIARITY_TENSORS 6
#define N_CELL_TENSORS        4
#define N_CERTAINTY_TENSORS   2
#define N_HEARING_TENSORS     3
#define N_NET_TENSORS         5 /* beside those of emo_nn_tensors() */
#define N_NET_NUMBERS         (4 + EMO_NN_FRAME_VALUES)

/* With its number in front, at most two digits and a dot. */
#define MAX_NAME_OF_NET (3 + EMO_NN_TENSOR_NAME_BYTES - 1)

typedef struct List
{
	EmoTensor *tensors;
	int n;
} List;

static EmoTensor *
add(List *list, float *values)
{
	EmoTensor *tensor = &list->tensors[list->n++];

	*tensor = (EmoTensor){.n_dimensions = 0, .n = 1, .values = values};
	return tensor;
}

static void
add_dimension(EmoTensor *tensor, int64_t size)
{
	tensor->shape[tensor->n_dimensions++] = size;
	tensor->n *= size;
}

static void
add_population(List *list, const char *what, float *values, int n_features)
{
	EmoTensor *tensor = add(list, values);

	snprintf(tensor->name, sizeof(tensor->name), "population.%s", what);
	add_dimension(tensor, n_features);
}

static EmoTensor *
add_of_head(List *list, int head, const char *what, float *values)
{
	EmoTensor *tensor = add(list, values);

	snprintf(tensor->name, sizeof(tensor->name), "heads.%d.%s", head, what);
	return tensor;
}

static void
add_head(List *list, int number, EmoModelHead *head)
{
	EmoLdaHead *lda = &head->lda;
	EmoTensor *weights;

	add_of_head(list, number, "weight", &head->weight);
	add_of_head(list, number, "profile_weight", &head->profile_weight);
	add_of_head(list, number, "max_z", &lda->max_z);
	add_of_head(list, number, "temperature", &lda->temperature);
	add_dimension(add_of_head(list, number, "lda.mean", lda->mean), lda->n_features);
	add_dimension(add_of_head(list, number, "lda.inverse_deviation", lda->inverse_deviation),
				  lda->n_features);
	weights = add_of_head(list, number, "lda.weight", lda->weights);
	add_dimension(weights, lda->n_classes);
	add_dimension(weights, lda->n_features);
	add_dimension(add_of_head(list, number, "lda.bias", lda->bias), lda->n_classes);
}

static EmoTensor *
add_of_familiarity(List *list, const char *what, float *values)
{
	EmoTensor *tensor = add(list, values);

	snprintf(tensor->name, sizeof(tensor->name), "familiarity.%s", what);
	return tensor;
}

static void
add_familiarity(List *list, EmoFamiliarity *familiarity)
{
	add_of_familiarity(list, "log_mean", &familiarity->log_mean);
	add_of_familiarity(list, "log_deviation", &familiarity->log_deviation);
	add_of_familiarity(list, "fade_from", &familiarity->fade_from);
	add_of_familiarity(list, "fade", &familiarity->fade);
	add_of_familiarity(list, "fade_with_profile", &familiarity->fade_with_profile);
	add_dimension(add_of_familiarity(list, "log_distances", familiarity->log_distances),
				  EMO_FAMILIARITY_QUANTILES);
}

static EmoTensor *
add_named(List *list, const char *name, float *values)
{
	EmoTensor *tensor = add(list, values);

	snprintf(tensor->name, sizeof(tensor->name), "%s", name);
	return tensor;
}

static void
add_cells(List *list, const EmoModel *model)
{
	EmoCells *cells = model->cells;
	EmoTensor *units;

	add_named(list, "cells.n_rows", &cells->n_rows);
	add_named(list, "cells.n_speakers", &cells->n_speakers);
	add_dimension(add_named(list, "cells.spread", cells->spread), cells->n_groups);
	units = add_named(list, "cells.units", cells->units);
	add_dimension(units, model->n_features);
	add_dimension(units, EMO_N_CELLS - 1);
}

static void
add_certainty(List *list, const EmoModel *model)
{
	add_dimension(add_named(list, "certainty", &model->certainty->n_rows), EMO_CERTAINTY_NUMBERS);
	add_dimension(add_named(list, "certainty.predicted", model->certainty->predicted),
				  model->n_classes);
}

static void
add_hearing(List *list, EmoHearing *hearing)
{
	EmoTensor *weight;

	add_dimension(add_named(list, "hearing.layer_weights", hearing->layer_weights),
				  hearing->n_layers + 1);
	if (hearing->n_dense == 0)
		return;
	weight = add_named(list, "hearing.dense.weight", hearing->dense_weight);
	add_dimension(weight, hearing->n_dense);
	add_dimension(weight, emo_hearing_length(hearing));
	add_dimension(add_named(list, "hearing.dense.bias", hearing->dense_bias), hearing->n_dense);
}

static EmoTensor *
add_of_net(List *list, const char *what, float *values)
{
	EmoTensor *tensor = add(list, values);

	snprintf(tensor->name, sizeof(tensor->name), "net.%.*s", MAX_NAME_OF_NET, what);
	return tensor;
}

/* Weights of one of several nets. */
static void
add_weights(List *list, const EmoNnModel *net, int number)
{
	EmoNnTensor weights[EMO_NN_MAX_TENSORS];
	int n = emo_nn_tensors(&net->architecture, net->n_classes, weights);

	for (int i = 0; i < n; i++)
	{
		char name[sizeof(((EmoTensor *) NULL)->name)];
		EmoTensor *tensor;

		if (number == 0)
			snprintf(name, sizeof(name), "%s", weights[i].name);
		else
			snprintf(name, sizeof(name), "%d.%s", number, weights[i].name);
		tensor = add_of_net(list, name, emo_nn_weights_of(net, number) + weights[i].first);
		for (int d = 0; d < weights[i].n_dimensions; d++)
			add_dimension(tensor, weights[i].shape[d]);
	}
}

static void
add_net(List *list, EmoModel *model)
{
	EmoNnModel *net = model->net;

	add_of_net(list, "weight", &model->net_weight);
	add_of_net(list, "profile_weight", &model->net_profile_weight);
	add_of_net(list, "temperature", &net->temperature);
	add_of_net(list, "warp", &net->warp);
	add_dimension(add_of_net(list, "input_deviation", net->input_deviation), EMO_NN_FRAME_VALUES);
	for (int i = 0; i < net->n_nets; i++)
		add_weights(list, net, i);
}

EmoStatus
emo_model_tensors(EmoEnv *env, EmoModel *model, EmoTensor **tensors, int *n_tensors)
{
	List list = {.n = 0};
	size_t n = N_POPULATION_TENSORS + 1 + (size_t) model->n_heads * N_HEAD_TENSORS +
			   N_FAMILIARITY_TENSORS + N_CELL_TENSORS + N_CERTAINTY_TENSORS + N_HEARING_TENSORS +
			   (model->net != NULL ? N_NET_TENSORS + model->net->n_nets * EMO_NN_MAX_TENSORS : 0);

	if ((list.tensors = emo_alloc(env, n, sizeof(EmoTensor))) == NULL)
		return env->status;
	if (model->n_heads > 0)
	{
		add_population(&list, "mean", model->population_mean, model->n_features);
		add_population(&list, "deviation", model->population_deviation, model->n_features);
	}
	for (int h = 0; h < model->n_heads; h++)
		add_head(&list, h, &model->heads[h]);
	if (model->familiarity != NULL)
		add_familiarity(&list, model->familiarity);
	if (model->cells != NULL)
		add_cells(&list, model);
	if (model->certainty != NULL)
		add_certainty(&list, model);
	if (model->hearing != NULL)
		add_hearing(&list, model->hearing);
	if (model->net != NULL)
		add_net(&list, model);
	if (model->targets != NULL)
	{
		EmoTensor *targets = add_named(&list, "targets", &model->targets[0].mean);

		add_dimension(targets, model->n_classes);
		add_dimension(targets, EMO_TARGET_NUMBERS);
	}
	*tensors = list.tensors;
	*n_tensors = list.n;
	return EMO_OK;
}

static EmoStatus
allocate_head(EmoEnv *env, const EmoModel *model, EmoLdaHead *lda)
{
	size_t n = model->n_features;
	size_t n_classes = model->n_classes;

	lda->n_features = model->n_features;
	lda->n_classes = model->n_classes;
	if ((lda->mean = emo_alloc(env, n, sizeof(float))) == NULL ||
		(lda->inverse_deviation = emo_alloc(env, n, sizeof(float))) == NULL ||
		(lda->weights = emo_alloc(env, n * n_classes, sizeof(float))) == NULL ||
		(lda->bias = emo_alloc(env, n_classes, sizeof(float))) == NULL)
		return env->status;
	return EMO_OK;
}

static EmoStatus
allocate_net(EmoEnv *env, EmoNnModel *net)
{
	net->weights = emo_alloc(env, (size_t) net->n_nets * (size_t) net->n_weights, sizeof(float));
	return net->weights == NULL ? env->status : EMO_OK;
}

/* Sets the number of weights, and adds all numbers of the net to *n_needed. */
static EmoStatus
measure_net(EmoEnv *env, EmoModel *model, uint64_t *n_needed)
{
	EmoNnModel *net = model->net;

	if ((net != NULL) != emo_algorithm_has_net(model->algorithm))
		return emo_model_damaged(env,
								 "The algorithm has a net, and the model none, or the reverse.");
	if (net == NULL)
		return EMO_OK;
	net->n_classes = model->n_classes;
	if (emo_nn_check_architecture(env, &net->architecture, net->n_classes) != EMO_OK)
		return emo_fail_because(env, EMO_CORRUPTED, "model is damaged",
								"The architecture of its net can't be");
	if (net->n_nets < 1 || net->n_nets > EMO_NN_MAX_NETS)
		return emo_model_damaged(env, "The number of its nets is out of range.");
	net->n_weights = emo_nn_weight_count(&net->architecture, net->n_classes);
	*n_needed += (uint64_t) net->n_nets * (uint64_t) net->n_weights + N_NET_NUMBERS;
	return EMO_OK;
}

/* Likewise of what it hears by. */
static EmoStatus
measure_hearing(EmoEnv *env, const EmoHearing *hearing, uint64_t *n_needed)
{
	if (hearing == NULL)
		return EMO_OK;
	if (emo_model_check_hearing_shape(env, hearing) != EMO_OK)
		return env->status;
	*n_needed += hearing->n_layers + 1;
	if (hearing->n_dense > 0)
		*n_needed += (uint64_t) hearing->n_dense * (emo_hearing_length(hearing) + 1);
	return EMO_OK;
}

EmoStatus
emo_model_allocate(EmoEnv *env, EmoModel *model, uint64_t n_values)
{
	uint64_t n_features, n_classes, n_needed;

	if (emo_model_check_shape(env, model) != EMO_OK)
		return env->status;
	n_features = model->n_features;
	n_classes = model->n_classes;
	n_needed =
		N_POPULATION_TENSORS * n_features +
		model->n_heads * (N_HEAD_NUMBERS + 2 * n_features + n_classes * n_features + n_classes);
	n_needed += model->targets != NULL ? n_classes * EMO_TARGET_NUMBERS : 0;
	n_needed += model->familiarity != NULL ? EMO_FAMILIARITY_NUMBERS : 0;
	n_needed +=
		model->cells != NULL ? 2 + model->cells->n_groups + n_features * (EMO_N_CELLS - 1) : 0;
	n_needed += model->certainty != NULL ? EMO_CERTAINTY_NUMBERS + n_classes : 0;
	if (measure_net(env, model, &n_needed) != EMO_OK ||
		measure_hearing(env, model->hearing, &n_needed) != EMO_OK)
		return env->status;
	if (n_needed != n_values)
		return emo_model_damaged(env, "Its arrays don't have the size that its shape needs.");
	if (model->cells != NULL &&
		emo_new_cells(env, model->n_features, model->cells->n_groups, &model->cells) != EMO_OK)
		return env->status;
	if (model->certainty != NULL &&
		((model->certainty = emo_alloc_zero(env, 1, sizeof(EmoCertainty))) == NULL ||
		 (model->certainty->predicted = emo_alloc(env, n_classes, sizeof(float))) == NULL))
		return env->status;
	model->heads = emo_alloc_zero(env, model->n_heads, sizeof(EmoModelHead));
	model->population_mean = emo_alloc(env, n_features, sizeof(float));
	model->population_deviation = emo_alloc(env, n_features, sizeof(float));
	if (model->heads == NULL || model->population_mean == NULL ||
		model->population_deviation == NULL)
		return env->status;
	if (model->hearing != NULL && emo_allocate_hearing(env, model->hearing) != EMO_OK)
		return env->status;
	for (int h = 0; h < model->n_heads; h++)
		if (allocate_head(env, model, &model->heads[h].lda) != EMO_OK)
			return env->status;
	return model->net != NULL ? allocate_net(env, model->net) : EMO_OK;
}
