/*
 * drift.c
 *	  Pictures of how far what comes in is from what a model was trained on.
 */
#include "core/draw/drift.h"

#include <math.h>
#include <stdio.h>

#include "core/base/psi.h"
#include "core/draw/ticks.h"

/* Of the range, so that marks at no drift are seen as a whole. */
#define MARGIN         0.025

#define ROW_HEIGHT     26.0
#define SHARE_HEIGHT   38.0
#define BAR_HEIGHT     13.0
#define STRETCH_HEIGHT 150.0
#define MARKER_SIZE    5.0

/* Of a day below the axis. */
#define LABEL_ROOM 56.0

/* The axis goes so far at least. */
#define LEAST_RANGE    0.5
#define MODERATE_COLOR "#E69F00"
#define LARGE_COLOR    "#D55E00"
#define TRAINING_COLOR "#999999"

/* Shapes of the markers that say the same as colours. */
enum
{
	NONE_MARKER,
	MODERATE_MARKER,
	LARGE_MARKER,
	UNKNOWN_MARKER,
	N_LEVELS
};

/* As of emo_drift_word(): by the lower end. */
static int
level_of(const EmoDriftMark *mark)
{
	if (!isfinite(mark->low))
		return UNKNOWN_MARKER;
	return mark->low >= EMO_PSI_LARGE      ? LARGE_MARKER
		   : mark->low >= EMO_PSI_MODERATE ? MODERATE_MARKER
										   : NONE_MARKER;
}

static const char *const level_colors[] = {[NONE_MARKER] = EMO_PLOT_BLUE,
										   [MODERATE_MARKER] = MODERATE_COLOR,
										   [LARGE_MARKER] = LARGE_COLOR,
										   [UNKNOWN_MARKER] = TRAINING_COLOR};

static double
within(const EmoAxis *axis, double value)
{
	return fmin(axis->max, fmax(axis->min, value));
}

static double
range_of(const EmoDriftMark *mark, double range)
{
	if (isfinite(mark->beyond_chance))
		range = fmax(range, mark->beyond_chance);
	return isfinite(mark->high) ? fmax(range, mark->high) : range;
}

static void
add_thresholds(EmoPanel *panel, bool along_x)
{
	static const double thresholds[] = {EMO_PSI_MODERATE, EMO_PSI_LARGE};

	for (int i = 0; i < 2; i++)
	{
		double x = emo_panel_x(panel, thresholds[i]), y = emo_panel_y(panel, thresholds[i]);
		EmoSvg *svg = &panel->figure->svg;

		if (along_x)
			emo_svg_add(svg, "<path d=\"M%g %gv%g\"", x, panel->top, panel->height);
		else
			emo_svg_add(svg, "<path d=\"M%g %gh%g\"", panel->left, y, panel->width);
		emo_svg_add(svg, " stroke=\"%s\" stroke-width=\"1.5\" stroke-dasharray=\"6 3\"/>\n",
					i == 0 ? MODERATE_COLOR : LARGE_COLOR);
	}
}

static void
add_mark(EmoPanel *panel, const EmoDriftMark *mark, double y)
{
	EmoSvg *svg = &panel->figure->svg;
	int level = level_of(mark);
	double x = emo_panel_x(panel, within(&panel->x, fmax(0, mark->beyond_chance)));

	if (!isfinite(mark->beyond_chance))
		return;
	if (isfinite(mark->low) && isfinite(mark->high))
		emo_svg_add(svg, "<path d=\"M%g %gH%g\" stroke=\"" EMO_PLOT_EDGE "\" stroke-width=\"2\"/>",
					emo_panel_x(panel, within(&panel->x, mark->low)), y,
					emo_panel_x(panel, within(&panel->x, mark->high)));
	emo_svg_add(svg, "<path fill=\"%s\" stroke=\"" EMO_PLOT_EDGE "\" stroke-width=\".8\" d=\"",
				level_colors[level]);
	emo_add_marker(svg, level, x, y, MARKER_SIZE);
	emo_svg_add(svg, "\"/>\n");
}

