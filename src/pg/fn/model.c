/*
 * model.c
 *	  The type emoser_model: text and binary I/O, and what a model says about itself.
 */
#include "pg/model/value.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "pg/base/value_text.h"
#include "pg/model/hearing_description.h"

PG_FUNCTION_INFO_V1(emoser_model_in);
PG_FUNCTION_INFO_V1(emoser_model_out);
PG_FUNCTION_INFO_V1(emoser_model_recv);
PG_FUNCTION_INFO_V1(emoser_model_send);
PG_FUNCTION_INFO_V1(emoser_model_info);

/* The number of the prefix is the version of the text. */
static const ValueText model_text = {.type_name = "emoser_model",
									 .noun = "a model",
									 .prefix = "emoser-model:1:",
									 .max_bytes = EMO_MAX_MODEL_BYTES,
									 .raise_damaged = emoser_raise_damaged};

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
	INFO_HEARING,
	N_INFO_COLUMNS
};

Datum
emoser_model_in(PG_FUNCTION_ARGS)
{
	struct varlena *value = emoser_value_of_text(&model_text, PG_GETARG_CSTRING(0));

	emoser_check_model_value(value);
	PG_RETURN_POINTER(value);
}

Datum
emoser_model_out(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);

	PG_RETURN_CSTRING(
		emoser_text_of_value(&model_text, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)));
}

Datum
emoser_model_recv(PG_FUNCTION_ARGS)
{
	struct varlena *value = emoser_value_of_message(&model_text, (StringInfo) PG_GETARG_POINTER(0));

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
	nulls[INFO_HEARING] = model->hearing == NULL;
	if (model->hearing != NULL)
		columns[INFO_HEARING] = JsonbPGetDatum(emoser_tell_hearing(model->hearing));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row_type), columns, nulls)));
}
