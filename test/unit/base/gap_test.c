/*
 * gap_test.c
 *	  The gap between groups against plain computations of the same draws, and against all deals there are.
 */
#include "unit.h"

#include "core/base/gap.h"
#include "core/base/random.h"

#define N_LABELS    2
#define PER_SPEAKER 8
#define N_SPEAKERS  6
#define N_ROWS      (PER_SPEAKER * N_SPEAKERS)
#define MAX_GROUPS  3

/* Rows of speakers, the one more often recognised than the other. */
typedef struct Sample
{
	int32_t actual[N_ROWS], predicted[N_ROWS], speaker[N_ROWS], group[N_ROWS];
	float ones[N_ROWS];
	int64_t row[N_ROWS];
	EmoJudged judged;
	EmoGroupedRows rows;
} Sample;

static void
draw_sample(Sample *sample, int n_groups)
{
	EmoRandom random;

	emo_random_seed(&random, 7);
	for (int row = 0; row < N_ROWS; row++)
	{
		int speaker = row % N_SPEAKERS;

		sample->row[row] = row;
		sample->ones[row] = 1;
		sample->speaker[row] = speaker;
		sample->group[row] = speaker % n_groups;
		sample->actual[row] = row / N_SPEAKERS % N_LABELS;
		sample->predicted[row] =
			(sample->actual[row] + (emo_random_uniform(&random) > 0.4 + 0.1 * speaker)) % N_LABELS;
	}
	sample->judged = (EmoJudged){N_ROWS,       N_LABELS,    sample->actual, sample->predicted,
								 sample->ones, sample->ones};
	sample->rows =
		(EmoGroupedRows){sample->row, N_ROWS, sample->group, n_groups, sample->speaker, N_SPEAKERS};
}

/* Of rows that are in a group by group_of[], each as often as times[] of its speaker says. */
static double
naive_uar(const Sample *sample, const int32_t *group_of, int group, const int *times)
{
	double sum = 0;
	int n_labels = 0;

	for (int label = 0; label < N_LABELS; label++)
	{
		double n = 0, n_right = 0;

		for (int row = 0; row < N_ROWS; row++)
			if (group_of[row] == group && sample->actual[row] == label)
			{
				n += times[sample->speaker[row]];
				n_right += times[sample->speaker[row]] * (sample->predicted[row] == label);
			}
		n_labels += n > 0;
		sum += n > 0 ? n_right / n : 0;
	}
	return n_labels > 0 ? sum / n_labels : NAN;
}

static double
naive_span(const Sample *sample, const int32_t *group_of, int n_groups)
{
	static const int once[N_SPEAKERS] = {1, 1, 1, 1, 1, 1};
	double least = INFINITY, most = -INFINITY;

	for (int group = 0; group < n_groups; group++)
	{
		double uar = naive_uar(sample, group_of, group, once);

		least = fmin(least, uar);
		most = fmax(most, uar);
	}
	return most - least;
}

/* What all deals there are say. */
typedef struct Deals
{
	double sum;
	int n, n_as_large;
} Deals;

static void
count_deal(const Sample *sample, const int32_t *group_of, int n_groups, double gap, Deals *deals)
{
	double span = naive_span(sample, group_of, n_groups);

	deals->n++;
	deals->sum += span;
	deals->n_as_large += span >= gap - 1e-9;
}

/* Groups that are those of speakers, dealt to them as often as they were there. */
static Deals
deal_to_speakers(const Sample *sample, int n_groups, double gap)
{
	Deals deals = {0};
	int n_all = (int) pow(n_groups, N_SPEAKERS);

	for (int code = 0; code < n_all; code++)
	{
		int32_t of_speaker[N_SPEAKERS], of_row[N_ROWS];
		int counts[MAX_GROUPS] = {0}, rest = code;
		bool is_deal = true;

		for (int speaker = 0; speaker < N_SPEAKERS; speaker++, rest /= n_groups)
			counts[of_speaker[speaker] = rest % n_groups]++;
		for (int group = 0; group < n_groups; group++)
			is_deal = is_deal && counts[group] == N_SPEAKERS / n_groups;
		for (int row = 0; row < N_ROWS; row++)
			of_row[row] = of_speaker[sample->speaker[row]];
		if (is_deal)
			count_deal(sample, of_row, n_groups, gap, &deals);
	}
	return deals;
}

