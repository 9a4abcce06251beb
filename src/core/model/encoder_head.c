/*
 * encoder_head.c
 *	  The head of a checkpoint, as a model.
 */
#include "core/model/encoder_head.h"

#include <math.h>
#include <string.h>

#include "core/model/format.h"

static float *
equal_floats(EmoEnv *env, float value, size_t n)
{
	float *values = emo_alloc(env, n, sizeof(float));

	for (size_t i = 0; values != NULL && i < n; i++)
		values[i] = value;
	return values;
}

/* A softmax of the head's, or the last layer alone. */
static void
fill_layer_weights(const float *given, int n, float *weights)
{
	float most = -INFINITY;
	double sum = 0;

	if (given == NULL)
	{
		memset(weights, 0, (n - 1) * sizeof(float));
		weights[n - 1] = 1;
		return;
	}
	for (int i = 0; i < n; i++)
		most = fmaxf(most, given[i]);
	for (int i = 0; i < n; i++)
		sum += exp((double) given[i] - most);
	for (int i = 0; i < n; i++)
		weights[i] = (float) (exp((double) given[i] - most) / sum);
}

static EmoStatus
fill_hearing(EmoEnv *env, const EmoPretrainedHead *head, EmoHearing *hearing)
{
	int n = hearing->n_layers + 1;

	hearing->n_dense =
		head->tensors[EMO_HEAD_DENSE] == NULL ? 0 : emo_head_rows(head, EMO_HEAD_DENSE);
	if (emo_allocate_hearing(env, hearing) != EMO_OK)
		return env->status;
	fill_layer_weights(head->values[EMO_HEAD_LAYER_WEIGHTS], n, hearing->layer_weights);
	if (hearing->n_dense == 0)
		return EMO_OK;
	memcpy(hearing->dense_weight, head->values[EMO_HEAD_DENSE],
		   head->tensors[EMO_HEAD_DENSE]->n * sizeof(float));
	memcpy(hearing->dense_bias, head->values[EMO_HEAD_DENSE_BIAS],
		   hearing->n_dense * sizeof(float));
	return EMO_OK;
}

/* What a label's logit takes of each feature, joined[n], if there is a projector in front; returns its bias. */
static double
join_row(const EmoPretrainedHead *head, int label, int n, double *joined)
{
	const float *out = head->values[EMO_HEAD_OUT], *projector = head->values[EMO_HEAD_PROJECTOR];
	int n_projected = emo_head_rows(head, EMO_HEAD_PROJECTOR);
	double bias = head->values[EMO_HEAD_OUT_BIAS][label];

	memset(joined, 0, n * sizeof(double));
	for (int k = 0; k < n_projected; k++)
	{
		double weight = out[(size_t) label * n_projected + k];

		for (int i = 0; i < n; i++)
			joined[i] += weight * projector[(size_t) k * n + i];
		bias += weight * head->values[EMO_HEAD_PROJECTOR_BIAS][k];
	}
	return bias;
}

/* The mean over time of a projection is the projection of the mean. */
static EmoStatus
join_layers(EmoEnv *env, const EmoPretrainedHead *head, EmoLdaHead *lda)
{
	int n = lda->n_features;
	double *joined;

	if (head->tensors[EMO_HEAD_PROJECTOR] == NULL)
	{
		memcpy(lda->weights, head->values[EMO_HEAD_OUT],
			   (size_t) lda->n_classes * n * sizeof(float));
		memcpy(lda->bias, head->values[EMO_HEAD_OUT_BIAS], lda->n_classes * sizeof(float));
		return EMO_OK;
	}
	if ((joined = emo_alloc(env, n, sizeof(double))) == NULL)
		return env->status;
	for (int c = 0; c < lda->n_classes && emo_check_stop(env) == EMO_OK; c++)
	{
		lda->bias[c] = (float) join_row(head, c, n, joined);
		for (int i = 0; i < n; i++)
			lda->weights[(size_t) c * n + i] = (float) joined[i];
	}
	emo_free(env, joined);
	return env->status;
}

static EmoStatus
fill_head(EmoEnv *env, const EmoPretrainedHead *head, EmoModel *model)
{
	EmoLdaHead *lda;
	int n = model->n_features;

	if ((model->heads = emo_alloc_zero(env, 1, sizeof(EmoModelHead))) == NULL)
		return env->status;
	model->n_heads = 1;
	model->heads[0].weight = model->heads[0].profile_weight = 1;
	lda = &model->heads[0].lda;
	lda->n_features = n;
	lda->n_classes = model->n_classes;
	/* Features as they are: nothing is known of their range, and nothing may be clipped. */
	lda->max_z = EMO_MAX_MAX_Z;
	lda->temperature = 1;
	if ((lda->mean = equal_floats(env, 0, n)) == NULL ||
		(lda->inverse_deviation = equal_floats(env, 1, n)) == NULL ||
		(lda->weights = emo_alloc(env, (size_t) n * lda->n_classes, sizeof(float))) == NULL ||
		(lda->bias = emo_alloc(env, lda->n_classes, sizeof(float))) == NULL)
		return env->status;
	return join_layers(env, head, lda);
}

static EmoStatus
fill_labels(EmoEnv *env, const EmoPretrainedHead *head, EmoModel *model)
{
	if ((model->labels = emo_alloc_zero(env, model->n_classes, sizeof(char *))) == NULL)
		return env->status;
	for (int c = 0; c < model->n_classes; c++)
	{
		size_t n = strlen(head->labels[c]) + 1;
		char *copy = emo_alloc(env, n, 1);

		if (copy == NULL)
			return env->status;
		memcpy(copy, head->labels[c], n);
		model->labels[c] = copy;
	}
	return EMO_OK;
}

EmoStatus
emo_encoder_head_model(EmoEnv *env, const EmoPretrainedHead *head, const EmoHearing *hearing,
					   EmoModel *model)
{
	EmoHearing *own = emo_alloc_zero(env, 1, sizeof(EmoHearing));

	if (own == NULL)
		return env->status;
	*own = *hearing;
	if (fill_hearing(env, head, own) != EMO_OK)
		return env->status;
	*model = (EmoModel){
		.algorithm = emo_algorithms[EMO_ENCODER_HEAD].name,
		.n_features = emo_hearing_n_features(own),
		.n_classes = head->n_labels,
		.hearing = own,
		.options = "{}",
		.feature_settings = "{}",
	};
	if (head->tells_values &&
		(model->targets = emo_alloc_zero(env, model->n_classes, sizeof(EmoTarget))) == NULL)
		return env->status;
	if (fill_labels(env, head, model) != EMO_OK || fill_head(env, head, model) != EMO_OK ||
		(model->population_mean = equal_floats(env, 0, model->n_features)) == NULL ||
		(model->population_deviation = equal_floats(env, 1, model->n_features)) == NULL)
		return env->status;
	if (emo_model_check(env, model) != EMO_OK)
		return emo_fail_again(env, EMO_CORRUPTED, "the head of the checkpoint is wrong");
	return EMO_OK;
}
