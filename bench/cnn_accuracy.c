/*
 * cnn_accuracy.c
 *	  Accuracy of convolutional nets on EmoDB, on the core alone.
 *
 *	cnn_accuracy FOLDER split SEED [OPTION=VALUE ...]	random 80/20 split
 *	cnn_accuracy FOLDER loso SPEAKER [OPTION=VALUE ...]	speaker held out, 0 .. 9, or -1 for all
 *
 * Nothing of the test recordings is used in training.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/audio.h"
#include "core/blas.h"
#include "core/emodb.h"
#include "core/nn_train.h"

#define MAX_FILES 1000

static const char *emotions[] = {"anger",     "boredom", "disgust", "fear",
								 "happiness", "sadness", "neutral"};

#define N_EMOTIONS 7

typedef struct Corpus
{
	int n, n_speakers;
	char speakers[100][3];
	int32_t label[MAX_FILES], speaker[MAX_FILES], n_frames[MAX_FILES];
	uint16_t *frames[MAX_FILES];
} Corpus;

static void *
host_alloc(void *host, size_t size)
{
	(void) host;
	return malloc(size);
}

static void
host_release(void *host, void *block)
{
	(void) host;
	free(block);
}

static bool
host_should_stop(void *host)
{
	(void) host;
	return false;
}

static void
must(EmoEnv *env, EmoStatus status)
{
	if (status == EMO_OK)
		return;
	fprintf(stderr, "%s %s %s\n", env->message, env->detail, env->hint);
	exit(1);
}

static void
read_file(EmoEnv *env, EmoNnInputPlan *plan, const char *folder, const char *name, Corpus *corpus)
{
	static unsigned char bytes[4 * 1024 * 1024];
	char path[4096];
	EmoEmodbName parsed;
	EmoAudio audio;
	FILE *file;
	size_t n_bytes;
	int i = corpus->n++;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	emo_emodb_parse(name, &parsed);
	file = fopen(path, "rb");
	n_bytes = file == NULL ? 0 : fread(bytes, 1, sizeof(bytes), file);
	if (file != NULL)
		fclose(file);
	must(env, emo_audio_decode(env, bytes, n_bytes, EMO_NN_SAMPLE_RATE, NULL, &audio));
	must(env, emo_nn_frames(env, plan, audio.samples, audio.n_samples, &corpus->frames[i],
							&corpus->n_frames[i]));
	emo_audio_free(env, &audio);
	for (int c = 0; c < N_EMOTIONS; c++)
		if (strcmp(parsed.emotion, emotions[c]) == 0)
			corpus->label[i] = c;
	for (int s = 0; s <= corpus->n_speakers; s++)
	{
		if (s == corpus->n_speakers)
			memcpy(corpus->speakers[corpus->n_speakers++], parsed.speaker, 3);
		if (strcmp(corpus->speakers[s], parsed.speaker) == 0)
		{
			corpus->speaker[i] = s;
			break;
		}
	}
}

static void
read_corpus(EmoEnv *env, const char *folder, Corpus *corpus)
{
	struct dirent **entries;
	EmoNnInputPlan *plan;
	EmoEmodbName parsed;
	int n = scandir(folder, &entries, NULL, alphasort);

	must(env, emo_nn_input_plan_create(env, &plan));
	for (int i = 0; i < n && corpus->n < MAX_FILES; i++)
		if (emo_emodb_parse(entries[i]->d_name, &parsed))
			read_file(env, plan, folder, entries[i]->d_name, corpus);
	emo_nn_input_plan_destroy(plan);
}

/* The recordings that are trained on; data->source is an array of their frames. */
static EmoStatus
fetch(EmoEnv *env, void *source, int64_t recording, const uint16_t **frames)
{
	(void) env;
	*frames = ((const uint16_t **) source)[recording];
	return EMO_OK;
}

typedef struct Tally
{
	int right[N_EMOTIONS], n[N_EMOTIONS];
	double log_loss;
} Tally;

static void
report(const char *what, const Tally *tally, double seconds_per_epoch)
{
	double uar = 0;
	int right = 0, n = 0, present = 0;

	for (int c = 0; c < N_EMOTIONS; c++)
	{
		if (tally->n[c] == 0)
			continue;
		uar += (double) tally->right[c] / tally->n[c];
		present++;
		right += tally->right[c];
		n += tally->n[c];
	}
	printf("%s: n %d accuracy %.1f %% UAR %.1f %% log loss %.3f, %.3f s/epoch\n", what, n,
		   100.0 * right / n, 100 * uar / present, tally->log_loss / n, seconds_per_epoch);
	fflush(stdout);
}

