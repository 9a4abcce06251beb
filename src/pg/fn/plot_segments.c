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
#include "pg/source/audio_arg.h"

/* What is read of emoser_segments(). */
enum
{
	START_S = 1,
	END_S,
	PROBABILITIES
};

/* Those of the first window with speech; NULL: there is none. */
static Jsonb *
first_probabilities(const Sql *sql)
{
	for (uint64 i = 0; i < sql->n_rows; i++)
		if (!emoser_sql_is_null(sql, i, PROBABILITIES))
			return emoser_sql_jsonb(sql, i, PROBABILITIES);
	return NULL;
}

/* The names of a row's probabilities, sorted by their bytes, as in other pictures; NULL: none. */
static const char **
read_names(Jsonb *object, NameTable *table, int32 **place)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue value;

	emoser_name_table_init(table, "labels");
	if (object == NULL)
		return emoser_sort_names(table, place);
	iterator = JsonbIteratorInit(&object->root);
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

static EmoStatus
draw(Picture *picture)
{
	const Sql *sql = &picture->sql;
	uint64 n = sql->n_rows;
	NameTable table;
	int32 *place;
	const char **names = read_names(first_probabilities(sql), &table, &place);
	int n_names = list_length(table.names);
	double *start_s = palloc(n * sizeof(double)), *end_s = palloc(n * sizeof(double));
	float *shares = MemoryContextAllocHuge(CurrentMemoryContext, (n * n_names + 1) * sizeof(float));

	memset(shares, 0, n * n_names * sizeof(float));
	for (uint64 i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		start_s[i] = emoser_sql_float8(sql, i, START_S);
		end_s[i] = emoser_sql_float8(sql, i, END_S);
		if (!emoser_sql_is_null(sql, i, PROBABILITIES))
			read_shares(emoser_sql_jsonb(sql, i, PROBABILITIES), place, n_names,
						shares + i * n_names);
	}
	return emo_plot_bands(&picture->env, emoser_picture_title(picture, "Emotion over time"), names,
						  n_names, start_s, end_s, shares, (int64_t) n, picture->width,
						  &picture->svg, &picture->length);
}

PG_FUNCTION_INFO_V1(emoser_plot_segments);
Datum
emoser_plot_segments(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"audio", "model", "window_s", "hop_s"};
	static const int title_argument = 4;
	static const Oid types[] = {BYTEAOID, TEXTOID, FLOAT8OID, FLOAT8OID};
	int emotions = PG_NARGS() - 1;
	SqlValue values[lengthof(types) + 3];
	AudioOptions options = emoser_audio_options_before(fcinfo, PG_NARGS() - 1);
	Picture picture;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	emoser_sql_begin(&picture.sql, fcinfo->flinfo->fn_oid);
	emoser_picture_read(&picture, fcinfo, title_argument);
	for (int i = 0; i < (int) lengthof(types); i++)
		values[i] = sql_value(types[i], PG_GETARG_DATUM(i));
	values[lengthof(types)] = emoser_channel_value(options.channel);
	values[lengthof(types) + 1] = sql_text(emoser_on_bad_audio_words[options.on_bad_audio]);
	values[lengthof(types) + 2] =
		sql_if(!PG_ARGISNULL(emotions), sql_value(TEXTARRAYOID, PG_GETARG_DATUM(emotions)));
	/* Without rows: a bad recording, and NULL is wanted. */
	if (emoser_sql_read(
			&picture.sql,
			"SELECT start_s, end_s, probabilities "
			"FROM @extschema@.emoser_segments($1, $2, $3, $4, NULL::@extschema@.emoser_speaker_profile, "
			"NULL::double precision, $5, $6, $7)",
			values, lengthof(values)) == 0)
	{
		emoser_sql_end(&picture.sql);
		PG_RETURN_NULL();
	}
	return emoser_picture_end(&picture, draw(&picture));
}
