/*
 * evaluate.c
 *	  emoser_evaluate(model, source): how a stored model does on recordings.
 */
#include "pg/base/glue.h"

#include <math.h>

#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/base/metrics.h"
#include "core/model/model.h"
#include "pg/base/name_table.h"
#include "pg/model/store.h"
#include "pg/model/use.h"
#include "pg/model/value.h"
#include "pg/model/versions.h"
#include "pg/source/set.h"

/* Of the frames of recordings, for models with a net; the rest goes to a temporary file. */
#define FRAMES_MEMORY_MB 256

/* Emotions that a warning names; the rest is counted. */
#define MAX_NAMED_EMOTIONS 10

static const char *const metric_names[] = {"uar", "war", "macro_f1", "log_loss", "ece"};
static const char *const label_metric_names[] = {"precision", "recall", "f1"};

/* Labels of model and source together, sorted by their bytes. */
typedef struct Labels
{
	const char **names;
	int n;
	int32 *of_model;  /* [model's classes], place in names */
	int32 *of_source; /* [source's classes] */
} Labels;

typedef struct Evaluation
{
	LoadedModel *loaded;
	const EmoModel *model; /* of loaded */
	TrainingSet *set;
	Labels labels;
	int32 *actual;        /* [n_utterances] */
	int64 *by_speaker;    /* [n_utterances], utterances in the order of their speakers */
	int64 *speaker_start; /* [n_speakers + 1] in by_speaker */
	int64 *each;          /* [n_utterances + 1], 0, 1, 2, ... */
	EmoProfile *profiles; /* [n_speakers]; NULL: nothing is known of speakers */
	MemoryContext context;
	EmoEnv env;
} Evaluation;

static Labels
unite_labels(const EmoModel *model, const TrainingSet *set)
{
	Labels labels;
	NameTable table;
	int32 *place;

	labels.of_model = palloc(model->n_classes * sizeof(int32));
	labels.of_source = palloc(set->core.n_classes * sizeof(int32));
	emoser_name_table_init(&table, "labels");
	for (int c = 0; c < model->n_classes; c++)
		labels.of_model[c] = emoser_name_number(&table, emoser_model_text(model->labels[c]));
	for (int c = 0; c < set->core.n_classes; c++)
		labels.of_source[c] = emoser_name_number(&table, set->labels[c]);
	labels.n = list_length(table.names);
	labels.names = emoser_sort_names(&table, &place);
	for (int c = 0; c < model->n_classes; c++)
		labels.of_model[c] = place[labels.of_model[c]];
	for (int c = 0; c < set->core.n_classes; c++)
		labels.of_source[c] = place[labels.of_source[c]];
	return labels;
}

static void
sort_by_speaker(Evaluation *evaluation)
{
	const TrainingSet *set = evaluation->set;
	int64 n = set->n_utterances;
	int n_speakers = set->core.n_speakers;
	int64 *next = palloc0((n_speakers + 1) * sizeof(int64));

	evaluation->by_speaker = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int64));
	evaluation->each = MemoryContextAllocHuge(CurrentMemoryContext, (n + 1) * sizeof(int64));
	evaluation->speaker_start = palloc0((n_speakers + 1) * sizeof(int64));
	for (int64 i = 0; i <= n; i++)
		evaluation->each[i] = i;
	if (n_speakers == 0)
		return;
	for (int64 i = 0; i < n; i++)
		evaluation->speaker_start[set->core.speaker[i] + 1]++;
	for (int s = 0; s < n_speakers; s++)
		next[s + 1] = evaluation->speaker_start[s + 1] += evaluation->speaker_start[s];
	for (int64 i = 0; i < n; i++)
		evaluation->by_speaker[next[set->core.speaker[i]]++] = i;
}

static void
make_profiles(Evaluation *evaluation)
{
	const TrainingSet *set = evaluation->set;
	int n_features = set->core.n_features;
	EmoProfileState *state;

	if (set->core.n_speakers == 0 || !emo_model_uses_profile(evaluation->model))
		return;
	state = palloc(emo_profile_state_size(n_features));
	evaluation->profiles = palloc(set->core.n_speakers * sizeof(EmoProfile));
	for (int s = 0; s < set->core.n_speakers; s++)
	{
		float *mean = palloc(n_features * sizeof(float));
		float *deviation = palloc(n_features * sizeof(float));

		emo_profile_init(state, n_features);
		for (int64 i = evaluation->speaker_start[s]; i < evaluation->speaker_start[s + 1]; i++)
		{
			CHECK_FOR_INTERRUPTS();
			emo_profile_add(state,
							set->core.features + (Size) evaluation->by_speaker[i] * n_features);
		}
		emo_profile_finish(state, mean, deviation);
		evaluation->profiles[s] = (EmoProfile){state->count, n_features, mean, deviation};
	}
}

