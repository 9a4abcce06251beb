/*
 * histogram.h
 *	  How many values lie where.
 */
#ifndef EMO_PLOT_HISTOGRAM_H
#define EMO_PLOT_HISTOGRAM_H

#include "core/draw/plot.h"

/*
 * values[n], n > 0, finite and not negative, are of something (such as "recordings"), of which n_title names the axis, in a unit that
 * value_title names and unit is short for; their mean is marked.
 */
extern EmoStatus emo_plot_histogram(EmoEnv *env, const char *title, const double *values, int64_t n,
									const char *of, const char *n_title, const char *value_title,
									const char *unit, int width, const char **svg, size_t *length);

#endif
