/*
 * familiarity.c
 *	  How usual an utterance is, and how probabilities fade.
 */
#include "core/lda/familiarity.h"

#include <math.h>
#include <string.h>

#include "core/base/calibration.h"

/* Further off a feature says no more. */
#define MAX_Z          6.0

#define PLACES_PER_LOG 32

/* Familiarity beyond the outermost quantiles, by deviations: that of a normal falls about as fast. */
#define TAIL_SLOPE 2.5

/*
 * Chosen on recordings of others, German acted emotions being the training: prompts of telephone
 * switches in six languages, dialogues of games, words in Arabic, and EmoDB resynthesised in other
 * voices and places; and on what is known of corpora of others, where such a model is right half as
 * often as among speakers that were held out.  Utterances of held-out speakers must keep what they
 * have: 70 % of them are nearer than this.
 */
#define FADE_FROM         0.5f
#define FADE              1.3f
#define FADE_WITH_PROFILE 0.4f

/* Rows between two looks at whether to stop. */
#define ROWS_PER_STOP_CHECK 1024

static inline double
fourth_power(double feature, double mean, double inverse_deviation)
{
	double z = (feature - mean) * inverse_deviation;
	double square;

	z = isnan(z) ? 0 : z;
	z = z < MAX_Z ? z : MAX_Z;
	z = z > -MAX_Z ? z : -MAX_Z;
	square = z * z;
	return square * square;
}

static double
log_of_sum(double sum, int n_features)
{
	return fmax(log(sum / n_features), EMO_MIN_LOG_DISTANCE);
}

double
emo_log_distance(const float *mean, const float *deviation, const float *features, int n_features)
{
	double sum = 0;

	for (int i = 0; i < n_features; i++)
		sum += deviation[i] > 0 ? fourth_power(features[i], mean[i], 1.0 / deviation[i]) : 0;
	return log_of_sum(sum, n_features);
}

/* Of place i of the quantiles. */
static double
share_at(double place)
{
	return (place + 0.5) / EMO_FAMILIARITY_QUANTILES;
}

float
emo_familiarity_of(const EmoFamiliarity *familiarity, double log_distance)
{
	const float *quantiles = familiarity->log_distances;
	int last = EMO_FAMILIARITY_QUANTILES - 1;
	int low = 0, high = last;

	if (log_distance <= quantiles[0])
		return (float) (1 - share_at(0) * exp(TAIL_SLOPE * (log_distance - quantiles[0]) /
											  familiarity->log_deviation));
	if (log_distance >= quantiles[last])
		return (float) ((1 - share_at(last)) * exp(TAIL_SLOPE * (quantiles[last] - log_distance) /
												   familiarity->log_deviation));
	while (high - low > 1)
	{
		int middle = (low + high) / 2;

		if (quantiles[middle] <= log_distance)
			low = middle;
		else
			high = middle;
	}
	return (float) (1 - share_at(low + (log_distance - quantiles[low]) /
										   ((double) quantiles[high] - quantiles[low])));
}

double
emo_fading_of(const EmoFamiliarity *familiarity, double log_distance, double profile_share)
{
	double off = (log_distance - familiarity->log_mean) / familiarity->log_deviation;
	double slope =
		(1 - profile_share) * familiarity->fade + profile_share * familiarity->fade_with_profile;

	return 1 + slope * fmax(off - familiarity->fade_from, 0);
}

void
emo_count_distance(EmoDistanceCounts *counts, double log_distance)
{
	int place = (int) floor((log_distance - EMO_MIN_LOG_DISTANCE) * PLACES_PER_LOG);

	place = place < 0 ? 0 : place < EMO_DISTANCE_PLACES ? place : EMO_DISTANCE_PLACES - 1;
	counts->counts[place]++;
}

void
emo_merge_distances(EmoDistanceCounts *counts, const EmoDistanceCounts *other)
{
	for (int i = 0; i < EMO_DISTANCE_PLACES; i++)
		counts->counts[i] += other->counts[i];
}

static double
log_distance_at(double place)
{
	return EMO_MIN_LOG_DISTANCE + place / PLACES_PER_LOG;
}

static void
fill_quantiles(const EmoDistanceCounts *counts, int64_t n, EmoFamiliarity *familiarity)
{
	int place = 0;
	double below = 0;

	for (int i = 0; i < EMO_FAMILIARITY_QUANTILES; i++)
	{
		double wanted = share_at(i) * (double) n;

		while (below + (double) counts->counts[place] < wanted)
			below += (double) counts->counts[place++];
		familiarity->log_distances[i] =
			(float) log_distance_at(place + (wanted - below) / (double) counts->counts[place]);
	}
}

bool
emo_familiarity_from_counts(const EmoDistanceCounts *counts, EmoFamiliarity *familiarity)
{
	double sum = 0, square_sum = 0, mean;
	int64_t n = 0;

	for (int i = 0; i < EMO_DISTANCE_PLACES; i++)
	{
		double middle = log_distance_at(i + 0.5);

		n += counts->counts[i];
		sum += (double) counts->counts[i] * middle;
		square_sum += (double) counts->counts[i] * middle * middle;
	}
	if (n < EMO_FAMILIARITY_MIN_ROWS)
		return false;
	mean = sum / (double) n;
	*familiarity = (EmoFamiliarity){
		.log_mean = (float) mean,
		.log_deviation = fmaxf((float) sqrt(fmax(square_sum / (double) n - mean * mean, 0)),
							   EMO_MIN_LOG_DEVIATION),
		.fade_from = FADE_FROM,
		.fade = FADE,
		.fade_with_profile = FADE_WITH_PROFILE};
	fill_quantiles(counts, n, familiarity);
	return true;
}

