/*
 * groups.c
 *	  Explanations for people: what belongs together, and how it differs from the average.
 */
#include "core/explain/groups.h"

#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/dsp/mel.h"
#include "core/features/features.h"

/* What stands out this far from the average, in deviations, is worth a word. */
#define NOTABLE_Z 0.4

/* A quarter of a second: the part of a recording that is named for a band of a net. */
#define SPAN_FRAMES   25

#define UNKNOWN_GROUP "features"

typedef struct Group
{
	const char *name;
	const char *noun;
	const char *pattern;        /* of its features; the first that fits is it, the last fits all */
	const char *higher, *lower; /* of level; NULL: there is none */
	const char *larger, *smaller; /* of variation; NULL: there is none */
} Group;

static const Group groups[] = {
	{"modulation", "rhythm", "*.modulation_*", "faster", "slower", NULL, NULL},
	{"course", "end of the utterance", "*.third_*", "higher and louder", "lower and softer", NULL,
	 NULL},
	{"covariance", "timbre (MFCC covariance)", "*.log_covariance", NULL, NULL, "more varied",
	 "steadier"},
	{"mfcc", "timbre (MFCC)", "mfcc_*", NULL, NULL, "more varied", "steadier"},
	{"pitch", "pitch", "f0.*", "higher", "lower", "more varied", "flatter"},
	{"voicing", "voice", "voic*", "more voiced", "breathier", "more varied", "steadier"},
	{"energy", "energy", "energy.*", "higher", "lower", "more varied", "steadier"},
	{"pauses", "pauses", "pause*", "longer", "shorter", NULL, NULL},
	{"pauses", "pauses", "active.*", "longer", "shorter", NULL, NULL},
	{"spectrum", "sound", "?*.*", "brighter", "darker", "more varied", "steadier"},
};

#define N_GROUPS ((int) (sizeof(groups) / sizeof(groups[0])))

/* Features that say how high a group's level is, or how much it varies. */
typedef struct Sign
{
	const char *group, *pattern;
	bool of_variation;
	double sign;
} Sign;

static const Sign signs[] = {
	{"modulation", "*.modulation_[469]*", false, 1},
	{"modulation", "*.modulation_13*", false, 1},
	{"modulation", "*.modulation_0.5_*", false, -1},
	{"modulation", "*.modulation_1_*", false, -1},
	{"modulation", "*.modulation_2_*", false, -1},
	{"course", "energy.third_3", false, 1},
	{"course", "f0.third_3", false, 1},
	{"covariance", "mfcc_[0-9].*", true, 1},
	{"mfcc", "mfcc_*.sd", true, 1},
	{"mfcc", "mfcc_*.range", true, 1},
	{"pitch", "f0.mean", false, 1},
	{"pitch", "f0.p[1-9]0", false, 1},
	{"pitch", "f0.run_level.m*", false, 1},
	{"pitch", "f0.sd", true, 1},
	{"pitch", "f0.range", true, 1},
	{"pitch", "f0.iqr", true, 1},
	{"pitch", "f0.run_range.mean", true, 1},
	{"voicing", "voicing.mean", false, 1},
	{"voicing", "voicing.p50", false, 1},
	{"voicing", "voiced.share", false, 1},
	{"voicing", "voicing.sd", true, 1},
	{"voicing", "voicing.range", true, 1},
	{"energy", "energy.mean", false, 1},
	{"energy", "energy.p50", false, 1},
	{"energy", "energy.sd", true, 1},
	{"energy", "energy.range", true, 1},
	{"energy", "energy.iqr", true, 1},
	{"pauses", "pause.m*", false, 1},
	{"pauses", "active.share", false, -1},
	{"spectrum", "centroid.mean", false, 1},
	{"spectrum", "rolloff.mean", false, 1},
	{"spectrum", "alpha_ratio.mean", false, -1},
	{"spectrum", "centroid.sd", true, 1},
	{"spectrum", "rolloff.sd", true, 1},
	{"spectrum", "flux.mean", true, 1},
};

#define N_SIGNS ((int) (sizeof(signs) / sizeof(signs[0])))

static const Group *
group_of(const char *feature_name)
{
	for (int g = 0; g < N_GROUPS; g++)
		if (fnmatch(groups[g].pattern, feature_name, 0) == 0)
			return &groups[g];
	return NULL;
}

const char *
emo_feature_group_name(const char *feature_name)
{
	const Group *group = group_of(feature_name);

	return group != NULL ? group->name : UNKNOWN_GROUP;
}

/* A row while its features are being added up. */
typedef struct Draft
{
	EmoExplanationRow row;
	const Group *group;
	double level, variation;
	int n_level, n_variation;
} Draft;

