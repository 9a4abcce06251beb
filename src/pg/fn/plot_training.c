/*
 * draw/training.c
 *	  emoser_plot_training(): how a training in epochs goes, or went.
 */
#include "pg/base/glue.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/draw/training.h"
#include "pg/draw/result.h"
#include "pg/model/versions.h"

PG_FUNCTION_INFO_V1(emoser_plot_training);
Datum
emoser_plot_training(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"model"};
	Oid types[] = {TEXTOID, INT4OID};
	Datum values[2];
	PlotQuery query;
	SPITupleTable *rows;
	EmoEpoch *epochs;
	double run_epochs;
	bool is_calibrated_apart;
	uint64 n;
	ModelName name;
	char *model, *title;
	EmoStatus status;
	const char *svg;
	size_t length;

	emoser_plot_begin(&query, fcinfo, names, lengthof(names));
	model = text_to_cstring(PG_GETARG_TEXT_PP(0));
	name = emoser_parse_model_name(model);
	values[0] = CStringGetTextDatum(name.name);
	values[1] = Int32GetDatum(name.version);
	rows = emoser_plot_run(
		psprintf("SELECT h.epoch, h.training_loss, h.validation_loss, h.training_accuracy, "
				 "h.validation_accuracy, h.best, t.epochs::pg_catalog.float8, "
				 "coalesce(pg_catalog.jsonb_extract_path_text(t.options, 'cnn', 'epochs'), "
				 "pg_catalog.jsonb_extract_path_text(t.options, 'epochs'))::pg_catalog.int4"
				 "::pg_catalog.float8 "
				 "FROM %s.emoser_training_history AS h "
				 "JOIN %s.emoser_trainings AS t ON t.id OPERATOR(pg_catalog.=) h.training "
				 "WHERE h.training OPERATOR(pg_catalog.=) ("
				 "SELECT pg_catalog.max(m.training) FROM %s.emoser_training_history AS m "
				 "WHERE m.model OPERATOR(pg_catalog.=) $1 "
				 "AND ($2 IS NULL OR m.version OPERATOR(pg_catalog.=) $2)) ORDER BY h.epoch",
				 query.schema, query.schema, query.schema),
		2, types, values, name.version == EMOSER_NO_VERSION ? " n" : "  ");
	n = SPI_processed;
	if (n == 0)
	{
		bool is_deployed;

		(void) emoser_active_version(fcinfo->flinfo->fn_oid, name.name, &is_deployed);
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("model \"%s\" has no history of a training", model),
						errhint("Only trainings in epochs have one, such as those of algorithm "
								"\"cnn\".")));
	}
	epochs = palloc(n * sizeof(EmoEpoch));
	for (uint64 i = 0; i < n; i++)
	{
		bool is_null;

		epochs[i] = (EmoEpoch){
			.epoch = DatumGetInt32(SPI_getbinval(rows->vals[i], rows->tupdesc, 1, &is_null)),
			.training_loss = emoser_row_double(rows, i, 2),
			.validation_loss = emoser_row_double(rows, i, 3),
			.training_accuracy = emoser_row_double(rows, i, 4),
			.validation_accuracy = emoser_row_double(rows, i, 5),
			.best = DatumGetBool(SPI_getbinval(rows->vals[i], rows->tupdesc, 6, &is_null))};
	}
	/* A net that is calibrated apart is trained twice. */
	run_epochs = emoser_row_double(rows, 0, 8);
	is_calibrated_apart = emoser_row_double(rows, 0, 7) > run_epochs;
	title = psprintf("Training of model %s", emoser_utf8_text(model));
	status =
		emo_plot_training(&query.env, query.title != NULL ? query.title : title, epochs, (int) n,
						  is_calibrated_apart ? (int) run_epochs : 0, query.width, &svg, &length);
	return emoser_plot_end(&query, status, svg, length);
}
