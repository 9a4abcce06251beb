/*
 * cross_run.c
 *	  A cross-validation: models trained on some folds of a set, and what they say of the others.
 */
#include "pg/evaluate/cross_run.h"

#include "miscadmin.h"
#include "utils/memutils.h"

CrossRun
emoser_cross_run(const Algorithm *algorithm, const void *options, const TrainingSet *set,
				 const CrossProtocol *protocol)
{
	CrossRun run = {.set = set, .folds = emoser_make_folds(set, protocol)};

	if (set->core.n_targets > 0)
		algorithm->score_values(set, options, &run.folds.of_utterances, true, &run.values);
	else
		algorithm->score(set, options, &run.folds.of_utterances, true, &run.scores);
	return run;
}

/* Items of an array at held_out[n]. */
static void *
picked(const void *items, Size item_size, const int64 *held_out, int64 n)
{
	char *result = MemoryContextAllocHuge(CurrentMemoryContext, n * item_size);

	for (int64 i = 0; i < n; i++)
		memcpy(result + i * item_size, (const char *) items + held_out[i] * item_size, item_size);
	return result;
}

static EmoJudged
judge_held_out(const CrossRun *run, const EmoRowScores *scores, const int64 *held_out,
			   const Evaluation *all)
{
	EmoJudged judged = emoser_judge(run->set, &run->folds.of_utterances, scores);

	return (EmoJudged){.n_rows = all->n,
					   .n_labels = judged.n_labels,
					   .actual = all->actual,
					   .predicted = picked(judged.predicted, sizeof(int32), held_out, all->n),
					   .confidence = picked(judged.confidence, sizeof(float), held_out, all->n),
					   .loss = picked(judged.loss, sizeof(float), held_out, all->n)};
}

static EmoValue
value_of(const EmoRowValues *values, int64 utterance, int target)
{
	return (EmoValue){emo_scores_of_row(&values->value, utterance)[target],
					  emo_scores_of_row(&values->low, utterance)[target],
					  emo_scores_of_row(&values->high, utterance)[target]};
}

void
emoser_told_of_run(const CrossRun *run, int64 utterance, ToldNumber *told)
{
	int n = run->set->core.n_targets;

	for (int t = 0; t < n; t++)
	{
		told[t].actual = run->set->target[utterance * n + t];
		told[t].plain = value_of(&run->values.plain, utterance, t);
		if (run->values.has_profiles)
			told[t].with_profile = value_of(&run->values.with_profile, utterance, t);
	}
}

static const ToldValues *
told_held_out(const CrossRun *run, const int64 *held_out, int64 n)
{
	ToldValues *values = emoser_new_told_values(run->set->targets, run->set->core.n_targets, n,
												run->values.has_profiles);
	ToldNumber told[EMO_MAX_TARGETS];

	for (int64 i = 0; i < n; i++)
	{
		emoser_told_of_run(run, held_out[i], told);
		emoser_set_told(values, i, told);
	}
	return values;
}

CrossEvaluation *
emoser_evaluate_cross_run(const CrossRun *run)
{
	const TrainingSet *set = run->set;
	CrossEvaluation *evaluation = palloc0(sizeof(CrossEvaluation));
	Evaluation *all = &evaluation->all;
	int64 *held_out =
		MemoryContextAllocHuge(CurrentMemoryContext, set->n_utterances * sizeof(int64));

	for (int64 i = 0; i < set->n_utterances; i++)
		if (run->folds.of_utterances.fold_of[i] >= 0)
			held_out[all->n++] = i;
	all->labels = set->labels;
	all->n_labels = set->core.n_classes;
	all->actual = picked(set->label, sizeof(int32), held_out, all->n);
	all->speakers = set->speakers;
	all->n_speakers = set->core.n_speakers;
	if (set->speaker != NULL)
		all->speaker = picked(set->speaker, sizeof(int32), held_out, all->n);
	all->by = emoser_groups_of_some(set->by, set->n_by, held_out, all->n);
	all->n_by = set->n_by;
	emoser_prepare_evaluation(all);
	if (set->core.n_targets > 0)
	{
		evaluation->told = told_held_out(run, held_out, all->n);
		pfree(held_out);
		return evaluation;
	}
	evaluation->plain = judge_held_out(run, &run->scores.plain, held_out, all);
	evaluation->has_profiles = run->scores.has_profiles;
	if (evaluation->has_profiles)
		evaluation->with_profile = judge_held_out(run, &run->scores.with_profile, held_out, all);
	pfree(held_out);
	return evaluation;
}

static int
compare_source_rows(const void *a, const void *b, void *source_rows)
{
	int64 row_a = ((const int64 *) source_rows)[*(const int64 *) a];
	int64 row_b = ((const int64 *) source_rows)[*(const int64 *) b];

	CHECK_FOR_INTERRUPTS();
	return row_a < row_b ? -1 : row_a > row_b;
}

int64 *
emoser_source_order(const TrainingSet *set)
{
	int64 *order = MemoryContextAllocHuge(CurrentMemoryContext, set->n_utterances * sizeof(int64));

	for (int64 i = 0; i < set->n_utterances; i++)
		order[i] = i;
	qsort_arg(order, set->n_utterances, sizeof(int64), compare_source_rows, set->source_rows);
	return order;
}

char *
emoser_utterance_name(const TrainingSet *set, int64 utterance)
{
	return set->ids[utterance] != NULL ? set->ids[utterance]
									   : psprintf(INT64_FORMAT, set->source_rows[utterance]);
}
