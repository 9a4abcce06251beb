/*
 * train_finish.c
 *	  The model of a training.
 */
#include <string.h>

#include "core/base/calibration.h"
#include "core/nn/trainer.h"

/* The temperature at which the held-out recordings have the least log loss. */
static EmoStatus
calibrate(EmoEnv *env, const EmoNnTrainer *trainer, EmoNnModel *model)
{
	const EmoNnData *data = trainer->data;
	int64_t n_held = data->n_recordings - trainer->n_training, n = 0;
	int32_t *labels = emo_alloc(env, n_held, sizeof(int32_t));
	EmoTrainingSet set = {.label = labels, .n_rows = n_held, .n_classes = data->n_classes};
	EmoRowScores scores;
	EmoFolds all;
	EmoNnPredictor *predictor;

	if (labels == NULL || emo_new_scores(env, n_held, data->n_classes, &scores) != EMO_OK ||
		emo_new_folds(env, n_held, 1, &all) != EMO_OK ||
		emo_nn_predictor_create(env, model, &predictor) != EMO_OK)
		return env->status;
	for (int64_t r = 0; r < data->n_recordings; r++)
	{
		const uint16_t *frames;

		if (!trainer->held_out[r])
			continue;
		if (data->fetch(env, data->source, r, &frames) != EMO_OK ||
			emo_nn_predict(env, predictor, frames, data->n_frames[r],
						   emo_scores_of_row(&scores, n)) != EMO_OK)
			return env->status;
		all.fold_of[n] = 0;
		labels[n++] = data->label[r];
	}
	return emo_fit_temperature(env, &set, &all, &scores, NULL, &model->temperature);
}

EmoStatus
emo_nn_finish(EmoEnv *env, EmoNnTrainer *trainer, EmoNnModel **result)
{
	EmoNnModel *model = emo_alloc(env, 1, sizeof(EmoNnModel));
	size_t n_weights = (size_t) trainer->model.n_nets * (size_t) trainer->model.n_weights;

	*result = NULL;
	if (model == NULL)
		return env->status;
	*model = trainer->model;
	model->n_warps = trainer->options.n_warps;
	model->weights = emo_alloc(env, n_weights, sizeof(float));
	if (model->weights == NULL)
		return env->status;
	memcpy(model->weights, trainer->best_epoch > 0 ? trainer->best_weights : trainer->model.weights,
		   n_weights * sizeof(float));
	if (trainer->predictor != NULL && calibrate(env, trainer, model) != EMO_OK)
		return env->status;
	*result = model;
	return EMO_OK;
}
