/*
 * model.c
 *	  Predict with a model.
 */
#include "core/model.h"

#include <math.h>

#include "core/lda_solve.h"

bool
emo_model_uses_profile(const EmoModel *model)
{
	for (int h = 0; h < model->n_heads; h++)
		if (model->heads[h].on_profile && model->heads[h].profile_weight > 0)
			return true;
	return false;
}

void
emo_model_predict(const EmoModel *model, const float *features, const EmoProfile *profile,
				  float *probabilities)
{
	float normalised[EMO_MAX_FEATURES];
	float log_posteriors[EMO_MAX_CLASSES];
	double scores[EMO_MAX_CLASSES] = {0};
	bool with_profile = profile != NULL && emo_model_uses_profile(model);

	if (with_profile)
		emo_profile_apply(profile, model->population_mean, model->population_deviation, features,
						  normalised);
	for (int h = 0; h < model->n_heads; h++)
	{
		const EmoModelHead *head = &model->heads[h];
		double weight = with_profile ? head->profile_weight : head->weight;

		if (weight == 0)
			continue;
		emo_lda_log_posteriors(&head->lda, head->on_profile ? normalised : features,
							   log_posteriors);
		for (int c = 0; c < model->n_classes; c++)
			scores[c] += weight * log_posteriors[c];
	}
	emo_lda_log_softmax(scores, model->n_classes, 1, log_posteriors);
	for (int c = 0; c < model->n_classes; c++)
		probabilities[c] = (float) exp(log_posteriors[c]);
}
