/*
 * evaluation.c
 *	  emoser_report(): how good the model is, by emotion and by speaker, and whether it knows.
 */
#include "pg/report/report.h"

#include <math.h>

#include "core/draw/confusion.h"
#include "core/draw/reliability.h"
#include "core/draw/rows.h"
#include "pg/draw/result.h"

/* Confusions that are listed. */
#define N_CONFUSIONS 8

const char *
emoser_report_protocol_words(const Report *report)
{
	switch (report->protocol)
	{
		case REPORT_LOSO:
			return psprintf(
				"What to expect of somebody new: each utterance was predicted by a model that had never "
				"heard its speaker. For each of the %d speakers, one with the same options was trained on all others.",
				report->n_speakers);
		case REPORT_KFOLD:
			return "Each utterance was predicted by a model that had not heard it: the utterances were dealt into folds, "
				   "and for each fold a model with the same options was trained on the others. Speakers are not known, so "
				   "the same people are likely to be in both: expect less of somebody new.";
		case REPORT_TRAINED_ON:
			return "These figures flatter: the model predicts the very utterances that it was trained on. What it does on "
				   "others is not known from them.";
		case REPORT_NEW_DATA:
			return "The model itself predicts utterances of another source than it was trained on. Whether some of them, or "
				   "their speakers, were in its training data too can't be told from here; if so, expect less of somebody new.";
		case REPORT_GIVEN_LOSO:
			return psprintf(
				"The predictions were given to this report. By their folds, each of the %d speakers was held "
				"out in turn: each utterance was predicted by a model that had not heard its speaker.",
				report->n_speakers);
		case REPORT_GIVEN_FOLDS:
			return "The predictions were given to this report, with folds. If speakers are in several of them, expect less "
				   "of somebody new.";
		case REPORT_GIVEN:
			break;
	}
	return "The predictions were given to this report; how they were made, it can't tell. If the model was trained on these "
		   "utterances, or on their speakers, expect less of somebody new.";
}

static void
tell_protocol(Report *report)
{
	bool is_cross = report->protocol == REPORT_LOSO || report->protocol == REPORT_KFOLD;

	emoser_html_add(report->page,
					report->protocol == REPORT_TRAINED_ON ? "<div class=\"warning\"><p>%s</p>"
														  : "<div class=\"note\"><p>%s</p>",
					emoser_report_protocol_words(report));
	if (is_cross)
		appendStringInfoString(
			report->page,
			"<p>So the figures are those of the recipe. The model itself has heard all speakers "
			"of this source, and can't be tested on them.</p>");
	if (report->protocol == REPORT_TRAINED_ON)
		appendStringInfoString(
			report->page,
			"<p>Make the report with <code>cross_validate =&gt; true</code> for figures of utterances "
			"held out; that trains the net anew for each speaker, and takes long.</p>");
	appendStringInfoString(report->page, "</div>\n");
	appendStringInfoString(
		report->page,
		"<p>In brackets and as bars: 95&nbsp;% bootstrap intervals of 1000 resamples, ");
	appendStringInfoString(
		report->page, report->n_speakers > 1
						  ? "of whole speakers, since the utterances of one are much alike.</p>\n"
						  : "of utterances.</p>\n");
}

static void
add_metric(Report *report, const char *name, const char *what, const EmoEstimates *scores,
		   int which)
{
	emoser_html_add(report->page, "<tr><th scope=\"row\">%s</th><td class=\"value\">", name);
	emoser_report_share(report->page, scores, which);
	emoser_html_add(report->page, "</td><td>%s</td></tr>\n", what);
}

static void
add_number_metric(Report *report, const char *name, const char *what, int which)
{
	const EmoEstimates *scores = &report->scores;

	emoser_html_add(report->page, "<tr><th scope=\"row\">%s</th><td class=\"value\">%.3f", name,
					scores->value[which]);
	if (isfinite(scores->low[which]))
		emoser_html_add(report->page, " (%.3f to %.3f)", scores->low[which], scores->high[which]);
	emoser_html_add(report->page, "</td><td>%s</td></tr>\n", what);
}

