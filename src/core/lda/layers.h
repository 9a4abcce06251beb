/*
 * layers.h
 *	  Rows that have the pooled layers of an encoder, and how much each layer counts.
 *
 * Which layers of a pre-trained encoder tell emotions is not known beforehand (Pepino et al. 2021, "Emotion recognition
 * from speech using wav2vec 2.0 embeddings"; mostly some in the middle), so that a weighted sum of them is learnt.  Here
 * by forward selection with replacement (Caruana et al. 2004, "Ensemble selection from libraries of models"): from the
 * layer that is best alone, layer by layer, on rows that are held out.
 */
#ifndef EMO_LAYERS_H
#define EMO_LAYERS_H

#include "core/lda/lda.h"
#include "core/lda/ridge.h"

/* What features of a row are: layers[n_layers][length], and others behind them. */
typedef struct EmoLayers
{
	int n_layers, length, n_others;
} EmoLayers;

/* mixed[length], the weighted sum of layers[n_layers][length]. */
extern void emo_mix_layers(const float *layers, const float *weights, int n_layers, int length,
						   float *mixed);

/* The set with features [n_rows][length + n_others], which are allocated from env; all else is shared. */
extern EmoStatus emo_mix_rows(EmoEnv *env, const EmoTrainingSet *set, const EmoLayers *layers,
							  const float *weights, EmoTrainingSet *mixed);

/* What held-out rows of a set say of an algorithm: the less, the better; infinite if nothing can be held out. */
typedef EmoStatus (*EmoHeldOutLoss)(EmoEnv *env, const EmoTrainingSet *set, const void *options,
									double *loss);

/* Log loss of a head with EmoLdaOptions; 1 - mean CCC of one with EmoRidgeOptions. */
extern EmoStatus emo_lda_held_out_loss(EmoEnv *env, const EmoTrainingSet *set, const void *options,
									   double *loss);
extern EmoStatus emo_ridge_held_out_loss(EmoEnv *env, const EmoTrainingSet *set,
										 const void *options, double *loss);

/*
 * Choose by the rows with keep[row] that are originals; others are not looked at.  shares[n_layers] sum up to one, and
 * are of layers with a mean deviation of one; weights[n_layers] are what the layers themselves are multiplied by, 1 if
 * there is one only.  Deterministic.  All layers count alike if nothing can be held out.  EMO_BAD_DATA if no layer
 * varies; errors of the loss; EMO_CANCELED.
 */
extern EmoStatus emo_choose_layers(EmoEnv *env, const EmoTrainingSet *set, const EmoLayers *layers,
								   const bool *keep, EmoHeldOutLoss loss, const void *options,
								   float *shares, float *weights);

#endif
