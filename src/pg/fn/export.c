/*
 * export.c
 *	  Models as files: emoser's own format, and safetensors.
 */
#include "pg/model/names.h"
#include "pg/model/prune.h"
#include "pg/model/versions.h"

#include "pg/base/sql.h"
#include "utils/timestamp.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "core/model/notes.h"
#include "pg/model/safetensors.h"
#include "pg/model/value.h"

/* The row of argument 0. */
static ModelVersion *
called_version(FunctionCallInfo fcinfo)
{
	static const char *const names[] = {"model"};
	ModelName model;

	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	model = emoser_parse_model_name(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	return emoser_read_version(fcinfo->flinfo->fn_oid, model.name, model.version);
}

/* The notes of a row in UTF-8, as the core wants texts. */
static char *
utf8_notes(Oid function, const ModelVersion *row)
{
	char *notes = emoser_version_notes(function, row->record.name, row->version);

	return pg_server_to_any(notes, strlen(notes), PG_UTF8);
}

static struct varlena *
value_of(const uint8_t *bytes, size_t n_bytes)
{
	struct varlena *value = palloc(VARHDRSZ + n_bytes);

	SET_VARSIZE(value, VARHDRSZ + n_bytes);
	memcpy(VARDATA(value), bytes, n_bytes);
	return value;
}

PG_FUNCTION_INFO_V1(emoser_export_model);
Datum
emoser_export_model(PG_FUNCTION_ARGS)
{
	Oid function = fcinfo->flinfo->fn_oid;
	ModelVersion *row = called_version(fcinfo);
	struct varlena *model = row->record.model;
	EmoEnv env;
	uint8_t *plain, *bytes;
	size_t n_plain, n_bytes;
	char *old_notes;

	emoser_env_init(&env, CurrentMemoryContext);
	/* A value that came by COPY may have notes of its own. */
	emoser_check(&env,
				 emo_model_split_notes(&env, (uint8_t *) VARDATA_ANY(model),
									   VARSIZE_ANY_EXHDR(model), &plain, &n_plain, &old_notes));
	emoser_check(&env, emo_model_add_notes(&env, plain, n_plain, utf8_notes(function, row), &bytes,
										   &n_bytes));
	PG_RETURN_BYTEA_P(value_of(bytes, n_bytes));
}

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

static int
import_model(Oid function, const char *name, struct varlena *value, const char *notes)
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
	if (notes != NULL)
		apply_notes(function, notes, &record);
	version = emoser_store_model(function, &record);
	emoser_prune_by_setting(function, name);
	return version;
}

PG_FUNCTION_INFO_V1(emoser_import_model);
Datum
emoser_import_model(PG_FUNCTION_ARGS)
{
	struct varlena *exported = PG_GETARG_VARLENA_PP(0);
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	struct varlena *value;
	EmoEnv env;
	uint8_t *plain;
	size_t n_plain;
	char *notes;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env,
				 emo_model_split_notes(&env, (uint8_t *) VARDATA_ANY(exported),
									   VARSIZE_ANY_EXHDR(exported), &plain, &n_plain, &notes));
	value = value_of(plain, n_plain);
	emoser_check_model_value(value);
	PG_RETURN_INT32(import_model(fcinfo->flinfo->fn_oid, name, value, notes));
}

PG_FUNCTION_INFO_V1(emoser_export_safetensors);
Datum
emoser_export_safetensors(PG_FUNCTION_ARGS)
{
	Oid function = fcinfo->flinfo->fn_oid;
	ModelVersion *row = called_version(fcinfo);
	const EmoModel *model = emoser_decode_model(CurrentMemoryContext, row->record.model);

	PG_RETURN_BYTEA_P(
		emoser_write_safetensors(unconstify(EmoModel *, model), utf8_notes(function, row)));
}

PG_FUNCTION_INFO_V1(emoser_import_safetensors);
Datum
emoser_import_safetensors(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	const char *notes;
	EmoModel *model = emoser_read_safetensors(PG_GETARG_VARLENA_PP(0), &notes);
	struct varlena *value = emoser_encode_model(model);

	emoser_check_model_value(value);
	PG_RETURN_INT32(import_model(fcinfo->flinfo->fn_oid, name, value, notes));
}
