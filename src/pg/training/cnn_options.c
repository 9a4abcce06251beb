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

/* In the order of the presets' documentation; "custom" has other blocks than its preset. */
static const char *const architecture_words[] = {"temporal", "image", "original", "custom", NULL};
#define CUSTOM_ARCHITECTURE 3

static const char *const input_words[] = {"mfcc", "log_mel", NULL};
static const char *const pooling_words[] = {"mean_deviation", "attention", NULL};
static const char *const optimiser_words[] = {"sgd", "adam", "adamw", NULL};
static const char *const schedule_words[] = {"one_cycle", "cosine", "constant", NULL};

/* Recordings of half an hour of speech fit into it. */
#define DEFAULT_MEMORY_MB 256
#define MAX_MEMORY_MB     (1024 * 1024)

#define MAX_OPTIONS       64

/* What is read from the options beside the fields of CnnOptions. */
typedef struct Draft
{
	CnnOptions options;
	int architecture, input, pooling, optimiser, schedule;
	int channels;   /* 0: as the preset has */
	double dropout; /* of all blocks; -1: as the preset has */
	bool augment;   /* false: no alteration at all */
	Jsonb *blocks;  /* NULL: those of the preset */
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

/* What decides on a preset: read before the rest, whose defaults the preset has. */
static void
add_preset(SpecList *list, Draft *draft)
{
	add_choice(list, "architecture", &draft->architecture, architecture_words);
	add(list, "channels", OPTION_INT, &draft->channels, EMO_NN_CHANNEL_STEP, EMO_NN_MAX_CHANNELS);
	add(list, "dropout", OPTION_REAL, &draft->dropout, 0, EMO_NN_MAX_DROPOUT);
	add(list, "augment", OPTION_BOOLEAN, &draft->augment, 0, 0);
}

static void
add_architecture(SpecList *list, Draft *draft)
{
	EmoNnArchitecture *net = &draft->options.core.architecture;

	add_choice(list, "input", &draft->input, input_words);
	add(list, "n_coefficients", OPTION_INT, &net->n_coefficients, 1, EMO_NN_N_MELS);
	add(list, "pitch", OPTION_BOOLEAN, &net->pitch, 0, 0);
	add(list, "blocks", OPTION_JSON, &draft->blocks, 0, 0);
	add_choice(list, "pooling", &draft->pooling, pooling_words);
	add(list, "n_heads", OPTION_INT, &net->n_heads, 1, EMO_NN_MAX_HEADS);
	add(list, "head_dropout", OPTION_REAL, &net->head_dropout, 0, EMO_NN_MAX_DROPOUT);
}

static void
add_training(SpecList *list, Draft *draft)
{
	EmoNnTrainOptions *train = &draft->options.core;
	EmoNnOptimiserOptions *optimiser = &train->optimiser;

	add(list, "epochs", OPTION_INT, &train->epochs, 1, EMO_NN_MAX_EPOCHS);
	add(list, "batch_size", OPTION_INT, &train->batch_size, 2, EMO_NN_MAX_BATCH);
	add(list, "crop_frames", OPTION_INT, &train->crop_frames, EMO_NN_MIN_CROP, EMO_NN_MAX_CROP);
	add_choice(list, "optimiser", &draft->optimiser, optimiser_words);
	add_choice(list, "schedule", &draft->schedule, schedule_words);
	add(list, "learning_rate", OPTION_REAL, &optimiser->learning_rate, 1e-7, 10);
	add(list, "momentum", OPTION_REAL, &optimiser->momentum, 0, 0.999);
	add(list, "weight_decay", OPTION_REAL, &optimiser->weight_decay, 0, 1);
	add(list, "clip_norm", OPTION_REAL, &optimiser->clip_norm, 0, 1e6);
	add(list, "label_smoothing", OPTION_REAL, &train->label_smoothing, 0, 0.9);
	add(list, "class_weights", OPTION_BOOLEAN, &train->class_weights, 0, 0);
	add(list, "validation_share", OPTION_REAL, &train->validation_share, 0, 0.5);
	add(list, "patience", OPTION_INT, &train->patience, 0, EMO_NN_MAX_EPOCHS);
	add(list, "calibrate", OPTION_BOOLEAN, &draft->options.calibrate, 0, 0);
	add(list, "n_warps", OPTION_INT, &train->n_warps, 1, EMO_NN_MAX_WARPS);
	add(list, "warp", OPTION_REAL, &train->warp, 0, 0.3);
	add(list, "seed", OPTION_INTEGER, &draft->seed, 0, PG_INT32_MAX);
}

static void
add_augment(SpecList *list, Draft *draft)
{
	EmoNnAugment *augment = &draft->options.core.augment;

	add(list, "augment_speed", OPTION_REAL, &augment->speed, 0, 0.5);
	add(list, "augment_warp", OPTION_REAL, &augment->warp, 0, 0.3);
	add(list, "augment_pitch", OPTION_REAL, &augment->pitch, 0, 1);
	add(list, "augment_noise", OPTION_REAL, &augment->noise, 0, 2);
	add(list, "augment_shift", OPTION_REAL, &augment->shift, 0, 5);
	add(list, "time_masks", OPTION_INT, &augment->time_masks, 0, 20);
	add(list, "time_mask_frames", OPTION_INT, &augment->time_mask_frames, 0, 1000);
	add(list, "coefficient_masks", OPTION_INT, &augment->coefficient_masks, 0, 20);
	add(list, "coefficient_mask_size", OPTION_INT, &augment->coefficient_mask_size, 0,
		EMO_NN_N_MELS);
	add(list, "mixup", OPTION_REAL, &augment->mixup, 0, 10);
}

static void
add_source(SpecList *list, Draft *draft)
{
	if (!draft->with_source)
		return;
	Assert(list->n + EMOSER_N_SOURCE_OPTIONS <= MAX_OPTIONS);
	emoser_source_options(&draft->options.names, list->specs + list->n);
	list->n += EMOSER_N_SOURCE_OPTIONS;
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
	int preset = draft->architecture == CUSTOM_ARCHITECTURE ? 0 : draft->architecture;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_nn_preset(&env, architecture_words[preset], draft->channels,
									 &train->architecture));
	if (draft->dropout >= 0)
		for (int i = 0; i < train->architecture.n_blocks; i++)
			train->architecture.blocks[i].dropout = draft->dropout;
	if (!draft->augment)
		memset(&train->augment, 0, sizeof(train->augment));
	draft->input = train->architecture.input;
	draft->pooling = train->architecture.pooling;
	draft->optimiser = train->optimiser.kind;
	draft->schedule = train->optimiser.schedule;
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
	if (draft->blocks == NULL && draft->architecture == CUSTOM_ARCHITECTURE)
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

	if (draft->architecture == CUSTOM_ARCHITECTURE)
		return false;
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_nn_preset(&env, architecture_words[draft->architecture],
									 net->blocks[0].channels, &preset));
	for (int i = 0; i < preset.n_blocks; i++)
		preset.blocks[i].dropout = net->blocks[0].dropout;
	return same_blocks(&preset, net);
}

