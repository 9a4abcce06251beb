/*
 * export.c
 *	  Models as files: emoser's own format, and safetensors.
 */
#include "pg/model/versions.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "core/model/notes.h"
#include "pg/model/import.h"
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
	PG_RETURN_INT32(emoser_import(fcinfo->flinfo->fn_oid, name, value, notes));
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
	PG_RETURN_INT32(emoser_import(fcinfo->flinfo->fn_oid, name, value, notes));
}
