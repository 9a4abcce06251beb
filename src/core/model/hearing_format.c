/*
 * hearing_format.c
 *	  The section that says by which encoder a model hears.
 */
#include <float.h>
#include <string.h>

#include "core/base/stats.h"
#include "core/model/format.h"

/* In front of the floats: id, name, and five counts. */
#define FIXED_BYTES (EMO_ENCODER_ID_BYTES + EMO_MAX_ENCODER_NAME_BYTES + 1 + 5 * 4)

size_t
emo_model_hearing_length(const EmoHearing *hearing)
{
	size_t dense =
		hearing->n_dense == 0 ? 0 : hearing->n_dense * ((size_t) emo_hearing_length(hearing) + 1);

	return FIXED_BYTES + (hearing->n_layers + 1 + dense) * sizeof(float);
}

void
emo_model_write_hearing(EmoWriter *writer, const EmoModel *model)
{
	const EmoHearing *hearing = model->hearing;
	size_t n_dense = hearing->n_dense;

	emo_write_bytes(writer, hearing->encoder, EMO_ENCODER_ID_BYTES);
	emo_write_padded(writer, hearing->name, sizeof(hearing->name));
	emo_write_u32(writer, hearing->width);
	emo_write_u32(writer, hearing->n_layers);
	emo_write_u32(writer, hearing->pooling);
	emo_write_u32(writer, hearing->with_features);
	emo_write_u32(writer, hearing->n_dense);
	emo_write_floats(writer, hearing->layer_weights, hearing->n_layers + 1);
	if (n_dense > 0)
	{
		emo_write_floats(writer, hearing->dense_weight, n_dense * emo_hearing_length(hearing));
		emo_write_floats(writer, hearing->dense_bias, n_dense);
	}
}

EmoStatus
emo_model_check_hearing_shape(EmoEnv *env, const EmoHearing *hearing)
{
	if (hearing->width < 1 || hearing->width > EMO_ENCODER_MAX_WIDTH || hearing->n_layers < 1 ||
		hearing->n_layers > EMO_ENCODER_MAX_LAYERS || hearing->n_dense < 0 ||
		hearing->n_dense > EMO_MAX_FEATURES)
		return emo_model_damaged(env, "A count of the hearing is out of range.");
	if ((int) hearing->pooling < 0 || hearing->pooling >= EMO_N_POOLINGS)
		return emo_model_damaged(env, "The pooling of the hearing is unknown.");
	return EMO_OK;
}

EmoStatus
emo_allocate_hearing(EmoEnv *env, EmoHearing *hearing)
{
	size_t n_dense = hearing->n_dense;

	hearing->layer_weights = emo_alloc(env, hearing->n_layers + 1, sizeof(float));
	if (hearing->layer_weights == NULL)
		return env->status;
	if (n_dense > 0 && ((hearing->dense_weight = emo_alloc(
							 env, n_dense * emo_hearing_length(hearing), sizeof(float))) == NULL ||
						(hearing->dense_bias = emo_alloc(env, n_dense, sizeof(float))) == NULL))
		return env->status;
	return EMO_OK;
}

/* What stands in front of the floats. */
static EmoStatus
read_fixed(EmoEnv *env, EmoReader *in, EmoHearing *hearing)
{
	uint32_t counts[5];

	memcpy(hearing->encoder, emo_read_bytes(in, EMO_ENCODER_ID_BYTES), EMO_ENCODER_ID_BYTES);
	memcpy(hearing->name, emo_read_bytes(in, sizeof(hearing->name)), sizeof(hearing->name));
	if (hearing->name[EMO_MAX_ENCODER_NAME_BYTES] != '\0')
		return emo_model_damaged(env, "The name of the encoder is too long.");
	for (int i = 0; i < 5; i++)
	{
		counts[i] = emo_read_u32(in);
		if (counts[i] > INT32_MAX)
			return emo_model_damaged(env, "A count of the hearing is out of range.");
	}
	hearing->width = (int32_t) counts[0];
	hearing->n_layers = (int32_t) counts[1];
	hearing->pooling = (EmoPooling) counts[2];
	hearing->with_features = counts[3] != 0;
	hearing->n_dense = (int32_t) counts[4];
	if (counts[3] > 1)
		return emo_model_damaged(env, "A flag of the hearing is neither 0 nor 1.");
	return emo_model_check_hearing_shape(env, hearing);
}

EmoStatus
emo_model_read_hearing(EmoEnv *env, EmoReader *in, EmoModel *model)
{
	EmoHearing *hearing = emo_alloc_zero(env, 1, sizeof(EmoHearing));
	size_t n_bytes = in->n_left;

	if (hearing == NULL)
		return env->status;
	if (n_bytes < FIXED_BYTES)
		return emo_model_damaged(env, "The hearing has a wrong length.");
	if (read_fixed(env, in, hearing) != EMO_OK)
		return env->status;
	if (n_bytes != emo_model_hearing_length(hearing))
		return emo_model_damaged(env, "The hearing has a wrong length.");
	if (emo_allocate_hearing(env, hearing) != EMO_OK)
		return env->status;
	emo_read_floats(in, hearing->layer_weights, hearing->n_layers + 1);
	if (hearing->n_dense > 0)
	{
		emo_read_floats(in, hearing->dense_weight,
						(size_t) hearing->n_dense * emo_hearing_length(hearing));
		emo_read_floats(in, hearing->dense_bias, hearing->n_dense);
	}
	model->hearing = hearing;
	return EMO_OK;
}

/* As bytes a name has one form: zeros behind its end. */
static bool
is_padded(const char *name, size_t size)
{
	for (size_t i = strlen(name); i < size; i++)
		if (name[i] != '\0')
			return false;
	return true;
}

/* How many features the model has, by what it hears; how many are ours was for the version that trained it to say. */
static bool
fits(const EmoModel *model)
{
	int n_heard = emo_hearing_n_heard(model->hearing);

	return model->hearing->with_features
			   ? model->n_features > n_heard && model->feature_version > 0
			   : model->n_features == n_heard && model->feature_version == 0;
}

EmoStatus
emo_model_check_hearing(EmoEnv *env, const EmoModel *model)
{
	const EmoHearing *hearing = model->hearing;
	bool any = false;

	if (hearing == NULL)
		return EMO_OK;
	if (model->n_heads == 0)
		return emo_model_damaged(env, "There is an encoder in a model without features.");
	if (emo_model_check_hearing_shape(env, hearing) != EMO_OK)
		return env->status;
	if (hearing->name[0] == '\0' || !emo_is_utf8(hearing->name, strlen(hearing->name)) ||
		!is_padded(hearing->name, sizeof(hearing->name)))
		return emo_model_damaged(env, "The name of the encoder is not valid.");
	if (!fits(model))
		return emo_model_damaged(env, "The model has other features than its encoder makes.");
	if (!emo_all_within(hearing->layer_weights, hearing->n_layers + 1, 0, FLT_MAX))
		return emo_model_damaged(env, "The weight of a layer is out of range.");
	for (int layer = 0; layer <= hearing->n_layers; layer++)
		any = any || hearing->layer_weights[layer] > 0;
	if (!any)
		return emo_model_damaged(env, "No layer has a weight.");
	if (hearing->n_dense > 0 &&
		(!emo_all_finite(hearing->dense_weight,
						 (size_t) hearing->n_dense * emo_hearing_length(hearing)) ||
		 !emo_all_finite(hearing->dense_bias, hearing->n_dense)))
		return emo_model_damaged(env, "A number of the dense layer is not finite.");
	return EMO_OK;
}
