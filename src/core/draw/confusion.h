/*
 * confusion.h
 *	  Confusion matrices: what was taken for what.
 */
#ifndef EMO_PLOT_CONFUSION_H
#define EMO_PLOT_CONFUSION_H

#include "core/draw/plot.h"

/*
 * counts[n][n], actual by predicted, >= 0; labels[n] UTF-8.  Cells have their count, and the share
 * of their row as a percentage and as their shade.  EMO_LIMIT_EXCEEDED for more than
 * EMO_PLOT_MAX_NAMES labels.
 */
extern EmoStatus emo_plot_confusion(EmoEnv *env, const char *title, const char *warning,
									const char *const *labels, int n, const int64_t *counts,
									int width, const char **svg, size_t *length);

#endif
