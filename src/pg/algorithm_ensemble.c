/*
 * algorithm_ensemble.c
 *	  "ensemble": "lda" and "cnn" together, their log posteriors added by weights that are fitted to
 *	  utterances which neither was trained on.
 */
#include "pg/algorithm.h"

#include <math.h>

#include "utils/memutils.h"

#include "core/ensemble.h"
#include "pg/cnn_options.h"
#include "pg/inner_folds.h"
#include "pg/lda_options.h"
#include "pg/options.h"

/* Of the speakers, or of the recordings where speakers are unknown, to fit the weights on. */
#define HELD_OUT_SHARE 0.2

/* Groups of folds that share weights, as for temperatures. */
#define MAX_GROUPS 10

typedef enum Part
{
	PART_LDA,
	PART_CNN,
	N_PARTS
} Part;

typedef struct EnsembleOptions
{
	LdaOptions lda;
	CnnOptions cnn;
} EnsembleOptions;

/* What each part weighs: alone, and where a speaker profile is given. */
typedef struct Weights
{
	double plain[EMO_MAX_ENSEMBLE_PARTS];
	double with_profile[EMO_MAX_ENSEMBLE_PARTS];
	int64 n_held_out;
} Weights;

static Jsonb *
object_or_empty(Jsonb *given)
{
	return given != NULL ? given : emoser_write_options(NULL, 0);
}

static void *
read_options(Jsonb *given, Jsonb **all, bool *quiet)
{
	EnsembleOptions *options = palloc(sizeof(EnsembleOptions));
	Jsonb *lda = NULL, *cnn = NULL;
	bool resume = false;
	OptionSpec specs[] = {
		{"lda", OPTION_JSON, &lda, 0, 0, NULL},
		{"cnn", OPTION_JSON, &cnn, 0, 0, NULL},
		{"resume", OPTION_BOOLEAN, &resume, 0, 0, NULL},
		{"quiet", OPTION_BOOLEAN, quiet, 0, 0, NULL},
	};

	*quiet = false;
	emoser_read_options(given, "algorithm \"ensemble\"", specs, lengthof(specs));
	options->lda = emoser_read_lda_options(object_or_empty(lda), &lda);
	options->cnn = emoser_read_cnn_options(object_or_empty(cnn), &cnn);
	*quiet = *quiet || options->lda.quiet || options->cnn.quiet;
	options->lda.quiet = options->cnn.quiet = *quiet;
	options->cnn.resume = options->cnn.resume || resume;
	/* The weights do what a temperature would. */
	options->cnn.calibrate = false;
	*all = emoser_write_options(specs, 2);
	return options;
}

static TrainingSetOptions
set_options(const void *options)
{
	const EnsembleOptions *ensemble = options;
	TrainingSetOptions set = emoser_algorithm_lda.set_options(&ensemble->lda);
	TrainingSetOptions of_cnn = emoser_algorithm_cnn.set_options(&ensemble->cnn);

	set.frames = true;
	set.memory_mb = of_cnn.memory_mb;
	return set;
}

static void
score_parts(const TrainingSet *set, const EnsembleOptions *options, const int32 *fold_of,
			int n_folds, bool with_profile, CrossScores parts[N_PARTS])
{
	emoser_algorithm_lda.score(set, &options->lda, fold_of, n_folds, with_profile,
							   &parts[PART_LDA]);
	emoser_algorithm_cnn.score(set, &options->cnn, fold_of, n_folds, with_profile,
							   &parts[PART_CNN]);
}

static EmoEnsembleRows
rows_of(const TrainingSet *set, const int32 *fold_of, const float *lda, const float *cnn)
{
	return (EmoEnsembleRows){.n_parts = N_PARTS,
							 .n_classes = set->core.n_classes,
							 .n_rows = set->n_utterances,
							 .label = set->label,
							 .fold_of = fold_of,
							 .scores = {[PART_LDA] = lda, [PART_CNN] = cnn}};
}

/* Whether utterances of two classes stay outside the folds that are held out. */
static bool
can_train_without(const TrainingSet *set, const int32 *inner, const bool *is_held_out)
{
	int first = -1;

	for (int64 i = 0; i < set->n_utterances; i++)
	{
		if (inner[i] == EMO_LEFT_OUT || is_held_out[inner[i]])
			continue;
		if (first >= 0 && set->label[i] != first)
			return true;
		first = set->label[i];
	}
	return false;
}

/* The first folds that make up the share, but for those without which training is impossible. */
static bool *
choose_folds(const TrainingSet *set, const int32 *inner, int n_folds)
{
	bool *is_held_out = palloc0(n_folds * sizeof(bool));
	int n_left = (int) ceil(HELD_OUT_SHARE * n_folds);

	for (int f = 0; f < n_folds && n_left > 0; f++)
	{
		is_held_out[f] = true;
		if (can_train_without(set, inner, is_held_out))
			n_left--;
		else
			is_held_out[f] = false;
	}
	return is_held_out;
}

/*
 * Hold a share out of those utterances that fold_of trains on always (NULL: of all): fold 0, the
 * others EMO_ALWAYS_TRAINED, and what fold_of holds out is left out.  False if nobody can be.
 */
static bool
hold_out(const TrainingSet *set, const int32 *fold_of, int32 *inner)
{
	Size n = set->n_utterances;
	bool *taken = MemoryContextAllocHuge(CurrentMemoryContext, n);
	bool *is_held_out;
	int n_folds;

	for (Size i = 0; i < n; i++)
		taken[i] = fold_of == NULL || fold_of[i] == EMO_ALWAYS_TRAINED;
	n_folds = emoser_inner_folds(set, taken, inner);
	pfree(taken);
	if (n_folds == 0)
		return false;
	is_held_out = choose_folds(set, inner, n_folds);
	for (Size i = 0; i < n; i++)
		if (inner[i] >= 0)
			inner[i] = is_held_out[inner[i]] ? 0 : EMO_ALWAYS_TRAINED;
	pfree(is_held_out);
	return true;
}

