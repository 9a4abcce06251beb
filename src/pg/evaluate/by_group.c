/*
 * by_group.c
 *	  Figures of the utterances of each group, and how far apart they are.
 */
#include "pg/evaluate/by_group.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "utils/memutils.h"

#include "pg/base/shown.h"

/* Groups that a message names. */
#define MAX_NAMED 5

/* Utterances of a group by speaker, and what there is of them; is_there[n_labels] is room. */
static UtteranceGroup
look_at_group(const Evaluation *evaluation, const GroupColumn *column, int number, bool *is_there)
{
	UtteranceGroup group = {.name = column->groups[number]};
	int64 *rows, *start;
	int last_speaker = -1;

	for (int64 i = 0; i < evaluation->n; i++)
		group.n += column->group[i] == number;
	rows = MemoryContextAllocHuge(CurrentMemoryContext, Max(group.n, 1) * sizeof(int64));
	start = MemoryContextAllocHuge(CurrentMemoryContext, (group.n + 1) * sizeof(int64));
	memset(is_there, 0, evaluation->n_labels * sizeof(bool));
	group.n = 0;
	for (int64 i = 0; i < evaluation->n; i++)
	{
		int64 row = evaluation->by_speaker[i];
		int speaker = evaluation->speaker != NULL ? evaluation->speaker[row] : -1;

		if (column->group[row] != number)
			continue;
		if (speaker != last_speaker)
			start[group.n_speakers++] = group.n;
		last_speaker = speaker;
		group.n_labels += !is_there[evaluation->actual[row]];
		is_there[evaluation->actual[row]] = true;
		rows[group.n++] = row;
	}
	group.units = (DrawnUnits){rows, start, group.n_speakers};
	if (group.n_speakers < 2)
	{
		for (int64 i = 0; i < group.n; i++)
			start[i] = i;
		group.units.n = group.n;
	}
	start[group.units.n] = group.n;
	group.has_interval = group.n_speakers > 1 || evaluation->n_speakers < 2;
	return group;
}

/* Emotions that there are, and of these how many all groups have that are compared. */
static void
find_shared(const Evaluation *evaluation, ByGroup *by)
{
	int n_labels = evaluation->n_labels;
	bool *is_there = palloc0((Size) by->n_groups * n_labels * sizeof(bool) + 1);

	for (int64 i = 0; i < evaluation->n; i++)
		is_there[(Size) by->column->group[i] * n_labels + evaluation->actual[i]] = true;
	for (int label = 0; label < n_labels; label++)
	{
		bool is_anywhere = false, is_everywhere = true;

		for (int g = 0; g < by->n_groups; g++)
		{
			bool is_here = is_there[(Size) g * n_labels + label];

			is_anywhere = is_anywhere || is_here;
			is_everywhere = is_everywhere && (is_here || !by->groups[g].is_compared);
		}
		by->is_shared[label] = is_anywhere && is_everywhere;
		by->n_shared += by->is_shared[label];
	}
	pfree(is_there);
}

static int
count_labels(const Evaluation *evaluation)
{
	int n = 0;

	for (int label = 0; label < evaluation->n_labels; label++)
		n += emoser_count_of_label(evaluation, label) > 0;
	return n;
}

static void
choose_compared(const Evaluation *evaluation, ByGroup *by)
{
	int64 *rows =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(evaluation->n, 1) * sizeof(int64));

	by->compared =
		(EmoGroupedRows){.row = rows,
						 .group = by->column->group,
						 .n_groups = by->n_groups,
						 .speaker = evaluation->n_speakers > 1 ? evaluation->speaker : NULL,
						 .n_speakers = evaluation->n_speakers};
	for (int64 i = 0; i < evaluation->n; i++)
		if (by->groups[by->column->group[i]].is_compared && by->is_shared[evaluation->actual[i]])
			rows[by->compared.n++] = i;
}

