/*
 * loss.c
 *	  Softmax cross-entropy with soft targets.
 */
#include "core/nn/loss.h"

#include <math.h>

#include "core/base/stats.h"
#include "core/base/training_set.h"

void
emo_nn_add_target(int label, int n_classes, double share, double smoothing, double weight,
				  float *target)
{
	double spread = share * weight * smoothing / n_classes;

	for (int c = 0; c < n_classes; c++)
		target[c] += (float) spread;
	target[label] += (float) (share * weight * (1 - smoothing));
}

double
emo_nn_cross_entropy(const float *scores, const float *targets, int n, int n_classes,
					 float *d_scores)
{
	double loss = 0, total = 0;
	double row[EMO_MAX_CLASSES];

	for (int i = 0; i < n * n_classes; i++)
		total += targets[i];
	for (int i = 0; i < n; i++)
	{
		const float *target = targets + (long) i * n_classes;
		float *d = d_scores + (long) i * n_classes;
		double mass = 0;

		for (int c = 0; c < n_classes; c++)
			mass += target[c];
		for (int c = 0; c < n_classes; c++)
			row[c] = scores[(long) i * n_classes + c];
		emo_log_softmax(row, n_classes, 1, d);
		for (int c = 0; c < n_classes; c++)
		{
			loss -= target[c] * d[c];
			d[c] = (float) ((mass * exp(d[c]) - target[c]) / total);
		}
	}
	return loss / total;
}
