/*
 * tensors.h
 *	  A model as a list of named arrays, for other formats.
 *
 * Names of an "lda" model, C classes of F features:
 *
 *	  population.mean, population.deviation                   [F]
 *	  heads.N.weight, heads.N.profile_weight,
 *	  heads.N.max_z, heads.N.temperature                      []
 *	  heads.N.lda.mean, heads.N.lda.inverse_deviation         [F]
 *	  heads.N.lda.weight                                      [C][F]
 *	  heads.N.lda.bias                                        [C]
 *
 * A regression of C targets has, in the order of EmoTarget, as well
 *
 *	  targets                                                 [C][8]
 *
 * and of one that knows its familiarity
 *
 *	  familiarity.log_mean, familiarity.log_deviation,
 *	  familiarity.fade_from, familiarity.fade,
 *	  familiarity.fade_with_profile                           []
 *	  familiarity.log_distances                               [EMO_FAMILIARITY_QUANTILES]
 *
 * of one that knows how its training was spread, in G groups of features,
 *
 *	  cells.n_rows, cells.n_speakers                          []
 *	  cells.spread                                            [G]
 *	  cells.units                                             [F][EMO_N_CELLS - 1]
 *
 * and of one that knows how sure it was, in the order of EmoCertainty,
 *
 *	  certainty                                               [EMO_CERTAINTY_NUMBERS]
 *	  certainty.predicted                                     [C]
 *
 * and of one that hears by an encoder of L layers, D numbers going to its dense layer of E outputs, if there is one,
 *
 *	  hearing.layer_weights                                   [L + 1]
 *	  hearing.dense.weight, hearing.dense.bias                [E][D], [E]
 *
 * A "cnn" model has no population and no heads.  With a net there are as well, for all its frames'
 * V values:
 *
 *	  net.weight, net.profile_weight,
 *	  net.temperature, net.warp                               []
 *	  net.input_deviation                                     [V]
 *	  net. and the names of emo_nn_tensors()                  their shapes
 *
 * Where there are several nets, these are of the first; those of the others have net.N., from N = 1, in
 * place of net.
 */
#ifndef EMO_MODEL_TENSORS_H
#define EMO_MODEL_TENSORS_H

#include "core/model/model.h"

#define EMO_MAX_TENSOR_DIMENSIONS 4

typedef struct EmoTensor
{
	char name[64];
	int n_dimensions; /* 0: a single number */
	int64_t shape[EMO_MAX_TENSOR_DIMENSIONS];
	int64_t n;     /* product of the shape */
	float *values; /* [n], row-major; in the model, not a copy */
} EmoTensor;

/* The arrays of a model, in an order that depends on its shape only; the list is env's. */
extern EmoStatus emo_model_tensors(EmoEnv *env, EmoModel *model, EmoTensor **tensors,
								   int *n_tensors);

/*
 * Give a model, of which targets, familiarity, cells (with n_groups) and certainty (allocated, or NULL), hearing (but for its arrays), algorithm, n_features, n_classes, n_heads, and the architecture of its net
 * are set, its arrays, which are allocated from env and not filled.  EMO_CORRUPTED, before anything
 * is allocated, if the shape is out of range or its arrays don't take n_values numbers in all.
 */
extern EmoStatus emo_model_allocate(EmoEnv *env, EmoModel *model, uint64_t n_values);

#endif
