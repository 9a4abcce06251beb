/*
 * net_description.c
 *	  What a net is besides its arrays, as JSON that is enough to build it again.
 */
#include "pg/model/net_description.h"

#include "pg/base/options.h"
#include "pg/model/net_blocks.h"

/* Beside those of the architecture. */
#define N_OTHERS      4

#define N_NET_OPTIONS (N_OTHERS + 6)

typedef struct Draft
{
	EmoNnModel net;
	int name; /* of emo_nn_architecture_names */
	Jsonb *blocks;
} Draft;

static void
net_specs(Draft *draft, OptionSpec specs[N_NET_OPTIONS])
{
	OptionSpec others[N_OTHERS] = {
		{"architecture", OPTION_CHOICE, &draft->name, 0, 0, emo_nn_architecture_names},
		{"blocks", OPTION_JSON, &draft->blocks, 0, 0, NULL},
		{"nets", OPTION_INT, &draft->net.n_nets, 1, EMO_NN_MAX_NETS, NULL},
		{"n_warps", OPTION_INT, &draft->net.n_warps, 1, EMO_NN_MAX_WARPS, NULL},
	};

	Assert(emo_nn_architecture_options.n + N_OTHERS == N_NET_OPTIONS);
	memcpy(specs, others, sizeof(others));
	(void) emoser_core_specs(&emo_nn_architecture_options, &draft->net.architecture,
							 specs + N_OTHERS);
}

Jsonb *
emoser_describe_net(const EmoNnModel *net)
{
	Draft draft = {
		.net = *net, .name = EMO_NN_CUSTOM, .blocks = emoser_write_blocks(&net->architecture)};
	OptionSpec specs[N_NET_OPTIONS];

	for (int i = 0; i < EMO_NN_CUSTOM; i++)
		if (strcmp(net->architecture.name, emo_nn_architecture_names[i]) == 0)
			draft.name = i;
	net_specs(&draft, specs);
	return emoser_write_options(specs, lengthof(specs));
}

void
emoser_read_net_description(Jsonb *description, EmoNnModel *net)
{
	Draft draft = {.net = *net, .name = EMO_NN_CUSTOM};
	OptionSpec specs[N_NET_OPTIONS];

	net_specs(&draft, specs);
	emoser_read_options(description, "a net", NULL, specs, lengthof(specs));
	if (draft.blocks == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("the net has no blocks")));
	emoser_read_blocks(draft.blocks, &draft.net.architecture);
	strlcpy(draft.net.architecture.name, emo_nn_architecture_names[draft.name],
			sizeof(draft.net.architecture.name));
	*net = draft.net;
}
