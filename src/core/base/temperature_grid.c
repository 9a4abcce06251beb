/*
 * temperature_grid.c
 *	  What held-out rows say of temperatures, summed so that the rows need not be kept.
 */
#include "core/base/temperature_grid.h"

#include <math.h>
#include <string.h>

#include "core/base/calibration.h"
#include "core/base/metrics.h"
#include "core/base/stats.h"

/*
 * Units of the sums.  With EMO_MIN_LOG_POSTERIOR a slope is at most 1e4, a loss 1e5 at the lowest
 * temperature: 8e7 rows that are all as bad as that fit, and 1e11 as they are.
 */
#define SUM_UNITS 0x1p20

/* Of the search within an interval: its 2^-40th part. */
#define BISECTIONS 40

/* Rows of it; right ones, and those that are taken for it, at each temperature. */
#define COUNTS_PER_CLASS (1 + 2 * EMO_GRID_TEMPERATURES)

size_t
emo_temperature_grid_size(int n_classes)
{
	return offsetof(EmoTemperatureGrid, counts) +
		   (size_t) n_classes * COUNTS_PER_CLASS * sizeof(int64_t);
}

void
emo_temperature_grid_init(EmoTemperatureGrid *grid, int n_classes)
{
	memset(grid, 0, emo_temperature_grid_size(n_classes));
	grid->n_classes = n_classes;
}

/*
 * Of place i; the first is the lowest temperature.  All of them are kept: rows ask for them one after the other.
 */
static double
grid_temperature(int i)
{
	static double temperatures[EMO_GRID_TEMPERATURES];

	if (temperatures[EMO_GRID_TEMPERATURES - 1] == 0)
	{
		double step = log((double) EMO_MAX_TEMPERATURE / EMO_MIN_TEMPERATURE);

		for (int place = 0; place < EMO_GRID_TEMPERATURES; place++)
			temperatures[place] =
				EMO_MIN_TEMPERATURE * exp(step * place / (EMO_GRID_TEMPERATURES - 1));
	}
	return temperatures[i];
}

/* A row at one temperature. */
typedef struct RowLoss
{
	double loss, slope;
	int best;
} RowLoss;

static RowLoss
loss_at(const float *s, const double *log_prior, int n_classes, int label, double temperature)
{
	double scores[EMO_MAX_CLASSES];
	double largest = -INFINITY;
	double sum = 0, weighted = 0, score_of_label = 0;
	int best = 0;

	for (int c = 0; c < n_classes; c++)
	{
		scores[c] = s[c] / temperature + (log_prior == NULL ? 0 : log_prior[c]);
		if (scores[c] > largest)
		{
			largest = scores[c];
			best = c;
		}
		score_of_label = c == label ? scores[c] : score_of_label;
	}
	for (int c = 0; c < n_classes; c++)
	{
		double e = c == best ? 1 : exp(scores[c] - largest);

		sum += e;
		weighted += e * s[c];
	}
	return (RowLoss){log(sum) + largest - score_of_label, weighted / sum - s[label], best};
}

void
emo_temperature_grid_add(EmoTemperatureGrid *grid, const float *log_posteriors,
						 const double *log_prior, int label)
{
	size_t n_classes = grid->n_classes;
	int64_t *right = grid->counts + n_classes;
	int64_t *predicted = right + n_classes * EMO_GRID_TEMPERATURES;
	bool is_known = log_posteriors[label] > EMO_MIN_LOG_POSTERIOR;

	grid->n_rows++;
	grid->counts[label]++;
	grid->n_counted += is_known;
	for (int i = 0; i < EMO_GRID_TEMPERATURES; i++)
	{
		RowLoss row =
			loss_at(log_posteriors, log_prior, grid->n_classes, label, grid_temperature(i));

		predicted[i * n_classes + row.best]++;
		if (!is_known)
			continue;
		grid->loss[i] += llrint(row.loss * SUM_UNITS);
		grid->slope[i] += llrint(row.slope * SUM_UNITS);
		right[i * n_classes + label] += row.best == label;
	}
}

static void
add_grid(EmoTemperatureGrid *grid, const EmoTemperatureGrid *other, int64_t sign)
{
	size_t n_counts = (size_t) grid->n_classes * COUNTS_PER_CLASS;

	grid->n_rows += sign * other->n_rows;
	grid->n_counted += sign * other->n_counted;
	for (int i = 0; i < EMO_GRID_TEMPERATURES; i++)
	{
		grid->loss[i] += sign * other->loss[i];
		grid->slope[i] += sign * other->slope[i];
	}
	for (size_t i = 0; i < n_counts; i++)
		grid->counts[i] += sign * other->counts[i];
}

