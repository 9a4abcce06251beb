/*
 * adapt.c
 *	  The profile of a collection, and how far it is to be relied on.
 */
#include "core/model/adapt.h"

#include <math.h>
#include <string.h>

#include "core/base/stats.h"

#define ROWS_PER_STOP_CHECK 64

/* As of a model that knows its speakers, where nothing is known of it. */
#define USUAL_CERTAINTY 0.8

/*
 * Collections of one emotion have 0.3 to 0.55 of the training's variety, of two that sound alike 0.45 to 0.6, such of
 * which 70 % are neutral 0.5 to 0.65, of four or all emotions from 0.7 on (held-out speakers of EmoDB, degraded ones
 * included; of ten recordings, a tenth less).
 */
#define LEAST_VARIETY 0.45
#define FULL_VARIETY  0.7

static double
clamp(double x, double least, double most)
{
	return x < least ? least : x > most ? most : x;
}

static EmoCollection *
new_collection(EmoEnv *env, int n_features)
{
	EmoCollection *collection = emo_alloc_zero(env, 1, sizeof(EmoCollection));

	if (collection == NULL)
		return NULL;
	collection->mean = emo_alloc(env, n_features, sizeof(float));
	collection->deviation = emo_alloc(env, n_features, sizeof(float));
	return collection->mean == NULL || collection->deviation == NULL ? NULL : collection;
}

/* Mean and deviation of the recordings as they are. */
static EmoStatus
measure(EmoEnv *env, const EmoRecordings *recordings, int n_features, EmoCollection *collection)
{
	EmoProfileState *state = emo_alloc(env, 1, emo_profile_state_size(n_features));

	if (state == NULL)
		return env->status;
	emo_profile_init(state, n_features);
	for (int64_t i = 0; i < recordings->n; i++)
		if ((i % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK) ||
			emo_profile_add_row(env, state, recordings->features + i * n_features) != EMO_OK)
			return env->status;
	emo_profile_finish(state, collection->mean, collection->deviation);
	emo_free(env, state);
	return EMO_OK;
}

static double
entropy(const double *p, int n)
{
	double sum = 0;

	for (int c = 0; c < n; c++)
		sum -= p[c] > 0 ? p[c] * log(p[c]) : 0;
	return sum;
}

/* p[n_classes] of the heads for profiles alone. */
static void
ask_profile_heads(const EmoModel *model, const float *normalised, double *p)
{
	double scores[EMO_MAX_CLASSES] = {0};
	float log_posteriors[EMO_MAX_CLASSES];

	for (int h = 0; h < model->n_heads; h++)
	{
		const EmoModelHead *head = &model->heads[h];

		if (!head->on_profile || head->profile_weight == 0)
			continue;
		emo_lda_log_posteriors(&head->lda, normalised, log_posteriors);
		for (int c = 0; c < model->n_classes; c++)
			scores[c] += head->profile_weight * log_posteriors[c];
	}
	emo_log_softmax(scores, model->n_classes, 1, log_posteriors);
	for (int c = 0; c < model->n_classes; c++)
		p[c] = exp(log_posteriors[c]);
}

/*
 * How much an utterance tells of its emotion, as the heads see it around the collection's mean: entropy of the mean
 * probabilities less mean entropy, 0 to 1.  What shifts all recordings alike doesn't matter, nor does the scale of scores.
 */
