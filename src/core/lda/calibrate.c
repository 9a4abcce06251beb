/*
 * calibrate.c
 *	  Folds for calibration, and the temperature that held-out rows ask for.
 */
#include <math.h>
#include <stdlib.h>

#include "core/lda/lda.h"

#define MAX_SPEAKER_FOLDS 10

/* Folds of recordings when there are no speakers. */
#define RECORDING_FOLDS 5

/* The interval of the temperature's logarithm is halved so often. */
#define TEMPERATURE_STEPS 40

static bool
is_original(const EmoTrainingSet *set, int64_t row)
{
	return set->copy_kind == NULL || set->copy_kind[row] == 0;
}

typedef struct SpeakerRows
{
	int64_t n_rows;
	int32_t speaker;
} SpeakerRows;

/* Most rows first; equal ones by speaker, so that the order is that of the input alone. */
static int
compare_speakers(const void *left_pointer, const void *right_pointer)
{
	const SpeakerRows *left = left_pointer;
	const SpeakerRows *right = right_pointer;

	if (left->n_rows != right->n_rows)
		return left->n_rows > right->n_rows ? -1 : 1;
	return left->speaker < right->speaker ? -1 : 1;
}

/*
 * Speakers share at most MAX_SPEAKER_FOLDS folds: the one with the most rows first, each into the
 * fold with the fewest.  fold_of_speaker[n_speakers]; the number of folds with rows is returned.
 */
static int
deal_speakers(SpeakerRows *speakers, int n_speakers, int32_t *fold_of_speaker)
{
	int64_t rows_of_fold[MAX_SPEAKER_FOLDS] = {0};
	int n_used = 0;

	qsort(speakers, n_speakers, sizeof(SpeakerRows), compare_speakers);
	for (int i = 0; i < n_speakers && speakers[i].n_rows > 0; i++)
	{
		int fold = 0;

		for (int f = 1; f < MAX_SPEAKER_FOLDS; f++)
			fold = rows_of_fold[f] < rows_of_fold[fold] ? f : fold;
		fold_of_speaker[speakers[i].speaker] = fold;
		n_used += rows_of_fold[fold] == 0;
		rows_of_fold[fold] += speakers[i].n_rows;
	}
	return n_used;
}

static EmoStatus
folds_of_speakers(EmoEnv *env, const EmoTrainingSet *set, int32_t *fold_of_row, int *n_folds)
{
	SpeakerRows *speakers = emo_alloc_zero(env, set->n_speakers, sizeof(SpeakerRows));
	int32_t *fold_of_speaker = emo_alloc(env, set->n_speakers, sizeof(int32_t));

	if (speakers == NULL || fold_of_speaker == NULL)
		return env->status;
	for (int s = 0; s < set->n_speakers; s++)
		speakers[s].speaker = s;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		if (set->speaker[row] >= set->n_speakers)
			return emo_fail(env, EMO_BAD_DATA, "speaker of training row %lld is out of range",
							(long long) row + 1);
		if (set->speaker[row] >= 0)
			speakers[set->speaker[row]].n_rows++;
	}
	*n_folds = deal_speakers(speakers, set->n_speakers, fold_of_speaker);
	for (int64_t row = 0; row < set->n_rows; row++)
		fold_of_row[row] = set->speaker[row] < 0 ? -1 : fold_of_speaker[set->speaker[row]];
	emo_free(env, fold_of_speaker);
	emo_free(env, speakers);
	return EMO_OK;
}

/* Recordings in turn, apart for each class, so that every fold has its share of every class. */
static EmoStatus
folds_of_recordings(EmoEnv *env, const EmoTrainingSet *set, int32_t *fold_of_row, int *n_folds)
{
	int32_t *fold_of_recording = emo_alloc(env, set->n_rows, sizeof(int32_t));
	int32_t *next_fold = emo_alloc_zero(env, set->n_classes, sizeof(int32_t));

	if (fold_of_recording == NULL || next_fold == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
		fold_of_recording[row] = -1;
	*n_folds = 0;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		int64_t recording = set->recording == NULL ? row : set->recording[row];

		if (recording < 0 || recording >= set->n_rows)
			return emo_fail(env, EMO_BAD_DATA, "recording of training row %lld is out of range",
							(long long) row + 1);
		if (fold_of_recording[recording] < 0)
		{
			int32_t *next = &next_fold[set->label[row]];

			fold_of_recording[recording] = *next;
			*next = (*next + 1) % RECORDING_FOLDS;
		}
		fold_of_row[row] = fold_of_recording[recording];
		*n_folds = fold_of_row[row] >= *n_folds ? fold_of_row[row] + 1 : *n_folds;
	}
	emo_free(env, next_fold);
	emo_free(env, fold_of_recording);
	return EMO_OK;
}

