/*
 * model.c
 *	  Predict with a model.
 */
#include "core/model/model.h"

#include <math.h>

#include "core/base/stats.h"

bool
emo_model_uses_profile(const EmoModel *model)
{
	for (int h = 0; h < model->n_heads; h++)
		if (model->heads[h].on_profile && model->heads[h].profile_weight > 0)
			return true;
	return false;
}

double
emo_model_profile_share(const EmoModel *model, const EmoProfile *profile)
{
	if (!emo_model_uses_profile(model))
		return 0;
	if (profile != NULL)
		return 1;
	return model->collection != NULL ? model->collection->share : 0;
}

void
emo_model_normalise(const EmoModel *model, const EmoProfile *profile, const float *features,
					float *normalised)
{
	const EmoCollection *collection = model->collection;

	if (collection == NULL)
		emo_profile_apply(profile, model->population_mean, model->population_deviation, features,
						  normalised);
	else if (profile != NULL)
		emo_profile_apply_prior(profile, collection->speaker_prior, collection->mean,
								collection->deviation, features, normalised);
	else
	{
		EmoProfile own = {.count = collection->count,
						  .n_features = model->n_features,
						  .mean = collection->mean,
						  .deviation = collection->deviation};

		emo_profile_apply_prior(&own, 0, collection->mean, collection->deviation, features,
								normalised);
	}
}

/* Log posteriors of a head, or values of targets: scores[n_classes]. */
static void
ask_head(const EmoModel *model, const EmoLdaHead *head, const float *features, float *scores)
{
	if (model->targets != NULL)
		emo_ridge_values(head, features, scores);
	else
		emo_lda_log_posteriors(head, features, scores);
}

/* Adds the weighted scores of all heads to scores[n_classes]; returns their weight. */
static double
add_heads(const EmoModel *model, const float *features, const EmoProfile *profile, double share,
		  double *scores)
{
	float normalised[EMO_MAX_FEATURES];
	float scores_of_head[EMO_MAX_CLASSES];
	double total = 0;

	if (share > 0)
		emo_model_normalise(model, profile, features, normalised);
	for (int h = 0; h < model->n_heads; h++)
	{
		const EmoModelHead *head = &model->heads[h];
		double weight = emo_mixed_weight(share, head->weight, head->profile_weight);

		if (weight == 0)
			continue;
		ask_head(model, &head->lda, head->on_profile ? normalised : features, scores_of_head);
		for (int c = 0; c < model->n_classes; c++)
			scores[c] += weight * scores_of_head[c];
		total += weight;
	}
	return total;
}

static double
log_distance(const EmoModel *model, const EmoUtterance *utterance)
{
	return emo_log_distance(model->population_mean, model->population_deviation,
							utterance->features, model->n_features);
}

float
emo_model_familiarity(const EmoModel *model, const EmoUtterance *utterance)
{
	if (model->familiarity == NULL)
		return NAN;
	return emo_familiarity_of(model->familiarity, log_distance(model, utterance));
}

double
emo_model_fading(const EmoModel *model, const EmoUtterance *utterance)
{
	if (model->familiarity == NULL)
		return 1;
	return emo_fading_of(model->familiarity, log_distance(model, utterance),
						 emo_model_profile_share(model, utterance->profile));
}

EmoStatus
emo_model_predict_utterance(EmoEnv *env, const EmoModel *model, EmoNnPredictor *predictor,
							const EmoUtterance *utterance, float *probabilities)
{
	double share = emo_model_profile_share(model, utterance->profile);
	double weight = emo_mixed_weight(share, model->net_weight, model->net_profile_weight);
	double scores[EMO_MAX_CLASSES] = {0};
	float log_posteriors[EMO_MAX_CLASSES];

	(void) add_heads(model, utterance->features, utterance->profile, share, scores);
	if (model->net != NULL && weight != 0)
	{
		if (emo_nn_predict(env, predictor, utterance->frames, utterance->n_frames,
						   log_posteriors) != EMO_OK)
			return env->status;
		/* Weights near the largest of floats overflow on the way: such a net says nothing. */
		if (!emo_all_finite(log_posteriors, model->n_classes))
			weight = 0;
		for (int c = 0; weight != 0 && c < model->n_classes; c++)
			scores[c] += weight * log_posteriors[c];
	}
	for (int c = 0; utterance->asked != NULL && c < model->n_classes; c++)
		scores[c] = utterance->asked[c] ? scores[c] : -INFINITY;
	emo_log_softmax(scores, model->n_classes, emo_model_fading(model, utterance), log_posteriors);
	for (int c = 0; c < model->n_classes; c++)
		probabilities[c] = (float) exp(log_posteriors[c]);
	return EMO_OK;
}

static float
interval_end(float value, float low, float high, float end)
{
	return low < high ? value + end : NAN;
}

void
emo_model_predict_values(const EmoModel *model, const EmoUtterance *utterance, EmoValue *values)
{
	double share = emo_model_profile_share(model, utterance->profile);
	bool by_profile = share >= 0.5;
	double scores[EMO_MAX_TARGETS] = {0};
	double total = add_heads(model, utterance->features, utterance->profile, share, scores);

	for (int t = 0; t < model->n_classes; t++)
	{
		const EmoTarget *target = &model->targets[t];
		float low = by_profile ? target->profile_low : target->low;
		float high = by_profile ? target->profile_high : target->high;
		float value = (float) (scores[t] / total);

		values[t].value = isfinite(value) ? value : NAN;
		values[t].low = interval_end(values[t].value, low, high, low);
		values[t].high = interval_end(values[t].value, low, high, high);
	}
}