static void
list_metrics(Report *report)
{
	appendStringInfoString(
		report->page,
		"<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Measure</th>"
		"<th scope=\"col\">Value</th><th scope=\"col\">What it is</th></tr></thead><tbody>\n");
	add_metric(report, "Unweighted average recall (UAR)",
			   psprintf("mean over the emotions of the share recognised; by chance 1 in %d",
						report->n_labels),
			   &report->scores, EMO_METRIC_UAR);
	add_metric(report, "Accuracy (WAR)", "share of all utterances recognised", &report->scores,
			   EMO_METRIC_WAR);
	if (report->has_profiles)
	{
		add_metric(report, "UAR with speaker profiles",
				   "when it is known how the speaker usually sounds, without labels",
				   &report->profile_scores, EMO_METRIC_UAR);
		add_metric(report, "Accuracy with speaker profiles", "the same, of all utterances",
				   &report->profile_scores, EMO_METRIC_WAR);
	}
	add_metric(report, "Macro F1", "mean F1 over the emotions", &report->scores,
			   EMO_METRIC_MACRO_F1);
	add_number_metric(report, "Log loss", "nats per utterance; 0 is certainty that is right",
					  EMO_METRIC_LOG_LOSS);
	add_number_metric(report, "Expected calibration error",
					  "mean distance between how sure and how often right", EMO_METRIC_ECE);
	appendStringInfoString(report->page, "</tbody></table></div>\n");
}

static int64 *
count_confusion(const Report *report)
{
	int64 *counts = palloc0((Size) report->n_labels * report->n_labels * sizeof(int64));

	for (int i = 0; i < report->n; i++)
		counts[report->predicted[i].actual_number * report->n_labels +
			   report->predicted[i].predicted_number]++;
	return counts;
}

/* The commonest confusions. */
static void
list_confusions(Report *report, const int64 *counts)
{
	int n = report->n_labels;
	bool *told = palloc0((Size) n * n * sizeof(bool));

	appendStringInfoString(
		report->page,
		"<div class=\"aside\"><h3>Most often confused</h3><table><thead><tr><th scope=\"col\">"
		"What it was</th><th scope=\"col\">Taken for</th><th class=\"n\" scope=\"col\">How often"
		"</th></tr></thead><tbody>\n");
	for (int k = 0; k < N_CONFUSIONS; k++)
	{
		int best = -1;
		int64 of_actual = 0;

		for (int i = 0; i < n * n; i++)
			if (i / n != i % n && !told[i] && counts[i] > 0 &&
				(best < 0 || counts[i] > counts[best]))
				best = i;
		if (best < 0)
			break;
		told[best] = true;
		for (int p = 0; p < n; p++)
			of_actual += counts[best / n * n + p];
		emoser_html_add(report->page,
						"<tr><td>%s</td><td>%s</td><td class=\"n\">%d of %d</td></tr>\n",
						report->labels[best / n], report->labels[best % n], (int) counts[best],
						(int) of_actual);
	}
	appendStringInfoString(report->page, "</tbody></table></div>\n");
}

static void
draw_emotions(Report *report)
{
	static const char *const series[] = {"precision", "recall"};
	int n = Min(report->n_labels, EMO_PLOT_MAX_NAMES);
	double *numbers = palloc(6 * n * sizeof(double));
	const char **names = palloc(n * sizeof(char *));
	EmoRows rows = {.names = names,
					.n_names = n,
					.n_series = 2,
					.series = series,
					.values = numbers,
					.low = numbers + 2 * n,
					.high = numbers + 4 * n,
					.percent = true,
					.highlight = -1,
					.value_title = "Share (%)"};
	const char *svg;
	size_t length;

	for (int l = 0; l < n; l++)
	{
		names[l] = emoser_utf8_text(report->labels[l]);
		for (int s = 0; s < 2; s++)
		{
			int which = EMO_N_METRICS + l * EMO_LABEL_METRICS +
						(s == 0 ? EMO_LABEL_PRECISION : EMO_LABEL_RECALL);

			numbers[2 * l + s] = report->scores.value[which];
			numbers[2 * n + 2 * l + s] = report->scores.low[which];
			numbers[4 * n + 2 * l + s] = report->scores.high[which];
		}
	}
	emoser_check(&report->env, emo_plot_rows(&report->env, "Emotions", NULL, &rows, 1,
											 REPORT_PICTURE_WIDTH, &svg, &length));
	emoser_report_figure(
		report, svg, length,
		"Recall: of the utterances of an emotion, how many were recognised. Precision: of those taken for it, "
		"how many were it.");
}

