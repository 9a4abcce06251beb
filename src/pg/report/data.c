/*
 * data.c
 *	  emoser_report(): the data, and how features are made of a recording.
 */
#include "pg/report/report.h"

#include <math.h>

#include "pg/draw/result.h"

static void
tell_counts(Report *report)
{
	const TrainingSet *set = report->set;

	emoser_html_add(report->page, "<p>%s utterances", psprintf(INT64_FORMAT, set->n_utterances));
	if (set->core.n_speakers > 0)
		emoser_html_add(report->page,
						set->core.n_speakers == 1 ? " by %d speaker" : " by %d speakers",
						set->core.n_speakers);
	emoser_html_add(report->page, ", of %d emotions.", set->core.n_classes);
	if (set->n_skipped > 0)
		emoser_html_add(report->page,
						set->n_skipped == 1
							? " %s further row was left out, because of nulls or bad audio."
							: " %s further rows were left out, because of nulls or bad audio.",
						psprintf(INT64_FORMAT, set->n_skipped));
	appendStringInfoString(report->page, " All figures of this page are about the source</p>\n");
	emoser_html_add(report->page, "<pre>%s</pre>\n", report->source);
}

/* What recordings are made of, a row for each kind. */
static void
tell_formats(Report *report)
{
	SPITupleTable *rows = emoser_report_query(
		psprintf(
			"SELECT pg_catalog.concat_ws(' ', i.container, i.encoding), i.sample_rate, i.channels, pg_catalog.count(*), "
			"pg_catalog.round((pg_catalog.sum(i.duration_s) OPERATOR(pg_catalog./) 60.0::pg_catalog.float8)::pg_catalog.numeric, 1), "
			"pg_catalog.round(pg_catalog.avg(i.rms_dbfs)::pg_catalog.numeric, 1), "
			"pg_catalog.count(*) FILTER (WHERE i.clipped_samples OPERATOR(pg_catalog.>) 0::pg_catalog.int8), "
			"pg_catalog.count(*) FILTER (WHERE i.truncated) "
			"FROM %s, LATERAL %s.emoser_audio_info(source.audio) AS i WHERE i.container IS NOT NULL "
			"GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 20",
			report->item, report->schema),
		0, NULL);
	uint64 n = SPI_processed;

	appendStringInfoString(
		report->page,
		"<div class=\"scroll\" tabindex=\"0\"><table><caption>The recordings as they are stored</caption>"
		"<thead><tr><th scope=\"col\">Format</th><th class=\"n\" scope=\"col\">Rate (Hz)</th>"
		"<th class=\"n\" scope=\"col\">Channels</th><th class=\"n\" scope=\"col\">Recordings</th>"
		"<th class=\"n\" scope=\"col\">Minutes</th><th class=\"n\" scope=\"col\">Mean level (dBFS)</th>"
		"<th class=\"n\" scope=\"col\">Clipped</th><th class=\"n\" scope=\"col\">Cut off</th></tr></thead><tbody>\n");
	for (uint64 i = 0; i < n; i++)
	{
		emoser_html_add(report->page, "<tr><td>%s</td>", emoser_report_value(rows, i, 1));
		for (int column = 2; column <= 8; column++)
		{
			const char *value = emoser_report_value(rows, i, column);

			emoser_html_add(report->page, "<td class=\"n\">%s</td>", value != NULL ? value : "-");
		}
		appendStringInfoString(report->page, "</tr>\n");
	}
	appendStringInfoString(report->page, "</tbody></table></div>\n");
}

/* Whether more than one sex is known. */
static bool
has_sexes(const Report *report)
{
	if (!report->has_sex)
		return false;
	emoser_report_query(
		psprintf(
			"SELECT DISTINCT source.sex::pg_catalog.text FROM %s WHERE source.sex IS NOT NULL LIMIT 2",
			report->item),
		0, NULL);
	return SPI_processed > 1;
}

/* Whether emotions can be told apart: there are two at least, and twice each. */
static bool
has_plane(const TrainingSet *set)
{
	int64 *counts = palloc0(set->core.n_classes * sizeof(int64));

	if (set->core.n_classes < 2 || set->core.n_classes > EMO_PLOT_MAX_NAMES)
		return false;
	for (int64 i = 0; i < set->n_utterances; i++)
		counts[set->label[i]]++;
	for (int c = 0; c < set->core.n_classes; c++)
		if (counts[c] < 2)
			return false;
	return true;
}

