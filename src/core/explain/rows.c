/*
 * rows.c
 *	  Explanations for people: a row for each reason.
 */
#include "core/explain/rows.h"

#include <math.h>
#include <stdio.h>

#include "core/explain/feature_rows.h"
#include "core/explain/net_rows.h"
#include "core/features/aspects.h"

const char *
emo_feature_group_name(const char *feature_name)
{
	return emo_voice_groups[emo_voice_aspects[emo_voice_aspect_of(feature_name)].group].name;
}

/* Beyond a thousand, numbers tell of nothing but the model's certainty. */
void
emo_ratio_words(double difference, char words[EMO_RATIO_WORDS_SIZE])
{
	double ratio = exp(fmin(difference, 700));

	if (ratio < 1.1)
		snprintf(words, EMO_RATIO_WORDS_SIZE, "about as likely");
	else if (ratio < 9.95)
		snprintf(words, EMO_RATIO_WORDS_SIZE, "%.1f times as likely", ratio);
	else if (ratio <= 1000)
	{
		double unit = ratio < 99.5 ? 1 : 10;

		snprintf(words, EMO_RATIO_WORDS_SIZE, "%.0f times as likely", unit * round(ratio / unit));
	}
	else
		snprintf(words, EMO_RATIO_WORDS_SIZE, "more than 1000 times as likely");
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
	emo_say_towards(model, explanation, &row);
	return row;
}

int
emo_explanation_rows(const EmoModel *model, const EmoExplanation *explanation,
					 EmoExplanationRow rows[EMO_EXPLAIN_MAX_ROWS])
{
	int n = emo_feature_rows(model, explanation, rows);

	n += emo_net_rows(model, explanation, rows + n);
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
