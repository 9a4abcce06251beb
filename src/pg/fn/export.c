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
#include "pg/model/training_hashes.h"
#include "pg/model/value.h"

/* Of training hashes in the header of a safetensors file, where they take twice as much: a quarter of it. */
#define MAX_HASHES_IN_HEADER ((int) (EMOSER_MAX_TENSORS_HEADER / 8))

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

/* The bytes of a model, and what travels with them. */
typedef struct ModelFile
{
	uint8_t *plain; /* the model alone */
	size_t n_plain;
	char *notes;           /* NULL: none */
	const uint8_t *hashes; /* [n_hashes], of its training; NULL: none */
	size_t n_hashes;
} ModelFile;

static ModelFile
split_file(EmoEnv *env, struct varlena *bytes)
{
	ModelFile file;
	uint8_t *without_notes;
	size_t n_without_notes;

	emoser_check(env, emo_model_split_notes(env, (uint8_t *) VARDATA_ANY(bytes),
											VARSIZE_ANY_EXHDR(bytes), &without_notes,
											&n_without_notes, &file.notes));
	emoser_check(env,
				 emo_model_detach(env, without_notes, n_without_notes, EMO_SECTION_TRAINING_HASHES,
								  &file.plain, &file.n_plain, &file.hashes, &file.n_hashes));
	return file;
}

PG_FUNCTION_INFO_V1(emoser_export_model);
Datum
emoser_export_model(PG_FUNCTION_ARGS)
{
	Oid function = fcinfo->flinfo->fn_oid;
	ModelVersion *row = called_version(fcinfo);
	struct varlena *model = row->record.model;
	EmoEnv env;
	ModelFile file;
	StringInfoData hashes =
		emoser_training_hashes_section(function, row->record.name, row->version);
	uint8_t *bytes = NULL;
	size_t n_bytes;

	emoser_env_init(&env, CurrentMemoryContext);
	/* A value that came by COPY may have notes of its own. */
	file = split_file(&env, model);
	if (hashes.len > 0)
	{
		emoser_check(&env,
					 emo_model_attach(&env, file.plain, file.n_plain, EMO_SECTION_TRAINING_HASHES,
									  hashes.data, hashes.len, &bytes, &n_bytes));
		file.plain = bytes;
		file.n_plain = n_bytes;
	}
	emoser_check(&env, emo_model_add_notes(&env, file.plain, file.n_plain,
										   utf8_notes(function, row), &bytes, &n_bytes));
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
import_model(Oid function, const char *name, struct varlena *value, const char *notes,
			 TrainingHashes *hashes)
{
	const EmoModel *model = emoser_decode_model(CurrentMemoryContext, value);
	ModelRecord record = {
		.name = name, .algorithm = model->algorithm, .model = value, .hashes = hashes};
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
	ModelFile file;

	emoser_env_init(&env, CurrentMemoryContext);
	file = split_file(&env, exported);
	value = value_of(file.plain, file.n_plain);
	emoser_check_model_value(value);
	PG_RETURN_INT32(import_model(
		fcinfo->flinfo->fn_oid, name, value, file.notes,
		file.hashes != NULL ? emoser_read_training_hashes(file.hashes, file.n_hashes) : NULL));
}

/* As hexadecimal digits; NULL for nothing, and for more than a header has room for. */
static char *
hashes_text(Oid function, const ModelVersion *row)
{
	StringInfoData section =
		emoser_training_hashes_section(function, row->record.name, row->version);
	char *text;

	if (section.len == 0)
		return NULL;
	if (section.len > MAX_HASHES_IN_HEADER)
	{
		ereport(NOTICE,
				(errmsg("what the model was trained on is left out of the file"),
				 errdetail("It remembers too many recordings for the header of safetensors."),
				 errhint("emoser_export_model() takes them along.")));
		return NULL;
	}
	text = palloc(2 * section.len + 1);
	text[hex_encode(section.data, section.len, text)] = '\0';
	return text;
}

PG_FUNCTION_INFO_V1(emoser_export_safetensors);
Datum
emoser_export_safetensors(PG_FUNCTION_ARGS)
{
	Oid function = fcinfo->flinfo->fn_oid;
	ModelVersion *row = called_version(fcinfo);
	const EmoModel *model = emoser_decode_model(CurrentMemoryContext, row->record.model);

	if (model->collection != NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("an adapted model can't be written as safetensors"),
			 errdetail("They have no place for what it was adapted to."),
			 errhint("emoser_export_model() writes it, or export the model that it was made of.")));
	PG_RETURN_BYTEA_P(emoser_write_safetensors(
		unconstify(EmoModel *, model), utf8_notes(function, row), hashes_text(function, row)));
}

PG_FUNCTION_INFO_V1(emoser_import_safetensors);
Datum
emoser_import_safetensors(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	const char *notes;
	bytea *hashes;
	EmoModel *model = emoser_read_safetensors(PG_GETARG_VARLENA_PP(0), &notes, &hashes);
	struct varlena *value = emoser_encode_model(model);

	emoser_check_model_value(value);
	PG_RETURN_INT32(import_model(fcinfo->flinfo->fn_oid, name, value, notes,
								 hashes != NULL
									 ? emoser_read_training_hashes((const uint8 *) VARDATA(hashes),
																   VARSIZE(hashes) - VARHDRSZ)
									 : NULL));
}
