/*
 * loss.h
 *	  Softmax cross-entropy with soft targets.
 */
#ifndef EMO_NN_LOSS_H
#define EMO_NN_LOSS_H

/*
 * Adds share * weight of a label to target[n_classes]: 1 - smoothing on the label, the rest spread
 * evenly over all classes (Szegedy et al. 2016).  Mixed examples add two labels.
 */
extern void emo_nn_add_target(int label, int n_classes, double share, double smoothing,
							  double weight, float *target);

/*
 * The mean over examples, weighted by their targets' sums, of -sum target ln softmax(scores), both
 * [n][n_classes]; and its gradient by the scores.
 */
extern double emo_nn_cross_entropy(const float *scores, const float *targets, int n, int n_classes,
								   float *d_scores);

#endif
