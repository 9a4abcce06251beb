/*
 * states.c
 *	  Training states: the type emoser_training_state, its aggregates, and models fitted to states.
 */
#include "pg/model/training_state.h"

#include <math.h>

#include "access/htup_details.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/lda/state_pack.h"
#include "pg/base/encoding.h"
#include "pg/base/json.h"
#include "pg/base/value_text.h"
#include "pg/model/speaker_profile.h"

static const ValueText state_text = {.type_name = "emoser_training_state",
									 .noun = "a training state",
									 .prefix = "emoser-state:1:",
									 /* Its base64 is a value of the server too. */
									 .max_bytes = (Size) 700 * 1024 * 1024,
									 .raise_damaged = emoser_raise_damaged_state};

PG_FUNCTION_INFO_V1(emoser_training_state_in);
Datum
emoser_training_state_in(PG_FUNCTION_ARGS)
{
	struct varlena *value = emoser_value_of_text(&state_text, PG_GETARG_CSTRING(0));

	emoser_check_packed_state(value);
	PG_RETURN_POINTER(value);
}

PG_FUNCTION_INFO_V1(emoser_training_state_out);
Datum
emoser_training_state_out(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);

	PG_RETURN_CSTRING(
		emoser_text_of_value(&state_text, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)));
}

PG_FUNCTION_INFO_V1(emoser_training_state_recv);
Datum
emoser_training_state_recv(PG_FUNCTION_ARGS)
{
	struct varlena *value = emoser_value_of_message(&state_text, (StringInfo) PG_GETARG_POINTER(0));

	emoser_check_packed_state(value);
	PG_RETURN_POINTER(value);
}

PG_FUNCTION_INFO_V1(emoser_training_state_send);
Datum
emoser_training_state_send(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbytes(&message, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/* A profile that is an argument of every row, read again only when it is another one. */
typedef struct KeptProfile
{
	MemoryContext context; /* what it and all that is made of it lies in */
	HeapTupleHeader row;
	EmoProfile profile;
} KeptProfile;

/* What rows are put on a scale with, for all rows of a query. */
typedef struct RowScale
{
	KeptProfile scale, speaker;
	float *inverse_deviation; /* [n_features], in scale.context as the rest */
	float *normalised;        /* [n_features] */
	int16 *q;                 /* [n_features] */
	uint64 id;                /* without and with profiles */
	uint64 id_with_profile;
} RowScale;

/* Whether it is another one than before. */
static bool
keep_profile(FunctionCallInfo fcinfo, KeptProfile *kept, Datum datum)
{
	HeapTupleHeader row = DatumGetHeapTupleHeader(datum);
	Size size = HeapTupleHeaderGetDatumLength(row);
	MemoryContext outer;

	if (kept->row != NULL && HeapTupleHeaderGetDatumLength(kept->row) == size &&
		memcmp(kept->row, row, size) == 0)
		return false;
	kept->row = NULL;
	if (kept->context == NULL)
		kept->context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "emoser kept profile",
											  ALLOCSET_DEFAULT_SIZES);
	MemoryContextReset(kept->context);
	outer = MemoryContextSwitchTo(kept->context);
	row = memcpy(palloc(size), row, size);
	emoser_read_any_profile(HeapTupleHeaderGetDatum(row), &kept->profile);
	kept->row = row;
	MemoryContextSwitchTo(outer);
	return true;
}

static void
prepare_scale(RowScale *scale)
{
	const EmoProfile *population = &scale->scale.profile;
	int n = population->n_features;
	MemoryContext outer = MemoryContextSwitchTo(scale->scale.context);

	scale->inverse_deviation = palloc(n * sizeof(float));
	scale->normalised = palloc(n * sizeof(float));
	scale->q = palloc(n * sizeof(int16));
	MemoryContextSwitchTo(outer);
	emo_state_inverse_deviation(n, population->mean, population->deviation,
								scale->inverse_deviation);
	scale->id = emo_state_scale_id(n, population->mean, population->deviation, false);
	scale->id_with_profile = emo_state_scale_id(n, population->mean, population->deviation, true);
}

static RowScale *
row_scale(FunctionCallInfo fcinfo, Datum population)
{
	RowScale *scale = fcinfo->flinfo->fn_extra;

	if (scale == NULL)
		fcinfo->flinfo->fn_extra = scale =
			MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(RowScale));
	if (keep_profile(fcinfo, &scale->scale, population))
		prepare_scale(scale);
	return scale;
}

