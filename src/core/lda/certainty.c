/*
 * certainty.c
 *	  How sure a model is of utterances that it was not trained on.
 */
#include "core/lda/certainty.h"

#include <math.h>

#include "core/base/stats.h"

void
emo_certainty_add(EmoCertaintySums *sums, const float *probabilities, int n_classes)
{
	int predicted = emo_argmax(probabilities, n_classes);
	double top = probabilities[predicted], entropy = 0;
	int bin = (int) (top * EMO_CERTAINTY_BINS);

	for (int c = 0; c < n_classes; c++)
		entropy -= probabilities[c] > 0 ? probabilities[c] * log(probabilities[c]) : 0;
	sums->n++;
	sums->top_probability += top;
	sums->entropy += n_classes > 1 ? entropy / log(n_classes) : 0;
	sums->bins[bin < EMO_CERTAINTY_BINS ? bin : EMO_CERTAINTY_BINS - 1]++;
	sums->predicted[predicted]++;
}

void
emo_certainty_add_faded(EmoCertaintySums *sums, const float *log_posteriors, int n_classes,
						double fading)
{
	double scores[EMO_MAX_CLASSES] = {0};
	float probabilities[EMO_MAX_CLASSES];

	for (int c = 0; c < n_classes; c++)
		scores[c] = log_posteriors[c];
	emo_log_softmax(scores, n_classes, fading, probabilities);
	for (int c = 0; c < n_classes; c++)
		probabilities[c] = expf(probabilities[c]);
	emo_certainty_add(sums, probabilities, n_classes);
}

void
emo_certainty_merge(EmoCertaintySums *sums, const EmoCertaintySums *other, int n_classes)
{
	sums->n += other->n;
	sums->top_probability += other->top_probability;
	sums->entropy += other->entropy;
	for (int b = 0; b < EMO_CERTAINTY_BINS; b++)
		sums->bins[b] += other->bins[b];
	for (int c = 0; c < n_classes; c++)
		sums->predicted[c] += other->predicted[c];
}

EmoStatus
emo_certainty_of_sums(EmoEnv *env, const EmoCertaintySums *sums, int n_classes,
					  EmoCertainty **certainty)
{
	double n = (double) sums->n;
	EmoCertainty *new;

	*certainty = NULL;
	if (sums->n < EMO_CERTAINTY_MIN_ROWS)
		return EMO_OK;
	if ((new = emo_alloc(env, 1, sizeof(EmoCertainty))) == NULL ||
		(new->predicted = emo_alloc(env, n_classes, sizeof(float))) == NULL)
		return env->status;
	new->n_rows = (float) n;
	new->top_probability = fminf(1, (float) (sums->top_probability / n));
	new->entropy = fminf(1, fmaxf(0, (float) (sums->entropy / n)));
	for (int b = 0; b < EMO_CERTAINTY_BINS; b++)
		new->bins[b] = (float) ((double) sums->bins[b] / n);
	for (int c = 0; c < n_classes; c++)
		new->predicted[c] = (float) ((double) sums->predicted[c] / n);
	*certainty = new;
	return EMO_OK;
}
