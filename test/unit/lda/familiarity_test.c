/*
 * Distances of utterances to the training population, what is usual among held-out ones, and fading.
 */
#include "unit.h"

#include "core/base/random.h"
#include "core/lda/familiarity.h"
#include "core/model/model.h"

#define N_SPEAKERS  8
#define PER_SPEAKER 40
#define N_ROWS      (N_SPEAKERS * PER_SPEAKER)
#define N_FEATURES  30
#define N_CLASSES   3

static float features[N_ROWS * N_FEATURES];
static int32_t label[N_ROWS], speaker[N_ROWS];
static const char *labels[N_CLASSES] = {"a", "b", "c"};

static float
noise(EmoRandom *random)
{
	float sum = 0;

	for (int i = 0; i < 4; i++)
		sum += emo_random_noise(random);
	return sum;
}

static EmoTrainingSet
make_set(void)
{
	EmoRandom random;

	emo_random_seed(&random, 5);
	for (int row = 0; row < N_ROWS; row++)
	{
		float loudness = 1 + 0.3f * noise(&random);

		speaker[row] = row / PER_SPEAKER;
		label[row] = row % N_CLASSES;
		for (int i = 0; i < N_FEATURES; i++)
			features[row * N_FEATURES + i] = 100 + (float) (label[row] == i % N_CLASSES) +
											 0.3f * (float) sin(speaker[row] * 3 + i) +
											 loudness * noise(&random);
	}
	return (EmoTrainingSet){.features = features,
							.label = label,
							.speaker = speaker,
							.n_rows = N_ROWS,
							.n_features = N_FEATURES,
							.n_classes = N_CLASSES,
							.n_speakers = N_SPEAKERS};
}

static void
test_distance(EmoEnv *env)
{
	float mean[4] = {1, -2, 3, 0}, deviation[4] = {2, 0.5f, 0, 1};
	float row[4] = {5, -2.25f, 1000, -50};

	(void) env;
	/* z is 2, -0.5, of no deviation, and clipped at 6. */
	CHECK_NEAR(emo_log_distance(mean, deviation, row, 4), log((16 + 0.0625 + 0 + 1296) / 4), 1e-12);
	CHECK_NEAR(emo_log_distance(mean, deviation, mean, 4), EMO_MIN_LOG_DISTANCE, 0);
	row[0] = NAN;
	row[3] = INFINITY;
	CHECK_NEAR(emo_log_distance(mean, deviation, row, 4), log((0.0625 + 1296) / 4), 1e-12);
}

/* The distances of held-out rows, made the long way: a fold for each speaker. */
static void
naive_distances(const EmoTrainingSet *set, double *distances)
{
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		float mean[N_FEATURES], deviation[N_FEATURES];

		for (int i = 0; i < N_FEATURES; i++)
		{
			double sum = 0, square_sum = 0, n = 0;

			for (int64_t other = 0; other < set->n_rows; other++)
				if (set->speaker[other] != set->speaker[row])
				{
					sum += set->features[other * N_FEATURES + i];
					n++;
				}
			for (int64_t other = 0; other < set->n_rows; other++)
				if (set->speaker[other] != set->speaker[row])
					square_sum += pow(set->features[other * N_FEATURES + i] - sum / n, 2);
			mean[i] = (float) (sum / n);
			deviation[i] = (float) sqrt(square_sum / n);
		}
		distances[row] =
			emo_log_distance(mean, deviation, set->features + row * N_FEATURES, N_FEATURES);
	}
}

static void
test_held_out_distances(EmoEnv *env)
{
	EmoTrainingSet set = make_set();
	EmoDistanceCounts counts = {{0}}, naive = {{0}};
	double distances[N_ROWS];
	EmoFamiliarity familiarity;
	int64_t n = 0, n_off = 0;
	int n_below[4] = {0};

	CHECK(emo_count_held_out_distances(env, &set, &counts) == EMO_OK);
	naive_distances(&set, distances);
	for (int row = 0; row < N_ROWS; row++)
		emo_count_distance(&naive, distances[row]);
	for (int i = 0; i < EMO_DISTANCE_PLACES; i++)
	{
		n += counts.counts[i];
		n_off += llabs(counts.counts[i] - naive.counts[i]);
	}
	CHECK(n == N_ROWS);
	/* Means in float may put a row into the next place. */
	CHECK(n_off <= 4);

	/* Familiarity of held-out rows is spread evenly. */
	CHECK(emo_familiarity_from_counts(&counts, &familiarity));
	for (int row = 0; row < N_ROWS; row++)
	{
		float usual = emo_familiarity_of(&familiarity, distances[row]);

		CHECK(usual >= 0 && usual <= 1);
		n_below[0] += usual < 0.1f;
		n_below[1] += usual < 0.25f;
		n_below[2] += usual < 0.5f;
		n_below[3] += usual < 0.9f;
	}
	CHECK_NEAR(n_below[0], 0.1 * N_ROWS, 3);
	CHECK_NEAR(n_below[1], 0.25 * N_ROWS, 5);
	CHECK_NEAR(n_below[2], 0.5 * N_ROWS, 8);
	CHECK_NEAR(n_below[3], 0.9 * N_ROWS, 5);
}

