/*
 * reliability.h
 *	  Reliability diagrams: is what a model is sure of also right?  (Guo et al. 2017, "On calibration
 *	  of modern neural networks", figure 1.)
 */
#ifndef EMO_PLOT_RELIABILITY_H
#define EMO_PLOT_RELIABILITY_H

#include "core/base/metrics.h"
#include "core/draw/plot.h"

/* Predictions whose confidence lies in one of EMO_CALIBRATION_BINS parts of 0 .. 1. */
typedef struct EmoReliabilityBin
{
	double n;
	double confidence; /* sum over the n */
	double right;      /* how many of the n are */
} EmoReliabilityBin;

/* warning is told above all else; NULL: none. */
extern EmoStatus emo_plot_reliability(EmoEnv *env, const char *title, const char *warning,
									  const EmoReliabilityBin bins[EMO_CALIBRATION_BINS], int width,
									  const char **svg, size_t *length);

#endif
