/*
 * evaluation.c
 *	  emoser_report(): how good the model is, by emotion and by speaker, and whether it knows.
 */
#include "pg/report/report.h"

#include <math.h>

#include "pg/draw/scores.h"

/* Confusions that are listed. */
#define N_CONFUSIONS 8

/* A sentence of speakers who may be in the training, with a blank before; empty for none. */
static const char *
known_speakers(const Report *report)
{
	int n = report->n_speakers_trained_on;

	if (n == 0)
		return "";
	return psprintf(" %d of %d speakers %s: if they are the same people, expect less of "
					"somebody new.",
					n, report->evaluation->n_speakers,
					n == 1 ? "has the name of one in its training"
						   : "have names of those in its training");
}

const char *
emoser_report_protocol_words(const Report *report)
{
	switch (report->protocol)
	{
		case REPORT_LOSO:
			return psprintf(
				"What to expect of somebody new: each utterance was predicted by a model that had never "
				"heard its speaker. For each of the %d speakers, one with the same options was trained on all others.",
				report->evaluation->n_speakers);
		case REPORT_SPEAKERS:
			return psprintf(
				"What to expect of somebody new: each utterance was predicted by a model that had never "
				"heard its speaker. The %d speakers were dealt into folds, and for each fold one with the same options "
				"was trained on all others.",
				report->evaluation->n_speakers);
		case REPORT_KFOLD:
			return "Each utterance was predicted by a model that had not heard it: the utterances were dealt into folds, "
				   "and for each fold a model with the same options was trained on the others. Speakers are not known, so "
				   "the same people are likely to be in both: expect less of somebody new.";
		case REPORT_TRAINED_ON:
			return "These figures flatter: the model predicts the very utterances that it was trained on. What it does on "
				   "others is not known from them.";
		case REPORT_PARTLY:
			return psprintf(
				"These figures flatter: the model was trained on " INT64_FORMAT
				" of the " INT64_FORMAT
				" utterances that it predicts here. The option \"trained_on\": \"leave out\" "
				"leaves them out.",
				report->n_trained_on, report->set->n_utterances);
		case REPORT_REST:
			return psprintf("The model itself predicts the " INT64_FORMAT " of " INT64_FORMAT
							" utterances that it was not trained on.%s",
							report->set->n_utterances - report->n_trained_on,
							report->set->n_utterances, known_speakers(report));
		case REPORT_NEW_DATA:
			if (report->n_trained_on == 0)
				return psprintf(
					"The model itself predicts utterances of another source than it was trained on, "
					"and none of them was in its training.%s",
					known_speakers(report));
			return "The model itself predicts utterances of another source than it was trained on. Whether some of them, or "
				   "their speakers, were in its training data too can't be told, as it remembers none; if so, expect less of "
				   "somebody new.";
		case REPORT_GIVEN_LOSO:
			return psprintf(
				"The predictions were given to this report. By their folds, each of the %d speakers was held "
				"out in turn: each utterance was predicted by a model that had not heard its speaker.",
				report->evaluation->n_speakers);
		case REPORT_GIVEN_SPEAKERS:
			return psprintf(
				"The predictions were given to this report. By their folds, the utterances of each of the %d speakers "
				"were held out together: each was predicted by a model that had not heard its speaker.",
				report->evaluation->n_speakers);
		case REPORT_GIVEN_FOLDS:
			return "The predictions were given to this report, with folds. If speakers are in several of them, expect less "
				   "of somebody new.";
		case REPORT_GIVEN:
			break;
	}
	if (report->n_trained_on > 0)
		return psprintf(
			"The predictions were given to this report; how they were made, it can't tell. The model was trained "
			"on " INT64_FORMAT " of the " INT64_FORMAT
			" utterances of the source: if it made them itself, these figures flatter.",
			report->n_trained_on, report->set->n_utterances);
	return "The predictions were given to this report; how they were made, it can't tell. If the model was trained on these "
		   "utterances, or on their speakers, expect less of somebody new.";
}

