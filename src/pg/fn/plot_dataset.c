/*
 * plot_dataset.c
 *	  emoser_plot_durations(), emoser_plot_counts(): pictures of a table or query.
 */
#include "pg/base/glue.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/audio/info.h"
#include "core/draw/histogram.h"
#include "pg/base/encoding.h"
#include "pg/draw/counts.h"
#include "pg/draw/result.h"
#include "pg/source/audio_arg.h"
#include "pg/source/source.h"

static void
raise_empty(const char *what)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("the source has no %s", what)));
}

/* Durations of recordings, in seconds. */
typedef struct Durations
{
	double *s; /* [n] */
	int64 n, capacity;
} Durations;

static void
add_duration(Durations *durations, double duration_s)
{
	if (durations->n == durations->capacity)
	{
		durations->capacity = Max(2 * durations->capacity, 1024);
		durations->s =
			durations->s == NULL
				? MemoryContextAllocHuge(CurrentMemoryContext, durations->capacity * sizeof(double))
				: repalloc_huge(durations->s, durations->capacity * sizeof(double));
	}
	durations->s[durations->n++] = duration_s;
}

/* How they are read. */
typedef struct DurationReading
{
	TupleDesc columns;
	int audio;
	OnBadAudio on_bad_audio;
	MemoryContext context; /* of durations */
	Durations durations;
} DurationReading;

static void
take_duration(void *argument, const SourceRow *row)
{
	DurationReading *reading = argument;
	EmoAudioInfo info;
	bool is_null;
	Datum recording = SPI_getbinval(row->columns, reading->columns, reading->audio, &is_null);

	if (!is_null && emoser_recording_info(PG_DETOAST_DATUM_PACKED(recording), reading->on_bad_audio,
										  &info, NULL))
	{
		MemoryContextSwitchTo(reading->context);
		add_duration(&reading->durations, info.duration_s);
	}
}

static Durations
read_durations(Source *source, const SourceOptions *options)
{
	DurationReading reading = {.columns = emoser_source_row_type(source),
							   .on_bad_audio = options->on_bad_audio,
							   .context = CurrentMemoryContext};

	reading.audio = emoser_require_column(
		reading.columns, options->audio != NULL ? options->audio : "audio", BYTEAOID);
	emoser_use_columns(source, &reading.audio, 1);
	emoser_each_row(source, take_duration, &reading);
	return reading.durations;
}

PG_FUNCTION_INFO_V1(emoser_plot_durations);
Datum
emoser_plot_durations(PG_FUNCTION_ARGS)
{
	static const char *const required[] = {"source"};
	Picture picture;
	SourceOptions options;
	Durations durations;

	options = emoser_picture_begin_source(&picture, fcinfo, required, lengthof(required));
	durations =
		read_durations(emoser_open_source(text_to_cstring(PG_GETARG_TEXT_PP(0)), false), &options);
	if (durations.n == 0)
		raise_empty("recordings");
	return emoser_picture_end(
		&picture,
		emo_plot_histogram(&picture.env, emoser_picture_title(&picture, "Durations of recordings"),
						   durations.s, durations.n, "recordings", "Recordings", "Duration (s)",
						   "s", picture.width, &picture.svg, &picture.length));
}

/* Rows by the values of a column, and of another one unless it is 0. */
typedef struct CountReading
{
	TupleDesc columns;
	int by, split;
	Counts *counts;
} CountReading;

static void
take_count(void *argument, const SourceRow *row)
{
	CountReading *reading = argument;

	if (!emoser_count_row(reading->counts,
						  emoser_trimmed_value(row->columns, reading->columns, reading->by),
						  reading->split != 0
							  ? emoser_trimmed_value(row->columns, reading->columns, reading->split)
							  : NULL))
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("the column to split by has more than %d values", EMOSER_MAX_SPLIT),
						errhint("Count by that column, and split by another.")));
}

static Counts *
count_rows(Source *source, const char *by, const char *split)
{
	CountReading reading = {.columns = emoser_source_row_type(source),
							.counts = emoser_counts_new(split != NULL)};

	reading.by = emoser_require_column(reading.columns, by, InvalidOid);
	if (split != NULL)
		reading.split = emoser_require_column(reading.columns, split, InvalidOid);
	reading.counts->names_are_emotions = strcmp(by, "emotion") == 0;
	reading.counts->series_are_emotions = split != NULL && strcmp(split, "emotion") == 0;
	emoser_use_columns(source, (const int[]){reading.by, reading.split}, 2);
	emoser_each_row(source, take_count, &reading);
	if (emoser_source_row_number(source) == 0)
		raise_empty("rows");
	return reading.counts;
}

PG_FUNCTION_INFO_V1(emoser_plot_counts);
Datum
emoser_plot_counts(PG_FUNCTION_ARGS)
{
	static const char *const required[] = {"source", "by"};
	char *by, *split = NULL, *title;
	Picture picture;
	Counts *counts;

	emoser_picture_begin(&picture, fcinfo, required, lengthof(required));
	by = text_to_cstring(PG_GETARG_TEXT_PP(1));
	if (!PG_ARGISNULL(2))
		split = text_to_cstring(PG_GETARG_TEXT_PP(2));
	counts =
		count_rows(emoser_open_source(text_to_cstring(PG_GETARG_TEXT_PP(0)), false), by, split);
	by = emoser_utf8_text(by);
	title = split != NULL ? psprintf("Utterances by %s and %s", by, emoser_utf8_text(split))
						  : psprintf("Utterances by %s", by);
	return emoser_picture_end(
		&picture, emoser_draw_counts(&picture.env, counts, emoser_picture_title(&picture, title),
									 picture.width, &picture.svg, &picture.length));
}
