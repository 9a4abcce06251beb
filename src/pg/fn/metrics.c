/*
 * metrics.c
 *	  The aggregates emoser_uar(), emoser_war(), emoser_macro_f1(), emoser_confusion().
 *
 * All share one state: how often each label was predicted for each actual one.
 */
#include "pg/base/glue.h"

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/base/metrics.h"
#include "pg/base/json.h"
#include "pg/base/name_table.h"

/* Labels of one aggregate: more are texts, and not emotions. */
#define MAX_LABELS 1000

typedef struct Confusion
{
	MemoryContext context;
	NameTable labels;
	int capacity;  /* labels that counts has room for */
	int64 *counts; /* [capacity][capacity], actual by predicted */
} Confusion;

static Confusion *
new_confusion(MemoryContext context)
{
	MemoryContext outer = MemoryContextSwitchTo(context);
	Confusion *confusion = palloc0(sizeof(Confusion));

	confusion->context = context;
	emoser_name_table_init(&confusion->labels, "labels");
	MemoryContextSwitchTo(outer);
	return confusion;
}

static void
grow(Confusion *confusion)
{
	Size capacity = Max(8, 2 * confusion->capacity);
	int64 *counts = MemoryContextAllocZero(confusion->context, capacity * capacity * sizeof(int64));

	for (int row = 0; row < confusion->capacity; row++)
		memcpy(counts + row * capacity, confusion->counts + (Size) row * confusion->capacity,
			   confusion->capacity * sizeof(int64));
	if (confusion->counts != NULL)
		pfree(confusion->counts);
	confusion->counts = counts;
	confusion->capacity = capacity;
}

static int
label_number(Confusion *confusion, const char *label)
{
	int number;

	if (strlen(label) > EMOSER_MAX_NAME_BYTES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("a label has %zu bytes", strlen(label)),
						errdetail("Labels have at most %d bytes.", EMOSER_MAX_NAME_BYTES)));
	number = emoser_name_number(&confusion->labels, label);
	if (number >= MAX_LABELS)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("more than %d different labels", MAX_LABELS)));
	if (number >= confusion->capacity)
		grow(confusion);
	return number;
}

static void
count_pair(Confusion *confusion, const char *actual, const char *predicted, int64 count)
{
	Size row = label_number(confusion, actual);
	int column = label_number(confusion, predicted);

	confusion->counts[row * confusion->capacity + column] += count;
}

PG_FUNCTION_INFO_V1(emoser_confusion_accumulate);
Datum
emoser_confusion_accumulate(PG_FUNCTION_ARGS)
{
	MemoryContext context = emoser_aggregate_context(fcinfo);
	Confusion *confusion = PG_ARGISNULL(0) ? NULL : (Confusion *) PG_GETARG_POINTER(0);

	if (confusion == NULL)
		confusion = new_confusion(context);
	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
		count_pair(confusion, text_to_cstring(PG_GETARG_TEXT_PP(1)),
				   text_to_cstring(PG_GETARG_TEXT_PP(2)), 1);
	PG_RETURN_POINTER(confusion);
}

PG_FUNCTION_INFO_V1(emoser_confusion_combine);
Datum
emoser_confusion_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = emoser_aggregate_context(fcinfo);
	Confusion *confusion = PG_ARGISNULL(0) ? NULL : (Confusion *) PG_GETARG_POINTER(0);
	const Confusion *other = PG_ARGISNULL(1) ? NULL : (const Confusion *) PG_GETARG_POINTER(1);
	int n_labels;

	if (confusion == NULL)
		confusion = new_confusion(context);
	n_labels = other != NULL ? list_length(other->labels.names) : 0;
	for (int a = 0; a < n_labels; a++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int p = 0; p < n_labels; p++)
			if (other->counts[(Size) a * other->capacity + p] > 0)
				count_pair(confusion, list_nth(other->labels.names, a),
						   list_nth(other->labels.names, p),
						   other->counts[(Size) a * other->capacity + p]);
	}
	PG_RETURN_POINTER(confusion);
}

/*
 * The number of labels, the labels, each after its length, and the counts of all pairs of them.  Bytes
 * of labels are those of the database: pq_sendstring() would turn them into the client's encoding, in
 * which pq_getmsgstring() of another process may not find them again.
 */
