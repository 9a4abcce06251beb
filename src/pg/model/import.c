/*
 * import.c
 *	  What emoser_import_model() and emoser_import_safetensors() have in common.
 */
#include "pg/model/import.h"

#include "utils/timestamp.h"

#include "pg/base/sql.h"
#include "pg/model/value.h"
#include "pg/model/versions.h"

static const char notes_are_wrong[] = "Its notes say something impossible.";

/* Hexadecimal SHA-256. */
#define HASH_LENGTH 64

static bool
is_hash(const char *text)
{
	return text[0] == '\0' ||
		   (strlen(text) == HASH_LENGTH && strspn(text, "0123456789abcdef") == HASH_LENGTH);
}

/* Inside PG_TRY(): the server says what is of a wrong type.  What is absent stays as it is. */
static void
read_notes(Oid function, Jsonb *notes, ModelRecord *record)
{
	Jsonb *metrics;
	char *data_hash;
	bool is_null;
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_sql_read(&sql,
					"SELECT n_utterances, n_speakers, data_hash, training_s, metrics, created_at "
					"FROM jsonb_to_record($1) AS notes (n_utterances bigint, n_speakers integer, "
					"data_hash text, training_s double precision, metrics jsonb, "
					"created_at timestamptz)",
					SQL_VALUES(sql_jsonb(notes)));
	record->n_utterances = emoser_sql_int8(&sql, 0, 1);
	record->n_speakers = emoser_sql_int4(&sql, 0, 2);
	if ((data_hash = emoser_sql_text(&sql, 0, 3)) != NULL)
		record->data_hash = data_hash;
	if (!emoser_sql_is_null(&sql, 0, 4))
		record->training_s = emoser_sql_float8(&sql, 0, 4);
	if ((metrics = emoser_sql_jsonb(&sql, 0, 5)) != NULL)
		record->metrics = metrics;
	record->created_at = DatumGetTimestampTz(emoser_sql_datum(&sql, 0, 6, &is_null));
	emoser_sql_end(&sql);
}

static bool
notes_are_possible(const ModelRecord *record)
{
	return record->n_utterances >= 0 && record->n_speakers >= 0 && is_hash(record->data_hash) &&
		   record->training_s >= 0 && record->training_s < PG_INT32_MAX &&
		   JB_ROOT_IS_OBJECT(record->metrics) && !TIMESTAMP_NOT_FINITE(record->created_at);
}

static void
apply_notes(Oid function, const char *notes, ModelRecord *record)
{
	MemoryContext context = CurrentMemoryContext;

	record->imported = emoser_model_json(notes);
	if (!JB_ROOT_IS_OBJECT(record->imported))
		emoser_raise_damaged(notes_are_wrong);
	PG_TRY();
	{
		read_notes(function, record->imported, record);
	}
	PG_CATCH();
	{
		emoser_rethrow_as_damaged(context, notes_are_wrong);
	}
	PG_END_TRY();
	if (!notes_are_possible(record))
		emoser_raise_damaged(notes_are_wrong);
}

int
emoser_import(Oid function, const char *name, struct varlena *value, const char *notes)
{
	const EmoModel *model = emoser_decode_model(CurrentMemoryContext, value);
	ModelRecord record = {.name = name, .algorithm = model->algorithm, .model = value};

	emoser_check_model_name(name);
	emoser_check_may_add(function, name);
	record.labels = emoser_model_labels(model);
	record.options = emoser_model_json(model->options);
	record.feature_version = model->feature_version;
	record.data_hash = pstrdup("");
	record.metrics = record.imported = emoser_model_json("{}");
	if (notes != NULL)
		apply_notes(function, notes, &record);
	return emoser_store_model(function, &record);
}
