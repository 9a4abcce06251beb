/*
 * evaluation.c
 *	  Predictions of utterances, and how good they are: in all, by emotion and by speaker.
 */
#include "pg/evaluate/evaluation.h"

#include "utils/memutils.h"

/* Of utterances without a speaker, 0; of a speaker, from 1. */
static int
group_of(const Evaluation *evaluation, int64 utterance)
{
	return evaluation->speaker == NULL ? 0 : evaluation->speaker[utterance] + 1;
}

void
emoser_prepare_evaluation(Evaluation *evaluation)
{
	int64 n = evaluation->n;
	int n_groups = evaluation->n_speakers + 1;
	int64 *next = MemoryContextAllocHuge(CurrentMemoryContext, n_groups * sizeof(int64));

	emoser_env_init(&evaluation->env, CurrentMemoryContext);
	evaluation->by_speaker = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int64));
	evaluation->each = MemoryContextAllocHuge(CurrentMemoryContext, (n + 1) * sizeof(int64));
	evaluation->speaker_start =
		MemoryContextAllocHuge(CurrentMemoryContext, (n_groups + 1) * sizeof(int64));
	memset(evaluation->speaker_start, 0, (n_groups + 1) * sizeof(int64));
	for (int64 i = 0; i <= n; i++)
		evaluation->each[i] = i;
	for (int64 i = 0; i < n; i++)
		evaluation->speaker_start[group_of(evaluation, i) + 1]++;
	for (int group = 0; group < n_groups; group++)
	{
		next[group] = evaluation->speaker_start[group];
		evaluation->speaker_start[group + 1] += next[group];
	}
	for (int64 i = 0; i < n; i++)
		evaluation->by_speaker[next[group_of(evaluation, i)]++] = i;
	pfree(next);
}

int64
emoser_count_of_label(const Evaluation *evaluation, int label)
{
	int64 n = 0;

	for (int64 i = 0; i < evaluation->n; i++)
		n += evaluation->actual[i] == label;
	return n;
}

/* The speakers who have utterances, or without several speakers each utterance. */
static DrawnUnits
drawn_units(const Evaluation *evaluation)
{
	int64 *start, n_units = 0;

	if (evaluation->n_speakers < 2)
		return (DrawnUnits){evaluation->each, evaluation->each, evaluation->n};
	start =
		MemoryContextAllocHuge(CurrentMemoryContext, (evaluation->n_speakers + 2) * sizeof(int64));
	for (int group = 0; group <= evaluation->n_speakers; group++)
		if (evaluation->speaker_start[group + 1] > evaluation->speaker_start[group])
			start[n_units++] = evaluation->speaker_start[group];
	start[n_units] = evaluation->n;
	return (DrawnUnits){evaluation->by_speaker, start, n_units};
}

EmoEstimates
emoser_estimate(Evaluation *evaluation, const EmoJudged *judged)
{
	DrawnUnits units = drawn_units(evaluation);
	EmoEstimates estimates;

	emoser_check(&evaluation->env, emo_estimate_metrics(&evaluation->env, judged, units.rows,
														units.start, units.n, &estimates));
	return estimates;
}

EmoGini
emoser_estimate_gini(Evaluation *evaluation, const EmoJudged *judged)
{
	DrawnUnits units = drawn_units(evaluation);
	EmoGini gini;

	emoser_check(&evaluation->env, emo_estimate_gini(&evaluation->env, judged, units.rows,
													 units.start, units.n, &gini));
	return gini;
}

EmoAgreementEstimates
emoser_estimate_pairs(Evaluation *evaluation, const EmoPairs *pairs)
{
	DrawnUnits units = drawn_units(evaluation);
	EmoAgreementEstimates estimates;

	emoser_check(&evaluation->env, emo_estimate_agreement(&evaluation->env, pairs, units.rows,
														  units.start, units.n, &estimates));
	return estimates;
}

EmoComparison
emoser_compare_judged(Evaluation *evaluation, const EmoJudged *first, const EmoJudged *second)
{
	DrawnUnits units = drawn_units(evaluation);
	EmoComparison comparison;

	emoser_check(&evaluation->env, emo_compare(&evaluation->env, first, second, units.rows,
											   units.start, units.n, &comparison));
	return comparison;
}

EmoRecalls
emoser_estimate_speaker(Evaluation *evaluation, const EmoJudged *judged, int speaker)
{
	EmoRecalls recalls;

	emoser_check(
		&evaluation->env,
		emo_estimate_recalls(&evaluation->env, judged,
							 evaluation->by_speaker + emoser_first_of_speaker(evaluation, speaker),
							 emoser_count_of_speaker(evaluation, speaker), &recalls));
	return recalls;
}

Confusion
emoser_confusion_of(const Evaluation *evaluation, const EmoJudged *judged)
{
	int n_labels = evaluation->n_labels;
	int *place = palloc0(n_labels * sizeof(int));
	Confusion confusion = {.labels = palloc(n_labels * sizeof(char *)),
						   .counts = palloc0((Size) n_labels * n_labels * sizeof(int64))};

	for (int64 i = 0; i < judged->n_rows; i++)
		place[judged->actual[i]] = place[judged->predicted[i]] = 1;
	for (int label = 0; label < n_labels; label++)
		if (place[label] != 0)
		{
			confusion.labels[confusion.n] = evaluation->labels[label];
			place[label] = confusion.n++;
		}
	for (int64 i = 0; i < judged->n_rows; i++)
		confusion
			.counts[(Size) place[judged->actual[i]] * confusion.n + place[judged->predicted[i]]]++;
	pfree(place);
	return confusion;
}

void
emoser_reliability_of(const EmoJudged *judged, EmoReliabilityBin bins[EMO_CALIBRATION_BINS])
{
	memset(bins, 0, EMO_CALIBRATION_BINS * sizeof(EmoReliabilityBin));
	for (int64 i = 0; i < judged->n_rows; i++)
	{
		EmoReliabilityBin *bin = &bins[emo_calibration_bin(judged->confidence[i])];

		bin->n++;
		bin->confidence += judged->confidence[i];
		bin->right += judged->actual[i] == judged->predicted[i];
	}
}
