/*
 * feature_rows.c
 *	  What speaks for an emotion in the features of an utterance, in words of the voice.
 *
 * A word is said if what it says is so, by NOTABLE_Z at least, and if the features that it stands for
 * speak for the same emotion as the whole group.
 */
#include "core/explain/feature_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/features/aspects.h"
#include "core/features/features.h"

/* What stands out this far from the average, in deviations, is worth a word. */
#define NOTABLE_Z 0.5

#define MAX_WORDS 2

typedef struct Aspect
{
	double contribution;
	double z; /* sum over the features that measure it */
	int n_measures;
} Aspect;

/* The feature that speaks most for what its group speaks for, of those that are notable. */
typedef struct Detail
{
	int feature; /* -1: none */
	double contribution;
} Detail;

typedef struct Summary
{
	Aspect aspects[EMO_N_VOICE_ASPECTS];
	/* By group, towards the winner and towards the runner-up. */
	Detail details[EMO_N_VOICE_GROUPS][2];
	const char *than;
} Summary;

/* Keeps the features of the largest contributions, in order. */
static void
add_top(EmoExplanationRow *row, const float *contributions, int feature)
{
	int place = row->n_top;

	while (place > 0 && fabsf(contributions[feature]) > fabsf(contributions[row->top[place - 1]]))
		place--;
	if (place == EMO_EXPLAIN_TOP)
		return;
	if (row->n_top < EMO_EXPLAIN_TOP)
		row->n_top++;
	for (int i = row->n_top - 1; i > place; i--)
		row->top[i] = row->top[i - 1];
	row->top[place] = feature;
}

static void
add_detail(Detail details[2], int feature, double contribution, double z)
{
	Detail *detail = &details[contribution < 0];

	if (fabs(z) > NOTABLE_Z && fabs(contribution) > detail->contribution)
		*detail = (Detail){feature, fabs(contribution)};
}

static void
add_feature(const EmoExplanation *explanation, int feature, Summary *summary,
			EmoExplanationRow rows[EMO_N_VOICE_GROUPS])
{
	double contribution = explanation->contributions[feature], z = explanation->z[feature];
	char name[EMO_FEATURE_NAME_SIZE];
	int aspect, group;

	emo_feature_name(feature, name);
	aspect = emo_voice_aspect_of(name);
	group = emo_voice_aspects[aspect].group;
	rows[group].contribution += contribution;
	summary->aspects[aspect].contribution += contribution;
	add_top(&rows[group], explanation->contributions, feature);
	add_detail(summary->details[group], feature, contribution, z);
	for (int a = 0; a < EMO_N_VOICE_ASPECTS; a++)
		if (emo_measures_voice_aspect(a, name))
		{
			summary->aspects[a].z += z;
			summary->aspects[a].n_measures++;
		}
}

/* Words for what is notable and speaks for what the group speaks for, what counts most first. */
static int
choose_words(const Summary *summary, int group, double direction, const char *words[MAX_WORDS])
{
	double weights[MAX_WORDS];
	int n = 0;

	for (int a = 0; a < EMO_N_VOICE_ASPECTS; a++)
	{
		const EmoVoiceAspect *aspect = &emo_voice_aspects[a];
		double z = summary->aspects[a].z / summary->aspects[a].n_measures;
		double weight = direction * summary->aspects[a].contribution;
		int place = n;

		if (aspect->group != group || fabs(z) <= NOTABLE_Z || weight <= 0)
			continue;
		while (place > 0 && weight > weights[place - 1])
			place--;
		if (place == MAX_WORDS)
			continue;
		if (n < MAX_WORDS)
			n++;
		for (int i = n - 1; i > place; i--)
		{
			words[i] = words[i - 1];
			weights[i] = weights[i - 1];
		}
		words[place] = z > 0 ? aspect->high : aspect->low;
		weights[place] = weight;
	}
	return n;
}

static void
say_group(const EmoExplanation *explanation, const Summary *summary, int group,
		  EmoExplanationRow *row)
{
	const char *noun = emo_voice_groups[group].noun, *words[MAX_WORDS];
	int n = choose_words(summary, group, row->contribution >= 0 ? 1 : -1, words);
	int detail = summary->details[group][row->contribution < 0].feature;
	char name[EMO_FEATURE_NAME_SIZE];

	if (n > 0)
	{
		snprintf(row->words, sizeof(row->words), "%s %s%s%s %s", noun, words[0],
				 n > 1 ? " and " : "", n > 1 ? words[1] : "", summary->than);
		return;
	}
	if (detail < 0)
	{
		snprintf(row->words, sizeof(row->words), "%s about %s", noun,
				 explanation->of_speaker ? "as usual for this speaker" : "average");
		return;
	}
	emo_feature_name(detail, name);
	snprintf(row->words, sizeof(row->words), "%s in a detail (%s %s %s)", noun, name,
			 explanation->z[detail] > 0 ? "higher" : "lower", summary->than);
}

/* Features without names, of one's own or an encoder's: [begin] to [end - 1] in one row. */
static EmoExplanationRow
unnamed(const EmoModel *model, const EmoExplanation *explanation, int begin, int end,
		const char *group, const char *words)
{
	EmoExplanationRow row = {.part = "features", .group = group};

	snprintf(row.words, sizeof(row.words), "%s", words);
	for (int i = begin; i < end; i++)
	{
		row.contribution += explanation->contributions[i];
		add_top(&row, explanation->contributions, i);
	}
	emo_say_towards(model, explanation, &row);
	return row;
}

static int
put_unnamed(const EmoModel *model, const EmoExplanation *explanation, EmoExplanationRow *rows)
{
	const EmoHearing *hearing = model->hearing;
	int n_heard = hearing != NULL ? emo_hearing_n_heard(hearing) : 0;
	int n = 0;

	if (hearing != NULL)
		rows[n++] = unnamed(model, explanation, 0, n_heard, "encoder", "what the encoder hears");
	if (n_heard < model->n_features)
		rows[n++] = unnamed(model, explanation, n_heard, model->n_features, "features", "features");
	return n;
}

int
emo_feature_rows(const EmoModel *model, const EmoExplanation *explanation, EmoExplanationRow *rows)
{
	Summary summary = {.than = explanation->of_speaker ? "than usual for this speaker"
													   : "than average"};

	if (explanation->contributions == NULL)
		return 0;
	if (model->feature_version != EMO_FEATURE_VERSION || model->n_features != emo_feature_count())
		return put_unnamed(model, explanation, rows);
	for (int g = 0; g < EMO_N_VOICE_GROUPS; g++)
	{
		rows[g] = (EmoExplanationRow){.part = "features", .group = emo_voice_groups[g].name};
		summary.details[g][0].feature = summary.details[g][1].feature = -1;
	}
	for (int i = 0; i < model->n_features; i++)
		add_feature(explanation, i, &summary, rows);
	for (int g = 0; g < EMO_N_VOICE_GROUPS; g++)
	{
		say_group(explanation, &summary, g, &rows[g]);
		emo_say_towards(model, explanation, &rows[g]);
	}
	return EMO_N_VOICE_GROUPS;
}
