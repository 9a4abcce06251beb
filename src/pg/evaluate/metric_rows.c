/*
 * metric_rows.c
 *	  Metrics of an evaluation as rows of a result.
 */
#include "pg/evaluate/metric_rows.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/evaluate/by_group.h"

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

static void
put_label(Scope scope, const Evaluation *evaluation, const EmoEstimates *estimates, int label)
{
	scope.scope = "emotion";
	scope.name = evaluation->labels[label];
	scope.n = emoser_count_of_label(evaluation, label);
	for (int m = 0; m < EMO_LABEL_METRICS; m++)
		put_metric(&scope, label_metric_names[m],
				   emoser_estimate_of(estimates, EMO_N_METRICS + label * EMO_LABEL_METRICS + m));
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

static void
put_gini(const Scope *scope, Evaluation *evaluation, const EmoJudged *judged)
{
	EmoGini gini = emoser_estimate_gini(evaluation, judged);

	put_metric(scope, "gini", gini.gini);
	put_metric(scope, "gini_by_chance", gini.by_chance);
}

EmoEstimates
emoser_put_overall(RowWriter *rows, const char *name, Evaluation *evaluation,
				   const EmoJudged *judged, const char *suffix)
{
	EmoEstimates estimates = emoser_estimate(evaluation, judged);
	Scope scope = {rows, name, NULL, suffix, judged->n_rows};

	for (int m = 0; m < EMO_N_METRICS; m++)
		put_metric(&scope, emoser_metric_names[m], emoser_estimate_of(&estimates, m));
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

/* How a variant of the predictions does in a group. */
static void
put_group_recalls(Scope scope, Evaluation *evaluation, const ByGroup *by, int group,
				  const EmoJudged *judged)
{
	GroupRecalls recalls = emoser_estimate_group(evaluation, by, group, judged);

	put_metric(&scope, "uar", recalls.uar);
	if (by->n_shared < by->n_labels)
		put_metric(&scope, "shared_uar", recalls.shared_uar);
	put_metric(&scope, "war", recalls.war);
}

static void
put_group_pairs(Scope scope, Evaluation *evaluation, const ByGroup *by, int group,
				const char *target, const EmoPairs *pairs)
{
	EmoAgreementEstimates estimates = emoser_estimate_group_pairs(evaluation, by, group, pairs);

	for (int m = 0; m < EMO_N_AGREEMENTS; m++)
		put_metric(&scope, psprintf("%s_%s", target, emoser_agreement_names[m]),
				   (EmoEstimate){estimates.value[m], estimates.low[m], estimates.high[m]});
}

/* prefix is that of the metrics of a target, or empty. */
static void
put_gap(Scope scope, const char *prefix, const char *metric, EmoGap gap)
{
	put_metric(&scope, psprintf("%s%s", prefix, metric), gap.gap);
	put_metric(&scope, psprintf("%sby_chance", prefix), gap.by_chance);
	put_metric(&scope, psprintf("%sp_value", prefix), (EmoEstimate){gap.p, NAN, NAN});
}

/* Of emotions, or of numbers in their place, which are said without a profile or with one. */
typedef struct Said
{
	const char *suffix;
	const EmoJudged *judged;
	const ToldValues *told;
	const EmoPairs *pairs; /* [told->n_targets] */
} Said;

static void
put_said_of_group(Scope scope, Evaluation *evaluation, const ByGroup *by, int group,
				  const Said *said)
{
	scope.suffix = said->suffix;
	if (said->told == NULL)
		put_group_recalls(scope, evaluation, by, group, said->judged);
	for (int t = 0; said->told != NULL && t < said->told->n_targets; t++)
		put_group_pairs(scope, evaluation, by, group, said->told->targets[t], &said->pairs[t]);
}

static void
put_said_gap(Scope scope, Evaluation *evaluation, const ByGroup *by, const Said *said)
{
	scope.suffix = said->suffix;
	if (said->told == NULL)
		put_gap(scope, "", "uar", emoser_gap_of_judged(evaluation, by, said->judged));
	for (int t = 0; said->told != NULL && t < said->told->n_targets; t++)
		put_gap(scope, psprintf("%s_", said->told->targets[t]),
				emoser_agreement_names[EMO_AGREEMENT_CCC],
				emoser_gap_of_pairs(evaluation, by, &said->pairs[t]));
}

static void
put_group(RowWriter *rows, Evaluation *evaluation, const ByGroup *by, int number, const Said *said,
		  int n_said)
{
	const UtteranceGroup *group = &by->groups[number];
	Scope scope = {rows, "group", group->name, "", group->n};

	if (group->n == 0)
		return;
	if (evaluation->n_speakers > 0)
		put_metric(&scope, "speakers", (EmoEstimate){group->n_speakers, NAN, NAN});
	if (said->told == NULL)
		put_metric(&scope, "emotions", (EmoEstimate){group->n_labels, NAN, NAN});
	for (int i = 0; i < n_said; i++)
		put_said_of_group(scope, evaluation, by, number, &said[i]);
}

void
emoser_put_groups(RowWriter *rows, Evaluation *evaluation, const EmoJudged *plain,
				  const EmoJudged *with_profile, const ToldValues *told)
{
	Said said[2] = {
		{"", plain, told, told != NULL ? told->plain : NULL},
		{EMOSER_PROFILE_SUFFIX, with_profile, told, told != NULL ? told->with_profile : NULL}};
	int n_said = (told != NULL ? told->has_profiles : with_profile != NULL) ? 2 : 1;

	for (int b = 0; b < evaluation->n_by; b++)
	{
		const GroupColumn *column = &evaluation->by[b];
		ByGroup by = emoser_look_at_groups(evaluation, column);
		Scope gap = {rows, "gap", column->name, "", by.compared.n};

		emoser_tell_of_groups(evaluation, &by);
		for (int g = 0; g < by.n_groups; g++)
			put_group(rows, evaluation, &by, g, said, n_said);
		for (int i = 0; i < n_said; i++)
			put_said_gap(gap, evaluation, &by, &said[i]);
	}
}

void
emoser_put_metrics(RowWriter *rows, Evaluation *evaluation, const EmoJudged *judged,
				   const char *suffix)
{
	EmoEstimates estimates = emoser_put_overall(rows, "overall", evaluation, judged, suffix);
	Scope scope = {rows, "overall", NULL, suffix, judged->n_rows};

	if (evaluation->n_speakers > 1)
		put_gini(&scope, evaluation, judged);
	for (int label = 0; label < evaluation->n_labels; label++)
		put_label(scope, evaluation, &estimates, label);
	put_speakers(scope, evaluation, judged);
}
