/*
 * metrics.c
 *	  The aggregates emoser_uar(), emoser_war(), emoser_macro_f1(), emoser_confusion().
 *
 * All share one state, of the type _emoser_confusion_state.
 */
#include "pg/base/glue.h"

#include "libpq/pqformat.h"

#include "core/base/metrics.h"
#include "pg/base/json.h"
#include "pg/base/value_text.h"
#include "pg/evaluate/confusion_state.h"

/* 1000 labels, each with 255 bytes, which may be twice as many in UTF-8, and its counts. */
#define MAX_CONFUSION_BYTES (16 * 1024 * 1024)

static const ValueText confusion_text = {.type_name = "_emoser_confusion_state",
										 .noun = "a state of confusion counts",
										 .prefix = "emoser-confusion:1:",
										 .max_bytes = MAX_CONFUSION_BYTES,
										 .raise_damaged = emoser_raise_damaged_confusion};

static Datum
confusion_of_bytes(struct varlena *bytes)
{
	PG_RETURN_POINTER(emoser_confusion_read(VARDATA(bytes), VARSIZE(bytes) - VARHDRSZ));
}

PG_FUNCTION_INFO_V1(emoser_confusion_in);
Datum
emoser_confusion_in(PG_FUNCTION_ARGS)
{
	return confusion_of_bytes(emoser_value_of_text(&confusion_text, PG_GETARG_CSTRING(0)));
}

PG_FUNCTION_INFO_V1(emoser_confusion_out);
Datum
emoser_confusion_out(PG_FUNCTION_ARGS)
{
	StringInfoData bytes;

	initStringInfo(&bytes);
	emoser_confusion_write(emoser_confusion_arg(fcinfo, 0, false), &bytes);
	PG_RETURN_CSTRING(emoser_text_of_value(&confusion_text, bytes.data, bytes.len));
}

PG_FUNCTION_INFO_V1(emoser_confusion_recv);
Datum
emoser_confusion_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);

	return confusion_of_bytes(emoser_value_of_message(&confusion_text, message));
}

PG_FUNCTION_INFO_V1(emoser_confusion_send);
Datum
emoser_confusion_send(PG_FUNCTION_ARGS)
{
	StringInfoData bytes;

	pq_begintypsend(&bytes);
	emoser_confusion_write(emoser_confusion_arg(fcinfo, 0, false), &bytes);
	PG_RETURN_BYTEA_P(pq_endtypsend(&bytes));
}

PG_FUNCTION_INFO_V1(emoser_confusion_accumulate);
Datum
emoser_confusion_accumulate(PG_FUNCTION_ARGS)
{
	ConfusionState *state;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	state = PG_ARGISNULL(0) ? emoser_confusion_new() : emoser_confusion_arg(fcinfo, 0, true);
	PG_RETURN_POINTER(emoser_confusion_count(state, PG_GETARG_TEXT_PP(1), PG_GETARG_TEXT_PP(2)));
}

PG_FUNCTION_INFO_V1(emoser_confusion_combine);
Datum
emoser_confusion_combine(PG_FUNCTION_ARGS)
{
	const ConfusionState *other = emoser_confusion_arg(fcinfo, 1, false);

	PG_RETURN_POINTER(emoser_confusion_merge(emoser_confusion_arg(fcinfo, 0, true), other));
}

static Datum
metric(FunctionCallInfo fcinfo, EmoMetric which)
{
	const ConfusionState *state = emoser_confusion_arg(fcinfo, 0, false);
	const char **labels;
	int64 *counts = emoser_confusion_sorted(state, &labels);
	double values[3];

	if (state->n_labels == 0)
		PG_RETURN_NULL();
	emo_confusion_metrics(counts, state->n_labels, &values[EMO_METRIC_UAR], &values[EMO_METRIC_WAR],
						  &values[EMO_METRIC_MACRO_F1]);
	PG_RETURN_FLOAT8(values[which]);
}

PG_FUNCTION_INFO_V1(emoser_uar_final);
Datum
emoser_uar_final(PG_FUNCTION_ARGS)
{
	return metric(fcinfo, EMO_METRIC_UAR);
}

PG_FUNCTION_INFO_V1(emoser_war_final);
Datum
emoser_war_final(PG_FUNCTION_ARGS)
{
	return metric(fcinfo, EMO_METRIC_WAR);
}

PG_FUNCTION_INFO_V1(emoser_macro_f1_final);
Datum
emoser_macro_f1_final(PG_FUNCTION_ARGS)
{
	return metric(fcinfo, EMO_METRIC_MACRO_F1);
}

PG_FUNCTION_INFO_V1(emoser_confusion_final);
Datum
emoser_confusion_final(PG_FUNCTION_ARGS)
{
	const ConfusionState *state = emoser_confusion_arg(fcinfo, 0, false);
	int n_labels = state->n_labels;
	const char **labels;
	int64 *counts = emoser_confusion_sorted(state, &labels);
	Json json;

	if (n_labels == 0)
		PG_RETURN_NULL();
	emoser_json_init(&json);
	emoser_json_open(&json, '{');
	emoser_json_key(&json, "labels");
	emoser_json_open(&json, '[');
	for (int i = 0; i < n_labels; i++)
		emoser_json_string(&json, labels[i]);
	emoser_json_close(&json, ']');
	emoser_json_key(&json, "counts");
	emoser_json_open(&json, '[');
	for (int a = 0; a < n_labels; a++)
	{
		emoser_json_open(&json, '[');
		for (int p = 0; p < n_labels; p++)
			emoser_json_integer(&json, counts[(Size) a * n_labels + p]);
		emoser_json_close(&json, ']');
	}
	emoser_json_close(&json, ']');
	emoser_json_close(&json, '}');
	PG_RETURN_JSONB_P(emoser_json_to_jsonb(&json));
}
