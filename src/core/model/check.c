/*
 * check.c
 *	  What makes a model whole: asked of models to be written and of models just read.
 */
#include <float.h>
#include <string.h>

#include "core/base/calibration.h"
#include "core/model/format.h"

static bool
all_within(const float *values, size_t n, float least, float most)
{
	for (size_t i = 0; i < n; i++)
		if (!(values[i] >= least && values[i] <= most))
			return false;
	return true;
}

const char *
emo_model_shape_problem(const EmoModel *model)
{
	bool has_heads = emo_algorithm_has_heads(model->algorithm);

	if (!has_heads && !emo_algorithm_has_net(model->algorithm))
		return "The algorithm is unknown.";
	if (model->feature_version < 0)
		return "The feature version is negative.";
	if (has_heads ? model->n_features < 1 || model->n_features > EMO_MAX_FEATURES
				  : model->n_features != 0)
		return "The number of features is out of range.";
	if (model->n_classes < EMO_MIN_CLASSES || model->n_classes > EMO_MAX_CLASSES)
		return "The number of classes is out of range.";
	if (has_heads ? model->n_heads < 1 || model->n_heads > EMO_MAX_HEADS : model->n_heads != 0)
		return "The number of heads is out of range.";
	return NULL;
}

static const char *
check_labels(const EmoModel *model)
{
	for (int c = 0; c < model->n_classes; c++)
	{
		size_t length = strlen(model->labels[c]);

		if (length < 1 || length > EMO_MAX_LABEL_BYTES)
			return "The length of a label is out of range.";
		if (!emo_is_utf8(model->labels[c], length))
			return "A label is not valid UTF-8.";
		for (int other = 0; other < c; other++)
			if (strcmp(model->labels[c], model->labels[other]) == 0)
				return "Two labels are the same.";
	}
	return NULL;
}

static const char *
check_text(const char *text)
{
	size_t length = strlen(text);

	if (length > EMO_MAX_MODEL_TEXT_BYTES)
		return "A text is too long.";
	return emo_is_utf8(text, length) ? NULL : "A text is not valid UTF-8.";
}

/* More would make probabilities meaningless. */
#define MAX_HEAD_WEIGHT 1e3f

static const char *
check_net(const EmoModel *model)
{
	if ((model->net != NULL) != emo_algorithm_has_net(model->algorithm))
		return model->net != NULL ? "There is a net in a model without one."
								  : "The net is missing.";
	if (model->net == NULL)
		return NULL;
	if (model->net->n_classes != model->n_classes)
		return "The net has another shape than the model.";
	if (!all_within(&model->net_weight, 1, 0, MAX_HEAD_WEIGHT) ||
		!all_within(&model->net_profile_weight, 1, 0, MAX_HEAD_WEIGHT))
		return "The weight of the net is out of range.";
	return emo_nn_model_problem(model->net);
}

static const char *
check_head(const EmoModel *model, const EmoModelHead *head)
{
	const EmoLdaHead *lda = &head->lda;
	size_t n = model->n_features;
	size_t n_classes = model->n_classes;

	if (lda->n_features != model->n_features || lda->n_classes != model->n_classes)
		return "A head has another shape than the model.";
	if (!all_within(&head->weight, 1, 0, MAX_HEAD_WEIGHT) ||
		!all_within(&head->profile_weight, 1, 0, MAX_HEAD_WEIGHT))
		return "The weight of a head is out of range.";
	if (head->on_profile && head->weight != 0)
		return "A head for profiles has a weight without profile.";
	if (!all_within(&lda->max_z, 1, EMO_MIN_MAX_Z, EMO_MAX_MAX_Z))
		return "The clip of a head is out of range.";
	if (!all_within(&lda->temperature, 1, EMO_MIN_TEMPERATURE, EMO_MAX_TEMPERATURE))
		return "The temperature of a head is out of range.";
	if (!all_within(lda->mean, n, -FLT_MAX, FLT_MAX) ||
		!all_within(lda->inverse_deviation, n, 0, FLT_MAX) ||
		!all_within(lda->weights, n * n_classes, -FLT_MAX, FLT_MAX) ||
		!all_within(lda->bias, n_classes, -FLT_MAX, FLT_MAX))
		return "A number of a head is not finite.";
	return NULL;
}

const char *
emo_model_problem(const EmoModel *model)
{
	float weight = 0;
	float profile_weight = 0;
	const char *problem;

	if ((problem = emo_model_shape_problem(model)) != NULL ||
		(problem = check_labels(model)) != NULL || (problem = check_text(model->options)) != NULL ||
		(problem = check_text(model->feature_settings)) != NULL)
		return problem;
	if (!all_within(model->population_mean, model->n_features, -FLT_MAX, FLT_MAX) ||
		!all_within(model->population_deviation, model->n_features, 0, FLT_MAX))
		return "A number of the population is not finite.";
	for (int h = 0; h < model->n_heads; h++)
	{
		if ((problem = check_head(model, &model->heads[h])) != NULL)
			return problem;
		weight += model->heads[h].weight;
		profile_weight += model->heads[h].profile_weight;
	}
	if ((problem = check_net(model)) != NULL)
		return problem;
	if (model->net != NULL)
	{
		weight += model->net_weight;
		profile_weight += model->net_profile_weight;
	}
	return weight > 0 && profile_weight > 0 ? NULL : "No head has a weight.";
}
