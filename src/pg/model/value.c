/*
 * value.c
 *	  The SQL type emoser_model: its values, and what is damaged about them.
 */
#include "pg/model/value.h"

#include "catalog/pg_type.h"
#include "common/jsonapi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/base/glue.h"

void
emoser_raise_damaged(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("model is damaged"),
					errdetail_internal("%s", detail),
					errhint("Restore the model from a backup or train it again.")));
}

/* The core knows texts only as UTF-8. */
static void
check_json(const char *json)
{
	JsonLexContext *lex;
	JsonParseErrorType result;

#if PG_VERSION_NUM >= 170000
	lex = makeJsonLexContextCstringLen(NULL, json, strlen(json), PG_UTF8, false);
#else
	lex = makeJsonLexContextCstringLen(pstrdup(json), strlen(json), PG_UTF8, false);
#endif
	result = pg_parse_json(lex, &nullSemAction);
	if (result != JSON_SUCCESS)
		emoser_raise_damaged("A text of it is not valid JSON.");
}

static EmoModel *
decode_bytes(MemoryContext context, const char *bytes, Size n_bytes)
{
	EmoEnv env;
	EmoModel *model;

	emoser_env_init(&env, context);
	emoser_check(&env, emo_model_deserialize(&env, (const uint8_t *) bytes, n_bytes, &model));
	return model;
}

const EmoModel *
emoser_decode_model(MemoryContext context, struct varlena *value)
{
	struct varlena *flat = pg_detoast_datum_packed(value);
	EmoModel *model = decode_bytes(context, VARDATA_ANY(flat), VARSIZE_ANY_EXHDR(flat));

	if (flat != value)
		pfree(flat);
	return model;
}

struct varlena *
emoser_encode_model(const EmoModel *model)
{
	EmoEnv env;
	uint8_t *bytes;
	size_t n_bytes;
	struct varlena *value;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_model_serialize(&env, model, &bytes, &n_bytes));
	value = palloc(VARHDRSZ + n_bytes);
	SET_VARSIZE(value, VARHDRSZ + n_bytes);
	memcpy(VARDATA(value), bytes, n_bytes);
	emo_free(&env, bytes);
	return value;
}

char *
emoser_model_text(const char *utf8)
{
	char *text = pg_any_to_server(utf8, strlen(utf8), PG_UTF8);

	return text == utf8 ? pstrdup(utf8) : text;
}

Jsonb *
emoser_model_json(const char *utf8)
{
	MemoryContext context = CurrentMemoryContext;
	Jsonb *json;

	PG_TRY();
	{
		json =
			DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(emoser_model_text(utf8))));
	}
	PG_CATCH();
	{
		emoser_rethrow_as_damaged(context, "A text of it is not valid JSON.");
	}
	PG_END_TRY();
	return json;
}

void
emoser_rethrow_as_damaged(MemoryContext context, const char *detail)
{
	int category = ERRCODE_TO_CATEGORY(geterrcode());

	if (category != ERRCODE_DATA_EXCEPTION && category != ERRCODE_PROGRAM_LIMIT_EXCEEDED &&
		category != ERRCODE_FEATURE_NOT_SUPPORTED)
		PG_RE_THROW();
	MemoryContextSwitchTo(context);
	FlushErrorState();
	emoser_raise_damaged(detail);
}

void
emoser_check_model_value(struct varlena *value)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser_model", ALLOCSET_DEFAULT_SIZES);
	EmoModel *model = decode_bytes(context, VARDATA(value), VARSIZE(value) - VARHDRSZ);

	check_json(model->options);
	check_json(model->feature_settings);
	MemoryContextDelete(context);
}

ArrayType *
emoser_model_labels(const EmoModel *model)
{
	Datum *labels = palloc(model->n_classes * sizeof(Datum));

	for (int c = 0; c < model->n_classes; c++)
		labels[c] = CStringGetTextDatum(emoser_model_text(model->labels[c]));
	return construct_array(labels, model->n_classes, TEXTOID, -1, false, TYPALIGN_INT);
}
