/*
 * html.c
 *	  HTML as a growing text.
 */
#include "pg/base/html.h"

#include <math.h>

#include "common/base64.h"
#include "mb/pg_wchar.h"

#include "core/draw/svg.h"
#include "pg/base/encoding.h"

/* For what is not known. */
#define EN_DASH "&#8211;"

/* One character; what is none becomes U+FFFD.  Returns its bytes. */
static int
add_character(StringInfo page, const char *utf8)
{
	int length = emo_utf8_length(utf8);

	if (length == 1)
		appendStringInfoChar(page, *utf8);
	else if (length == 0)
		appendStringInfoString(page, "&#65533;");
	else
		appendStringInfo(page, "&#%u;", (unsigned) utf8_to_unicode((const unsigned char *) utf8));
	return Max(length, 1);
}

void
emoser_html_text(StringInfo page, const char *text)
{
	const char *utf8;

	if (text == NULL)
	{
		appendStringInfoString(page, EN_DASH);
		return;
	}
	utf8 = emoser_utf8_text(text);
	while (*utf8 != '\0')
	{
		const char *entity = emo_entity_of(*utf8);

		if (entity != NULL)
		{
			appendStringInfoString(page, entity);
			utf8++;
		}
		else
			utf8 += add_character(page, utf8);
	}
}

void
emoser_html_markup(StringInfo page, const char *markup, size_t length)
{
	const char *end = markup + length;

	while (markup < end)
	{
		size_t plain = 0;

		while (markup + plain < end && (unsigned char) markup[plain] < 0x80)
			plain++;
		appendBinaryStringInfo(page, markup, (int) plain);
		markup += plain;
		if (markup < end)
			markup += add_character(page, markup);
	}
}

static void
add_number(StringInfo page, double value, int digits)
{
	if (isfinite(value))
		appendStringInfo(page, "%.*f", digits, value);
	else
		appendStringInfoString(page, EN_DASH);
}

void
emoser_html_add(StringInfo page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	while (*format != '\0')
	{
		size_t plain = strcspn(format, "%");

		appendBinaryStringInfo(page, format, (int) plain);
		format += plain;
		if (*format == '\0')
			break;
		switch (format[1])
		{
			case 's':
				emoser_html_text(page, va_arg(args, const char *));
				format += 2;
				break;
			case 'd':
				appendStringInfo(page, "%d", va_arg(args, int));
				format += 2;
				break;
			case '.':
				add_number(page, va_arg(args, double), format[2] - '0');
				format += 4;
				break;
			case '%':
				appendStringInfoChar(page, '%');
				format += 2;
				break;
			default:
				elog(ERROR, "unknown conversion in HTML");
		}
	}
	va_end(args);
}

void
emoser_html_base64(StringInfo page, const void *bytes, int n)
{
	int room = pg_b64_enc_len(n), length;

	enlargeStringInfo(page, room + 1);
	length = pg_b64_encode(bytes, n, page->data + page->len, room);
	if (length < 0)
		elog(ERROR, "could not encode bytes in base64");
	page->len += length;
	page->data[page->len] = '\0';
}