/* Sums of the features of a fold's rows, less those of a row that stands for all, and of their squares. */
typedef struct FoldSums
{
	double *sum, *square_sum; /* [n_folds + 1][n_features], the last of all rows */
	int64_t *n_rows;          /* [n_folds + 1] */
	const float *origin;      /* [n_features] */
} FoldSums;

static void
add_row(const EmoTrainingSet *set, int64_t row, int place, FoldSums *sums)
{
	size_t n = set->n_features;
	const float *features = set->features + row * n;
	double *sum = sums->sum + place * n, *square_sum = sums->square_sum + place * n;

	for (size_t j = 0; j < n; j++)
	{
		double off = (double) features[j] - sums->origin[j];

		sum[j] += off;
		square_sum[j] += off * off;
	}
	sums->n_rows[place]++;
}

static EmoStatus
sum_folds(EmoEnv *env, const EmoTrainingSet *set, const EmoFolds *folds, FoldSums *sums)
{
	size_t n = set->n_features;

	if ((sums->sum = emo_alloc_zero(env, folds->n_folds + 1, n * sizeof(double))) == NULL ||
		(sums->square_sum = emo_alloc_zero(env, folds->n_folds + 1, n * sizeof(double))) == NULL ||
		(sums->n_rows = emo_alloc_zero(env, folds->n_folds + 1, sizeof(int64_t))) == NULL)
		return env->status;
	sums->origin = set->features;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		if (emo_is_degraded(set, row))
			continue;
		add_row(set, row, folds->n_folds, sums);
		if (folds->fold_of[row] >= 0)
			add_row(set, row, folds->fold_of[row], sums);
	}
	return EMO_OK;
}

/* The population outside a fold. */
static void
population_without(const FoldSums *sums, int fold, int n_folds, int n_features, float *mean,
				   float *deviation)
{
	const double *all = sums->sum + (size_t) n_folds * n_features;
	const double *all_squares = sums->square_sum + (size_t) n_folds * n_features;
	const double *of_fold = sums->sum + (size_t) fold * n_features;
	const double *squares_of_fold = sums->square_sum + (size_t) fold * n_features;
	double n = (double) (sums->n_rows[n_folds] - sums->n_rows[fold]);

	for (int j = 0; j < n_features; j++)
	{
		double off = (all[j] - of_fold[j]) / n;

		mean[j] = (float) (sums->origin[j] + off);
		deviation[j] = (float) sqrt(fmax((all_squares[j] - squares_of_fold[j]) / n - off * off, 0));
	}
}

static EmoStatus
measure_folds(EmoEnv *env, const EmoTrainingSet *set, const EmoFolds *folds, const FoldSums *sums,
			  double *log_distances)
{
	int n = set->n_features;
	float *mean = emo_alloc(env, n, sizeof(float));
	float *deviation = emo_alloc(env, n, sizeof(float));

	if (mean == NULL || deviation == NULL)
		return env->status;
	for (int fold = 0; fold < folds->n_folds; fold++)
	{
		if (sums->n_rows[fold] == sums->n_rows[folds->n_folds])
			continue;
		population_without(sums, fold, folds->n_folds, n, mean, deviation);
		for (int64_t row = 0; row < set->n_rows; row++)
		{
			if (row % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
				return env->status;
			if (folds->fold_of[row] == fold && emo_is_original(set, row))
				log_distances[row] = emo_log_distance(mean, deviation, set->features + row * n, n);
		}
	}
	emo_free(env, deviation);
	emo_free(env, mean);
	return EMO_OK;
}

EmoStatus
emo_held_out_distances(EmoEnv *env, const EmoTrainingSet *set, double *log_distances)
{
	EmoFolds folds;
	FoldSums sums = {0};
	bool by_speaker;

	for (int64_t row = 0; row < set->n_rows; row++)
		log_distances[row] = NAN;
	if (emo_calibration_folds(env, set, &folds, &by_speaker) != EMO_OK)
		return env->status;
	if (folds.n_folds > 0)
	{
		if (sum_folds(env, set, &folds, &sums) != EMO_OK ||
			measure_folds(env, set, &folds, &sums, log_distances) != EMO_OK)
			return env->status;
		emo_free(env, sums.n_rows);
		emo_free(env, sums.square_sum);
		emo_free(env, sums.sum);
	}
	emo_free(env, folds.fold_of);
	return EMO_OK;
}

EmoStatus
emo_count_held_out_distances(EmoEnv *env, const EmoTrainingSet *set, EmoDistanceCounts *counts)
{
	double *log_distances = emo_alloc(env, set->n_rows, sizeof(double));

	if (log_distances == NULL || emo_held_out_distances(env, set, log_distances) != EMO_OK)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		if (!isnan(log_distances[row]))
			emo_count_distance(counts, log_distances[row]);
	emo_free(env, log_distances);
	return EMO_OK;
}
