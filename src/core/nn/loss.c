/*
 * loss.c
 *	  Softmax cross-entropy with soft targets.
 */
#include "core/nn/loss.h"

#include <math.h>

void
emo_nn_add_target(int label, int n_classes, double share, double smoothing, double weight,
				  float *target)
{
	double spread = share * weight * smoothing / n_classes;

	for (int c = 0; c < n_classes; c++)
		target[c] += (float) spread;
	target[label] += (float) (share * weight * (1 - smoothing));
}

void
emo_nn_log_softmax(const float *scores, int n_classes, double temperature, float *log_probabilities)
{
	double highest = -INFINITY, sum = 0;

	for (int c = 0; c < n_classes; c++)
		highest = fmax(highest, scores[c]);
	for (int c = 0; c < n_classes; c++)
		sum += exp((scores[c] - highest) / temperature);
	for (int c = 0; c < n_classes; c++)
		log_probabilities[c] = (float) ((scores[c] - highest) / temperature - log(sum));
}

double
emo_nn_cross_entropy(const float *scores, const float *targets, int n, int n_classes,
					 float *d_scores)
{
	double loss = 0, total = 0;

	for (int i = 0; i < n * n_classes; i++)
		total += targets[i];
	for (int i = 0; i < n; i++)
	{
		const float *target = targets + (long) i * n_classes;
		float *d = d_scores + (long) i * n_classes;
		double mass = 0;

		for (int c = 0; c < n_classes; c++)
			mass += target[c];
		emo_nn_log_softmax(scores + (long) i * n_classes, n_classes, 1, d);
		for (int c = 0; c < n_classes; c++)
		{
			loss -= target[c] * d[c];
			d[c] = (float) ((mass * exp(d[c]) - target[c]) / total);
		}
	}
	return loss / total;
}
