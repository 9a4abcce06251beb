/*
 * rows.h
 *	  Pictures with a row for each name: bars of counts, points of scores with their intervals.
 */
#ifndef EMO_PLOT_ROWS_H
#define EMO_PLOT_ROWS_H

#include "core/draw/plot.h"

/* One panel.  Names, series and texts are UTF-8. */
typedef struct EmoRows
{
	const char *value_title; /* of the axis of values, with the unit */
	const char *name_title;  /* NULL: none */
	const char *const *names;
	int n_names; /* 1 .. EMO_PLOT_MAX_NAMES */
	int n_series;
	const double *values;      /* [n_names][n_series], NaN: none */
	const double *low, *high;  /* the same, ends of intervals; NULL: none */
	bool from_zero;            /* bars from zero; otherwise points */
	bool percent;              /* values are shares 0 .. 1, and the axis goes so far */
	bool zoom;                 /* of shares, only the part of the axis that is needed */
	int highlight;             /* a row to be told from the others; -1: none */
	bool names_are_emotions;   /* bars of one series have the colours of their names */
	bool series_are_emotions;  /* series have the colours of emotions */
	const char *const *series; /* [n_series], for the legend; NULL: none */
	int first_series;          /* colours and shapes of the panel's series go on from here */
} EmoRows;

/* panels[n_panels] below each other; subtitle may be NULL. */
extern EmoStatus emo_plot_rows(EmoEnv *env, const char *title, const char *subtitle,
							   const EmoRows *panels, int n_panels, int width, const char **svg,
							   size_t *length);

#endif
