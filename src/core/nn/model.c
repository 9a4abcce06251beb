/*
 * model.c
 *	  A trained net as bytes.
 */
#include "core/nn/model.h"

#include "core/base/calibration.h"
#include "core/base/stats.h"
#include "core/nn/format.h"
#include "core/nn/shape.h"

#define MAGIC "EMOCNN\r\n"

int64_t
emo_nn_weight_count(const EmoNnArchitecture *architecture, int n_classes)
{
	EmoNnShape shape;

	emo_nn_shape(architecture, n_classes, &shape);
	return shape.n_weights;
}

static void
write_model(EmoWriter *writer, const EmoNnModel *model)
{
	writer->n = EMO_NN_HEADER_BYTES;
	emo_nn_write_architecture(writer, &model->architecture);
	emo_write_u32(writer, (uint32_t) model->n_classes);
	emo_write_u32(writer, (uint32_t) model->n_warps);
	emo_write_floats(writer, &model->warp, 1);
	emo_write_floats(writer, &model->temperature, 1);
	emo_write_floats(writer, model->input_deviation, EMO_NN_FRAME_VALUES);
	emo_write_u64(writer, (uint64_t) model->n_weights);
	if (model->n_nets > 1)
		emo_write_u32(writer, (uint32_t) model->n_nets);
	emo_write_floats(writer, model->weights, (size_t) model->n_nets * (size_t) model->n_weights);
}

EmoStatus
emo_nn_serialize(EmoEnv *env, const EmoNnModel *model, uint8_t **bytes, size_t *n_bytes)
{
	EmoWriter writer = {NULL, 0};

	write_model(&writer, model);
	*n_bytes = writer.n;
	*bytes = writer.bytes = emo_alloc(env, *n_bytes, 1);
	if (*bytes == NULL)
		return env->status;
	write_model(&writer, model);
	emo_nn_seal(*bytes, *n_bytes, MAGIC,
				model->n_nets > 1 ? EMO_NN_SEVERAL_FORMAT_VERSION : EMO_NN_FORMAT_VERSION);
	return EMO_OK;
}

static EmoStatus
damaged(EmoEnv *env, const char *detail)
{
	emo_fail(env, EMO_CORRUPTED, "convolutional net is damaged");
	emo_set_detail(env, "%s", detail);
	return env->status;
}

static bool
has_variances(const EmoNnShape *shape, const float *weights)
{
	for (int i = 0; i < shape->n_blocks; i++)
	{
		const EmoNnBlockShape *block = &shape->blocks[i];

		for (int c = 0; block->running_variance >= 0 && c < block->block->channels; c++)
			if (weights[block->running_variance + c] < 0)
				return false;
	}
	return true;
}

EmoStatus
emo_nn_check_model(EmoEnv *env, const EmoNnModel *model)
{
	EmoNnShape shape;

	if (model->n_nets < 1 || model->n_nets > EMO_NN_MAX_NETS)
		return damaged(env, "The number of its nets is out of range.");
	if (model->n_warps < 1 || model->n_warps > EMO_NN_MAX_WARPS ||
		!emo_all_within(&model->warp, 1, 0, EMO_NN_MAX_WARP))
		return damaged(env, "The warps of the net are out of range.");
	if (!emo_all_within(&model->temperature, 1, EMO_MIN_TEMPERATURE, EMO_MAX_TEMPERATURE))
		return damaged(env, "The temperature of the net is out of range.");
	for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
		if (!emo_all_within(&model->input_deviation[i], 1, 1e-6f, 1e6f))
			return damaged(env, "The deviation of an input is out of range.");
	if (!emo_all_finite(model->weights, (size_t) model->n_nets * (size_t) model->n_weights))
		return damaged(env, "A weight is not finite.");
	emo_nn_shape(&model->architecture, model->n_classes, &shape);
	for (int net = 0; net < model->n_nets; net++)
		if (!has_variances(&shape, emo_nn_weights_of(model, net)))
			return damaged(env, "A variance is negative.");
	return EMO_OK;
}

EmoStatus
emo_nn_deserialize(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, EmoNnModel **result)
{
	EmoReader reader;
	EmoNnModel *model;
	uint32_t version, n_nets;

	*result = NULL;
	if (emo_nn_check_header(env, bytes, n_bytes, MAGIC, EMO_NN_SEVERAL_FORMAT_VERSION,
							"convolutional net", &reader, &version) != EMO_OK)
		return env->status;
	model = emo_alloc_zero(env, 1, sizeof(EmoNnModel));
	if (model == NULL)
		return env->status;
	emo_nn_read_architecture(&reader, &model->architecture);
	model->n_classes = (int) emo_read_u32(&reader);
	model->n_warps = (int) emo_read_u32(&reader);
	emo_read_floats(&reader, &model->warp, 1);
	emo_read_floats(&reader, &model->temperature, 1);
	emo_read_floats(&reader, model->input_deviation, EMO_NN_FRAME_VALUES);
	model->n_weights = (int64_t) emo_read_u64(&reader);
	n_nets = version == EMO_NN_SEVERAL_FORMAT_VERSION ? emo_read_u32(&reader) : 1;
	if (reader.ended)
		return damaged(env, "It ends too early.");
	/* A single one has bytes of the first version only. */
	if (n_nets > EMO_NN_MAX_NETS || (version == EMO_NN_SEVERAL_FORMAT_VERSION && n_nets < 2))
		return damaged(env, "The number of its nets is out of range.");
	model->n_nets = (int) n_nets;
	if (emo_nn_check_architecture(env, &model->architecture, model->n_classes) != EMO_OK)
		return emo_fail_because(env, EMO_CORRUPTED, "convolutional net is damaged",
								"Its architecture can't be");
	if (model->n_weights != emo_nn_weight_count(&model->architecture, model->n_classes) ||
		reader.n_left != n_nets * (size_t) model->n_weights * sizeof(float))
		return damaged(env, "Its weights don't fit its architecture.");
	model->weights = emo_alloc(env, n_nets * (size_t) model->n_weights, sizeof(float));
	if (model->weights == NULL)
		return env->status;
	emo_read_floats(&reader, model->weights, n_nets * (size_t) model->n_weights);
	if (emo_nn_check_model(env, model) != EMO_OK)
		return env->status;
	*result = model;
	return EMO_OK;
}
