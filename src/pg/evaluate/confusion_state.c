/*
 * confusion_state.c
 *	  How often each label was predicted for each actual one, as an aggregate counts it.
 */
#include "pg/evaluate/confusion_state.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "common/int.h"
#include "pg/base/glue.h"
#include "pg/base/name_table.h"

/* Labels of one aggregate: more are texts, and not emotions. */
#define MAX_LABELS 1000

/* Room of a new state; most sets of emotions never outgrow it. */
#define FIRST_LABEL_ROOM 8
#define FIRST_TEXT_ROOM  96

/* Of what servers tell each other. */
#define FORMAT_VERSION 1

void
emoser_raise_damaged_confusion(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("state of an aggregate is damaged"),
					errdetail_internal("%s", detail)));
}

static Size
size_of(int label_room, uint32 text_room)
{
	Size n = label_room;

	return offsetof(ConfusionState, counts) + n * n * sizeof(int64) +
		   n * (sizeof(uint32) + sizeof(uint16)) + text_room;
}

static uint32 *
ends(const ConfusionState *state)
{
	return (uint32 *) (state->counts + (Size) state->label_room * state->label_room);
}

static uint16 *
sorted_labels(const ConfusionState *state)
{
	return (uint16 *) (ends(state) + state->label_room);
}

static char *
texts(const ConfusionState *state)
{
	return (char *) (sorted_labels(state) + state->label_room);
}

static const char *
label_of(const ConfusionState *state, int number, Size *length)
{
	uint32 start = number == 0 ? 0 : ends(state)[number - 1];

	*length = ends(state)[number] - start;
	return texts(state) + start;
}

static ConfusionState *
new_state(int label_room, uint32 text_room)
{
	Size size = size_of(label_room, text_room);
	ConfusionState *state = palloc0(size);

	SET_VARSIZE(state, size);
	state->label_room = label_room;
	state->text_room = text_room;
	return state;
}

ConfusionState *
emoser_confusion_new(void)
{
	return new_state(FIRST_LABEL_ROOM, FIRST_TEXT_ROOM);
}

static int
compare_labels(const char *a, Size a_length, const char *b, Size b_length)
{
	int order = memcmp(a, b, Min(a_length, b_length));

	return order != 0 ? order : a_length < b_length ? -1 : a_length > b_length;
}

/* Where among the sorted ones a label is (true) or would be. */
static bool
find_label(const ConfusionState *state, const char *label, Size length, int *place)
{
	int low = 0, high = state->n_labels;

	while (low < high)
	{
		int middle = (low + high) / 2;
		Size other_length;
		const char *other = label_of(state, sorted_labels(state)[middle], &other_length);
		int order = compare_labels(label, length, other, other_length);

		if (order == 0)
		{
			*place = middle;
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	*place = low;
	return false;
}

static uint32
text_bytes(const ConfusionState *state)
{
	return state->n_labels == 0 ? 0 : ends(state)[state->n_labels - 1];
}

/* The same in a block with room for one more label of this length. */
static ConfusionState *
grown(const ConfusionState *state, Size length)
{
	int label_room = state->label_room;
	uint32 text_room = state->text_room;
	ConfusionState *larger;

	if (state->n_labels == label_room)
		label_room *= 2;
	while (text_room < text_bytes(state) + length)
		text_room *= 2;
	larger = new_state(label_room, text_room);
	larger->n_labels = state->n_labels;
	for (int row = 0; row < state->n_labels; row++)
		memcpy(larger->counts + (Size) row * label_room,
			   state->counts + (Size) row * state->label_room, state->n_labels * sizeof(int64));
	memcpy(ends(larger), ends(state), state->n_labels * sizeof(uint32));
	memcpy(sorted_labels(larger), sorted_labels(state), state->n_labels * sizeof(uint16));
	memcpy(texts(larger), texts(state), text_bytes(state));
	return larger;
}

static void
check_limits(const ConfusionState *state, Size length)
{
	if (length > EMOSER_MAX_NAME_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("a label has %zu bytes", length),
				 errdetail("Labels have at most %d bytes.", EMOSER_MAX_NAME_BYTES)));
	if (state->n_labels == MAX_LABELS)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("more than %d different labels", MAX_LABELS)));
}

