/*
 * activations.c
 *	  Inside of a net: the patterns that its convolutions look for, and what its layers give.
 */
#include "core/nn/activations.h"

#include <string.h>

#include "core/nn/network.h"

static bool
is_convolution(const EmoNnLayer *layer)
{
	return strncmp(layer->type, "conv", 4) == 0;
}

/* Layers up to the pooling; what follows is of the recording as a whole. */
static bool
is_over_time(const EmoNnLayer *layer, bool is_first)
{
	return is_first || layer->block > 0 || strcmp(layer->type, "attention") == 0;
}

static EmoStatus
choose(EmoEnv *env, const EmoNnModel *model, int number, bool convolution, EmoNnLayerChoice *choice)
{
	EmoNnLayer *layers = emo_alloc(env, EMO_NN_MAX_LAYERS, sizeof(EmoNnLayer));
	int n, first = 0;

	if (layers == NULL)
		return env->status;
	n = emo_nn_layers(&model->architecture, model->n_classes, layers);
	while (first < n - 1 && !is_convolution(&layers[first]))
		first++;
	if (number == 0)
		number = first + 1;
	if (number < 1 || number > n)
	{
		emo_fail(env, EMO_INVALID_PARAMETER, "the net has no layer %d", number);
		emo_set_detail(env, "Its layers are 1 to %d.", n);
		emo_set_hint(env, "emoser_model_layers() lists them.");
		return env->status;
	}
	choice->number = number;
	choice->layer = layers[number - 1];
	choice->block = choice->layer.block - 1;
	emo_free(env, layers);
	if (convolution ? is_convolution(&choice->layer) : is_over_time(&choice->layer, number == 1))
		return EMO_OK;
	emo_fail(env, EMO_INVALID_PARAMETER,
			 convolution ? "layer %d of the net has no filters"
						 : "layer %d of the net gives nothing over time",
			 number);
	emo_set_detail(env, "It is of type \"%s\".", choice->layer.type);
	emo_set_hint(env,
				 convolution ? "Convolutions have filters; the first of them is layer %d."
							 : "Those of blocks and the attention do, such as layer %d.",
				 first + 1);
	return env->status;
}

EmoStatus
emo_nn_choose_convolution(EmoEnv *env, const EmoNnModel *model, int number,
						  EmoNnLayerChoice *choice)
{
	return choose(env, model, number, true, choice);
}

EmoStatus
emo_nn_choose_over_time(EmoEnv *env, const EmoNnModel *model, int number, EmoNnLayerChoice *choice)
{
	return choose(env, model, number, false, choice);
}

/* From weights of the inputs of a frame to weights of its bands; both per tap. */
static void
turn_to_bands(const EmoNnInput *input, const float *weights, int stride, float *bands)
{
	float transform[EMO_NN_N_MELS * EMO_NN_VIEW_COLUMNS];
	EmoNnView view = {.speed = 1, .warp = 1};

	emo_nn_input_transform(input, &view, transform);
	for (int m = 0; m < EMO_NN_N_MELS; m++)
	{
		bands[m] = 0;
		for (int j = 0; j < input->n_coefficients; j++)
			bands[m] += transform[m * EMO_NN_VIEW_COLUMNS + j] * weights[(ptrdiff_t) j * stride];
	}
}

