/*
 * dark_test.c
 *	  In light and in dark surroundings all is seen: texts by 4.5, lines and edges by 3 (WCAG 2.1, level AA).
 */
#include "unit.h"

#include "core/draw/dark.h"
#include "core/draw/emotion_colors.h"
#include "core/draw/plot.h"

static double
contrast(const char *one, const char *other)
{
	double a = emo_luminance(one) + 0.05, b = emo_luminance(other) + 0.05;

	return fmax(a, b) / fmin(a, b);
}

/* What the style sheet has for the attribute of an element; NULL: nothing. */
static const char *
rule_of(EmoEnv *env, const char *attribute, const char *color)
{
	static char dark[16];
	char text[64], begin[64];
	EmoSvg svg;
	const char *rule;

	snprintf(text, sizeof(text), "<path %s=\"%s\"/>", attribute, color);
	snprintf(begin, sizeof(begin), "[%s='%s']{%s:", attribute, color, attribute);
	emo_svg_init(&svg, env);
	emo_add_dark_style(&svg, text, strlen(text));
	CHECK(svg.status == EMO_OK);
	rule = strstr(svg.text, begin);
	if (rule == NULL)
		return NULL;
	snprintf(dark, sizeof(dark), "%.*s", (int) strcspn(rule + strlen(begin), "}"),
			 rule + strlen(begin));
	return dark;
}

/* What an ink of emo_ink_on() is in the dark: "#000000" or "#FFFFFF". */
static const char *
ink_in_the_dark(EmoEnv *env, const char *ink)
{
	const char *turned = rule_of(env, "fill", ink);

	if (turned != NULL)
		ink = turned;
	return strcmp(ink, "#000") == 0 ? "#000000" : "#FFFFFF";
}

static const char *
ink_in_the_light(const char *ink)
{
	return strcmp(ink, "#000") == 0 || strcmp(ink, "#010101") == 0 ? "#000000" : "#FFFFFF";
}

static void
check_ink(EmoEnv *env, const char *color, const char *dark, double share)
{
	const char *ink = emo_ink_on_share(color, share);
	EmoColor on_light = emo_mix(color, EMO_GROUND, share);
	EmoColor on_dark = emo_mix(dark, EMO_DARK_GROUND, share);

	CHECK(contrast(ink_in_the_light(ink), on_light.text) >= 4.5);
	CHECK(contrast(ink_in_the_dark(env, ink), on_dark.text) >= 4.5);
}

static void
test_texts_on_colors(EmoEnv *env)
{
	for (int i = 0; i <= 100; i++)
	{
		check_ink(env, EMO_SHADE, EMO_DARK_SHADE, i / 100.0);
		for (int e = 0; e < EMO_N_EMOTION_COLORS; e++)
			check_ink(env, emo_emotion_color(e), emo_emotion_color(e), i / 100.0);
	}
	check_ink(env, EMO_NO_EMOTION_COLOR, EMO_DARK_NO_EMOTION_COLOR, 1);
}

static void
test_lines(EmoEnv *env)
{
	static const char *const lines[] = {EMO_PLOT_FAINT, EMO_PLOT_BLUE, EMO_PLOT_MEAN};

	for (int i = 0; i < 3; i++)
	{
		CHECK(contrast(lines[i], EMO_GROUND) >= 3);
		CHECK(contrast(rule_of(env, "stroke", lines[i]), EMO_DARK_GROUND) >= 3);
	}
	CHECK(contrast(rule_of(env, "fill", EMO_PLOT_FAINT), EMO_DARK_GROUND) >= 4.5);
	for (int e = 0; e < EMO_N_EMOTION_COLORS; e++)
	{
		const char *color = emo_emotion_color(e), *edge = rule_of(env, "stroke", color);

		CHECK(contrast(edge != NULL ? edge : color, EMO_DARK_GROUND) >= 3);
		CHECK((edge != NULL) == (contrast(color, EMO_DARK_GROUND) < 3));
	}
}

/* A rule for what occurs, and for nothing else: not for texts, other attributes and longer values. */
static void
test_what_occurs(EmoEnv *env)
{
	EmoSvg svg;
	static const char text[] = "<text x=\"1\">fill=&quot;#595959&quot; stroke=#888</text>"
							   "<path data-fill=\"#595959\" fill=\"#5959\" stroke=\"#FFFFFF\"/>#";

	emo_svg_init(&svg, env);
	emo_add_dark_style(&svg, text, strlen(text));
	CHECK(svg.status == EMO_OK);
	CHECK(strstr(svg.text, "prefers-color-scheme:dark") != NULL);
	CHECK(strstr(svg.text, "[fill=") == NULL);
	CHECK(strstr(svg.text, "[stroke='#FFFFFF']{stroke:" EMO_DARK_GROUND "}") != NULL);
	CHECK(rule_of(env, "fill", "#123456") == NULL);
}

int
main(void)
{
	RUN(test_texts_on_colors);
	RUN(test_lines);
	RUN(test_what_occurs);
	return unit_finish();
}
