/*
 * activations_test.c
 *	  What is shown of the inside of a net.
 */
#include "core/nn/activations.h"
#include "nn_sample.h"

static void
test_layers_that_can_be_shown(EmoEnv *env)
{
	EmoNnModel model = nn_make_model(env, "temporal");
	EmoNnLayer layers[EMO_NN_MAX_LAYERS];
	EmoNnLayerChoice choice;
	int n = emo_nn_layers(&model.architecture, NN_CLASSES, layers);

	CHECK(emo_nn_choose_convolution(env, &model, 0, &choice) == EMO_OK);
	CHECK(choice.number == 2 && choice.block == 0 && strcmp(choice.layer.type, "conv1d") == 0);
	for (int i = 1; i <= n; i++)
	{
		bool convolution = strcmp(layers[i - 1].type, "conv1d") == 0;
		bool over_time =
			i == 1 || layers[i - 1].block > 0 || strcmp(layers[i - 1].type, "attention") == 0;

		CHECK((emo_nn_choose_convolution(env, &model, i, &choice) == EMO_OK) == convolution);
		CHECK((emo_nn_choose_over_time(env, &model, i, &choice) == EMO_OK) == over_time);
	}
	CHECK(emo_nn_choose_convolution(env, &model, -1, &choice) == EMO_INVALID_PARAMETER);
	CHECK(emo_nn_choose_over_time(env, &model, n + 1, &choice) == EMO_INVALID_PARAMETER);
}

/* A first filter in mel bands gives what the convolution gives: sums over taps and bands. */
static void
test_filters_in_bands(EmoEnv *env)
{
	EmoNnModel model = nn_make_model(env, "temporal");
	uint16_t *frames = nn_make_frames(env, 30);
	EmoNnLayerChoice choice;
	EmoNnFilters filters;
	EmoNnActivations activations;

	model.architecture.pitch = false;
	model.architecture.blocks[0].batch_norm = false;
	CHECK(emo_nn_choose_convolution(env, &model, 0, &choice) == EMO_OK);
	CHECK(emo_nn_filters(env, &model, &choice, &filters) == EMO_OK);
	CHECK(emo_nn_activations(env, &model, frames, 30, &choice, &activations) == EMO_OK);
	CHECK(filters.of_bands && filters.n_rows == EMO_NN_N_MELS && filters.n_taps == 5);
	CHECK(activations.n_rows == 30 && activations.n_channels == filters.n_filters);
	for (int f = 0; f < filters.n_filters; f++)
	{
		double sum = 0;

		for (int k = 0; k < 5; k++)
			for (int m = 0; m < EMO_NN_N_MELS; m++)
				sum += filters.weights[(f * 5 + k) * EMO_NN_N_MELS + m] *
					   emo_float_of_half(frames[(8 + k) * EMO_NN_FRAME_VALUES + m]);
		CHECK_NEAR(activations.values[10 * filters.n_filters + f], sum, 1e-4);
	}
}

static void
test_filters_of_other_layers(EmoEnv *env)
{
	EmoNnModel model = nn_make_model(env, "image");
	EmoNnLayerChoice choice;
	EmoNnFilters filters;
	EmoNnShape shape;
	int number = 2, block = 0;

	emo_nn_shape(&model.architecture, NN_CLASSES, &shape);
	for (; block < 2; number++)
	{
		if (emo_nn_choose_convolution(env, &model, number, &choice) != EMO_OK)
			continue;
		CHECK(choice.block == block);
		CHECK(emo_nn_filters(env, &model, &choice, &filters) == EMO_OK);
		CHECK(!filters.of_bands && filters.n_taps == 3);
		CHECK(filters.n_rows == 3 * shape.blocks[block].in_channels);
		/* Tap 1 of time, 2 of coefficients, the last channel, filter 5. */
		CHECK(filters.weights[(5 * 3 + 1) * filters.n_rows + filters.n_rows - 1] ==
			  model.weights[shape.blocks[block].conv_weight +
							((1 * 3 + 2) * shape.blocks[block].in_channels +
							 shape.blocks[block].in_channels - 1) *
								filters.n_filters +
							5]);
		block++;
	}
}

/* Attention shares out one over time, by each head. */
static void
test_attention(EmoEnv *env)
{
	EmoNnModel model = nn_make_model(env, "temporal");
	uint16_t *frames = nn_make_frames(env, 61);
	EmoNnLayer layers[EMO_NN_MAX_LAYERS];
	EmoNnLayerChoice choice;
	EmoNnActivations activations;
	int number = 1;

	(void) emo_nn_layers(&model.architecture, NN_CLASSES, layers);
	while (strcmp(layers[number - 1].type, "attention") != 0)
		number++;
	CHECK(emo_nn_choose_over_time(env, &model, number, &choice) == EMO_OK);
	CHECK(emo_nn_activations(env, &model, frames, 61, &choice, &activations) == EMO_OK);
	CHECK(activations.n_channels == model.architecture.n_heads);
	CHECK_NEAR(activations.frames_per_row * activations.n_rows, 61, 1e-9);
	for (int h = 0; h < activations.n_channels; h++)
	{
		double sum = 0;

		for (int row = 0; row < activations.n_rows; row++)
			sum += activations.values[row * activations.n_channels + h];
		CHECK_NEAR(sum, 1, 1e-5);
	}
}

int
main(void)
{
	RUN(test_layers_that_can_be_shown);
	RUN(test_filters_in_bands);
	RUN(test_filters_of_other_layers);
	RUN(test_attention);
	return unit_finish();
}
