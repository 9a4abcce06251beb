/*
 * plot_training.c
 *	  emoser_plot_training(): how a training in epochs goes, or went.
 */
#include "pg/base/glue.h"

#include "utils/builtins.h"

#include "core/draw/training.h"
#include "pg/base/shown.h"
#include "pg/draw/result.h"
#include "pg/model/versions.h"

PG_FUNCTION_INFO_V1(emoser_plot_training);
Datum
emoser_plot_training(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"model"};
	Picture picture;
	EmoEpoch *epochs;
	int run_epochs;
	bool is_calibrated_apart;
	uint64 n;
	ModelName name;
	char *model, *title;

	emoser_picture_begin(&picture, fcinfo, names, lengthof(names));
	model = text_to_cstring(PG_GETARG_TEXT_PP(0));
	name = emoser_parse_model_name(model);
	n = emoser_sql_read(
		&picture.sql,
		"SELECT h.epoch, h.training_loss, h.validation_loss, h.training_accuracy, "
		"h.validation_accuracy, h.best, t.epochs, "
		"coalesce(t.options -> 'cnn' ->> 'epochs', t.options ->> 'epochs')::integer "
		"FROM @extschema@.emoser_training_history AS h "
		"JOIN @extschema@.emoser_trainings AS t ON t.id = h.training "
		"WHERE h.training = (SELECT max(m.training) FROM @extschema@.emoser_training_history AS m "
		"WHERE m.model = $1 AND ($2 IS NULL OR m.version = $2)) ORDER BY h.epoch",
		SQL_VALUES(sql_text(name.name),
				   sql_if(name.version != EMOSER_NO_VERSION, sql_int4(name.version))));
	if (n == 0)
	{
		bool is_deployed;

		(void) emoser_active_version(fcinfo->flinfo->fn_oid, name.name, &is_deployed);
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("model \"%s\" has no history of a training", emoser_shown(model)),
						errhint("Only trainings in epochs have one, such as those of algorithm "
								"\"cnn\".")));
	}
	epochs = palloc(n * sizeof(EmoEpoch));
	for (uint64 i = 0; i < n; i++)
	{
		epochs[i] = (EmoEpoch){.epoch = emoser_sql_int4(&picture.sql, i, 1),
							   .training_loss = emoser_sql_float8(&picture.sql, i, 2),
							   .validation_loss = emoser_sql_float8(&picture.sql, i, 3),
							   .training_accuracy = emoser_sql_float8(&picture.sql, i, 4),
							   .validation_accuracy = emoser_sql_float8(&picture.sql, i, 5),
							   .best = emoser_sql_bool(&picture.sql, i, 6)};
	}
	/* A net that is calibrated apart is trained twice. */
	run_epochs = emoser_sql_int4(&picture.sql, 0, 8);
	is_calibrated_apart = emoser_sql_int4(&picture.sql, 0, 7) > run_epochs;
	title = psprintf("Training of model %s", emoser_utf8_text(model));
	return emoser_picture_end(
		&picture, emo_plot_training(&picture.env, emoser_picture_title(&picture, title), epochs,
									(int) n, is_calibrated_apart ? run_epochs : 0, picture.width,
									&picture.svg, &picture.length));
}