static void
check_by_chance(const EmoGap *gap, Deals deals)
{
	double p = (double) deals.n_as_large / deals.n;

	CHECK_NEAR(gap->by_chance.value, deals.sum / deals.n, 0.01);
	/* Three standard errors of a share of 1000 deals, and the one that is there. */
	CHECK_NEAR(gap->p, p, 0.002 + 3 * sqrt(p * (1 - p) / 1000));
	CHECK(gap->by_chance.low >= 0 && gap->by_chance.low <= gap->by_chance.value);
	CHECK(gap->by_chance.high >= gap->by_chance.value);
}

static int
compare_doubles(const void *a, const void *b)
{
	return *(const double *) a < *(const double *) b ? -1 : 1;
}

/* The same draws of speakers, with figures from scratch. */
static void
check_draws(const Sample *sample, const EmoGap *gap)
{
	double draws[EMO_RESAMPLES];
	EmoRandom random;

	emo_random_seed(&random, EMO_RESAMPLING_SEED);
	for (int draw = 0; draw < EMO_RESAMPLES; draw++)
	{
		int times[N_SPEAKERS] = {0};

		for (int i = 0; i < N_SPEAKERS; i++)
			times[(int) (emo_random_uniform(&random) * N_SPEAKERS)]++;
		draws[draw] = naive_uar(sample, sample->group, gap->best, times) -
					  naive_uar(sample, sample->group, gap->worst, times);
	}
	/* Those that lack a group come last, and don't count. */
	int n = 0;

	for (int i = 0; i < EMO_RESAMPLES; i++)
		if (!isnan(draws[i]))
			draws[n++] = draws[i];
	qsort(draws, n, sizeof(double), compare_doubles);
	CHECK(gap->gap.low >= draws[n / 50] && gap->gap.low <= draws[n / 33]);
	CHECK(gap->gap.high <= draws[n - 1 - n / 50] && gap->gap.high >= draws[n - 1 - n / 33]);
}

/* Each speaker is in one group. */
static void
test_speakers(EmoEnv *env)
{
	for (int n_groups = 2; n_groups <= MAX_GROUPS; n_groups++)
	{
		static Sample sample;
		EmoGroupMeasure measure;
		EmoGap gap, again;

		draw_sample(&sample, n_groups);
		measure = emo_measure_uar(&sample.judged);
		CHECK(emo_estimate_gap(env, &measure, &sample.rows, &gap) == EMO_OK);
		CHECK_NEAR(gap.gap.value, naive_span(&sample, sample.group, n_groups), 1e-12);
		CHECK(gap.best != gap.worst);
		check_draws(&sample, &gap);
		check_by_chance(&gap, deal_to_speakers(&sample, n_groups, gap.gap.value));
		CHECK(emo_estimate_gap(env, &measure, &sample.rows, &again) == EMO_OK);
		CHECK(memcmp(&gap, &again, sizeof(gap)) == 0);
	}
}

/* Each speaker is in both groups: what is dealt stays with the speaker. */
static void
test_crossed(EmoEnv *env)
{
	static Sample sample;
	EmoGroupMeasure measure;
	Deals deals = {0};
	EmoGap gap;

	draw_sample(&sample, 2);
	for (int row = 0; row < N_ROWS; row++)
	{
		sample.group[row] = row / (2 * N_SPEAKERS) % 2;
		/* The one group is better, whoever speaks. */
		if (sample.group[row] == 1 && row % 5 != 0)
			sample.predicted[row] = sample.actual[row];
	}
	measure = emo_measure_uar(&sample.judged);
	CHECK(emo_estimate_gap(env, &measure, &sample.rows, &gap) == EMO_OK);
	CHECK(gap.best == 1 && gap.worst == 0);
	for (int code = 0; code < 1 << N_SPEAKERS; code++)
	{
		int32_t of_row[N_ROWS];

		for (int row = 0; row < N_ROWS; row++)
			of_row[row] = sample.group[row] ^ (code >> sample.speaker[row] & 1);
		count_deal(&sample, of_row, 2, gap.gap.value, &deals);
	}
	check_by_chance(&gap, deals);
	check_draws(&sample, &gap);
}

/* Without speakers, or with one, rows are what is drawn and dealt. */
static void
test_rows(EmoEnv *env)
{
	static Sample sample;
	EmoGroupMeasure measure;
	EmoGap without, of_one;

	draw_sample(&sample, 2);
	measure = emo_measure_uar(&sample.judged);
	sample.rows.speaker = NULL;
	CHECK(emo_estimate_gap(env, &measure, &sample.rows, &without) == EMO_OK);
	CHECK(without.gap.low < without.gap.value && without.gap.value < without.gap.high);
	CHECK(without.p > 0 && without.p <= 1);
	memset(sample.speaker, 0, sizeof(sample.speaker));
	sample.rows.speaker = sample.speaker;
	CHECK(emo_estimate_gap(env, &measure, &sample.rows, &of_one) == EMO_OK);
	CHECK(memcmp(&without, &of_one, sizeof(without)) == 0);
}

