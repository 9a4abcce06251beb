/*
 * summed_settings.c
 *	  What is settled before rows are summed up: the population, which makes the scale.
 */
#include "pg/training/summed_settings.h"

#include "pg/base/shown.h"
#include "pg/model/value.h"
#include "pg/model/versions.h"

const EmoModel *
emoser_read_settings(Oid function, const char *name)
{
	ModelName parsed = emoser_parse_model_name(name);
	ModelVersion *version = emoser_read_version(function, parsed.name, parsed.version);
	const EmoModel *model = emoser_decode_model(CurrentMemoryContext, version->record.model);

	if (model->net != NULL || emoser_head_of(model, false) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has no settings to be taken", emoser_shown(name)),
				 errdetail("It is of algorithm \"%s\".", emoser_shown(version->record.algorithm)),
				 errhint("Option \"settings_of\" takes models of \"lda\".")));
	return model;
}

const EmoLdaHead *
emoser_head_of(const EmoModel *model, bool on_profile)
{
	for (int h = 0; h < model->n_heads; h++)
		if (model->heads[h].on_profile == on_profile)
			return &model->heads[h].lda;
	return NULL;
}

static void
measure_population(SumSettings *settings, const Survey *survey)
{
	settings->mean = palloc(survey->n_features * sizeof(float));
	settings->deviation = palloc(survey->n_features * sizeof(float));
	emo_profile_finish(survey->population, settings->mean, settings->deviation);
}

static void
take_population(SumSettings *settings, const Survey *survey, const EmoModel *model,
				const char *name)
{
	if (model->n_features != survey->n_features)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("model \"%s\", whose settings are to be taken, is of %d features",
							   emoser_shown(name), model->n_features),
						errdetail("The source has %d.", survey->n_features)));
	settings->mean = model->population_mean;
	settings->deviation = model->population_deviation;
}

void
emoser_choose_settings(SumSettings *settings, const Survey *survey, const RowLayout *layout,
					   const LdaOptions *lda, const EmoModel *model)
{
	bool has_profiles = survey->has_many_speakers || survey->speakers.n > 1;

	settings->layout = *layout;
	settings->n_features = survey->n_features;
	settings->wants_profiles = lda->profile_head && layout->has_speakers && has_profiles &&
							   (model == NULL || emoser_head_of(model, true) != NULL);
	if (model != NULL)
		take_population(settings, survey, model, lda->settings_of);
	else
		measure_population(settings, survey);
}
