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

/* Adds the weighted log posteriors of all heads to scores[n_classes]. */
static void
add_heads(const EmoModel *model, const float *features, const EmoProfile *profile, double *scores)
{
	float normalised[EMO_MAX_FEATURES];
	float log_posteriors[EMO_MAX_CLASSES];

	if (profile != NULL)
		emo_profile_apply(profile, model->population_mean, model->population_deviation, features,
						  normalised);
	for (int h = 0; h < model->n_heads; h++)
	{
		const EmoModelHead *head = &model->heads[h];
		double weight = profile != NULL ? head->profile_weight : head->weight;

		if (weight == 0)
			continue;
		emo_lda_log_posteriors(&head->lda, head->on_profile ? normalised : features,
							   log_posteriors);
		for (int c = 0; c < model->n_classes; c++)
			scores[c] += weight * log_posteriors[c];
	}
}

EmoStatus
emo_model_predict_utterance(EmoEnv *env, const EmoModel *model, EmoNnPredictor *predictor,
							const EmoUtterance *utterance, float *probabilities)
{
	const EmoProfile *profile = emo_model_uses_profile(model) ? utterance->profile : NULL;
	double weight = profile != NULL ? model->net_profile_weight : model->net_weight;
	double scores[EMO_MAX_CLASSES] = {0};
	float log_posteriors[EMO_MAX_CLASSES];

	add_heads(model, utterance->features, profile, scores);
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
	emo_log_softmax(scores, model->n_classes, 1, log_posteriors);
	for (int c = 0; c < model->n_classes; c++)
		probabilities[c] = (float) exp(log_posteriors[c]);
	return EMO_OK;
}
