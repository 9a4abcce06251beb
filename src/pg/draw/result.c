/*
 * result.c
 *	  Between SQL and the pictures of the core: texts in, SVG out.
 */
#include "pg/draw/result.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

char *
emoser_plot_title(FunctionCallInfo fcinfo, int argument)
{
	if (PG_ARGISNULL(argument))
		return NULL;
	return emoser_utf8_text(text_to_cstring(PG_GETARG_TEXT_PP(argument)));
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

/* title_argument is followed by the width. */
static void
begin(PlotQuery *query, FunctionCallInfo fcinfo, const char *const *names, int n_names,
	  int title_argument)
{
	emoser_check_no_nulls(fcinfo, names, n_names);
	query->width = emoser_plot_width(fcinfo, title_argument + 1);
	emoser_sql_begin(&query->sql, fcinfo->flinfo->fn_oid);
	query->title = emoser_plot_title(fcinfo, title_argument);
	emoser_env_init(&query->env, CurrentMemoryContext);
}

void
emoser_plot_begin(PlotQuery *query, FunctionCallInfo fcinfo, const char *const *names, int n_names)
{
	begin(query, fcinfo, names, n_names, PG_NARGS() - 2);
}

SourceNames
emoser_plot_begin_source(PlotQuery *query, FunctionCallInfo fcinfo, const char *const *names,
						 int n_names)
{
	int options = PG_NARGS() - 1;

	if (PG_ARGISNULL(options))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("options must not be null")));
	begin(query, fcinfo, names, n_names, options - 2);
	return emoser_source_names(PG_GETARG_JSONB_P(options));
}

Datum
emoser_plot_end(PlotQuery *query, EmoStatus status, const char *svg, size_t length)
{
	MemoryContext inner = MemoryContextSwitchTo(query->sql.outer);
	Datum datum = emoser_plot_datum(&query->env, status, svg, length);

	MemoryContextSwitchTo(inner);
	emoser_sql_end(&query->sql);
	return datum;
}

char *
emoser_plot_text(const PlotQuery *query, uint64 row, int column)
{
	char *value = emoser_sql_text(&query->sql, row, column);

	return value == NULL ? NULL : emoser_utf8_text(value);
}
