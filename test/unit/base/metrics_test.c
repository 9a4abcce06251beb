/*
 * metrics_test.c
 *	  Metrics against values worked out by hand and by scikit-learn, and the bootstrap.
 */
#include "unit.h"

#include "core/base/folds.h"
#include "core/base/metrics.h"
#include "core/base/random.h"

static void
test_confusion(EmoEnv *env)
{
	/*
	 * actual    0 0 0 0 1 1 2 2 2, predicted 0 0 1 3 1 0 2 2 2: scikit-learn 1.2 gives balanced
	 * accuracy 0.6666667, accuracy 0.6666667, f1_score(average="macro") 0.5178571.
	 */
	int64_t counts[16] = {2, 1, 0, 1, 1, 1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0};
	int64_t empty[4] = {0};
	double uar, war, f1;

	(void) env;
	emo_confusion_metrics(counts, 4, &uar, &war, &f1);
	CHECK_NEAR(uar, (0.5 + 0.5 + 1) / 3, 1e-12);
	CHECK_NEAR(war, 6.0 / 9, 1e-12);
	CHECK_NEAR(f1, (4.0 / 7 + 0.5 + 1 + 0) / 4, 1e-12);
	emo_confusion_metrics(empty, 2, &uar, &war, &f1);
	CHECK(isnan(uar) && isnan(war) && isnan(f1));
}

static void
test_tally(EmoEnv *env)
{
	int32_t actual[4] = {0, 0, 1, 1}, predicted[4] = {0, 1, 1, 1};
	float confidence[4] = {0.95f, 0.55f, 0.65f, 1.0f};
	float loss[4] = {0.1f, 1, 0.5f, 0};
	EmoJudged judged = {4, 3, actual, predicted, confidence, loss};
	double values[EMO_N_METRICS + 3 * EMO_LABEL_METRICS];
	EmoTally tally;

	CHECK(emo_tally_new(env, 3, &tally) == EMO_OK);
	emo_tally_metrics(&tally, values);
	for (int v = 0; v < emo_metric_count(3); v++)
		CHECK(isnan(values[v]));
	for (int row = 0; row < 4; row++)
		emo_tally_add(&tally, &judged, row);
	emo_tally_metrics(&tally, values);
	CHECK_NEAR(values[EMO_METRIC_UAR], 0.75, 1e-12);
	CHECK_NEAR(values[EMO_METRIC_LOG_LOSS], 0.4, 1e-7);
	/* Bins: 0.95 and 1.0, both right, hold 1.95 for 2; 0.55 for none; 0.65 for one. */
	CHECK_NEAR(values[EMO_METRIC_ECE], (0.05 + 0.55 + 0.35) / 4, 1e-7);
	CHECK_NEAR(values[EMO_N_METRICS + EMO_LABEL_PRECISION], 1, 0);
	CHECK_NEAR(values[EMO_N_METRICS + EMO_LABEL_RECALL], 0.5, 0);
	CHECK_NEAR(values[EMO_N_METRICS + EMO_LABEL_METRICS + EMO_LABEL_F1], 0.8, 1e-12);
	CHECK(isnan(values[EMO_N_METRICS + 2 * EMO_LABEL_METRICS + EMO_LABEL_F1]));
	CHECK_NEAR(emo_log_loss(0), -log(EMO_LEAST_PROBABILITY), 1e-5);
	CHECK_NEAR(emo_log_loss(0.5), log(2), 1e-7);
}

#define N_ROWS 400

/* The interval of a share has the width of the normal approximation, and shared fates widen it. */
static void
test_bootstrap(EmoEnv *env)
{
	static int32_t actual[N_ROWS], predicted[N_ROWS];
	static float ones[N_ROWS];
	static int64_t rows[N_ROWS], each[N_ROWS + 1], tens[N_ROWS / 10 + 1];
	EmoJudged judged = {N_ROWS, 2, actual, predicted, ones, ones};
	double low[11], high[11], again_low[11], again_high[11];

	for (int row = 0; row < N_ROWS; row++)
	{
		actual[row] = row / 10 % 2;
		/* Ten in a row are right or wrong together. */
		predicted[row] = row / 10 % 4 == 0 ? 1 - actual[row] : actual[row];
		ones[row] = 1;
		rows[row] = each[row] = row;
	}
	each[N_ROWS] = N_ROWS;
	for (int unit = 0; unit <= N_ROWS / 10; unit++)
		tens[unit] = unit * 10;
	CHECK(emo_bootstrap(env, &judged, rows, each, N_ROWS, 1000, 1, low, high) == EMO_OK);
	CHECK_NEAR(high[EMO_METRIC_WAR] - low[EMO_METRIC_WAR], 2 * 1.96 * sqrt(0.25 * 0.75 / N_ROWS),
			   0.01);
	CHECK(low[EMO_METRIC_WAR] < 0.75 && high[EMO_METRIC_WAR] > 0.75);
	CHECK(emo_bootstrap(env, &judged, rows, each, N_ROWS, 1000, 1, again_low, again_high) ==
		  EMO_OK);
	CHECK(memcmp(low, again_low, sizeof(low)) == 0 && memcmp(high, again_high, sizeof(high)) == 0);
	CHECK(emo_bootstrap(env, &judged, rows, tens, N_ROWS / 10, 1000, 1, low, high) == EMO_OK);
	CHECK_NEAR(high[EMO_METRIC_WAR] - low[EMO_METRIC_WAR],
			   2 * 1.96 * sqrt(0.25 * 0.75 / (N_ROWS / 10.0)), 0.04);
}

