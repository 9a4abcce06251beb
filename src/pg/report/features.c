/*
 * features.c
 *	  emoser_report(): what the model hears of a recording.
 */
#include "pg/report/report.h"

#include "pg/source/audio_arg.h"

/* The utterance recognised with the highest probability, as one that is easy to follow. */
static const ReportPrediction *
clearest(const Report *report)
{
	const ReportPrediction *best = NULL;

	for (int i = 0; i < report->n; i++)
	{
		const ReportPrediction *p = &report->predicted[i];

		if (p->source_row != 0 && p->is_right && (best == NULL || p->confidence > best->confidence))
			best = p;
	}
	return best != NULL ? best : report->predicted;
}

/* One recording, step by step. */
static void
show_steps(Report *report, const ReportPrediction *example)
{
	static const char *const captions[] = {
		"1. The waveform: air pressure over time, as the microphone has it. What is loud is high.",
		"2. The mel spectrogram: how much sound there is at which frequency, on a scale like the ear's. "
		"The stripes are harmonics of the voice.",
		"3. Mel-frequency cepstral coefficients (MFCC): the shape of each column of step 2, in a few "
		"numbers: what the mouth does, without the pitch.",
		"4. The fundamental frequency (F0): how high the voice is, where it is voiced."};
	int channel = EMO_MIXED;
	struct varlena *audio = emoser_report_recording(report, example->source_row, &channel);

	if (audio == NULL)
		return;
	(void) emoser_sql_read(
		&report->sql,
		"SELECT @extschema@.emoser_plot_waveform($1, NULL::text, $2, $3, 'error'::text), "
		"@extschema@.emoser_plot_mel($1, NULL::text, $2, $3, 'error'::text), "
		"@extschema@.emoser_plot_mfcc($1, NULL::text, $2, $3, 'error'::text), "
		"@extschema@.emoser_plot_pitch($1, NULL::text, $2, $3, 'error'::text)",
		SQL_VALUES(sql_varlena(BYTEAOID, audio), sql_int4(REPORT_PICTURE_WIDTH),
				   emoser_channel_value(channel)));
	emoser_html_add(report->page, "<p>One recording, step by step: <strong>%s</strong>",
					example->name);
	if (example->speaker != NULL)
		emoser_html_add(report->page, " by speaker %s", example->speaker);
	emoser_html_add(report->page, ", %s.</p>\n", example->actual);
	emoser_report_player(report, emoser_report_clip(report, audio, channel),
						 psprintf("Recording %s", example->name));
	emoser_report_begin_figures(report);
	for (int i = 0; i < (int) lengthof(captions); i++)
		emoser_report_selected_plot(report, i + 1, captions[i]);
	emoser_report_end_figures(report);
	pfree(audio);
}

static void
show_encoder(Report *report, const EmoHearing *hearing)
{
	emoser_html_add(
		report->page,
		"<p>The samples themselves, by the pre-trained speech encoder \"%s\", which has "
		"%d layers of %d numbers every 20&nbsp;ms. What its layers say is put into %d "
		"numbers for the whole utterance%s; they have no names.</p>\n",
		emoser_model_text(hearing->name), (int) hearing->n_layers, (int) hearing->width,
		emo_hearing_n_heard(hearing),
		hearing->with_features ? ", and behind them come the 1528 of <code>emoser_features()</code>"
							   : "");
}

void
emoser_report_features(Report *report)
{
	const EmoHearing *hearing = report->model.decoded->model->hearing;

	if (report->audio == 0)
		return;
	emoser_report_begin_section(report, "features", "What the model hears");
	if (!report->model.takes_audio)
		appendStringInfoString(
			report->page,
			"<p>Features that were made elsewhere: not the recordings themselves.</p>\n");
	else if (hearing != NULL)
		show_encoder(report, hearing);
	else
		show_steps(report, clearest(report));
	if (report->model.has_net)
		appendStringInfoString(
			report->page,
			"<p>The net takes steps 2 to 4 as they are, frame by frame (every 10&nbsp;ms).</p>\n");
	if (report->model.takes_audio && hearing == NULL && strcmp(report->model.algorithm, "cnn") != 0)
		appendStringInfoString(
			report->page,
			"<p>Recordings differ in length, and a linear model takes a fixed number of features. So the "
			"courses of MFCC, spectrum, loudness, pitch and voice are put into 1528 numbers: their mean, "
			"spread, extremes and slope over the whole utterance, how fast they go up and down (modulation), "
			"and how they vary together. The length of the recording is left out on purpose, and its level "
			"is in seven of them only.</p>\n");
	emoser_report_end_section(report);
}
