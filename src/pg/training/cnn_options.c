/*
 * cnn_options.c
 *	  Options of algorithm "cnn", wherever they are given.
 */
#include "pg/training/cnn_options.h"

#include "core/lda/lda.h"
#include "pg/base/glue.h"
#include "pg/base/options.h"
#include "pg/model/net_blocks.h"
#include "pg/training/algorithm.h"

/* Recordings of half an hour of speech fit into it. */
#define DEFAULT_MEMORY_MB 256
#define MAX_MEMORY_MB     (1024 * 1024)

#define MAX_OPTIONS       64

/* What is read from the options beside the fields of CnnOptions. */
typedef struct Draft
{
	CnnOptions options;
	int architecture; /* of emo_nn_architecture_names */
	int channels;     /* 0: as the preset has */
	double dropout;   /* of all blocks; -1: as the preset has */
	bool augment;     /* false: no alteration at all */
	Jsonb *blocks;    /* NULL: those of the preset */
	int64 seed;
	bool with_source;
} Draft;

typedef struct SpecList
{
	OptionSpec specs[MAX_OPTIONS];
	int n;
} SpecList;

static void
add(SpecList *list, const char *name, OptionType type, void *target, double min, double max)
{
	Assert(list->n < MAX_OPTIONS);
	list->specs[list->n++] = (OptionSpec){name, type, target, min, max, NULL};
}

static void
add_choice(SpecList *list, const char *name, int *target, const char *const *words)
{
	list->specs[list->n++] = (OptionSpec){name, OPTION_CHOICE, target, 0, 0, words};
}

static void
add_table(SpecList *list, const EmoOptionTable *table, void *target)
{
	Assert(list->n + table->n <= MAX_OPTIONS);
	list->n += emoser_core_specs(table, target, list->specs + list->n);
}

/* What decides on a preset: read before the rest, whose defaults the preset has. */
static void
add_preset(SpecList *list, Draft *draft)
{
	add_choice(list, "architecture", &draft->architecture, emo_nn_architecture_names);
	add(list, "channels", OPTION_INT, &draft->channels, EMO_NN_CHANNEL_STEP, EMO_NN_MAX_CHANNELS);
	add(list, "dropout", OPTION_REAL, &draft->dropout, 0, EMO_NN_MAX_DROPOUT);
	add(list, "augment", OPTION_BOOLEAN, &draft->augment, 0, 0);
}

static void
add_core(SpecList *list, Draft *draft)
{
	EmoNnTrainOptions *train = &draft->options.core;

	add(list, "blocks", OPTION_JSON, &draft->blocks, 0, 0);
	add_table(list, &emo_nn_architecture_options, &train->architecture);
	add_table(list, &emo_nn_training_options, train);
	add_table(list, &emo_nn_optimiser_options, &train->optimiser);
	add_table(list, &emo_nn_augment_options, &train->augment);
	add_table(list, &emo_degrade_options, &train->degrade);
	add(list, "calibrate", OPTION_BOOLEAN, &draft->options.calibrate, 0, 0);
	add(list, "seed", OPTION_INTEGER, &draft->seed, 0, PG_INT32_MAX);
}

static void
add_source(SpecList *list, Draft *draft)
{
	if (!draft->with_source)
		return;
	Assert(list->n + EMOSER_N_SOURCE_OPTIONS <= MAX_OPTIONS);
	emoser_source_options(&draft->options.source, list->specs + list->n);
	list->n += EMOSER_N_EMOTION_SOURCE_OPTIONS;
}

/* Of no influence on the model. */
static void
add_conduct(SpecList *list, Draft *draft)
{
	add(list, "memory_mb", OPTION_INT, &draft->options.memory_mb, 1, MAX_MEMORY_MB);
	add(list, "resume", OPTION_BOOLEAN, &draft->options.resume, 0, 0);
	add(list, "quiet", OPTION_BOOLEAN, &draft->options.quiet, 0, 0);
}