static void
add_protocol(Report *report)
{
	emoser_html_add(report->page,
					report->warning != NULL ? "<div class=\"warning\"><p>%s</p>"
											: "<div class=\"note\"><p>%s</p>",
					emoser_report_protocol_words(report));
	if (emoser_report_is_cross(report))
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
		report->page, report->evaluation->n_speakers > 1
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
						report->evaluation->n_labels),
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

/* The commonest confusions. */
static void
list_confusions(Report *report, const Confusion *confusion)
{
	int n = confusion->n;
	const int64 *counts = confusion->counts;
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
						confusion->labels[best / n], confusion->labels[best % n],
						(int) counts[best], (int) of_actual);
	}
	appendStringInfoString(report->page, "</tbody></table></div>\n");
}

static void
draw_rows(Report *report, const char *title, const EmoRows *rows, const char *caption)
{
	emoser_report_figure(report,
						 emo_plot_rows(&report->env, title, NULL, rows, 1, REPORT_PICTURE_WIDTH,
									   &report->svg, &report->svg_length),
						 caption);
}

static void
draw_emotions(Report *report)
{
	EmoRows rows = emoser_scores_of_emotions(report->evaluation, &report->scores);

	rows.value_title = "Share (%)";
	draw_rows(
		report, "Emotions", &rows,
		"Recall: of the utterances of an emotion, how many were recognised. Precision: of those taken for it, "
		"how many were it.");
}

static void
draw_speakers(Report *report)
{
	EmoRows rows = emoser_scores_of_speakers(report->evaluation, &report->judged, 1);

	rows.value_title = "UAR (%)";
	draw_rows(report, "Speakers", &rows,
			  report->evaluation->n_speakers > rows.n_names
				  ? "UAR of the first speakers. Models do not do equally well by all people."
				  : "UAR of each speaker. Models do not do equally well by all people.");
}

static void
draw_confusion(Report *report, const Confusion *confusion)
{
	if (confusion->n > EMO_PLOT_MAX_NAMES)
		return;
	emoser_report_figure(
		report,
		emoser_draw_confusion(&report->env, "Confusion matrix", report->warning, confusion,
							  REPORT_PICTURE_WIDTH, &report->svg, &report->svg_length),
		"Rows: what it was. Columns: what it was taken for; the darker, the larger the share of its row.");
}

void
emoser_report_evaluation(Report *report)
{
	Confusion confusion = emoser_confusion_of(report->evaluation, &report->judged);

	emoser_report_begin_section(report, "evaluation", "How good it is");
	add_protocol(report);
	list_metrics(report);
	emoser_report_begin_figures(report);
	draw_confusion(report, &confusion);
	draw_emotions(report);
	if (report->evaluation->n_speakers > 1)
		draw_speakers(report);
	list_confusions(report, &confusion);
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
			n_right += p->confidence >= least[k] && p->is_right;
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
	EmoReliabilityBin bins[EMO_CALIBRATION_BINS];
	emoser_reliability_of(&report->judged, bins);
	emoser_report_begin_section(report, "calibration", "Does it know when it is wrong?");
	emoser_html_add(
		report->page,
		"<p>A probability of 80&nbsp;%% should be right in 8 of 10 cases. The mean distance from that, "
		"the expected calibration error, is %.1f points.</p>\n",
		100 * report->scores.value[EMO_METRIC_ECE]);
	emoser_report_begin_figures(report);
	emoser_report_figure(
		report,
		emo_plot_reliability(&report->env, "Reliability", report->warning, bins,
							 REPORT_PICTURE_WIDTH, &report->svg, &report->svg_length),
		"How often predictions are right, by how sure they are: on the diagonal, probabilities mean what they say; "
		"below it, the model is too sure. Bins with few predictions say little.");
	list_abstaining(report);
	emoser_report_end_figures(report);
	emoser_report_end_section(report);
}
