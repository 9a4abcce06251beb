/*
 * metric_rows.c
 *	  Metrics of an evaluation as rows of a result.
 */
#include "pg/evaluate/metric_rows.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

const char *const emoser_metric_names[EMO_N_METRICS] = {"uar", "war", "macro_f1", "log_loss",
														"ece"};
const char *const emoser_agreement_names[EMO_N_AGREEMENTS] = {"ccc", "pearson", "mae", "rmse"};
static const char *const label_metric_names[] = {"precision", "recall", "f1"};

/* Rows of the result that have something in common. */
typedef struct Scope
{
	RowWriter *rows;
	const char *scope, *name, *suffix;
	int64 n;
} Scope;

static void
put_metric(const Scope *scope, const char *metric, EmoEstimate estimate)
{
	double numbers[3] = {estimate.value, estimate.low, estimate.high};
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

static EmoEstimate
estimate_of(const EmoEstimates *estimates, int which)
{
	return (EmoEstimate){estimates->value[which], estimates->low[which], estimates->high[which]};
}

static void
put_label(Scope scope, const Evaluation *evaluation, const EmoEstimates *estimates, int label)
{
	scope.scope = "emotion";
	scope.name = evaluation->labels[label];
	scope.n = emoser_count_of_label(evaluation, label);
	for (int m = 0; m < EMO_LABEL_METRICS; m++)
		put_metric(&scope, label_metric_names[m],
				   estimate_of(estimates, EMO_N_METRICS + label * EMO_LABEL_METRICS + m));
	if (scope.suffix[0] == '\0')
		put_metric(&scope, "support", (EmoEstimate){(double) scope.n, NAN, NAN});
}

static void
put_speaker(Scope scope, Evaluation *evaluation, const EmoJudged *judged, int speaker)
{
	EmoRecalls recalls = emoser_estimate_speaker(evaluation, judged, speaker);

	scope.scope = "speaker";
	scope.name = evaluation->speakers[speaker];
	scope.n = emoser_count_of_speaker(evaluation, speaker);
	put_metric(&scope, emoser_metric_names[EMO_METRIC_UAR], recalls.uar);
	put_metric(&scope, emoser_metric_names[EMO_METRIC_WAR], recalls.war);
}

static void
put_speakers(Scope scope, Evaluation *evaluation, const EmoJudged *judged)
{
	MemoryContext work =
		AllocSetContextCreate(CurrentMemoryContext, "emoser speaker", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(work);

	for (int speaker = 0; speaker < evaluation->n_speakers; speaker++)
	{
		CHECK_FOR_INTERRUPTS();
		put_speaker(scope, evaluation, judged, speaker);
		MemoryContextReset(work);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
}

EmoEstimates
emoser_put_overall(RowWriter *rows, const char *name, Evaluation *evaluation,
				   const EmoJudged *judged, const char *suffix)
{
	EmoEstimates estimates = emoser_estimate(evaluation, judged);
	Scope scope = {rows, name, NULL, suffix, judged->n_rows};

	for (int m = 0; m < EMO_N_METRICS; m++)
		put_metric(&scope, emoser_metric_names[m], estimate_of(&estimates, m));
	return estimates;
}

void
emoser_put_number(RowWriter *rows, const char *metric, double value, int64 n)
{
	Scope scope = {rows, "overall", NULL, "", n};

	put_metric(&scope, metric, (EmoEstimate){value, NAN, NAN});
}

static void
put_target(Scope scope, Evaluation *evaluation, const EmoPairs *pairs)
{
	EmoAgreementEstimates estimates = emoser_estimate_pairs(evaluation, pairs);

	scope.n = estimates.n;
	for (int m = 0; m < EMO_N_AGREEMENTS; m++)
		put_metric(&scope, emoser_agreement_names[m],
				   (EmoEstimate){estimates.value[m], estimates.low[m], estimates.high[m]});
	put_metric(&scope, "coverage", (EmoEstimate){estimates.coverage, NAN, NAN});
}

void
emoser_put_told(RowWriter *rows, const char *scope, Evaluation *evaluation, const ToldValues *told)
{
	for (int t = 0; t < told->n_targets; t++)
	{
		put_target((Scope){rows, scope, told->targets[t], "", 0}, evaluation, &told->plain[t]);
		if (told->has_profiles)
			put_target((Scope){rows, scope, told->targets[t], EMOSER_PROFILE_SUFFIX, 0}, evaluation,
					   &told->with_profile[t]);
	}
}

void
emoser_put_metrics(RowWriter *rows, Evaluation *evaluation, const EmoJudged *judged,
				   const char *suffix)
{
	EmoEstimates estimates = emoser_put_overall(rows, "overall", evaluation, judged, suffix);
	Scope scope = {rows, "overall", NULL, suffix, judged->n_rows};

	for (int label = 0; label < evaluation->n_labels; label++)
		put_label(scope, evaluation, &estimates, label);
	put_speakers(scope, evaluation, judged);
}