void
emoser_report_data(Report *report)
{
	emoser_report_begin_section(report, "data", "The data");
	tell_counts(report);
	if (report->has_recordings)
		tell_formats(report);
	emoser_report_begin_figures(report);
	if (has_sexes(report))
		emoser_report_plot(
			report,
			psprintf("emoser_plot_counts($1, 'emotion', 'sex', NULL, %d)", REPORT_PICTURE_WIDTH), 1,
			&report->source,
			"How often each emotion occurs. Where one is rare, its figures are rough ones.");
	else
		emoser_report_plot(
			report,
			psprintf("emoser_plot_counts($1, 'emotion', NULL, NULL, %d)", REPORT_PICTURE_WIDTH), 1,
			&report->source,
			"How often each emotion occurs. Where one is rare, its figures are rough ones.");
	if (report->has_recordings)
		emoser_report_plot(
			report, psprintf("emoser_plot_durations($1, NULL, %d)", REPORT_PICTURE_WIDTH), 1,
			&report->source,
			"How long the recordings are. Expect less of the model on much shorter or longer ones.");
	if (report->set->core.n_speakers > 0)
		emoser_report_plot(
			report,
			psprintf("emoser_plot_counts($1, 'speaker', NULL, NULL, %d)", REPORT_PICTURE_WIDTH), 1,
			&report->source, "How many utterances there are of each speaker.");
	if (has_plane(report->set))
		emoser_report_plot(
			report, psprintf("emoser_plot_space($1, 'lda', NULL, %d)", REPORT_PICTURE_WIDTH), 1,
			&report->source,
			"Each mark is an utterance, in the plane in which emotions lie farthest apart. The plane was "
			"chosen for these very utterances: new ones lie closer together.");
	emoser_report_end_figures(report);
	emoser_report_end_section(report);
}

/* The utterance recognised with the highest probability, as one that is easy to follow. */
static const ReportPrediction *
clearest(const Report *report)
{
	const ReportPrediction *best = NULL;

	for (int i = 0; i < report->n; i++)
	{
		const ReportPrediction *p = &report->predicted[i];

		if (p->actual_number == p->predicted_number &&
			(best == NULL || p->confidence > best->confidence))
			best = p;
	}
	return best != NULL ? best : report->predicted;
}

/* One recording, step by step. */
static void
show_steps(Report *report, const ReportPrediction *example)
{
	static const struct
	{
		const char *call, *caption;
	} steps[] = {
		{"emoser_plot_waveform",
		 "1. The waveform: air pressure over time, as the microphone has it. What is loud is high."},
		{"emoser_plot_mel",
		 "2. The mel spectrogram: how much sound there is at which frequency, on a scale like the ear's. "
		 "The stripes are harmonics of the voice."},
		{"emoser_plot_mfcc",
		 "3. Mel-frequency cepstral coefficients (MFCC): the shape of each column of step 2, in a few "
		 "numbers: what the mouth does, without the pitch."},
		{"emoser_plot_pitch",
		 "4. The fundamental frequency (F0): how high the voice is, where it is voiced."}};
	SPITupleTable *rows;
	Datum wav;
	bool is_null;
	StringInfoData columns;

	initStringInfo(&columns);
	for (int i = 0; i < (int) lengthof(steps); i++)
		appendStringInfo(&columns, "%s.%s(source.audio, NULL, %d), ", report->schema, steps[i].call,
						 REPORT_PICTURE_WIDTH);
	rows = emoser_report_query(
		psprintf("SELECT %s%s.emoser_wav((%s.emoser_samples(source.audio, %d))[:%d]) "
				 "FROM %s WHERE %s OPERATOR(pg_catalog.=) $1 LIMIT 1",
				 columns.data, report->schema, report->schema, REPORT_SAMPLE_RATE,
				 REPORT_MAX_CLIP_SAMPLES, report->item, report->key),
		1, &example->key);
	if (SPI_processed == 0)
		return;
	emoser_html_add(report->page, "<p>One recording, step by step: <strong>%s</strong>",
					example->name);
	if (example->speaker != NULL)
		emoser_html_add(report->page, " by speaker %s", example->speaker);
	emoser_html_add(report->page, ", %s.</p>\n", example->actual);
	wav = SPI_getbinval(rows->vals[0], rows->tupdesc, lengthof(steps) + 1, &is_null);
	if (!is_null)
	{
		struct varlena *bytes = PG_DETOAST_DATUM_PACKED(wav);

		emoser_report_player(report, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes),
							 psprintf("Recording %s", example->name));
	}
	emoser_report_begin_figures(report);
	for (int i = 0; i < (int) lengthof(steps); i++)
	{
		char *svg = emoser_row_text(rows, 0, i + 1);

		if (svg != NULL)
			emoser_report_figure(report, svg, strlen(svg), steps[i].caption);
	}
	emoser_report_end_figures(report);
}

void
emoser_report_features(Report *report)
{
	if (!report->has_recordings)
		return;
	emoser_report_begin_section(report, "features", "What the model hears");
	if (!report->model.takes_audio)
		appendStringInfoString(
			report->page,
			"<p>Features that were made elsewhere: not the recordings themselves.</p>\n");
	/* The example is found by its key; given predictions may have none that the source knows. */
	else if (report->key != NULL)
		show_steps(report, clearest(report));
	if (report->model.has_net)
		appendStringInfoString(
			report->page,
			"<p>The net takes steps 2 to 4 as they are, frame by frame (every 10&nbsp;ms).</p>\n");
	if (report->model.takes_audio && strcmp(report->model.algorithm, "cnn") != 0)
		appendStringInfoString(
			report->page,
			"<p>Recordings differ in length, and a linear model takes a fixed number of features. So the "
			"courses of MFCC, spectrum, energy and pitch are put into 1427 numbers: their mean, spread, "
			"extremes and slope over the whole utterance, how fast they go up and down (modulation), and how "
			"they vary together. The level of the recording and its length are left out on purpose.</p>\n");
	emoser_report_end_section(report);
}
