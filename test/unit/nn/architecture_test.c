/*
 * architecture_test.c
 *	  Presets, what is refused, what is described.
 */
#include "core/nn/architecture.h"
#include "core/nn/shape.h"
#include "nn_sample.h"

static void
test_presets(EmoEnv *env)
{
	static const struct
	{
		const char *name;
		int64_t n_parameters;
	} presets[] = {
		/* conv, batch-norm, attention, dense: see the sums in the comments. */
		{"temporal", 5 * 64 * (41 + 5 * 64) + 6 * 2 * 64 + 64 * 4 + 2 * 4 * 64 * 7 + 7},
		{"image", 9 * (32 + 32 * 64 + 64 * 128) + 2 * (32 + 64 + 128) + 2 * 5 * 128 * 7 + 7},
		{"original",
		 9 * (16 + 16 * 32 + 32 * 64 + 64 * 128) + 16 + 32 + 64 + 128 + 2 * 2 * 128 * 7 + 7},
	};

	for (int i = 0; i < 3; i++)
	{
		EmoNnArchitecture architecture;
		EmoNnShape shape;
		EmoNnLayer layers[EMO_NN_MAX_LAYERS];
		EmoNnTensor tensors[EMO_NN_MAX_TENSORS];
		int64_t sum = 0, next = 0;
		int n;

		CHECK(emo_nn_preset(env, presets[i].name, 0, &architecture) == EMO_OK);
		CHECK(emo_nn_check_architecture(env, &architecture, 7) == EMO_OK);
		emo_nn_shape(&architecture, 7, &shape);
		CHECK(shape.n_parameters == presets[i].n_parameters);
		n = emo_nn_layers(&architecture, 7, layers);
		for (int l = 0; l < n; l++)
		{
			sum += layers[l].n_parameters;
			if (l > 0 && strncmp(layers[l].type, "conv1d", 6) != 0)
				CHECK(memcmp(layers[l].input_shape, layers[l - 1].output_shape,
							 sizeof(layers[l].input_shape)) == 0);
		}
		CHECK(sum == presets[i].n_parameters);
		CHECK(layers[n - 1].output_shape[2] == 7);
		n = emo_nn_tensors(&architecture, 7, tensors);
		for (int t = 0; t < n; t++)
		{
			CHECK(tensors[t].first == next);
			next += tensors[t].n;
		}
		CHECK(next == emo_nn_weight_count(&architecture, 7));
	}
}

/* By hand: 100 frames a second, kernel 5, 41 channels to 64, two operations each. */
static void
test_flop(EmoEnv *env)
{
	EmoNnArchitecture architecture;
	EmoNnLayer layers[EMO_NN_MAX_LAYERS];

	CHECK(emo_nn_preset(env, "temporal", 0, &architecture) == EMO_OK);
	emo_nn_layers(&architecture, 7, layers);
	CHECK(strcmp(layers[1].type, "conv1d") == 0);
	CHECK_NEAR(layers[1].flop_per_second, 100.0 * 5 * 41 * 64 * 2, 1);
	CHECK(strcmp(layers[1].settings, "kernel 5, stride 1, dilation 1, padding 2") == 0);
}

static void
test_channels_of_presets(EmoEnv *env)
{
	EmoNnArchitecture architecture;

	CHECK(emo_nn_preset(env, "image", 64, &architecture) == EMO_OK);
	CHECK(architecture.blocks[0].channels == 64 && architecture.blocks[2].channels == 256);
	CHECK(emo_nn_preset(env, "image", 8, &architecture) == EMO_INVALID_PARAMETER);
	CHECK(emo_nn_preset(env, "temporal", 2000000000, &architecture) == EMO_INVALID_PARAMETER);
	CHECK(emo_nn_preset(env, "none", 0, &architecture) == EMO_UNDEFINED);
}

static void
expect(EmoEnv *env, const EmoNnArchitecture *architecture, EmoStatus status, const char *words)
{
	CHECK(emo_nn_check_architecture(env, architecture, 7) == status);
	if (strstr(env->message, words) == NULL)
		printf("# %s\n", env->message);
	CHECK(strstr(env->message, words) != NULL);
}