static void
add_sign(Draft *draft, const char *feature_name, double z)
{
	for (int s = 0; s < N_SIGNS; s++)
	{
		if (strcmp(signs[s].group, draft->row.group) != 0 ||
			fnmatch(signs[s].pattern, feature_name, 0) != 0)
			continue;
		if (signs[s].of_variation)
		{
			draft->variation += signs[s].sign * z;
			draft->n_variation++;
		}
		else
		{
			draft->level += signs[s].sign * z;
			draft->n_level++;
		}
	}
}

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

static Draft *
draft_of(Draft *drafts, int *n_drafts, const Group *group)
{
	const char *name = group != NULL ? group->name : UNKNOWN_GROUP;

	for (int i = 0; i < *n_drafts; i++)
		if (strcmp(drafts[i].row.group, name) == 0)
			return &drafts[i];
	drafts[*n_drafts] = (Draft){.row = {.part = "features", .group = name}, .group = group};
	return &drafts[(*n_drafts)++];
}

/* What a contribution is for, appended to words. */
static void
say_towards(const EmoModel *model, const EmoExplanation *explanation, EmoExplanationRow *row)
{
	size_t length = strlen(row->words);
	int towards = row->contribution >= 0 ? explanation->winner : explanation->runner_up;

	snprintf(row->words + length, sizeof(row->words) - length, ": +%.1f towards %s",
			 fabs(row->contribution), model->labels[towards]);
}

static void
say_group(const Draft *draft, bool of_speaker, EmoExplanationRow *row)
{
	const Group *group = draft->group;
	double level = draft->n_level > 0 ? draft->level / draft->n_level : 0;
	double variation = draft->n_variation > 0 ? draft->variation / draft->n_variation : 0;
	const char *than = of_speaker ? "than usual for this speaker" : "than average";
	const char *words[2];
	int n = 0;

	if (group == NULL)
	{
		snprintf(row->words, sizeof(row->words), "features");
		return;
	}
	if (fabs(level) > NOTABLE_Z && group->higher != NULL)
		words[n++] = level > 0 ? group->higher : group->lower;
	if (fabs(variation) > NOTABLE_Z && group->larger != NULL)
		words[n++] = variation > 0 ? group->larger : group->smaller;
	if (n == 0)
		snprintf(row->words, sizeof(row->words), "%s about %s on the whole", group->noun,
				 of_speaker ? "as usual for this speaker" : "average");
	else
		snprintf(row->words, sizeof(row->words), "%s %s%s%s %s", group->noun, words[0],
				 n > 1 ? " and " : "", n > 1 ? words[1] : "", than);
}

static int
put_features(const EmoModel *model, const EmoExplanation *explanation, EmoExplanationRow *rows)
{
	Draft drafts[N_GROUPS + 1];
	bool named =
		model->feature_version == EMO_FEATURE_VERSION && model->n_features == emo_feature_count();
	int n = 0;

	if (explanation->contributions == NULL)
		return 0;
	for (int i = 0; i < model->n_features; i++)
	{
		char name[EMO_FEATURE_NAME_SIZE] = "";
		Draft *draft;

		if (named)
			emo_feature_name(i, name);
		draft = draft_of(drafts, &n, group_of(name));
		draft->row.contribution += explanation->contributions[i];
		add_top(&draft->row, explanation->contributions, i);
		add_sign(draft, name, explanation->z[i]);
	}
	for (int g = 0; g < n; g++)
	{
		rows[g] = drafts[g].row;
		say_group(&drafts[g], explanation->of_speaker, &rows[g]);
		say_towards(model, explanation, &rows[g]);
	}
	return n;
}

/* What a net hears, by the values of its frames. */
typedef struct NetGroup
{
	const char *name, *noun;
	double below_hz; /* of mel bands: up to this; 0: not of mel bands */
	int value;       /* otherwise which */
} NetGroup;

static const NetGroup net_groups[] = {
	{"below 500 Hz", "sound below 500 Hz", 500, 0},
	{"0.5 to 1.5 kHz", "sound of 0.5 to 1.5 kHz", 1500, 0},
	{"1.5 to 4 kHz", "sound of 1.5 to 4 kHz", 4000, 0},
	{"above 4 kHz", "sound above 4 kHz", 8000, 0},
	{"pitch", "pitch", 0, EMO_NN_FRAME_F0},
	{"voicing", "voicing", 0, EMO_NN_FRAME_VOICING},
};

#define N_NET_GROUPS ((int) (sizeof(net_groups) / sizeof(net_groups[0])))