static void
test_merging(EmoEnv *env)
{
	EmoDistanceCounts all = {{0}}, odd = {{0}}, even = {{0}};

	(void) env;
	for (int i = 0; i < 100; i++)
	{
		double distance = -12 + 0.25 * i;

		emo_count_distance(&all, distance);
		emo_count_distance(i % 2 ? &odd : &even, distance);
	}
	emo_merge_distances(&odd, &even);
	CHECK(memcmp(&odd, &all, sizeof(all)) == 0);
}

static void
test_few_rows(EmoEnv *env)
{
	EmoDistanceCounts counts = {{0}};
	EmoFamiliarity familiarity;

	(void) env;
	for (int i = 0; i < EMO_FAMILIARITY_MIN_ROWS - 1; i++)
		emo_count_distance(&counts, 1);
	CHECK(!emo_familiarity_from_counts(&counts, &familiarity));
	emo_count_distance(&counts, 1);
	CHECK(emo_familiarity_from_counts(&counts, &familiarity));
	/* All alike: still finite, and in order. */
	CHECK(familiarity.log_deviation >= EMO_MIN_LOG_DEVIATION);
	CHECK(emo_familiarity_of(&familiarity, 0.9) > 0.99f);
	CHECK(emo_familiarity_of(&familiarity, 1.2) < 0.01f);
}

static void
test_monotone(EmoEnv *env)
{
	EmoTrainingSet set = make_set();
	EmoDistanceCounts counts = {{0}};
	EmoFamiliarity familiarity;
	float last = 1;
	double last_fading = 1;

	CHECK(emo_count_held_out_distances(env, &set, &counts) == EMO_OK);
	CHECK(emo_familiarity_from_counts(&counts, &familiarity));
	for (double distance = EMO_MIN_LOG_DISTANCE; distance < EMO_MAX_LOG_DISTANCE; distance += 0.01)
	{
		float usual = emo_familiarity_of(&familiarity, distance);
		double fading = emo_fading_of(&familiarity, distance, 0);

		CHECK(usual <= last && usual >= 0);
		CHECK(fading >= last_fading);
		CHECK(emo_fading_of(&familiarity, distance, 1) <= fading);
		last = usual;
		last_fading = fading;
	}
	CHECK(last < EMO_UNFAMILIAR);
	CHECK_NEAR(emo_fading_of(&familiarity, familiarity.log_mean, 0), 1, 0);
}

/* Whatever is far off comes to equal probabilities, and the most likely class stays the same. */
static void
test_prediction(EmoEnv *env)
{
	EmoTrainingSet set = make_set();
	EmoLdaOptions options = emo_lda_default_options();
	EmoModel model = {.labels = labels, .options = "{}", .feature_settings = "{}"};
	float row[N_FEATURES], largest = 1;
	EmoUtterance utterance = {.features = row};

	CHECK(emo_model_train_lda(env, &set, &options, true, &model) == EMO_OK);
	CHECK(model.familiarity != NULL);
	for (double off = 0; off < 100; off += 2)
	{
		float probabilities[N_CLASSES], plain[N_CLASSES];
		EmoFamiliarity *familiarity = model.familiarity;

		for (int i = 0; i < N_FEATURES; i++)
			row[i] = 101 + (float) (i % N_CLASSES == 1) + (i % 2 ? 1 : -1) * (float) off;
		CHECK(emo_model_predict_utterance(env, &model, NULL, &utterance, probabilities) == EMO_OK);
		CHECK_NEAR(probabilities[0] + probabilities[1] + probabilities[2], 1, 1e-6);
		model.familiarity = NULL;
		CHECK(isnan(emo_model_familiarity(&model, &utterance)));
		CHECK(emo_model_predict_utterance(env, &model, NULL, &utterance, plain) == EMO_OK);
		model.familiarity = familiarity;
		for (int c = 0; c < N_CLASSES; c++)
			for (int other = 0; other < N_CLASSES; other++)
				CHECK(!(plain[c] > plain[other]) || probabilities[c] >= probabilities[other]);
		largest = fmaxf(fmaxf(probabilities[0], probabilities[1]), probabilities[2]);
	}
	CHECK(largest < 0.6f);
	CHECK(emo_model_familiarity(&model, &utterance) < EMO_UNFAMILIAR);
}

int
main(void)
{
	RUN(test_distance);
	RUN(test_held_out_distances);
	RUN(test_merging);
	RUN(test_few_rows);
	RUN(test_monotone);
	RUN(test_prediction);
	return unit_finish();
}
