/*
 * matrix.h
 *	  Numbers over time and something else as a heat map in a panel.
 */
#ifndef EMO_PLOT_MATRIX_H
#define EMO_PLOT_MATRIX_H

#include "core/draw/plot.h"

typedef struct EmoHeatMap
{
	const float *values; /* [n_columns][stride]; the first n_rows of each are drawn, from below */
	int n_columns, n_rows, stride;
	bool is_signed;  /* colours about zero */
	float low, high; /* of the colours, low < high; -high .. high if signed */
} EmoHeatMap;

/* low and high, so that but a few of the values are beyond them.  EMO_OUT_OF_MEMORY. */
extern EmoStatus emo_matrix_fit_range(EmoEnv *env, EmoHeatMap *matrix);

/* The heat map, over the panel's whole area; columns are averaged where there are many. */
extern EmoStatus emo_panel_matrix(EmoEnv *env, EmoPanel *panel, const EmoHeatMap *matrix);

/* Its key, with the ends of the range and a unit. */
extern void emo_panel_matrix_key(EmoPanel *panel, const EmoHeatMap *matrix, const char *unit);

/* Frequencies of mel bands 0 .. 39 of emo_speech_mels as marks of a y axis; returns their number. */
#define EMO_MEL_MARKS 5
extern int emo_mel_marks(EmoMark marks[EMO_MEL_MARKS]);

#endif
