/*
 * space.h
 *	  Utterances as points in a plane, coloured and shaped by their class.
 */
#ifndef EMO_PLOT_SPACE_H
#define EMO_PLOT_SPACE_H

#include "core/draw/plot.h"

/*
 * points[n_points][2] of classes label[n_points]; names[n_classes] are UTF-8.  They may be a
 * sample of n_utterances, which the picture says then.  Of many points, some are drawn, evenly spaced in their order.  EMO_LIMIT_EXCEEDED for more than EMO_PLOT_MAX_NAMES
 * classes.
 */
extern EmoStatus emo_plot_space(EmoEnv *env, const char *title, const float *points,
								const int32_t *label, int64_t n_points, int64_t n_utterances,
								const char *const *names, int n_classes,
								const char *const axis_titles[2], int width, const char **svg,
								size_t *length);

#endif
