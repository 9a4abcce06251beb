/*
 * predictions.c
 *	  The predictions that emoser_report() tells of, and their scores.
 */
#include "pg/report/report.h"

#include <math.h>

#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "pg/evaluate/cross_run.h"

static Jsonb *
quiet_options(Jsonb *options)
{
	Datum quiet = DirectFunctionCall1(jsonb_in, CStringGetDatum("{\"quiet\": true}"));

	return DatumGetJsonbP(DirectFunctionCall2(jsonb_concat, JsonbPGetDatum(options), quiet));
}

/* The set as the algorithm wants it: that of the report, if it will do. */
static const TrainingSet *
training_set(Report *report, const Algorithm *algorithm, const void *options)
{
	TrainingSetOptions wanted = algorithm->set_options(options);
	bool has_copies = (!wanted.features || !wanted.augment || !report->set->has_audio) &&
					  wanted.frame_copies.copies == 0;

	/* Of the layers that the model hears, others can't be chosen. */
	if (has_copies && wanted.frames == report->model.has_net && report->has_classes &&
		(wanted.encoder == NULL || !wanted.encoder->is_learned))
		return report->set;
	wanted.source = report->reading;
	wanted.with_ids = true;
	wanted.by = report->by;
	return emoser_read_set(report->source, &wanted);
}

/* By models of the same algorithm and options, each without those whom it predicts. */
static void
cross_validate(Report *report)
{
	const Algorithm *algorithm = emoser_find_algorithm(report->model.algorithm);
	Jsonb *all;
	bool quiet;
	void *options = algorithm->read_options(quiet_options(report->model.options), &all, &quiet);
	const TrainingSet *set = training_set(report, algorithm, options);
	bool by_speaker = set->core.n_speakers > 1;
	CrossProtocol protocol = {.kind = by_speaker ? PROTOCOL_AUTO : PROTOCOL_KFOLD,
							  .k = (int) Min(DEFAULT_FOLDS, set->n_utterances)};
	CrossRun run = emoser_cross_run(algorithm, options, set, &protocol);
	/* Every utterance is held out once by these protocols. */
	CrossEvaluation *evaluation = emoser_evaluate_cross_run(&run);

	report->protocol = run.folds.kind == PROTOCOL_LOSO       ? REPORT_LOSO
					   : run.folds.kind == PROTOCOL_SPEAKERS ? REPORT_SPEAKERS
															 : REPORT_KFOLD;
	report->evaluation = &evaluation->all;
	report->judged = evaluation->plain;
	report->log_posteriors = run.scores.plain.ln_p;
	report->classes = set->labels;
	report->n_classes = set->core.n_classes;
	report->has_profiles = evaluation->has_profiles;
	if (report->has_profiles)
		report->profile_scores = emoser_estimate(report->evaluation, &evaluation->with_profile);
}

/* Those that count, if these are not all; raises if there are none. */
static ModelEvaluation *
chosen(Report *report, ModelEvaluation *all)
{
	bool is_only = report->wanted == TRAINED_ON_ONLY;
	int64 n = 0;

	if (report->wanted == TRAINED_ON_MARK)
		return all;
	emoser_check_chosen(report->trained_on, all->all.n, is_only, report->model.name);
	report->judged_place = MemoryContextAllocHuge(CurrentMemoryContext, all->all.n * sizeof(int64));
	for (int64 i = 0; i < all->all.n; i++)
		report->judged_place[i] = report->trained_on[i] == is_only ? n++ : -1;
	return emoser_evaluation_of_some(all, report->trained_on, is_only);
}

static ReportProtocol
own_protocol(const Report *report)
{
	bool is_all = report->n_trained_on == report->set->n_utterances;

	if (report->wanted == TRAINED_ON_LEAVE_OUT)
		return REPORT_REST;
	if (report->wanted == TRAINED_ON_ONLY || is_all || report->is_own_data)
		return REPORT_TRAINED_ON;
	return report->n_trained_on > 0 ? REPORT_PARTLY : REPORT_NEW_DATA;
}