static const float *
checked_features(Datum datum, int n_expected)
{
	int n;
	const float *features = emoser_real_vector_data(DatumGetArrayTypeP(datum), "features", &n);
	float not_finite = 0;

	if (n != n_expected)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("features have %d elements, the scale has %d", n, n_expected),
						errhint("Make the scale with emoser_profile() of the same features.")));
	for (int i = 0; i < n; i++)
		not_finite += features[i] * 0.0f; /* NaN for NaN and infinity, otherwise zero */
	for (int i = 0; i < n && not_finite != 0; i++)
		if (!isfinite(features[i]))
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("features must be finite"),
							errdetail("Element %d is %g.", i + 1, features[i])));
	return features;
}

/* q of the features in scale->q; speaker: NULL without a profile. */
static void
quantise_row(RowScale *scale, const EmoProfile *speaker, const float *features)
{
	const EmoProfile *population = &scale->scale.profile;
	int n = population->n_features;

	if (speaker == NULL)
	{
		emo_quantise(n, population->mean, scale->inverse_deviation, features, scale->q);
		return;
	}
	if (speaker->n_features != n)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("speaker profile is of %d features, the scale of %d",
							   speaker->n_features, n)));
	emo_profile_apply(speaker, population->mean, population->deviation, features,
					  scale->normalised);
	emo_quantise(n, NULL, NULL, scale->normalised, scale->q);
}

static void
raise_other_scale(void)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
					errmsg("rows of one training state must all have the same scale"),
					errhint("Store the scale once, and make all states that are to be merged with "
							"it.")));
}

/* The state that is the first argument, or a new one for NULL, to be changed. */
static WorkingState *
state_to_add_to(FunctionCallInfo fcinfo, int n_features, uint64 scale_id)
{
	MemoryContext context = CurrentMemoryContext;
	bool is_aggregate = AggCheckCallContext(fcinfo, &context) != 0;
	WorkingState *state;

	if (PG_ARGISNULL(0))
		return emoser_new_working_state(context, n_features, scale_id);
	state = is_aggregate ? emoser_changeable_state(PG_GETARG_DATUM(0)) : NULL;
	if (state == NULL)
		state = emoser_working_copy(context, PG_GETARG_DATUM(0));
	if (emo_state_scale(state->state) != scale_id)
		raise_other_scale();
	return state;
}

/* Arguments of the transition functions. */
enum
{
	ARG_STATE,
	ARG_FEATURES,
	ARG_EMOTION,
	ARG_SCALE,
	ARG_REST /* the profile, if there is one, and whether the row is degraded */
};

static Datum
accumulate(FunctionCallInfo fcinfo, bool with_profile)
{
	int degraded_arg = with_profile ? ARG_REST + 1 : ARG_REST;
	EmoStatePart part = EMO_STATE_PLAIN;
	RowScale *scale;
	WorkingState *state;
	const char *emotion;

	for (int i = ARG_FEATURES; i < PG_NARGS(); i++)
		if (PG_ARGISNULL(i))
		{
			if (PG_ARGISNULL(ARG_STATE))
				PG_RETURN_NULL();
			PG_RETURN_DATUM(PG_GETARG_DATUM(ARG_STATE));
		}
	scale = row_scale(fcinfo, PG_GETARG_DATUM(ARG_SCALE));
	if (with_profile)
		(void) keep_profile(fcinfo, &scale->speaker, PG_GETARG_DATUM(ARG_REST));
	if (PG_NARGS() > degraded_arg && PG_GETARG_BOOL(degraded_arg))
		part = EMO_STATE_DEGRADED;
	quantise_row(scale, with_profile ? &scale->speaker.profile : NULL,
				 checked_features(PG_GETARG_DATUM(ARG_FEATURES), scale->scale.profile.n_features));
	emotion = emoser_utf8_text(emoser_trimmed(text_to_cstring(PG_GETARG_TEXT_PP(ARG_EMOTION))));
	state = state_to_add_to(fcinfo, scale->scale.profile.n_features,
							with_profile ? scale->id_with_profile : scale->id);
	emoser_check(&state->env,
				 emo_state_add(&state->env, state->state, part, emotion, scale->q, NULL));
	PG_RETURN_DATUM(emoser_working_datum(state));
}

