/*
 * state_fit_test.c
 *	  Heads from training states: against those from the rows, and the same bits whatever the terms.
 */
#include "lda_sample.h"

#include "core/lda/state.h"

#define DEGRADED_WEIGHT 0.3

static const char *const names[MAX_CLASSES] = {"a", "b", "c", "d", "e"};

typedef struct Scale
{
	float mean[MAX_FEATURES], inverse_deviation[MAX_FEATURES];
	uint64_t id;
} Scale;

/* Rows row % divisor == remainder of a sample, as a flat state. */
static EmoFlatState *
state_of(EmoEnv *env, const Sample *sample, const Scale *scale, int divisor, int remainder)
{
	const EmoTrainingSet *set = &sample->set;
	int16_t q[MAX_FEATURES];
	EmoTrainingState *state;
	EmoFlatState *flat;
	size_t n_bytes;

	CHECK(emo_state_new(env, set->n_features, scale->id, &state) == EMO_OK);
	for (int row = 0; row < set->n_rows; row++)
	{
		if (row % divisor != remainder)
			continue;
		emo_quantise(set->n_features, scale->mean, scale->inverse_deviation,
					 set->features + row * set->n_features, q);
		CHECK(emo_state_add(env, state,
							emo_is_degraded(set, row) ? EMO_STATE_DEGRADED : EMO_STATE_PLAIN,
							names[set->label[row]], q, NULL) == EMO_OK);
	}
	CHECK(emo_state_finish(env, state, &n_bytes) == EMO_OK);
	flat = emo_alloc(env, 1, n_bytes);
	emo_state_write(state, flat);
	return flat;
}

static void
measure(Sample *sample, const EmoLdaHead *head, Scale *scale)
{
	memcpy(scale->mean, head->mean, head->n_features * sizeof(float));
	memcpy(scale->inverse_deviation, head->inverse_deviation, head->n_features * sizeof(float));
	scale->id = emo_state_scale_id(head->n_features, scale->mean, scale->inverse_deviation, false);
	(void) sample;
}

static void
make_degraded_sample(Sample *sample, int n_features)
{
	make_sample(sample, MAX_ROWS, n_features, 4, 99);
	sample->set.copy_kind = sample->copy_kind;
	sample->set.recording = sample->recording;
	sample->set.first_degraded_kind = 1;
	sample->set.degraded_weight = DEGRADED_WEIGHT;
}

/*
 * The same as from the rows, but for rounding features to 1/8192 of a deviation at most: log
 * posteriors differ by less than 1e-3 of their size.
 */
static void
test_against_rows(EmoEnv *env)
{
	for (int priors = EMO_PRIORS_EQUAL; priors <= EMO_PRIORS_EMPIRICAL; priors++)
		for (int n_features = 5; n_features <= MAX_FEATURES; n_features += 85)
		{
			EmoLdaOptions options = emo_lda_default_options();
			Sample sample;
			Scale scale;
			EmoLdaHead head;
			EmoStateFit fit;
			EmoStateTerm term = {.sign = 1};

			make_degraded_sample(&sample, n_features);
			/* States don't tell kinds of copies apart. */
			options.shift_weight = 0;
			options.priors = priors;
			CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_OK);
			measure(&sample, &head, &scale);
			term.state = state_of(env, &sample, &scale, 1, 0);
			CHECK(emo_lda_fit_state(env, &term, 1, &options, DEGRADED_WEIGHT, scale.mean,
									scale.inverse_deviation, &fit) == EMO_OK);
			CHECK(fit.head.n_classes == 4 && strcmp(fit.labels, "a") == 0);
			CHECK(fit.class_rows[0] == MAX_ROWS / 4);
			for (int row = 0; row < sample.set.n_rows; row++)
			{
				float expected[MAX_CLASSES], actual[MAX_CLASSES];

				emo_lda_log_posteriors(&head, sample.features + row * n_features, expected);
				emo_lda_log_posteriors(&fit.head, sample.features + row * n_features, actual);
				for (int c = 0; c < 4; c++)
					CHECK_NEAR(actual[c], expected[c], 1e-3 * (1 + fabs(expected[c])));
			}
		}
}

static bool
equal_fits(const EmoStateFit *a, const EmoStateFit *b)
{
	size_t n = a->head.n_features, n_classes = a->head.n_classes;

	return b->head.n_classes == a->head.n_classes &&
		   memcmp(a->head.weights, b->head.weights, n_classes * n * sizeof(float)) == 0 &&
		   memcmp(a->head.bias, b->head.bias, n_classes * sizeof(float)) == 0 &&
		   memcmp(a->class_rows, b->class_rows, n_classes * sizeof(int64_t)) == 0;
}

