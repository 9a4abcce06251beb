/*
 * net_description.c
 *	  What a net is besides its arrays, as JSON that is enough to build it again.
 */
#include "pg/model/net_description.h"

#include "pg/base/options.h"
#include "pg/model/net_blocks.h"

static const char *const name_words[] = {"temporal", "image", "original", "custom", NULL};
#define CUSTOM_NAME 3

static const char *const input_words[] = {"mfcc", "log_mel", NULL};
static const char *const pooling_words[] = {"mean_deviation", "attention", NULL};

#define N_NET_OPTIONS 9

/* A net whose words are indices. */
typedef struct Draft
{
	EmoNnModel net;
	int name, input, pooling;
	Jsonb *blocks;
} Draft;

static void
net_specs(Draft *draft, OptionSpec specs[N_NET_OPTIONS])
{
	EmoNnArchitecture *net = &draft->net.architecture;
	OptionSpec all[N_NET_OPTIONS] = {
		{"architecture", OPTION_CHOICE, &draft->name, 0, 0, name_words},
		{"input", OPTION_CHOICE, &draft->input, 0, 0, input_words},
		{"n_coefficients", OPTION_INT, &net->n_coefficients, 1, EMO_NN_N_MELS, NULL},
		{"pitch", OPTION_BOOLEAN, &net->pitch, 0, 0, NULL},
		{"blocks", OPTION_JSON, &draft->blocks, 0, 0, NULL},
		{"pooling", OPTION_CHOICE, &draft->pooling, 0, 0, pooling_words},
		{"n_heads", OPTION_INT, &net->n_heads, 1, EMO_NN_MAX_HEADS, NULL},
		{"head_dropout", OPTION_REAL, &net->head_dropout, 0, EMO_NN_MAX_DROPOUT, NULL},
		{"n_warps", OPTION_INT, &draft->net.n_warps, 1, EMO_NN_MAX_WARPS, NULL},
	};

	memcpy(specs, all, sizeof(all));
}

Jsonb *
emoser_describe_net(const EmoNnModel *net)
{
	Draft draft = {.net = *net,
				   .name = CUSTOM_NAME,
				   .input = net->architecture.input,
				   .pooling = net->architecture.pooling,
				   .blocks = emoser_write_blocks(&net->architecture)};
	OptionSpec specs[N_NET_OPTIONS];

	for (int i = 0; i < CUSTOM_NAME; i++)
		if (strcmp(net->architecture.name, name_words[i]) == 0)
			draft.name = i;
	net_specs(&draft, specs);
	return emoser_write_options(specs, lengthof(specs));
}

void
emoser_read_net_description(Jsonb *description, EmoNnModel *net)
{
	Draft draft = {.net = *net, .name = CUSTOM_NAME};
	OptionSpec specs[N_NET_OPTIONS];

	net_specs(&draft, specs);
	emoser_read_options(description, "a net", NULL, specs, lengthof(specs));
	if (draft.blocks == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("the net has no blocks")));
	emoser_read_blocks(draft.blocks, &draft.net.architecture);
	draft.net.architecture.input = draft.input;
	draft.net.architecture.pooling = draft.pooling;
	strlcpy(draft.net.architecture.name, name_words[draft.name],
			sizeof(draft.net.architecture.name));
	*net = draft.net;
}