/* One by one, as the book has it. */
static void
draw_plainly(EmoEnv *env, const EmoJudged *judged, const int64_t *rows, const int64_t *start,
			 int n_units, int draw_wanted, uint64_t seed, double *values)
{
	EmoRandom random;
	EmoTally tally;

	CHECK(emo_tally_new(env, judged->n_labels, &tally) == EMO_OK);
	emo_random_seed(&random, seed);
	for (int draw = 0; draw <= draw_wanted; draw++)
	{
		emo_tally_clear(&tally);
		for (int i = 0; i < n_units; i++)
		{
			int unit = (int) (emo_random_uniform(&random) * n_units);

			for (int64_t r = start[unit]; r < start[unit + 1]; r++)
				emo_tally_add(&tally, judged, rows[r]);
		}
	}
	emo_tally_metrics(&tally, values);
}

/* Units that are added up before are drawn as their rows would be; with a single draw it is the interval. */
static void
test_bootstrap_of_sums(EmoEnv *env)
{
	static int32_t actual[N_ROWS], predicted[N_ROWS];
	static float confidence[N_ROWS], loss[N_ROWS];
	static int64_t rows[N_ROWS], start[N_ROWS + 1];
	EmoJudged judged = {N_ROWS, 5, actual, predicted, confidence, loss};
	int rows_of_unit[] = {1, 3, 9};
	double low[20], high[20], plain[20];
	EmoEstimates estimates;
	EmoRecalls recalls;
	EmoRandom random;

	emo_random_seed(&random, 3);
	for (int row = 0; row < N_ROWS; row++)
	{
		actual[row] = (int32_t) (emo_random_uniform(&random) * 4);
		predicted[row] = (int32_t) (emo_random_uniform(&random) * 5);
		confidence[row] = (float) emo_random_uniform(&random);
		loss[row] = (float) emo_random_uniform(&random);
		rows[row] = (row * 7) % N_ROWS;
	}
	for (int size = 0; size < 3; size++)
	{
		int n_units = N_ROWS / rows_of_unit[size];

		for (int unit = 0; unit <= n_units; unit++)
			start[unit] = unit * rows_of_unit[size];
		CHECK(emo_bootstrap(env, &judged, rows, start, n_units, 1, 5, low, high) == EMO_OK);
		draw_plainly(env, &judged, rows, start, n_units, 0, 5, plain);
		for (int v = 0; v < 20; v++)
		{
			CHECK(isnan(low[v]) == isnan(plain[v]));
			CHECK(isnan(plain[v]) || fabs(low[v] - plain[v]) < 1e-12);
			CHECK(isnan(plain[v]) || fabs(high[v] - plain[v]) < 1e-12);
		}
	}
	for (int unit = 0; unit <= 37; unit++)
		start[unit] = unit;
	CHECK(emo_estimate_metrics(env, &judged, rows, start, 37, &estimates) == EMO_OK);
	CHECK(emo_estimate_recalls(env, &judged, rows, 37, &recalls) == EMO_OK);
	CHECK(recalls.uar.value == estimates.value[EMO_METRIC_UAR] &&
		  recalls.uar.low == estimates.low[EMO_METRIC_UAR] &&
		  recalls.uar.high == estimates.high[EMO_METRIC_UAR]);
	CHECK(recalls.war.value == estimates.value[EMO_METRIC_WAR] &&
		  recalls.war.low == estimates.low[EMO_METRIC_WAR] &&
		  recalls.war.high == estimates.high[EMO_METRIC_WAR]);
}

