/*
 * recipe.c
 *	  Which tensors of a checkpoint a tensor of an image is made of, and how.
 */
#include "core/pretrained/recipe.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SHAPE_TEXT_SIZE 96

typedef struct Kitchen
{
	EmoEnv *env;
	const EmoEncoderConfig *config;
	const EmoCheckpoint *checkpoint;
	const EmoEncoderTensor *tensor;
	EmoIngredient *ingredients;
	int n;
} Kitchen;

typedef struct Shape
{
	int n_dimensions;
	int64_t sizes[4];
} Shape;

/*
 * Names in the two families of checkpoints, by parts; %d is the number of the convolution or layer, and Whisper counts
 * convolutions from 1.  Norms have the two names that transformers gives their scale and shift: weight and bias.
 */
typedef struct Name
{
	const char *convolutional, *whisper;
} Name;

static const Name names[] = {
	[EMO_PART_CONV] = {"feature_extractor.conv_layers.%d.conv.weight", "conv%d.weight"},
	[EMO_PART_CONV_BIAS] = {"feature_extractor.conv_layers.%d.conv.bias", "conv%d.bias"},
	[EMO_PART_CONV_NORM_SCALE] = {"feature_extractor.conv_layers.%d.layer_norm.weight", NULL},
	[EMO_PART_CONV_NORM_SHIFT] = {"feature_extractor.conv_layers.%d.layer_norm.bias", NULL},
	[EMO_PART_PROJECTION_NORM_SCALE] = {"feature_projection.layer_norm.weight", NULL},
	[EMO_PART_PROJECTION_NORM_SHIFT] = {"feature_projection.layer_norm.bias", NULL},
	[EMO_PART_PROJECTION] = {"feature_projection.projection.weight", NULL},
	[EMO_PART_PROJECTION_BIAS] = {"feature_projection.projection.bias", NULL},
	[EMO_PART_POSITION] = {NULL, NULL}, /* see add_position() */
	[EMO_PART_POSITION_BIAS] = {"encoder.pos_conv_embed.conv.bias", NULL},
	[EMO_PART_NORM_SCALE] = {"encoder.layer_norm.weight", "layer_norm.weight"},
	[EMO_PART_NORM_SHIFT] = {"encoder.layer_norm.bias", "layer_norm.bias"},
	[EMO_PART_DISTANCE_BIAS] = {"encoder.layers.0.attention.rel_attn_embed.weight", NULL},
	[EMO_PART_POSITIONS] = {NULL, "embed_positions.weight"},
	[EMO_PART_QUERY_KEY_VALUE] = {"encoder.layers.%d.attention.%c_proj.weight",
								  "layers.%d.self_attn.%c_proj.weight"},
	[EMO_PART_QUERY_KEY_VALUE_BIAS] = {"encoder.layers.%d.attention.%c_proj.bias",
									   "layers.%d.self_attn.%c_proj.bias"},
	[EMO_PART_OUT] = {"encoder.layers.%d.attention.out_proj.weight",
					  "layers.%d.self_attn.out_proj.weight"},
	[EMO_PART_OUT_BIAS] = {"encoder.layers.%d.attention.out_proj.bias",
						   "layers.%d.self_attn.out_proj.bias"},
	[EMO_PART_ATTENTION_NORM_SCALE] = {"encoder.layers.%d.layer_norm.weight",
									   "layers.%d.self_attn_layer_norm.weight"},
	[EMO_PART_ATTENTION_NORM_SHIFT] = {"encoder.layers.%d.layer_norm.bias",
									   "layers.%d.self_attn_layer_norm.bias"},
	[EMO_PART_INNER] = {"encoder.layers.%d.feed_forward.intermediate_dense.weight",
						"layers.%d.fc1.weight"},
	[EMO_PART_INNER_BIAS] = {"encoder.layers.%d.feed_forward.intermediate_dense.bias",
							 "layers.%d.fc1.bias"},
	[EMO_PART_OUTER] = {"encoder.layers.%d.feed_forward.output_dense.weight",
						"layers.%d.fc2.weight"},
	[EMO_PART_OUTER_BIAS] = {"encoder.layers.%d.feed_forward.output_dense.bias",
							 "layers.%d.fc2.bias"},
	[EMO_PART_FINAL_NORM_SCALE] = {"encoder.layers.%d.final_layer_norm.weight",
								   "layers.%d.final_layer_norm.weight"},
	[EMO_PART_FINAL_NORM_SHIFT] = {"encoder.layers.%d.final_layer_norm.bias",
								   "layers.%d.final_layer_norm.bias"},
	[EMO_PART_GATE_WEIGHT] = {"encoder.layers.%d.attention.gru_rel_pos_linear.weight", NULL},
	[EMO_PART_GATE_BIAS] = {"encoder.layers.%d.attention.gru_rel_pos_linear.bias", NULL},
	[EMO_PART_GATE_SCALE] = {"encoder.layers.%d.attention.gru_rel_pos_const", NULL},
};

