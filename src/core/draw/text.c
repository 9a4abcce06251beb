/*
 * text.c
 *	  Text in pictures: how wide it is about, and cut to what there is room for.
 */
#include "core/draw/plot.h"

#include <stdio.h>
#include <string.h>

#define ELLIPSIS "..."

/* Longer texts than a line of any picture. */
#define MAX_LINE_BYTES 1024

/* Widths in ems, from the wider ones among Helvetica, Roboto and DejaVu Sans. */
static double
character_width(const char *text)
{
	unsigned char c = (unsigned char) text[0];

	/* Letters of three and more bytes are mostly East Asian, as wide as they are high. */
	if (c >= 0x80)
		return c >= 0xE0 ? 1 : 0.66;
	if (strchr("ijlI.,:;'|!", c) != NULL)
		return 0.32;
	if (strchr("frt()[]/\\-\" ", c) != NULL)
		return 0.4;
	if (strchr("mwMW%@", c) != NULL)
		return 0.95;
	if (c >= 'A' && c <= 'Z')
		return 0.72;
	return 0.61;
}

static int
character_bytes(const char *text)
{
	int length = emo_utf8_length(text);

	return length == 0 ? 1 : length;
}

double
emo_text_width(const char *text, double size)
{
	double width = 0;

	for (; *text != '\0'; text += character_bytes(text))
		width += character_width(text);
	return width * size;
}

/* The bytes of text that fit, leaving room for an ellipsis if not all do. */
static size_t
bytes_that_fit(const char *text, double size, double max_width)
{
	double room = max_width - emo_text_width(ELLIPSIS, size);
	double width = 0;
	size_t n = 0;

	if (emo_text_width(text, size) <= max_width && strlen(text) < MAX_LINE_BYTES)
		return strlen(text);
	while (text[n] != '\0')
	{
		width += character_width(text + n) * size;
		if (width > room || n + 8 > MAX_LINE_BYTES)
			break;
		n += (size_t) character_bytes(text + n);
	}
	return n;
}

/* Bytes of text up to the last space before which all fits into a line, or else up to the first one. */
static size_t
line_bytes(const char *text, double size, double max_width)
{
	size_t last_space = 0, n = 0;
	double width = 0;

	for (; text[n] != '\0'; n += (size_t) character_bytes(text + n))
	{
		if (text[n] == ' ' && text[n + 1] != '%')
			last_space = n;
		width += character_width(text + n) * size;
		if (width > max_width)
			return last_space > 0 ? last_space : n + strcspn(text + n, " ");
	}
	return n;
}

int
emo_add_lines(EmoFigure *figure, double x, double y, double line_height, double size,
			  const char *color, double max_width, int max_lines, const char *text)
{
	int n_lines = 0;

	while (*text != '\0' && n_lines < max_lines)
	{
		char line[MAX_LINE_BYTES];
		size_t length = line_bytes(text, size, max_width);

		snprintf(line, sizeof(line), "%.*s", (int) length, text);
		/* The last one has all that is left, which is cut. */
		if (figure != NULL)
			emo_add_text(figure, x, y + line_height * n_lines, EMO_ANCHOR_START, size, color,
						 max_width, n_lines == max_lines - 1 ? text : line);
		n_lines++;
		text += length;
		text += *text == ' ';
	}
	return n_lines;
}

void
emo_add_text(EmoFigure *figure, double x, double y, EmoAnchor anchor, double size,
			 const char *color, double max_width, const char *text)
{
	static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
	char line[MAX_LINE_BYTES + 8];
	size_t n = bytes_that_fit(text, size, max_width);

	memcpy(line, text, n);
	line[n] = '\0';
	emo_svg_add(&figure->svg, "<text x=\"%g\" y=\"%g\"%s", x, y, anchors[anchor]);
	if (size != EMO_PLOT_FONT_SIZE)
		emo_svg_add(&figure->svg, " font-size=\"%g\"", size);
	if (strcmp(color, EMO_PLOT_TEXT) != 0)
		emo_svg_add(&figure->svg, " fill=\"%s\"", color);
	emo_svg_add(&figure->svg, ">%-s%s</text>", line, text[n] != '\0' ? ELLIPSIS : "");
}
