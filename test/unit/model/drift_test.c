/*
 * drift_test.c
 *	  How far utterances are from a training, against counting and leaving out the long way.
 */
#include "model_sample.h"

#include "core/base/psi.h"
#include "core/base/random.h"
#include "core/model/drift.h"
#include "core/model/format.h"

#define N_UTTERANCES 60

static float coming[N_UTTERANCES * N_FEATURES];

/* Of the rows of the training, moved by so much. */
static void
make_utterances(float moved)
{
	EmoRandom random;

	(void) training_set();
	emo_random_seed(&random, 21);
	for (int i = 0; i < N_UTTERANCES; i++)
	{
		int row = (int) (emo_random_uniform(&random) * N_ROWS);

		for (int f = 0; f < N_FEATURES; f++)
			coming[i * N_FEATURES + f] = features[row * N_FEATURES + f] + moved;
	}
}

static void
add(EmoEnv *env, const EmoDrift *drift, EmoDriftCounts *counts, int i, int part)
{
	EmoUtterance utterance = {.features = coming + i * N_FEATURES};
	float p[N_CLASSES];

	CHECK(emo_model_predict_utterance(env, drift->model, NULL, &utterance, p) == EMO_OK);
	emo_drift_add(drift, &counts->parts[part], &utterance, p, NULL);
}

/* Of all utterances but those of a part, -1: all. */
static EmoDriftCounts *
count_without(EmoEnv *env, const EmoDrift *drift, int without)
{
	EmoDriftCounts *counts;

	CHECK(emo_drift_new_counts(env, drift, &counts) == EMO_OK);
	for (int i = 0; i < N_UTTERANCES; i++)
		if (i % 7 != without)
			add(env, drift, counts, i, i % 7);
	return counts;
}

static EmoDriftItem *
measured(EmoEnv *env, const EmoDrift *drift, const EmoDriftCounts *counts, int64_t n_speakers,
		 int *n)
{
	EmoDriftItem *items;

	CHECK(emo_drift_measure(env, drift, counts, n_speakers, &items, n) == EMO_OK);
	return items;
}

static const EmoDriftItem *
find(const EmoDriftItem *items, int n, EmoDriftScope scope, int which)
{
	for (int i = 0; i < n; i++)
		if (items[i].scope == scope && items[i].which == which)
			return &items[i];
	return NULL;
}

static double
naive_psi(const EmoModel *model)
{
	double psi = 0;

	for (int f = 0; f < N_FEATURES; f++)
	{
		double counts[EMO_N_CELLS] = {0}, shares[EMO_N_CELLS];

		for (int i = 0; i < N_UTTERANCES; i++)
			counts[emo_cell_of(coming[i * N_FEATURES + f], model->population_mean[f],
							   model->population_deviation[f])]++;
		emo_shares_of_units(model->cells->units + f * (EMO_N_CELLS - 1), shares);
		for (int c = 0; c < EMO_N_CELLS; c++)
		{
			double found = (counts[c] + shares[c]) / (N_UTTERANCES + 1);

			psi += (found - shares[c]) * log(found / shares[c]) / N_FEATURES;
		}
	}
	return psi;
}

static void
test_numbers(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	EmoDrift drift;
	EmoDriftItem *items;
	const EmoDriftItem *all, *top, *mean;
	double sure = 0, familiarity = 0, predicted[N_CLASSES] = {0};
	int n;

	make_utterances(0.3f);
	CHECK(emo_drift_begin(env, &model, 0, 0, &drift) == EMO_OK && drift.n_groups == 1);
	items = measured(env, &drift, count_without(env, &drift, -1), 0, &n);
	CHECK(n == 2 + 3 + 3 + 1 + N_CLASSES);
	all = find(items, n, EMO_DRIFT_FEATURES, EMO_DRIFT_DISTRIBUTION);
	CHECK(all->is_psi && isnan(all->in_training) && all->worst >= 0);
	CHECK_NEAR(all->now, naive_psi(&model), 1e-12);
	CHECK_NEAR(find(items, n, EMO_DRIFT_FEATURES, 0)->now, all->now, 1e-12);
	for (int i = 0; i < N_UTTERANCES; i++)
	{
		EmoUtterance utterance = {.features = coming + i * N_FEATURES};
		float p[N_CLASSES];
		int best = 0;

		predict_features(env, &model, utterance.features, NULL, p);
		for (int c = 1; c < N_CLASSES; c++)
			best = p[c] > p[best] ? c : best;
		predicted[best] += 1.0 / N_UTTERANCES;
		sure += p[best] / N_UTTERANCES;
		familiarity += emo_model_familiarity(&model, &utterance) / N_UTTERANCES;
	}
	top = find(items, n, EMO_DRIFT_CERTAINTY, EMO_DRIFT_MEAN);
	CHECK_NEAR(top->now, sure, 1e-6);
	CHECK(top->in_training == model.certainty->top_probability && !top->is_psi);
	mean = find(items, n, EMO_DRIFT_FAMILIARITY, EMO_DRIFT_MEAN);
	CHECK_NEAR(mean->now, familiarity, 1e-6);
	CHECK(mean->in_training == 0.5);
	for (int c = 0; c < N_CLASSES; c++)
		CHECK_NEAR(find(items, n, EMO_DRIFT_PREDICTED, c)->now, predicted[c], 1e-12);
}

