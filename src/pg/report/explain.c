/*
 * explain.c
 *	  emoser_report(): why the model answers as it does, and what a net has in mind.
 */
#include "pg/report/report.h"

#include "pg/base/encoding.h"
#include "pg/base/subtransaction.h"
#include "pg/source/audio_arg.h"

/* Class images take a second each. */
#define MAX_CLASS_IMAGES 10

/* Of emoser_mel_to_wav() after the image: what turns one into sound, as emoser_class_image() says. */
#define CLASS_IMAGE_ARGUMENTS                                                                      \
	"NULL::int4, NULL::int4, NULL::int4, NULL::int4, NULL::int4, 20::float8, NULL::float8, "       \
	"'htk'::text, 'none'::text, 'hamming'::text, false, NULL::float8, 0.97::float8, "              \
	"NULL::int4, NULL::text, NULL::float8, 'emoser'::text, 32, 0"

static void
explain(Report *report, const char *what, const ReportPrediction *example)
{
	int channel = EMO_MIXED;
	struct varlena *audio = emoser_report_recording(report, example->source_row, &channel);

	if (audio == NULL)
		return;
	(void) emoser_sql_read(
		&report->sql,
		"SELECT @extschema@.emoser_plot_explanation($1, $2, NULL::text, $3, $4, 'predict'::text, 'error'::text, "
		"NULL::text[])",
		SQL_VALUES(sql_varlena(BYTEAOID, audio), sql_text(report->model_name),
				   sql_int4(REPORT_PICTURE_WIDTH), emoser_channel_value(channel)));
	emoser_report_selected_plot(report, 1,
								psprintf("%s: %s%s%s, which is %s.", what, example->name,
										 example->speaker != NULL ? " by speaker " : "",
										 example->speaker != NULL ? example->speaker : "",
										 example->actual));
	pfree(audio);
}

/* The surest right one, the surest wrong one, and the one with the least to choose. */
static void
choose_examples(const Report *report, const ReportPrediction *examples[3])
{
	for (int i = 0; i < report->n; i++)
	{
		const ReportPrediction *p = &report->predicted[i];
		int which = p->is_right ? 0 : 1;

		if (p->source_row == 0)
			continue;
		if (examples[which] == NULL || p->confidence > examples[which]->confidence)
			examples[which] = p;
		if (examples[2] == NULL || p->confidence < examples[2]->confidence)
			examples[2] = p;
	}
}

void
emoser_report_explanations(Report *report)
{
	static const char *const names[] = {"The clearest one", "The surest error",
										"The most doubtful one"};
	const ReportPrediction *examples[lengthof(names)] = {NULL};

	if (report->audio == 0 || !report->model.takes_audio)
		return;
	choose_examples(report, examples);
	/* Given predictions may be of other recordings than those of the source. */
	if (examples[2] == NULL)
		return;
	emoser_report_begin_section(report, "why", "Why it answers so");
	appendStringInfoString(
		report->page,
		"<p>What spoke for the likeliest emotion, and what for the second likeliest, in nats: "
		"together they are the difference of the logarithms of both probabilities.");
	if (!emoser_report_is_own(report))
		appendStringInfoString(
			report->page,
			" It is the model itself that is explained. It may have heard these recordings "
			"in training, and then answers otherwise than under <a href=\"#errors\">Where it "
			"errs</a>, where it had not.");
	appendStringInfoString(report->page, "</p>\n");
	emoser_report_begin_figures(report);
	for (int i = 0; i < (int) lengthof(names); i++)
		if (examples[i] != NULL &&
			(i < 2 || (examples[i] != examples[0] && examples[i] != examples[1])))
			explain(report, names[i], examples[i]);
	emoser_report_end_figures(report);
	emoser_report_end_section(report);
}

typedef struct ClassImage
{
	Report *report;
	const char *emotion;
} ClassImage;

static void
add_class_image(void *argument)
{
	const ClassImage *image = argument;
	Report *report = image->report;
	const char *emotion = image->emotion;
	Sql *sql = &report->sql;
	char *svg;

	if (emoser_sql_read(
			sql,
			"SELECT @extschema@.emoser_plot_mel(w.wav, $3, $4, NULL::integer, 'error'::text), w.wav, p.emotion, "
			"round(100 * p.probability::numeric, 1) "
			"FROM (SELECT @extschema@.emoser_mel_to_wav("
			"@extschema@.emoser_class_image($1, $2, 200, 0, NULL::real[]), " CLASS_IMAGE_ARGUMENTS
			") AS wav OFFSET 0) AS w, LATERAL (SELECT q.emotion, q.probability "
			"FROM @extschema@.emoser_predict_proba(w.wav, $1, "
			"NULL::@extschema@.emoser_speaker_profile, NULL::integer, 'predict'::text, 'error'::text, NULL::text[]) AS q LIMIT 1) AS p",
			SQL_VALUES(sql_text(report->model_name), sql_text(emotion),
					   sql_text(psprintf("Most typical of %s", emotion)),
					   sql_int4(REPORT_PICTURE_WIDTH))) == 0)
		return;
	svg = emoser_utf8_text(emoser_sql_text(sql, 0, 1));
	appendStringInfoString(report->page, "<figure>");
	emoser_html_markup(report->page, svg, strlen(svg));
	emoser_report_player(report, emoser_sql_varlena(sql, 0, 2),
						 psprintf("Sound that is most typical of %s", emotion));
	emoser_html_add(
		report->page,
		"<figcaption>Made into sound and heard again, it is %s (%s&nbsp;%%).</figcaption></figure>\n",
		emoser_sql_text(sql, 0, 3), emoser_sql_text(sql, 0, 4));
}

/* False if the net, as one that was trained badly, has no image of an emotion. */
static bool
try_class_image(Report *report, const char *emotion)
{
	ClassImage image = {report, emotion};
	int length = report->page->len;
	bool has_one = emoser_try(add_class_image, &image, ERRCODE_DATA_EXCEPTION);

	if (!has_one)
	{
		report->page->len = length;
		report->page->data[length] = '\0';
	}
	return has_one;
}

void
emoser_report_class_images(Report *report)
{
	StringInfoData without;

	if (!report->model.has_net)
		return;
	emoser_report_begin_section(report, "typical", "What the net has in mind");
	appendStringInfoString(
		report->page,
		"<p>Sounds that the net calls most typical of each emotion, out of all that its training "
		"recordings span. They are nobody&#39;s voice: the net has no idea of pitch and words "
		"in them, only of what it listens for.</p>\n");
	emoser_report_begin_figures(report);
	initStringInfo(&without);
	for (int i = 0; i < Min(report->model.n_labels, MAX_CLASS_IMAGES); i++)
	{
		const char *emotion = report->model.labels[i];

		if (!try_class_image(report, emotion))
			appendStringInfo(&without, "%s%s", without.len > 0 ? ", " : "", emotion);
	}
	emoser_report_end_figures(report);
	if (without.len > 0)
		emoser_html_add(
			report->page,
			"<div class=\"note\"><p>There is none of %s: the net is sure of nothing there, within what its "
			"training recordings span.</p></div>\n",
			without.data);
	emoser_report_end_section(report);
}
