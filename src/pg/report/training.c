/*
 * training.c
 *	  emoser_report(): how the model came about, and how to make it and the page again.
 */
#include "pg/report/report.h"

#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"

char *
emoser_report_labels(const Report *report)
{
	const ReportModel *model = &report->model;
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < model->n_labels; i++)
		appendStringInfo(&list, "%s%s", i > 0 ? ", " : "", model->labels[i]);
	return list.data;
}

static bool
has_history(Report *report)
{
	Oid history =
		get_relname_relid("emoser_training_history", get_func_namespace(report->sql.function));

	return OidIsValid(history) &&
		   pg_class_aclcheck(history, GetUserId(), ACL_SELECT) == ACLCHECK_OK &&
		   emoser_sql_read(
			   &report->sql,
			   "SELECT FROM @extschema@.emoser_training_history "
			   "WHERE model = $1 AND version = $2::integer LIMIT 1",
			   SQL_VALUES(sql_text(report->model.name), sql_text(report->model.version))) > 0;
}

static void
list_layers(Report *report)
{
	Sql *sql = &report->sql;
	uint64 n = emoser_sql_read(
		sql,
		"SELECT layer, type, settings, array_to_string(output_shape, ' x '), parameters "
		"FROM @extschema@.emoser_model_layers($1)",
		SQL_VALUES(sql_text(report->model_name)));

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
			const char *value = emoser_sql_text(sql, i, column);

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
	Sql *sql = &report->sql;

	emoser_report_begin_figures(report);
	if (has_history(report))
	{
		(void) emoser_sql_read(
			sql, "SELECT @extschema@.emoser_plot_training($1, NULL::text, $2)",
			SQL_VALUES(sql_text(report->model_name), sql_int4(REPORT_PICTURE_WIDTH)));
		emoser_report_selected_plot(
			report, 1,
			"Loss and accuracy by epoch. Training examples are altered and mixed at random, which makes them "
			"harder than the held-out ones; where validation rises while training falls, the net learns by "
			"heart.");
	}
	else
		appendStringInfoString(report->page,
							   "<p>There is no history of its epochs in this database.</p>\n");
	(void) emoser_sql_read(
		sql, "SELECT @extschema@.emoser_plot_filters($1, 0, NULL::text, $2)",
		SQL_VALUES(sql_text(report->model_name), sql_int4(REPORT_PICTURE_WIDTH)));
	emoser_report_selected_plot(
		report, 1,
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

static char *
text_of(Jsonb *json)
{
	return JsonbToCString(NULL, &json->root, VARSIZE(json));
}

/* The options of a model, for another source. */
static char *
cross_options(const Report *report)
{
	/* Nothing is held out that a model was trained on. */
	Datum reading = DirectFunctionCall2(jsonb_delete, JsonbPGetDatum(report->source_options),
										CStringGetTextDatum("trained_on"));
	Datum options =
		DirectFunctionCall2(jsonb_concat, JsonbPGetDatum(report->model.options), reading);

	return text_of(DatumGetJsonbP(options));
}

/* To be written behind other arguments; empty where there is nothing to say. */
static char *
named_options(const Report *report)
{
	if (JB_ROOT_COUNT(report->source_options) == 0)
		return pstrdup("");
	return psprintf(", options => %s", quote_literal_cstr(text_of(report->source_options)));
}

/* What the source and the training have in common. */
static char *
trained_on_words(const Report *report)
{
	const char *same = report->is_own_data ? "the same" : "another";

	if (report->n_trained_on < 0)
		return psprintf("%s; the model remembers no recordings of its training", same);
	return psprintf("%s; the model was trained on " INT64_FORMAT " of its " INT64_FORMAT
					" utterances",
					same, report->n_trained_on, report->set->n_utterances);
}

void
emoser_report_reproduce(Report *report)
{
	const ReportModel *model = &report->model;
	Sql *sql = &report->sql;
	char *options = text_of(model->options);
	const char *source = model->source != NULL ? model->source : report->source_text;

	(void) emoser_sql_read(
		sql,
		"SELECT version(), (SELECT extversion FROM pg_extension WHERE extname = 'emoser'), "
		"to_char(statement_timestamp(), 'YYYY-MM-DD HH24:MI TZ')",
		SQL_NO_VALUES);
	emoser_report_begin_section(report, "reproduce", "How to make all of it again");
	emoser_html_add(
		report->page,
		"<dl class=\"facts\">\n<dt>Model</dt><dd>%s, version %s</dd>\n<dt>Labels</dt><dd>%s</dd>\n"
		"<dt>Stored</dt><dd>%s by %s</dd>\n<dt>Options, with the seed</dt><dd><code>%s</code></dd>\n"
		"<dt>SHA-256 of its training data</dt><dd><code>%s</code></dd>\n"
		"<dt>SHA-256 of this source</dt><dd><code>%s</code>, %s</dd>\n"
		"<dt>Software</dt><dd>emoser %s, %s</dd>\n<dt>This page</dt><dd>%s</dd>\n</dl>\n",
		model->name, model->version, emoser_report_labels(report), model->created_at,
		model->creator, options, model->data_hash[0] != '\0' ? model->data_hash : "unknown",
		report->set->data_hash, trained_on_words(report), emoser_sql_text(sql, 0, 2),
		emoser_sql_text(sql, 0, 1), emoser_sql_text(sql, 0, 3));
	emoser_html_add(
		report->page,
		"<pre>-- The model: the same data, options and seed give the same weights.\n"
		"CALL emoser_train(source =&gt; %s, model =&gt; %s, algorithm =&gt; %s, options =&gt; %s);\n\n-- Its figures.\n",
		quote_literal_cstr(source), quote_literal_cstr(model->name),
		quote_literal_cstr(model->algorithm), quote_literal_cstr(options));
	if (emoser_report_is_cross(report))
		emoser_html_add(
			report->page, "SELECT * FROM emoser_cross_validate(%s, %s, %s, protocol =&gt; %s);\n",
			quote_literal_cstr(report->source_text), quote_literal_cstr(model->algorithm),
			quote_literal_cstr(cross_options(report)),
			report->protocol == REPORT_LOSO       ? "'loso'"
			: report->protocol == REPORT_SPEAKERS ? "'speakers'"
												  : "'kfold'");
	else if (report->predictions_text == NULL)
		emoser_html_add(report->page,
						"SELECT * FROM emoser_evaluate(source =&gt; %s, model =&gt; %s%s);\n",
						quote_literal_cstr(report->source_text),
						quote_literal_cstr(report->model_name), named_options(report));
	else
		emoser_html_add(report->page, "SELECT emoser_uar(actual, predicted) FROM %s;\n",
						emoser_source_item(report->predictions_text));
	emoser_html_add(
		report->page,
		"\n-- This page.\nSELECT emoser_report(source =&gt; %s, model =&gt; %s%s%s);</pre>\n",
		quote_literal_cstr(report->source_text), quote_literal_cstr(report->model_name),
		report->predictions_text == NULL
			? ""
			: psprintf(", predictions => %s", quote_literal_cstr(report->predictions_text)),
		named_options(report));
	emoser_report_end_section(report);
}