ByGroup
emoser_look_at_groups(const Evaluation *evaluation, const GroupColumn *column)
{
	ByGroup by = {.column = column,
				  .groups = palloc(Max(column->n_groups, 1) * sizeof(UtteranceGroup)),
				  .n_groups = column->n_groups,
				  .n_labels = count_labels(evaluation),
				  .is_shared = palloc0(Max(evaluation->n_labels, 1) * sizeof(bool))};
	bool *is_there = palloc(Max(evaluation->n_labels, 1) * sizeof(bool));

	for (int g = 0; g < by.n_groups; g++)
	{
		UtteranceGroup *group = &by.groups[g];

		*group = look_at_group(evaluation, column, g, is_there);
		group->is_compared =
			group->n > 1 && group->has_interval && 2 * group->n_labels >= by.n_labels;
	}
	find_shared(evaluation, &by);
	choose_compared(evaluation, &by);
	pfree(is_there);
	return by;
}

/* What is said of groups, of which the first are named. */
typedef struct Saying
{
	StringInfoData text;
	int n;
} Saying;

static void
say_of(Saying *saying, const UtteranceGroup *group, const char *what)
{
	if (saying->n == 0)
		initStringInfo(&saying->text);
	if (saying->n < MAX_NAMED)
		appendStringInfo(&saying->text, "%s\"%s\" has %s.", saying->n > 0 ? " " : "",
						 emoser_shown(group->name), what);
	saying->n++;
}

/* What was said, and of how many others it wasn't. */
static const char *
said(Saying *saying)
{
	if (saying->n > MAX_NAMED)
		appendStringInfo(&saying->text, " There are %d more.", saying->n - MAX_NAMED);
	return saying->text.data;
}

static char *
speakers_in_words(int n)
{
	return n == 1 ? pstrdup("1 speaker") : psprintf("%d speakers", n);
}

static const char *
why_not_compared(const ByGroup *by, const UtteranceGroup *group)
{
	if (!group->has_interval)
		return speakers_in_words(group->n_speakers);
	if (group->n == 1)
		return "1 utterance";
	return psprintf("%d of %d emotions", group->n_labels, by->n_labels);
}

static void
tell_of_missing_labels(const Evaluation *evaluation, const ByGroup *by)
{
	const char **missing = palloc(Max(by->n_labels, 1) * sizeof(char *));
	int n = 0;

	for (int label = 0; label < evaluation->n_labels; label++)
		if (!by->is_shared[label] && emoser_count_of_label(evaluation, label) > 0)
			missing[n++] = evaluation->labels[label];
	if (n > 0)
		ereport(NOTICE, (errmsg("groups of column \"%s\" are compared by %d of %d emotions",
								emoser_shown(by->column->name), by->n_shared, by->n_labels),
						 errdetail("Some of them lack %s.", emoser_shown_list(missing, n))));
	pfree(missing);
}

void
emoser_tell_of_groups(const Evaluation *evaluation, const ByGroup *by)
{
	const char *column = emoser_shown(by->column->name);
	Saying not_compared = {.n = 0}, few = {.n = 0};
	int n_groups = 0, n_compared = 0;

	for (int g = 0; g < by->n_groups; g++)
	{
		const UtteranceGroup *group = &by->groups[g];

		if (group->n == 0)
			continue;
		n_groups++;
		n_compared += group->is_compared;
		if (!group->is_compared)
			say_of(&not_compared, group, why_not_compared(by, group));
		else if (evaluation->n_speakers > 1 && group->n_speakers < FEW_SPEAKERS)
			say_of(&few, group, speakers_in_words(group->n_speakers));
	}
	if (not_compared.n > 0)
		ereport(NOTICE,
				(errmsg_plural("%d of %d groups of column \"%s\" is not compared with others",
							   "%d of %d groups of column \"%s\" are not compared with others",
							   not_compared.n, not_compared.n, n_groups, column),
				 errdetail("%s", said(&not_compared)),
				 errhint("Comparing takes two speakers and half of the emotions at least.")));
	if (few.n > 0)
		ereport(NOTICE,
				(errmsg_plural("%d of %d groups of column \"%s\" has fewer than %d speakers",
							   "%d of %d groups of column \"%s\" have fewer than %d speakers",
							   few.n, few.n, n_groups, column, FEW_SPEAKERS),
				 errdetail("%s", said(&few)),
				 errhint("Their intervals are too narrow: rely on p_value instead.")));
	if (n_compared > 1)
		tell_of_missing_labels(evaluation, by);
}

