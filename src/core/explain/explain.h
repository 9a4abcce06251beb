/*
 * explain.h
 *	  Why a model hears one emotion rather than another, in numbers.
 *
 * Log posteriors of two classes differ by a sum: heads of linear discriminant analysis are linear in
 * their standardised features, nets are taken apart by integrated gradients (nn/explain.h), and a
 * model adds up both by weights, which are less for an utterance unlike the training (lda/familiarity.h).
 */
#ifndef EMO_EXPLAIN_H
#define EMO_EXPLAIN_H

#include "core/model/model.h"
#include "core/nn/explain.h"

typedef struct EmoExplanation
{
	int winner, runner_up; /* the two likeliest classes of those asked for; the first of equals */
	double difference;     /* ln P(winner) - ln P(runner_up), of the model as a whole */

	/* Of the heads; contributions is NULL without any.  All in nats towards the winner. */
	float *contributions; /* [n_features] */
	double bias;          /* what they say of an utterance that is average in all features */
	float *z;             /* [n_features] standardised, by the head that counts the most */
	bool of_speaker;      /* z is by the speaker's profile, not by all training utterances */

	/* Of the net; net.attributions is NULL without one.  To be multiplied by net_weight. */
	EmoNnExplanation net;
	double net_weight;
	int n_frames;
} EmoExplanation;

/*
 * Explain what emo_model_predict_utterance() says of an utterance; arrays are allocated from env.
 * bias + sum of contributions + net_weight * net.difference is the difference, as long as neither
 * probability is below e^-10000.  Two classes at least are asked for.  predictor is one of model->net.
 */
extern EmoStatus emo_explain(EmoEnv *env, const EmoModel *model, EmoNnPredictor *predictor,
							 const EmoUtterance *utterance, EmoExplanation *explanation);

#endif
