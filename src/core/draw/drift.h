/*
 * drift.h
 *	  Pictures of how far what comes in is from what a model was trained on.
 */
#ifndef EMO_PLOT_DRIFT_H
#define EMO_PLOT_DRIFT_H

#include "core/draw/plot.h"

/* A population stability index less what is by chance, with its interval; NaN: not known. */
typedef struct EmoDriftMark
{
	const char *name; /* UTF-8 */
	double beyond_chance, low, high;
} EmoDriftMark;

/* How often an emotion is predicted: shares, with an interval of the later one; NaN: not known. */
typedef struct EmoDriftShare
{
	const char *emotion; /* UTF-8 */
	double in_training, now, low, high;
} EmoDriftShare;

/* Of a stretch of time. */
typedef struct EmoDriftStretch
{
	const char *label; /* when it begins, UTF-8 */
	double at;         /* the same as a number that grows */
	EmoDriftMark features;
	double sure, sure_low, sure_high; /* mean of the largest probability */
} EmoDriftStretch;

typedef struct EmoDriftPicture
{
	const EmoDriftMark *marks; /* [n_marks], from the top down */
	int n_marks;
	const EmoDriftShare *shares; /* [n_shares] */
	int n_shares;
	const EmoDriftStretch *stretches; /* [n_stretches], in their order; drawn from two on */
	int n_stretches;
	double sure_in_training; /* NaN: not known */
} EmoDriftPicture;

extern EmoStatus emo_plot_drift(EmoEnv *env, const char *title, const char *warning,
								const char *subtitle, const EmoDriftPicture *picture, int width,
								const char **svg, size_t *length);

#endif
