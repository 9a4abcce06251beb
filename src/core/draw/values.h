/*
 * values.h
 *	  Numbers that were told against what they are.
 */
#ifndef EMO_DRAW_VALUES_H
#define EMO_DRAW_VALUES_H

#include "core/base/agreement.h"
#include "core/draw/plot.h"

/* More are not told apart, and too many bytes: as many are drawn, evenly taken. */
#define EMO_PLOT_MAX_PAIRS 2000

/* A panel: n pairs, finite. */
typedef struct EmoValuesPanel
{
	const char *target; /* NULL: it has no name */
	const double *actual, *predicted;
	int64_t n;
} EmoValuesPanel;

/* warning: as of emo_figure_warning(). */
extern EmoStatus emo_plot_values(EmoEnv *env, const char *title, const char *warning,
								 const EmoValuesPanel *panels, int n_panels, int width,
								 const char **svg, size_t *length);

#endif
