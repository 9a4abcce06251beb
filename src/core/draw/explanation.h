/*
 * explanation.h
 *	  Why a model hears an emotion: bars for what belongs together, a map of what a net attends to.
 */
#ifndef EMO_PLOT_EXPLANATION_H
#define EMO_PLOT_EXPLANATION_H

#include "core/draw/plot.h"
#include "core/explain/rows.h"

/*
 * A picture of an explanation and its rows[n_rows].  With a net: its frames[n_frames] (nn/input.h) as
 * a mel spectrogram, and the attributions below it.  title may be NULL; figure's errors.
 */
extern EmoStatus emo_plot_explanation(EmoEnv *env, const EmoModel *model,
									  const EmoExplanation *explanation,
									  const EmoExplanationRow *rows, int n_rows,
									  const uint16_t *frames, const char *title, int width,
									  const char **svg, size_t *length);

#endif
