/*
 * data.c
 *	  emoser_report(): the data.
 */
#include "pg/report/report.h"

#include <math.h>

#include "utils/memutils.h"

#include "core/audio/info.h"
#include "core/draw/histogram.h"
#include "pg/draw/counts.h"
#include "pg/draw/space.h"
#include "pg/source/audio_arg.h"

static void
add_counts(Report *report)
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
	emoser_html_add(report->page, "<pre>%s</pre>\n", report->source_text);
}

/* The recordings of one kind. */
typedef struct Format
{
	const char *container, *encoding;
	int sample_rate, n_channels;
	int64 n, n_clipped, n_truncated;
	double duration_s;
	double level_db; /* sum over those that aren't silent */
	int64 n_levels;
} Format;

/* What there is in the source, row by row, whether it can be learnt from or not. */
typedef struct Inventory
{
	Format *formats; /* [n_formats] */
	int n_formats;
	double *durations_s; /* [n_recordings] */
	int64 n_recordings;
	Counts *emotions, *by_sex, *speakers;
	char *first_sex; /* NULL: none is known */
	bool has_sexes;  /* more than one is */
} Inventory;

/* More are of no use to anybody: what comes later is left out. */
#define MAX_FORMATS 1000

/* Of those, the commonest are listed. */
#define MAX_LISTED_FORMATS 20

static Format *
find_format(Inventory *inventory, const EmoAudioInfo *info)
{
	for (int i = 0; i < inventory->n_formats; i++)
	{
		Format *format = &inventory->formats[i];

		/* Names are static ones of the core. */
		if (format->sample_rate == info->sample_rate && format->n_channels == info->n_channels &&
			strcmp(format->container, info->container) == 0 &&
			strcmp(format->encoding, info->encoding) == 0)
			return format;
	}
	if (inventory->n_formats == MAX_FORMATS)
		return NULL;
	inventory->formats[inventory->n_formats] = (Format){.container = info->container,
														.encoding = info->encoding,
														.sample_rate = info->sample_rate,
														.n_channels = info->n_channels};
	return &inventory->formats[inventory->n_formats++];
}

static void
take_recording(Inventory *inventory, const EmoAudioInfo *info)
{
	Format *format = find_format(inventory, info);

	inventory->durations_s[inventory->n_recordings++] = info->duration_s;
	if (format == NULL)
		return;
	format->n++;
	format->duration_s += info->duration_s;
	format->n_clipped += info->clipped_samples > 0;
	format->n_truncated += info->truncated;
	if (info->rms > 0)
	{
		format->level_db += 20 * log10(info->rms);
		format->n_levels++;
	}
}

static void
take_names(Inventory *inventory, const Report *report, const SourceColumns *columns, HeapTuple row)
{
	char *emotion = emoser_trimmed_value(row, report->columns, columns->label);
	char *sex;

	(void) emoser_count_row(inventory->emotions, emotion, NULL);
	if (columns->speaker != 0)
		(void) emoser_count_row(inventory->speakers,
								emoser_trimmed_value(row, report->columns, columns->speaker), NULL);
	if (report->sex == 0)
		return;
	sex = emoser_trimmed_value(row, report->columns, report->sex);
	(void) emoser_count_row(inventory->by_sex, emotion, sex);
	if (sex == NULL)
		return;
	if (inventory->first_sex == NULL)
		inventory->first_sex = MemoryContextStrdup(inventory->emotions->names.context, sex);
	inventory->has_sexes = inventory->has_sexes || strcmp(sex, inventory->first_sex) != 0;
}

/* An inventory being taken. */
typedef struct Stocktaking
{
	const Report *report;
	SourceColumns columns;
	Inventory inventory;
} Stocktaking;

static void
take_row(void *argument, const SourceRow *row)
{
	Stocktaking *taking = argument;
	const Report *report = taking->report;
	Datum audio = 0;
	bool is_null = true;
	EmoAudioInfo info;

	take_names(&taking->inventory, report, &taking->columns, row->columns);
	if (report->audio != 0)
		audio = SPI_getbinval(row->columns, report->columns, report->audio, &is_null);
	if (!is_null && emoser_recording_info(PG_DETOAST_DATUM_PACKED(audio),
										  report->reading.on_bad_audio, &info, NULL))
		take_recording(&taking->inventory, &info);
}

