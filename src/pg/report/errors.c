/*
 * errors.c
 *	  emoser_report(): utterances that were misclassified, to listen to.
 */
#include "pg/report/report.h"

#include "utils/memutils.h"

#include "core/draw/emotion_colors.h"
#include "pg/base/encoding.h"
#include "pg/source/audio_arg.h"

/* Shown with probabilities and a player; and listed. */
#define MAX_CLIPS  12
#define MAX_LISTED 200

/* Bars of a prediction. */
#define MAX_BARS 4

/* The surest errors first. */
static int
compare_errors(const void *a, const void *b)
{
	const ReportPrediction *x = *(const ReportPrediction *const *) a;
	const ReportPrediction *y = *(const ReportPrediction *const *) b;

	if (x->confidence != y->confidence)
		return x->confidence > y->confidence ? -1 : 1;
	return strcmp(x->name, y->name);
}

static ReportPrediction **
find_errors(Report *report, int *n)
{
	ReportPrediction **errors =
		MemoryContextAllocHuge(CurrentMemoryContext, report->n * sizeof(ReportPrediction *));

	*n = 0;
	for (int i = 0; i < report->n; i++)
		if (!report->predicted[i].is_right)
			errors[(*n)++] = &report->predicted[i];
	qsort(errors, *n, sizeof(ReportPrediction *), compare_errors);
	return errors;
}

/* An error that is shown, and its place among them. */
typedef struct Wanted
{
	int64 source_row;
	int place;
} Wanted;

static int
compare_wanted(const void *a, const void *b)
{
	const Wanted *x = a, *y = b;

	return x->source_row < y->source_row ? -1 : x->source_row > y->source_row;
}

/* Their sounds [n], NULL for none, fetched in the order of the source. */
static void
fetch_clips(Report *report, ReportPrediction **errors, int n, bytea **clips)
{
	Wanted wanted[MAX_CLIPS];

	for (int i = 0; i < n; i++)
		wanted[i] = (Wanted){errors[i]->source_row, i};
	qsort(wanted, n, sizeof(Wanted), compare_wanted);
	for (int i = 0; i < n; i++)
	{
		struct varlena *audio = NULL;
		int channel = EMO_MIXED;

		if (report->with_audio)
			audio = emoser_report_recording(report, wanted[i].source_row, &channel);
		clips[wanted[i].place] = audio != NULL ? emoser_report_clip(report, audio, channel) : NULL;
		if (audio != NULL)
			pfree(audio);
	}
}

static int
compare_labels(const void *a, const void *b)
{
	const Likelihood *const *x = a, *const *y = b;

	return strcmp((*x)->label, (*y)->label);
}

/* By the labels in their order, so that they are the same for all predictions. */
static const char **
bar_colors(const Likelihood *likelihoods, int n)
{
	const Likelihood **sorted = palloc(n * sizeof(Likelihood *));
	const char **labels = palloc(n * sizeof(char *)), **colors = palloc(n * sizeof(char *));
	int *numbers = palloc(n * sizeof(int));

	for (int i = 0; i < n; i++)
		sorted[i] = &likelihoods[i];
	qsort(sorted, n, sizeof(Likelihood *), compare_labels);
	for (int i = 0; i < n; i++)
		labels[i] = emoser_utf8_text(sorted[i]->label);
	emo_emotion_color_numbers(labels, n, numbers);
	for (int i = 0; i < n; i++)
		colors[sorted[i] - likelihoods] = emo_emotion_color(numbers[i]);
	return colors;
}

static void
add_bars(Report *report, const ReportPrediction *error)
{
	int n;
	const Likelihood *likelihoods = emoser_report_likelihoods(report, error, &n);
	const char **colors = bar_colors(likelihoods, n);

	appendStringInfoString(report->page, "<dl class=\"bars\">\n");
	for (int i = 0; i < Min(n, MAX_BARS); i++)
	{
		double percent = 100 * likelihoods[i].p;

		emoser_html_add(report->page,
						"<dt>%s</dt><dd class=\"bar\" aria-hidden=\"true\">"
						"<i style=\"width:%.1f%%;background:%s\"></i></dd>"
						"<dd class=\"n\">%.1f&nbsp;%%</dd>\n",
						likelihoods[i].label, percent, colors[i], percent);
	}
	appendStringInfoString(report->page, "</dl>\n");
}