/* The blocks that were given, and the name that they deserve. */
static void
settle_architecture(Draft *draft)
{
	EmoNnArchitecture *net = &draft->options.core.architecture;

	check_blocks_alone(draft);
	if (draft->blocks != NULL)
	{
		emoser_read_blocks(draft->blocks, net);
		if (!has_preset_blocks(draft))
			draft->architecture = CUSTOM_ARCHITECTURE;
	}
	draft->blocks = emoser_write_blocks(net);
	net->input = draft->input;
	net->pooling = draft->pooling;
	strlcpy(net->name, architecture_words[draft->architecture], sizeof(net->name));
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
	add_architecture(list, draft);
	add_training(list, draft);
	add_augment(list, draft);
	add_source(list, draft);
	add_conduct(list, draft);
}

static Jsonb *
write_all(Draft *draft)
{
	SpecList list = {.n = 0};

	add_choice(&list, "architecture", &draft->architecture, architecture_words);
	add_architecture(&list, draft);
	add_training(&list, draft);
	add_augment(&list, draft);
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

	settle_architecture(&draft);
	draft.options.core.optimiser.kind = draft.optimiser;
	draft.options.core.optimiser.schedule = draft.schedule;
	draft.options.core.seed = (uint64) draft.seed;
	check_core(&draft);
	*all = write_all(&draft);
	return draft.options;
}
