/*
 * limits.c
 *	  emoser_report(): what the data and the model are not good for.
 */
#include "pg/report/report.h"

/* Fewer speakers say little about people in general. */
#define FEW_SPEAKERS 50

static void
add_data_limits(Report *report)
{
	const TrainingSet *set = report->set;

	if (report->is_emodb)
		appendStringInfoString(
			report->page,
			"<li>The recordings are those of EmoDB: ten German actors, five women and five men of 21 to 35 years, who said ten "
			"everyday sentences in an anechoic chamber in the late 1990s. What is recognised is how actors <em>play</em> an emotion, "
			"chosen among those plays that listeners recognised. What people feel, and show, is weaker, mixed, and often hidden.</li>\n"
			"<li>Language, age, dialect, microphone and room are always the same. Nothing here says how the model does by "
			"children, old people, other languages, telephones or noise.</li>\n");
	else
		appendStringInfoString(
			report->page,
			"<li>The figures hold for recordings like these: the same way to record, the same language, the same "
			"way to come by emotions. Acted emotions are stronger and clearer than those of everyday life.</li>\n");
	if (set->core.n_speakers > 0 && set->core.n_speakers < FEW_SPEAKERS)
		emoser_html_add(
			report->page,
			set->core.n_speakers == 1
				? "<li>There is %d speaker only. Differences of a few points, between models or emotions, are "
				  "within what other speakers would change.</li>\n"
				: "<li>There are %d speakers only. Differences of a few points, between models or emotions, are "
				  "within what other speakers would change.</li>\n",
			set->core.n_speakers);
	if (set->core.n_speakers == 0)
		appendStringInfoString(
			report->page,
			"<li>The speakers are not known. So it is not known either how the model does by "
			"people whom it has not heard.</li>\n");
}

void
emoser_report_limits(Report *report)
{
	emoser_report_begin_section(report, "limits", "What it is not good for");
	appendStringInfoString(report->page, "<ul>\n");
	add_data_limits(report);
	if (report->model.is_bundled && !report->is_emodb)
		appendStringInfoString(
			report->page,
			"<li>The model was trained on EmoDB: on emotions acted by ten German speakers.</li>\n");
	emoser_html_add(
		report->page,
		"<li>The model always answers with one of its emotions (%s), also to silence, music, or an emotion it has never "
		"heard of.</li>\n"
		"<li>It hears how something is said, not what, to whom, or why.</li>\n</ul>\n",
		emoser_report_labels(report));
	appendStringInfoString(
		report->page,
		"<div class=\"warning\"><p><strong>Do not use it to decide about people</strong>: not in hiring, at work, in school, in "
		"policing, at borders, in insurance, in medicine; nor to find out lies, character or intentions. A voice is no "
		"evidence of what somebody feels.</p><p>In the European Union, inferring the emotions of people at work or in education is "
		"prohibited but for medical or safety reasons (<a href=\"https://eur-lex.europa.eu/eli/reg/2024/1689/oj\">Regulation (EU) "
		"2024/1689</a>, Article 5(1)(f)), and others must be told of it (Article 50(3)). What that asks for, and the GDPR: "
		"docs/responsible.md of emoser.</p></div>\n"
		"<p>It is good for research and teaching on corpora like this one, and for finding recordings to listen to.</p>\n");
	emoser_report_end_section(report);
}