/* Delete-a-group jackknife, by measuring anew without each group. */
static void
test_intervals(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	EmoDrift drift;
	EmoDriftItem *items, *without[7];
	int n;

	make_utterances(1);
	CHECK(emo_drift_begin(env, &model, 0, 0, &drift) == EMO_OK);
	items = measured(env, &drift, count_without(env, &drift, -1), 5, &n);
	for (int part = 0; part < 7; part++)
		without[part] = measured(env, &drift, count_without(env, &drift, part), 5, &n);
	for (int i = 0; i < n; i++)
	{
		double mean_without = 0, squares = 0, centre, half;

		for (int part = 0; part < 7; part++)
			mean_without += without[part][i].now / 7;
		for (int part = 0; part < 7; part++)
			squares +=
				(without[part][i].now - mean_without) * (without[part][i].now - mean_without);
		/* Student's t of 6 degrees of freedom. */
		half = 2.447 * sqrt(6.0 / 7 * squares);
		centre = items[i].is_psi ? items[i].now - items[i].by_chance : items[i].now;
		CHECK_NEAR(items[i].high, items[i].is_psi ? centre + half : fmin(1, centre + half), 1e-9);
		CHECK_NEAR(items[i].low, items[i].is_psi ? centre - half : fmax(0, centre - half), 1e-9);
		CHECK(!items[i].is_psi || items[i].by_chance > 0);
	}
}

static void
test_words(EmoEnv *env)
{
	EmoDriftItem item = {.is_psi = true, .low = 0.09};

	(void) env;
	CHECK(strcmp(emo_drift_word(&item), "none") == 0);
	item.low = EMO_PSI_MODERATE;
	CHECK(strcmp(emo_drift_word(&item), "moderate") == 0);
	item.low = EMO_PSI_LARGE;
	CHECK(strcmp(emo_drift_word(&item), "large") == 0);
	item.low = NAN;
	CHECK(emo_drift_word(&item) == NULL);
	item = (EmoDriftItem){.low = 1};
	CHECK(emo_drift_word(&item) == NULL);
}

/* More speakers, and more recordings, are nearer by chance; nothing is known of how one part differs. */
static void
test_chance(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	EmoDriftCounts *one, *all, *twice;
	EmoDrift drift;
	int n;
	double of_one, of_five, of_all, of_twice;

	make_utterances(0);
	CHECK(emo_drift_begin(env, &model, 0, 0, &drift) == EMO_OK);
	all = count_without(env, &drift, -1);
	twice = count_without(env, &drift, -1);
	emo_drift_merge(&drift, twice, all);
	CHECK(emo_drift_count(all) == N_UTTERANCES && emo_drift_count(twice) == 2 * N_UTTERANCES);
	of_one = measured(env, &drift, all, 1, &n)[0].by_chance;
	of_five = measured(env, &drift, all, 5, &n)[0].by_chance;
	of_all = measured(env, &drift, all, 0, &n)[0].by_chance;
	of_twice = measured(env, &drift, twice, 0, &n)[0].by_chance;
	CHECK_NEAR(of_one - of_five, model.cells->spread[0] * 0.8, 1e-9);
	CHECK_NEAR(of_five - of_all, model.cells->spread[0] * (1.0 / 5 - 1.0 / N_UTTERANCES), 1e-9);
	CHECK(of_twice < of_all && of_twice > 0);
	CHECK(emo_drift_new_counts(env, &drift, &one) == EMO_OK);
	for (int i = 0; i < N_UTTERANCES; i++)
		add(env, &drift, one, i, 3);
	CHECK(isnan(measured(env, &drift, one, 1, &n)[0].low));
	CHECK_NEAR(measured(env, &drift, one, 1, &n)[0].now, measured(env, &drift, all, 1, &n)[0].now,
			   1e-12);
}

