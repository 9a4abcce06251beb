/*
 * check.c
 *	  What makes a model whole: checked before one is written, and after one is decoded.
 */
#include <float.h>
#include <string.h>

#include "core/base/calibration.h"
#include "core/base/stats.h"
#include "core/model/format.h"

EmoStatus
emo_model_damaged(EmoEnv *env, const char *detail)
{
	emo_fail(env, EMO_CORRUPTED, "model is damaged");
	emo_set_detail(env, "%s", detail);
	emo_set_hint(env, "Restore the model from a backup or train it again.");
	return env->status;
}

EmoStatus
emo_model_check_shape(EmoEnv *env, const EmoModel *model)
{
	bool has_heads = emo_algorithm_has_heads(model->algorithm);

	if (!has_heads && !emo_algorithm_has_net(model->algorithm))
		return emo_model_damaged(env, "The algorithm is unknown.");
	if (model->feature_version < 0)
		return emo_model_damaged(env, "The feature version is negative.");
	if (has_heads ? model->n_features < 1 || model->n_features > EMO_MAX_FEATURES
				  : model->n_features != 0)
		return emo_model_damaged(env, "The number of features is out of range.");
	if (model->n_classes < (emo_algorithm_tells_values(model->algorithm) ? 1 : EMO_MIN_CLASSES) ||
		model->n_classes > EMO_MAX_CLASSES)
		return emo_model_damaged(env, "The number of classes is out of range.");
	if (has_heads ? model->n_heads < 1 || model->n_heads > EMO_MAX_HEADS : model->n_heads != 0)
		return emo_model_damaged(env, "The number of heads is out of range.");
	return EMO_OK;
}

static EmoStatus
check_labels(EmoEnv *env, const EmoModel *model)
{
	for (int c = 0; c < model->n_classes; c++)
	{
		size_t length = strlen(model->labels[c]);

		if (length < 1 || length > EMO_MAX_LABEL_BYTES)
			return emo_model_damaged(env, "The length of a label is out of range.");
		if (!emo_is_utf8(model->labels[c], length))
			return emo_model_damaged(env, "A label is not valid UTF-8.");
		for (int other = 0; other < c; other++)
			if (strcmp(model->labels[c], model->labels[other]) == 0)
				return emo_model_damaged(env, "Two labels are the same.");
	}
	return EMO_OK;
}

static EmoStatus
check_text(EmoEnv *env, const char *text)
{
	size_t length = strlen(text);

	if (length > EMO_MAX_MODEL_TEXT_BYTES)
		return emo_model_damaged(env, "A text is too long.");
	return emo_is_utf8(text, length) ? EMO_OK
									 : emo_model_damaged(env, "A text is not valid UTF-8.");
}

/* More would make probabilities meaningless. */
#define MAX_HEAD_WEIGHT 1e3f

static EmoStatus
check_net(EmoEnv *env, const EmoModel *model)
{
	if ((model->net != NULL) != emo_algorithm_has_net(model->algorithm))
		return emo_model_damaged(env, model->net != NULL ? "There is a net in a model without one."
														 : "The net is missing.");
	if (model->net == NULL)
		return EMO_OK;
	if (model->net->n_classes != model->n_classes)
		return emo_model_damaged(env, "The net has another shape than the model.");
	if (!emo_all_within(&model->net_weight, 1, 0, MAX_HEAD_WEIGHT) ||
		!emo_all_within(&model->net_profile_weight, 1, 0, MAX_HEAD_WEIGHT))
		return emo_model_damaged(env, "The weight of the net is out of range.");
	if (emo_nn_check_model(env, model->net) != EMO_OK)
		return emo_fail_again(env, EMO_CORRUPTED, "model is damaged");
	return EMO_OK;
}

/* A head's scores are clipped long before. */
#define MAX_FADE_FROM 1e3f
#define MAX_FADE      1e3f

static EmoStatus
check_familiarity(EmoEnv *env, const EmoModel *model)
{
	const EmoFamiliarity *familiarity = model->familiarity;
	const float *quantiles;

	if (familiarity == NULL)
		return EMO_OK;
	if (model->n_heads == 0)
		return emo_model_damaged(env, "There is a familiarity in a model without features.");
	quantiles = familiarity->log_distances;
	if (!emo_all_within(&familiarity->log_mean, 1, EMO_MIN_LOG_DISTANCE, EMO_MAX_LOG_DISTANCE) ||
		!emo_all_within(&familiarity->log_deviation, 1, EMO_MIN_LOG_DEVIATION,
						EMO_MAX_LOG_DISTANCE - EMO_MIN_LOG_DISTANCE) ||
		!emo_all_within(&familiarity->fade_from, 1, -MAX_FADE_FROM, MAX_FADE_FROM) ||
		!emo_all_within(&familiarity->fade, 1, 0, MAX_FADE) ||
		!emo_all_within(&familiarity->fade_with_profile, 1, 0, MAX_FADE) ||
		!emo_all_within(quantiles, EMO_FAMILIARITY_QUANTILES, EMO_MIN_LOG_DISTANCE,
						EMO_MAX_LOG_DISTANCE + 0.1f))
		return emo_model_damaged(env, "A number of the familiarity is out of range.");
	for (int i = 1; i < EMO_FAMILIARITY_QUANTILES; i++)
		if (quantiles[i] < quantiles[i - 1])
			return emo_model_damaged(env, "The distances of the familiarity are not in order.");
	return EMO_OK;
}

