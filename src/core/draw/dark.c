/*
 * dark.c
 *	  Pictures in dark surroundings: a style sheet in the SVG that follows prefers-color-scheme.
 */
#include "core/draw/dark.h"

#include <stdbool.h>
#include <string.h>

#include "core/draw/emotion_colors.h"

/* Text that turns with what is behind it; as good as black and white, which stay. */
#define INK_TURNING_LIGHT "#010101"
#define INK_TURNING_DARK  "#FEFEFE"

#define FILL              "fill"
#define STROKE            "stroke"

/* Of lines and edges, WCAG 2.1, 1.4.11. */
#define LEAST_CONTRAST 3.0
#define LIGHTER_BY     0.05

/* What is drawn in light and in dark surroundings. */
static const struct
{
	const char *attribute, *light, *dark;
} turns[] = {
	{FILL, EMO_PLOT_FAINT, "#A3B3B1"},
	{FILL, INK_TURNING_LIGHT, "#fff"},
	{FILL, INK_TURNING_DARK, "#000"},
	{FILL, EMO_SHADE, EMO_DARK_SHADE},
	{FILL, EMO_NO_EMOTION_COLOR, EMO_DARK_NO_EMOTION_COLOR},
	{FILL, EMO_PLOT_HIGHLIGHT, "#453D14"},
	{FILL, EMO_VOICED_COLOR, "#22394C"},
	{FILL, EMO_PLOT_BLUE, "#3D9BD6"},
	{STROKE, EMO_PLOT_BLUE, "#3D9BD6"},
	{FILL, "#333333", "#C2CDCD"}, /* a colour of series */
	{STROKE, EMO_GROUND, EMO_DARK_GROUND},
	{STROKE, EMO_PLOT_TEXT, "#E7EDED"},
	{STROKE, EMO_PLOT_FAINT, "#A3B3B1"},
	{STROKE, EMO_PLOT_GRID, "#2F3B3B"},
	{STROKE, EMO_PLOT_EDGE, "#C6D0D0"},
	{STROKE, EMO_PITCH_COLOR, "#FF8F5E"},
	{STROKE, EMO_PLOT_MEAN, "#FF8F5E"},
};

#define N_TURNS ((int) (sizeof(turns) / sizeof(turns[0])))

/* Whether attribute="color" is what stands around a '#' of text. */
static bool
is_attribute(const char *text, const char *hash, const char *end, const char *attribute,
			 const char *color)
{
	size_t before = strlen(attribute) + 2, length = strlen(color);

	return (size_t) (hash - text) > before && (size_t) (end - hash) > length &&
		   hash[-(ptrdiff_t) before - 1] == ' ' && hash[length] == '"' &&
		   memcmp(hash - before, attribute, before - 2) == 0 && memcmp(hash - 2, "=\"", 2) == 0 &&
		   memcmp(hash, color, length) == 0;
}

static double
contrast(const char *one, const char *other)
{
	double a = emo_luminance(one) + 0.05, b = emo_luminance(other) + 0.05;

	return a > b ? a / b : b / a;
}

static void
add_rule(EmoSvg *svg, const char *attribute, const char *light, const char *dark)
{
	emo_svg_add(svg, "." EMO_PICTURE_CLASS " [%s='%s']{%s:%s}", attribute, light, attribute, dark);
}

/* An edge in the colour of an emotion, lighter where it would not be seen. */
static void
add_edge_rule(EmoSvg *svg, const char *color)
{
	EmoColor edge = emo_mix(color, color, 1);

	for (int i = 1; contrast(edge.text, EMO_DARK_GROUND) < LEAST_CONTRAST; i++)
		edge = emo_mix("#FFFFFF", color, LIGHTER_BY * i);
	if (strcmp(edge.text, color) != 0)
		add_rule(svg, STROKE, color, edge.text);
}

void
emo_add_dark_style(EmoSvg *svg, const char *text, size_t length)
{
	const char *end = text + length;
	bool turned[N_TURNS] = {false}, edged[EMO_N_EMOTION_COLORS] = {false};

	for (const char *hash = memchr(text, '#', length); hash != NULL;
		 hash = memchr(hash + 1, '#', (size_t) (end - hash - 1)))
	{
		for (int i = 0; i < N_TURNS; i++)
			turned[i] |= is_attribute(text, hash, end, turns[i].attribute, turns[i].light);
		for (int i = 0; i < EMO_N_EMOTION_COLORS; i++)
			edged[i] |= is_attribute(text, hash, end, STROKE, emo_emotion_color(i));
	}
	emo_svg_add(svg, "<style>@media screen and (prefers-color-scheme:dark){"
					 "." EMO_PICTURE_CLASS "{fill:#E7EDED}"
					 "." EMO_PICTURE_CLASS ">rect:first-of-type{fill:" EMO_DARK_GROUND "}");
	for (int i = 0; i < N_TURNS; i++)
		if (turned[i])
			add_rule(svg, turns[i].attribute, turns[i].light, turns[i].dark);
	for (int i = 0; i < EMO_N_EMOTION_COLORS; i++)
		if (edged[i])
			add_edge_rule(svg, emo_emotion_color(i));
	emo_svg_add(svg, "}</style>\n");
}

const char *
emo_ink_on(const char *light, const char *dark)
{
	bool is_black = strcmp(emo_text_color_on(light), "#000") == 0;
	bool is_black_in_dark = strcmp(emo_text_color_on(dark), "#000") == 0;

	if (is_black == is_black_in_dark)
		return is_black ? "#000" : "#fff";
	return is_black ? INK_TURNING_LIGHT : INK_TURNING_DARK;
}

const char *
emo_ink_on_share(const char *color, double share)
{
	const char *dark = strcmp(color, EMO_SHADE) == 0              ? EMO_DARK_SHADE
					   : strcmp(color, EMO_NO_EMOTION_COLOR) == 0 ? EMO_DARK_NO_EMOTION_COLOR
																  : color;
	EmoColor on_light = emo_mix(color, EMO_GROUND, share);
	EmoColor on_dark = emo_mix(dark, EMO_DARK_GROUND, share);

	return emo_ink_on(on_light.text, on_dark.text);
}
