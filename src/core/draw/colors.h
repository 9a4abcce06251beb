/*
 * colors.h
 *	  Colours that colour-blind readers tell apart, and that still differ in greyscale.
 */
#ifndef EMO_COLORS_H
#define EMO_COLORS_H

#include "core/base/env.h"

/* Of pictures in light surroundings; dark.c has those of dark ones. */
#define EMO_PLOT_GRID       "#E3E3E3"
#define EMO_PLOT_TEXT       "#222"
#define EMO_PLOT_FAINT      "#595959"
#define EMO_PLOT_AXIS       "#888" /* seen on either ground */
#define EMO_PLOT_EDGE       "#444" /* around what is drawn in a colour of data */
#define EMO_PLOT_BLUE       "#0072B2"
#define EMO_PLOT_MEAN       "#B23A00"
#define EMO_PLOT_HIGHLIGHT  "#FFF3C4"
#define EMO_PITCH_COLOR     "#C2410C"
#define EMO_VOICED_COLOR    "#DCEAF5"

#define EMO_N_SERIES_COLORS 8
#define EMO_N_HEAT_COLORS   256

/* "#rrggbb" */
typedef struct EmoColor
{
	char text[8];
} EmoColor;

/*
 * The colour of a series, from 0; they repeat.  The palette of Okabe & Ito ("Color universal
 * design", 2008), in an order in which dark and light ones take turns.
 */
extern const char *emo_series_color(int series);

/*
 * The colour of an amount 0 .. 1, dark to light; outside it, the nearest.  The colour map viridis
 * (van der Walt & Smith 2015), whose lightness rises evenly.
 */
extern void emo_heat_rgb(double amount, uint8_t rgb[3]);

/*
 * The colour of an amount with a sign, 0 .. 1 with nothing at 0.5: dark blue, grey, light yellow; its
 * lightness rises evenly, so that signs differ in greyscale too.
 */
extern void emo_signed_rgb(double amount, uint8_t rgb[3]);

/* A share of a colour over a ground, both "#rrggbb". */
extern EmoColor emo_mix(const char *color, const char *ground, double share);

/* Black or white, whichever is better read on a colour "#rrggbb" (WCAG 2.1, contrast ratio). */
extern const char *emo_text_color_on(const char *color);

/* Relative luminance of "#rrggbb", 0 .. 1 (WCAG 2.1). */
extern double emo_luminance(const char *color);

#endif
