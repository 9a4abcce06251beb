/*
 * net.h
 *	  Pictures of the inside of a net, and of what it calls typical.
 */
#ifndef EMO_PLOT_NET_H
#define EMO_PLOT_NET_H

#include "core/draw/plot.h"
#include "core/nn/activations.h"

/* So many filters are drawn; of more, the first. */
#define EMO_PLOT_MAX_FILTERS 128

/* Both with a title that may be NULL; figure's errors. */
extern EmoStatus emo_plot_filters(EmoEnv *env, const EmoNnFilters *filters,
								  const EmoNnLayerChoice *choice, const char *title, int width,
								  const char **svg, size_t *length);
extern EmoStatus emo_plot_activations(EmoEnv *env, const EmoNnActivations *activations,
									  const EmoNnLayerChoice *choice, const char *title, int width,
									  const char **svg, size_t *length);

#endif