static EmoStatus
draw_marks(EmoEnv *env, EmoFigure *figure, const EmoDriftPicture *picture)
{
	const char **names = emo_alloc(env, picture->n_marks, sizeof(char *));
	EmoPanel panel = {
		.x = {.title = "Population stability index, beyond chance", .max = LEAST_RANGE},
		.y = {.min = picture->n_marks, .max = 0, .names = names}};

	if (names == NULL)
		return env->status;
	for (int i = 0; i < picture->n_marks; i++)
	{
		names[i] = picture->marks[i].name;
		panel.x.max = range_of(&picture->marks[i], panel.x.max);
	}
	panel.x.max *= 1 + MARGIN;
	panel.x.min = -MARGIN * panel.x.max;
	panel.y.n_names = picture->n_marks;
	emo_panel_begin(&panel, figure, ROW_HEIGHT * picture->n_marks);
	add_thresholds(&panel, true);
	for (int i = 0; i < picture->n_marks; i++)
		add_mark(&panel, &picture->marks[i], emo_panel_y(&panel, i + 0.5));
	emo_panel_end(&panel);
	return EMO_OK;
}

static void
add_bar(EmoPanel *panel, double share, double y, const char *color)
{
	emo_svg_add(&panel->figure->svg,
				"<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"%s\"/>", panel->left, y,
				fmax(0.5, emo_panel_x(panel, within(&panel->x, share)) - panel->left), BAR_HEIGHT,
				color);
}

static void
add_share(EmoPanel *panel, const EmoDriftShare *share, double y)
{
	if (isfinite(share->in_training))
		add_bar(panel, share->in_training, y - BAR_HEIGHT - 0.5, TRAINING_COLOR);
	add_bar(panel, share->now, y + 0.5, EMO_PLOT_BLUE);
	if (isfinite(share->low) && isfinite(share->high))
		emo_svg_add(&panel->figure->svg,
					"<path d=\"M%g %gH%g\" stroke=\"" EMO_PLOT_EDGE "\" stroke-width=\"2\"/>",
					emo_panel_x(panel, within(&panel->x, share->low)), y + 0.5 + BAR_HEIGHT / 2,
					emo_panel_x(panel, within(&panel->x, share->high)));
	emo_svg_add(&panel->figure->svg, "\n");
}

static EmoStatus
draw_shares(EmoEnv *env, EmoFigure *figure, const EmoDriftPicture *picture)
{
	const char **names = emo_alloc(env, picture->n_shares + 1, sizeof(char *));
	EmoPanel panel = {.x = {.title = "Predicted (% of recordings)", .percent = true, .max = 0.1},
					  .y = {.min = picture->n_shares, .max = 0, .names = names}};

	if (names == NULL)
		return env->status;
	for (int i = 0; i < picture->n_shares; i++)
	{
		const EmoDriftShare *share = &picture->shares[i];

		names[i] = share->emotion;
		panel.x.max = fmax(panel.x.max, share->now);
		panel.x.max = isfinite(share->high) ? fmax(panel.x.max, share->high) : panel.x.max;
		if (isfinite(share->in_training))
			panel.x.max = fmax(panel.x.max, share->in_training);
	}
	panel.x.max = fmin(1, panel.x.max * 1.05);
	panel.y.n_names = picture->n_shares;
	emo_panel_begin(&panel, figure, SHARE_HEIGHT * picture->n_shares);
	for (int i = 0; i < picture->n_shares; i++)
		add_share(&panel, &picture->shares[i], emo_panel_y(&panel, i + 0.5));
	emo_panel_end(&panel);
	return EMO_OK;
}

/* Less than by chance is as good as that. */
static double
value_of(const EmoDriftStretch *stretch, bool of_features)
{
	if (!of_features)
		return stretch->sure;
	return stretch->features.beyond_chance < 0 ? 0 : stretch->features.beyond_chance;
}