static void
predict_one(Evaluation *evaluation, int64 i, bool with_profile, float *probabilities)
{
	const TrainingSet *set = evaluation->set;
	EmoUtterance utterance = {0};

	if (evaluation->model->n_heads > 0)
		utterance.features = set->core.features + (Size) i * set->core.n_features;
	if (with_profile)
		utterance.profile = &evaluation->profiles[set->core.speaker[i]];
	if (evaluation->model->net != NULL)
	{
		emoser_check(&evaluation->env,
					 set->net.fetch(&evaluation->env, set->net.source, i, &utterance.frames));
		utterance.n_frames = set->net.n_frames[i];
	}
	emoser_ask_model(evaluation->loaded, &utterance, probabilities);
}

static EmoJudged
predict_all(Evaluation *evaluation, bool with_profile)
{
	const TrainingSet *set = evaluation->set;
	const EmoModel *model = evaluation->model;
	Size n = set->n_utterances;
	int32 *predicted = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	float *confidence = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(float));
	float *loss = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(float));
	float *probabilities = palloc(model->n_classes * sizeof(float));

	for (Size i = 0; i < n; i++)
	{
		int best = 0;
		double of_actual = 0;

		CHECK_FOR_INTERRUPTS();
		predict_one(evaluation, i, with_profile, probabilities);
		for (int c = 0; c < model->n_classes; c++)
		{
			best = probabilities[c] > probabilities[best] ? c : best;
			if (evaluation->labels.of_model[c] == evaluation->actual[i])
				of_actual = probabilities[c];
		}
		predicted[i] = evaluation->labels.of_model[best];
		confidence[i] = probabilities[best];
		loss[i] = emo_log_loss(of_actual);
	}
	return (EmoJudged){n, evaluation->labels.n, evaluation->actual, predicted, confidence, loss};
}

/* Values of emo_tally_metrics() with their intervals. */
/* Of units of utterances, see emo_estimate_metrics(). */
static EmoEstimates
estimate(Evaluation *evaluation, const EmoJudged *judged, const int64 *rows, const int64 *start,
		 int64 n_units)
{
	EmoEstimates estimates;

	emoser_check(&evaluation->env,
				 emo_estimate_metrics(&evaluation->env, judged, rows, start, n_units, &estimates));
	return estimates;
}

/* Rows of the result that have something in common. */
typedef struct Scope
{
	RowWriter *rows;
	const char *scope, *name, *suffix;
	int64 n;
} Scope;

static void
put_metric(const Scope *scope, const char *metric, const EmoEstimates *estimates, int which)
{
	double numbers[3] = {estimates->value[which], estimates->low[which], estimates->high[which]};
	Datum values[7];
	bool nulls[7] = {false};

	values[0] = CStringGetTextDatum(scope->scope);
	nulls[1] = scope->name == NULL;
	values[1] = nulls[1] ? (Datum) 0 : CStringGetTextDatum(scope->name);
	values[2] = CStringGetTextDatum(psprintf("%s%s", metric, scope->suffix));
	for (int i = 0; i < 3; i++)
	{
		values[3 + i] = Float8GetDatum(numbers[i]);
		nulls[3 + i] = isnan(numbers[i]);
	}
	values[6] = Int64GetDatum(scope->n);
	emoser_put_row(scope->rows, values, nulls);
}

static void
put_label(Scope scope, const Evaluation *evaluation, const EmoEstimates *estimates, int label)
{
	double support, nothing = NAN;
	EmoEstimates of_support = {&support, &nothing, &nothing};

	scope.scope = "emotion";
	scope.name = evaluation->labels.names[label];
	scope.n = 0;
	for (int64 i = 0; i < evaluation->set->n_utterances; i++)
		scope.n += evaluation->actual[i] == label;
	for (int m = 0; m < EMO_LABEL_METRICS; m++)
		put_metric(&scope, label_metric_names[m], estimates,
				   EMO_N_METRICS + label * EMO_LABEL_METRICS + m);
	support = (double) scope.n;
	if (scope.suffix[0] == '\0')
		put_metric(&scope, "support", &of_support, 0);
}

static void
put_speaker(Scope scope, Evaluation *evaluation, const EmoJudged *judged, int speaker)
{
	int64 first = evaluation->speaker_start[speaker];
	EmoEstimates estimates;

	scope.scope = "speaker";
	scope.name = evaluation->set->speakers[speaker];
	scope.n = evaluation->speaker_start[speaker + 1] - first;
	estimates =
		estimate(evaluation, judged, evaluation->by_speaker, evaluation->each + first, scope.n);
	put_metric(&scope, metric_names[EMO_METRIC_UAR], &estimates, EMO_METRIC_UAR);
	put_metric(&scope, metric_names[EMO_METRIC_WAR], &estimates, EMO_METRIC_WAR);
}