PG_FUNCTION_INFO_V1(emoser_confusion_serialize);
Datum
emoser_confusion_serialize(PG_FUNCTION_ARGS)
{
	const Confusion *confusion = (const Confusion *) PG_GETARG_POINTER(0);
	int n_labels = list_length(confusion->labels.names);
	StringInfoData bytes;

	(void) emoser_aggregate_context(fcinfo);
	pq_begintypsend(&bytes);
	pq_sendint32(&bytes, n_labels);
	for (int i = 0; i < n_labels; i++)
	{
		const char *label = list_nth(confusion->labels.names, i);

		pq_sendint32(&bytes, strlen(label));
		pq_sendbytes(&bytes, label, strlen(label));
	}
	for (int a = 0; a < n_labels; a++)
		for (int p = 0; p < n_labels; p++)
			pq_sendint64(&bytes, confusion->counts[(Size) a * confusion->capacity + p]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&bytes));
}

static void
raise_damaged_state(void)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("state of an aggregate is damaged")));
}

/* Any bytes end in a state or an error, though they come from a worker of this query. */
static void
read_label(StringInfo bytes, Confusion *confusion, int number)
{
	int length = pq_getmsgint(bytes, 4);
	char label[EMOSER_MAX_NAME_BYTES + 1];

	if (length < 0 || length > EMOSER_MAX_NAME_BYTES)
		raise_damaged_state();
	memcpy(label, pq_getmsgbytes(bytes, length), length);
	label[length] = '\0';
	/* The same one twice would have the number of the first. */
	if (label_number(confusion, label) != number)
		raise_damaged_state();
}

PG_FUNCTION_INFO_V1(emoser_confusion_deserialize);
Datum
emoser_confusion_deserialize(PG_FUNCTION_ARGS)
{
	bytea *value = PG_GETARG_BYTEA_PP(0);
	Confusion *confusion;
	StringInfoData bytes;
	int n_labels;

	(void) emoser_aggregate_context(fcinfo);
	confusion = new_confusion(CurrentMemoryContext);
	initStringInfo(&bytes);
	appendBinaryStringInfo(&bytes, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	n_labels = pq_getmsgint(&bytes, 4);
	if (n_labels < 0 || n_labels > MAX_LABELS)
		raise_damaged_state();
	for (int i = 0; i < n_labels; i++)
		read_label(&bytes, confusion, i);
	for (int a = 0; a < n_labels; a++)
		for (int p = 0; p < n_labels; p++)
		{
			int64 count = pq_getmsgint64(&bytes);

			if (count < 0)
				raise_damaged_state();
			confusion->counts[(Size) a * confusion->capacity + p] = count;
		}
	pq_getmsgend(&bytes);
	PG_RETURN_POINTER(confusion);
}

/*
 * Counts by the labels' places in sorted order: [n][n], and *labels[n].  NULL for a state without
 * pairs.  Doesn't change the state, as window frames want it.
 */
static int64 *
sorted_counts(FunctionCallInfo fcinfo, const char ***labels, int *n_labels)
{
	const Confusion *confusion;
	int64 *counts;
	int32 *place;

	(void) emoser_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		return NULL;
	confusion = (const Confusion *) PG_GETARG_POINTER(0);
	*n_labels = list_length(confusion->labels.names);
	if (*n_labels == 0)
		return NULL;
	*labels = emoser_sort_names(&confusion->labels, &place);
	counts = palloc((Size) *n_labels * *n_labels * sizeof(int64));
	for (int a = 0; a < *n_labels; a++)
		for (int p = 0; p < *n_labels; p++)
			counts[(Size) place[a] * *n_labels + place[p]] =
				confusion->counts[(Size) a * confusion->capacity + p];
	return counts;
}

static Datum
metric(FunctionCallInfo fcinfo, EmoMetric which)
{
	const char **labels;
	int n_labels;
	int64 *counts = sorted_counts(fcinfo, &labels, &n_labels);
	double values[3];

	if (counts == NULL)
		PG_RETURN_NULL();
	emo_confusion_metrics(counts, n_labels, &values[EMO_METRIC_UAR], &values[EMO_METRIC_WAR],
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
	const char **labels;
	int n_labels;
	int64 *counts = sorted_counts(fcinfo, &labels, &n_labels);
	Json json;

	if (counts == NULL)
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
