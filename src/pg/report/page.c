/*
 * page.c
 *	  The frame of emoser_report(): headings, pictures, players, and what is around them.
 */
#include "pg/report/report.h"

#include <math.h>

#include "pg/base/encoding.h"

void
emoser_report_begin_section(Report *report, const char *id, const char *heading)
{
	report->headings = lappend(report->headings, (char *) id);
	report->headings = lappend(report->headings, (char *) heading);
	emoser_html_add(report->page,
					"<section id=\"%s\" aria-labelledby=\"%s-h\">\n<h2 id=\"%s-h\">%s</h2>\n", id,
					id, id, heading);
}

void
emoser_report_end_section(Report *report)
{
	appendStringInfoString(report->page, "</section>\n");
}

void
emoser_report_begin_figures(Report *report)
{
	appendStringInfoString(report->page, "<div class=\"figures\">\n");
}

void
emoser_report_end_figures(Report *report)
{
	appendStringInfoString(report->page, "</div>\n");
}

void
emoser_report_figure(Report *report, EmoStatus status, const char *caption)
{
	emoser_check(&report->env, status);
	appendStringInfoString(report->page, "<figure>");
	emoser_html_markup(report->page, report->svg, report->svg_length);
	emoser_html_add(report->page, "<figcaption>%s</figcaption></figure>\n", caption);
}

void
emoser_report_selected_plot(Report *report, int column, const char *caption)
{
	char *svg = emoser_sql_text(&report->sql, 0, column);

	if (svg == NULL)
		return;
	report->svg = emoser_utf8_text(svg);
	report->svg_length = strlen(report->svg);
	emoser_report_figure(report, EMO_OK, caption);
}

void
emoser_report_player(Report *report, const struct varlena *wav, const char *what)
{
	int n_bytes = wav != NULL ? (int) VARSIZE_ANY_EXHDR(wav) : 0;
	Size encoded = (Size) n_bytes / 3 * 4 + 4;

	if (n_bytes == 0 || !report->with_audio ||
		report->audio_bytes + encoded > REPORT_MAX_AUDIO_BYTES)
		return;
	report->audio_bytes += encoded;
	report->n_players++;
	emoser_html_add(
		report->page,
		"<audio controls preload=\"metadata\" aria-label=\"%s\" src=\"data:audio/wav;base64,",
		what);
	emoser_html_base64(report->page, VARDATA_ANY(wav), n_bytes);
	appendStringInfoString(report->page, "\"></audio>\n");
}

void
emoser_report_share(StringInfo page, const EmoEstimates *scores, int which)
{
	emoser_html_add(page, "%.1f&nbsp;%%", 100 * scores->value[which]);
	if (isfinite(scores->low[which]))
		emoser_html_add(page, " (%.1f to %.1f)", 100 * scores->low[which],
						100 * scores->high[which]);
}

static void
add_card(StringInfo page, const char *term, const EmoEstimates *scores, int which, const char *note)
{
	emoser_html_add(page, "<div><dt>%s</dt><dd>%.1f&nbsp;%%<small>", term,
					100 * scores->value[which]);
	if (isfinite(scores->low[which]))
		emoser_html_add(page, "%.1f to %.1f, ", 100 * scores->low[which],
						100 * scores->high[which]);
	emoser_html_add(page, "%s</small></dd></div>\n", note);
}

/* The figures that are looked for first. */
static void
add_cards(StringInfo page, const Report *report)
{
	appendStringInfoString(page, "<dl class=\"cards\">\n");
	add_card(page, "Average recall (UAR)", &report->scores, EMO_METRIC_UAR,
			 psprintf("chance is %.1f %%", 100.0 / report->evaluation->n_labels));
	add_card(page, "Accuracy", &report->scores, EMO_METRIC_WAR, "of all predictions");
	if (report->has_profiles)
		add_card(page, "With speaker profiles", &report->profile_scores, EMO_METRIC_UAR,
				 "average recall");
	emoser_html_add(page, "<div><dt>Predictions</dt><dd>%d<small>of %d emotions", report->n,
					report->evaluation->n_labels);
	if (report->evaluation->n_speakers > 0)
		emoser_html_add(page,
						report->evaluation->n_speakers == 1 ? ", %d speaker" : ", %d speakers",
						report->evaluation->n_speakers);
	emoser_html_add(
		page,
		"</small></dd></div>\n<div><dt>Model</dt><dd>%s<small>%s, version %s</small></dd></div>\n</dl>\n",
		report->model.name, report->model.algorithm, report->model.version);
}

static void
add_contents(StringInfo page, const Report *report)
{
	appendStringInfoString(page, "<nav aria-label=\"Contents\"><ol>\n");
	for (int i = 0; i < list_length(report->headings); i += 2)
		emoser_html_add(page, "<li><a href=\"#%s\">%s</a></li>\n",
						(const char *) list_nth(report->headings, i),
						(const char *) list_nth(report->headings, i + 1));
	appendStringInfoString(page, "</ol></nav>\n");
}

StringInfo
emoser_report_assemble(Report *report)
{
	StringInfo page = makeStringInfo();
	const char *title = report->title != NULL
							? report->title
							: psprintf("How well does %s hear emotions?", report->model.name);

	/* The page may load nothing, and run nothing. */
	emoser_html_add(page,
					"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
					"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
					"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
					"style-src 'unsafe-inline'; img-src data:; media-src data:\">\n"
					"<meta name=\"color-scheme\" content=\"light dark\">\n"
					"<link rel=\"icon\" href=\"data:,\">\n<title>%s</title>\n<style>",
					title);
	appendStringInfoString(page, emoser_report_style);
	emoser_html_add(
		page,
		"</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n"
		"<header>\n<p class=\"kicker\">emoser report</p>\n<h1>%s</h1>\n<p class=\"lede%s\">%s</p>\n",
		title, report->warning != NULL ? " warning" : "", emoser_report_protocol_words(report));
	add_cards(page, report);
	appendStringInfoString(page, "</header>\n");
	add_contents(page, report);
	appendStringInfoString(page, "<main id=\"content\" tabindex=\"-1\">\n");
	appendBinaryStringInfo(page, report->page->data, report->page->len);
	appendStringInfoString(
		page, "</main>\n<footer>Made by emoser, inside PostgreSQL. This page is complete in "
			  "itself: it loads nothing and runs no script.</footer>\n</body>\n</html>\n");
	return page;
}
