/*
 * groups.c
 *	  emoser_report(): whether the model does as well by one group of people as by another.
 */
#include "pg/report/report.h"

#include <math.h>

#include "pg/base/encoding.h"
#include "pg/draw/groups.h"

static void
add_share(StringInfo page, EmoEstimate estimate)
{
	const EmoEstimates one = {&estimate.value, &estimate.low, &estimate.high};

	if (isnan(estimate.value))
		appendStringInfoString(page, "-");
	else
		emoser_report_share(page, &one, 0);
}

static void
list_group(Report *report, const ByGroup *by, int number)
{
	const UtteranceGroup *group = &by->groups[number];
	GroupRecalls recalls = emoser_estimate_group(report->evaluation, by, number, &report->judged);

	if (group->n == 0)
		return;
	emoser_html_add(report->page,
					"<tr><th scope=\"row\">%s</th><td class=\"n\">%d</td><td class=\"n\">%d</td>"
					"<td class=\"n\">%d</td><td class=\"value\">",
					group->name, (int) group->n, group->n_speakers, group->n_labels);
	add_share(report->page, recalls.uar);
	appendStringInfoString(report->page, "</td><td class=\"value\">");
	add_share(report->page, recalls.war);
	emoser_html_add(report->page, "</td><td>%s</td></tr>\n", group->is_compared ? "yes" : "no");
}

static void
list_groups(Report *report, const ByGroup *by)
{
	appendStringInfoString(
		report->page,
		"<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Group</th>"
		"<th class=\"n\" scope=\"col\">Utterances</th><th class=\"n\" scope=\"col\">Speakers</th>"
		"<th class=\"n\" scope=\"col\">Emotions</th><th scope=\"col\">UAR</th>"
		"<th scope=\"col\">Accuracy</th><th scope=\"col\">Compared</th></tr></thead><tbody>\n");
	for (int g = 0; g < by->n_groups; g++)
		list_group(report, by, g);
	appendStringInfoString(report->page, "</tbody></table></div>\n");
}

static void
add_column(Report *report, const GroupColumn *column)
{
	ByGroup by = emoser_look_at_groups(report->evaluation, column);
	EmoGap gap = emoser_gap_of_judged(report->evaluation, &by, &report->judged);
	EmoRows rows = emoser_scores_of_groups(report->evaluation, &by, &report->judged, 1);

	emoser_html_add(report->page, "<h3>By %s</h3>\n<p>%s</p>\n", column->name,
					emoser_gap_in_words(&by, &gap));
	if (by.n_shared < by.n_labels)
		emoser_html_add(report->page,
						"<p>Some groups lack emotions: they are compared by %d of %d.</p>\n",
						by.n_shared, by.n_labels);
	list_groups(report, &by);
	emoser_report_begin_figures(report);
	emoser_report_figure(
		report,
		emo_plot_rows(&report->env, psprintf("Groups by %s", emoser_utf8_text(column->name)), NULL,
					  &rows, 1, REPORT_PICTURE_WIDTH, &report->svg, &report->svg_length),
		"UAR of each group, with its interval. Groups of one speaker have none: "
		"what they say is about that person.");
	emoser_report_end_figures(report);
}

static void
add_gini(Report *report)
{
	EmoGini gini = emoser_estimate_gini(report->evaluation, &report->judged);

	emoser_html_add(
		report->page,
		"<p>Between single speakers, the Gini coefficient of UAR is %.3f: 0 is all alike. If all were "
		"recognised equally well, chance alone would make it %.3f (%.3f to %.3f).</p>\n",
		gini.gini.value, gini.by_chance.value, gini.by_chance.low, gini.by_chance.high);
}

void
emoser_report_groups(Report *report)
{
	if (report->evaluation->n_by == 0)
		return;
	emoser_report_begin_section(report, "groups", "Is it as good for everybody?");
	appendStringInfoString(
		report->page,
		"<p>The best group is always better than the worst. So their distance is told beside the one "
		"that groups have which are dealt to the speakers at random.</p>\n");
	for (int b = 0; b < report->evaluation->n_by; b++)
		add_column(report, &report->evaluation->by[b]);
	if (report->evaluation->n_speakers > 1)
		add_gini(report);
	emoser_report_end_section(report);
}
