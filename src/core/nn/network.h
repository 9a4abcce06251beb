/*
 * network.h
 *	  A net with room for a batch: forward, and backward to the gradient of its weights.
 *
 * Recordings of a batch stand one after another, each with its own number of frames: nothing is
 * padded, and nothing has to be masked.
 */
#ifndef EMO_NN_NETWORK_H
#define EMO_NN_NETWORK_H

#include "core/nn/kernels.h"
#include "core/nn/shape.h"

typedef struct EmoNnNetwork
{
	EmoNnShape shape;
	const EmoNnKernels *kernels;
	bool training;
	int max_batch, max_frames;

	/* To be filled before emo_nn_forward(). */
	int n;        /* recordings, at most max_batch */
	int *frames;  /* [n], each 1 .. max_frames */
	float *input; /* [sum of frames][n_values] */

	float *scores; /* [n][n_classes], the result */

	/* For the net itself, per block: */
	struct
	{
		int *in_rows, *conv_rows, *out_rows; /* [max_batch] */
		float *z;                            /* what the convolution gives */
		float *y;                            /* what the block gives */
		float *scale, *shift;                /* [channels]: batch-norm is scale z + shift */
		float *mean, *inverse_deviation;     /* [channels] */
		uint32_t drop_key;
	} blocks[EMO_NN_MAX_BLOCKS];
	float *attention;        /* [frames after the last block][n_heads] */
	float *pooled, *dropped; /* [max_batch][n_pooled], before and after dropout */
	float *d_pooled;
	float *d_y, *d_in, *d_z; /* gradients: two for a batch, and that of z for a recording */
	float *work;             /* of convolution and pooling */
	float *transposed;       /* weights of a convolution */
	float *channel_work;     /* [8][channels] */
	double *sums;            /* [2][channels] */
	uint32_t head_key;
} EmoNnNetwork;

/*
 * A net for batches of up to max_batch recordings of up to max_frames.  A net that isn't for
 * training needs memory for two layers only.
 */
extern EmoStatus emo_nn_network_create(EmoEnv *env, const EmoNnArchitecture *architecture,
									   int n_classes, int max_batch, int max_frames, bool training,
									   EmoNnNetwork **network);

/* Memory that a net takes, about. */
extern double emo_nn_network_bytes(const EmoNnArchitecture *architecture, int n_classes,
								   int max_batch, int max_frames, bool training);

/* Fresh weights: normal with variance 1 / (3 fan-in); batch-norm 1 and 0. */
extern void emo_nn_init_weights(const EmoNnShape *shape, uint64_t seed, float *weights);

/*
 * Scores by running statistics (training false), or by those of the batch, with dropout drawn by
 * key; these move the running statistics among the weights.
 */
extern EmoStatus emo_nn_forward(EmoEnv *env, EmoNnNetwork *network, float *weights, bool training,
								uint64_t key);

/* After emo_nn_forward() in training: gradient[n_parameters] given that by the scores. */
extern EmoStatus emo_nn_backward(EmoEnv *env, EmoNnNetwork *network, const float *weights,
								 const float *d_scores, float *gradient);

#endif
