/*
 * cells_test.c
 *	  How the features of a training are spread, against sorting and counting; and how sure a model was.
 */
#include "unit.h"

#include "core/base/psi.h"
#include "core/base/random.h"
#include "core/lda/cells.h"
#include "core/lda/certainty.h"
#include "core/lda/profiled_rows.h"

#define N_SPEAKERS  12
#define PER_SPEAKER 30
#define N_ROWS      (2 * N_SPEAKERS * PER_SPEAKER)
#define N_FEATURES  6
#define N_CLASSES   3

static float features[N_ROWS * N_FEATURES];
static int32_t label[N_ROWS], speaker[N_ROWS], recording[N_ROWS], copy_kind[N_ROWS];
static int32_t group_of[N_FEATURES] = {0, 0, 1, 1, 1, 1};

static float
normal(EmoRandom *random)
{
	float sum = 0;

	for (int i = 0; i < 12; i++)
		sum += (float) emo_random_uniform(random);
	return sum - 6;
}

/*
 * Each recording and a copy of it.  Features: two that tell speakers apart, one that doesn't, a skewed one,
 * one that is mostly 0, and one that never varies.
 */
static EmoTrainingSet
make_set(float between_speakers)
{
	EmoRandom random;

	emo_random_seed(&random, 3);
	for (int row = 0; row < N_ROWS; row++)
	{
		float *of_row = features + row * N_FEATURES, voice;

		recording[row] = row / 2;
		copy_kind[row] = row % 2;
		speaker[row] = row / 2 / PER_SPEAKER;
		label[row] = row / 2 % N_CLASSES;
		voice = between_speakers * (float) sin(5 * speaker[row]);
		of_row[0] = voice + normal(&random);
		of_row[1] = -2 * voice + normal(&random);
		of_row[2] = 7 + normal(&random);
		of_row[3] = expf(normal(&random));
		of_row[4] = fmaxf(0, normal(&random) - 0.5f);
		of_row[5] = 4;
		for (int i = 0; copy_kind[row] > 0 && i < N_FEATURES; i++)
			of_row[i] += 0.5f;
	}
	return (EmoTrainingSet){.features = features,
							.label = label,
							.speaker = speaker,
							.recording = recording,
							.copy_kind = copy_kind,
							.n_rows = N_ROWS,
							.n_features = N_FEATURES,
							.n_classes = N_CLASSES,
							.n_speakers = N_SPEAKERS};
}

static void
test_cell_of(EmoEnv *env)
{
	static const float z[] = {-9, -0.85f, -0.84f, -0.26f, -0.25f, 0, 0.25f, 0.26f, 0.84f, 0.85f, 9};
	static const int cell[] = {0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4};

	(void) env;
	for (size_t i = 0; i < sizeof(cell) / sizeof(cell[0]); i++)
		CHECK(emo_cell_of(100 + 4 * z[i], 100, 4) == cell[i]);
	CHECK(emo_cell_of(3, 3, 0) == 2 && emo_cell_of(2, 3, 0) == 0 && emo_cell_of(4, 3, 0) == 4);
	CHECK(emo_cell_of(3e38f, -3e38f, 1e-30f) == 4 && emo_cell_of(-3e38f, 3e38f, 3e38f) == 0);
}

