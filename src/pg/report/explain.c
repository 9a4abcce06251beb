/*
 * explain.c
 *	  emoser_report(): why the model answers as it does, and what a net has in mind.
 */
#include "pg/report/report.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "pg/draw/result.h"

/* Class images take a second each. */
#define MAX_CLASS_IMAGES 10

/* As emoser_class_image says. */
#define CLASS_IMAGE_PARAMETERS                                                                     \
	"fmin => 20, mel_scale => 'htk', mel_norm => 'none', window_name => 'hamming', center => false, preemphasis => 0.97"

static void
explain(Report *report, const char *what, const ReportPrediction *example)
{
	const char *parameters[] = {report->model_name, example->key};
	SPITupleTable *rows = emoser_report_query(
		psprintf("SELECT %s.emoser_plot_explanation(source.audio, $1, NULL, %d) FROM %s "
				 "WHERE %s OPERATOR(pg_catalog.=) $2 LIMIT 1",
				 report->schema, REPORT_PICTURE_WIDTH, report->item, report->key),
		lengthof(parameters), parameters);
	char *svg = SPI_processed == 0 ? NULL : emoser_row_text(rows, 0, 1);

	if (svg == NULL)
		return;
	emoser_report_figure(report, svg, strlen(svg),
						 psprintf("%s: %s%s%s, which is %s.", what, example->name,
								  example->speaker != NULL ? " by speaker " : "",
								  example->speaker != NULL ? example->speaker : "",
								  example->actual));
}

/* The surest right one, the surest wrong one, and the one with the least to choose. */
static void
choose_examples(const Report *report, const ReportPrediction *examples[3])
{
	for (int i = 0; i < report->n; i++)
	{
		const ReportPrediction *p = &report->predicted[i];
		int which = p->actual_number == p->predicted_number ? 0 : 1;

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

	if (report->key == NULL || !report->has_recordings || !report->model.takes_audio)
		return;
	choose_examples(report, examples);
	emoser_report_begin_section(report, "why", "Why it answers so");
	appendStringInfoString(
		report->page,
		"<p>What spoke for the likeliest emotion, and what for the second likeliest, in nats: "
		"together they are the difference of the logarithms of both probabilities.");
	if (report->protocol != REPORT_NEW_DATA && report->protocol != REPORT_TRAINED_ON)
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

static void
add_class_image(Report *report, const char *emotion)
{
	const char *parameters[] = {report->model_name, emotion,
								psprintf("Most typical of %s", emotion)};
	SPITupleTable *rows = emoser_report_query(
		psprintf(
			"SELECT %s.emoser_plot_mel(w.wav, $3, %d), w.wav, p.emotion, pg_catalog.round(100 OPERATOR(pg_catalog.*) "
			"p.probability::pg_catalog.numeric, 1) FROM (SELECT %s.emoser_mel_to_wav(%s.emoser_class_image($1::pg_catalog.text, $2), %s) "
			"AS wav OFFSET 0) AS w, LATERAL (SELECT q.emotion, q.probability FROM %s.emoser_predict_proba(w.wav, $1) AS q LIMIT 1) AS p",
			report->schema, REPORT_PICTURE_WIDTH, report->schema, report->schema,
			CLASS_IMAGE_PARAMETERS, report->schema),
		lengthof(parameters), parameters);
	char *svg;
	bool is_null;
	struct varlena *wav;

	if (SPI_processed == 0)
		return;
	svg = emoser_row_text(rows, 0, 1);
	wav = PG_DETOAST_DATUM_PACKED(SPI_getbinval(rows->vals[0], rows->tupdesc, 2, &is_null));
	appendStringInfoString(report->page, "<figure>");
	emoser_html_markup(report->page, svg, strlen(svg));
	emoser_report_player(report, VARDATA_ANY(wav), VARSIZE_ANY_EXHDR(wav),
						 psprintf("Sound that is most typical of %s", emotion));
	emoser_html_add(
		report->page,
		"<figcaption>Made into sound and heard again, it is %s (%s&nbsp;%%).</figcaption></figure>\n",
		emoser_report_value(rows, 0, 3), emoser_report_value(rows, 0, 4));
}

/* False if the net, as one that was trained badly, has no image of an emotion. */
static bool
try_class_image(Report *report, const char *emotion)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	int length = report->page->len;
	volatile bool has_one = true;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		add_class_image(report, emotion);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		if (geterrcode() != ERRCODE_DATA_EXCEPTION)
			PG_RE_THROW();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		report->page->len = length;
		report->page->data[length] = '\0';
		has_one = false;
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return has_one;
}

void
emoser_report_class_images(Report *report)
{
	Datum *labels;
	bool *nulls;
	int n;
	StringInfoData without;

	if (!report->model.has_net)
		return;
	deconstruct_array(report->model.labels, TEXTOID, -1, false, TYPALIGN_INT, &labels, &nulls, &n);
	emoser_report_begin_section(report, "typical", "What the net has in mind");
	appendStringInfoString(
		report->page,
		"<p>Sounds that the net calls most typical of each emotion, out of all that its training "
		"recordings span. They are nobody&#39;s voice: the net has no idea of pitch and words "
		"in them, only of what it listens for.</p>\n");
	emoser_report_begin_figures(report);
	initStringInfo(&without);
	for (int i = 0; i < Min(n, MAX_CLASS_IMAGES); i++)
	{
		const char *emotion = TextDatumGetCString(labels[i]);

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
