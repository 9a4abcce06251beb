/*
 * model_evaluation.c
 *	  How a stored model does on a source.
 */
#include "pg/evaluate/model_evaluation.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "pg/base/name_table.h"
#include "pg/base/shown.h"
#include "pg/model/call.h"
#include "pg/model/value.h"
#include "pg/model/versions.h"

/* Of the frames of recordings, for models with a net; the rest goes to a temporary file. */
#define FRAMES_MEMORY_MB 256

TrainingSetOptions
emoser_evaluation_options(const EmoModel *model, const SourceOptions *source_options)
{
	return (TrainingSetOptions){.source = *source_options,
								.features = model->n_heads > 0,
								.frames = model->net != NULL,
								.memory_mb = FRAMES_MEMORY_MB,
								.any_classes = true};
}

/* Labels of model and source together, sorted by their bytes; *label_of_source [set's classes]. */
static void
unite_labels(ModelEvaluation *evaluation, int32 **label_of_source)
{
	const EmoModel *model = evaluation->model;
	const TrainingSet *set = evaluation->set;
	NameTable table;
	int32 *place;

	evaluation->label_of = palloc(model->n_classes * sizeof(int32));
	*label_of_source = palloc(set->core.n_classes * sizeof(int32));
	emoser_name_table_init(&table, "labels");
	for (int c = 0; c < model->n_classes; c++)
		evaluation->label_of[c] = emoser_name_number(&table, emoser_model_text(model->labels[c]));
	for (int c = 0; c < set->core.n_classes; c++)
		(*label_of_source)[c] = emoser_name_number(&table, set->labels[c]);
	evaluation->all.n_labels = list_length(table.names);
	evaluation->all.labels = emoser_sort_names(&table, &place);
	for (int c = 0; c < model->n_classes; c++)
		evaluation->label_of[c] = place[evaluation->label_of[c]];
	for (int c = 0; c < set->core.n_classes; c++)
		(*label_of_source)[c] = place[(*label_of_source)[c]];
}

static EmoProfile
make_profile(const ModelEvaluation *evaluation, int speaker, EmoProfileState *state)
{
	const Evaluation *all = &evaluation->all;
	int n_features = evaluation->set->core.n_features;
	float *mean = palloc(n_features * sizeof(float));
	float *deviation = palloc(n_features * sizeof(float));
	int64 first = emoser_first_of_speaker(all, speaker);

	emo_profile_init(state, n_features);
	for (int64 i = 0; i < emoser_count_of_speaker(all, speaker); i++)
	{
		CHECK_FOR_INTERRUPTS();
		emo_profile_add(state, evaluation->set->core.features +
								   (Size) all->by_speaker[first + i] * n_features);
	}
	emo_profile_finish(state, mean, deviation);
	return (EmoProfile){state->count, n_features, mean, deviation};
}

/* Of all utterances of each speaker. */
static EmoProfile *
make_profiles(const ModelEvaluation *evaluation)
{
	int n_speakers = evaluation->all.n_speakers;
	EmoProfile *profiles;
	EmoProfileState *state;

	if (n_speakers == 0 || !emo_model_uses_profile(evaluation->model))
		return NULL;
	profiles = palloc(n_speakers * sizeof(EmoProfile));
	state = palloc(emo_profile_state_size(evaluation->set->core.n_features));
	for (int speaker = 0; speaker < n_speakers; speaker++)
		profiles[speaker] = make_profile(evaluation, speaker, state);
	pfree(state);
	return profiles;
}

ModelEvaluation *
emoser_evaluate_set(DecodedModel *decoded, const TrainingSet *set)
{
	ModelEvaluation *evaluation = palloc0(sizeof(ModelEvaluation));
	int32 *actual = MemoryContextAllocHuge(CurrentMemoryContext, set->n_utterances * sizeof(int32));
	int32 *label_of_source;

	evaluation->decoded = decoded;
	evaluation->model = decoded->model;
	evaluation->set = set;
	if (set->has_audio)
		emoser_check_model_takes_audio(evaluation->model);
	if (evaluation->model->n_heads > 0)
		emoser_check_model_takes(evaluation->model, set->core.n_features);
	unite_labels(evaluation, &label_of_source);
	for (int64 i = 0; i < set->n_utterances; i++)
		actual[i] = label_of_source[set->label[i]];
	evaluation->all.n = set->n_utterances;
	evaluation->all.actual = actual;
	evaluation->all.speakers = set->speakers;
	evaluation->all.n_speakers = set->core.n_speakers;
	evaluation->all.speaker = set->speaker;
	emoser_prepare_evaluation(&evaluation->all);
	evaluation->profiles = make_profiles(evaluation);
	return evaluation;
}

