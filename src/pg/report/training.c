/*
 * training.c
 *	  emoser_report(): how the model came about, and how to make it and the page again.
 */
#include "pg/report/report.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "pg/source/source.h"

char *
emoser_report_labels(const Report *report)
{
	bool *nulls;
	Datum *labels;
	int n;
	StringInfoData list;

	initStringInfo(&list);
	deconstruct_array(report->model.labels, TEXTOID, -1, false, TYPALIGN_INT, &labels, &nulls, &n);
	for (int i = 0; i < n; i++)
		appendStringInfo(&list, "%s%s", i > 0 ? ", " : "", TextDatumGetCString(labels[i]));
	return list.data;
}

static bool
has_history(const Report *report)
{
	const char *parameters[] = {report->model.name, report->model.version};
	SPITupleTable *rows = emoser_report_query(
		psprintf("SELECT pg_catalog.has_table_privilege('%s.emoser_training_history', 'SELECT')",
				 report->schema),
		0, NULL);

	if (strcmp(emoser_report_value(rows, 0, 1), "t") != 0)
		return false;
	emoser_report_query(
		psprintf(
			"SELECT FROM %s.emoser_training_history AS h WHERE h.model OPERATOR(pg_catalog.=) $1 "
			"AND h.version OPERATOR(pg_catalog.=) $2::pg_catalog.int4 LIMIT 1",
			report->schema),
		2, parameters);
	return SPI_processed > 0;
}

static void
list_layers(Report *report)
{
	SPITupleTable *rows = emoser_report_query(
		psprintf(
			"SELECT layer, type, settings, pg_catalog.array_to_string(output_shape, ' x '), parameters "
			"FROM %s.emoser_model_layers($1::pg_catalog.text)",
			report->schema),
		1, &report->model_name);
	uint64 n = SPI_processed;

	appendStringInfoString(
		report->page,
		"<details><summary>Layers of the net</summary><div class=\"scroll\" tabindex=\"0\"><table><thead><tr>"
		"<th class=\"n\" scope=\"col\">Layer</th><th scope=\"col\">Type</th><th scope=\"col\">Settings</th>"
		"<th scope=\"col\">Output, for 2.56&nbsp;s</th><th class=\"n\" scope=\"col\">Parameters</th></tr></thead><tbody>\n");
	for (uint64 i = 0; i < n; i++)
	{
		appendStringInfoString(report->page, "<tr>");
		for (int column = 1; column <= 5; column++)
		{
			const char *value = emoser_report_value(rows, i, column);

			emoser_html_add(report->page,
							column == 1 || column == 5 ? "<td class=\"n\">%s</td>" : "<td>%s</td>",
							value != NULL ? value : "");
		}
		appendStringInfoString(report->page, "</tr>\n");
	}
	appendStringInfoString(report->page, "</tbody></table></div></details>\n");
}

/* Its training, and what its first filters look for. */
static void
show_net(Report *report)
{
	const ReportModel *model = &report->model;
	const char *parameters[] = {report->model_name};

	emoser_report_begin_figures(report);
	if (has_history(report))
		emoser_report_plot(
			report, psprintf("emoser_plot_training($1, NULL, %d)", REPORT_PICTURE_WIDTH),
			lengthof(parameters), parameters,
			"Loss and accuracy by epoch. Training examples are altered and mixed at random, which makes them "
			"harder than the held-out ones; where validation rises while training falls, the net learns by "
			"heart.");
	else
		appendStringInfoString(report->page,
							   "<p>There is no history of its epochs in this database.</p>\n");
	emoser_report_plot(
		report, psprintf("emoser_plot_filters($1, 0, NULL, %d)", REPORT_PICTURE_WIDTH), 1,
		&model->name,
		"The filters of the first convolution: what it looks for in time (to the right) and "
		"frequency (upwards). Light: more than usual; dark: less.");
	emoser_report_end_figures(report);
	list_layers(report);
}