/* "custom" starts as the default preset, whose blocks are replaced. */
static void
load_preset(Draft *draft)
{
	EmoNnTrainOptions *train = &draft->options.core;
	int preset = draft->architecture == EMO_NN_CUSTOM ? 0 : draft->architecture;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_nn_preset(&env, emo_nn_architecture_names[preset], draft->channels,
									 &train->architecture));
	if (draft->dropout >= 0)
		for (int i = 0; i < train->architecture.n_blocks; i++)
			train->architecture.blocks[i].dropout = draft->dropout;
	if (!draft->augment)
		memset(&train->augment, 0, sizeof(train->augment));
	draft->seed = (int64) train->seed;
}

static bool
same_blocks(const EmoNnArchitecture *a, const EmoNnArchitecture *b)
{
	return compareJsonbContainers(&emoser_write_blocks(a)->root, &emoser_write_blocks(b)->root) ==
		   0;
}

static void
check_blocks_alone(const Draft *draft)
{
	if (draft->blocks != NULL && (draft->channels != 0 || draft->dropout >= 0))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("option \"%s\" can't be given together with \"blocks\"",
							   draft->channels != 0 ? "channels" : "dropout"),
						errhint("Give it in each of the blocks.")));
	if (draft->blocks == NULL && draft->architecture == EMO_NN_CUSTOM)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("architecture \"custom\" needs the option \"blocks\"")));
}

/* Whether the blocks are those of the preset with some of the options "channels" and "dropout". */
static bool
has_preset_blocks(const Draft *draft)
{
	const EmoNnArchitecture *net = &draft->options.core.architecture;
	EmoNnArchitecture preset;
	EmoEnv env;

	if (draft->architecture == EMO_NN_CUSTOM)
		return false;
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_nn_preset(&env, emo_nn_architecture_names[draft->architecture],
									 net->blocks[0].channels, &preset));
	for (int i = 0; i < preset.n_blocks; i++)
		preset.blocks[i].dropout = net->blocks[0].dropout;
	return same_blocks(&preset, net);
}

/* The blocks that were given, and the name that they deserve. */
static void
complete_architecture(Draft *draft)
{
	EmoNnArchitecture *net = &draft->options.core.architecture;

	check_blocks_alone(draft);
	if (draft->blocks != NULL)
	{
		emoser_read_blocks(draft->blocks, net);
		if (!has_preset_blocks(draft))
			draft->architecture = EMO_NN_CUSTOM;
	}
	draft->blocks = emoser_write_blocks(net);
	strlcpy(net->name, emo_nn_architecture_names[draft->architecture], sizeof(net->name));
}

/* The number of classes isn't known yet: fewest that there can be. */
static void
check_core(const Draft *draft)
{
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_nn_check_train_options(&env, &draft->options.core, EMO_MIN_CLASSES));
}

static void
all_specs(SpecList *list, Draft *draft)
{
	add_preset(list, draft);
	add_core(list, draft);
	add_source(list, draft);
	add_conduct(list, draft);
}

static Jsonb *
write_all(Draft *draft)
{
	SpecList list = {.n = 0};

	add_choice(&list, "architecture", &draft->architecture, emo_nn_architecture_names);
	add_core(&list, draft);
	add_source(&list, draft);
	return emoser_write_options(list.specs, list.n);
}

CnnOptions
emoser_read_cnn_options(Jsonb *given, bool with_source, Jsonb **all)
{
	Draft draft = {.options = {.core = emo_nn_default_train_options(),
							   .calibrate = true,
							   .memory_mb = DEFAULT_MEMORY_MB},
				   .dropout = -1,
				   .augment = true,
				   .with_source = with_source};
	SpecList list = {.n = 0};

	/* Twice: first for the preset, then for what is said beside it. */
	all_specs(&list, &draft);
	emoser_read_options(given, "algorithm \"cnn\"", emoser_owner_of_option, list.specs, list.n);
	draft.options.core = emo_nn_default_train_options();
	load_preset(&draft);
	emoser_read_options(given, "algorithm \"cnn\"", emoser_owner_of_option, list.specs, list.n);

	complete_architecture(&draft);
	draft.options.core.seed = (uint64) draft.seed;
	check_core(&draft);
	*all = write_all(&draft);
	return draft.options;
}