/* The name behind the prefix; which of query, key and value is meant stands in it as q, k or v. */
static void
write_name(const Kitchen *kitchen, char projection, char *name)
{
	const EmoEncoderTensor *tensor = kitchen->tensor;
	bool is_whisper = kitchen->config->kind == EMO_WHISPER;
	const char *at = is_whisper ? names[tensor->part].whisper : names[tensor->part].convolutional;
	int index = tensor->index + (is_whisper && tensor->part <= EMO_PART_CONV_BIAS);
	size_t n = 0;

	for (; *at != '\0'; at++)
	{
		if (*at != '%')
			name[n++] = *at;
		else if (*++at == 'c')
			name[n++] = projection;
		else
			n += (size_t) snprintf(name + n, EMO_SAFETENSORS_NAME_SIZE - n, "%d", index);
	}
	name[n] = '\0';
}

static EmoStatus
check_tensor(const Kitchen *kitchen, const EmoFileTensor *tensor, const Shape *shape)
{
	char there[SHAPE_TEXT_SIZE], needed[SHAPE_TEXT_SIZE];

	if (tensor->n_dimensions != shape->n_dimensions ||
		memcmp(tensor->shape, shape->sizes, shape->n_dimensions * sizeof(int64_t)) != 0)
	{
		emo_safetensors_shape_text(tensor->shape, tensor->n_dimensions, there, sizeof(there));
		emo_safetensors_shape_text(shape->sizes, shape->n_dimensions, needed, sizeof(needed));
		emo_fail(kitchen->env, EMO_CORRUPTED,
				 "tensor \"%s\" of the checkpoint has another shape than its config needs",
				 tensor->name);
		emo_set_detail(kitchen->env, "It is %s, and must be %s.", there, needed);
		return EMO_CORRUPTED;
	}
	if (tensor->dtype == EMO_DTYPE_OTHER)
	{
		emo_fail(kitchen->env, EMO_UNSUPPORTED,
				 "tensor \"%s\" of the checkpoint has a dtype that is not supported", tensor->name);
		emo_set_hint(kitchen->env, "Weights may be F32, F16 or BF16.");
		return EMO_UNSUPPORTED;
	}
	return EMO_OK;
}

/* A tensor that has to be there. */
static EmoStatus
use(const Kitchen *kitchen, const char *name, const Shape *shape, const EmoFileTensor **found)
{
	EmoFileTensor *tensor = emo_checkpoint_find_own(kitchen->checkpoint, name);
	char needed[SHAPE_TEXT_SIZE];

	if (tensor == NULL)
	{
		emo_safetensors_shape_text(shape->sizes, shape->n_dimensions, needed, sizeof(needed));
		emo_fail(kitchen->env, EMO_CORRUPTED, "checkpoint has no tensor \"%s%s\"",
				 kitchen->checkpoint->prefix, name);
		emo_set_detail(kitchen->env, "Its config needs one of shape %s.", needed);
		return EMO_CORRUPTED;
	}
	tensor->is_used = true;
	*found = tensor;
	return check_tensor(kitchen, tensor, shape);
}

static EmoStatus
add(Kitchen *kitchen, char projection, const Shape *shape, EmoIngredient ingredient)
{
	char name[EMO_SAFETENSORS_NAME_SIZE];

	write_name(kitchen, projection, name);
	kitchen->ingredients[kitchen->n] = ingredient;
	return use(kitchen, name, shape, &kitchen->ingredients[kitchen->n++].tensor);
}

static EmoStatus
add_conv(Kitchen *kitchen)
{
	const EmoEncoderTensor *tensor = kitchen->tensor;
	const EmoEncoderConfig *config = kitchen->config;
	int kernel =
		config->kind == EMO_WHISPER ? EMO_WHISPER_KERNEL : config->convs[tensor->index].kernel;
	const Shape shape = {3, {tensor->rows, tensor->columns / kernel, kernel}};

	return add(kitchen, 0, &shape,
			   (EmoIngredient){.way = EMO_KERNEL_OUTSIDE,
							   .rows = tensor->rows,
							   .columns = tensor->columns,
							   .kernel = kernel,
							   .factor = 1});
}

