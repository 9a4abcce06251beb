/*
 * import.c
 *	  What emoser_import_model() and emoser_import_safetensors() have in common.
 */
#include "pg/model/import.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

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

/* A column of the only row; absent becomes the given datum. */
static Datum
note(int number, Datum absent)
{
	bool is_null;
	Datum datum = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, number, &is_null);

	return is_null ? absent : datum;
}

/* Inside PG_TRY() and SPI: the server says what is of a wrong type. */
static void
read_notes(Jsonb *notes, ModelRecord *record)
{
	Oid types[1] = {JSONBOID};
	Datum values[1] = {JsonbPGetDatum(notes)};

	if (SPI_execute_with_args(
			"SELECT n_utterances, n_speakers, data_hash, training_s, metrics, created_at "
			"FROM pg_catalog.jsonb_to_record($1) AS notes ("
			"n_utterances pg_catalog.int8, n_speakers pg_catalog.int4, data_hash pg_catalog.text, "
			"training_s pg_catalog.float8, metrics pg_catalog.jsonb, "
			"created_at pg_catalog.timestamptz)",
			1, types, values, NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not read the notes of a model");
	record->n_utterances = DatumGetInt64(note(1, Int64GetDatum(0)));
	record->n_speakers = DatumGetInt32(note(2, Int32GetDatum(0)));
	record->data_hash = TextDatumGetCString(note(3, CStringGetTextDatum("")));
	record->training_s = DatumGetFloat8(note(4, Float8GetDatum(0)));
	record->metrics = DatumGetJsonbPCopy(note(5, JsonbPGetDatum(record->metrics)));
	record->created_at = DatumGetTimestampTz(note(6, TimestampTzGetDatum(0)));
}

static bool
notes_are_possible(const ModelRecord *record)
{
	return record->n_utterances >= 0 && record->n_speakers >= 0 && is_hash(record->data_hash) &&
		   record->training_s >= 0 && record->training_s < PG_INT32_MAX &&
		   JB_ROOT_IS_OBJECT(record->metrics) && !TIMESTAMP_NOT_FINITE(record->created_at);
}

static void
apply_notes(const char *notes, ModelRecord *record)
{
	MemoryContext context = CurrentMemoryContext;

	record->imported = emoser_model_json(notes);
	if (!JB_ROOT_IS_OBJECT(record->imported))
		emoser_raise_damaged(notes_are_wrong);
	PG_TRY();
	{
		read_notes(record->imported, record);
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
	int version;

	emoser_check_model_name(name);
	emoser_check_may_add(function, name);
	record.labels = emoser_model_labels(model);
	record.options = emoser_model_json(model->options);
	record.feature_version = model->feature_version;
	record.data_hash = pstrdup("");
	record.metrics = record.imported = emoser_model_json("{}");
	SPI_connect();
	if (notes != NULL)
		apply_notes(notes, &record);
	version = emoser_store_model(function, &record);
	SPI_finish();
	return version;
}
