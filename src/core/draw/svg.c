/*
 * svg.c
 *	  SVG as a growing text.
 */
#include "core/draw/svg.h"

#include <math.h>
#include <string.h>

/* Far outside of any picture, and small enough for its hundredths to be exact. */
#define MAX_COORDINATE        1e7

#define REPLACEMENT_CHARACTER "&#65533;"

void
emo_svg_init(EmoSvg *svg, EmoEnv *env)
{
	memset(svg, 0, sizeof(*svg));
	svg->env = env;
}

static bool
make_room(EmoSvg *svg, size_t n)
{
	size_t capacity = svg->capacity == 0 ? 16384 : svg->capacity;
	char *text;

	if (svg->status != EMO_OK)
		return false;
	if (n > EMO_SVG_MAX_BYTES || svg->length + n > EMO_SVG_MAX_BYTES)
	{
		svg->status = emo_fail(svg->env, EMO_LIMIT_EXCEEDED,
							   "the picture would have more than %d bytes", EMO_SVG_MAX_BYTES);
		emo_set_hint(svg->env, "Draw less at once.");
		return false;
	}
	if (svg->length + n < svg->capacity)
		return true;
	while (capacity <= svg->length + n)
		capacity *= 2;
	text = emo_alloc(svg->env, capacity, 1);
	if (text == NULL)
	{
		svg->status = svg->env->status;
		return false;
	}
	if (svg->text != NULL)
		memcpy(text, svg->text, svg->length);
	emo_free(svg->env, svg->text);
	svg->text = text;
	svg->capacity = capacity;
	return true;
}

void
emo_svg_add_bytes(EmoSvg *svg, const char *bytes, size_t n)
{
	if (!make_room(svg, n))
		return;
	memcpy(svg->text + svg->length, bytes, n);
	svg->length += n;
	svg->text[svg->length] = '\0';
}

static void
add_markup(EmoSvg *svg, const char *markup)
{
	emo_svg_add_bytes(svg, markup, strlen(markup));
}

/* Digits from the last one, into the end of a buffer. */
static char *
digits_before(char *end, unsigned long value)
{
	do
		*--end = (char) ('0' + value % 10);
	while ((value /= 10) > 0);
	return end;
}

static void
add_integer(EmoSvg *svg, long value)
{
	char buffer[24];
	char *end = buffer + sizeof(buffer);
	char *start = digits_before(end, value < 0 ? -(unsigned long) value : (unsigned long) value);

	if (value < 0)
		*--start = '-';
	emo_svg_add_bytes(svg, start, (size_t) (end - start));
}

static void
add_coordinate(EmoSvg *svg, double value)
{
	long hundredths;
	unsigned long size;
	char buffer[32];
	char *end = buffer + sizeof(buffer), *start = end;

	if (!isfinite(value))
		value = 0;
	hundredths = lround(fmax(-MAX_COORDINATE, fmin(MAX_COORDINATE, value)) * 100);
	size = hundredths < 0 ? -(unsigned long) hundredths : (unsigned long) hundredths;
	if (size % 10 != 0)
		*--start = (char) ('0' + size % 10);
	if (size % 100 != 0)
	{
		*--start = (char) ('0' + size / 10 % 10);
		*--start = '.';
	}
	if (size >= 100 || size == 0)
		start = digits_before(start, size / 100);
	if (hundredths < 0)
		*--start = '-';
	emo_svg_add_bytes(svg, start, (size_t) (end - start));
}

/* The length that a first byte announces, RFC 3629; 0 for none. */
static int
announced_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first <= 0xDF)
		return 2;
	if (first >= 0xE0 && first <= 0xEF)
		return 3;
	return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

int
emo_utf8_length(const char *text)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	int length = announced_length((unsigned char) text[0]);
	uint32_t code = (unsigned char) text[0];

	if (length > 1)
		code &= 0x7Fu >> length;
	for (int i = 1; i < length; i++)
	{
		if (((unsigned char) text[i] & 0xC0) != 0x80)
			return 0;
		code = code << 6 | ((unsigned char) text[i] & 0x3F);
	}
	/* "Char" in section 2.2 of XML 1.0. */
	if (length == 0 || code < least[length] || code > 0x10FFFF || (code & 0xFFFFF800) == 0xD800 ||
		code == 0xFFFE || code == 0xFFFF ||
		(code < 0x20 && code != '\t' && code != '\n' && code != '\r'))
		return 0;
	return length;
}

const char *
emo_entity_of(char c)
{
	switch (c)
	{
		case '<':
			return "&lt;";
		case '>':
			return "&gt;";
		case '&':
			return "&amp;";
		case '"':
			return "&quot;";
		case '\'':
			return "&#39;";
		default:
			return NULL;
	}
}

static void
add_text(EmoSvg *svg, const char *text)
{
	while (*text != '\0' && svg->status == EMO_OK)
	{
		int length = emo_utf8_length(text);
		const char *entity = length == 0 ? REPLACEMENT_CHARACTER : emo_entity_of(*text);

		if (entity != NULL)
			add_markup(svg, entity);
		else
			emo_svg_add_bytes(svg, text, (size_t) length);
		text += length == 0 ? 1 : length;
	}
}

void
emo_svg_add(EmoSvg *svg, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	while (*format != '\0' && svg->status == EMO_OK)
	{
		size_t plain = strcspn(format, "%");

		emo_svg_add_bytes(svg, format, plain);
		format += plain;
		if (*format == '\0')
			break;
		format++;
		switch (*format++)
		{
			case 'g':
				add_coordinate(svg, va_arg(args, double));
				break;
			case 'd':
				add_integer(svg, va_arg(args, int));
				break;
			case 's':
				add_markup(svg, va_arg(args, const char *));
				break;
			case '-':
				format++;
				add_text(svg, va_arg(args, const char *));
				break;
			default:
				svg->status = emo_fail(svg->env, EMO_INVALID_PARAMETER, "unknown conversion");
		}
	}
	va_end(args);
}

void
emo_svg_add_base64(EmoSvg *svg, const uint8_t *bytes, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n && svg->status == EMO_OK; i += 3)
	{
		uint32_t three = (uint32_t) bytes[i] << 16;
		char four[4];

		three |= i + 1 < n ? (uint32_t) bytes[i + 1] << 8 : 0;
		three |= i + 2 < n ? bytes[i + 2] : 0;
		for (int d = 0; d < 4; d++)
			four[d] = i + (size_t) d <= n ? digits[three >> (18 - 6 * d) & 63] : '=';
		emo_svg_add_bytes(svg, four, sizeof(four));
	}
}
