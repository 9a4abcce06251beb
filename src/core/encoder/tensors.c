/*
 * tensors.c
 *	  The tensors of an encoder's image: what there is, in which order and where.
 */
#include "core/encoder/tensors.h"

#include <string.h>

/* Of a convolution and of a layer there are fewer, as of the rest. */
#define MAX_PARTS_OF_ONE 16
#define MAX_TENSORS      ((EMO_ENCODER_MAX_CONVS + EMO_ENCODER_MAX_LAYERS + 1) * MAX_PARTS_OF_ONE)

/* Outputs of the linear layer whose sums are WavLM's two gates (transformers: gru_rel_pos_linear). */
#define N_GATE_OUTPUTS 8

typedef struct List
{
	EmoEncoderTensor *tensors;
	int n;
	EmoPrecision precision;
	uint64_t end;
} List;

size_t
emo_precision_bytes(EmoPrecision precision)
{
	static const size_t bytes[EMO_N_PRECISIONS] = {4, 2, 2, 1};

	return bytes[precision];
}

/* A place for so many bytes. */
static uint64_t
take_place(List *list, uint64_t n_bytes)
{
	uint64_t place = (list->end + EMO_ALIGNMENT - 1) & ~(uint64_t) (EMO_ALIGNMENT - 1);

	list->end = place + n_bytes;
	return place;
}

static void
add(List *list, EmoEncoderTensor tensor)
{
	tensor.offset = take_place(list, (uint64_t) tensor.rows * tensor.columns *
										 emo_precision_bytes(tensor.precision));
	if (tensor.precision == EMO_INT8)
		tensor.scale_offset = take_place(list, (uint64_t) tensor.rows * sizeof(float));
	list->tensors[list->n++] = tensor;
}

/* The largest panel into which so many rows can be divided. */
static int
panel_of(int rows)
{
	int panel = EMO_PANEL_ROWS;

	while (rows % panel != 0)
		panel--;
	return panel;
}

/* As int8, what stands before the layers, a tenth of all numbers, would make as large an error as all layers. */
static EmoPrecision
precision_of(EmoEncoderPart part, EmoPrecision precision)
{
	return precision == EMO_INT8 && part < EMO_PART_QUERY_KEY_VALUE ? EMO_F16 : precision;
}

/* A matrix of parts of so many rows, in each of which panels begin anew. */
static void
add_matrix_of_parts(List *list, EmoEncoderPart part, int index, int rows, int part_rows,
					int columns, EmoMatrix *matrix)
{
	add(list, (EmoEncoderTensor){.part = part,
								 .index = index,
								 .rows = rows,
								 .columns = columns,
								 .panel = panel_of(part_rows),
								 .precision = precision_of(part, list->precision),
								 .matrix = matrix});
}

static void
add_matrix(List *list, EmoEncoderPart part, int index, int rows, int columns, EmoMatrix *matrix)
{
	add_matrix_of_parts(list, part, index, rows, rows, columns, matrix);
}

static void
add_values(List *list, EmoEncoderPart part, int index, int rows, int columns, const float **values)
{
	add(list, (EmoEncoderTensor){.part = part,
								 .index = index,
								 .rows = rows,
								 .columns = columns,
								 .panel = 1,
								 .precision = EMO_F32,
								 .values = values});
}

/* scale is the part of the scale, behind which that of the shift comes. */
static void
add_norm(List *list, EmoEncoderPart scale, int index, int n, EmoNormWeights *norm)
{
	add_values(list, scale, index, 1, n, &norm->scale);
	add_values(list, scale + 1, index, 1, n, &norm->shift);
}

static void
add_conv(List *list, int index, int channels_in, const EmoEncoderConv *conv, bool has_bias,
		 bool has_norm, EmoConvWeights *weights)
{
	add_matrix(list, EMO_PART_CONV, index, conv->channels, conv->kernel * channels_in,
			   &weights->weight);
	if (has_bias)
		add_values(list, EMO_PART_CONV_BIAS, index, 1, conv->channels, &weights->bias);
	if (has_norm)
		add_norm(list, EMO_PART_CONV_NORM_SCALE, index, conv->channels, &weights->norm);
}