static void
put_metrics(RowWriter *rows, Evaluation *evaluation, bool with_profile)
{
	int n_speakers = evaluation->set->core.n_speakers;
	EmoJudged judged = predict_all(evaluation, with_profile);
	Scope scope = {rows, "overall", NULL, with_profile ? "_with_profile" : "", judged.n_rows};
	EmoEstimates estimates = n_speakers > 1 ? estimate(evaluation, &judged, evaluation->by_speaker,
													   evaluation->speaker_start, n_speakers)
											: estimate(evaluation, &judged, evaluation->each,
													   evaluation->each, judged.n_rows);

	for (int m = 0; m < EMO_N_METRICS; m++)
		put_metric(&scope, metric_names[m], &estimates, m);
	for (int label = 0; label < evaluation->labels.n; label++)
		put_label(scope, evaluation, &estimates, label);
	for (int speaker = 0; speaker < n_speakers; speaker++)
		put_speaker(scope, evaluation, &judged, speaker);
}

static void
warn_of_own_data(Oid function, const StoredModel *stored, const char *data_hash)
{
	ModelVersion *row = emoser_read_version(function, stored->name, stored->version);

	if (strcmp(row->record.data_hash, data_hash) == 0)
		ereport(WARNING, (errmsg("model \"%s\" was trained on these very data", stored->name),
						  errdetail("For other speakers and recordings the figures are too good."),
						  errhint("emoser_cross_validate() holds out what it tests on.")));
}

static char *
quote_some(const char *const *names, int n)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < Min(n, MAX_NAMED_EMOTIONS); i++)
		appendStringInfo(&list, "%s\"%s\"", i > 0 ? ", " : "", names[i]);
	if (n > MAX_NAMED_EMOTIONS)
		appendStringInfo(&list, " and %d more", n - MAX_NAMED_EMOTIONS);
	return list.data;
}

/* Other words for the same emotions give recalls of zero, which look like a bad model. */
static void
warn_of_unknown_labels(const Evaluation *evaluation, const char *model_name)
{
	const Labels *labels = &evaluation->labels;
	int n_known = evaluation->model->n_classes;
	const char **known = palloc(n_known * sizeof(char *));
	const char **unknown = palloc(labels->n * sizeof(char *));
	bool *is_known = palloc0(labels->n * sizeof(bool));
	int n_unknown = 0;

	for (int c = 0; c < n_known; c++)
	{
		known[c] = labels->names[labels->of_model[c]];
		is_known[labels->of_model[c]] = true;
	}
	for (int i = 0; i < labels->n; i++)
		if (!is_known[i])
			unknown[n_unknown++] = labels->names[i];
	if (n_unknown > 0)
		ereport(WARNING, (errmsg_plural("model \"%s\" does not know the emotion %s",
										"model \"%s\" does not know the emotions %s", n_unknown,
										model_name, quote_some(unknown, n_unknown)),
						  errdetail("It knows %s.", quote_some(known, n_known)),
						  errhint("If these are other words for the same, give a query as the "
								  "source that renames them.")));
}

PG_FUNCTION_INFO_V1(emoser_evaluate);
Datum
emoser_evaluate(PG_FUNCTION_ARGS)
{
	static const char *const argument_names[] = {"model", "source"};
	TrainingSetOptions options = {.any_classes = true, .memory_mb = FRAMES_MEMORY_MB};
	Evaluation evaluation = {0};
	NamedModel *named;
	const StoredModel *stored;
	RowWriter rows;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	emoser_begin_rows(fcinfo, &rows);
	SPI_connect();
	evaluation.context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser evaluation", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(evaluation.context);
	emoser_env_init(&evaluation.env, evaluation.context);

	/* A name that doesn't exist is told before the source is read. */
	named = emoser_name_model(fcinfo->flinfo->fn_oid, text_to_cstring(PG_GETARG_TEXT_PP(0)),
							  evaluation.context);
	stored = emoser_find_model(named);
	evaluation.loaded = stored->loaded;
	evaluation.model = evaluation.loaded->model;
	options.features = evaluation.model->n_heads > 0;
	options.frames = evaluation.model->net != NULL;
	evaluation.set = emoser_read_training_set(text_to_cstring(PG_GETARG_TEXT_PP(1)), &options);
	emoser_tell_skipped(evaluation.set);
	warn_of_own_data(fcinfo->flinfo->fn_oid, stored, evaluation.set->data_hash);
	if (evaluation.set->has_audio)
		emoser_check_model_takes_audio(evaluation.model);
	if (options.features)
		emoser_check_model_takes(evaluation.model, evaluation.set->core.n_features);

	evaluation.labels = unite_labels(evaluation.model, evaluation.set);
	warn_of_unknown_labels(&evaluation, stored->name);
	evaluation.actual =
		MemoryContextAllocHuge(evaluation.context, evaluation.set->n_utterances * sizeof(int32));
	for (int64 i = 0; i < evaluation.set->n_utterances; i++)
		evaluation.actual[i] = evaluation.labels.of_source[evaluation.set->core.label[i]];
	sort_by_speaker(&evaluation);
	make_profiles(&evaluation);
	put_metrics(&rows, &evaluation, false);
	if (evaluation.profiles != NULL)
		put_metrics(&rows, &evaluation, true);
	SPI_finish();
	return (Datum) 0;
}
