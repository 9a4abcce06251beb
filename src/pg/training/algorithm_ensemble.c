/*
 * algorithm_ensemble.c
 *	  "ensemble": "lda" and "cnn" together, their log posteriors added by weights that are fitted to
 *	  utterances which neither was trained on.
 */
#include "pg/training/algorithm.h"

#include "utils/memutils.h"

#include "core/model/ensemble.h"
#include "pg/base/options.h"
#include "pg/source/corpora.h"
#include "pg/training/judge.h"
#include "pg/training/lda_options.h"
#include "pg/training/net.h"

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
	SourceOptions source;
	LdaOptions lda;
	CnnOptions cnn;
} EnsembleOptions;

/* What each part weighs, and how the sum did on the utterances that this was fitted to. */
typedef struct Weights
{
	double weights[N_PARTS];
	double uar, war, log_loss;
} Weights;

/* As they are noted beside a checkpoint of the net: alone, and where a speaker profile is given. */
typedef struct FittedWeights
{
	Weights plain, with_profile;
	double has_profile; /* 1: with_profile is of scores with profiles; 0: it is plain */
} FittedWeights;

static Jsonb *
object_or_empty(Jsonb *given)
{
	return given != NULL ? given : emoser_write_options(NULL, 0);
}

static void *
read_options(Jsonb *given, Jsonb **all, bool *quiet)
{
	EnsembleOptions *options = palloc0(sizeof(EnsembleOptions));
	Jsonb *lda = NULL, *cnn = NULL;
	bool resume = false;
	/* Those of the parts and of the source are recorded with the model, the two others not. */
	const int n_recorded = 2 + EMOSER_N_EMOTION_SOURCE_OPTIONS;
	OptionSpec specs[2 + EMOSER_N_SOURCE_OPTIONS + 2] = {
		{"lda", OPTION_JSON, &lda, 0, 0, NULL},
		{"cnn", OPTION_JSON, &cnn, 0, 0, NULL},
	};

	*quiet = false;
	emoser_source_options(&options->source, specs + 2);
	specs[n_recorded] = (OptionSpec){"resume", OPTION_BOOLEAN, &resume, 0, 0, NULL};
	specs[n_recorded + 1] = (OptionSpec){"quiet", OPTION_BOOLEAN, quiet, 0, 0, NULL};
	emoser_read_options(given, "algorithm \"ensemble\"", emoser_owner_of_option, specs,
						n_recorded + 2);
	emoser_refuse_corpora(&options->source, "ensemble");
	options->lda = emoser_read_lda_options(object_or_empty(lda), false, &lda);
	options->cnn = emoser_read_cnn_options(object_or_empty(cnn), false, &cnn);
	*quiet = *quiet || options->lda.quiet || options->cnn.quiet;
	options->lda.quiet = options->cnn.quiet = *quiet;
	options->cnn.resume = options->cnn.resume || resume;
	/* The speakers that are held out for it are those that the weights are fitted to. */
	options->cnn.calibrate = true;
	*all = emoser_write_options(specs, n_recorded);
	return options;
}

static TrainingSetOptions
set_options(const void *options)
{
	const EnsembleOptions *ensemble = options;
	TrainingSetOptions set = emoser_algorithm_lda.set_options(&ensemble->lda);
	TrainingSetOptions of_cnn = emoser_algorithm_cnn.set_options(&ensemble->cnn);

	set.source = ensemble->source;
	set.by_corpus = false;
	set.frames = true;
	set.frame_copies = of_cnn.frame_copies;
	set.frame_seed = of_cnn.frame_seed;
	set.memory_mb = of_cnn.memory_mb;
	return set;
}