/* Weights by utterances that are held out within those that fold_of trains on always. */
static Weights
fit_weights(const TrainingSet *set, const EnsembleOptions *options, const int32 *fold_of)
{
	Size n = set->n_utterances;
	int32 *inner = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	Weights weights = {{0.5, 0.5}, {0.5, 0.5}, 0};
	CrossScores parts[N_PARTS];
	EmoEnsembleRows rows;
	EmoEnv env;

	if (!hold_out(set, fold_of, inner))
		return weights;
	score_parts(set, options, inner, 1, true, parts);
	emoser_env_init(&env, CurrentMemoryContext);
	rows = rows_of(set, inner, parts[PART_LDA].plain, parts[PART_CNN].plain);
	emoser_check(&env, emo_ensemble_fit(&env, &rows, 1, -1, weights.plain));
	memcpy(weights.with_profile, weights.plain, sizeof(weights.plain));
	if (parts[PART_LDA].with_profile != NULL)
	{
		rows.scores[PART_LDA] = parts[PART_LDA].with_profile;
		emoser_check(&env, emo_ensemble_fit(&env, &rows, 1, -1, weights.with_profile));
	}
	for (Size i = 0; i < n; i++)
		weights.n_held_out += inner[i] == 0;
	return weights;
}

static Jsonb *
metrics_of(Weights *weights, Jsonb *lda, Jsonb *cnn)
{
	OptionSpec specs[] = {
		{"held_out_utterances", OPTION_INTEGER, &weights->n_held_out, 0, 0, NULL},
		{"weight_of_lda", OPTION_REAL, &weights->plain[PART_LDA], 0, 0, NULL},
		{"weight_of_cnn", OPTION_REAL, &weights->plain[PART_CNN], 0, 0, NULL},
		{"weight_of_lda_with_profile", OPTION_REAL, &weights->with_profile[PART_LDA], 0, 0, NULL},
		{"weight_of_cnn_with_profile", OPTION_REAL, &weights->with_profile[PART_CNN], 0, 0, NULL},
		{"lda", OPTION_JSON, &lda, 0, 0, NULL},
		{"cnn", OPTION_JSON, &cnn, 0, 0, NULL},
	};

	return emoser_write_options(specs, lengthof(specs));
}

/* The net first, for it can be resumed. */
static void
train(const TrainingSet *set, const void *options, Jsonb *all, TrainingObserver *observer,
	  EmoModel *model, Jsonb **metrics)
{
	const EnsembleOptions *ensemble = options;
	EmoModel net = {0};
	Weights weights;
	Jsonb *of_lda, *of_cnn;

	emoser_algorithm_cnn.train(set, &ensemble->cnn, all, observer, &net, &of_cnn);
	emoser_algorithm_lda.train(set, &ensemble->lda, all, NULL, model, &of_lda);
	weights = fit_weights(set, ensemble, NULL);
	model->algorithm = "ensemble";
	model->net = net.net;
	model->net_weight = weights.plain[PART_CNN];
	model->net_profile_weight = weights.with_profile[PART_CNN];
	for (int h = 0; h < model->n_heads; h++)
	{
		model->heads[h].weight *= weights.plain[PART_LDA];
		model->heads[h].profile_weight *= weights.with_profile[PART_LDA];
	}
	*metrics = metrics_of(&weights, of_lda, of_cnn);
}

/* Add up the parts' scores of held-out utterances by weights that don't know them. */
static float *
combine(const TrainingSet *set, const int32 *fold_of, int n_folds, const double *given,
		const float *lda, const float *cnn)
{
	EmoEnsembleRows rows = rows_of(set, fold_of, lda, cnn);
	int n_groups = Min(n_folds, MAX_GROUPS);
	float *scores = MemoryContextAllocHuge(
		CurrentMemoryContext, (Size) set->n_utterances * set->core.n_classes * sizeof(float));
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	for (int group = 0; group < n_groups; group++)
	{
		double fitted[EMO_MAX_ENSEMBLE_PARTS];

		if (given == NULL)
			emoser_check(&env, emo_ensemble_fit(&env, &rows, n_groups, group, fitted));
		for (int64 i = 0; i < set->n_utterances; i++)
			if (fold_of[i] >= 0 && fold_of[i] % n_groups == group)
				emo_ensemble_score(&rows, i, given != NULL ? given : fitted,
								   scores + (Size) i * set->core.n_classes);
	}
	return scores;
}

/* Weights are fitted to the other folds; where there is one only, within what it is trained on. */
static void
score(const TrainingSet *set, const void *options, const int32 *fold_of, int n_folds,
	  bool with_profile, CrossScores *scores)
{
	const EnsembleOptions *ensemble = options;
	CrossScores parts[N_PARTS];
	Weights weights;
	bool is_single = n_folds == 1;

	score_parts(set, ensemble, fold_of, n_folds, with_profile, parts);
	if (is_single)
		weights = fit_weights(set, ensemble, fold_of);
	scores->plain = combine(set, fold_of, n_folds, is_single ? weights.plain : NULL,
							parts[PART_LDA].plain, parts[PART_CNN].plain);
	scores->with_profile = NULL;
	if (parts[PART_LDA].with_profile != NULL)
		scores->with_profile =
			combine(set, fold_of, n_folds, is_single ? weights.with_profile : NULL,
					parts[PART_LDA].with_profile, parts[PART_CNN].plain);
}

const Algorithm emoser_algorithm_ensemble = {"ensemble",  true,  read_options,
											 set_options, train, score};