static void
test_units(EmoEnv *env)
{
	EmoRandom random;

	(void) env;
	emo_random_seed(&random, 8);
	for (int i = 0; i < 1000; i++)
	{
		int64_t counts[EMO_N_CELLS], n = 0;
		float units[EMO_N_CELLS - 1];
		double shares[EMO_N_CELLS], sum = 0, used = 0;

		for (int c = 0; c < EMO_N_CELLS; c++)
		{
			counts[c] = emo_random_uniform(&random) < 0.3
							? 0
							: (int64_t) (emo_random_uniform(&random) * (i < 500 ? 9 : 1e12));
			n += counts[c];
		}
		counts[0] += n == 0;
		n += n == 0;
		emo_units_of_counts(counts, units);
		emo_shares_of_units(units, shares);
		for (int c = 0; c < EMO_N_CELLS; c++)
		{
			CHECK(shares[c] > 0 && shares[c] < 1);
			/* Half a unit at each end, and what is added so that none is impossible. */
			CHECK_NEAR(shares[c], (double) counts[c] / (double) n, 2.6 / EMO_CELL_UNITS);
			sum += shares[c];
		}
		for (int c = 0; c < EMO_N_CELLS - 1; c++)
		{
			CHECK(units[c] >= 0 && units[c] == floorf(units[c]));
			used += units[c];
		}
		CHECK(used <= EMO_CELL_UNITS);
		CHECK_NEAR(sum, 1, 1e-12);
	}
}

static int
compare(const void *a, const void *b)
{
	float x = *(const float *) a, y = *(const float *) b;

	return (x > y) - (x < y);
}

/* Shares below each cut, from the sorted recordings. */
static void
test_against_sort(EmoEnv *env)
{
	static const double z[] = {-0.841621, -0.253347, 0.253347, 0.841621};
	EmoTrainingSet set = make_set(2);
	float *mean, *deviation, sorted[N_ROWS / 2];
	EmoCells *cells;

	CHECK(emo_measure_population(env, &set, &mean, &deviation) == EMO_OK);
	CHECK(emo_measure_cells(env, &set, mean, deviation, group_of, 2, &cells) == EMO_OK);
	CHECK(cells->n_rows == N_ROWS / 2 && cells->n_speakers == N_SPEAKERS && cells->n_groups == 2);
	for (int i = 0; i < N_FEATURES - 1; i++)
	{
		double below = 0;

		for (int row = 0; row < N_ROWS; row += 2)
			sorted[row / 2] = features[row * N_FEATURES + i];
		qsort(sorted, N_ROWS / 2, sizeof(float), compare);
		for (int c = 0; c < EMO_N_CELLS - 1; c++)
		{
			int n = 0;

			while (n < N_ROWS / 2 && sorted[n] < mean[i] + z[c] * deviation[i])
				n++;
			below += cells->units[i * (EMO_N_CELLS - 1) + c];
			CHECK_NEAR(below, round((double) n / (N_ROWS / 2) * EMO_CELL_UNITS), 0);
		}
	}
	/* What never varied is in the middle; its copies moved the mean only. */
	CHECK(cells->spread[0] > 5 * cells->spread[1] && cells->spread[0] > 0.2);
}

/* Halves of one population are as far apart as chance says; what is moved is much farther. */
static void
test_psi_of_features(EmoEnv *env)
{
	EmoTrainingSet set = make_set(0);
	float *mean, *deviation;
	EmoCells *cells;
	EmoCellChance here, there;
	EmoRandom random;
	double psi = 0, chance = 0, moved = 0, flipped[EMO_N_CELLS] = {0};
	const int n = 100, n_draws = 300;

	CHECK(emo_measure_population(env, &set, &mean, &deviation) == EMO_OK);
	CHECK(emo_measure_cells(env, &set, mean, deviation, group_of, 2, &cells) == EMO_OK);
	emo_fill_chance(n, &here);
	emo_fill_chance((int64_t) cells->n_rows, &there);
	emo_random_seed(&random, 77);
	for (int i = 0; i < 3; i++)
	{
		const float *units = cells->units + (i == 0 ? 0 : 4 * (i + 1));
		int feature = i == 0 ? 0 : i + 1;

		chance += emo_chance_of_feature(&here, units) + emo_chance_of_feature(&there, units);
		for (int draw = 0; draw < n_draws; draw++)
		{
			double counts[EMO_N_CELLS] = {0}, counts_moved[EMO_N_CELLS] = {0};

			for (int row = 0; row < n; row++)
			{
				float value = i < 2 ? normal(&random) : expf(normal(&random));

				value += i == 1 ? 7 : 0;
				counts[emo_cell_of(value, mean[feature], deviation[feature])]++;
				counts_moved[emo_cell_of(value + deviation[feature], mean[feature],
										 deviation[feature])]++;
			}
			psi += emo_psi_of_feature(counts, n, units) / n_draws;
			moved += emo_psi_of_feature(counts_moved, n, units) / n_draws;
		}
	}
	/* One training is one draw of its own chance. */
	CHECK_NEAR(psi, chance, 0.5 * chance);
	CHECK(moved / 3 > 0.6);
	CHECK(cells->spread[0] < 0.05 && cells->spread[1] < 0.05);

	/* A feature's PSI is the sum over its cells. */
	flipped[0] = 10;
	flipped[4] = 30;
	{
		double shares[EMO_N_CELLS], naive = 0;

		emo_shares_of_units(cells->units, shares);
		for (int c = 0; c < EMO_N_CELLS; c++)
		{
			double found = (flipped[c] + shares[c]) / 41;

			naive += (found - shares[c]) * log(found / shares[c]);
		}
		CHECK_NEAR(emo_psi_of_feature(flipped, 40, cells->units), naive, 1e-12);
	}
}