static EmoStatus
check_head(EmoEnv *env, const EmoModel *model, const EmoModelHead *head)
{
	const EmoLdaHead *lda = &head->lda;
	size_t n = model->n_features;
	size_t n_classes = model->n_classes;

	if (lda->n_features != model->n_features || lda->n_classes != model->n_classes)
		return emo_model_damaged(env, "A head has another shape than the model.");
	if (!emo_all_within(&head->weight, 1, 0, MAX_HEAD_WEIGHT) ||
		!emo_all_within(&head->profile_weight, 1, 0, MAX_HEAD_WEIGHT))
		return emo_model_damaged(env, "The weight of a head is out of range.");
	if (head->on_profile && head->weight != 0)
		return emo_model_damaged(env, "A head for profiles has a weight without profile.");
	if (!emo_all_within(&lda->max_z, 1, EMO_MIN_MAX_Z, EMO_MAX_MAX_Z))
		return emo_model_damaged(env, "The clip of a head is out of range.");
	if (!emo_all_within(&lda->temperature, 1, EMO_MIN_TEMPERATURE, EMO_MAX_TEMPERATURE))
		return emo_model_damaged(env, "The temperature of a head is out of range.");
	if (!emo_all_finite(lda->mean, n) || !emo_all_within(lda->inverse_deviation, n, 0, FLT_MAX) ||
		!emo_all_finite(lda->weights, n * n_classes) || !emo_all_finite(lda->bias, n_classes))
		return emo_model_damaged(env, "A number of a head is not finite.");
	return EMO_OK;
}

static EmoStatus
check_target(EmoEnv *env, const EmoTarget *target)
{
	if (!emo_all_finite(&target->mean, EMO_TARGET_NUMBERS))
		return emo_model_damaged(env, "A number of a target is not finite.");
	if (target->deviation < 0 || target->least > target->mean || target->mean > target->most)
		return emo_model_damaged(env, "A target is out of its own range.");
	if (target->low > target->high || target->profile_low > target->profile_high)
		return emo_model_damaged(env, "An interval of a target ends before it begins.");
	return EMO_OK;
}

/* A regression has targets, and nothing else has. */
static EmoStatus
check_targets(EmoEnv *env, const EmoModel *model)
{
	if (model->targets == NULL)
		return emo_algorithm_tells_classes(model->algorithm) && model->n_classes >= EMO_MIN_CLASSES
				   ? EMO_OK
				   : emo_model_damaged(env, "The targets are missing.");
	if (!emo_algorithm_tells_values(model->algorithm))
		return emo_model_damaged(env, "There are targets in a model without some.");
	if (model->n_classes > EMO_MAX_TARGETS)
		return emo_model_damaged(env, "The number of targets is out of range.");
	for (int t = 0; t < model->n_classes; t++)
		if (check_target(env, &model->targets[t]) != EMO_OK)
			return env->status;
	return EMO_OK;
}

static EmoStatus
check_collection(EmoEnv *env, const EmoModel *model)
{
	const EmoCollection *collection = model->collection;

	if (collection == NULL)
		return EMO_OK;
	if (!emo_model_uses_profile(model))
		return emo_model_damaged(env, "There is a collection in a model without profiles.");
	if (collection->count < 1 || collection->n_speakers < 0 ||
		collection->n_speakers > collection->count)
		return emo_model_damaged(env, "A count of the collection is out of range.");
	if (!emo_all_within(&collection->share, 1, 0, 1) ||
		!emo_all_within(&collection->speaker_prior, 1, 0, EMO_MAX_COLLECTION_PRIOR))
		return emo_model_damaged(env, "The share of the collection is out of range.");
	if (!emo_all_finite(collection->mean, model->n_features) ||
		!emo_all_within(collection->deviation, model->n_features, 0, FLT_MAX))
		return emo_model_damaged(env, "A number of the collection is not finite.");
	return EMO_OK;
}

EmoStatus
emo_model_check(EmoEnv *env, const EmoModel *model)
{
	float weight = 0;
	float profile_weight = 0;

	if (emo_model_check_shape(env, model) != EMO_OK || check_labels(env, model) != EMO_OK ||
		check_targets(env, model) != EMO_OK || check_text(env, model->options) != EMO_OK ||
		check_text(env, model->feature_settings) != EMO_OK)
		return env->status;
	if (!emo_all_finite(model->population_mean, model->n_features) ||
		!emo_all_within(model->population_deviation, model->n_features, 0, FLT_MAX))
		return emo_model_damaged(env, "A number of the population is not finite.");
	for (int h = 0; h < model->n_heads; h++)
	{
		if (check_head(env, model, &model->heads[h]) != EMO_OK)
			return env->status;
		weight += model->heads[h].weight;
		profile_weight += model->heads[h].profile_weight;
	}
	if (check_net(env, model) != EMO_OK || check_collection(env, model) != EMO_OK ||
		check_familiarity(env, model) != EMO_OK || emo_model_check_cells(env, model) != EMO_OK ||
		emo_model_check_certainty(env, model) != EMO_OK ||
		emo_model_check_hearing(env, model) != EMO_OK)
		return env->status;
	if (model->net != NULL)
	{
		weight += model->net_weight;
		profile_weight += model->net_profile_weight;
	}
	if (!(weight > 0 && profile_weight > 0))
		return emo_model_damaged(env, "No head has a weight.");
	return EMO_OK;
}
