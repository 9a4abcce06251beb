/*
 * state_test.c
 *	  Training states: sums against a plain reference, the same bytes whatever the order, merged or
 *	  taken out, and any bytes checked.
 */
#include "lda_sample.h"

#include "core/lda/state.h"

#define SCALE_ID 42
#define N_LABELS 3

static const char *const labels[N_LABELS] = {"joy", "anger", "boredom"};

/* Rows for states, with a part, a label and a hash each. */
typedef struct Rows
{
	int n, n_features;
	int16_t *q;
	EmoStatePart *part;
	const char **label;
	EmoHashSum *hash;
} Rows;

static int16_t
random_q(uint64_t *seed)
{
	/* Most are some units of deviation, some at the ends. */
	double z = 2.5 * uniform(seed) + 2.5 * uniform(seed);

	return (int16_t) lrint(fmax(fmin(z * EMO_STATE_UNIT, EMO_STATE_MAX_Q), -EMO_STATE_MAX_Q));
}

static Rows
make_rows(EmoEnv *env, int n, int n_features, uint64_t seed)
{
	Rows rows = {.n = n,
				 .n_features = n_features,
				 .q = emo_alloc(env, n, n_features * sizeof(int16_t)),
				 .part = emo_alloc(env, n, sizeof(EmoStatePart)),
				 .label = emo_alloc(env, n, sizeof(char *)),
				 .hash = emo_alloc(env, n, sizeof(EmoHashSum))};

	for (int i = 0; i < n; i++)
	{
		rows.part[i] = uniform(&seed) > 0.5 ? EMO_STATE_DEGRADED : EMO_STATE_PLAIN;
		rows.label[i] = labels[(int) (1.5 + 1.49 * uniform(&seed))];
		for (int j = 0; j < n_features; j++)
			rows.q[i * n_features + j] = random_q(&seed);
		for (int j = 0; j < EMO_HASH_LENGTH; j++)
			rows.hash[i].bytes[j] = (uint8_t) (128 + 127 * uniform(&seed));
	}
	return rows;
}

static EmoTrainingState *
new_state(EmoEnv *env, int n_features)
{
	EmoTrainingState *state;

	CHECK(emo_state_new(env, n_features, SCALE_ID, &state) == EMO_OK);
	return state;
}

static void
add_row(EmoEnv *env, EmoTrainingState *state, const Rows *rows, int row)
{
	CHECK(emo_state_add(env, state, rows->part[row], rows->label[row],
						rows->q + row * rows->n_features, rows->hash[row].bytes) == EMO_OK);
}

static EmoFlatState *
flatten(EmoEnv *env, EmoTrainingState *state)
{
	EmoFlatState *flat;
	size_t n_bytes;

	CHECK(emo_state_finish(env, state, &n_bytes) == EMO_OK);
	flat = emo_alloc(env, 1, n_bytes);
	memset(flat, 0xa5, n_bytes);
	emo_state_write(state, flat);
	CHECK(flat->n_bytes == n_bytes);
	CHECK(emo_state_check(env, flat, n_bytes) == EMO_OK);
	return flat;
}

/* The state of the rows first .. after - 1, in steps. */
static EmoFlatState *
state_of(EmoEnv *env, const Rows *rows, int first, int after, int step)
{
	EmoTrainingState *state = new_state(env, rows->n_features);
	EmoFlatState *flat;

	for (int start = 0; start < step; start++)
		for (int row = first + start; row < after; row += step)
			add_row(env, state, rows, row);
	flat = flatten(env, state);
	emo_state_free(env, state);
	return flat;
}

static bool
equal(const EmoFlatState *a, const EmoFlatState *b)
{
	return a->n_bytes == b->n_bytes && memcmp(a, b, a->n_bytes) == 0;
}

static int
class_named(const EmoFlatState *flat, const char *label)
{
	const char *at = emo_state_labels(flat);

	for (int c = 0; c < flat->n_classes; c++, at += strlen(at) + 1)
		if (strcmp(at, label) == 0)
			return c;
	return -1;
}

/* Each number of a state in the form of sums. */
static void
check_sums(EmoEnv *env, const Rows *rows, const EmoFlatState *flat)
{
	int n = rows->n_features;

	for (int part = 0; part < EMO_STATE_N_PARTS; part++)
	{
		EmoStatePartView view = emo_state_view(flat, part);
		int64_t *class_sum = emo_alloc_zero(env, N_LABELS * n, sizeof(int64_t));
		int64_t *product = emo_alloc_zero(env, n * n, sizeof(int64_t));
		int64_t class_rows[N_LABELS] = {0}, n_rows = 0;

		for (int row = 0; row < rows->n; row++)
		{
			const int16_t *q = rows->q + row * n;
			int class = class_named(flat, rows->label[row]);

			if (rows->part[row] != (EmoStatePart) part)
				continue;
			n_rows++;
			class_rows[class]++;
			for (int i = 0; i < n; i++)
			{
				class_sum[class * n + i] += q[i];
				for (int j = 0; j < n; j++)
					product[i * n + j] += (int64_t) q[i] * q[j];
			}
		}
		CHECK(view.form == EMO_STATE_SUMS && view.n_rows == n_rows);
		CHECK(memcmp(class_rows, view.class_rows, sizeof(class_rows)) == 0);
		CHECK(memcmp(class_sum, view.class_sum, N_LABELS * n * sizeof(int64_t)) == 0);
		for (int i = 0; i < n; i++)
			CHECK(memcmp(product + i * n + i, view.triangle + emo_triangle_index(n, i, i),
						 (n - i) * sizeof(int64_t)) == 0);
	}
}