/* By means and deviations, where no more is known. */
static void
test_moments(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	EmoDrift drift;
	EmoDriftItem *items;
	double naive = 0;
	int n;

	make_utterances(0.7f);
	model.cells = NULL;
	model.certainty = NULL;
	CHECK(emo_drift_begin(env, &model, 36, 4, &drift) == EMO_OK);
	items = measured(env, &drift, count_without(env, &drift, -1), 0, &n);
	for (int f = 0; f < N_FEATURES; f++)
	{
		double mean = 0, square = 1, variance;

		for (int i = 0; i < N_UTTERANCES; i++)
		{
			double z = ((double) coming[i * N_FEATURES + f] - model.population_mean[f]) /
					   model.population_deviation[f];

			z = fmax(-6, fmin(6, z));
			mean += z;
			square += z * z;
		}
		mean /= N_UTTERANCES + 1;
		variance = square / (N_UTTERANCES + 1) - mean * mean;
		/* KL(p | q) + KL(q | p) of normals, one of them the standard one. */
		naive += (0.5 * (variance + mean * mean - 1 - log(variance)) +
				  0.5 * ((1 + mean * mean) / variance - 1 + log(variance))) /
				 N_FEATURES;
	}
	CHECK_NEAR(find(items, n, EMO_DRIFT_FEATURES, EMO_DRIFT_DISTRIBUTION)->now, naive, 1e-9);
	CHECK(isnan(find(items, n, EMO_DRIFT_CERTAINTY, EMO_DRIFT_DISTRIBUTION)->now));
	CHECK(isnan(find(items, n, EMO_DRIFT_CERTAINTY, EMO_DRIFT_MEAN)->in_training));
	CHECK(!isnan(find(items, n, EMO_DRIFT_CERTAINTY, EMO_DRIFT_MEAN)->now));
}

/* What a model can't hold is neither written nor read. */
static void
test_damaged(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	EmoCells good = *model.cells;
	EmoCertainty sure = *model.certainty;
	float *units = model.cells->units;
	const float kept = units[0], first_bin = sure.bins[0];
	const EmoCells bad_cells[] = {
		{0, 4, 1, good.spread, units},   {36, 37, 1, good.spread, units},
		{36, -1, 1, good.spread, units}, {NAN, 4, 1, good.spread, units},
		{36, 4, 0, good.spread, units},  {36, 4, EMO_MAX_CELL_GROUPS + 1, good.spread, units}};
	const float bad_units[] = {-1, 0.5f, 256, NAN, INFINITY};

	CHECK(emo_model_check(env, &model) == EMO_OK);
	for (size_t i = 0; i < sizeof(bad_cells) / sizeof(bad_cells[0]); i++)
	{
		*model.cells = bad_cells[i];
		CHECK(emo_model_check(env, &model) == EMO_CORRUPTED);
	}
	*model.cells = good;
	for (size_t i = 0; i < sizeof(bad_units) / sizeof(bad_units[0]); i++)
	{
		units[0] = bad_units[i];
		CHECK(emo_model_check(env, &model) == EMO_CORRUPTED);
	}
	units[0] = 255;
	units[1] = 1;
	CHECK(emo_model_check(env, &model) == EMO_CORRUPTED);
	units[1] = units[2] = units[3] = 0;
	CHECK(emo_model_check(env, &model) == EMO_OK);
	units[0] = kept;
	model.certainty->bins[0] = first_bin + 0.5f;
	CHECK(emo_model_check(env, &model) == EMO_CORRUPTED);
	*model.certainty = sure;
	model.certainty->top_probability = 1.5f;
	CHECK(emo_model_check(env, &model) == EMO_CORRUPTED);
	*model.certainty = sure;
	model.certainty->predicted[1] = NAN;
	CHECK(emo_model_check(env, &model) == EMO_CORRUPTED);
}

/* What held-out rows were told without their fold is nearer to chance than what they are told by the model itself. */
static void
test_held_out(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	EmoTrainingSet set = training_set();
	double in_sample = 0;

	CHECK(model.certainty != NULL && model.certainty->n_rows == N_ROWS);
	for (int row = 0; row < N_ROWS; row++)
	{
		float p[N_CLASSES];
		int best = 0;

		predict_features(env, &model, set.features + row * N_FEATURES, NULL, p);
		for (int c = 1; c < N_CLASSES; c++)
			best = p[c] > p[best] ? c : best;
		in_sample += p[best] / N_ROWS;
	}
	CHECK(fabs(in_sample - model.certainty->top_probability) > 1e-4);
	CHECK(model.cells->n_rows == N_ROWS && model.cells->n_speakers == 4);
}

int
main(void)
{
	RUN(test_numbers);
	RUN(test_intervals);
	RUN(test_words);
	RUN(test_chance);
	RUN(test_moments);
	RUN(test_damaged);
	RUN(test_held_out);
	return unit_finish();
}