static void
test_folds(EmoEnv *env)
{
	static int32_t label[N_ROWS];
	EmoFolds folds, again;
	const int32_t *fold_of;
	int count[7][3] = {{0}};

	/* 200, 150 and 50 of three classes. */
	for (int i = 0; i < N_ROWS; i++)
		label[i] = i % 8 < 4 ? 0 : i % 8 < 7 ? 1 : 2;
	CHECK(emo_folds_drawn(env, label, N_ROWS, 3, 7, 5, &folds) == EMO_OK);
	CHECK(folds.n_rows == N_ROWS && folds.n_folds == 7);
	fold_of = folds.fold_of;
	for (int i = 0; i < N_ROWS; i++)
		count[fold_of[i]][label[i]]++;
	for (int f = 0; f < 7; f++)
	{
		int all = count[f][0] + count[f][1] + count[f][2];

		CHECK(count[f][0] >= 28 && count[f][0] <= 29);
		CHECK(count[f][1] >= 21 && count[f][1] <= 22);
		CHECK(count[f][2] >= 7 && count[f][2] <= 8);
		CHECK(all >= 57 && all <= 58);
	}
	CHECK(emo_folds_drawn(env, label, N_ROWS, 3, 7, 5, &again) == EMO_OK);
	CHECK(memcmp(fold_of, again.fold_of, N_ROWS * sizeof(int32_t)) == 0);
	CHECK(emo_folds_drawn(env, label, N_ROWS, 3, 7, 6, &again) == EMO_OK);
	CHECK(memcmp(fold_of, again.fold_of, N_ROWS * sizeof(int32_t)) != 0);

	memset(count, 0, sizeof(count));
	CHECK(emo_folds_holdout(env, label, N_ROWS, 3, 0.2, 5, &folds) == EMO_OK);
	CHECK(folds.n_rows == N_ROWS && folds.n_folds == 1);
	fold_of = folds.fold_of;
	for (int i = 0; i < N_ROWS; i++)
		count[fold_of[i] == 0][label[i]]++;
	CHECK(count[1][0] == 40 && count[1][1] == 30 && count[1][2] == 10);

	/* Both sides have something of a class of two, one of one is trained on. */
	for (int i = 0; i < 3; i++)
		label[i] = i / 2;
	for (int extreme = 0; extreme < 2; extreme++)
	{
		CHECK(emo_folds_holdout(env, label, 3, 2, extreme ? 0.999 : 0.001, 5, &folds) == EMO_OK);
		fold_of = folds.fold_of;
		CHECK((fold_of[0] == 0) + (fold_of[1] == 0) == 1);
		CHECK(fold_of[2] == EMO_ALWAYS_TRAINED);
	}
}

/* Classes in another order than labels, a label without a class, equal scores, a row of no fold. */
static void
test_judge(EmoEnv *env)
{
	const float p[12] = {0.2f, 0.5f, 0.3f, 0.4f, 0.4f, 0.2f, 0.1f, 0.1f, 0.8f, 0.6f, 0.2f, 0.2f};
	const int32_t label_of[3] = {3, 0, 1}, actual[4] = {0, 1, 2, 3};
	int32_t fold_of[4] = {0, 1, 1, -1};
	EmoFolds folds = {4, 2, fold_of};
	EmoScores scores = {4, 3, p, false, label_of, &folds};
	float logarithms[12];
	EmoJudged judged, of_logarithms;
	double metrics[EMO_N_METRICS];
	int64_t n;

	CHECK(emo_judge(env, &scores, actual, 4, &judged) == EMO_OK);
	CHECK(judged.n_rows == 4 && judged.n_labels == 4 && judged.actual == actual);
	CHECK(judged.predicted[0] == 0 && judged.predicted[1] == 3 && judged.predicted[2] == 1);
	CHECK(judged.confidence[0] == 0.5f && judged.confidence[1] == 0.4f);
	CHECK_NEAR(judged.loss[0], -log(0.5), 1e-6);
	CHECK_NEAR(judged.loss[1], -log(0.2), 1e-6);
	CHECK_NEAR(judged.loss[2], -log(EMO_LEAST_PROBABILITY), 1e-5);

	for (int i = 0; i < 12; i++)
		logarithms[i] = logf(p[i]);
	scores.score = logarithms;
	scores.are_logarithms = true;
	CHECK(emo_judge(env, &scores, actual, 4, &of_logarithms) == EMO_OK);
	for (int row = 0; row < 3; row++)
	{
		CHECK(of_logarithms.predicted[row] == judged.predicted[row]);
		CHECK_NEAR(of_logarithms.confidence[row], judged.confidence[row], 1e-6);
		CHECK_NEAR(of_logarithms.loss[row], judged.loss[row], 1e-5);
	}

	CHECK(emo_fold_metrics(env, &judged, &folds, -1, metrics, &n) == EMO_OK);
	CHECK(n == 3);
	CHECK_NEAR(metrics[EMO_METRIC_WAR], 1.0 / 3, 1e-12);
	CHECK(emo_fold_metrics(env, &judged, &folds, 1, metrics, &n) == EMO_OK);
	CHECK(n == 2 && metrics[EMO_METRIC_WAR] == 0);
	CHECK(emo_fold_metrics(env, &judged, &folds, 7, metrics, &n) == EMO_OK);
	CHECK(n == 0 && isnan(metrics[EMO_METRIC_UAR]));
}

int
main(void)
{
	RUN(test_confusion);
	RUN(test_tally);
	RUN(test_judge);
	RUN(test_bootstrap);
	RUN(test_bootstrap_of_sums);
	RUN(test_folds);
	return unit_finish();
}
