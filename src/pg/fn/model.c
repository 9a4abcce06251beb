/*
 * model.c
 *	  The type emoser_model: text and binary I/O, and what a model says about itself.
 */
#include "pg/model/value.h"

#include "access/htup_details.h"
#include "common/base64.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "pg/base/shown.h"

PG_FUNCTION_INFO_V1(emoser_model_in);
PG_FUNCTION_INFO_V1(emoser_model_out);
PG_FUNCTION_INFO_V1(emoser_model_recv);
PG_FUNCTION_INFO_V1(emoser_model_send);
PG_FUNCTION_INFO_V1(emoser_model_info);

/* Text form: this, then the bytes in base64.  The number is the version of the text form. */
static const char text_prefix[] = "emoser-model:1:";

/* The columns of emoser_model_info(). */
enum
{
	INFO_ALGORITHM,
	INFO_LABELS,
	INFO_N_FEATURES,
	INFO_FEATURE_VERSION,
	INFO_OPTIONS,
	INFO_HAS_PROFILE_HEAD,
	INFO_FORMAT_VERSION,
	INFO_BYTES,
	N_INFO_COLUMNS
};

/* pg_b64_enc_len() and pg_b64_dec_len() overflow for the largest of models. */
static Size
base64_length(Size n_bytes)
{
	return (n_bytes + 2) / 3 * 4;
}

Datum
emoser_model_in(PG_FUNCTION_ARGS)
{
	char *text = PG_GETARG_CSTRING(0);
	Size prefix_length = strlen(text_prefix);
	Size length, room;
	struct varlena *value;
	int n_bytes;

	if (strncmp(text, text_prefix, prefix_length) != 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						errmsg("invalid input syntax for type %s: \"%s\"", "emoser_model",
							   emoser_shown(text)),
						errdetail("The text of a model begins with \"%s\".", text_prefix)));
	text += prefix_length;
	length = strlen(text);
	if (length > base64_length(EMO_MAX_MODEL_BYTES))
		emoser_raise_damaged("It has more bytes than a model can have.");
	room = length / 4 * 3 + 3;
	value = palloc(VARHDRSZ + room);
	n_bytes = pg_b64_decode(text, length, (void *) VARDATA(value), room);
	if (n_bytes < 0)
		emoser_raise_damaged("Its text is not valid base64.");
	SET_VARSIZE(value, VARHDRSZ + n_bytes);
	emoser_check_model_value(value);
	PG_RETURN_POINTER(value);
}

Datum
emoser_model_out(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Size n_bytes = VARSIZE_ANY_EXHDR(value);
	Size prefix_length = strlen(text_prefix);
	Size room;
	int length;
	char *text;

	if (n_bytes > EMO_MAX_MODEL_BYTES)
		emoser_raise_damaged("It has more bytes than a model can have.");
	room = base64_length(n_bytes);
	text = palloc(prefix_length + room + 1);
	memcpy(text, text_prefix, prefix_length);
	length = pg_b64_encode((const void *) VARDATA_ANY(value), n_bytes, text + prefix_length, room);
	if (length < 0)
		elog(ERROR, "could not encode a model");
	text[prefix_length + length] = '\0';
	PG_RETURN_CSTRING(text);
}

Datum
emoser_model_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	int n_bytes = message->len - message->cursor;
	struct varlena *value = palloc(VARHDRSZ + n_bytes);

	SET_VARSIZE(value, VARHDRSZ + n_bytes);
	pq_copymsgbytes(message, VARDATA(value), n_bytes);
	emoser_check_model_value(value);
	PG_RETURN_POINTER(value);
}

Datum
emoser_model_send(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbytes(&message, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

Datum
emoser_model_info(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	const EmoModel *model = emoser_decode_model(CurrentMemoryContext, value);
	Datum columns[N_INFO_COLUMNS];
	bool nulls[N_INFO_COLUMNS] = {false};
	TupleDesc row_type;

	if (get_call_result_type(fcinfo, NULL, &row_type) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	columns[INFO_ALGORITHM] = CStringGetTextDatum(model->algorithm);
	columns[INFO_LABELS] = PointerGetDatum(emoser_model_labels(model));
	columns[INFO_N_FEATURES] = Int32GetDatum(model->n_features);
	columns[INFO_FEATURE_VERSION] = Int32GetDatum(model->feature_version);
	columns[INFO_OPTIONS] = JsonbPGetDatum(emoser_model_json(model->options));
	columns[INFO_HAS_PROFILE_HEAD] = BoolGetDatum(emo_model_uses_profile(model));
	columns[INFO_FORMAT_VERSION] = Int32GetDatum(EMO_MODEL_FORMAT_VERSION);
	columns[INFO_BYTES] = Int32GetDatum(VARSIZE_ANY_EXHDR(value));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row_type), columns, nulls)));
}
