/*
 * plot_segments.c
 *	  emoser_plot_segments(): emotion over time.
 */
#include "pg/base/glue.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "core/draw/bands.h"
#include "pg/base/name_table.h"
#include "pg/draw/result.h"

/* The names of a row's probabilities, sorted by their bytes, as in other pictures. */
static const char **
read_names(Jsonb *object, NameTable *table, int32 **place)
{
	JsonbIterator *iterator = JsonbIteratorInit(&object->root);
	JsonbIteratorToken token;
	JsonbValue value;

	emoser_name_table_init(table, "labels");
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
		if (token == WJB_KEY)
			(void) emoser_name_number(
				table, emoser_utf8_text(pnstrdup(value.val.string.val, value.val.string.len)));
	return emoser_sort_names(table, place);
}

/* The probabilities of a row: the objects of all rows have the same keys in the same order. */
static void
read_shares(Jsonb *object, const int32 *place, int n_names, float *shares)
{
	JsonbIterator *iterator = JsonbIteratorInit(&object->root);
	JsonbIteratorToken token;
	JsonbValue value;
	int n = 0;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
		if (token == WJB_VALUE && n < n_names)
			shares[place[n++]] = DatumGetFloat4(
				DirectFunctionCall1(numeric_float4, NumericGetDatum(value.val.numeric)));
}

static Jsonb *
probabilities_of(const SPITupleTable *rows, uint64 row)
{
	bool is_null;

	return DatumGetJsonbP(SPI_getbinval(rows->vals[row], rows->tupdesc, 3, &is_null));
}

static EmoStatus
draw(PlotQuery *query, const SPITupleTable *rows, uint64 n, const char **svg, size_t *length)
{
	NameTable table;
	int32 *place;
	const char **names = read_names(probabilities_of(rows, 0), &table, &place);
	int n_names = list_length(table.names);
	double *start_s = palloc(n * sizeof(double)), *end_s = palloc(n * sizeof(double));
	float *shares = MemoryContextAllocHuge(CurrentMemoryContext, n * n_names * sizeof(float));

	memset(shares, 0, n * n_names * sizeof(float));
	for (uint64 i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		start_s[i] = emoser_row_double(rows, i, 1);
		end_s[i] = emoser_row_double(rows, i, 2);
		read_shares(probabilities_of(rows, i), place, n_names, shares + i * n_names);
	}
	return emo_plot_bands(&query->env, query->title != NULL ? query->title : "Emotion over time",
						  names, n_names, start_s, end_s, shares, (int64_t) n, query->width, svg,
						  length);
}

PG_FUNCTION_INFO_V1(emoser_plot_segments);
Datum
emoser_plot_segments(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"audio", "model", "window_s", "hop_s"};
	Oid types[] = {BYTEAOID, TEXTOID, FLOAT8OID, FLOAT8OID};
	Datum values[4];
	PlotQuery query;
	SPITupleTable *rows;
	EmoStatus status;
	const char *svg;
	size_t length;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	emoser_plot_begin(&query, fcinfo, names, lengthof(names));
	for (int i = 0; i < 4; i++)
		values[i] = PG_GETARG_DATUM(i);
	rows = emoser_plot_run(psprintf("SELECT s.start_s, s.end_s, s.probabilities "
									"FROM %s.emoser_segments($1, $2, $3, $4) AS s",
									query.schema),
						   4, types, values, NULL);
	/* A bad recording, with emoser.on_bad_audio = 'null'. */
	if (SPI_processed == 0)
	{
		SPI_finish();
		PG_RETURN_NULL();
	}
	status = draw(&query, rows, SPI_processed, &svg, &length);
	return emoser_plot_end(&query, status, svg, length);
}