/* Whether at least two classes have rows outside each fold. */
static EmoStatus
folds_can_be_held_out(EmoEnv *env, const EmoTrainingSet *set, const int32_t *fold_of_row,
					  int n_folds, bool *can)
{
	size_t n_classes = set->n_classes;
	int64_t *total = emo_alloc_zero(env, n_classes, sizeof(int64_t));
	int64_t *inside = emo_alloc_zero(env, n_folds + 1, n_classes * sizeof(int64_t));

	if (total == NULL || inside == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		total[set->label[row]]++;
		if (fold_of_row[row] >= 0)
			inside[fold_of_row[row] * n_classes + set->label[row]]++;
	}
	*can = n_folds > 1;
	for (int f = 0; f < n_folds; f++)
	{
		int n_left = 0;

		for (size_t c = 0; c < n_classes; c++)
			n_left += total[c] > inside[f * n_classes + c];
		*can = *can && n_left >= EMO_MIN_CLASSES;
	}
	emo_free(env, inside);
	emo_free(env, total);
	return EMO_OK;
}

EmoStatus
emo_lda_calibration_folds(EmoEnv *env, const EmoTrainingSet *set, int32_t *fold_of_row,
						  int *n_folds, bool *by_speaker)
{
	bool can = false;

	*n_folds = 0;
	*by_speaker = false;
	for (int64_t row = 0; row < set->n_rows; row++)
		if (set->label[row] < 0 || set->label[row] >= set->n_classes)
			return emo_fail(env, EMO_BAD_DATA, "label of training row %lld is out of range",
							(long long) row + 1);
	if (set->speaker != NULL &&
		(folds_of_speakers(env, set, fold_of_row, n_folds) != EMO_OK ||
		 folds_can_be_held_out(env, set, fold_of_row, *n_folds, &can) != EMO_OK))
		return env->status;
	*by_speaker = can;
	if (!can && (folds_of_recordings(env, set, fold_of_row, n_folds) != EMO_OK ||
				 folds_can_be_held_out(env, set, fold_of_row, *n_folds, &can) != EMO_OK))
		return env->status;
	if (!can)
		*n_folds = 0;
	return EMO_OK;
}

static bool
counts(const EmoTrainingSet *set, const int32_t *fold_of_row, const float *log_posteriors,
	   int64_t row)
{
	return fold_of_row[row] >= 0 && is_original(set, row) &&
		   log_posteriors[row * set->n_classes + set->label[row]] > EMO_MIN_LOG_POSTERIOR;
}

/*
 * The derivative of the log loss with respect to the inverse temperature b: the sum over rows of
 * the mean of s under softmax(b s), less s of the row's class.  It grows with b.
 */
static double
loss_slope(const EmoTrainingSet *set, const int32_t *fold_of_row, const float *log_posteriors,
		   double inverse_temperature)
{
	double slope = 0;

	for (int64_t row = 0; row < set->n_rows; row++)
	{
		const float *s = log_posteriors + row * set->n_classes;
		double largest = s[0];
		double sum = 0;
		double weighted = 0;

		if (!counts(set, fold_of_row, log_posteriors, row))
			continue;
		for (int c = 1; c < set->n_classes; c++)
			largest = s[c] > largest ? s[c] : largest;
		for (int c = 0; c < set->n_classes; c++)
		{
			double e = exp(inverse_temperature * (s[c] - largest));

			sum += e;
			weighted += e * s[c];
		}
		slope += weighted / sum - s[set->label[row]];
	}
	return slope;
}

