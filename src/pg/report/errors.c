/*
 * errors.c
 *	  emoser_report(): utterances that were misclassified, to listen to.
 */
#include "pg/report/report.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

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
	ReportPrediction **errors = palloc(report->n * sizeof(ReportPrediction *));

	*n = 0;
	for (int i = 0; i < report->n; i++)
		if (report->predicted[i].actual_number != report->predicted[i].predicted_number)
			errors[(*n)++] = &report->predicted[i];
	qsort(errors, *n, sizeof(ReportPrediction *), compare_errors);
	return errors;
}

/* The sounds of some utterances: rows of key and WAV, one for each key however often it occurs. */
static SPITupleTable *
fetch_sounds(const Report *report, ReportPrediction **errors, int n)
{
	Datum *keys = palloc(n * sizeof(Datum)), values[1];
	Oid types[] = {TEXTARRAYOID};

	for (int i = 0; i < n; i++)
		keys[i] = CStringGetTextDatum(errors[i]->key);
	values[0] = PointerGetDatum(construct_array(keys, n, TEXTOID, -1, false, TYPALIGN_INT));
	if (SPI_execute_with_args(
			psprintf(
				"SELECT d.key, %s.emoser_wav((%s.emoser_samples(d.audio, %d))[:%d]) "
				"FROM (SELECT DISTINCT ON (q.key) q.key, q.audio FROM (SELECT %s AS key, source.audio FROM %s) AS q "
				"WHERE q.key OPERATOR(pg_catalog.=) ANY ($1) ORDER BY q.key) AS d",
				report->schema, report->schema, REPORT_SAMPLE_RATE, REPORT_MAX_CLIP_SAMPLES,
				report->key, report->item),
			1, types, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not fetch recordings for a report");
	return SPI_tuptable;
}

static void
add_sound(Report *report, const ReportPrediction *error, const SPITupleTable *rows, uint64 n_rows)
{
	for (uint64 i = 0; i < n_rows; i++)
	{
		bool is_null;
		Datum wav;
		struct varlena *bytes;

		if (strcmp(SPI_getvalue(rows->vals[i], rows->tupdesc, 1), error->key) != 0)
			continue;
		wav = SPI_getbinval(rows->vals[i], rows->tupdesc, 2, &is_null);
		if (is_null)
			return;
		bytes = PG_DETOAST_DATUM_PACKED(wav);
		emoser_report_player(report, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes),
							 psprintf("Recording %s: %s, taken for %s", error->name, error->actual,
									  error->predicted));
		return;
	}
}

static void
add_bars(Report *report, const ReportPrediction *error)
{
	appendStringInfoString(report->page, "<dl class=\"bars\">\n");
	for (int i = 0; i < Min(error->n_labels, MAX_BARS); i++)
	{
		double percent = 100 * DatumGetFloat8(error->p[i]);

		emoser_html_add(
			report->page,
			"<dt>%s</dt><dd class=\"bar\" aria-hidden=\"true\"><i style=\"width:%.1f%%\"></i></dd>"
			"<dd class=\"n\">%.1f&nbsp;%%</dd>\n",
			error->labels[i], percent, percent);
	}
	appendStringInfoString(report->page, "</dl>\n");
}

static void
show_clips(Report *report, ReportPrediction **errors, int n)
{
	SPITupleTable *sounds = NULL;
	uint64 n_sounds = 0;

	if (report->has_recordings && report->key != NULL && report->with_audio)
	{
		sounds = fetch_sounds(report, errors, n);
		n_sounds = SPI_processed;
	}
	appendStringInfoString(report->page, "<ul class=\"clips\">\n");
	for (int i = 0; i < n; i++)
	{
		emoser_html_add(report->page, "<li><h3>%s</h3>\n<p>", errors[i]->name);
		if (errors[i]->speaker != NULL)
			emoser_html_add(report->page, "Speaker %s: ", errors[i]->speaker);
		emoser_html_add(
			report->page,
			"<span class=\"right\">%s</span>, taken for <span class=\"wrong\">%s</span></p>\n",
			errors[i]->actual, errors[i]->predicted);
		if (sounds != NULL)
			add_sound(report, errors[i], sounds, n_sounds);
		add_bars(report, errors[i]);
		appendStringInfoString(report->page, "</li>\n");
	}
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
		appendStringInfoString(report->page, report->with_audio && report->key != NULL
												 ? "Some are hard for people too: listen.</p>\n"
												 : "</p>\n");
		show_clips(report, errors, n_shown);
		if (!report->with_audio && report->has_recordings)
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