static void
predict_one(ModelEvaluation *evaluation, int64 i, bool with_profile, float *probabilities)
{
	const TrainingSet *set = evaluation->set;
	EmoEnv *env = &evaluation->all.env;
	EmoUtterance utterance = {0};

	if (evaluation->model->n_heads > 0)
		utterance.features = set->core.features + (Size) i * set->n_copies * set->core.n_features;
	if (with_profile)
		utterance.profile = &evaluation->profiles[set->speaker[i]];
	if (evaluation->model->net != NULL)
	{
		emoser_check(env, set->net.fetch(env, set->net.source, i, &utterance.frames));
		utterance.n_frames = set->net.n_frames[i];
	}
	emoser_predict_utterance(evaluation->decoded, &utterance, probabilities);
}

float *
emoser_predict_all(ModelEvaluation *evaluation, bool with_profile)
{
	Size n = evaluation->all.n, n_classes = evaluation->model->n_classes;
	float *probabilities =
		MemoryContextAllocHuge(CurrentMemoryContext, n * n_classes * sizeof(float));

	for (Size i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		predict_one(evaluation, i, with_profile, probabilities + i * n_classes);
	}
	return probabilities;
}

EmoJudged
emoser_judge_model(ModelEvaluation *evaluation, const float *probabilities)
{
	EmoScores scores = {.n_rows = evaluation->all.n,
						.n_classes = evaluation->model->n_classes,
						.score = probabilities,
						.label_of = evaluation->label_of};
	EmoJudged judged;

	emoser_check(&evaluation->all.env,
				 emo_judge(&evaluation->all.env, &scores, evaluation->all.actual,
						   evaluation->all.n_labels, &judged));
	return judged;
}

static void
warn_of_own_data(Oid function, const StoredModel *stored, const char *data_hash)
{
	ModelVersion *row = emoser_read_version(function, stored->name, stored->version);

	if (strcmp(row->record.data_hash, data_hash) == 0)
		ereport(WARNING,
				(errmsg("model \"%s\" was trained on these very data", emoser_shown(stored->name)),
				 errdetail("For other speakers and recordings the figures are too good."),
				 errhint("emoser_cross_validate() holds out what it tests on.")));
}

/* Other words for the same emotions give recalls of zero, which look like a bad model. */
static void
warn_of_unknown_labels(const ModelEvaluation *evaluation, const char *model_name)
{
	const char *const *labels = evaluation->all.labels;
	int n_known = evaluation->model->n_classes;
	const char **known = palloc(n_known * sizeof(char *));
	const char **unknown = palloc(evaluation->all.n_labels * sizeof(char *));
	bool *is_known = palloc0(evaluation->all.n_labels * sizeof(bool));
	int n_unknown = 0;

	for (int c = 0; c < n_known; c++)
	{
		known[c] = labels[evaluation->label_of[c]];
		is_known[evaluation->label_of[c]] = true;
	}
	for (int i = 0; i < evaluation->all.n_labels; i++)
		if (!is_known[i])
			unknown[n_unknown++] = labels[i];
	if (n_unknown > 0)
		ereport(WARNING,
				(errmsg_plural("model \"%s\" does not know the emotion %s",
							   "model \"%s\" does not know the emotions %s", n_unknown,
							   emoser_shown(model_name), emoser_shown_list(unknown, n_unknown)),
				 errdetail("It knows %s.", emoser_shown_list(known, n_known)),
				 errhint("If these are other words for the same, give a query as the "
						 "source that renames them.")));
}

ModelEvaluation *
emoser_evaluate_model(Oid function, const char *name, Source *source,
					  const SourceOptions *source_options)
{
	/* A name that doesn't exist is told before the source is read. */
	const StoredModel *stored =
		emoser_find_model(emoser_name_model(function, name, CurrentMemoryContext));
	TrainingSetOptions options = emoser_evaluation_options(stored->model, source_options);
	bool is_first = !emoser_source_was_read(source);
	TrainingSet *set = emoser_read_set(source, &options);
	ModelEvaluation *evaluation;

	if (is_first)
		emoser_report_skipped(set);
	warn_of_own_data(function, stored, set->data_hash);
	evaluation = emoser_evaluate_set(stored->decoded, set);
	warn_of_unknown_labels(evaluation, stored->name);
	return evaluation;
}