/* The number of a label, a new one for a new label, for which the state may grow. */
static int
number_of(ConfusionState **state, const char *label, Size length)
{
	ConfusionState *s = *state;
	uint16 *sorted;
	uint32 start;
	int place;

	if (find_label(s, label, length, &place))
		return sorted_labels(s)[place];
	check_limits(s, length);
	start = text_bytes(s);
	if (s->n_labels == s->label_room || start + length > s->text_room)
		*state = s = grown(s, length);
	memcpy(texts(s) + start, label, length);
	ends(s)[s->n_labels] = start + length;
	sorted = sorted_labels(s);
	memmove(sorted + place + 1, sorted + place, (s->n_labels - place) * sizeof(uint16));
	sorted[place] = s->n_labels;
	return s->n_labels++;
}

ConfusionState *
emoser_confusion_count(ConfusionState *state, const text *actual, const text *predicted)
{
	Size row = number_of(&state, VARDATA_ANY(actual), VARSIZE_ANY_EXHDR(actual));
	int column = number_of(&state, VARDATA_ANY(predicted), VARSIZE_ANY_EXHDR(predicted));

	state->counts[row * state->label_room + column]++;
	return state;
}

ConfusionState *
emoser_confusion_merge(ConfusionState *state, const ConfusionState *other)
{
	int *number = palloc(Max(other->n_labels, 1) * sizeof(int));

	for (int i = 0; i < other->n_labels; i++)
	{
		Size length;
		const char *label = label_of(other, i, &length);

		number[i] = number_of(&state, label, length);
	}
	for (int a = 0; a < other->n_labels; a++)
	{
		int64 *row = state->counts + (Size) number[a] * state->label_room;

		CHECK_FOR_INTERRUPTS();
		for (int p = 0; p < other->n_labels; p++)
			if (pg_add_s64_overflow(row[number[p]], other->counts[(Size) a * other->label_room + p],
									&row[number[p]]))
				emoser_raise_damaged_confusion("Its counts are too large.");
	}
	pfree(number);
	return state;
}

/* What is in a table may have been damaged there. */
static bool
is_whole(const ConfusionState *state)
{
	bool seen[MAX_LABELS] = {false};
	uint32 start = 0;

	if (VARSIZE(state) < offsetof(ConfusionState, counts) || state->n_labels < 0 ||
		state->n_labels > MAX_LABELS || state->label_room < Max(state->n_labels, 1) ||
		state->label_room > 2 * MAX_LABELS || state->text_room == 0 ||
		state->text_room > 2 * MAX_LABELS * EMOSER_MAX_NAME_BYTES ||
		VARSIZE(state) != size_of(state->label_room, state->text_room))
		return false;
	for (int i = 0; i < state->n_labels; i++)
	{
		uint32 end = ends(state)[i];
		uint16 number = sorted_labels(state)[i];

		if (end < start || end - start > EMOSER_MAX_NAME_BYTES || end > state->text_room ||
			number >= state->n_labels || seen[number])
			return false;
		seen[number] = true;
		start = end;
	}
	return true;
}

ConfusionState *
emoser_confusion_arg(FunctionCallInfo fcinfo, int arg, bool to_change)
{
	bool is_aggregate = AggCheckCallContext(fcinfo, NULL) != 0;
	Datum value = PG_GETARG_DATUM(arg);
	ConfusionState *state;

	/* The state of an aggregate itself was made here, but for one that came from a table as it was. */
	if (is_aggregate && to_change && !VARATT_IS_EXTENDED(DatumGetPointer(value)))
		return (ConfusionState *) DatumGetPointer(value);
	state = (ConfusionState *) (to_change ? PG_DETOAST_DATUM_COPY(value) : PG_DETOAST_DATUM(value));
	if (!is_whole(state))
		emoser_raise_damaged_confusion("Its parts do not fit together.");
	return state;
}

