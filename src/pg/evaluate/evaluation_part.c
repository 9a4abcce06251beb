/*
 * evaluation_part.c
 *	  How a model does on some of the utterances that it was asked about.
 */
#include "pg/evaluate/model_evaluation.h"

#include "miscadmin.h"
#include "utils/memutils.h"

/* Which of the utterances are in the part. */
typedef struct Part
{
	const bool *is_in_set;
	bool wanted;
	int64 n_all, n;
} Part;

/* Items of those of the part, of an array [n_all]. */
static void *
items_of(const Part *part, const void *all, Size item_size)
{
	char *items = MemoryContextAllocHuge(CurrentMemoryContext, Max(part->n, 1) * item_size);
	Size place = 0;

	for (int64 i = 0; i < part->n_all; i++)
		if (part->is_in_set[i] == part->wanted)
			memcpy(items + place++ * item_size, (const char *) all + i * item_size, item_size);
	return items;
}

static EmoJudged
judged_of(const Part *part, const EmoJudged *all, const int32 *actual)
{
	return (EmoJudged){.n_rows = part->n,
					   .n_labels = all->n_labels,
					   .actual = actual,
					   .predicted = items_of(part, all->predicted, sizeof(int32)),
					   .confidence = items_of(part, all->confidence, sizeof(float)),
					   .loss = items_of(part, all->loss, sizeof(float))};
}

/* Speakers without utterances are none, and have no numbers. */
static void
number_speakers(Evaluation *evaluation)
{
	const char **speakers = palloc(Max(evaluation->n_speakers, 1) * sizeof(char *));
	int32 *number = palloc(Max(evaluation->n_speakers, 1) * sizeof(int32));
	int32 *speaker = unconstify(int32 *, evaluation->speaker);
	int n = 0;

	for (int s = 0; s < evaluation->n_speakers; s++)
		number[s] = -1;
	for (int64 i = 0; i < evaluation->n; i++)
		if (speaker[i] >= 0)
			number[speaker[i]] = 0;
	/* Their order stays. */
	for (int s = 0; s < evaluation->n_speakers; s++)
		if (number[s] >= 0)
		{
			number[s] = n;
			speakers[n++] = evaluation->speakers[s];
		}
	for (int64 i = 0; i < evaluation->n; i++)
		if (speaker[i] >= 0)
			speaker[i] = number[speaker[i]];
	evaluation->speakers = speakers;
	evaluation->n_speakers = n;
	pfree(number);
}

static int64 *
rows_of(const Part *part)
{
	int64 *rows = MemoryContextAllocHuge(CurrentMemoryContext, Max(part->n, 1) * sizeof(int64));
	int64 n = 0;

	for (int64 i = 0; i < part->n_all; i++)
		if (part->is_in_set[i] == part->wanted)
			rows[n++] = i;
	return rows;
}

ModelEvaluation *
emoser_evaluation_of_some(const ModelEvaluation *evaluation, const bool *is_in_set, bool wanted)
{
	const Evaluation *all = &evaluation->all;
	ModelEvaluation *some = palloc(sizeof(ModelEvaluation));
	Part part = {.is_in_set = is_in_set, .wanted = wanted, .n_all = all->n};
	int64 *rows;

	for (int64 i = 0; i < all->n; i++)
		part.n += is_in_set[i] == wanted;
	rows = rows_of(&part);
	*some = *evaluation;
	some->all.n = part.n;
	some->all.actual = items_of(&part, all->actual, sizeof(int32));
	if (all->speaker != NULL)
	{
		some->all.speaker = items_of(&part, all->speaker, sizeof(int32));
		number_speakers(&some->all);
	}
	some->plain = judged_of(&part, &evaluation->plain, some->all.actual);
	if (evaluation->has_profiles)
		some->with_profile = judged_of(&part, &evaluation->with_profile, some->all.actual);
	if (evaluation->told != NULL)
		some->told = emoser_told_of_some(evaluation->told, rows, part.n);
	some->all.by = emoser_groups_of_some(all->by, all->n_by, rows, part.n);
	some->content = items_of(&part, evaluation->content, sizeof(ContentHashes));
	pfree(rows);
	emoser_prepare_evaluation(&some->all);
	return some;
}