static void
test_refusals(EmoEnv *env)
{
	EmoNnArchitecture good, bad;

	CHECK(emo_nn_preset(env, "image", 0, &good) == EMO_OK);
	CHECK(emo_nn_check_architecture(env, &good, 1) == EMO_LIMIT_EXCEEDED);
#define REFUSE(change, status, words)                                                              \
	do                                                                                             \
	{                                                                                              \
		bad = good;                                                                                \
		change;                                                                                    \
		expect(env, &bad, status, words);                                                          \
	} while (0)
	REFUSE(bad.n_blocks = 0, EMO_INVALID_PARAMETER, "number of blocks");
	REFUSE(bad.n_blocks = EMO_NN_MAX_BLOCKS + 1, EMO_INVALID_PARAMETER, "number of blocks");
	REFUSE(bad.n_coefficients = 41, EMO_INVALID_PARAMETER, "n_coefficients");
	REFUSE(bad.n_coefficients = 20, EMO_INVALID_PARAMETER, "log_mel");
	REFUSE(bad.blocks[1].channels = 40, EMO_INVALID_PARAMETER, "channels of block 2");
	REFUSE(bad.blocks[1].channels = 0, EMO_INVALID_PARAMETER, "channels of block 2");
	REFUSE(bad.blocks[1].kernel[1] = 64, EMO_INVALID_PARAMETER, "kernel of block 2");
	REFUSE(bad.blocks[1].kernel[0] = -3, EMO_INVALID_PARAMETER, "kernel of block 2");
	REFUSE(bad.blocks[1].stride[0] = 0, EMO_INVALID_PARAMETER, "stride of block 2");
	REFUSE(bad.blocks[2].dilation[0] = 65, EMO_INVALID_PARAMETER, "dilation of block 3");
	REFUSE(bad.blocks[2].padding[0] = 3, EMO_INVALID_PARAMETER, "padding of block 3");
	REFUSE(bad.blocks[2].padding[0] = -2, EMO_INVALID_PARAMETER, "padding of block 3");
	REFUSE(bad.blocks[2].max_pool[1] = 0, EMO_INVALID_PARAMETER, "max_pool of block 3");
	REFUSE(bad.blocks[0].dropout = 1, EMO_INVALID_PARAMETER, "dropout of block 1");
	REFUSE(bad.blocks[0].dropout = NAN, EMO_INVALID_PARAMETER, "dropout of block 1");
	REFUSE(bad.head_dropout = -1, EMO_INVALID_PARAMETER, "head_dropout");
	REFUSE(bad.n_heads = 17, EMO_INVALID_PARAMETER, "n_heads");
	REFUSE(bad.blocks[0] = emo_nn_default_block(EMO_NN_CONV1D), EMO_INVALID_PARAMETER, "conv2d");
	REFUSE(bad.blocks[2].kind = EMO_NN_CONV1D, EMO_INVALID_PARAMETER, "conv1d");
	REFUSE(bad.blocks[0].channels = bad.blocks[1].channels = 1024;
		   bad.blocks[1].kernel[0] = 63, EMO_LIMIT_EXCEEDED, "parameters");
}

/* The largest values of all, which must not overflow on the way to being refused. */
static void
test_huge_sizes(EmoEnv *env)
{
	EmoNnArchitecture architecture = nn_smooth_architecture(3);

	architecture.pooling = EMO_NN_POOL_ATTENTION;
	architecture.n_heads = EMO_NN_MAX_HEADS;
	architecture.n_blocks = EMO_NN_MAX_BLOCKS;
	for (int i = 0; i < EMO_NN_MAX_BLOCKS; i++)
	{
		EmoNnBlock *block = &architecture.blocks[i];

		*block = emo_nn_default_block(i == EMO_NN_MAX_BLOCKS - 1 ? EMO_NN_CONV1D : EMO_NN_CONV2D);
		block->channels = EMO_NN_MAX_CHANNELS;
		for (int axis = 0; axis < (block->kind == EMO_NN_CONV2D ? 2 : 1); axis++)
		{
			block->kernel[axis] = EMO_NN_MAX_KERNEL;
			block->dilation[axis] = EMO_NN_MAX_DILATION;
			block->padding[axis] = (EMO_NN_MAX_KERNEL - 1) * EMO_NN_MAX_DILATION;
		}
	}
	CHECK(emo_nn_check_architecture(env, &architecture, 1000) == EMO_LIMIT_EXCEEDED);
}

int
main(void)
{
	RUN(test_presets);
	RUN(test_flop);
	RUN(test_channels_of_presets);
	RUN(test_refusals);
	RUN(test_huge_sizes);
	return unit_finish();
}
