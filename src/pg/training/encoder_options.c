/*
 * encoder_options.c
 *	  Options of algorithms that learn from what a pre-trained encoder hears.
 */
#include "pg/training/encoder_options.h"

static const char *const layer_words[] = {"learned", NULL};
static const char *const input_words[] = {"encoder", "both", NULL};

EncoderOptions
emoser_default_encoder_options(void)
{
	return (EncoderOptions){.layer = EMOSER_LAST_LAYER};
}

void
emoser_encoder_specs(EncoderOptions *options, OptionSpec specs[EMOSER_N_ENCODER_OPTIONS])
{
	StaticAssertStmt(EMOSER_LEARNED_LAYER == -1, "a word of an OPTION_INT stands for -1");
	/* The layer is the last one, as it isn't written at its default. */
	const OptionSpec all[EMOSER_N_ENCODER_OPTIONS] = {
		{"encoder", OPTION_NAME, &options->name, 0, 0, NULL},
		{"pooling", OPTION_CHOICE, &options->pooling, 0, 0, emo_pooling_names},
		{"inputs", OPTION_CHOICE, &options->inputs, 0, 0, input_words},
		{"layer", OPTION_INT, &options->layer, 0, EMO_ENCODER_MAX_LAYERS, layer_words},
	};

	memcpy(specs, all, sizeof(all));
}

int
emoser_n_encoder_options_written(const EncoderOptions *options)
{
	if (options->name == NULL)
		return 0;
	return options->layer == EMOSER_LAST_LAYER ? EMOSER_N_ENCODER_OPTIONS - 1
											   : EMOSER_N_ENCODER_OPTIONS;
}

void
emoser_check_encoder_options(const EncoderOptions *options)
{
	const char *name = options->layer != EMOSER_LAST_LAYER ? "layer"
					   : options->pooling != 0             ? "pooling"
					   : options->inputs != 0              ? "inputs"
														   : NULL;

	if (options->name == NULL && name != NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("option \"%s\" is about an encoder, and there is none", name),
						errhint("Name one, as in '{\"encoder\": \"...\"}'.")));
}

bool
emoser_names_encoder(Jsonb *given)
{
	JsonbValue value;

	return JB_ROOT_IS_OBJECT(given) &&
		   getKeyJsonValueFromContainer(&given->root, "encoder", strlen("encoder"), &value) !=
			   NULL &&
		   value.type != jbvNull;
}

EncoderUse *
emoser_encoder_of_options(const EncoderOptions *options)
{
	if (options->name == NULL)
		return NULL;
	return emoser_use_encoder(options->name, options->layer, (EmoPooling) options->pooling,
							  options->inputs != 0);
}