void
emoser_report_training(Report *report)
{
	const ReportModel *model = &report->model;

	emoser_report_begin_section(report, "training", "How the model was trained");
	emoser_html_add(report->page,
					"<p>Model <strong>%s</strong>, version %s, algorithm <code>%s</code>",
					model->name, model->version, model->algorithm);
	if (!model->has_net)
		appendStringInfoString(
			report->page,
			", shrinkage linear discriminant analysis, whose weights are computed at once: "
			"there are no epochs and so no training curves");
	if (strcmp(model->n_utterances, "0") != 0)
		emoser_html_add(report->page, "; trained on %s utterances", model->n_utterances);
	if (strcmp(model->n_speakers, "0") != 0)
		emoser_html_add(report->page, " by %s speakers", model->n_speakers);
	emoser_html_add(report->page, " in %s&nbsp;s; %s bytes.</p>\n", model->training_time,
					model->bytes);
	if (model->is_bundled)
		appendStringInfoString(
			report->page,
			"<p>It comes with emoser, and was trained on the Berlin Database of Emotional Speech "
			"(EmoDB; Burkhardt et al. 2005).</p>\n");
	if (model->has_net)
		show_net(report);
	emoser_report_end_section(report);
}

void
emoser_report_reproduce(Report *report)
{
	const ReportModel *model = &report->model;
	SPITupleTable *rows = emoser_report_query(
		psprintf(
			"SELECT pg_catalog.version(), (SELECT e.extversion FROM pg_catalog.pg_extension AS e WHERE e.extname "
			"OPERATOR(pg_catalog.=) 'emoser'), pg_catalog.to_char(pg_catalog.statement_timestamp(), 'YYYY-MM-DD HH24:MI TZ')"),
		0, NULL);
	const char *source = model->source != NULL ? model->source : report->source;

	emoser_report_begin_section(report, "reproduce", "How to make all of it again");
	emoser_html_add(
		report->page,
		"<dl class=\"facts\">\n<dt>Model</dt><dd>%s, version %s</dd>\n<dt>Labels</dt><dd>%s</dd>\n"
		"<dt>Stored</dt><dd>%s by %s</dd>\n<dt>Options, with the seed</dt><dd><code>%s</code></dd>\n"
		"<dt>SHA-256 of its training data</dt><dd><code>%s</code></dd>\n"
		"<dt>SHA-256 of this source</dt><dd><code>%s</code>, %s</dd>\n"
		"<dt>Software</dt><dd>emoser %s, %s</dd>\n<dt>This page</dt><dd>%s</dd>\n</dl>\n",
		model->name, model->version, emoser_report_labels(report), model->created_at,
		model->creator, model->options, model->data_hash[0] != '\0' ? model->data_hash : "unknown",
		report->set->data_hash, report->is_trained_on ? "the same" : "another",
		emoser_report_value(rows, 0, 2), emoser_report_value(rows, 0, 1),
		emoser_report_value(rows, 0, 3));
	emoser_html_add(report->page,
					"<pre>-- The model: the same data, options and seed give the same weights.\n"
					"CALL emoser_train(%s, %s, %s, %s);\n\n-- Its figures.\n",
					quote_literal_cstr(source), quote_literal_cstr(model->name),
					quote_literal_cstr(model->algorithm), quote_literal_cstr(model->options));
	if (report->protocol == REPORT_LOSO || report->protocol == REPORT_KFOLD)
		emoser_html_add(report->page,
						"SELECT * FROM emoser_cross_validate(%s, %s, %s, protocol =&gt; %s);\n",
						quote_literal_cstr(report->source), quote_literal_cstr(model->algorithm),
						quote_literal_cstr(model->options),
						report->protocol == REPORT_LOSO ? "'loso'" : "'kfold'");
	else if (report->predictions == NULL)
		emoser_html_add(report->page, "SELECT * FROM emoser_evaluate(%s, %s);\n",
						quote_literal_cstr(report->source), quote_literal_cstr(report->model_name));
	else
		emoser_html_add(report->page, "SELECT emoser_uar(actual, predicted) FROM %s;\n",
						emoser_source_item(report->predictions));
	emoser_html_add(report->page, "\n-- This page.\nSELECT emoser_report(%s, %s%s);</pre>\n",
					quote_literal_cstr(report->source), quote_literal_cstr(report->model_name),
					report->predictions == NULL
						? ""
						: psprintf(", predictions => %s", quote_literal_cstr(report->predictions)));
	emoser_report_end_section(report);
}