static void
test_sums(EmoEnv *env)
{
	/* Few features and many foldings; more features than one block of any kernel; one. */
	static const int sizes[][2] = {{1400, 7}, {400, 83}, {100, 1}};

	for (int i = 0; i < 3; i++)
	{
		Rows rows = make_rows(env, sizes[i][0], sizes[i][1], 5 + i);

		check_sums(env, &rows, state_of(env, &rows, 0, rows.n, 1));
	}
}

static void
test_same_bytes(EmoEnv *env)
{
	/* All as rows, about the border between the forms, all as sums. */
	static const int n_rows[] = {0, 1, 9, 30, 60, 400};

	for (int i = 0; i < 6; i++)
	{
		Rows rows = make_rows(env, n_rows[i], 20, 7 + i);
		EmoFlatState *whole = state_of(env, &rows, 0, rows.n, 1);

		CHECK(equal(whole, state_of(env, &rows, 0, rows.n, 7)));
		CHECK(emo_state_n_rows(whole) == rows.n);
		for (int cut = 0; cut <= rows.n; cut += 1 + rows.n / 5)
		{
			EmoFlatState *left = state_of(env, &rows, 0, cut, 1);
			EmoFlatState *right = state_of(env, &rows, cut, rows.n, 3);
			EmoTrainingState *state = new_state(env, 20);

			CHECK(emo_state_merge(env, state, right) == EMO_OK);
			CHECK(emo_state_merge(env, state, left) == EMO_OK);
			CHECK(equal(whole, flatten(env, state)));
			emo_state_free(env, state);
		}
	}
}

static void
test_order_of_labels(EmoEnv *env)
{
	Rows rows = make_rows(env, 50, 5, 3);
	EmoFlatState *flat = state_of(env, &rows, 0, rows.n, 1);

	CHECK(flat->n_classes == 3 && class_named(flat, "anger") == 0 &&
		  class_named(flat, "boredom") == 1 && class_named(flat, "joy") == 2);
}

static void
test_subtract(EmoEnv *env)
{
	static const int n_rows[] = {1, 15, 300};

	for (int i = 0; i < 3; i++)
	{
		Rows rows = make_rows(env, n_rows[i] + 200, 20, 17 + i);
		int few = n_rows[i];
		EmoFlatState *part = state_of(env, &rows, 0, few, 1);
		EmoFlatState *rest = state_of(env, &rows, few, rows.n, 1);
		EmoTrainingState *state = new_state(env, 20);

		/* Sums less rows or sums. */
		CHECK(emo_state_merge(env, state, rest) == EMO_OK);
		CHECK(emo_state_merge(env, state, part) == EMO_OK);
		CHECK(emo_state_subtract(env, state, part) == EMO_OK);
		CHECK(equal(rest, flatten(env, state)));

		/* All of it: nothing is left, as in a state without rows. */
		CHECK(emo_state_subtract(env, state, rest) == EMO_OK);
		CHECK(equal(flatten(env, state), flatten(env, new_state(env, 20))));

		/* And rows again. */
		CHECK(emo_state_merge(env, state, part) == EMO_OK);
		CHECK(equal(part, flatten(env, state)));
		emo_state_free(env, state);
	}
}

static void
test_subtract_rows_from_rows(EmoEnv *env)
{
	Rows rows = make_rows(env, 16, 20, 4);
	EmoFlatState *all = state_of(env, &rows, 0, 16, 1);
	EmoFlatState *part = state_of(env, &rows, 5, 11, 1);
	EmoTrainingState *state = new_state(env, 20);
	EmoTrainingState *rest = new_state(env, 20);

	for (int row = 0; row < 16; row++)
		if (row < 5 || row >= 11)
			add_row(env, rest, &rows, row);
	CHECK(emo_state_merge(env, state, all) == EMO_OK);
	CHECK(emo_state_subtract(env, state, part) == EMO_OK);
	CHECK(equal(flatten(env, rest), flatten(env, state)));
	/* They are there only once. */
	CHECK(emo_state_subtract(env, state, part) == EMO_BAD_DATA);
}

