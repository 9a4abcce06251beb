/*
 * bands.h
 *	  Shares of a whole over time, as bands on top of each other.
 */
#ifndef EMO_PLOT_BANDS_H
#define EMO_PLOT_BANDS_H

#include "core/draw/plot.h"

/*
 * shares[n_points][n_names] sum to 1 at each of start_s[n_points] .. end_s[n_points], ascending, or are all
 * 0 where nothing is to be drawn; without names that is everywhere.
 * Of more names than there are colours, those with the least are drawn as one.
 */
extern EmoStatus emo_plot_bands(EmoEnv *env, const char *title, const char *const *names,
								int n_names, const double *start_s, const double *end_s,
								const float *shares, int64_t n_points, int width, const char **svg,
								size_t *length);

#endif
