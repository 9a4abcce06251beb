/*
 * predict.c
 *	  What a net says about a recording of any length.
 */
#include <string.h>

#include "core/base/stats.h"
#include "core/nn/model.h"
#include "core/nn/network.h"

struct EmoNnPredictor
{
	const EmoNnModel *model;
	EmoNnNetwork *network;
	EmoNnInput input;
	float *work;
	double *sums; /* [n_classes] */
};

EmoStatus
emo_nn_predictor_create(EmoEnv *env, const EmoNnModel *model, EmoNnPredictor **result)
{
	EmoNnPredictor *predictor = emo_alloc_zero(env, 1, sizeof(EmoNnPredictor));

	*result = NULL;
	if (predictor == NULL ||
		emo_nn_network_create(env, &model->architecture, model->n_classes, 1, EMO_NN_PIECE_FRAMES,
							  false, &predictor->network) != EMO_OK)
		return env->status;
	predictor->model = model;
	emo_nn_input_init(&model->architecture, &predictor->input);
	for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
		predictor->input.inverse_deviation[i] = 1 / model->input_deviation[i];
	predictor->work = emo_alloc(env, emo_nn_input_work(EMO_NN_PIECE_FRAMES), sizeof(float));
	predictor->sums = emo_alloc(env, model->n_classes, sizeof(double));
	if (predictor->work == NULL || predictor->sums == NULL)
		return env->status;
	*result = predictor;
	return EMO_OK;
}

/* Adds the scores that all nets give all pieces of a view of the whole recording to predictor->sums. */
static EmoStatus
add_view(EmoEnv *env, EmoNnPredictor *predictor, const uint16_t *frames, int n_frames, double warp)
{
	int n_pieces = (n_frames + EMO_NN_PIECE_FRAMES - 1) / EMO_NN_PIECE_FRAMES;
	const EmoNnModel *model = predictor->model;

	for (int p = 0; p < n_pieces; p++)
	{
		int first = (int) ((int64_t) n_frames * p / n_pieces);
		int end = (int) ((int64_t) n_frames * (p + 1) / n_pieces);
		EmoNnView view = {.speed = 1, .warp = warp, .first = first, .n_frames = end - first};
		EmoNnNetwork *network = predictor->network;

		emo_nn_input_fill(&predictor->input, frames, n_frames, &view, predictor->work,
						  network->input);
		network->n = 1;
		network->frames[0] = view.n_frames;
		for (int net = 0; net < model->n_nets; net++)
		{
			if (emo_nn_forward(env, network, emo_nn_weights_of(model, net), false, 0) != EMO_OK)
				return env->status;
			for (int c = 0; c < model->n_classes; c++)
				predictor->sums[c] += network->scores[c] / (double) n_pieces;
		}
	}
	return EMO_OK;
}

double
emo_nn_view_warp(const EmoNnModel *model, int i)
{
	double side = model->n_warps == 1 ? 0 : 2.0 * i / (model->n_warps - 1) - 1;

	return 1 + side * model->warp;
}

EmoStatus
emo_nn_predict(EmoEnv *env, EmoNnPredictor *predictor, const uint16_t *frames, int n_frames,
			   float *log_probabilities)
{
	const EmoNnModel *model = predictor->model;

	memset(predictor->sums, 0, model->n_classes * sizeof(double));
	for (int i = 0; i < model->n_warps; i++)
		if (add_view(env, predictor, frames, n_frames, emo_nn_view_warp(model, i)) != EMO_OK)
			return env->status;
	/* The mean of scores has the mean of log probabilities, but for a constant. */
	for (int c = 0; c < model->n_classes; c++)
		predictor->sums[c] = (float) (predictor->sums[c] / (model->n_warps * model->n_nets));
	emo_log_softmax(predictor->sums, model->n_classes, model->temperature, log_probabilities);
	return EMO_OK;
}