/* What isn't held can't be taken out. */
static void
test_subtract_too_much(EmoEnv *env)
{
	Rows rows = make_rows(env, 200, 20, 6);
	EmoFlatState *some = state_of(env, &rows, 0, 100, 1);
	EmoFlatState *all = state_of(env, &rows, 0, 200, 1);
	EmoTrainingState *state = new_state(env, 20);
	int16_t q[20] = {EMO_STATE_MAX_Q};
	EmoTrainingState *strange;

	CHECK(emo_state_merge(env, state, some) == EMO_OK);
	CHECK(emo_state_subtract(env, state, all) == EMO_BAD_DATA);
	CHECK(env->message[0] != '\0' && env->hint[0] != '\0');

	/* A label that it doesn't have. */
	state = new_state(env, 20);
	strange = new_state(env, 20);
	CHECK(emo_state_merge(env, state, some) == EMO_OK);
	CHECK(emo_state_add(env, strange, EMO_STATE_PLAIN, "fear", q, NULL) == EMO_OK);
	CHECK(emo_state_subtract(env, state, flatten(env, strange)) == EMO_BAD_DATA);
}

static void
test_scales_do_not_mix(EmoEnv *env)
{
	EmoTrainingState *state = new_state(env, 20), *longer = new_state(env, 21), *other;

	CHECK(emo_state_new(env, 20, SCALE_ID + 1, &other) == EMO_OK);
	CHECK(emo_state_merge(env, state, flatten(env, longer)) == EMO_BAD_DATA);
	CHECK(emo_state_merge(env, state, flatten(env, other)) == EMO_BAD_DATA);
	CHECK(emo_state_subtract(env, state, flatten(env, other)) == EMO_BAD_DATA);
}

static void
test_limits(EmoEnv *env)
{
	int16_t q[2] = {1, 2};
	char label[EMO_STATE_MAX_LABEL_BYTES + 2];
	EmoTrainingState *state;

	CHECK(emo_state_new(env, 0, 0, &state) == EMO_BAD_DATA);
	CHECK(emo_state_new(env, EMO_STATE_MAX_FEATURES + 1, 0, &state) == EMO_LIMIT_EXCEEDED);
	CHECK(emo_state_add(env, new_state(env, 2), 0, "", q, NULL) == EMO_BAD_DATA);
	CHECK(emo_state_add(env, new_state(env, 2), 0, "\xff", q, NULL) == EMO_BAD_DATA);
	memset(label, 'a', sizeof(label));
	label[EMO_STATE_MAX_LABEL_BYTES + 1] = '\0';
	CHECK(emo_state_add(env, new_state(env, 2), 0, label, q, NULL) == EMO_LIMIT_EXCEEDED);
	state = new_state(env, 2);
	for (int c = 0; c < EMO_MAX_CLASSES; c++)
	{
		snprintf(label, sizeof(label), "c%d", c);
		CHECK(emo_state_add(env, state, 0, label, q, NULL) == EMO_OK);
	}
	flatten(env, state);
	CHECK(emo_state_add(env, state, 0, "one more", q, NULL) == EMO_LIMIT_EXCEEDED);
}

/* Each byte changed, each length cut: a valid state or an error, never more than was there. */
static void
test_damaged_bytes(EmoEnv *env)
{
	static const int n_rows[] = {0, 5, 40};

	for (int i = 0; i < 3; i++)
	{
		Rows rows = make_rows(env, n_rows[i], 6, 9);
		EmoFlatState *flat = state_of(env, &rows, 0, rows.n, 1);
		size_t n_bytes = flat->n_bytes;
		uint8_t *bytes = (uint8_t *) flat;

		for (size_t cut = 0; cut < n_bytes; cut++)
		{
			/* A block of its own, so that AddressSanitizer knows its end. */
			uint8_t *copy = malloc(cut + 1);

			memcpy(copy, bytes, cut);
			CHECK(emo_state_check(env, copy, cut) == EMO_CORRUPTED);
			CHECK(env->detail[0] != '\0');
			free(copy);
		}
		for (size_t at = sizeof(flat->host_word); at < n_bytes; at++)
			for (int change = 1; change < 256; change *= 4)
			{
				bytes[at] ^= (uint8_t) change;
				CHECK(emo_state_check(env, bytes, n_bytes) == EMO_CORRUPTED);
				bytes[at] ^= (uint8_t) change;
			}
		CHECK(emo_state_check(env, bytes, n_bytes) == EMO_OK);
		flat->host_word = 77;
		CHECK(emo_state_check(env, bytes, n_bytes) == EMO_OK);
	}
}

int
main(void)
{
	RUN(test_sums);
	RUN(test_same_bytes);
	RUN(test_order_of_labels);
	RUN(test_subtract);
	RUN(test_subtract_rows_from_rows);
	RUN(test_subtract_too_much);
	RUN(test_scales_do_not_mix);
	RUN(test_limits);
	RUN(test_damaged_bytes);
	return unit_finish();
}