static EmoEstimate
without_interval(EmoEstimate estimate)
{
	return (EmoEstimate){estimate.value, NAN, NAN};
}

static EmoRecalls
estimate_units(Evaluation *evaluation, const EmoJudged *judged, const DrawnUnits *units)
{
	EmoEstimates estimates;
	EmoRecalls recalls;

	emoser_check(&evaluation->env, emo_estimate_metrics(&evaluation->env, judged, units->rows,
														units->start, units->n, &estimates));
	recalls.uar = emoser_estimate_of(&estimates, EMO_METRIC_UAR);
	recalls.war = emoser_estimate_of(&estimates, EMO_METRIC_WAR);
	return recalls;
}

/* Those of the units' rows that are of shared emotions. */
static DrawnUnits
shared_units(const Evaluation *evaluation, const ByGroup *by, const DrawnUnits *units)
{
	int64 n_rows = units->start[units->n], n = 0;
	int64 *rows = MemoryContextAllocHuge(CurrentMemoryContext, Max(n_rows, 1) * sizeof(int64));
	int64 *start = MemoryContextAllocHuge(CurrentMemoryContext, (units->n + 1) * sizeof(int64));

	for (int64 unit = 0; unit < units->n; unit++)
	{
		start[unit] = n;
		for (int64 i = units->start[unit]; i < units->start[unit + 1]; i++)
			if (by->is_shared[evaluation->actual[units->rows[i]]])
				rows[n++] = units->rows[i];
	}
	start[units->n] = n;
	return (DrawnUnits){rows, start, units->n};
}

GroupRecalls
emoser_estimate_group(Evaluation *evaluation, const ByGroup *by, int number,
					  const EmoJudged *judged)
{
	const UtteranceGroup *group = &by->groups[number];
	EmoRecalls own = estimate_units(evaluation, judged, &group->units);
	GroupRecalls recalls = {own.uar, {NAN, NAN, NAN}, own.war};

	if (group->is_compared && by->n_shared > 0)
	{
		DrawnUnits units = shared_units(evaluation, by, &group->units);

		recalls.shared_uar = estimate_units(evaluation, judged, &units).uar;
	}
	if (!group->has_interval)
	{
		recalls.uar = without_interval(recalls.uar);
		recalls.war = without_interval(recalls.war);
	}
	return recalls;
}

EmoAgreementEstimates
emoser_estimate_group_pairs(Evaluation *evaluation, const ByGroup *by, int number,
							const EmoPairs *pairs)
{
	const UtteranceGroup *group = &by->groups[number];
	EmoAgreementEstimates estimates;

	emoser_check(&evaluation->env,
				 emo_estimate_agreement(&evaluation->env, pairs, group->units.rows,
										group->units.start, group->units.n, &estimates));
	for (int m = 0; !group->has_interval && m < EMO_N_AGREEMENTS; m++)
		estimates.low[m] = estimates.high[m] = NAN;
	return estimates;
}

static EmoGap
estimate_gap(Evaluation *evaluation, const ByGroup *by, const EmoGroupMeasure *measure)
{
	EmoGap gap;

	emoser_check(&evaluation->env,
				 emo_estimate_gap(&evaluation->env, measure, &by->compared, &gap));
	return gap;
}

EmoGap
emoser_gap_of_judged(Evaluation *evaluation, const ByGroup *by, const EmoJudged *judged)
{
	EmoGroupMeasure measure = emo_measure_uar(judged);

	return estimate_gap(evaluation, by, &measure);
}

EmoGap
emoser_gap_of_pairs(Evaluation *evaluation, const ByGroup *by, const EmoPairs *pairs)
{
	EmoGroupMeasure measure = emo_measure_ccc(pairs, evaluation->n);

	return estimate_gap(evaluation, by, &measure);
}