EmoStatus
emo_nn_filters(EmoEnv *env, const EmoNnModel *model, const EmoNnLayerChoice *choice,
			   EmoNnFilters *filters)
{
	EmoNnShape shape;
	const EmoNnBlockShape *block;
	EmoNnInput input;
	int n_inner, n_in;

	emo_nn_shape(&model->architecture, model->n_classes, &shape);
	block = &shape.blocks[choice->block];
	emo_nn_input_init(&model->architecture, &input);
	for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
		input.inverse_deviation[i] = 1 / model->input_deviation[i];
	n_inner = block->coefficient.kernel;
	n_in = block->in_channels;
	filters->n_filters = block->block->channels;
	filters->n_taps = block->time.kernel;
	filters->of_bands = choice->block == 0 && block->block->kind == EMO_NN_CONV1D;
	filters->n_rows = filters->of_bands ? EMO_NN_N_MELS : n_in * n_inner;
	filters->weights = emo_alloc(env, (size_t) filters->n_filters * (size_t) filters->n_taps,
								 (size_t) filters->n_rows * sizeof(float));
	if (filters->weights == NULL)
		return env->status;
	for (int f = 0; f < filters->n_filters; f++)
		for (int k = 0; k < filters->n_taps; k++)
		{
			float *rows =
				filters->weights + ((ptrdiff_t) f * filters->n_taps + k) * filters->n_rows;
			const float *tap = model->weights + block->conv_weight +
							   (ptrdiff_t) k * n_inner * n_in * filters->n_filters + f;

			if (filters->of_bands)
				turn_to_bands(&input, tap, filters->n_filters, rows);
			else
				for (int c = 0; c < n_in; c++)
					for (int i = 0; i < n_inner; i++)
						rows[c * n_inner + i] =
							tap[((ptrdiff_t) i * n_in + c) * filters->n_filters];
		}
	return EMO_OK;
}

/* Means over width of values[n_rows][width][n_channels]. */
static EmoStatus
take_values(EmoEnv *env, const float *values, int n_rows, int width, int n_channels,
			EmoNnActivations *activations)
{
	float *means = emo_alloc_zero(env, (size_t) n_rows * (size_t) n_channels, sizeof(float));

	if (means == NULL)
		return env->status;
	for (int row = 0; row < n_rows; row++)
		for (int w = 0; w < width; w++)
			for (int c = 0; c < n_channels; c++)
				means[(ptrdiff_t) row * n_channels + c] +=
					values[((ptrdiff_t) row * width + w) * n_channels + c] / (float) width;
	activations->n_rows = n_rows;
	activations->n_channels = n_channels;
	activations->values = means;
	return EMO_OK;
}

static EmoStatus
take_layer(EmoEnv *env, const EmoNnNetwork *network, const EmoNnLayerChoice *choice,
		   EmoNnActivations *activations)
{
	const EmoNnShape *shape = &network->shape;
	int block = choice->block;

	if (choice->number == 1)
		return take_values(env, network->input, network->frames[0], 1, shape->n_values,
						   activations);
	if (block < 0)
		return take_values(env, network->attention,
						   network->blocks[shape->n_blocks - 1].out_rows[0], 1, shape->n_heads,
						   activations);
	if (is_convolution(&choice->layer))
		return take_values(env, network->blocks[block].z, network->blocks[block].conv_rows[0],
						   shape->blocks[block].conv_width, shape->blocks[block].block->channels,
						   activations);
	return take_values(env, network->blocks[block].y, network->blocks[block].out_rows[0],
					   shape->blocks[block].out_width, shape->blocks[block].block->channels,
					   activations);
}

EmoStatus
emo_nn_activations(EmoEnv *env, const EmoNnModel *model, const uint16_t *frames, int n_frames,
				   const EmoNnLayerChoice *choice, EmoNnActivations *activations)
{
	int n = n_frames < EMO_NN_PIECE_FRAMES ? n_frames : EMO_NN_PIECE_FRAMES;
	EmoNnView view = {.speed = 1, .warp = 1, .n_frames = n};
	EmoNnNetwork *network;
	EmoNnInput input;
	float *work = emo_alloc(env, emo_nn_input_work(n), sizeof(float));

	/* Room as for training: all layers are kept. */
	if (work == NULL || emo_nn_network_create(env, &model->architecture, model->n_classes, 1, n,
											  true, &network) != EMO_OK)
		return env->status;
	emo_nn_input_init(&model->architecture, &input);
	for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
		input.inverse_deviation[i] = 1 / model->input_deviation[i];
	emo_nn_input_fill(&input, frames, n_frames, &view, work, network->input);
	network->n = 1;
	network->frames[0] = n;
	if (emo_nn_forward(env, network, model->weights, false, 0) != EMO_OK ||
		take_layer(env, network, choice, activations) != EMO_OK)
		return env->status;
	activations->frames_per_row = (double) n / activations->n_rows;
	return EMO_OK;
}