static EmoEnsembleRows
rows_of(const TrainingSet *set, const EmoFolds *folds, const EmoRowScores *lda,
		const EmoRowScores *cnn)
{
	EmoEnsembleRows rows = {.n_parts = N_PARTS,
							.n_classes = set->core.n_classes,
							.n_rows = set->n_utterances,
							.label = set->label,
							.folds = folds,
							.scores = {[PART_LDA] = lda, [PART_CNN] = cnn}};
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	for (int k = 0; k < N_PARTS; k++)
		emoser_check(&env,
					 emo_check_rows(&env, rows.n_rows, rows.n_classes, folds, rows.scores[k]));
	return rows;
}

static FittedWeights
equal_weights(void)
{
	Weights equal = {.weights = {0.5, 0.5}};

	return (FittedWeights){.plain = equal, .with_profile = equal};
}

/* Weights by the rows of fold 0, and how they do there. */
static Weights
fit(const TrainingSet *set, const EmoEnsembleRows *rows)
{
	double weights[EMO_MAX_ENSEMBLE_PARTS], metrics[EMO_N_METRICS];
	EmoRowScores scores = emoser_new_row_scores(set);
	Weights fitted;
	EmoJudged judged;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_ensemble_fit(&env, rows, 1, -1, weights));
	for (int64 i = 0; i < rows->n_rows; i++)
		if (rows->folds->fold_of[i] == 0)
			emo_ensemble_score(rows, i, weights, emo_scores_of_row(&scores, i));
	judged = emoser_judge(set, rows->folds, &scores);
	(void) emoser_fold_metrics(&judged, rows->folds, 0, metrics);
	memcpy(fitted.weights, weights, sizeof(fitted.weights));
	fitted.uar = metrics[EMO_METRIC_UAR];
	fitted.war = metrics[EMO_METRIC_WAR];
	fitted.log_loss = metrics[EMO_METRIC_LOG_LOSS];
	emo_free(&env, scores.ln_p);
	return fitted;
}

/* What is judged: the net of a whole set, or that of its part without a fold. */
typedef struct Judgement
{
	const TrainingSet *set;
	const EnsembleOptions *options;
	const EmoFolds *folds; /* NULL: the net is of the whole set */
} Judgement;

/*
 * Weights by the recordings that were held out from the net.  "lda" is trained without them too, and
 * neither knows what is in a fold that is to be scored.
 */
static void
judge(const NetTraining *training, const EmoFolds *held_out, const EmoRowScores *net_scores,
	  double numbers[EMO_NN_RUN_NUMBERS])
{
	const Judgement *judgement = training->judge_argument;
	const TrainingSet *set = judgement->set;
	EmoFolds folds = emoser_new_folds(set, 1);
	EmoRowScores scores = emoser_new_row_scores(set);
	EmoEnv env;
	LdaOptions quiet = judgement->options->lda;
	FittedWeights fitted;
	CrossScores lda;
	EmoEnsembleRows rows;

	StaticAssertStmt(sizeof(FittedWeights) <= sizeof(double) * EMO_NN_RUN_NUMBERS,
					 "fitted_weights fit into a run");
	emoser_env_init(&env, CurrentMemoryContext);
	quiet.quiet = true;
	for (int64 i = 0; i < folds.n_rows; i++)
		folds.fold_of[i] = EMO_LEFT_OUT;
	for (int64 r = 0; r < held_out->n_rows; r++)
	{
		int64 i = judgement->folds != NULL ? emoser_utterance_of_fold(training, r) : r;

		folds.fold_of[i] = held_out->fold_of[r];
		memcpy(emo_scores_of_row(&scores, i), emo_scores_of_row(net_scores, r),
			   scores.n_classes * sizeof(float));
	}
	emoser_algorithm_lda.score(set, &quiet, &folds, true, &lda);
	rows = rows_of(set, &folds, &lda.plain, &scores);
	fitted.plain = fitted.with_profile = fit(set, &rows);
	fitted.has_profile = lda.has_profiles;
	if (lda.has_profiles)
	{
		rows.scores[PART_LDA] = &lda.with_profile;
		fitted.with_profile = fit(set, &rows);
	}
	memcpy(numbers, &fitted, sizeof(fitted));
	emo_free(&env, folds.fold_of);
	emo_free(&env, scores.ln_p);
}