static void
show_clip(Report *report, const ReportPrediction *error, const bytea *clip)
{
	emoser_html_add(report->page, "<li><h3>%s</h3>\n<p>", error->name);
	if (error->speaker != NULL)
		emoser_html_add(report->page, "Speaker %s: ", error->speaker);
	emoser_html_add(
		report->page,
		"<span class=\"right\">%s</span>, taken for <span class=\"wrong\">%s</span></p>\n",
		error->actual, error->predicted);
	emoser_report_player(
		report, clip,
		psprintf("Recording %s: %s, taken for %s", error->name, error->actual, error->predicted));
	add_bars(report, error);
	appendStringInfoString(report->page, "</li>\n");
}

/* Not more than MAX_CLIPS. */
static void
show_clips(Report *report, ReportPrediction **errors, int n)
{
	bytea *clips[MAX_CLIPS];

	fetch_clips(report, errors, n, clips);
	appendStringInfoString(report->page, "<ul class=\"clips\">\n");
	for (int i = 0; i < n; i++)
		show_clip(report, errors[i], clips[i]);
	appendStringInfoString(report->page, "</ul>\n");
}

static void
list_errors(Report *report, ReportPrediction **errors, int n)
{
	int n_listed = Min(n, MAX_LISTED);

	emoser_html_add(report->page,
					n > n_listed ? "<details><summary>The surest %d errors as a table</summary>"
								 : "<details><summary>All %d errors as a table</summary>",
					n_listed);
	appendStringInfoString(
		report->page,
		"<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Recording</th>"
		"<th scope=\"col\">Speaker</th><th scope=\"col\">Emotion</th><th scope=\"col\">Taken for</th>"
		"<th class=\"n\" scope=\"col\">Probability of that</th></tr></thead><tbody>\n");
	for (int i = 0; i < n_listed; i++)
		emoser_html_add(
			report->page,
			"<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td class=\"n\">%.1f&nbsp;%%</td></tr>\n",
			errors[i]->name, errors[i]->speaker != NULL ? errors[i]->speaker : "",
			errors[i]->actual, errors[i]->predicted, 100 * errors[i]->confidence);
	appendStringInfoString(report->page, "</tbody></table></div></details>\n");
}

void
emoser_report_errors(Report *report)
{
	int n, n_shown, n_players = report->n_players;
	ReportPrediction **errors = find_errors(report, &n);

	emoser_report_begin_section(report, "errors", "Where it errs");
	n_shown = Min(n, MAX_CLIPS);
	if (n == 0)
		emoser_html_add(report->page, "<p>All %d utterances were recognised.</p>\n", report->n);
	else
	{
		emoser_html_add(report->page, "<p>%d of %d utterances were misclassified. ", n, report->n);
		if (n > n_shown)
			emoser_html_add(report->page, "Here are the %d of which the model was surest. ",
							n_shown);
		appendStringInfoString(report->page, report->with_audio && report->audio != 0
												 ? "Some are hard for people too: listen.</p>\n"
												 : "</p>\n");
		show_clips(report, errors, n_shown);
		if (!report->with_audio && report->audio != 0)
			appendStringInfoString(report->page,
								   "<p>Sound was left out of this page, as was asked for.</p>\n");
		else if (report->n_players == n_players)
			appendStringInfoString(
				report->page,
				"<p>There is no sound: the recordings are not in the source, or are not found by "
				"the predictions&#39; <code>id</code>.</p>\n");
		list_errors(report, errors, n);
	}
	emoser_report_end_section(report);
}