/* Go over the source again. */
static Inventory
take_inventory(Report *report)
{
	Stocktaking taking = {
		.report = report,
		.columns = emoser_source_columns(report->columns, &report->reading, false),
		.inventory = {.emotions = emoser_counts_new(false),
					  .by_sex = emoser_counts_new(true),
					  .speakers = emoser_counts_new(false),
					  .formats = palloc(MAX_FORMATS * sizeof(Format)),
					  .durations_s = MemoryContextAllocHuge(
						  CurrentMemoryContext, (report->n_rows + 1) * sizeof(double))}};

	emoser_each_row(report->source, take_row, &taking);
	return taking.inventory;
}

static int
compare_formats(const void *a, const void *b)
{
	const Format *x = a, *y = b;

	return x->n > y->n ? -1 : x->n < y->n;
}

static void
list_formats(Report *report, Inventory *inventory)
{
	qsort(inventory->formats, inventory->n_formats, sizeof(Format), compare_formats);
	appendStringInfoString(
		report->page,
		"<div class=\"scroll\" tabindex=\"0\"><table><caption>The recordings as they are stored</caption>"
		"<thead><tr><th scope=\"col\">Format</th><th class=\"n\" scope=\"col\">Rate (Hz)</th>"
		"<th class=\"n\" scope=\"col\">Channels</th><th class=\"n\" scope=\"col\">Recordings</th>"
		"<th class=\"n\" scope=\"col\">Minutes</th><th class=\"n\" scope=\"col\">Mean level (dBFS)</th>"
		"<th class=\"n\" scope=\"col\">Clipped</th><th class=\"n\" scope=\"col\">Cut off</th></tr></thead><tbody>\n");
	for (int i = 0; i < Min(inventory->n_formats, MAX_LISTED_FORMATS); i++)
	{
		const Format *format = &inventory->formats[i];

		emoser_html_add(report->page,
						"<tr><td>%s %s</td><td class=\"n\">%d</td><td class=\"n\">%d</td>"
						"<td class=\"n\">%d</td><td class=\"n\">%.1f</td>",
						format->container, format->encoding, format->sample_rate,
						format->n_channels, (int) format->n, format->duration_s / 60);
		if (format->n_levels > 0)
			emoser_html_add(report->page, "<td class=\"n\">%.1f</td>",
							format->level_db / format->n_levels);
		else
			appendStringInfoString(report->page, "<td class=\"n\">-</td>");
		emoser_html_add(report->page, "<td class=\"n\">%d</td><td class=\"n\">%d</td></tr>\n",
						(int) format->n_clipped, (int) format->n_truncated);
	}
	appendStringInfoString(report->page, "</tbody></table></div>\n");
}

static void
draw_counts(Report *report, const Counts *counts, const char *title, const char *caption)
{
	emoser_report_figure(report,
						 emoser_draw_counts(&report->env, counts, title, REPORT_PICTURE_WIDTH,
											&report->svg, &report->svg_length),
						 caption);
}

static void
draw_durations(Report *report, const Inventory *inventory)
{
	emoser_report_figure(
		report,
		emo_plot_histogram(&report->env, "Durations of recordings", inventory->durations_s,
						   inventory->n_recordings, "recordings", "Recordings", "Duration (s)", "s",
						   REPORT_PICTURE_WIDTH, &report->svg, &report->svg_length),
		"How long the recordings are. Expect less of the model on much shorter or longer ones.");
}

static void
draw_space(Report *report)
{
	emoser_report_figure(
		report,
		emoser_draw_space(&report->env, emoser_space_method("lda"), report->set, NULL,
						  REPORT_PICTURE_WIDTH, &report->svg, &report->svg_length),
		"Each mark is an utterance, in the plane in which emotions lie farthest apart. The plane was "
		"chosen for these very utterances: new ones lie closer together.");
}

void
emoser_report_data(Report *report)
{
	static const char of_emotions[] =
		"How often each emotion occurs. Where one is rare, its figures are rough ones.";
	Inventory inventory = take_inventory(report);

	emoser_report_begin_section(report, "data", "The data");
	add_counts(report);
	if (report->audio != 0)
		list_formats(report, &inventory);
	emoser_report_begin_figures(report);
	if (inventory.has_sexes && emoser_n_split(inventory.by_sex) <= EMOSER_MAX_SPLIT)
		draw_counts(report, inventory.by_sex, "Utterances by emotion and sex", of_emotions);
	else
		draw_counts(report, inventory.emotions, "Utterances by emotion", of_emotions);
	if (inventory.n_recordings > 0)
		draw_durations(report, &inventory);
	if (report->set->core.n_speakers > 0)
		draw_counts(report, inventory.speakers, "Utterances by speaker",
					"How many utterances there are of each speaker.");
	if (report->has_classes && report->set->core.n_classes <= EMO_PLOT_MAX_NAMES)
		draw_space(report);
	emoser_report_end_figures(report);
	emoser_report_end_section(report);
}