/* What was noted of a training that has come to its end. */
static FittedWeights
fitted_weights_of(const NetTraining *training)
{
	FittedWeights fitted_weights;

	if (!training->run.validated.validated)
		return equal_weights();
	memcpy(&fitted_weights, training->run.host_numbers, sizeof(fitted_weights));
	for (int k = 0; k < N_PARTS; k++)
		if (!(fitted_weights.plain.weights[k] >= 0 &&
			  fitted_weights.plain.weights[k] <= EMO_MAX_ENSEMBLE_WEIGHT &&
			  fitted_weights.with_profile.weights[k] >= 0 &&
			  fitted_weights.with_profile.weights[k] <= EMO_MAX_ENSEMBLE_WEIGHT))
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED), errmsg("training checkpoint is damaged"),
					 errhint("Train without \"resume\".")));
	return fitted_weights;
}

/* Of the utterances that the weights were fitted to, which makes them slightly too good. */
static Jsonb *
metrics_of(NetTraining *training, FittedWeights *fitted_weights, bool has_speakers, Jsonb *lda,
		   Jsonb *cnn)
{
	static const char *const protocols[] = {"held-out recordings", "held-out speakers", NULL};
	int protocol = has_speakers ? 1 : 0;
	Weights *plain = &fitted_weights->plain, *with_profile = &fitted_weights->with_profile;
	OptionSpec parts[] = {
		{"weight_of_lda", OPTION_REAL, &plain->weights[PART_LDA], 0, 0, NULL},
		{"weight_of_cnn", OPTION_REAL, &plain->weights[PART_CNN], 0, 0, NULL},
		{"weight_of_lda_with_profile", OPTION_REAL, &with_profile->weights[PART_LDA], 0, 0, NULL},
		{"weight_of_cnn_with_profile", OPTION_REAL, &with_profile->weights[PART_CNN], 0, 0, NULL},
		{"lda", OPTION_JSON, &lda, 0, 0, NULL},
		{"cnn", OPTION_JSON, &cnn, 0, 0, NULL},
	};
	OptionSpec held_out[] = {
		{"protocol", OPTION_CHOICE, &protocol, 0, 0, protocols},
		{"held_out_utterances", OPTION_INTEGER, &training->run.n_held_out, 0, 0, NULL},
		{"uar", OPTION_REAL, &plain->uar, 0, 0, NULL},
		{"war", OPTION_REAL, &plain->war, 0, 0, NULL},
		{"log_loss", OPTION_REAL, &plain->log_loss, 0, 0, NULL},
		{"uar_with_profile", OPTION_REAL, &with_profile->uar, 0, 0, NULL},
		{"war_with_profile", OPTION_REAL, &with_profile->war, 0, 0, NULL},
		{"log_loss_with_profile", OPTION_REAL, &with_profile->log_loss, 0, 0, NULL},
	};
	OptionSpec all[lengthof(parts) + lengthof(held_out)];
	int n_held_out = !training->run.validated.validated ? 0
					 : fitted_weights->has_profile != 0 ? lengthof(held_out)
														: lengthof(held_out) - 3;

	memcpy(all, parts, sizeof(parts));
	memcpy(all + lengthof(parts), held_out, n_held_out * sizeof(OptionSpec));
	return emoser_write_options(all, lengthof(parts) + n_held_out);
}

