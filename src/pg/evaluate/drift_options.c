/*
 * drift_options.c
 *	  How a source is read that is compared with a training.
 */
#include "pg/evaluate/drift_options.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "pg/base/shown.h"
#include "pg/source/audio_arg.h"

/* A column beside those of the source; none of a table is called so. */
#define EMOTION_COLUMN "emoser: no emotion"

static const char *const bucket_words[] = {"hour", "day", "week", "month", "quarter", "year", NULL};

static bool
is_bucket_word(const char *bucket)
{
	for (const char *const *word = bucket_words; *word != NULL; word++)
		if (strcmp(*word, bucket) == 0)
			return true;
	return false;
}

static void
refuse_bucket(const char *bucket)
{
	const char *closest = emoser_closest_match(bucket, bucket_words, lengthof(bucket_words) - 1);

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("option \"bucket\" can't be \"%s\"", emoser_shown(bucket)),
			 errdetail("It is \"hour\", \"day\", \"week\", \"month\", \"quarter\", \"year\", or an "
					   "interval of days, hours, minutes or seconds, such as \"14 days\"."),
			 closest != NULL ? errhint("Did you mean \"%s\"?", closest) : 0));
}

static Interval *
read_interval(const char *bucket)
{
	MemoryContext context = CurrentMemoryContext;
	Interval *interval = NULL;

	PG_TRY();
	{
		interval = DatumGetIntervalP(DirectFunctionCall3(
			interval_in, CStringGetDatum(bucket), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	}
	PG_CATCH();
	{
		if (ERRCODE_TO_CATEGORY(geterrcode()) != ERRCODE_DATA_EXCEPTION)
			PG_RE_THROW();
		MemoryContextSwitchTo(context);
		FlushErrorState();
		refuse_bucket(bucket);
	}
	PG_END_TRY();
	return interval;
}

static void
check_bucket(const char *bucket)
{
	Interval *interval;

	if (is_bucket_word(bucket))
		return;
	interval = read_interval(bucket);
	if (interval->month != 0 || interval->day < 0 || interval->time < 0 ||
		(interval->day == 0 && interval->time == 0))
		refuse_bucket(bucket);
}

DriftOptions
emoser_read_drift_options(Jsonb *given)
{
	DriftOptions options = {.bucket = "day"};
	SourceOptions *source = &options.source;
	const OptionSpec specs[] = {
		{"speaker", OPTION_NAME, &source->speaker, 0, 0, NULL},
		{"audio", OPTION_NAME, &source->audio, 0, 0, NULL},
		{"channel", OPTION_NAME, &source->channel, 0, 0, NULL},
		{"features", OPTION_NAME, &source->features, 0, 0, NULL},
		{"id", OPTION_NAME, &source->id, 0, 0, NULL},
		{"on_bad_audio", OPTION_ODD_CHOICE, &source->on_bad_audio, 0, 0, emoser_on_bad_audio_words},
		{"time", OPTION_NAME, &options.time, 0, 0, NULL},
		{"bucket", OPTION_NAME, &options.bucket, 0, 0, NULL},
		{"quiet", OPTION_BOOLEAN, &options.quiet, 0, 0, NULL}};

	emoser_read_options(given, "drift", NULL, specs, lengthof(specs));
	source->label = EMOTION_COLUMN;
	if (options.time != NULL)
		check_bucket(options.bucket);
	return options;
}

static void
check_time_column(TupleDesc columns, const char *name)
{
	int column = emoser_require_column(columns, name, InvalidOid);
	Oid type = getBaseType(SPI_gettypeid(columns, column));

	if (type != TIMESTAMPTZOID && type != TIMESTAMPOID && type != DATEOID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of the source is of type %s", emoser_shown(name),
						format_type_be(SPI_gettypeid(columns, column))),
				 errdetail("It must be a time: timestamp with time zone, timestamp or date.")));
}

/* When the stretch of time of a row begins, in seconds from 1970, as text.  All but the names of the source has its schema. */
static char *
bucket_expression(const DriftOptions *options)
{
	char *time = psprintf("source.%s::pg_catalog.timestamptz", quote_identifier(options->time));
	char *start;

	if (is_bucket_word(options->bucket))
		start = psprintf("pg_catalog.date_trunc('%s'::pg_catalog.text, %s)", options->bucket, time);
	else
		/* From a Monday on. */
		start = psprintf("pg_catalog.date_bin(%s::pg_catalog.interval, %s, '2000-01-03 "
						 "00:00:00+00'::pg_catalog.timestamptz)",
						 quote_literal_cstr(options->bucket), time);
	/* As numeric, whose text depends on no setting. */
	return psprintf("COALESCE(pg_catalog.extract('epoch'::pg_catalog.text, "
					"%s)::pg_catalog.text, '" EMOSER_NO_TIME "'::pg_catalog.text)",
					start);
}

/* The source with a column of emotions, which is of no use, and one of times. */
char *
emoser_timed_source(const char *text, const DriftOptions *options)
{
	StringInfoData query;

	initStringInfo(&query);
	appendStringInfoString(&query,
						   "SELECT source.*, 'unknown'::pg_catalog.text AS \"" EMOTION_COLUMN "\"");
	if (options->time != NULL)
		appendStringInfo(&query, ", %s AS \"" EMOSER_BUCKET_COLUMN "\"",
						 bucket_expression(options));
	appendStringInfo(&query, " FROM %s", emoser_source_item(text));
	return query.data;
}

void
emoser_check_drift_source(const char *text, const DriftOptions *options, bool wants_audio)
{
	Source *source = emoser_open_source(text, false);
	SourceOptions content = options->source;

	/* What is wrong with its columns is said of the source as it was given. */
	content.label = NULL;
	(void) emoser_content_columns(emoser_source_row_type(source), &content, wants_audio);
	if (options->time != NULL)
		check_time_column(emoser_source_row_type(source), options->time);
	emoser_close_source(source);
}
