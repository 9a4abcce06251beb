/*
 * algorithm.c
 *	  The algorithms that can be trained and cross-validated.
 */
#include "pg/training/algorithm.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "pg/base/options.h"
#include "pg/base/shown.h"

/* NULL for those that aren't trained here. */
static const Algorithm *const algorithms[EMO_N_ALGORITHMS] = {
	[EMO_LDA] = &emoser_algorithm_lda,
	[EMO_CNN] = &emoser_algorithm_cnn,
	[EMO_ENSEMBLE] = &emoser_algorithm_ensemble,
	[EMO_RIDGE] = &emoser_algorithm_ridge,
};

static void
unknown_algorithm(const char *name)
{
	const char *names[EMO_N_ALGORITHMS], *closest;
	int n = 0;
	StringInfoData known;

	initStringInfo(&known);
	for (int i = 0; i < EMO_N_ALGORITHMS; i++)
		if (emo_algorithms[i].is_trained)
			names[n++] = emo_algorithms[i].name;
	for (int i = 0; i < n; i++)
		appendStringInfo(&known, "%s\"%s\"", i == 0 ? "" : i == n - 1 ? " and " : ", ", names[i]);
	closest = emoser_closest_match(name, names, n);
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("unknown algorithm \"%s\"", emoser_shown(name)),
					errdetail("Algorithms are %s.", known.data),
					closest != NULL  ? errhint("Did you mean \"%s\"?", closest)
					: name[0] == '{' ? errhint("Name the argument of options: options => %s.",
											   emoser_shown_literal(name))
									 : 0));
}

const EmoAlgorithm *
emoser_find_core_algorithm(const char *name)
{
	const EmoAlgorithm *found = emo_find_algorithm(name);

	if (found == NULL)
		unknown_algorithm(name);
	if (!found->is_trained)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("algorithm \"%s\" can't be trained", found->name),
				 errdetail("It is the head that a checkpoint came with, imported by "
						   "emoser_import_encoder()."),
				 errhint("Train \"lda\" with the option \"encoder\" on what an encoder hears.")));
	return found;
}

const Algorithm *
emoser_find_algorithm(const char *name)
{
	return algorithms[emoser_find_core_algorithm(name) - emo_algorithms];
}

void
emoser_check_learns_emotions(const Algorithm *algorithm, const void *options)
{
	if (algorithm->score == NULL || algorithm->set_options(options).source.target != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("this function is about emotions, and the options are about numbers"),
				 errhint("Numbers are cross-validated by emoser_cross_evaluate() and "
						 "emoser_cross_predictions_values().")));
}

void
emoser_check_learns_numbers(const Algorithm *algorithm, const void *options)
{
	if (algorithm->score_values == NULL || algorithm->set_options(options).source.target == NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("this function is about numbers, and the options are about emotions"),
			 errhint("Use emoser_cross_validate() and emoser_cross_predictions(), or the option "
					 "\"target\" and an algorithm that knows it, such as \"ridge\".")));
}

EmoFolds
emoser_new_folds(const TrainingSet *set, int n_folds)
{
	EmoFolds folds;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_new_folds(&env, set->n_utterances, n_folds, &folds));
	return folds;
}

EmoRowScores
emoser_new_row_scores(const TrainingSet *set)
{
	EmoRowScores scores;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_new_scores(&env, set->n_utterances, set->core.n_classes, &scores));
	return scores;
}

EmoRowValues
emoser_new_row_values(const TrainingSet *set)
{
	EmoRowValues values;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_new_row_values(&env, set->n_utterances, set->core.n_targets, &values));
	return values;
}

const char *
emoser_owner_of_option(const char *option)
{
	Jsonb *none = emoser_write_options(NULL, 0);

	/* These have no default, so that nobody records them unasked. */
	if (strcmp(option, "encoder") == 0 || strcmp(option, "layer") == 0 ||
		strcmp(option, "inputs") == 0)
		return "algorithms \"lda\" and \"ridge\"";
	if (strcmp(option, "target") == 0)
		return "algorithm \"ridge\"";
	for (int i = 0; i < EMO_N_ALGORITHMS; i++)
	{
		JsonbValue value;
		Jsonb *all;
		bool quiet;

		if (algorithms[i] == NULL)
			continue;
		(void) algorithms[i]->read_options(none, &all, &quiet);
		if (getKeyJsonValueFromContainer(&all->root, option, strlen(option), &value) != NULL)
			return psprintf("algorithm \"%s\"", emo_algorithms[i].name);
	}
	return NULL;
}
