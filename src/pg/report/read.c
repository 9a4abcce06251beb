/*
 * read.c
 *	  What emoser_report() is about: the model and the source.
 */
#include "pg/report/report.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "pg/model/store.h"
#include "pg/source/source.h"

/* Names of recordings that are looked at to tell EmoDB from others. */
#define NAMES_LOOKED_AT 10

SPITupleTable *
emoser_report_query(const char *sql, int n_parameters, const char *const *parameters)
{
	Oid types[4];
	Datum values[4];
	char nulls[lengthof(types)] = {0};

	Assert(n_parameters <= (int) lengthof(types));
	for (int i = 0; i < n_parameters; i++)
	{
		types[i] = TEXTOID;
		nulls[i] = parameters[i] == NULL ? 'n' : ' ';
		values[i] = parameters[i] == NULL ? (Datum) 0 : CStringGetTextDatum(parameters[i]);
	}
	if (SPI_execute_with_args(sql, n_parameters, types, values, nulls, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not run a query for a report");
	return SPI_tuptable;
}

char *
emoser_report_value(const SPITupleTable *rows, uint64 row, int column)
{
	return SPI_getvalue(rows->vals[row], rows->tupdesc, column);
}

static bool
is_true(const SPITupleTable *rows, int column)
{
	const char *value = emoser_report_value(rows, 0, column);

	return value != NULL && value[0] == 't';
}

void
emoser_report_read_model(Report *report)
{
	ReportModel *model = &report->model;
	ModelName called = emoser_parse_model_name(report->model_name);
	const char *parameters[] = {
		called.name, called.version == EMOSER_NO_VERSION ? NULL : psprintf("%d", called.version)};
	bool is_null;
	SPITupleTable *rows = emoser_report_query(
		psprintf(
			"SELECT name, version, algorithm, options, creator, "
			"pg_catalog.to_char(created_at, 'YYYY-MM-DD'), "
			"pg_catalog.round(pg_catalog.date_part('epoch', training_time)::pg_catalog.numeric, 1), "
			"n_utterances, n_speakers, data_hash, source, "
			"pg_catalog.pg_column_size(model), pg_catalog.jsonb_pretty(metrics), labels, is_bundled, "
			"algorithm OPERATOR(pg_catalog.<>) 'lda', feature_version "
			"FROM %s.emoser_models WHERE name OPERATOR(pg_catalog.=) $1 "
			"AND ($2 IS NULL OR version OPERATOR(pg_catalog.=) $2::pg_catalog.int4) " EMOSER_ACTIVE_FIRST
			" LIMIT 1",
			report->schema),
		lengthof(parameters), parameters);

	if (SPI_processed == 0)
		emoser_no_such_version(report->function, &called, false);
	model->name = emoser_report_value(rows, 0, 1);
	model->version = emoser_report_value(rows, 0, 2);
	/* So that all of the page is about this version. */
	report->model_name = psprintf("%s@%s", model->name, model->version);
	model->algorithm = emoser_report_value(rows, 0, 3);
	model->options = emoser_report_value(rows, 0, 4);
	model->creator = emoser_report_value(rows, 0, 5);
	model->created_at = emoser_report_value(rows, 0, 6);
	model->training_time = emoser_report_value(rows, 0, 7);
	model->n_utterances = emoser_report_value(rows, 0, 8);
	model->n_speakers = emoser_report_value(rows, 0, 9);
	model->data_hash = emoser_report_value(rows, 0, 10);
	model->source = emoser_report_value(rows, 0, 11);
	model->bytes = emoser_report_value(rows, 0, 12);
	model->metrics = emoser_report_value(rows, 0, 13);
	model->labels = DatumGetArrayTypeP(SPI_getbinval(rows->vals[0], rows->tupdesc, 14, &is_null));
	model->is_bundled = is_true(rows, 15);
	model->has_net = is_true(rows, 16);
	model->takes_audio = model->has_net || strcmp(emoser_report_value(rows, 0, 17), "0") != 0;
}

/* What is written in the place of columns that a source may lack. */
static void
find_names(Report *report, TupleDesc columns)
{
	bool has_id = SPI_fnumber(columns, "id") > 0;
	bool has_file_name = SPI_fnumber(columns, "file_name") > 0;

	report->has_sex = SPI_fnumber(columns, "sex") > 0;
	report->name = has_id          ? "source.id::pg_catalog.text"
				   : has_file_name ? "source.file_name::pg_catalog.text"
								   : "(pg_catalog.row_number() OVER ())::pg_catalog.text";
	/* Rows are read several times, in whatever order: a recording is known by its content. */
	if (report->predictions != NULL)
		report->key = has_id || has_file_name ? report->name : NULL;
	else
		report->key = report->has_recordings ? "pg_catalog.md5(source.audio)" : NULL;
}

/* Only names of EmoDB's own ten speakers tell their sex. */
static bool
has_emodb_names(const Report *report)
{
	SPITupleTable *rows;

	rows = emoser_report_query(
		psprintf(
			"SELECT pg_catalog.count(p.sex), pg_catalog.count(*) FROM (SELECT %s FROM %s LIMIT %d) AS n (name), "
			"%s.emoser_parse_emodb(n.name) AS p",
			report->name, report->item, NAMES_LOOKED_AT, report->schema),
		0, NULL);
	return strcmp(emoser_report_value(rows, 0, 1), emoser_report_value(rows, 0, 2)) == 0;
}

void
emoser_report_read_source(Report *report)
{
	TrainingSetOptions options = {.with_ids = true, .any_classes = true};
	SPIPlanPtr plan;
	Portal portal;
	SourceColumns columns;

	report->item = emoser_source_item(report->source);
	plan = SPI_prepare(psprintf("SELECT * FROM %s", report->item), 0, NULL);
	if (plan == NULL)
		elog(ERROR, "could not prepare the reading of the source");
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, true);
	columns = emoser_source_columns(portal->tupDesc, &(SourceNames){0}, report->model.has_net);
	report->input = columns.audio != 0 ? "audio" : "features";
	report->has_recordings =
		SPI_fnumber(portal->tupDesc, "audio") > 0 &&
		SPI_gettypeid(portal->tupDesc, SPI_fnumber(portal->tupDesc, "audio")) == BYTEAOID;
	find_names(report, portal->tupDesc);
	SPI_cursor_close(portal);

	/* Stored features are cheap to read; those of recordings are not needed. */
	options.features = columns.features != 0;
	options.frames = report->model.has_net;
	report->set = emoser_read_training_set(report->source, &options);
	report->is_trained_on = report->model.data_hash[0] != '\0' &&
							strcmp(report->set->data_hash, report->model.data_hash) == 0;
	report->is_emodb = has_emodb_names(report);
}