static void
draw_speakers(Report *report)
{
	static const char *const series[] = {"UAR"};
	int n = Min(report->n_speakers, EMO_PLOT_MAX_NAMES);
	double *numbers = palloc(3 * n * sizeof(double));
	const char **names = palloc(n * sizeof(char *));
	EmoRows rows = {.names = names,
					.n_names = n,
					.n_series = 1,
					.series = series,
					.values = numbers,
					.low = numbers + n,
					.high = numbers + 2 * n,
					.percent = true,
					.highlight = -1,
					.first_series = 2,
					.value_title = "UAR (%)"};
	const char *svg;
	size_t length;

	for (int s = 0; s < n; s++)
	{
		EmoEstimates scores = emoser_report_speaker_scores(report, s);

		names[s] = emoser_utf8_text(report->speakers[s]);
		numbers[s] = scores.value[EMO_METRIC_UAR];
		numbers[n + s] = scores.low[EMO_METRIC_UAR];
		numbers[2 * n + s] = scores.high[EMO_METRIC_UAR];
	}
	emoser_check(&report->env, emo_plot_rows(&report->env, "Speakers", NULL, &rows, 1,
											 REPORT_PICTURE_WIDTH, &svg, &length));
	emoser_report_figure(
		report, svg, length,
		report->n_speakers > n
			? "UAR of the first speakers. Models do not do equally well by all people."
			: "UAR of each speaker. Models do not do equally well by all people.");
}

void
emoser_report_evaluation(Report *report)
{
	int64 *counts = count_confusion(report);
	const char **labels = palloc(report->n_labels * sizeof(char *));
	const char *svg;
	size_t length;

	emoser_report_begin_section(report, "evaluation", "How good it is");
	tell_protocol(report);
	list_metrics(report);
	emoser_report_begin_figures(report);
	for (int l = 0; l < report->n_labels; l++)
		labels[l] = emoser_utf8_text(report->labels[l]);
	if (report->n_labels <= EMO_PLOT_MAX_NAMES)
	{
		emoser_check(&report->env,
					 emo_plot_confusion(&report->env, "Confusion matrix", labels, report->n_labels,
										counts, REPORT_PICTURE_WIDTH, &svg, &length));
		emoser_report_figure(
			report, svg, length,
			"Rows: what it was. Columns: what it was taken for; the darker, the larger the share of its row.");
	}
	draw_emotions(report);
	if (report->n_speakers > 1)
		draw_speakers(report);
	list_confusions(report, counts);
	emoser_report_end_figures(report);
	emoser_report_end_section(report);
}

/* What it costs and brings to leave out what the model is not sure of. */
static void
list_abstaining(Report *report)
{
	static const double least[] = {0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95};

	appendStringInfoString(
		report->page,
		"<div class=\"aside\"><h3>If it may abstain</h3><table><thead><tr><th class=\"n\" scope=\"col\">"
		"At least so sure</th><th class=\"n\" scope=\"col\">Answered</th><th class=\"n\" scope=\"col\">"
		"Of these, right</th></tr></thead><tbody>\n");
	for (int k = 0; k < (int) lengthof(least); k++)
	{
		int n = 0, n_right = 0;

		for (int i = 0; i < report->n; i++)
		{
			const ReportPrediction *p = &report->predicted[i];

			n += p->confidence >= least[k];
			n_right += p->confidence >= least[k] && p->actual_number == p->predicted_number;
		}
		if (n == 0)
			break;
		emoser_html_add(report->page,
						"<tr><td class=\"n\">%.0f&nbsp;%%</td><td class=\"n\">%.1f&nbsp;%%</td>"
						"<td class=\"n\">%.1f&nbsp;%%</td></tr>\n",
						100 * least[k], 100.0 * n / report->n, 100.0 * n_right / n);
	}
	appendStringInfoString(
		report->page,
		"</tbody></table><p><code>emoser_predict(audio, min_confidence =&gt; 0.6)</code> abstains with NULL.</p></div>\n");
}

void
emoser_report_calibration(Report *report)
{
	EmoReliabilityBin bins[EMO_CALIBRATION_BINS] = {0};
	const char *svg;
	size_t length;

	for (int i = 0; i < report->n; i++)
	{
		const ReportPrediction *p = &report->predicted[i];
		EmoReliabilityBin *bin = &bins[emo_calibration_bin(p->confidence)];

		bin->n++;
		bin->confidence += p->confidence;
		bin->right += p->actual_number == p->predicted_number;
	}
	emoser_report_begin_section(report, "calibration", "Does it know when it is wrong?");
	emoser_html_add(
		report->page,
		"<p>A probability of 80&nbsp;%% should be right in 8 of 10 cases. The mean distance from that, "
		"the expected calibration error, is %.1f points.</p>\n",
		100 * report->scores.value[EMO_METRIC_ECE]);
	emoser_report_begin_figures(report);
	emoser_check(&report->env, emo_plot_reliability(&report->env, "Reliability", bins,
													REPORT_PICTURE_WIDTH, &svg, &length));
	emoser_report_figure(
		report, svg, length,
		"How often predictions are right, by how sure they are: on the diagonal, probabilities mean what they say; "
		"below it, the model is too sure. Bins with few predictions say little.");
	list_abstaining(report);
	emoser_report_end_figures(report);
	emoser_report_end_section(report);
}
