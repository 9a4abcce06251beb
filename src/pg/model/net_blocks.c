/*
 * net_blocks.c
 *	  The blocks of a convolutional net as jsonb.
 */
#include "pg/model/net_blocks.h"

#include "pg/base/json.h"
#include "pg/base/options.h"

static const char *const type_words[] = {"conv1d", "conv2d", NULL};
static const char *const padding_words[] = {"same", NULL};

#define N_BLOCK_OPTIONS 11

/* The sizes along one axis for conv1d, along two for conv2d; type is a choice of type_words. */
static void
block_specs(EmoNnBlock *block, int *type, OptionSpec specs[N_BLOCK_OPTIONS])
{
	OptionType size = *type == EMO_NN_CONV1D ? OPTION_INT : OPTION_PAIR;
	OptionSpec all[N_BLOCK_OPTIONS] = {
		{"type", OPTION_CHOICE, type, 0, 0, type_words},
		{"channels", OPTION_INT, &block->channels, EMO_NN_CHANNEL_STEP, EMO_NN_MAX_CHANNELS, NULL},
		{"kernel", size, block->kernel, 1, EMO_NN_MAX_KERNEL, NULL},
		{"stride", size, block->stride, 1, EMO_NN_MAX_STRIDE, NULL},
		{"dilation", size, block->dilation, 1, EMO_NN_MAX_DILATION, NULL},
		{"padding", size, block->padding, 0, EMO_NN_MAX_KERNEL * EMO_NN_MAX_DILATION,
		 padding_words},
		{"max_pool", size, block->max_pool, 1, EMO_NN_MAX_STRIDE, NULL},
		{"batch_norm", OPTION_BOOLEAN, &block->batch_norm, 0, 0, NULL},
		{"relu", OPTION_BOOLEAN, &block->relu, 0, 0, NULL},
		{"residual", OPTION_BOOLEAN, &block->residual, 0, 0, NULL},
		{"dropout", OPTION_REAL, &block->dropout, 0, EMO_NN_MAX_DROPOUT, NULL},
	};

	memcpy(specs, all, sizeof(all));
}

/* The type decides what the other options look like. */
static int
read_type(Jsonb *given)
{
	int type = EMO_NN_CONV1D;
	OptionSpec spec = {"type", OPTION_CHOICE, &type, 0, 0, type_words};
	JsonbValue *value = NULL;

	if (JB_ROOT_IS_OBJECT(given))
		value = getKeyJsonValueFromContainer(&given->root, spec.name, strlen(spec.name), NULL);
	if (value != NULL)
		emoser_read_option(&spec, value);
	return type;
}

static void
read_block(Jsonb *given, EmoNnBlock *block)
{
	int type = read_type(given);
	OptionSpec specs[N_BLOCK_OPTIONS];

	*block = emo_nn_default_block(type);
	block_specs(block, &type, specs);
	emoser_read_options(given, "a block", NULL, specs, lengthof(specs));
}

static void
add_block_context(void *number)
{
	errcontext("block %d of option \"blocks\"", *(int *) number);
}

void
emoser_read_blocks(Jsonb *given, EmoNnArchitecture *architecture)
{
	ErrorContextCallback context;
	int number;

	if (!JB_ROOT_IS_ARRAY(given) || JB_ROOT_IS_SCALAR(given) || JB_ROOT_COUNT(given) < 1 ||
		JB_ROOT_COUNT(given) > EMO_NN_MAX_BLOCKS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"blocks\" must be an array of 1 to %d objects", EMO_NN_MAX_BLOCKS),
				 errhint("Write it as in '{\"blocks\": [{\"type\": \"conv1d\", \"channels\": 64, "
						 "\"kernel\": 5}]}'.")));
	context.callback = add_block_context;
	context.arg = &number;
	context.previous = error_context_stack;
	error_context_stack = &context;
	architecture->n_blocks = JB_ROOT_COUNT(given);
	memset(architecture->blocks, 0, sizeof(architecture->blocks));
	for (number = 1; number <= architecture->n_blocks; number++)
		read_block(JsonbValueToJsonb(getIthJsonbValueFromContainer(&given->root, number - 1)),
				   &architecture->blocks[number - 1]);
	error_context_stack = context.previous;
}

Jsonb *
emoser_write_blocks(const EmoNnArchitecture *architecture)
{
	Json json;

	emoser_json_init(&json);
	emoser_json_open(&json, '[');
	for (int i = 0; i < architecture->n_blocks; i++)
	{
		EmoNnBlock block = architecture->blocks[i];
		int type = block.kind;
		OptionSpec specs[N_BLOCK_OPTIONS];

		block_specs(&block, &type, specs);
		emoser_json_jsonb(&json, emoser_write_options(specs, lengthof(specs)));
	}
	emoser_json_close(&json, ']');
	return emoser_json_to_jsonb(&json);
}