static EmoStatus
measure_information(EmoEnv *env, const EmoModel *model, const EmoRecordings *recordings,
					const EmoCollection *collection, double *information)
{
	int n_features = model->n_features, n_classes = model->n_classes;
	/* The collection's mean, the population's deviation. */
	EmoProfile centred = {.count = recordings->n,
						  .n_features = n_features,
						  .mean = collection->mean,
						  .deviation = model->population_deviation};
	float *normalised = emo_alloc(env, n_features, sizeof(float));
	double mean[EMO_MAX_CLASSES] = {0}, p[EMO_MAX_CLASSES], sum = 0;

	if (normalised == NULL)
		return env->status;
	for (int64_t i = 0; i < recordings->n; i++)
	{
		if (i % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		emo_profile_apply_prior(&centred, 0, collection->mean, model->population_deviation,
								recordings->features + i * n_features, normalised);
		ask_profile_heads(model, normalised, p);
		sum += entropy(p, n_classes);
		for (int c = 0; c < n_classes; c++)
			mean[c] += p[c] / (double) recordings->n;
	}
	*information = (entropy(mean, n_classes) - sum / (double) recordings->n) / log(n_classes);
	emo_free(env, normalised);
	return EMO_OK;
}

/* Sums over the recordings of a speaker, of a block of features. */
typedef struct SpeakerSums
{
	int64_t n;
	double sum, squares;
} SpeakerSums;

/* Variances of a feature within and between speakers, of the population's. */
static void
add_spread(const SpeakerSums *speakers, int n_speakers, double population, double *within,
		   double *between)
{
	double variance = 0, inverse_n = 0, sum = 0, squares = 0;
	int n = 0;

	for (int s = 0; s < n_speakers; s++)
	{
		const SpeakerSums *of = &speakers[s];
		double mean = of->n > 0 ? of->sum / (double) of->n : 0;

		if (of->n < EMO_SPREAD_RECORDINGS)
			continue;
		variance += (of->squares - (double) of->n * mean * mean) / (double) (of->n - 1);
		inverse_n += 1 / (double) of->n;
		sum += mean;
		squares += mean * mean;
		n++;
	}
	variance /= n;
	*within += variance / population;
	*between += ((squares - sum * sum / n) / (n - 1) - variance * inverse_n / n) / population;
}

/* Begin the sums of a feature; returns how many speakers tell something. */
static int
begin_sums(const EmoRecordings *recordings, SpeakerSums *speakers)
{
	int n = 0;

	memset(speakers, 0, recordings->n_speakers * sizeof(SpeakerSums));
	for (int64_t i = 0; i < recordings->n; i++)
		speakers[recordings->speaker[i]].n++;
	for (int s = 0; s < recordings->n_speakers; s++)
		n += speakers[s].n >= EMO_SPREAD_RECORDINGS;
	return n;
}

/*
 * So many recordings say as much of a speaker as knowing nothing of him but the collection: the variance within speakers by
 * that between them, over all features.
 */
static EmoStatus
measure_speakers(EmoEnv *env, const EmoModel *model, const EmoRecordings *recordings,
				 const float *mean, float *speaker_prior)
{
	int n_features = model->n_features;
	double within = 0, between = 0;
	SpeakerSums *speakers;

	*speaker_prior = (float) EMO_SPEAKER_PRIOR_COUNT;
	if (recordings->speaker == NULL)
		return EMO_OK;
	if ((speakers = emo_alloc(env, recordings->n_speakers, sizeof(SpeakerSums))) == NULL)
		return env->status;
	for (int f = 0; f < n_features; f++)
	{
		double deviation = model->population_deviation[f];

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		if (begin_sums(recordings, speakers) < EMO_SPREAD_SPEAKERS)
			break;
		for (int64_t i = 0; i < recordings->n; i++)
		{
			SpeakerSums *of = &speakers[recordings->speaker[i]];
			double x = (double) recordings->features[i * n_features + f] - mean[f];

			of->sum += x;
			of->squares += x * x;
		}
		if (deviation > 0)
			add_spread(speakers, recordings->n_speakers, deviation * deviation, &within, &between);
	}
	if (within > 0 && between > 0)
		*speaker_prior =
			(float) clamp(within / between, EMO_MIN_SPEAKER_PRIOR, EMO_MAX_SPEAKER_PRIOR);
	else if (within > 0)
		*speaker_prior = (float) EMO_MAX_SPEAKER_PRIOR;
	emo_free(env, speakers);
	return EMO_OK;
}

/* Leave such a share of it, and let the rest be the population. */
static void
shrink(const EmoModel *model, double share, EmoCollection *collection)
{
	for (int f = 0; f < model->n_features; f++)
	{
		double mean = model->population_mean[f], deviation = model->population_deviation[f];
		double own = collection->deviation[f];

		collection->mean[f] = (float) (mean + share * (collection->mean[f] - mean));
		collection->deviation[f] =
			(float) sqrt(deviation * deviation + share * (own * own - deviation * deviation));
	}
}

EmoStatus
emo_model_adapt(EmoEnv *env, const EmoModel *model, const EmoRecordings *recordings,
				double certainty, EmoCollection **collection, double *variety)
{
	EmoCollection *new = new_collection(env, model->n_features);
	double information = 0, n = (double) recordings->n, trust, of_count;

	if (new == NULL || measure(env, recordings, model->n_features, new) != EMO_OK ||
		measure_information(env, model, recordings, new, &information) != EMO_OK ||
		measure_speakers(env, model, recordings, new->mean, &new->speaker_prior) != EMO_OK)
		return env->status;
	new->count = recordings->n;
	new->n_speakers = recordings->n_speakers;
	*variety = clamp(information / (isnan(certainty) ? USUAL_CERTAINTY : certainty), 0, 1);
	trust = clamp((*variety - LEAST_VARIETY) / (FULL_VARIETY - LEAST_VARIETY), 0, 1);
	of_count = n / (n + EMO_COLLECTION_PRIOR_COUNT);
	new->share = (float) (EMO_MAX_COLLECTION_SHARE * trust * of_count);
	/* The heads without profile beside it are guard enough unless it is quite one-sided. */
	shrink(model, clamp(2 * trust, 0, 1) * of_count, new);
	*collection = new;
	return EMO_OK;
}