/* Without speakers there is no spread; of few recordings nothing is said. */
static void
test_little(EmoEnv *env)
{
	EmoTrainingSet set = make_set(2);
	float *mean, *deviation;
	EmoCells *cells;

	CHECK(emo_measure_population(env, &set, &mean, &deviation) == EMO_OK);
	set.speaker = NULL;
	CHECK(emo_measure_cells(env, &set, mean, deviation, group_of, 2, &cells) == EMO_OK);
	CHECK(cells->n_speakers == 0 && cells->spread[0] == 0 && cells->spread[1] == 0);
	set.n_rows = 2 * (EMO_CELLS_MIN_ROWS - 1);
	CHECK(emo_measure_cells(env, &set, mean, deviation, group_of, 2, &cells) == EMO_OK);
	CHECK(cells == NULL);
}

static void
test_certainty(EmoEnv *env)
{
	static const float p[3][N_CLASSES] = {{0.25f, 0.5f, 0.25f}, {1, 0, 0}, {0.05f, 0.05f, 0.9f}};
	int64_t predicted[N_CLASSES] = {0}, others[N_CLASSES] = {0};
	EmoCertaintySums sums = {.predicted = predicted}, rest = {.predicted = others};
	EmoCertainty *certainty;

	CHECK(emo_certainty_of_sums(env, &sums, N_CLASSES, &certainty) == EMO_OK && certainty == NULL);
	for (int i = 0; i < 30; i++)
		emo_certainty_add(i < 11 ? &sums : &rest, p[i % 3], N_CLASSES);
	emo_certainty_merge(&sums, &rest, N_CLASSES);
	CHECK(emo_certainty_of_sums(env, &sums, N_CLASSES, &certainty) == EMO_OK);
	CHECK(certainty->n_rows == 30);
	CHECK_NEAR(certainty->top_probability, (0.5 + 1 + 0.9) / 3, 1e-6);
	CHECK_NEAR(certainty->entropy,
			   (0.5 * log(4) + 0.5 * log(2) - 0.1 * log(0.05) - 0.9 * log(0.9)) / 3 / log(3), 1e-6);
	CHECK_NEAR(certainty->bins[5], 1.0 / 3, 1e-6);
	CHECK_NEAR(certainty->bins[9], 1.0 / 3 + (certainty->bins[8] > 0 ? 0 : 1.0 / 3), 1e-6);
	for (int c = 0; c < N_CLASSES; c++)
		CHECK_NEAR(certainty->predicted[c], 1.0 / 3, 1e-6);
}

int
main(void)
{
	RUN(test_cell_of);
	RUN(test_units);
	RUN(test_against_sort);
	RUN(test_psi_of_features);
	RUN(test_little);
	RUN(test_certainty);
	return unit_finish();
}
