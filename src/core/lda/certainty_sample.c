/*
 * certainty_sample.c
 *	  What models say of held-out rows, some of which are kept.
 */
#include "core/lda/certainty_sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/lda/priors.h"

/* However many classes there are. */
#define MAX_SAMPLE_BYTES (1 << 20)

/* Then log posteriors [n_classes], and log priors [n_classes]. */
typedef struct Row
{
	uint64_t key;
	double log_distance;
	float numbers[];
} Row;

static size_t
row_size(int n_classes)
{
	return sizeof(Row) + 2 * (size_t) n_classes * sizeof(float);
}

static int
room_for(int n_classes)
{
	size_t room = MAX_SAMPLE_BYTES / row_size(n_classes);

	return room < EMO_SAMPLE_ROWS ? (int) room : EMO_SAMPLE_ROWS;
}

static Row *
row_at(const EmoCertaintySample *sample, int i)
{
	return (Row *) (sample->rows + i * row_size(sample->n_classes));
}

size_t
emo_certainty_sample_size(int n_classes)
{
	return sizeof(EmoCertaintySample) + room_for(n_classes) * row_size(n_classes);
}

void
emo_certainty_sample_init(EmoCertaintySample *sample, int n_classes)
{
	*sample = (EmoCertaintySample){.n_classes = n_classes, .room = room_for(n_classes)};
}

size_t
emo_certainty_sample_used(const EmoCertaintySample *sample)
{
	return sizeof(EmoCertaintySample) + sample->n * row_size(sample->n_classes);
}

bool
emo_certainty_sample_is_valid(const EmoCertaintySample *sample, size_t n_bytes, int n_classes)
{
	return n_bytes >= sizeof(EmoCertaintySample) && sample->n_classes == n_classes &&
		   sample->room == room_for(n_classes) && sample->n >= 0 && sample->n <= sample->room &&
		   n_bytes == emo_certainty_sample_used(sample);
}

static void
swap_rows(EmoCertaintySample *sample, int i, int j)
{
	size_t size = row_size(sample->n_classes);
	uint8_t *a = sample->rows + i * size, *b = sample->rows + j * size;

	for (size_t k = 0; k < size; k++)
	{
		uint8_t byte = a[k];

		a[k] = b[k];
		b[k] = byte;
	}
}

static void
sift_up(EmoCertaintySample *sample, int i)
{
	while (i > 0 && row_at(sample, i)->key > row_at(sample, (i - 1) / 2)->key)
	{
		swap_rows(sample, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
}

static void
sift_down(EmoCertaintySample *sample, int i)
{
	for (;;)
	{
		int largest = i;

		for (int child = 2 * i + 1; child <= 2 * i + 2 && child < sample->n; child++)
			if (row_at(sample, child)->key > row_at(sample, largest)->key)
				largest = child;
		if (largest == i)
			return;
		swap_rows(sample, i, largest);
		i = largest;
	}
}

/* Where a row of this key goes; NULL: nowhere. */
static Row *
place_for(const EmoCertaintySample *sample, uint64_t key)
{
	if (sample->n < sample->room)
		return row_at(sample, sample->n);
	return key < row_at(sample, 0)->key ? row_at(sample, 0) : NULL;
}

/* The row that place_for() has given is written. */
static void
settle(EmoCertaintySample *sample)
{
	if (sample->n == sample->room)
	{
		sift_down(sample, 0);
		return;
	}
	sample->n++;
	sift_up(sample, sample->n - 1);
}

void
emo_certainty_sample_add(EmoCertaintySample *sample, uint64_t key, const float *log_posteriors,
						 const double *log_prior, double log_distance)
{
	int n_classes = sample->n_classes;
	Row *row = place_for(sample, key);

	if (row == NULL)
		return;
	row->key = key;
	row->log_distance = log_distance;
	for (int c = 0; c < n_classes; c++)
	{
		row->numbers[c] = log_posteriors[c];
		row->numbers[n_classes + c] = log_prior == NULL ? 0 : (float) log_prior[c];
	}
	settle(sample);
}

void
emo_certainty_sample_merge(EmoCertaintySample *sample, const EmoCertaintySample *other)
{
	for (int i = 0; i < other->n; i++)
	{
		const Row *from = row_at(other, i);
		Row *row = place_for(sample, from->key);

		if (row == NULL)
			continue;
		memcpy(row, from, row_size(sample->n_classes));
		settle(sample);
	}
}

static int
compare_rows(const void *a, const void *b)
{
	uint64_t x = ((const Row *) a)->key, y = ((const Row *) b)->key;

	return (x > y) - (x < y);
}

static void
add_row(EmoCertaintySums *sums, const Row *row, int n_classes, double temperature,
		const EmoFamiliarity *familiarity)
{
	double fading = familiarity == NULL ? 1 : emo_fading_of(familiarity, row->log_distance, 0);
	double log_priors[EMO_MAX_CLASSES];
	float log_posteriors[EMO_MAX_CLASSES];

	for (int c = 0; c < n_classes; c++)
		log_priors[c] = row->numbers[n_classes + c];
	emo_lda_posteriors(row->numbers, n_classes, temperature, log_priors, log_posteriors);
	emo_certainty_add_faded(sums, log_posteriors, n_classes, fading);
}

EmoStatus
emo_certainty_of_sample(EmoEnv *env, EmoCertaintySample *sample, double temperature,
						const EmoFamiliarity *familiarity, EmoCertainty **certainty)
{
	int n_classes = sample->n_classes;
	EmoCertaintySums sums = {.predicted = emo_alloc_zero(env, n_classes, sizeof(int64_t))};

	if (sums.predicted == NULL)
		return env->status;
	/* So that sums are the same bits. */
	qsort(sample->rows, sample->n, row_size(n_classes), compare_rows);
	for (int i = 0; i < sample->n; i++)
		add_row(&sums, row_at(sample, i), n_classes, temperature, familiarity);
	if (emo_certainty_of_sums(env, &sums, n_classes, certainty) != EMO_OK)
		return env->status;
	emo_free(env, sums.predicted);
	return EMO_OK;
}
