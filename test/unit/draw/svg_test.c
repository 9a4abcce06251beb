/*
 * svg_test.c
 *	  SVG text: escaping, numbers, base64, limits.
 */
#include "unit.h"

#include <locale.h>

#include "core/draw/svg.h"

static const char *
text_of(EmoEnv *env, const char *text)
{
	EmoSvg svg;

	emo_svg_init(&svg, env);
	emo_svg_add(&svg, "%-s", text);
	return svg.status == EMO_OK ? (svg.text != NULL ? svg.text : "") : "failed";
}

static const char *
number_of(EmoEnv *env, double value)
{
	EmoSvg svg;

	emo_svg_init(&svg, env);
	emo_svg_add(&svg, "%g", value);
	return svg.text;
}

#define CHECK_TEXT(actual, expected) CHECK(strcmp(actual, expected) == 0)

static void
test_escaping(EmoEnv *env)
{
	CHECK_TEXT(text_of(env, "<script>\"a\" & 'b'</script>"),
			   "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
	CHECK_TEXT(text_of(env, "]]>"), "]]&gt;");
	CHECK_TEXT(text_of(env, "tab\tline\n"), "tab\tline\n");
	CHECK_TEXT(text_of(env, "\x01\x1F\x0B"), "&#65533;&#65533;&#65533;");
	CHECK_TEXT(text_of(env, "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"),
			   "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
	CHECK_TEXT(text_of(env, ""), "");
}

/* Each byte that isn't part of a character that XML allows becomes one replacement. */
static void
test_bad_utf8(EmoEnv *env)
{
	CHECK_TEXT(text_of(env, "a\xFFz"), "a&#65533;z");
	CHECK_TEXT(text_of(env, "\xC3"), "&#65533;");
	CHECK_TEXT(text_of(env, "\xE2\x82"), "&#65533;&#65533;");
	/* Overlong "/", a surrogate, U+FFFE, beyond U+10FFFF. */
	CHECK(emo_utf8_length("\xC0\xAF") == 0);
	CHECK(emo_utf8_length("\xE0\x80\xAF") == 0);
	CHECK(emo_utf8_length("\xED\xA0\x80") == 0);
	CHECK(emo_utf8_length("\xEF\xBF\xBE") == 0);
	CHECK(emo_utf8_length("\xEF\xBF\xBD") == 3);
	CHECK(emo_utf8_length("\xF4\x90\x80\x80") == 0);
	CHECK(emo_utf8_length("\xF4\x8F\xBF\xBD") == 4);
}

static void
test_numbers(EmoEnv *env)
{
	/* A locale with decimal commas must not matter, where there is one. */
	(void) setlocale(LC_NUMERIC, "de_DE.UTF-8");
	CHECK_TEXT(number_of(env, 0), "0");
	CHECK_TEXT(number_of(env, -0.001), "0");
	CHECK_TEXT(number_of(env, 12), "12");
	CHECK_TEXT(number_of(env, 12.5), "12.5");
	CHECK_TEXT(number_of(env, 0.25), ".25");
	CHECK_TEXT(number_of(env, -0.25), "-.25");
	CHECK_TEXT(number_of(env, -3.075), "-3.08");
	CHECK_TEXT(number_of(env, 100.05), "100.05");
	CHECK_TEXT(number_of(env, 1e300), "10000000");
	CHECK_TEXT(number_of(env, NAN), "0");
	CHECK_TEXT(number_of(env, INFINITY), "0");
	(void) setlocale(LC_NUMERIC, "C");
}

static void
test_base64(EmoEnv *env)
{
	/* The examples of RFC 4648, section 10. */
	static const char *const expected[] = {"",         "Zg==",     "Zm8=",    "Zm9v",
										   "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};

	for (size_t n = 0; n <= 6; n++)
	{
		EmoSvg svg;

		emo_svg_init(&svg, env);
		emo_svg_add(&svg, "|");
		emo_svg_add_base64(&svg, (const uint8_t *) "foobar", n);
		CHECK_TEXT(svg.text + 1, expected[n]);
	}
}

static void
test_limit(EmoEnv *env)
{
	EmoSvg svg;

	emo_svg_init(&svg, env);
	for (int i = 0; i < EMO_SVG_MAX_BYTES / 10; i++)
		emo_svg_add(&svg, "0123456789");
	CHECK(svg.status == EMO_OK && svg.length == EMO_SVG_MAX_BYTES);
	emo_svg_add(&svg, "x");
	CHECK(svg.status == EMO_LIMIT_EXCEEDED);
	CHECK(svg.length == EMO_SVG_MAX_BYTES);
}

static void
test_no_memory(EmoEnv *env)
{
	EmoSvg svg;

	((UnitHost *) env->host)->allocations_left = 1;
	emo_svg_init(&svg, env);
	for (int i = 0; i < 5000; i++)
		emo_svg_add(&svg, "%d %g", i, i / 7.0);
	CHECK(svg.status == EMO_OUT_OF_MEMORY);
}

int
main(void)
{
	RUN(test_escaping);
	RUN(test_bad_utf8);
	RUN(test_numbers);
	RUN(test_base64);
	RUN(test_limit);
	RUN(test_no_memory);
	return unit_finish();
}
