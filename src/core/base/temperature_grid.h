/*
 * temperature_grid.h
 *	  What held-out rows say of temperatures, summed so that the rows need not be kept.
 *
 * The log loss of each row, and its derivative, are added up at fixed temperatures in fixed point: sums
 * are the same bits in whatever order rows come and parts are merged.  Between two temperatures the
 * derivative is a quadratic that agrees with all four sums.
 */
#ifndef EMO_TEMPERATURE_GRID_H
#define EMO_TEMPERATURE_GRID_H

#include "core/base/env.h"

/* From EMO_MIN_TEMPERATURE to EMO_MAX_TEMPERATURE in equal ratios of 1.155. */
#define EMO_GRID_TEMPERATURES 65

/* Flat, so that it can be copied as bytes. */
typedef struct EmoTemperatureGrid
{
	int64_t n_rows;    /* all */
	int64_t n_counted; /* those whose class was known to the head that scored them */
	int32_t n_classes;
	int32_t reserved;                    /* 0 */
	int64_t loss[EMO_GRID_TEMPERATURES]; /* of those that are counted */
	int64_t
		slope[EMO_GRID_TEMPERATURES]; /* its derivative with respect to the inverse temperature */
	/* rows[n_classes], then right[EMO_GRID_TEMPERATURES][n_classes], and the same of predicted */
	int64_t counts[];
} EmoTemperatureGrid;

extern size_t emo_temperature_grid_size(int n_classes);
extern void emo_temperature_grid_init(EmoTemperatureGrid *grid, int n_classes);

/*
 * Add a row of a class: log_posteriors[n_classes] of temperature 1 and equal priors, log_prior[n_classes]
 * those of its fold (NULL: equal).
 */
extern void emo_temperature_grid_add(EmoTemperatureGrid *grid, const float *log_posteriors,
									 const double *log_prior, int label);

/* Add what other has seen, or take it out again; both have the same n_classes. */
extern void emo_temperature_grid_merge(EmoTemperatureGrid *grid, const EmoTemperatureGrid *other);
extern void emo_temperature_grid_subtract(EmoTemperatureGrid *grid,
										  const EmoTemperatureGrid *other);

/* That of the least log loss, as emo_fit_temperature() finds it; 1 if no row counts. */
extern float emo_temperature_grid_fit(const EmoTemperatureGrid *grid);

/* How the rows did at a temperature. */
typedef struct EmoGridJudgement
{
	/* As of emo_confusion_metrics(): exact with equal priors, else at the nearest temperature of the grid. */
	double uar, war, macro_f1;
	double log_loss; /* mean */
} EmoGridJudgement;

/* There must be rows. */
extern EmoGridJudgement emo_temperature_grid_judge(const EmoTemperatureGrid *grid,
												   float temperature);

#endif