static void
add_intervals(EmoPanel *panel, const EmoDriftPicture *picture, bool of_features)
{
	EmoSvg *svg = &panel->figure->svg;

	emo_svg_add(svg, "<path stroke=\"" EMO_PLOT_FAINT "\" stroke-width=\"1.5\" d=\"");
	for (int i = 0; i < picture->n_stretches; i++)
	{
		const EmoDriftStretch *stretch = &picture->stretches[i];
		double low = of_features ? stretch->features.low : stretch->sure_low;
		double high = of_features ? stretch->features.high : stretch->sure_high;

		if (isfinite(low) && isfinite(high))
			emo_svg_add(svg, "M%g %gV%g", emo_panel_x(panel, stretch->at),
						emo_panel_y(panel, within(&panel->y, low)),
						emo_panel_y(panel, within(&panel->y, high)));
	}
	emo_svg_add(svg, "\"/>\n");
}

static void
add_markers(EmoPanel *panel, const EmoDriftPicture *picture, bool of_features, int level)
{
	EmoSvg *svg = &panel->figure->svg;

	emo_svg_add(svg, "<path fill=\"%s\" stroke=\"" EMO_PLOT_EDGE "\" stroke-width=\".8\" d=\"",
				level_colors[level]);
	for (int i = 0; i < picture->n_stretches; i++)
	{
		const EmoDriftStretch *stretch = &picture->stretches[i];
		double value = value_of(stretch, of_features);

		if (isfinite(value) && level == (of_features ? level_of(&stretch->features) : NONE_MARKER))
			emo_add_marker(svg, level, emo_panel_x(panel, stretch->at),
						   emo_panel_y(panel, within(&panel->y, value)), MARKER_SIZE - 1);
	}
	emo_svg_add(svg, "\"/>\n");
}

/* A line through the values of stretches that are known, over their intervals. */
static void
add_course(EmoPanel *panel, const EmoDriftPicture *picture, bool of_features)
{
	EmoSvg *svg = &panel->figure->svg;
	bool before = false;

	add_intervals(panel, picture, of_features);
	emo_svg_add(svg, "<path fill=\"none\" stroke=\"" EMO_PLOT_BLUE "\" stroke-width=\"2\" d=\"");
	for (int i = 0; i < picture->n_stretches; i++)
	{
		double value = value_of(&picture->stretches[i], of_features);

		if (isfinite(value))
			emo_svg_add(svg, "%s%g %g", before ? "L" : "M",
						emo_panel_x(panel, picture->stretches[i].at),
						emo_panel_y(panel, within(&panel->y, value)));
		before = isfinite(value);
	}
	emo_svg_add(svg, "\"/>\n");
	for (int level = 0; level < N_LEVELS; level++)
		add_markers(panel, picture, of_features, level);
}

static EmoStatus
draw_stretches(EmoEnv *env, EmoFigure *figure, const EmoDriftPicture *picture)
{
	EmoMark *marks = emo_alloc(env, picture->n_stretches + 1, sizeof(EmoMark));
	double first = picture->stretches[0].at, last = picture->stretches[picture->n_stretches - 1].at;
	double margin = 0.03 * (last - first);
	int every = 1 + (int) (picture->n_stretches * LABEL_ROOM / (figure->right - figure->left));
	EmoPanel drift = {.x = {.min = first - margin,
							.max = last + margin,
							.marks = marks,
							.n_marks = (picture->n_stretches + every - 1) / every,
							.no_grid = true,
							.no_labels = true},
					  .y = {.title = "PSI beyond chance", .max = LEAST_RANGE}};
	EmoPanel sure = {.y = {.title = "How sure (%)", .max = 1, .percent = true}};
	bool has_features = false, is_sure = false;

	if (marks == NULL)
		return env->status;
	for (int i = 0; i < picture->n_stretches; i++)
	{
		const EmoDriftStretch *stretch = &picture->stretches[i];

		if (i % every == 0)
			marks[i / every] = (EmoMark){stretch->at, stretch->label};
		drift.y.max = range_of(&stretch->features, drift.y.max);
		has_features = has_features || isfinite(stretch->features.beyond_chance);
		is_sure = is_sure || isfinite(stretch->sure);
	}
	drift.y.max *= 1 + MARGIN;
	drift.y.min = -2 * MARGIN * drift.y.max;
	if (has_features)
	{
		drift.x.no_labels = is_sure;
		emo_panel_begin(&drift, figure, STRETCH_HEIGHT);
		add_thresholds(&drift, false);
		add_course(&drift, picture, true);
		emo_panel_end(&drift);
	}
	if (!is_sure)
		return EMO_OK;
	sure.x = drift.x;
	sure.x.no_labels = false;
	emo_panel_begin(&sure, figure, STRETCH_HEIGHT);
	if (isfinite(picture->sure_in_training))
		emo_svg_add(&figure->svg,
					"<path d=\"M%g %gh%g\" stroke=\"" TRAINING_COLOR
					"\" stroke-width=\"2\" stroke-dasharray=\"6 3\"/>\n",
					sure.left, emo_panel_y(&sure, picture->sure_in_training), sure.width);
	add_course(&sure, picture, false);
	emo_panel_end(&sure);
	return EMO_OK;
}

