/*
 * trainer.h
 *	  The inside of a trainer (for the net's own files).
 */
#ifndef EMO_NN_TRAINER_H
#define EMO_NN_TRAINER_H

#include "core/nn/network.h"
#include "core/nn/train.h"

struct EmoNnTrainer
{
	EmoNnTrainOptions options;
	const EmoNnData *data;
	EmoNnInput input;
	EmoNnNetwork *network;
	EmoNnModel model;          /* the weights in training, for predictions on the way */
	int net;                   /* of model: the one that learns at the moment */
	uint64_t seed;             /* of that net */
	EmoNnPredictor *predictor; /* of model; NULL if nothing is held out */
	uint8_t *held_out;         /* [n_recordings] */
	int64_t n_training;
	int64_t *order;       /* [n_training], recordings as this epoch goes through them */
	double *class_weight; /* [n_classes] */
	uint8_t *decays;      /* [n_parameters] */
	float *gradient;      /* [n_parameters] */

	/* What a checkpoint keeps, besides model.weights. */
	float *first, *second; /* [nets][n_parameters], moments of the optimiser */
	float *best_weights;   /* [nets][n_weights] */
	int epoch, best_epoch; /* done so far; the best of them, 0 for none */
	double best_loss;
	EmoNnEpoch last, best; /* how the last epoch and the best one went */

	/* A batch. */
	float *plain;     /* inputs before they are mixed, as network->input */
	float *targets;   /* [batch_size][n_classes] */
	float *d_scores;  /* [batch_size][n_classes] */
	int32_t *heavier; /* [batch_size], the label with the larger share */
	float *work;
};

/* Turn to a net of the model. */
extern void emo_nn_turn_to_net(EmoNnTrainer *trainer, int net);

/* Choose what is held out, and count what is left; see EmoNnTrainOptions.validation_share. */
extern EmoStatus emo_nn_hold_out(EmoEnv *env, EmoNnTrainer *trainer);

/* Sets the input's deviations to those of the training recordings. */
extern EmoStatus emo_nn_measure_inputs(EmoEnv *env, EmoNnTrainer *trainer);

/* Fill network->input, targets and heavier with n recordings of the epoch's order from first on,
 * altered by the seed of the net that learns. */
extern EmoStatus emo_nn_fill_batch(EmoEnv *env, EmoNnTrainer *trainer, int64_t first, int n);

#endif