void
emo_temperature_grid_merge(EmoTemperatureGrid *grid, const EmoTemperatureGrid *other)
{
	add_grid(grid, other, 1);
}

void
emo_temperature_grid_subtract(EmoTemperatureGrid *grid, const EmoTemperatureGrid *other)
{
	add_grid(grid, other, -1);
}

/*
 * Between two places of the grid, over t from 0 to 1, the slope is start + linear t + square t^2: it has the
 * sums of the slope at both ends, and its integral is the difference of the losses.
 */
typedef struct Interval
{
	double inverse; /* temperature at t = 0 */
	double width;   /* in inverse temperature, > 0 */
	double loss_at_start;
	double start, linear, square;
} Interval;

/* Between place i and the one before: inverse temperatures grow. */
static Interval
interval_before(const EmoTemperatureGrid *grid, int i)
{
	Interval between = {.inverse = 1 / grid_temperature(i)};
	double first = (double) grid->slope[i] / SUM_UNITS;
	double last = (double) grid->slope[i - 1] / SUM_UNITS;
	double mean;

	between.width = 1 / grid_temperature(i - 1) - between.inverse;
	between.loss_at_start = (double) grid->loss[i] / SUM_UNITS;
	mean = ((double) grid->loss[i - 1] / SUM_UNITS - between.loss_at_start) / between.width;
	between.start = first;
	between.square = 3 * (first + last) - 6 * mean;
	between.linear = last - first - between.square;
	return between;
}

static double
slope_within(const Interval *between, double t)
{
	return between->start + t * (between->linear + t * between->square);
}

static double
loss_within(const Interval *between, double t)
{
	double area = t * (between->start + t * (between->linear / 2 + t * between->square / 3));

	return between->loss_at_start + between->width * area;
}

float
emo_temperature_grid_fit(const EmoTemperatureGrid *grid)
{
	int i = EMO_GRID_TEMPERATURES - 1;
	Interval between;
	double low = 0, high = 1;

	if (grid->n_counted == 0)
		return 1;
	if (grid->slope[i] >= 0)
		return EMO_MAX_TEMPERATURE;
	/* The slope grows with the inverse temperature: the last place where it is not positive, if only by rounding. */
	while (i > 0 && grid->slope[i - 1] <= 0)
		i--;
	if (i == 0)
		return EMO_MIN_TEMPERATURE;
	between = interval_before(grid, i);
	for (int step = 0; step < BISECTIONS; step++)
	{
		double middle = (low + high) / 2;

		if (slope_within(&between, middle) < 0)
			low = middle;
		else
			high = middle;
	}
	return (float) (1 / (between.inverse + between.width * (low + high) / 2));
}

/* The place of the grid whose temperature is the next to it by its ratio. */
static int
nearest_place(float temperature)
{
	double step = log((double) EMO_MAX_TEMPERATURE / EMO_MIN_TEMPERATURE);
	double place = log(temperature / EMO_MIN_TEMPERATURE) / step * (EMO_GRID_TEMPERATURES - 1);

	return (int) fmin(fmax(rint(place), 0), EMO_GRID_TEMPERATURES - 1);
}

static double
summed_loss(const EmoTemperatureGrid *grid, float temperature)
{
	Interval between;
	int i = 1;

	while (i < EMO_GRID_TEMPERATURES - 1 && grid_temperature(i) < temperature)
		i++;
	between = interval_before(grid, i);
	return loss_within(&between, (1 / temperature - between.inverse) / between.width);
}

EmoGridJudgement
emo_temperature_grid_judge(const EmoTemperatureGrid *grid, float temperature)
{
	size_t n_classes = grid->n_classes;
	const int64_t *right = grid->counts + n_classes * (1 + nearest_place(temperature));
	const int64_t *predicted = right + n_classes * EMO_GRID_TEMPERATURES;
	int64_t n_right = 0;
	int n_present = 0, n_seen = 0;
	EmoGridJudgement judged = {0};

	for (int c = 0; c < grid->n_classes; c++)
	{
		if (grid->counts[c] + predicted[c] == 0)
			continue;
		n_seen++;
		judged.macro_f1 += 2 * (double) right[c] / (double) (grid->counts[c] + predicted[c]);
		if (grid->counts[c] == 0)
			continue;
		judged.uar += (double) right[c] / (double) grid->counts[c];
		n_right += right[c];
		n_present++;
	}
	judged.uar /= n_present;
	judged.macro_f1 /= n_seen;
	judged.war = (double) n_right / (double) grid->n_rows;
	judged.log_loss = (summed_loss(grid, temperature) +
					   (double) (grid->n_rows - grid->n_counted) * emo_log_loss(0)) /
					  (double) grid->n_rows;
	return judged;
}