static bool
has_unknown_marks(const EmoDriftPicture *picture)
{
	for (int i = 0; i < picture->n_marks; i++)
		if (level_of(&picture->marks[i]) == UNKNOWN_MARKER)
			return true;
	for (int i = 0; i < picture->n_stretches; i++)
		if (level_of(&picture->stretches[i].features) == UNKNOWN_MARKER)
			return true;
	return false;
}

static void
add_legend(EmoFigure *figure, const EmoDriftPicture *picture)
{
	static const EmoLegendEntry legend[] = {
		{"no drift", EMO_PLOT_BLUE, EMO_KEY_POINT, NONE_MARKER},
		{"moderate", MODERATE_COLOR, EMO_KEY_POINT, MODERATE_MARKER},
		{"large", LARGE_COLOR, EMO_KEY_POINT, LARGE_MARKER},
		{"now", EMO_PLOT_BLUE, EMO_KEY_AREA, 0},
		{"held out in training", TRAINING_COLOR, EMO_KEY_AREA, 0},
		{"not known", TRAINING_COLOR, EMO_KEY_POINT, UNKNOWN_MARKER}};

	emo_figure_legend(figure, legend, has_unknown_marks(picture) ? 6 : 5);
}

static double
name_room(const EmoDriftPicture *picture)
{
	double room = 0;

	for (int i = 0; i < picture->n_marks; i++)
		room = fmax(room, emo_text_width(picture->marks[i].name, EMO_PLOT_FONT_SIZE));
	for (int i = 0; i < picture->n_shares; i++)
		room = fmax(room, emo_text_width(picture->shares[i].emotion, EMO_PLOT_FONT_SIZE));
	return room;
}

EmoStatus
emo_plot_drift(EmoEnv *env, const char *title, const char *warning, const char *subtitle,
			   const EmoDriftPicture *picture, int width, const char **svg, size_t *length)
{
	EmoFigure figure;

	if (emo_figure_begin(&figure, env, title, width) != EMO_OK)
		return env->status;
	if (picture->n_shares > EMO_PLOT_MAX_NAMES)
	{
		emo_fail(env, EMO_LIMIT_EXCEEDED, "more than %d different names in a picture",
				 EMO_PLOT_MAX_NAMES);
		emo_set_hint(env, "emoser_drift() tells the same as rows.");
		return env->status;
	}
	emo_figure_warning(&figure, warning);
	emo_figure_subtitle(&figure, subtitle);
	add_legend(&figure, picture);
	figure.left = fmin(figure.width / 2, fmax(72, name_room(picture) + 18));
	if (picture->n_marks > 0 && draw_marks(env, &figure, picture) != EMO_OK)
		return env->status;
	if (picture->n_stretches > 1 && draw_stretches(env, &figure, picture) != EMO_OK)
		return env->status;
	if (picture->n_shares > 0 && draw_shares(env, &figure, picture) != EMO_OK)
		return env->status;
	return emo_figure_end(&figure,
						  "Above, how far features, familiarity and answers are from the training, "
						  "beyond chance; below, over time and by emotion.",
						  svg, length);
}