PG_FUNCTION_INFO_V1(emoser_train_accumulate);
Datum
emoser_train_accumulate(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, false);
}

PG_FUNCTION_INFO_V1(emoser_train_accumulate_profile);
Datum
emoser_train_accumulate_profile(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, true);
}

PG_FUNCTION_INFO_V1(emoser_train_combine);
Datum
emoser_train_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = CurrentMemoryContext;
	WorkingState *state = NULL;

	if (AggCheckCallContext(fcinfo, &context))
		state = emoser_changeable_state(PG_GETARG_DATUM(0));
	if (state == NULL)
		state = emoser_working_copy(context, PG_GETARG_DATUM(0));
	emoser_merge_state(state, PG_GETARG_DATUM(1));
	PG_RETURN_DATUM(emoser_working_datum(state));
}

PG_FUNCTION_INFO_V1(emoser_train_subtract);
Datum
emoser_train_subtract(PG_FUNCTION_ARGS)
{
	WorkingState *state = emoser_working_copy(CurrentMemoryContext, PG_GETARG_DATUM(0));

	emoser_subtract_state(state, PG_GETARG_DATUM(1));
	PG_RETURN_DATUM(emoser_working_datum(state));
}

/* The columns of emoser_train_info(). */
enum
{
	INFO_N_ROWS,
	INFO_N_DEGRADED,
	INFO_N_FEATURES,
	INFO_EMOTIONS,
	INFO_AS_SUMS,
	INFO_SCALE,
	INFO_BYTES,
	N_INFO_COLUMNS
};

/* Rows of each emotion, of both parts, as an object. */
static Jsonb *
emotions_of(const EmoFlatState *flat)
{
	const char *label = emo_state_labels(flat);
	Json json;

	emoser_json_init(&json);
	emoser_json_open(&json, '{');
	for (int c = 0; c < flat->n_classes; c++)
	{
		int64 n_rows = 0;

		for (int part = 0; part < EMO_STATE_N_PARTS; part++)
		{
			EmoStatePartView view = emo_state_view(flat, part);

			n_rows += view.form == EMO_STATE_NO_ROWS ? 0 : view.class_rows[c];
		}
		emoser_json_key(&json, pg_any_to_server(label, strlen(label), PG_UTF8));
		emoser_json_integer(&json, n_rows);
		label += strlen(label) + 1;
	}
	emoser_json_close(&json, '}');
	return emoser_json_to_jsonb(&json);
}

PG_FUNCTION_INFO_V1(emoser_train_info);
Datum
emoser_train_info(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	const EmoFlatState *flat = emoser_flat_state(PointerGetDatum(value));
	bool as_sums = false;
	Datum columns[N_INFO_COLUMNS];
	bool nulls[N_INFO_COLUMNS] = {false};
	TupleDesc row_type;

	if (get_call_result_type(fcinfo, NULL, &row_type) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	for (int part = 0; part < EMO_STATE_N_PARTS; part++)
		as_sums = as_sums || flat->part[part].form == EMO_STATE_SUMS;
	columns[INFO_N_ROWS] = Int64GetDatum(flat->part[EMO_STATE_PLAIN].n_rows);
	columns[INFO_N_DEGRADED] = Int64GetDatum(flat->part[EMO_STATE_DEGRADED].n_rows);
	columns[INFO_N_FEATURES] = Int32GetDatum(flat->n_features);
	columns[INFO_EMOTIONS] = JsonbPGetDatum(emotions_of(flat));
	columns[INFO_AS_SUMS] = BoolGetDatum(as_sums);
	columns[INFO_SCALE] =
		CStringGetTextDatum(psprintf("%016llx", (unsigned long long) flat->scale_id));
	columns[INFO_BYTES] = Int32GetDatum((int32) VARSIZE_ANY_EXHDR(value));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row_type), columns, nulls)));
}
