/*
 * terminal.c
 *	  emoser_sparkline(), emoser_bar(): pictures of characters, for psql.
 */
#include "pg/base/glue.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#define MAX_BAR_WIDTH 200

/* Eighths of a block: U+2581 to U+2588 from below, U+258F to U+2588 from the left. */
static const char *const from_below[] = {"\u2581", "\u2582", "\u2583", "\u2584",
										 "\u2585", "\u2586", "\u2587", "\u2588"};
static const char *const from_left[] = {"",       "\u258F", "\u258E", "\u258D", "\u258C",
										"\u258B", "\u258A", "\u2589", "\u2588"};

/* UTF-8 as text of the database; raises if its encoding has no such characters. */
static Datum
text_of(StringInfo utf8)
{
	return CStringGetTextDatum(pg_any_to_server(utf8->data, utf8->len, PG_UTF8));
}

/* The range of the finite elements of an array that aren't null. */
static void
find_range(const Datum *elements, const bool *nulls, int n, float *low, float *high)
{
	*low = INFINITY;
	*high = -INFINITY;
	for (int i = 0; i < n; i++)
		if (!nulls[i] && isfinite(DatumGetFloat4(elements[i])))
		{
			*low = fminf(*low, DatumGetFloat4(elements[i]));
			*high = fmaxf(*high, DatumGetFloat4(elements[i]));
		}
}

PG_FUNCTION_INFO_V1(emoser_sparkline);
Datum
emoser_sparkline(PG_FUNCTION_ARGS)
{
	StringInfoData line;
	Datum *elements;
	bool *nulls;
	int n;
	float low, high;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), FLOAT4OID, sizeof(float4), true, TYPALIGN_INT,
					  &elements, &nulls, &n);
	find_range(elements, nulls, n, &low, &high);
	initStringInfo(&line);
	for (int i = 0; i < n; i++)
	{
		float value = DatumGetFloat4(elements[i]);
		double share = high > low ? ((double) value - low) / ((double) high - low) : 0.5;

		CHECK_FOR_INTERRUPTS();
		if (nulls[i] || !isfinite(value))
			appendStringInfoChar(&line, ' ');
		else
			appendStringInfoString(&line, from_below[(int) fmin(7, floor(8 * share))]);
	}
	return text_of(&line);
}

PG_FUNCTION_INFO_V1(emoser_bar);
Datum
emoser_bar(PG_FUNCTION_ARGS)
{
	double value = PG_GETARG_FLOAT8(0), most = PG_GETARG_FLOAT8(1);
	int width = PG_GETARG_INT32(2);
	StringInfoData bar;
	int eighths;

	if (!(most > 0) || isinf(most))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max must be greater than 0, and finite"), errdetail("It is %g.", most)));
	if (width < 1 || width > MAX_BAR_WIDTH)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("width must be between 1 and %d", MAX_BAR_WIDTH),
						errdetail("It is %d.", width)));
	/* NaN and what is below 0 have no bar, what is above max a full one. */
	eighths = value > 0 ? (int) rint(8 * width * fmin(1, value / most)) : 0;
	initStringInfo(&bar);
	for (; eighths >= 8; eighths -= 8)
		appendStringInfoString(&bar, from_left[8]);
	appendStringInfoString(&bar, from_left[eighths]);
	return text_of(&bar);
}
