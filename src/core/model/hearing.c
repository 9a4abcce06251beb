/*
 * hearing.c
 *	  How a model hears a recording by a pre-trained encoder.
 */
#include "core/model/hearing.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/lda/layers.h"

int
emo_hearing_length(const EmoHearing *hearing)
{
	return hearing->pooling == EMO_POOL_MEAN_DEVIATION ? 2 * hearing->width : hearing->width;
}

int
emo_hearing_n_heard(const EmoHearing *hearing)
{
	return hearing->n_dense > 0 ? hearing->n_dense : emo_hearing_length(hearing);
}

int
emo_hearing_n_features(const EmoHearing *hearing)
{
	return emo_hearing_n_heard(hearing) + (hearing->with_features ? emo_feature_count() : 0);
}

int
emo_hearing_last_layer(const EmoHearing *hearing)
{
	int last = hearing->n_layers;

	while (last > 0 && hearing->layer_weights[last] == 0)
		last--;
	return last;
}

int
emo_hearing_first_layer(const EmoHearing *hearing)
{
	int first = 0;

	while (first < hearing->n_layers && hearing->layer_weights[first] == 0)
		first++;
	return first;
}

/* y = tanh(weight x + bias). */
static void
apply_dense(const EmoHearing *hearing, const float *x, float *y)
{
	int length = emo_hearing_length(hearing);

	cblas_sgemv(CblasRowMajor, CblasNoTrans, hearing->n_dense, length, 1, hearing->dense_weight,
				length, x, 1, 0, y, 1);
	for (int i = 0; i < hearing->n_dense; i++)
		y[i] = tanhf(y[i] + hearing->dense_bias[i]);
}

EmoStatus
emo_hearing_combine(EmoEnv *env, const EmoHearing *hearing, const float *layers, float *heard)
{
	int first = emo_hearing_first_layer(hearing);
	int n_layers = emo_hearing_last_layer(hearing) + 1 - first;
	int length = emo_hearing_length(hearing);
	float *pooled = heard;

	if (hearing->n_dense > 0 && (pooled = emo_alloc(env, length, sizeof(float))) == NULL)
		return env->status;
	emo_mix_layers(layers, hearing->layer_weights + first, n_layers, length, pooled);
	if (hearing->n_dense > 0)
	{
		apply_dense(hearing, pooled, heard);
		emo_free(env, pooled);
	}
	return EMO_OK;
}

EmoStatus
emo_hearing_check_encoder(EmoEnv *env, const EmoHearing *hearing, const EmoEncoderConfig *config)
{
	if (config->width == hearing->width && config->n_layers == hearing->n_layers)
		return EMO_OK;
	emo_fail(env, EMO_CORRUPTED, "model is damaged");
	emo_set_detail(env, "It hears %d layers of %d numbers, and its encoder has %d of %d.",
				   hearing->n_layers, hearing->width, config->n_layers, config->width);
	emo_set_hint(env, "Restore the model from a backup or train it again.");
	return env->status;
}

EmoStatus
emo_hearing_features(EmoEnv *env, const EmoHearing *hearing, EmoEncoder *encoder,
					 EmoFeaturePlan *plan, const float *samples, int64_t n_samples, float *features)
{
	int first = emo_hearing_first_layer(hearing), last = emo_hearing_last_layer(hearing);
	float *layers;

	if (emo_hearing_check_encoder(env, hearing, emo_encoder_config(encoder)) != EMO_OK)
		return env->status;
	/* First what is cheap: of what it can't be made of, no more is needed. */
	if (hearing->with_features && emo_features(env, plan, samples, n_samples, NULL,
											   features + emo_hearing_n_heard(hearing)) != EMO_OK)
		return env->status;
	layers =
		emo_alloc(env, (size_t) (last + 1 - first) * emo_hearing_length(hearing), sizeof(float));
	if (layers == NULL)
		return env->status;
	if (emo_embed_layers(env, encoder, samples, n_samples, first, last, hearing->pooling, layers) ==
		EMO_OK)
		(void) emo_hearing_combine(env, hearing, layers, features);
	emo_free(env, layers);
	return env->status;
}