static int
net_group_of(int value)
{
	double low = emo_hz_to_mel(EMO_MEL_HTK, emo_speech_mels.fmin);
	double step = (emo_hz_to_mel(EMO_MEL_HTK, emo_speech_mels.fmax) - low) / (EMO_NN_N_MELS + 1);
	double hz = emo_mel_to_hz(EMO_MEL_HTK, low + (value + 1) * step);

	for (int g = 0; g < N_NET_GROUPS; g++)
		if (value < EMO_NN_N_MELS ? hz <= net_groups[g].below_hz : value == net_groups[g].value)
			return g;
	return 0;
}

/* The quarter of a second in which a group's contribution goes furthest in its own direction. */
static int
strongest_span(const EmoExplanation *explanation, const int *group_of_value, int group,
			   double direction)
{
	double sum = 0, most = -HUGE_VAL;
	int at = 0;

	for (int t = 0; t < explanation->n_frames + SPAN_FRAMES; t++)
		for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
		{
			ptrdiff_t place = (ptrdiff_t) t * EMO_NN_FRAME_VALUES + i;

			if (group_of_value[i] == group && t < explanation->n_frames)
				sum += direction * explanation->net.attributions[place];
			if (group_of_value[i] == group && t >= SPAN_FRAMES)
				sum -= direction *
					   explanation->net
						   .attributions[place - (ptrdiff_t) SPAN_FRAMES * EMO_NN_FRAME_VALUES];
			if (i == EMO_NN_FRAME_VALUES - 1 && t < explanation->n_frames && sum > most)
			{
				most = sum;
				at = t + 1;
			}
		}
	return at > SPAN_FRAMES ? at - SPAN_FRAMES : 0;
}

static int
put_net(const EmoModel *model, const EmoExplanation *explanation, EmoExplanationRow *rows)
{
	int group_of_value[EMO_NN_FRAME_VALUES], n_groups;
	double sums[sizeof(net_groups) / sizeof(net_groups[0])] = {0};

	if (explanation->net.attributions == NULL)
		return 0;
	n_groups = model->net->architecture.pitch ? N_NET_GROUPS : N_NET_GROUPS - 2;
	for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
		group_of_value[i] = net_group_of(i);
	for (ptrdiff_t j = 0; j < (ptrdiff_t) explanation->n_frames * EMO_NN_FRAME_VALUES; j++)
		sums[group_of_value[j % EMO_NN_FRAME_VALUES]] += explanation->net.attributions[j];
	for (int g = 0; g < n_groups; g++)
	{
		int first = strongest_span(explanation, group_of_value, g, sums[g] >= 0 ? 1 : -1);
		int end = first + SPAN_FRAMES < explanation->n_frames ? first + SPAN_FRAMES
															  : explanation->n_frames;

		rows[g] = (EmoExplanationRow){.part = "net",
									  .group = net_groups[g].name,
									  .contribution = explanation->net_weight * sums[g]};
		snprintf(rows[g].words, sizeof(rows[g].words), "%s, most of it at %.2f to %.2f s",
				 net_groups[g].noun, (double) first / EMO_NN_FRAMES_PER_SECOND,
				 (double) end / EMO_NN_FRAMES_PER_SECOND);
		say_towards(model, explanation, &rows[g]);
	}
	return n_groups;
}

static void
sort_rows(EmoExplanationRow *rows, int n)
{
	for (int i = 1; i < n; i++)
		for (int j = i; j > 0 && fabs(rows[j].contribution) > fabs(rows[j - 1].contribution); j--)
		{
			EmoExplanationRow row = rows[j];

			rows[j] = rows[j - 1];
			rows[j - 1] = row;
		}
}

static EmoExplanationRow
other_row(const EmoModel *model, const EmoExplanation *explanation, const char *part,
		  const char *group, double contribution, const char *noun)
{
	EmoExplanationRow row = {.part = part, .group = group, .contribution = contribution};

	snprintf(row.words, sizeof(row.words), "%s", noun);
	say_towards(model, explanation, &row);
	return row;
}

int
emo_explanation_rows(const EmoModel *model, const EmoExplanation *explanation,
					 EmoExplanationRow rows[EMO_EXPLAIN_MAX_ROWS])
{
	int n = put_features(model, explanation, rows);

	n += put_net(model, explanation, rows + n);
	sort_rows(rows, n);
	if (explanation->contributions != NULL)
		rows[n++] = other_row(model, explanation, "features", "baseline", explanation->bias,
							  explanation->of_speaker ? "an utterance as usual for this speaker"
													  : "an average utterance");
	if (explanation->net.attributions == NULL)
		return n;
	rows[n++] = other_row(model, explanation, "net", "baseline",
						  explanation->net_weight * explanation->net.baseline,
						  "a steady sound without pitch");
	rows[n++] =
		other_row(model, explanation, "net", "error",
				  explanation->net_weight * (explanation->net.difference -
											 explanation->net.baseline - explanation->net.sum),
				  "numerical error of the integrated gradients");
	return n;
}