/* Rows that aren't compared are of no influence; one group has no gap; equal ones have none. */
static void
test_odd(EmoEnv *env)
{
	static Sample sample;
	EmoGroupMeasure measure;
	EmoGap all, some;

	draw_sample(&sample, 2);
	measure = emo_measure_uar(&sample.judged);
	CHECK(emo_estimate_gap(env, &measure, &sample.rows, &all) == EMO_OK);
	/* As if a third group were there, whose rows are left out. */
	sample.rows.n_groups = 3;
	CHECK(emo_estimate_gap(env, &measure, &sample.rows, &some) == EMO_OK);
	CHECK(memcmp(&all, &some, sizeof(all)) == 0);

	memset(sample.group, 0, sizeof(sample.group));
	CHECK(emo_estimate_gap(env, &measure, &sample.rows, &some) == EMO_OK);
	CHECK(some.best == -1 && some.worst == -1 && isnan(some.gap.value) && isnan(some.p));
	sample.rows.n = 0;
	CHECK(emo_estimate_gap(env, &measure, &sample.rows, &some) == EMO_OK);
	CHECK(isnan(some.gap.value) && isnan(some.by_chance.value));

	draw_sample(&sample, 2);
	sample.judged.predicted = sample.actual;
	CHECK(emo_estimate_gap(env, &measure, &sample.rows, &some) == EMO_OK);
	CHECK(some.gap.value == 0 && some.gap.low == 0 && some.gap.high == 0 && some.p == 1);
	CHECK(some.best != some.worst);
}

/* Numbers far from zero, whose agreement differs between the groups. */
static void
test_ccc(EmoEnv *env)
{
	static Sample sample;
	static double actual[N_ROWS], predicted[N_ROWS];
	double values[2][EMO_N_AGREEMENTS];
	EmoPairs pairs = {actual, predicted, NULL, NULL};
	EmoGroupMeasure measure;
	EmoRandom random;
	EmoGap gap;

	draw_sample(&sample, 2);
	emo_random_seed(&random, 11);
	for (int row = 0; row < N_ROWS; row++)
	{
		actual[row] = 1e6 + emo_random_normal(&random);
		predicted[row] = actual[row] + (sample.group[row] + 0.3) * emo_random_normal(&random);
	}
	measure = emo_measure_ccc(&pairs, N_ROWS);
	CHECK(emo_estimate_gap(env, &measure, &sample.rows, &gap) == EMO_OK);
	for (int group = 0; group < 2; group++)
	{
		EmoAgreement agreement = {0};

		for (int row = 0; row < N_ROWS; row++)
			if (sample.group[row] == group)
				emo_agreement_add(&agreement, actual[row], predicted[row]);
		emo_agreement_metrics(&agreement, values[group]);
	}
	CHECK(gap.best == 0 && gap.worst == 1);
	CHECK_NEAR(gap.gap.value, values[0][EMO_AGREEMENT_CCC] - values[1][EMO_AGREEMENT_CCC], 1e-9);
	CHECK(gap.gap.low < gap.gap.value && gap.gap.value < gap.gap.high);
}

static bool
stop_at_once(void *host)
{
	(void) host;
	return true;
}

static void
test_stop(EmoEnv *env)
{
	static Sample sample;
	EmoGroupMeasure measure;
	UnitHost *host = env->host;
	EmoGap gap;
	int n_failed = 0;

	draw_sample(&sample, 2);
	measure = emo_measure_uar(&sample.judged);
	for (host->allocations_left = 0;
		 emo_estimate_gap(env, &measure, &sample.rows, &gap) == EMO_OUT_OF_MEMORY;
		 host->allocations_left = ++n_failed)
		env->status = EMO_OK;
	CHECK(n_failed > 5 && env->status == EMO_OK);
	host->allocations_left = -1;
	env->should_stop = stop_at_once;
	CHECK(emo_estimate_gap(env, &measure, &sample.rows, &gap) == EMO_CANCELED);
}

int
main(void)
{
	RUN(test_speakers);
	RUN(test_crossed);
	RUN(test_rows);
	RUN(test_odd);
	RUN(test_ccc);
	RUN(test_stop);
	return unit_finish();
}
