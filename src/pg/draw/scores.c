/*
 * scores.c
 *	  Scores with their intervals, and confusions, for pictures.
 */
#include "pg/draw/scores.h"

#include <math.h>

#include "core/draw/confusion.h"
#include "pg/base/encoding.h"

EmoRows
emoser_new_scores(int n_names, int n_series, const char *const *series)
{
	Size n = (Size) n_names * n_series;
	double *numbers = palloc(3 * n * sizeof(double) + 1);

	for (Size i = 0; i < 3 * n; i++)
		numbers[i] = NAN;
	return (EmoRows){.names = palloc0(n_names * sizeof(char *) + 1),
					 .n_names = n_names,
					 .n_series = n_series,
					 .series = series,
					 .values = numbers,
					 .low = numbers + n,
					 .high = numbers + 2 * n,
					 .percent = true,
					 .highlight = -1};
}

/* Names and numbers are this file's own, made by emoser_new_scores(). */
void
emoser_set_score_name(EmoRows *rows, int name, const char *text)
{
	((const char **) rows->names)[name] = text;
}

void
emoser_set_score(EmoRows *rows, int name, int series, double value, double low, double high)
{
	int i = name * rows->n_series + series;

	((double *) rows->values)[i] = value;
	((double *) rows->low)[i] = low;
	((double *) rows->high)[i] = high;
}

static void
set_estimate(EmoRows *rows, int name, int series, const EmoEstimates *estimates, int which)
{
	emoser_set_score(rows, name, series, estimates->value[which], estimates->low[which],
					 estimates->high[which]);
}

EmoRows
emoser_scores_of_emotions(const Evaluation *evaluation, const EmoEstimates *estimates)
{
	static const char *const series[] = {"precision", "recall"};
	EmoRows rows = emoser_new_scores(Min(evaluation->n_labels, EMO_PLOT_MAX_NAMES), 2, series);

	rows.value_title = "Precision and recall of each emotion (%)";
	for (int label = 0; label < rows.n_names; label++)
	{
		int first = EMO_N_METRICS + label * EMO_LABEL_METRICS;

		emoser_set_score_name(&rows, label, emoser_utf8_text(evaluation->labels[label]));
		set_estimate(&rows, label, 0, estimates, first + EMO_LABEL_PRECISION);
		set_estimate(&rows, label, 1, estimates, first + EMO_LABEL_RECALL);
	}
	return rows;
}

EmoRows
emoser_scores_of_speakers(Evaluation *evaluation, const EmoJudged *variants, int n_variants)
{
	static const char *const series[] = {"UAR", "UAR with profile"};
	EmoRows rows =
		emoser_new_scores(Min(evaluation->n_speakers, EMO_PLOT_MAX_NAMES), n_variants, series);

	rows.value_title = "UAR of each speaker (%)";
	rows.first_series = 2;
	for (int speaker = 0; speaker < rows.n_names; speaker++)
	{
		emoser_set_score_name(&rows, speaker, emoser_utf8_text(evaluation->speakers[speaker]));
		for (int v = 0; v < n_variants; v++)
		{
			EmoRecalls recalls = emoser_estimate_speaker(evaluation, &variants[v], speaker);

			emoser_set_score(&rows, speaker, v, recalls.uar.value, recalls.uar.low,
							 recalls.uar.high);
		}
	}
	return rows;
}

EmoStatus
emoser_draw_confusion(EmoEnv *env, const char *title, const char *warning,
					  const Confusion *confusion, int width, const char **svg, size_t *length)
{
	const char **labels = palloc(confusion->n * sizeof(char *));

	for (int i = 0; i < confusion->n; i++)
		labels[i] = emoser_utf8_text(confusion->labels[i]);
	return emo_plot_confusion(env, title, warning, labels, confusion->n, confusion->counts, width,
							  svg, length);
}
