/*
 * temperature_grid_test.c
 *	  Sums at fixed temperatures say what the rows themselves say.
 */
#include "lda_sample.h"

#include "core/base/calibration.h"
#include "core/base/metrics.h"
#include "core/base/stats.h"
#include "core/base/temperature_grid.h"
#include "core/lda/priors.h"

#define N_CLASSES 3
#define GRID_BYTES                                                                                 \
	(sizeof(EmoTemperatureGrid) + N_CLASSES * (1 + 2 * EMO_GRID_TEMPERATURES) * sizeof(int64_t))

typedef union Grid
{
	EmoTemperatureGrid grid;
	char bytes[GRID_BYTES];
} Grid;

typedef struct Rows
{
	float s[N_CLASSES * MAX_ROWS];
	int32_t label[MAX_ROWS], fold_of[MAX_ROWS];
} Rows;

/* Scores that are as sure as sureness says, and right more often than not. */
static void
make_rows(Rows *rows, double sureness)
{
	uint64_t state = 3;

	for (int row = 0; row < MAX_ROWS; row++)
	{
		double scores[N_CLASSES];

		rows->label[row] = row % 10 < 6 ? 0 : row % 10 < 9 ? 1 : 2;
		rows->fold_of[row] = row % 2;
		for (int c = 0; c < N_CLASSES; c++)
			scores[c] = sureness * (uniform(&state) + (c == rows->label[row] ? 0.3 : 0));
		emo_log_softmax(scores, N_CLASSES, 1, rows->s + N_CLASSES * row);
	}
}

static void
add_rows(const Rows *rows, const double *log_priors, int first, int after, int step, Grid *grid)
{
	emo_temperature_grid_init(&grid->grid, N_CLASSES);
	for (int row = first; row != after; row += step)
		emo_temperature_grid_add(&grid->grid, rows->s + N_CLASSES * row,
								 log_priors == NULL ? NULL
													: log_priors + N_CLASSES * rows->fold_of[row],
								 rows->label[row]);
}

/* As calibrate.c judges them. */
static void
judge_rows(const Rows *rows, const double *log_priors, float temperature, double *uar, double *war,
		   double *macro_f1, double *log_loss)
{
	int64_t confusion[N_CLASSES * N_CLASSES] = {0};

	*log_loss = 0;
	for (int row = 0; row < MAX_ROWS; row++)
	{
		float p[N_CLASSES];

		emo_lda_posteriors(rows->s + N_CLASSES * row, N_CLASSES, temperature,
						   log_priors == NULL ? NULL : log_priors + N_CLASSES * rows->fold_of[row],
						   p);
		*log_loss += emo_log_loss(exp(p[rows->label[row]])) / MAX_ROWS;
		confusion[rows->label[row] * N_CLASSES + emo_argmax(p, N_CLASSES)]++;
	}
	emo_confusion_metrics(confusion, N_CLASSES, uar, war, macro_f1);
}

static void
check_against_rows(EmoEnv *env, double sureness, const double *log_priors)
{
	static Rows rows;
	Grid grid;
	EmoTrainingSet set = {
		.label = rows.label, .n_rows = MAX_ROWS, .n_features = 1, .n_classes = N_CLASSES};
	EmoFolds folds = {MAX_ROWS, 2, rows.fold_of};
	EmoRowScores scores = {MAX_ROWS, N_CLASSES, rows.s};
	EmoGridJudgement judged;
	float expected, temperature;
	double uar, war, macro_f1, log_loss;

	make_rows(&rows, sureness);
	CHECK(emo_temperature_grid_size(N_CLASSES) == GRID_BYTES);
	add_rows(&rows, log_priors, 0, MAX_ROWS, 1, &grid);
	CHECK(emo_fit_temperature(env, &set, &folds, &scores, log_priors, &expected) == EMO_OK);
	temperature = emo_temperature_grid_fit(&grid.grid);
	CHECK_NEAR(temperature / expected, 1, 2e-4);
	judged = emo_temperature_grid_judge(&grid.grid, temperature);
	judge_rows(&rows, log_priors, expected, &uar, &war, &macro_f1, &log_loss);
	CHECK_NEAR(judged.log_loss, log_loss, 1e-5);
	CHECK_NEAR(judged.uar, uar, log_priors == NULL ? 1e-12 : 0.02);
	CHECK_NEAR(judged.war, war, log_priors == NULL ? 1e-12 : 0.02);
	CHECK_NEAR(judged.macro_f1, macro_f1, log_priors == NULL ? 1e-12 : 0.02);
}

static void
test_fit(EmoEnv *env)
{
	const double log_priors[2 * N_CLASSES] = {log(0.8), log(0.15), log(0.05),
											  log(0.6), log(0.3),  log(0.1)};

	for (double sureness = 0.2; sureness < 500; sureness *= 2.3)
	{
		check_against_rows(env, sureness, NULL);
		check_against_rows(env, sureness, log_priors);
	}
}

/* Backwards, and in two parts: the same bits. */
static void
test_merge(EmoEnv *env)
{
	static Rows rows;
	Grid whole, backwards, part, rest;

	(void) env;
	make_rows(&rows, 9);
	add_rows(&rows, NULL, 0, MAX_ROWS, 1, &whole);
	add_rows(&rows, NULL, MAX_ROWS - 1, -1, -1, &backwards);
	CHECK(memcmp(&whole, &backwards, GRID_BYTES) == 0);
	add_rows(&rows, NULL, 0, 17, 1, &part);
	add_rows(&rows, NULL, 17, MAX_ROWS, 1, &rest);
	CHECK(memcmp(&whole, &rest, GRID_BYTES) != 0);
	backwards = rest;
	emo_temperature_grid_merge(&rest.grid, &part.grid);
	CHECK(memcmp(&whole, &rest, GRID_BYTES) == 0);
	emo_temperature_grid_subtract(&rest.grid, &part.grid);
	CHECK(memcmp(&backwards, &rest, GRID_BYTES) == 0);
}

/* The ends of the range, a class that was unknown, and nothing at all. */
static void
test_edges(EmoEnv *env)
{
	Grid grid;
	float s[N_CLASSES] = {-0.1f, -2.5f, EMO_MIN_LOG_POSTERIOR};

	(void) env;
	emo_temperature_grid_init(&grid.grid, N_CLASSES);
	CHECK(emo_temperature_grid_fit(&grid.grid) == 1);
	emo_temperature_grid_add(&grid.grid, s, NULL, 2);
	CHECK(grid.grid.n_rows == 1 && grid.grid.n_counted == 0);
	CHECK(emo_temperature_grid_fit(&grid.grid) == 1);
	CHECK(emo_temperature_grid_judge(&grid.grid, 1).uar == 0);
	CHECK(emo_temperature_grid_judge(&grid.grid, 1).log_loss == emo_log_loss(0));
	emo_temperature_grid_init(&grid.grid, N_CLASSES);
	emo_temperature_grid_add(&grid.grid, s, NULL, 0);
	CHECK(emo_temperature_grid_fit(&grid.grid) == EMO_MIN_TEMPERATURE);
	emo_temperature_grid_init(&grid.grid, N_CLASSES);
	emo_temperature_grid_add(&grid.grid, s, NULL, 1);
	CHECK(emo_temperature_grid_fit(&grid.grid) == EMO_MAX_TEMPERATURE);
}

int
main(void)
{
	RUN(test_fit);
	RUN(test_merge);
	RUN(test_edges);
	return unit_finish();
}