static void
run_fold(EmoEnv *env, const Corpus *corpus, const uint8_t *is_test,
		 const EmoNnTrainOptions *options, bool verbose, Tally *tally, double *seconds)
{
	int32_t label[MAX_FILES], speaker[MAX_FILES], n_frames[MAX_FILES];
	const uint16_t *frames[MAX_FILES];
	EmoNnData data = {.n_classes = N_EMOTIONS,
					  .label = label,
					  .speaker = speaker,
					  .n_speakers = corpus->n_speakers,
					  .n_frames = n_frames,
					  .fetch = fetch,
					  .source = frames};
	EmoNnTrainer *trainer;
	EmoNnModel *model;
	EmoNnPredictor *predictor;

	for (int i = 0; i < corpus->n; i++)
		if (!is_test[i])
		{
			label[data.n_recordings] = corpus->label[i];
			speaker[data.n_recordings] = corpus->speaker[i];
			n_frames[data.n_recordings] = corpus->n_frames[i];
			frames[data.n_recordings++] = corpus->frames[i];
		}
	must(env, emo_nn_trainer_create(env, &data, options, &trainer));
	*seconds = 0;
	while (!emo_nn_training_done(trainer))
	{
		EmoNnEpoch epoch;

		must(env, emo_nn_train_epoch(env, trainer, &epoch));
		*seconds += epoch.seconds / options->epochs;
		if (verbose && epoch.epoch % 10 == 0)
			fprintf(stderr, "epoch %d loss %.3f accuracy %.3f | %.3f %.3f %.3f%s | %.2f s\n",
					epoch.epoch, epoch.training_loss, epoch.training_accuracy,
					epoch.validation_loss, epoch.validation_accuracy, epoch.validation_uar,
					epoch.best ? " best" : "", epoch.seconds);
	}
	must(env, emo_nn_finish(env, trainer, &model));
	must(env, emo_nn_predictor_create(env, model, &predictor));
	for (int i = 0; i < corpus->n; i++)
	{
		float log_probabilities[N_EMOTIONS];
		int best = 0;

		if (!is_test[i])
			continue;
		must(env, emo_nn_predict(env, predictor, corpus->frames[i], corpus->n_frames[i],
								 log_probabilities));
		for (int c = 1; c < N_EMOTIONS; c++)
			best = log_probabilities[c] > log_probabilities[best] ? c : best;
		tally->n[corpus->label[i]]++;
		tally->right[corpus->label[i]] += best == corpus->label[i];
		tally->log_loss -= log_probabilities[corpus->label[i]];
	}
}

static void
set_option(EmoNnTrainOptions *options, char *text)
{
	char *value = strchr(text, '=');
	double number;
	const struct
	{
		const char *name;
		double *at;
		int *integer;
	} known[] = {{"epochs", NULL, &options->epochs},
				 {"batch_size", NULL, &options->batch_size},
				 {"crop_frames", NULL, &options->crop_frames},
				 {"learning_rate", &options->optimiser.learning_rate, NULL},
				 {"weight_decay", &options->optimiser.weight_decay, NULL},
				 {"clip_norm", &options->optimiser.clip_norm, NULL},
				 {"label_smoothing", &options->label_smoothing, NULL},
				 {"validation_share", &options->validation_share, NULL},
				 {"speed", &options->augment.speed, NULL},
				 {"augment_warp", &options->augment.warp, NULL},
				 {"pitch", &options->augment.pitch, NULL},
				 {"noise", &options->augment.noise, NULL},
				 {"mixup", &options->augment.mixup, NULL},
				 {"time_masks", NULL, &options->augment.time_masks},
				 {"time_mask_frames", NULL, &options->augment.time_mask_frames},
				 {"coefficient_masks", NULL, &options->augment.coefficient_masks},
				 {"head_dropout", &options->architecture.head_dropout, NULL},
				 {"n_heads", NULL, &options->architecture.n_heads},
				 {"n_coefficients", NULL, &options->architecture.n_coefficients},
				 {"n_warps", NULL, &options->n_warps},
				 {"warp", &options->warp, NULL}};

	if (value == NULL)
		return;
	*value++ = '\0';
	number = atof(value);
	if (strcmp(text, "seed") == 0)
		options->seed = (uint64_t) number;
	if (strcmp(text, "channels") == 0)
		for (int i = 0; i < options->architecture.n_blocks; i++)
			options->architecture.blocks[i].channels = (int) number;
	if (strcmp(text, "dropout") == 0)
		for (int i = 0; i < options->architecture.n_blocks; i++)
			options->architecture.blocks[i].dropout = number;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(text, known[i].name) == 0)
		{
			if (known[i].at != NULL)
				*known[i].at = number;
			else
				*known[i].integer = (int) number;
		}
}

int
main(int argc, char **argv)
{
	static Corpus corpus;
	EmoEnv env = {.alloc = host_alloc, .release = host_release, .should_stop = host_should_stop};
	EmoNnTrainOptions options = emo_nn_default_train_options();
	uint8_t is_test[MAX_FILES] = {0};
	Tally all = {{0}, {0}, 0};
	double seconds;

	if (argc < 4)
		return 1;
	emo_blas_init();
	for (int i = 4; i < argc; i++)
		if (strncmp(argv[i], "architecture=", 13) == 0)
			must(&env, emo_nn_preset(&env, argv[i] + 13, 0, &options.architecture));
	for (int i = 4; i < argc; i++)
		set_option(&options, argv[i]);
	read_corpus(&env, argv[1], &corpus);
	if (strcmp(argv[2], "split") == 0)
	{
		int order[MAX_FILES];
		EmoRandom random;

		emo_random_seed(&random, strtoull(argv[3], NULL, 10));
		for (int i = 0; i < corpus.n; i++)
		{
			int j = (int) (emo_random_uniform(&random) * (i + 1));

			order[i] = order[j];
			order[j] = i;
		}
		for (int i = 0; i < corpus.n / 5; i++)
			is_test[order[i]] = 1;
		run_fold(&env, &corpus, is_test, &options, true, &all, &seconds);
		report("split", &all, seconds);
		return 0;
	}
	for (int s = 0; s < corpus.n_speakers; s++)
	{
		Tally one = {{0}, {0}, 0};

		if (atoi(argv[3]) >= 0 && atoi(argv[3]) != s)
			continue;
		for (int i = 0; i < corpus.n; i++)
			is_test[i] = corpus.speaker[i] == s;
		run_fold(&env, &corpus, is_test, &options, false, &one, &seconds);
		report(corpus.speakers[s], &one, seconds);
		all.log_loss += one.log_loss;
		for (int c = 0; c < N_EMOTIONS; c++)
		{
			all.n[c] += one.n[c];
			all.right[c] += one.right[c];
		}
	}
	report("all", &all, seconds);
	return 0;
}