EmoStatus
emo_lda_fit_temperature(EmoEnv *env, const EmoTrainingSet *set, const int32_t *fold_of_row,
						const float *log_posteriors, float *temperature)
{
	double low = -log(EMO_MAX_TEMPERATURE);
	double high = -log(EMO_MIN_TEMPERATURE);
	bool any = false;

	for (int64_t row = 0; row < set->n_rows && !any; row++)
		any = counts(set, fold_of_row, log_posteriors, row);
	*temperature = 1;
	for (int step = 0; step < TEMPERATURE_STEPS && any; step++)
	{
		double middle = (low + high) / 2;

		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		if (loss_slope(set, fold_of_row, log_posteriors, exp(middle)) < 0)
			low = middle;
		else
			high = middle;
		*temperature = (float) exp(-(low + high) / 2);
	}
	return EMO_OK;
}

/* ln P of the row's class, and whether it is the likeliest one. */
static double
judge_row(const EmoTrainingSet *set, const float *log_posteriors, float temperature, int64_t row,
		  bool *is_right)
{
	const float *s = log_posteriors + row * set->n_classes;
	int best = 0;
	double sum = 0;

	for (int c = 1; c < set->n_classes; c++)
		best = s[c] > s[best] ? c : best;
	for (int c = 0; c < set->n_classes; c++)
		sum += exp(((double) s[c] - s[best]) / temperature);
	*is_right = best == set->label[row];
	return ((double) s[set->label[row]] - s[best]) / temperature - log(sum);
}

static EmoStatus
judge(EmoEnv *env, const EmoTrainingSet *set, const int32_t *fold_of_row,
	  const float *log_posteriors, EmoLdaHead *head)
{
	int64_t *n_rows = emo_alloc_zero(env, set->n_classes, sizeof(int64_t));
	int64_t *n_right = emo_alloc_zero(env, set->n_classes, sizeof(int64_t));
	EmoHeldOut *held_out = &head->held_out;
	int n_seen = 0;

	if (n_rows == NULL || n_right == NULL)
		return env->status;
	for (int64_t row = 0; row < set->n_rows; row++)
	{
		bool is_right;

		if (fold_of_row[row] < 0 || !is_original(set, row))
			continue;
		held_out->log_loss -= judge_row(set, log_posteriors, head->temperature, row, &is_right);
		held_out->war += is_right;
		held_out->n_rows++;
		n_rows[set->label[row]]++;
		n_right[set->label[row]] += is_right;
	}
	for (int c = 0; c < set->n_classes; c++)
		if (n_rows[c] > 0)
		{
			held_out->uar += (double) n_right[c] / (double) n_rows[c];
			n_seen++;
		}
	if (held_out->n_rows > 0)
	{
		held_out->uar /= n_seen;
		held_out->war /= (double) held_out->n_rows;
		held_out->log_loss /= (double) held_out->n_rows;
	}
	emo_free(env, n_right);
	emo_free(env, n_rows);
	return EMO_OK;
}

EmoStatus
emo_lda_calibrate(EmoEnv *env, const EmoTrainingSet *set, const EmoLdaOptions *options,
				  EmoLdaHead *head)
{
	int32_t *fold_of_row = emo_alloc(env, set->n_rows, sizeof(int32_t));
	float *log_posteriors;
	int n_folds;

	head->held_out = (EmoHeldOut){0};
	if (fold_of_row == NULL || emo_lda_calibration_folds(env, set, fold_of_row, &n_folds,
														 &head->held_out.by_speaker) != EMO_OK)
		return env->status;
	if (n_folds > 0)
	{
		log_posteriors = emo_alloc(env, set->n_rows, set->n_classes * sizeof(float));
		if (log_posteriors == NULL ||
			emo_lda_cross_scores(env, set, options, fold_of_row, n_folds, log_posteriors) !=
				EMO_OK ||
			emo_lda_fit_temperature(env, set, fold_of_row, log_posteriors, &head->temperature) !=
				EMO_OK ||
			judge(env, set, fold_of_row, log_posteriors, head) != EMO_OK)
			return env->status;
		emo_free(env, log_posteriors);
	}
	emo_free(env, fold_of_row);
	return EMO_OK;
}
