/*
 * explain.c
 *	  Why a model hears one emotion rather than another, in numbers.
 */
#include "core/explain/explain.h"

#include <math.h>
#include <string.h>

#include "core/base/stats.h"
#include "core/lda/solve.h"

/* Features standardised at once. */
#define BLOCK_FEATURES 256

/* The two likeliest classes of those that are asked for. */
static void
rank_classes(const float *probabilities, int n_classes, const bool *asked,
			 EmoExplanation *explanation)
{
	int winner = emo_argmax(probabilities, n_classes), runner_up = -1;

	for (int c = 0; c < n_classes; c++)
		if (c != winner && (asked == NULL || asked[c]) &&
			(runner_up < 0 || probabilities[c] > probabilities[runner_up]))
			runner_up = c;
	explanation->winner = winner;
	explanation->runner_up = runner_up;
}

/* Adds a head's share; z [n_features] is set too if it isn't NULL. */
static void
add_head(const EmoLdaHead *head, const float *features, double weight, float *z,
		 EmoExplanation *explanation)
{
	const float *for_winner = head->weights + (size_t) explanation->winner * head->n_features;
	const float *for_other = head->weights + (size_t) explanation->runner_up * head->n_features;
	double block[BLOCK_FEATURES], scale = weight / head->temperature;

	explanation->bias +=
		scale * ((double) head->bias[explanation->winner] - head->bias[explanation->runner_up]);
	for (int first = 0; first < head->n_features; first += BLOCK_FEATURES)
	{
		int left = head->n_features - first;
		int count = left < BLOCK_FEATURES ? left : BLOCK_FEATURES;

		emo_lda_standardise(features, head->mean, head->inverse_deviation, head->max_z, first,
							count, block);
		for (int i = 0; i < count; i++)
		{
			double difference = (double) for_winner[first + i] - for_other[first + i];

			explanation->contributions[first + i] += (float) (scale * difference * block[i]);
			if (z != NULL)
				z[first + i] = (float) block[i];
		}
	}
}

static EmoStatus
explain_heads(EmoEnv *env, const EmoModel *model, const float *features, const EmoProfile *profile,
			  double fading, EmoExplanation *explanation)
{
	float *normalised = emo_alloc(env, model->n_features, sizeof(float));
	double largest = 0, share = emo_model_profile_share(model, profile);

	explanation->contributions = emo_alloc_zero(env, model->n_features, sizeof(float));
	explanation->z = emo_alloc_zero(env, model->n_features, sizeof(float));
	if (normalised == NULL || explanation->contributions == NULL || explanation->z == NULL)
		return env->status;
	if (share > 0)
		emo_model_normalise(model, profile, features, normalised);
	for (int h = 0; h < model->n_heads; h++)
	{
		const EmoModelHead *head = &model->heads[h];
		double weight = emo_mixed_weight(share, head->weight, head->profile_weight);
		bool counts_most = weight > largest;

		if (weight == 0)
			continue;
		add_head(&head->lda, head->on_profile ? normalised : features, weight / fading,
				 counts_most ? explanation->z : NULL, explanation);
		if (counts_most)
		{
			largest = weight;
			explanation->of_speaker = head->on_profile;
		}
	}
	emo_free(env, normalised);
	return EMO_OK;
}

/* A net whose scores overflow says nothing, as in predictions. */
static EmoStatus
explain_net(EmoEnv *env, const EmoModel *model, const EmoUtterance *utterance, double weight,
			EmoExplanation *explanation)
{
	if (emo_nn_explain(env, model->net, utterance->frames, utterance->n_frames, explanation->winner,
					   explanation->runner_up, &explanation->net) != EMO_OK)
		return env->status;
	explanation->n_frames = utterance->n_frames;
	explanation->net_weight = weight;
	if (!isfinite(explanation->net.difference) || !isfinite(explanation->net.baseline) ||
		!isfinite(explanation->net.sum))
		memset(&explanation->net, 0, sizeof(explanation->net));
	return EMO_OK;
}

EmoStatus
emo_explain(EmoEnv *env, const EmoModel *model, EmoNnPredictor *predictor,
			const EmoUtterance *utterance, EmoExplanation *explanation)
{
	const EmoProfile *profile = emo_model_uses_profile(model) ? utterance->profile : NULL;
	double net_weight = emo_mixed_weight(emo_model_profile_share(model, profile), model->net_weight,
										 model->net_profile_weight);
	double fading = emo_model_fading(model, utterance);
	float *probabilities = emo_alloc(env, model->n_classes, sizeof(float));

	memset(explanation, 0, sizeof(*explanation));
	if (probabilities == NULL ||
		emo_model_predict_utterance(env, model, predictor, utterance, probabilities) != EMO_OK)
		return env->status;
	rank_classes(probabilities, model->n_classes, utterance->asked, explanation);
	if (model->n_heads > 0 &&
		explain_heads(env, model, utterance->features, profile, fading, explanation) != EMO_OK)
		return env->status;
	if (model->net != NULL && net_weight != 0 &&
		explain_net(env, model, utterance, net_weight / fading, explanation) != EMO_OK)
		return env->status;
	explanation->difference = explanation->bias;
	for (int i = 0; model->n_heads > 0 && i < model->n_features; i++)
		explanation->difference += explanation->contributions[i];
	explanation->difference += explanation->net_weight * explanation->net.difference;
	emo_free(env, probabilities);
	return EMO_OK;
}