/* What comes before the layers of wav2vec 2.0, HuBERT and WavLM. */
static void
add_convolutional(List *list, const EmoEncoderConfig *config, EmoEncoderWeights *weights)
{
	int channels = 1;
	int width = config->width;

	for (int i = 0; i < config->n_convs; i++)
	{
		add_conv(list, i, channels, &config->convs[i], config->conv_bias,
				 config->conv_layer_norm || i == 0, &weights->convs[i]);
		channels = config->convs[i].channels;
	}
	if (config->projection_norm)
		add_norm(list, EMO_PART_PROJECTION_NORM_SCALE, 0, channels, &weights->projection_norm);
	add_matrix(list, EMO_PART_PROJECTION, 0, width, channels, &weights->projection);
	add_values(list, EMO_PART_PROJECTION_BIAS, 0, 1, width, &weights->projection_bias);
	add_matrix_of_parts(list, EMO_PART_POSITION, 0, width, width / config->position_groups,
						config->position_kernel * (width / config->position_groups),
						&weights->position);
	add_values(list, EMO_PART_POSITION_BIAS, 0, 1, width, &weights->position_bias);
	add_norm(list, EMO_PART_NORM_SCALE, 0, width, &weights->norm);
	if (config->kind == EMO_WAVLM)
		add_values(list, EMO_PART_DISTANCE_BIAS, 0, config->n_buckets, config->n_heads,
				   &weights->distance_bias);
}

static void
add_whisper(List *list, const EmoEncoderConfig *config, EmoEncoderWeights *weights)
{
	const EmoEncoderConv conv = {.channels = config->width, .kernel = EMO_WHISPER_KERNEL};

	add_conv(list, 0, config->n_mels, &conv, true, false, &weights->convs[0]);
	add_conv(list, 1, config->width, &conv, true, false, &weights->convs[1]);
	add_values(list, EMO_PART_POSITIONS, 0, config->max_frames, config->width, &weights->positions);
	add_norm(list, EMO_PART_NORM_SCALE, 0, config->width, &weights->norm);
}

static void
add_layer(List *list, const EmoEncoderConfig *config, int index, EmoLayerWeights *layer)
{
	int width = config->width;

	add_matrix_of_parts(list, EMO_PART_QUERY_KEY_VALUE, index, 3 * width, width, width,
						&layer->query_key_value);
	add_values(list, EMO_PART_QUERY_KEY_VALUE_BIAS, index, 1, 3 * width,
			   &layer->query_key_value_bias);
	add_matrix(list, EMO_PART_OUT, index, width, width, &layer->out);
	add_values(list, EMO_PART_OUT_BIAS, index, 1, width, &layer->out_bias);
	add_norm(list, EMO_PART_ATTENTION_NORM_SCALE, index, width, &layer->attention_norm);
	add_matrix(list, EMO_PART_INNER, index, config->inner_width, width, &layer->inner);
	add_values(list, EMO_PART_INNER_BIAS, index, 1, config->inner_width, &layer->inner_bias);
	add_matrix(list, EMO_PART_OUTER, index, width, config->inner_width, &layer->outer);
	add_values(list, EMO_PART_OUTER_BIAS, index, 1, width, &layer->outer_bias);
	add_norm(list, EMO_PART_FINAL_NORM_SCALE, index, width, &layer->final_norm);
	if (config->kind != EMO_WAVLM)
		return;
	add_values(list, EMO_PART_GATE_WEIGHT, index, N_GATE_OUTPUTS, width / config->n_heads,
			   &layer->gate_weight);
	add_values(list, EMO_PART_GATE_BIAS, index, 1, N_GATE_OUTPUTS, &layer->gate_bias);
	add_values(list, EMO_PART_GATE_SCALE, index, 1, config->n_heads, &layer->gate_scale);
}

EmoStatus
emo_encoder_tensors(EmoEnv *env, const EmoEncoderConfig *config, EmoPrecision precision,
					uint64_t begin, EmoEncoderWeights *weights, EmoEncoderTensor **tensors,
					int *n_tensors, uint64_t *end)
{
	List list = {.precision = precision, .end = begin};

	list.tensors = emo_alloc(env, MAX_TENSORS, sizeof(EmoEncoderTensor));
	if (list.tensors == NULL)
		return env->status;
	memset(weights, 0, sizeof(*weights));
	if (config->kind == EMO_WHISPER)
		add_whisper(&list, config, weights);
	else
		add_convolutional(&list, config, weights);
	for (int i = 0; i < config->n_layers; i++)
		add_layer(&list, config, i, &weights->layers[i]);
	*tensors = list.tensors;
	*n_tensors = list.n;
	*end = list.end;
	return EMO_OK;
}
