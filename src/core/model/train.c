/*
 * train.c
 *	  Train the heads of an "lda" model.
 */
#include "core/lda/profiled_rows.h"
#include "core/model/model.h"

static EmoStatus
train_head(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options, EmoLdaHead *head)
{
	if (emo_lda_fit(env, set, options, head) != EMO_OK)
		return env->status;
	return emo_lda_calibrate(env, set, options, head);
}

static EmoStatus
train_profile_head(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
				   EmoModel *model)
{
	EmoModelHead *head = &model->heads[model->n_heads];
	EmoLdaOptions of_profiles = emo_lda_profile_options(options);
	EmoTrainingSubset rows;

	if (emo_profiled_rows(env, set, model->population_mean, model->population_deviation, &rows) !=
			EMO_OK ||
		train_head(env, &rows.set, &of_profiles, &head->lda) != EMO_OK)
		return env->status;
	emo_training_subset_free(env, &rows);
	*head = (EmoModelHead){.on_profile = true, .profile_weight = 1, .lda = head->lda};
	model->n_heads++;

	/* With a profile the head for it decides alone. */
	model->heads[0].profile_weight = 0;
	return EMO_OK;
}

EmoStatus
emo_model_train_lda(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
					bool with_profile, EmoModel *model)
{
	bool can = false;

	model->algorithm = emo_algorithms[EMO_LDA].name;
	model->n_features = set->n_features;
	model->n_classes = set->n_classes;
	model->n_heads = 1;
	if ((model->heads = emo_alloc_zero(env, 2, sizeof(EmoModelHead))) == NULL)
		return env->status;

	/* The first head also checks the set. */
	model->heads[0].weight = 1;
	model->heads[0].profile_weight = 1;
	if (train_head(env, set, options, &model->heads[0].lda) != EMO_OK ||
		emo_measure_population(env, set, &model->population_mean, &model->population_deviation) !=
			EMO_OK ||
		emo_can_use_profiles(env, set, &can) != EMO_OK)
		return env->status;
	return with_profile && can ? train_profile_head(env, set, options, model) : EMO_OK;
}
