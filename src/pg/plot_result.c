/*
 * plot_result.c
 *	  Between SQL and the pictures of the core: texts in, SVG out.
 */
#include "pg/plot_result.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

char *
emoser_plot_text(const char *text)
{
	char *utf8 = pg_server_to_any(text, strlen(text), PG_UTF8);

	return utf8 == text ? pstrdup(text) : utf8;
}

char *
emoser_plot_title(FunctionCallInfo fcinfo, int argument)
{
	if (PG_ARGISNULL(argument))
		return NULL;
	return emoser_plot_text(text_to_cstring(PG_GETARG_TEXT_PP(argument)));
}

int
emoser_plot_width(FunctionCallInfo fcinfo, int argument)
{
	int width;

	if (PG_ARGISNULL(argument))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("width must not be null")));
	width = PG_GETARG_INT32(argument);
	if (width < EMO_PLOT_MIN_WIDTH || width > EMO_PLOT_MAX_WIDTH)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("width must be between %d and %d", EMO_PLOT_MIN_WIDTH, EMO_PLOT_MAX_WIDTH),
				 errdetail("It is %d.", width)));
	return width;
}

Datum
emoser_plot_datum(const EmoEnv *env, EmoStatus status, const char *svg, size_t length)
{
	char *text;

	emoser_check(env, status);
	text = pg_any_to_server(svg, length, PG_UTF8);
	if (text == svg)
		return PointerGetDatum(cstring_to_text_with_len(svg, length));
	return PointerGetDatum(cstring_to_text(text));
}