int64 *
emoser_confusion_sorted(const ConfusionState *state, const char ***labels)
{
	Size n = state->n_labels;
	const uint16 *sorted = sorted_labels(state);
	int64 *counts = palloc(Max(n * n, 1) * sizeof(int64));

	*labels = palloc(Max(n, 1) * sizeof(char *));
	for (Size a = 0; a < n; a++)
	{
		const int64 *row = state->counts + (Size) sorted[a] * state->label_room;
		Size length;
		const char *label = label_of(state, sorted[a], &length);

		(*labels)[a] = pnstrdup(label, length);
		for (Size p = 0; p < n; p++)
			counts[a * n + p] = row[sorted[p]];
	}
	return counts;
}

/* The version, the number of labels, the labels, each after its length, and the counts of all pairs of them. */
void
emoser_confusion_write(const ConfusionState *state, StringInfo bytes)
{
	const char **labels;
	Size n = state->n_labels;
	int64 *counts = emoser_confusion_sorted(state, &labels);

	pq_sendbyte(bytes, FORMAT_VERSION);
	pq_sendint16(bytes, n);
	for (Size i = 0; i < n; i++)
	{
		const char *utf8 = pg_server_to_any(labels[i], strlen(labels[i]), PG_UTF8);

		pq_sendint16(bytes, strlen(utf8));
		pq_sendbytes(bytes, utf8, strlen(utf8));
	}
	for (Size i = 0; i < n * n; i++)
		pq_sendint64(bytes, counts[i]);
}

static const char *
next_bytes(StringInfo bytes, int n)
{
	if (bytes->len - bytes->cursor < n)
		emoser_raise_damaged_confusion("It ends too early.");
	return pq_getmsgbytes(bytes, n);
}

static int
next_int16(StringInfo bytes)
{
	const unsigned char *b = (const unsigned char *) next_bytes(bytes, 2);

	return b[0] << 8 | b[1];
}

static void
read_label(StringInfo bytes, ConfusionState **state)
{
	int n_labels = (*state)->n_labels;
	int length = next_int16(bytes);
	const char *utf8 = next_bytes(bytes, length);
	const char *label;

	if (!pg_verify_mbstr(PG_UTF8, utf8, length, true))
		emoser_raise_damaged_confusion("A label of it is not valid UTF-8.");
	label = pg_any_to_server(pnstrdup(utf8, length), length, PG_UTF8);
	/* The same one twice would have the number of the first. */
	if (strlen(label) > EMOSER_MAX_NAME_BYTES || number_of(state, label, strlen(label)) != n_labels)
		emoser_raise_damaged_confusion("Its labels are not valid.");
}

ConfusionState *
emoser_confusion_read(const char *bytes, Size n_bytes)
{
	ConfusionState *state = emoser_confusion_new();
	StringInfoData message = {.data = unconstify(char *, bytes), .len = n_bytes, .maxlen = n_bytes};
	int n_labels;

	if (*next_bytes(&message, 1) != FORMAT_VERSION)
		emoser_raise_damaged_confusion("It is of another version of emoser.");
	n_labels = next_int16(&message);
	if (n_labels > MAX_LABELS)
		emoser_raise_damaged_confusion("It has too many labels.");
	for (int i = 0; i < n_labels; i++)
		read_label(&message, &state);
	if (message.len - message.cursor != n_labels * n_labels * (int) sizeof(int64))
		emoser_raise_damaged_confusion("It has not as many counts as pairs of labels.");
	for (int a = 0; a < n_labels; a++)
		for (int p = 0; p < n_labels; p++)
		{
			int64 count = pq_getmsgint64(&message);

			if (count < 0)
				emoser_raise_damaged_confusion("A count of it is negative.");
			state->counts[(Size) a * state->label_room + p] = count;
		}
	return state;
}
