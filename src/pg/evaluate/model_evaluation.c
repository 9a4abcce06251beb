/*
 * model_evaluation.c
 *	  How a stored model does on a source.
 */
#include "pg/evaluate/model_evaluation.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "pg/base/name_table.h"
#include "pg/evaluate/speaker_store.h"
#include "pg/model/asked.h"
#include "pg/model/value.h"
#include "pg/source/audio_arg.h"
#include "pg/source/reader.h"

static bool
is_asked(const ModelEvaluation *evaluation, int label)
{
	return evaluation->asked == NULL || evaluation->asked[label];
}

/* Labels of model and source[n] together, sorted by their bytes; *label_of_source [n]. */
static void
unite_labels(ModelEvaluation *evaluation, const char *const *source, int n, int32 **label_of_source)
{
	const EmoModel *model = evaluation->model;
	NameTable table;
	int32 *place;

	evaluation->label_of = palloc(model->n_classes * sizeof(int32));
	*label_of_source = palloc(Max(n, 1) * sizeof(int32));
	emoser_name_table_init(&table, "labels");
	for (int c = 0; c < model->n_classes; c++)
		evaluation->label_of[c] =
			is_asked(evaluation, c)
				? emoser_name_number(&table, emoser_model_text(model->labels[c]))
				: -1;
	for (int c = 0; c < n; c++)
		(*label_of_source)[c] = emoser_name_number(&table, source[c]);
	evaluation->all.n_labels = list_length(table.names);
	evaluation->all.labels = emoser_sort_names(&table, &place);
	for (int c = 0; c < model->n_classes; c++)
		if (is_asked(evaluation, c))
			evaluation->label_of[c] = place[evaluation->label_of[c]];
	for (int c = 0; c < n; c++)
		(*label_of_source)[c] = place[(*label_of_source)[c]];
}

static void
check_takes(const EmoModel *model, bool has_audio, int n_features)
{
	if (has_audio)
		emoser_check_model_takes_audio(model);
	if (model->n_heads > 0)
		emoser_check_model_takes(model, n_features);
}

/* Judged of n utterances, to be set. */
typedef struct Judging
{
	int32 *predicted;
	float *confidence, *loss;
} Judging;

static Judging
new_judging(const Evaluation *all, EmoJudged *judged)
{
	Judging judging = {MemoryContextAllocHuge(CurrentMemoryContext, all->n * sizeof(int32)),
					   MemoryContextAllocHuge(CurrentMemoryContext, all->n * sizeof(float)),
					   MemoryContextAllocHuge(CurrentMemoryContext, all->n * sizeof(float))};

	*judged = (EmoJudged){
		all->n, all->n_labels, all->actual, judging.predicted, judging.confidence, judging.loss};
	return judging;
}

static void
set_judged(const ModelEvaluation *evaluation, Judging *judging, int64 i, EmoSaid said)
{
	judging->predicted[i] = evaluation->label_of[said.predicted];
	judging->confidence[i] = said.confidence;
	judging->loss[i] = said.loss;
}

void
emoser_predict_of_set(DecodedModel *decoded, const TrainingSet *set, int64 i, float *probabilities)
{
	EmoUtterance utterance = {0};
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	if (decoded->model->n_heads > 0)
		utterance.features = set->core.features + (Size) i * set->n_copies * set->core.n_features;
	if (decoded->model->net != NULL)
	{
		emoser_check(&env, set->net.fetch(&env, set->net.source, i, &utterance.frames));
		utterance.n_frames = set->net.n_frames[i];
	}
	emoser_predict_utterance(decoded, &utterance, probabilities);
}

/* Class of the model for a label of the source, -1: none that is asked for. */
static int32
class_of_label(const ModelEvaluation *evaluation, const char *label)
{
	const EmoModel *model = evaluation->model;

	for (int c = 0; c < model->n_classes; c++)
		if (is_asked(evaluation, c) && strcmp(emoser_model_text(model->labels[c]), label) == 0)
			return c;
	return -1;
}

