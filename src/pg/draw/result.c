/*
 * result.c
 *	  Between SQL and the pictures of the core: texts in, SVG out.
 */
#include "pg/draw/result.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "pg/model/store.h"

static int
width_argument(FunctionCallInfo fcinfo, int argument)
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

void
emoser_picture_read(Picture *picture, FunctionCallInfo fcinfo, int title_argument)
{
	picture->width = width_argument(fcinfo, title_argument + 1);
	picture->warning = NULL;
	picture->title = PG_ARGISNULL(title_argument)
						 ? NULL
						 : emoser_utf8_text(text_to_cstring(PG_GETARG_TEXT_PP(title_argument)));
	emoser_env_init(&picture->env, CurrentMemoryContext);
}

Datum
emoser_picture_datum(const Picture *picture, EmoStatus status)
{
	char *text;

	emoser_check(&picture->env, status);
	text = pg_any_to_server(picture->svg, picture->length, PG_UTF8);
	if (text == picture->svg)
		return PointerGetDatum(cstring_to_text_with_len(picture->svg, picture->length));
	return PointerGetDatum(cstring_to_text(text));
}

void
emoser_picture_begin(Picture *picture, FunctionCallInfo fcinfo, const char *const *names,
					 int n_names)
{
	emoser_check_no_nulls(fcinfo, names, n_names);
	emoser_sql_begin(&picture->sql, fcinfo->flinfo->fn_oid);
	emoser_picture_read(picture, fcinfo, PG_NARGS() - 2);
}

static Jsonb *
begin_with_options(Picture *picture, FunctionCallInfo fcinfo, const char *const *names, int n_names)
{
	int options = PG_NARGS() - 1;

	if (PG_ARGISNULL(options))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("options must not be null")));
	emoser_check_no_nulls(fcinfo, names, n_names);
	emoser_sql_begin(&picture->sql, fcinfo->flinfo->fn_oid);
	emoser_picture_read(picture, fcinfo, options - 2);
	return PG_GETARG_JSONB_P(options);
}

SourceOptions
emoser_picture_begin_source(Picture *picture, FunctionCallInfo fcinfo, const char *const *names,
							int n_names)
{
	return emoser_read_source_options(begin_with_options(picture, fcinfo, names, n_names));
}

EvaluationOptions
emoser_picture_begin_evaluation(Picture *picture, FunctionCallInfo fcinfo, const char *const *names,
								int n_names)
{
	return emoser_read_evaluation_options(begin_with_options(picture, fcinfo, names, n_names),
										  false);
}

/* What of a model a picture shows. */
typedef struct Shown
{
	const char *what;
	bool with_profiles, of_numbers, by_groups;
} Shown;

static void
check_has_groups(const EvaluationOptions *options)
{
	if (options->by == NIL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("options must name columns to tell groups by"),
						errhint("Write them as in '{\"by\": \"sex\"}' or '{\"by\": [\"sex\", "
								"\"site\"]}'.")));
}

static ModelEvaluation *
begin_model(Picture *picture, FunctionCallInfo fcinfo, Shown shown)
{
	static const char *const required[] = {"source", "model"};
	EvaluationOptions options = emoser_read_evaluation_options(
		begin_with_options(picture, fcinfo, required, lengthof(required)), shown.by_groups);
	char *source = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char *model = text_to_cstring(PG_GETARG_TEXT_PP(1));
	NamedEvaluation evaluation;

	options.of_numbers = shown.of_numbers;
	if (shown.by_groups)
		check_has_groups(&options);
	emoser_check_argument_order(source, model);
	if (picture->title == NULL)
		picture->title = psprintf("%s of model %s", shown.what, emoser_utf8_text(model));
	evaluation =
		emoser_evaluate_chosen(picture->sql.function, model, emoser_open_source(source, false),
							   &options, shown.with_profiles);
	if (shown.of_numbers)
		emoser_check_tells_numbers(evaluation.of->model);
	picture->warning = emoser_trained_on_words(&evaluation);
	return evaluation.of;
}

ModelEvaluation *
emoser_picture_begin_model(Picture *picture, FunctionCallInfo fcinfo, const char *what,
						   bool with_profiles)
{
	return begin_model(picture, fcinfo, (Shown){.what = what, .with_profiles = with_profiles});
}

ModelEvaluation *
emoser_picture_begin_groups(Picture *picture, FunctionCallInfo fcinfo)
{
	return begin_model(picture, fcinfo,
					   (Shown){.what = "Groups", .with_profiles = true, .by_groups = true});
}

ModelEvaluation *
emoser_picture_begin_regression(Picture *picture, FunctionCallInfo fcinfo, const char *what)
{
	return begin_model(picture, fcinfo, (Shown){.what = what, .of_numbers = true});
}

Datum
emoser_picture_end(Picture *picture, EmoStatus status)
{
	MemoryContext inner = MemoryContextSwitchTo(picture->sql.outer);
	Datum datum = emoser_picture_datum(picture, status);

	MemoryContextSwitchTo(inner);
	emoser_sql_end(&picture->sql);
	return datum;
}

char *
emoser_picture_text(const Picture *picture, uint64 row, int column)
{
	char *value = emoser_sql_text(&picture->sql, row, column);

	return value == NULL ? NULL : emoser_utf8_text(value);
}
