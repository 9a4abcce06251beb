/*
 * training.c
 *	  How a training went: losses and accuracies by epoch.
 */
#include "core/draw/training.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include "core/draw/ticks.h"

#define HEIGHT           175.0
#define TRAINING_COLOR   "#D55E00"
#define VALIDATION_COLOR EMO_PLOT_BLUE
#define BEST_COLOR       EMO_PLOT_FAINT

#define RUN_NAME_SIZE    13.0
#define RUN_NAME_GAP     6.0
#define RUN_NAME_ROOM    14.0

/* More epochs than can be told apart are drawn by every second one, third one, ... */
#define MAX_POINTS 1500

typedef struct Curves
{
	const EmoEpoch *epochs;
	int n, step;
	int best;  /* -1: none */
	int final; /* where the final run begins after another one; 0: there is no other */
} Curves;

static double
value_of(const Curves *curves, int i, size_t field)
{
	return *(const double *) ((const char *) &curves->epochs[i] + field);
}

static void
add_curve(EmoPanel *panel, const Curves *curves, size_t field, const char *color, bool dashed)
{
	EmoSvg *svg = &panel->figure->svg;
	bool before = false;

	emo_svg_add(svg, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2.5\"%s d=\"", color,
				dashed ? " stroke-dasharray=\"7 3\"" : "");
	for (int i = 0; i < curves->n; i += curves->step)
	{
		double value = value_of(curves, i, field);
		bool drawn = isfinite(value);

		/* The runs have nothing to do with each other. */
		if (i >= curves->final && i - curves->step < curves->final)
			before = false;
		if (drawn)
		{
			double x = emo_panel_x(panel, curves->epochs[i].epoch);
			double y = emo_panel_y(panel, fmin(panel->y.max, fmax(panel->y.min, value)));

			/* A point is seen even if it is the only one. */
			if (!before)
				emo_svg_add(svg, "M%g %gh.1", x, y);
			else
				emo_svg_add(svg, "L%g %g", x, y);
		}
		before = drawn;
	}
	emo_svg_add(svg, "\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>\n");
}

static void
mark_best(EmoPanel *panel, const Curves *curves)
{
	if (curves->best >= 0)
		emo_svg_add(&panel->figure->svg,
					"<path d=\"M%g %gv%g\" stroke=\"" BEST_COLOR
					"\" stroke-width=\"1.5\" stroke-dasharray=\"2 3\"/>\n",
					emo_panel_x(panel, curves->epochs[curves->best].epoch), panel->top,
					panel->height);
}

/* The border between the runs. */
static double
border_x(const EmoPanel *panel, const Curves *curves)
{
	const EmoEpoch *first = &curves->epochs[curves->final];

	return emo_panel_x(panel, 0.5 * (first[-1].epoch + first[0].epoch));
}

static void
mark_runs(EmoPanel *panel, const Curves *curves)
{
	if (curves->final > 0)
		emo_svg_add(&panel->figure->svg, "<path d=\"M%g %gv%g\" stroke=\"" EMO_PLOT_TEXT "\"/>\n",
					border_x(panel, curves), panel->top, panel->height);
}

/* Above the panel, where no curve is. */
static void
name_runs(EmoPanel *panel, const Curves *curves)
{
	double x = border_x(panel, curves);
	double y = panel->top - 5;

	emo_add_text(panel->figure, x - RUN_NAME_GAP, y, EMO_ANCHOR_END, RUN_NAME_SIZE, EMO_PLOT_FAINT,
				 x - RUN_NAME_GAP - panel->left, "calibration run");
	emo_add_text(panel->figure, x + RUN_NAME_GAP, y, EMO_ANCHOR_START, RUN_NAME_SIZE,
				 EMO_PLOT_FAINT, panel->left + panel->width - x - RUN_NAME_GAP, "final run");
}

static double
largest_loss(const Curves *curves)
{
	double most = 0;

	for (int i = 0; i < curves->n; i++)
	{
		if (isfinite(curves->epochs[i].training_loss))
			most = fmax(most, curves->epochs[i].training_loss);
		if (isfinite(curves->epochs[i].validation_loss))
			most = fmax(most, curves->epochs[i].validation_loss);
	}
	return most > 0 ? most : 1;
}

static void
draw(EmoFigure *figure, const Curves *curves)
{
	int first = curves->epochs[0].epoch, last = curves->epochs[curves->n - 1].epoch;
	EmoAxis epochs = {.min = first == last ? first - 1 : first,
					  .max = first == last ? last + 1 : last,
					  .title = "Epoch",
					  .whole = true};
	EmoPanel loss = {.x = epochs,
					 .y = {.max = 1.05 * largest_loss(curves), .title = "Loss (nats)"}};
	EmoPanel accuracy = {.x = epochs, .y = {.max = 1, .percent = true, .title = "Accuracy (%)"}};

	loss.x.no_labels = true;
	figure->left = fmax(emo_axis_room(&loss.y), emo_axis_room(&accuracy.y));
	figure->y += curves->final > 0 ? RUN_NAME_ROOM : 0;
	emo_panel_begin(&loss, figure, HEIGHT);
	if (curves->final > 0)
		name_runs(&loss, curves);
	mark_runs(&loss, curves);
	mark_best(&loss, curves);
	add_curve(&loss, curves, offsetof(EmoEpoch, training_loss), TRAINING_COLOR, true);
	add_curve(&loss, curves, offsetof(EmoEpoch, validation_loss), VALIDATION_COLOR, false);
	emo_panel_end(&loss);
	emo_panel_begin(&accuracy, figure, HEIGHT);
	mark_runs(&accuracy, curves);
	mark_best(&accuracy, curves);
	add_curve(&accuracy, curves, offsetof(EmoEpoch, training_accuracy), TRAINING_COLOR, true);
	add_curve(&accuracy, curves, offsetof(EmoEpoch, validation_accuracy), VALIDATION_COLOR, false);
	emo_panel_end(&accuracy);
}

EmoStatus
emo_plot_training(EmoEnv *env, const char *title, const EmoEpoch *epochs, int n,
				  int last_of_calibration, int width, const char **svg, size_t *length)
{
	Curves curves = {epochs, n, (n + MAX_POINTS - 1) / MAX_POINTS, -1, 0};
	char best[64];
	EmoLegendEntry legend[] = {{"validation", VALIDATION_COLOR, EMO_KEY_LINE, 0},
							   {"training", TRAINING_COLOR, EMO_KEY_DASHES, 0},
							   {best, BEST_COLOR, EMO_KEY_DASHES, 0}};
	EmoFigure figure;

	if (emo_figure_begin(&figure, env, title, width) != EMO_OK)
		return env->status;
	for (int i = 0; i < n; i++)
	{
		/* Without validation nothing is known to be best: each epoch is so far. */
		if (epochs[i].best && isfinite(epochs[i].validation_loss))
			curves.best = i;
		if (i > 0 && epochs[i - 1].epoch <= last_of_calibration &&
			epochs[i].epoch > last_of_calibration)
			curves.final = i;
	}
	if (curves.best >= 0)
		snprintf(best, sizeof(best), "best: epoch %d", epochs[curves.best].epoch);
	emo_figure_legend(&figure, legend, curves.best >= 0 ? 3 : 2);
	draw(&figure, &curves);
	return emo_figure_end(&figure, "Above, loss by epoch; below, accuracy by epoch.", svg, length);
}