static void
predict(Report *report)
{
	ModelEvaluation *evaluation =
		chosen(report, emoser_evaluate_set(report->model.decoded, report->set));
	const bool *speakers;

	report->protocol = own_protocol(report);
	if (report->protocol == REPORT_TRAINED_ON)
		report->warning = "trained on all of these: not an evaluation";
	else if (report->protocol == REPORT_PARTLY)
		report->warning =
			psprintf("trained on " INT64_FORMAT " of " INT64_FORMAT ": not an evaluation",
					 report->n_trained_on, report->set->n_utterances);
	report->evaluation = &evaluation->all;
	speakers = emoser_find_speakers_trained_on(
		report->sql.function, report->model.name, atoi(report->model.version),
		evaluation->all.speakers, evaluation->all.n_speakers);
	for (int i = 0; i < evaluation->all.n_speakers; i++)
		report->n_speakers_trained_on += speakers[i];
	report->judged = evaluation->plain;
	report->classes = report->model.labels;
	report->n_classes = report->model.n_labels;
}

/* Of the set, in the order of the source. */
static void
list_predictions(Report *report)
{
	const Evaluation *evaluation = report->evaluation;
	int64 n = 0;

	report->predicted =
		MemoryContextAllocHuge(CurrentMemoryContext, evaluation->n * sizeof(ReportPrediction));
	for (int64 i = 0; i < report->set->n_utterances; i++)
	{
		int64 u = report->source_order[i];
		int64 place = report->judged_place != NULL ? report->judged_place[u] : u;
		int32 actual, predicted;

		if (place < 0)
			continue;
		actual = report->judged.actual[place];
		predicted = report->judged.predicted[place];
		report->predicted[n++] =
			(ReportPrediction){.source_row = report->set->source_rows[u],
							   .utterance = u,
							   .name = emoser_utterance_name(report->set, u),
							   .speaker = evaluation->speaker != NULL
											  ? evaluation->speakers[evaluation->speaker[place]]
											  : NULL,
							   .actual = evaluation->labels[actual],
							   .predicted = evaluation->labels[predicted],
							   .is_right = actual == predicted,
							   .confidence = report->judged.confidence[place]};
	}
}

static int
compare_likelihoods(const void *a, const void *b)
{
	const Likelihood *x = a, *y = b;

	if (x->p != y->p)
		return x->p > y->p ? -1 : 1;
	return strcmp(x->label, y->label);
}

void
emoser_sort_likelihoods(Likelihood *likelihoods, int n)
{
	qsort(likelihoods, n, sizeof(Likelihood), compare_likelihoods);
}

Likelihood *
emoser_report_likelihoods(const Report *report, const ReportPrediction *p, int *n)
{
	Likelihood *likelihoods;
	float *probabilities;

	if (p->probabilities != NULL)
		return emoser_read_likelihoods(p->probabilities, n);
	*n = report->n_classes;
	likelihoods = palloc(*n * sizeof(Likelihood));
	probabilities = palloc(*n * sizeof(float));
	if (report->log_posteriors == NULL)
		emoser_predict_of_set(report->model.decoded, report->set, p->utterance, probabilities);
	for (int c = 0; c < *n; c++)
		likelihoods[c] = (Likelihood){
			report->classes[c], report->log_posteriors != NULL
									? exp(report->log_posteriors[(Size) p->utterance * *n + c])
									: probabilities[c]};
	pfree(probabilities);
	emoser_sort_likelihoods(likelihoods, *n);
	return likelihoods;
}

void
emoser_report_read_predictions(Report *report)
{
	if (report->predictions_text != NULL)
		emoser_report_read_given(report);
	else
	{
		/* What is honest and affordable, unless somebody wants to know of the model itself. */
		if (report->cross_validate ||
			(report->is_trained_on && !report->model.has_net && report->wanted == TRAINED_ON_MARK))
			cross_validate(report);
		else
			predict(report);
		list_predictions(report);
	}
	/* The page counts them in an int. */
	if (report->evaluation->n > PG_INT32_MAX)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many predictions for a report")));
	report->n = (int) report->evaluation->n;
	report->scores = emoser_estimate(report->evaluation, &report->judged);
}