static void
judge_set(ModelEvaluation *evaluation, DecodedModel *decoded, const TrainingSet *set)
{
	const EmoModel *model = evaluation->model;
	Judging judging = new_judging(&evaluation->all, &evaluation->plain);
	float *probabilities = palloc(model->n_classes * sizeof(float));
	int32 *class_of = palloc(set->core.n_classes * sizeof(int32));
	MemoryContext work =
		AllocSetContextCreate(CurrentMemoryContext, "emoser utterance", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(work);

	for (int label = 0; label < set->core.n_classes; label++)
		class_of[label] = class_of_label(evaluation, set->labels[label]);
	for (int64 i = 0; i < set->n_utterances; i++)
	{
		CHECK_FOR_INTERRUPTS();
		emoser_predict_of_set(decoded, set, i, probabilities);
		set_judged(evaluation, &judging, i,
				   emo_judge_row(probabilities, model->n_classes, false, class_of[set->label[i]]));
		MemoryContextReset(work);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

ModelEvaluation *
emoser_evaluate_set(DecodedModel *decoded, const TrainingSet *set)
{
	ModelEvaluation *evaluation = palloc0(sizeof(ModelEvaluation));
	int32 *actual = MemoryContextAllocHuge(CurrentMemoryContext, set->n_utterances * sizeof(int32));
	int32 *label_of_source;

	evaluation->model = decoded->model;
	check_takes(evaluation->model, set->has_audio, set->core.n_features);
	unite_labels(evaluation, set->labels, set->core.n_classes, &label_of_source);
	for (int64 i = 0; i < set->n_utterances; i++)
		actual[i] = label_of_source[set->label[i]];
	evaluation->all.n = set->n_utterances;
	evaluation->all.actual = actual;
	evaluation->all.speakers = set->speakers;
	evaluation->all.n_speakers = set->core.n_speakers;
	evaluation->all.speaker = set->speaker;
	evaluation->all.by = set->by;
	evaluation->all.n_by = set->n_by;
	evaluation->content = set->content;
	emoser_prepare_evaluation(&evaluation->all);
	judge_set(evaluation, decoded, set);
	return evaluation;
}

/* Of a digest, enough to tell utterances apart, and to bring them into an order that is always the same. */
#define KEPT_DIGEST_BYTES 16

/* What is kept of an utterance; label and speaker are numbers in the order of their appearance. */
typedef struct JudgedUtterance
{
	uint8 digest[KEPT_DIGEST_BYTES];
	ContentHashes content;
	int32 label, speaker;
	int8 by[EMOSER_MAX_BY];      /* numbers of groups */
	EmoSaid plain, with_profile; /* of a regression unused */
	int64 number;                /* in the order of their coming */
} JudgedUtterance;

/* Predicting utterances as they are read. */
typedef struct Run
{
	MemoryContext context;
	const ModelEvaluation *evaluation;
	DecodedModel *decoded;
	const EmoModel *model;
	bool is_checked; /* that the model takes the source */
	JudgedUtterance *utterances;
	ToldList told; /* of a regression, in the order of their coming */
	int64 n, capacity;
	int32 *class_of; /* [n_known], of each label that has come so far */
	int n_known, known_capacity;
	EmoHashSum hash;
	SpeakerStore *store; /* NULL: no profiles */
	float *probabilities;
} Run;

static void
reserve(Run *run)
{
	Size n_bytes;

	if (run->n < run->capacity)
		return;
	run->capacity = Max(2 * run->capacity, 256);
	n_bytes = run->capacity * sizeof(JudgedUtterance);
	run->utterances = run->utterances == NULL ? MemoryContextAllocHuge(run->context, n_bytes)
											  : repalloc_huge(run->utterances, n_bytes);
}

static int32
class_of_number(Run *run, const TrainingReader *reader, int label)
{
	if (run->n_known == run->known_capacity)
	{
		run->known_capacity = Max(2 * run->known_capacity, 64);
		run->class_of =
			run->class_of == NULL
				? MemoryContextAllocHuge(run->context, run->known_capacity * sizeof(int32))
				: repalloc_huge(run->class_of, run->known_capacity * sizeof(int32));
	}
	/* Numbers come in their order. */
	if (label == run->n_known)
		run->class_of[run->n_known++] =
			class_of_label(run->evaluation, list_nth(reader->labels.names, label));
	return run->class_of[label];
}

static EmoSaid
predict(Run *run, const EmoUtterance *utterance, int label)
{
	EmoUtterance asking = *utterance;

	asking.asked = run->evaluation->asked;
	emoser_predict_utterance(run->decoded, &asking, run->probabilities);
	return emo_judge_row(run->probabilities, run->model->n_classes, false, run->class_of[label]);
}

/* An UtteranceTaker. */
static void
take_utterance(void *argument, const TrainingReader *reader)
{
	Run *run = argument;
	const Utterance *given = &reader->utterances[0];
	EmoUtterance utterance = {.features = run->model->n_heads > 0 ? reader->features : NULL,
							  .frames = reader->taken_frames,
							  .n_frames = reader->n_taken_frames};
	JudgedUtterance *judged;

	if (!run->is_checked)
		check_takes(run->model, reader->columns.audio != 0, reader->n_features);
	run->is_checked = true;
	reserve(run);
	judged = &run->utterances[run->n];
	*judged = (JudgedUtterance){.content = given->hashes,
								.label = given->label,
								.speaker = given->speaker,
								.number = run->n};
	memcpy(judged->digest, given->digest, KEPT_DIGEST_BYTES);
	memcpy(judged->by, given->by, sizeof(judged->by));
	emo_hash_sum_add(&run->hash, given->digest);
	(void) class_of_number(run, reader, given->label);
	if (run->model->targets != NULL)
		emoser_tell(&run->told, run->decoded, &utterance, run->n, reader->targets);
	else
		judged->plain = predict(run, &utterance, given->label);
	if (run->store != NULL && reader->columns.speaker != 0)
		emoser_speaker_store_add(run->store, given->speaker, run->n, &utterance,
								 reader->n_features);
	run->n++;
}

/* A ProfiledTaker. */
static void
take_profiled(void *argument, int64 number, const EmoUtterance *utterance)
{
	Run *run = argument;
	JudgedUtterance *judged = &run->utterances[number];

	if (run->model->targets != NULL)
		emoser_tell(&run->told, run->decoded, utterance, number, NULL);
	else
		judged->with_profile = predict(run, utterance, judged->label);
}

static int
compare_judged(const void *a, const void *b, void *reader)
{
	const JudgedUtterance *x = a, *y = b;
	int order = memcmp(x->digest, y->digest, KEPT_DIGEST_BYTES);

	CHECK_FOR_INTERRUPTS();
	return order != 0 ? order : emoser_compare_by(reader, x->by, y->by);
}

/* What a regression has told, in the order that the utterances have now. */
static const ToldValues *
told_values(const Run *run, bool has_profiles)
{
	ToldValues *values = emoser_new_told_values(emoser_target_names(run->model),
												run->model->n_classes, run->n, has_profiles);

	for (int64 i = 0; i < run->n; i++)
		emoser_set_told(values, i, emoser_told_number(&run->told, run->utterances[i].number));
	return values;
}

/* All that was said, in the order of a set. */
static void
fill(ModelEvaluation *evaluation, Run *run, const TrainingReader *reader)
{
	Evaluation *all = &evaluation->all;
	int n_labels = list_length(reader->labels.names);
	const char **labels = palloc(Max(n_labels, 1) * sizeof(char *));
	int32 *actual = MemoryContextAllocHuge(CurrentMemoryContext, run->n * sizeof(int32));
	int32 *speaker = MemoryContextAllocHuge(CurrentMemoryContext, run->n * sizeof(int32));
	ContentHashes *content =
		MemoryContextAllocHuge(CurrentMemoryContext, run->n * sizeof(ContentHashes));
	bool has_speakers = reader->columns.speaker != 0;
	int32 *label_of_source, *speaker_place;
	Judging plain, with_profile = {0};

	qsort_arg(run->utterances, run->n, sizeof(JudgedUtterance), compare_judged,
			  unconstify(TrainingReader *, reader));
	for (int label = 0; label < n_labels; label++)
		labels[label] = list_nth(reader->labels.names, label);
	unite_labels(evaluation, labels, n_labels, &label_of_source);
	all->n = run->n;
	all->actual = actual;
	all->speakers = emoser_sort_names(&reader->speakers, &speaker_place);
	all->n_speakers = list_length(reader->speakers.names);
	all->speaker = has_speakers ? speaker : NULL;
	all->by =
		emoser_group_columns_of(reader, run->utterances[0].by, sizeof(JudgedUtterance), run->n);
	all->n_by = reader->columns.n_by;
	plain = new_judging(all, &evaluation->plain);
	if (evaluation->has_profiles)
		with_profile = new_judging(all, &evaluation->with_profile);
	for (int64 i = 0; i < run->n; i++)
	{
		const JudgedUtterance *judged = &run->utterances[i];

		content[i] = judged->content;
		actual[i] = label_of_source[judged->label];
		speaker[i] = has_speakers ? speaker_place[judged->speaker] : -1;
		set_judged(evaluation, &plain, i, judged->plain);
		if (evaluation->has_profiles)
			set_judged(evaluation, &with_profile, i, judged->with_profile);
	}
	evaluation->content = content;
	if (run->model->targets != NULL)
		evaluation->told = told_values(run, evaluation->has_profiles);
	pfree(run->utterances);
	emoser_prepare_evaluation(all);
}

ModelEvaluation *
emoser_evaluate_source(DecodedModel *decoded, Source *source,
					   const EvaluationOptions *evaluation_options, bool with_profiles)
{
	const EmoModel *model = decoded->model;
	TrainingSetOptions options = emoser_evaluation_options(model, &evaluation_options->source);
	ModelEvaluation *evaluation = palloc0(sizeof(ModelEvaluation));
	bool is_first_time = !emoser_source_was_read(source);
	Run run = {.context = CurrentMemoryContext,
			   .evaluation = evaluation,
			   .decoded = decoded,
			   .model = model,
			   .told = {.context = CurrentMemoryContext, .n_targets = model->n_classes},
			   .probabilities = palloc(model->n_classes * sizeof(float))};
	TrainingReader reader;

	options.by = evaluation_options->by;
	if (with_profiles && emo_model_uses_profile(model))
		run.store = emoser_speaker_store_create();
	evaluation->model = model;
	evaluation->asked = emoser_asked_of_list(model, evaluation_options->emotions);
	emoser_take_rows(&reader, &options, source, take_utterance, &run);
	emoser_notice_talkers_of_source(reader.n_talkers_mixed);
	emoser_check_rows(&reader);
	if (is_first_time)
	{
		emoser_tell_of_rows(&reader);
		emoser_report_skipped_rows(reader.n_skipped);
	}
	evaluation->has_profiles = run.store != NULL && reader.columns.speaker != 0;
	if (run.store != NULL)
		emoser_speaker_store_finish(run.store, list_length(reader.speakers.names), take_profiled,
									&run);
	fill(evaluation, &run, &reader);
	evaluation->data_hash = emoser_data_hash(&run.hash);
	return evaluation;
}