/* Older versions of PyTorch had other names for the two. */
static EmoStatus
add_position(Kitchen *kitchen)
{
	static const char *const gains[] = {
		"encoder.pos_conv_embed.conv.weight_g",
		"encoder.pos_conv_embed.conv.parametrizations.weight.original0"};
	static const char *const weights[] = {
		"encoder.pos_conv_embed.conv.weight_v",
		"encoder.pos_conv_embed.conv.parametrizations.weight.original1"};
	const EmoEncoderTensor *tensor = kitchen->tensor;
	int kernel = kitchen->config->position_kernel;
	const Shape gain_shape = {3, {1, 1, kernel}};
	const Shape shape = {3, {tensor->rows, tensor->columns / kernel, kernel}};
	int which = emo_checkpoint_find_own(kitchen->checkpoint, gains[0]) == NULL;
	EmoIngredient *ingredient = &kitchen->ingredients[kitchen->n++];
	EmoStatus status;

	*ingredient = (EmoIngredient){.way = EMO_NORMED_KERNEL,
								  .rows = tensor->rows,
								  .columns = tensor->columns,
								  .kernel = kernel,
								  .factor = 1};
	status = use(kitchen, gains[which], &gain_shape, &ingredient->gain);
	return status == EMO_OK ? use(kitchen, weights[which], &shape, &ingredient->tensor) : status;
}

/* Whisper's keys have no bias. */
static EmoStatus
add_query_key_value(Kitchen *kitchen)
{
	int width = kitchen->config->width;
	bool is_bias = kitchen->tensor->part == EMO_PART_QUERY_KEY_VALUE_BIAS;
	const Shape shape = is_bias ? (Shape){1, {width}} : (Shape){2, {width, width}};
	float query_factor = 1 / sqrtf((float) (width / kitchen->config->n_heads));
	EmoStatus status = EMO_OK;

	for (const char *projection = "qkv"; *projection != '\0' && status == EMO_OK; projection++)
	{
		EmoIngredient ingredient = {.way = EMO_AS_IT_IS,
									.rows = is_bias ? 1 : width,
									.columns = width,
									.factor = *projection == 'q' ? query_factor : 1};

		if (is_bias && *projection == 'k' && kitchen->config->kind == EMO_WHISPER)
		{
			ingredient.way = EMO_ALL_ZERO;
			kitchen->ingredients[kitchen->n++] = ingredient;
		}
		else
			status = add(kitchen, *projection, &shape, ingredient);
	}
	return status;
}

static EmoStatus
add_plain(Kitchen *kitchen, const Shape *shape)
{
	return add(kitchen, 0, shape,
			   (EmoIngredient){.way = EMO_AS_IT_IS,
							   .rows = kitchen->tensor->rows,
							   .columns = kitchen->tensor->columns,
							   .factor = 1});
}

EmoStatus
emo_find_ingredients(EmoEnv *env, const EmoEncoderConfig *config, const EmoCheckpoint *checkpoint,
					 const EmoEncoderTensor *tensor, EmoIngredient ingredients[EMO_MAX_INGREDIENTS],
					 int *n_ingredients)
{
	Kitchen kitchen = {env, config, checkpoint, tensor, ingredients, 0};
	EmoStatus status;

	switch (tensor->part)
	{
		case EMO_PART_CONV:
			status = add_conv(&kitchen);
			break;
		case EMO_PART_POSITION:
			status = add_position(&kitchen);
			break;
		case EMO_PART_QUERY_KEY_VALUE:
		case EMO_PART_QUERY_KEY_VALUE_BIAS:
			status = add_query_key_value(&kitchen);
			break;
		case EMO_PART_GATE_SCALE:
			status = add_plain(&kitchen, &(Shape){4, {1, tensor->columns, 1, 1}});
			break;
		case EMO_PART_PROJECTION:
		case EMO_PART_DISTANCE_BIAS:
		case EMO_PART_POSITIONS:
		case EMO_PART_OUT:
		case EMO_PART_INNER:
		case EMO_PART_OUTER:
		case EMO_PART_GATE_WEIGHT:
			status = add_plain(&kitchen, &(Shape){2, {tensor->rows, tensor->columns}});
			break;
		default: /* vectors */
			status = add_plain(&kitchen, &(Shape){1, {tensor->columns}});
	}
	*n_ingredients = kitchen.n;
	return status;
}