/* All rows in one state, in four, and in more than there should be with some taken out. */
static void
test_terms(EmoEnv *env)
{
	static const int sizes[] = {5, 15, MAX_FEATURES};

	for (int i = 0; i < 3; i++)
	{
		EmoLdaOptions options = emo_lda_default_options();
		Sample sample;
		Scale scale;
		EmoLdaHead head;
		EmoStateFit whole, parts, less, third;
		EmoStateTerm terms[4];

		make_degraded_sample(&sample, sizes[i]);
		CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_OK);
		measure(&sample, &head, &scale);
		for (int t = 0; t < 3; t++)
			terms[t] = (EmoStateTerm){state_of(env, &sample, &scale, 3, t), 1};
		CHECK(emo_lda_fit_state(env, terms, 3, &options, 0.5, NULL, NULL, &parts) == EMO_OK);
		terms[3] = (EmoStateTerm){state_of(env, &sample, &scale, 1, 0), 1};
		CHECK(emo_lda_fit_state(env, terms + 3, 1, &options, 0.5, NULL, NULL, &whole) == EMO_OK);
		CHECK(equal_fits(&whole, &parts));
		terms[1].sign = terms[2].sign = -1;
		CHECK(emo_lda_fit_state(env, terms + 1, 3, &options, 0.5, NULL, NULL, &less) == EMO_OK);
		CHECK(emo_lda_fit_state(env, terms, 1, &options, 0.5, NULL, NULL, &third) == EMO_OK);
		CHECK(equal_fits(&less, &third) && !equal_fits(&less, &whole));
		CHECK(whole.head.mean[0] == 0 && whole.head.inverse_deviation[0] == 1);
		emo_lda_free_fit(env, &whole);
	}
}

/* A class that is taken out as a whole isn't one of the head. */
static void
test_lost_class(EmoEnv *env)
{
	EmoLdaOptions options = emo_lda_default_options();
	Sample sample;
	Scale scale;
	EmoLdaHead head;
	EmoStateFit fit;
	EmoStateTerm terms[3];

	make_degraded_sample(&sample, 9);
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_OK);
	measure(&sample, &head, &scale);
	terms[0] = (EmoStateTerm){state_of(env, &sample, &scale, 1, 0), 1};
	for (int c = 0; c < 2; c++)
		terms[1 + c] = (EmoStateTerm){state_of(env, &sample, &scale, 4, 2 * c), -1};
	CHECK(emo_lda_fit_state(env, terms, 3, &options, 1, NULL, NULL, &fit) == EMO_OK);
	CHECK(fit.head.n_classes == 2 && strcmp(fit.labels, "b") == 0 &&
		  strcmp(fit.labels + 2, "d") == 0);

	/* Only one class is left, or less than none. */
	terms[0].state = terms[1].state;
	CHECK(emo_lda_fit_state(env, terms, 1, &options, 1, NULL, NULL, &fit) == EMO_BAD_DATA);
	CHECK(emo_lda_fit_state(env, terms, 3, &options, 1, NULL, NULL, &fit) == EMO_BAD_DATA);
	CHECK(emo_lda_fit_state(env, terms, 0, &options, 1, NULL, NULL, &fit) == EMO_BAD_DATA);
	options.max_z = 5;
	CHECK(emo_lda_fit_state(env, terms, 1, &options, 1, NULL, NULL, &fit) == EMO_INVALID_PARAMETER);
}

/* Rows become sums, are merged, taken out and fitted; or memory is at its end. */
static EmoStatus
use_memory(EmoEnv *env, const EmoFlatState *flat)
{
	EmoLdaOptions options = emo_lda_default_options();
	EmoStateTerm term = {flat, 1};
	EmoTrainingState *state;
	EmoStateFit fit;
	size_t n_bytes;

	if (emo_state_new(env, flat->n_features, flat->scale_id, &state) != EMO_OK ||
		emo_state_merge(env, state, flat) != EMO_OK ||
		emo_state_merge(env, state, flat) != EMO_OK ||
		emo_state_subtract(env, state, flat) != EMO_OK ||
		emo_state_finish(env, state, &n_bytes) != EMO_OK)
		return env->status;
	return emo_lda_fit_state(env, &term, 1, &options, 1, NULL, NULL, &fit);
}

static void
test_no_memory(EmoEnv *env)
{
	UnitHost *host = env->host;
	EmoLdaOptions options = emo_lda_default_options();
	Sample sample;
	Scale scale;
	EmoLdaHead head;
	EmoFlatState *flat;
	int n_failures = 0;

	make_degraded_sample(&sample, 15);
	options.priors = EMO_PRIORS_EMPIRICAL;
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_OK);
	measure(&sample, &head, &scale);
	flat = state_of(env, &sample, &scale, 3, 0);
	for (long n = 0; n < 1000; n++)
	{
		EmoStatus status;

		host->allocations_left = n;
		status = use_memory(env, flat);
		host->allocations_left = -1;
		if (status == EMO_OK)
			break;
		CHECK(status == EMO_OUT_OF_MEMORY);
		n_failures++;
	}
	CHECK(n_failures > 20 && n_failures < 1000);
}

static bool
stops(void *host)
{
	(void) host;
	return true;
}

static void
test_cancel(EmoEnv *env)
{
	EmoLdaOptions options = emo_lda_default_options();
	Sample sample;
	Scale scale;
	EmoLdaHead head;
	EmoFlatState *flat;

	make_degraded_sample(&sample, 15);
	CHECK(emo_lda_fit(env, &sample.set, &options, &head) == EMO_OK);
	measure(&sample, &head, &scale);
	flat = state_of(env, &sample, &scale, 1, 0);
	env->should_stop = stops;
	CHECK(use_memory(env, flat) == EMO_CANCELED);
	CHECK(emo_state_check(env, flat, flat->n_bytes) == EMO_CANCELED);
}

int
main(void)
{
	RUN(test_against_rows);
	RUN(test_terms);
	RUN(test_lost_class);
	RUN(test_no_memory);
	RUN(test_cancel);
	return unit_finish();
}