static void
train(const TrainingSet *set, const void *options, Jsonb *all, TrainingObserver *observer,
	  EmoModel *model, Jsonb **metrics)
{
	const EnsembleOptions *ensemble = options;
	Judgement judgement = {set, ensemble, NULL};
	NetTraining training = {.data = &set->net,
							.options = &ensemble->cnn,
							.observer = observer,
							.judge = judge,
							.judge_argument = &judgement};
	Jsonb *of_lda;
	FittedWeights fitted_weights;

	model->net = emoser_train_net(&training, set, all);
	fitted_weights = fitted_weights_of(&training);
	emoser_algorithm_lda.train(set, &ensemble->lda, all, NULL, model, &of_lda);
	model->algorithm = emo_algorithms[EMO_ENSEMBLE].name;
	/* That was how sure the heads are without the net. */
	model->certainty = NULL;
	model->net_weight = fitted_weights.plain.weights[PART_CNN];
	model->net_profile_weight = fitted_weights.with_profile.weights[PART_CNN];
	for (int h = 0; h < model->n_heads; h++)
	{
		model->heads[h].weight *= fitted_weights.plain.weights[PART_LDA];
		model->heads[h].profile_weight *= fitted_weights.with_profile.weights[PART_LDA];
	}
	*metrics = metrics_of(&training, &fitted_weights, set->speaker != NULL, of_lda,
						  emoser_net_metrics(&training, set->speaker != NULL));
}

/* Add up the parts' scores of held-out utterances by weights that don't know them. */
static EmoRowScores
combine(const TrainingSet *set, const EmoFolds *folds, const double *given, const EmoRowScores *lda,
		const EmoRowScores *cnn)
{
	EmoEnsembleRows rows = rows_of(set, folds, lda, cnn);
	int n_groups = Min(folds->n_folds, MAX_GROUPS);
	EmoRowScores scores = emoser_new_row_scores(set);
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	for (int group = 0; group < n_groups; group++)
	{
		double fitted[EMO_MAX_ENSEMBLE_PARTS];

		if (given == NULL)
			emoser_check(&env, emo_ensemble_fit(&env, &rows, n_groups, group, fitted));
		for (int64 i = 0; i < folds->n_rows; i++)
			if (folds->fold_of[i] >= 0 && folds->fold_of[i] % n_groups == group)
				emo_ensemble_score(&rows, i, given != NULL ? given : fitted,
								   emo_scores_of_row(&scores, i));
	}
	return scores;
}

/* The net of the only fold, and the weights that were fitted within what it is trained on. */
static FittedWeights
score_single(const TrainingSet *set, const EnsembleOptions *options, const EmoFolds *folds,
			 EmoRowScores *scores)
{
	Judgement judgement = {set, options, folds};
	Progress progress;
	NetTraining training = {.options = &options->cnn,
							.progress = &progress,
							.judge = judge,
							.judge_argument = &judgement};

	emoser_progress_start(&progress, "epochs trained", emoser_net_epochs(&options->cnn),
						  options->cnn.quiet);
	emoser_score_fold_by_net(&training, set, folds, 0, scores);
	return fitted_weights_of(&training);
}

/* Weights are fitted to the other folds; where there is one only, within what it is trained on. */
static void
score(const TrainingSet *set, const void *options, const EmoFolds *folds, bool with_profile,
	  CrossScores *scores)
{
	const EnsembleOptions *ensemble = options;
	bool is_single = folds->n_folds == 1;
	CrossScores lda, cnn;
	FittedWeights fitted;

	emoser_algorithm_lda.score(set, &ensemble->lda, folds, with_profile, &lda);
	if (is_single)
	{
		cnn.plain = emoser_new_row_scores(set);
		fitted = score_single(set, ensemble, folds, &cnn.plain);
	}
	else
		emoser_algorithm_cnn.score(set, &ensemble->cnn, folds, false, &cnn);
	scores->plain =
		combine(set, folds, is_single ? fitted.plain.weights : NULL, &lda.plain, &cnn.plain);
	scores->has_profiles = lda.has_profiles;
	if (lda.has_profiles)
		scores->with_profile = combine(set, folds, is_single ? fitted.with_profile.weights : NULL,
									   &lda.with_profile, &cnn.plain);
}

const Algorithm emoser_algorithm_ensemble = {
	.read_options = read_options, .set_options = set_options, .train = train, .score = score};
