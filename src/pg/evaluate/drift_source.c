/*
 * drift_source.c
 *	  What comes in, beside what a stored model was trained on.
 */
#include "pg/evaluate/drift_source.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "pg/base/shown.h"
#include "pg/evaluate/trained_on.h"
#include "pg/model/named.h"
#include "pg/model/versions.h"
#include "pg/source/audio_arg.h"
#include "pg/source/reader.h"

/* Of the frames of recordings, for models with a net; the rest goes to a temporary file. */
#define FRAMES_MEMORY_MB 256

/* Columns that are put beside those of the source; none of a table is called so. */
#define EMOTION_COLUMN "emoser: no emotion"
#define BUCKET_COLUMN  "emoser: stretch of time"

/* Of rows without a time. */
#define NO_TIME "none"

/* More are no picture, and their counts would take too much memory. */
#define MAX_BUCKETS      1000
#define MAX_BUCKET_BYTES ((Size) 256 * 1024 * 1024)

/* So many recordings, the first ones, are looked for among those of the training. */
#define MAX_CHECKED 4096

/* Bits of the registers that count speakers: 1024 of them, 3 % off for very many, exact for few. */
#define SPEAKER_BITS 10

static const char *const bucket_words[] = {"hour", "day", "week", "month", "quarter", "year", NULL};

typedef struct DriftOptions
{
	SourceOptions source;
	char *time;   /* NULL: no stretches of time */
	char *bucket; /* a word, or an interval */
	bool quiet;
} DriftOptions;

/* Counting utterances as they are read. */
typedef struct Run
{
	MemoryContext context;
	Drift *drift;
	DecodedModel *decoded;
	bool is_checked; /* that the model takes the source */
	int capacity;    /* of drift->buckets */
	float *probabilities;
	EmoValue *values;
	ContentHashes *contents; /* [drift->n_checked] */
	int64 n_without_speech;
} Run;

static DriftOptions
read_options(Jsonb *given)
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
	return options;
}

static bool
is_bucket_word(const char *bucket)
{
	for (const char *const *word = bucket_words; *word != NULL; word++)
		if (strcmp(*word, bucket) == 0)
			return true;
	return false;
}

static void
check_bucket(const char *bucket)
{
	Interval *interval;

	if (is_bucket_word(bucket))
		return;
	interval = DatumGetIntervalP(DirectFunctionCall3(
		interval_in, CStringGetDatum(bucket), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	if (interval->month != 0 || interval->day < 0 || interval->time < 0 ||
		(interval->day == 0 && interval->time == 0))
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("option \"bucket\" can't be \"%s\"", emoser_shown(bucket)),
			 errhint("It is \"hour\", \"day\", \"week\", \"month\", \"quarter\", \"year\", or an "
					 "interval of days, hours, minutes or seconds, such as \"14 days\".")));
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
	return psprintf("COALESCE(pg_catalog.date_part('epoch'::pg_catalog.text, "
					"%s)::pg_catalog.text, '" NO_TIME "'::pg_catalog.text)",
					start);
}

/* The source with a column of emotions, which is of no use, and one of times. */
static char *
timed_source(const char *item, const DriftOptions *options)
{
	StringInfoData query;

	initStringInfo(&query);
	appendStringInfoString(&query,
						   "SELECT source.*, 'unknown'::pg_catalog.text AS \"" EMOTION_COLUMN "\"");
	if (options->time != NULL)
		appendStringInfo(&query, ", %s AS \"" BUCKET_COLUMN "\"", bucket_expression(options));
	appendStringInfo(&query, " FROM %s", item);
	return query.data;
}

/* In memory that stays. */
static void
begin_bucket(Run *run, DriftBucket *bucket)
{
	MemoryContext outer = MemoryContextSwitchTo(run->context);
	EmoEnv env;

	emoser_env_init(&env, run->context);
	*bucket = (DriftBucket){.has_start = false};
	emoser_check(&env, emo_drift_new_counts(&env, &run->drift->of, &bucket->counts));
	initHyperLogLog(&bucket->speakers, SPEAKER_BITS);
	MemoryContextSwitchTo(outer);
}

static void
check_room(const Run *run)
{
	const Drift *drift = run->drift;
	int most = (int) Min(MAX_BUCKETS, MAX_BUCKET_BYTES / emo_drift_bytes(&drift->of));

	if (drift->n_buckets >= most)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many stretches of time in the source"),
						errdetail("There are more than %d.", most),
						errhint("Take longer ones, as with the option \"bucket\": \"month\", or a "
								"part of the source.")));
}

/* The stretch of time of a name, which have numbers in the order of their coming. */
static DriftBucket *
bucket_of(Run *run, const TrainingReader *reader, int number)
{
	Drift *drift = run->drift;
	const char *name;

	if (number < drift->n_buckets)
		return &drift->buckets[number];
	check_room(run);
	if (drift->n_buckets == run->capacity)
	{
		run->capacity = Max(2 * run->capacity, 16);
		drift->buckets = drift->buckets == NULL
							 ? MemoryContextAlloc(run->context, run->capacity * sizeof(DriftBucket))
							 : repalloc(drift->buckets, run->capacity * sizeof(DriftBucket));
	}
	begin_bucket(run, &drift->buckets[number]);
	name = list_nth(reader->groups.names, number);
	if (strcmp(name, NO_TIME) != 0)
	{
		drift->buckets[number].has_start = true;
		drift->buckets[number].start = DatumGetTimestampTz(DirectFunctionCall1(
			float8_timestamptz, DirectFunctionCall1(float8in, CStringGetDatum(name))));
	}
	drift->n_buckets++;
	return &drift->buckets[number];
}

/* A part is of speakers, or of recordings by what is in them, so that it doesn't depend on their order. */
static uint32
part_hash(const TrainingReader *reader, const char *speaker)
{
	uint32 hash;

	if (speaker != NULL)
		return hash_bytes((const unsigned char *) speaker, (int) strlen(speaker));
	memcpy(&hash, reader->utterances[0].digest, sizeof(hash));
	return hash;
}

static void
count_into(Run *run, DriftBucket *bucket, const EmoUtterance *utterance, uint32 hash,
		   bool has_speaker)
{
	bool tells_values = run->drift->model->targets != NULL;

	emo_drift_add(&run->drift->of, &bucket->counts->parts[hash % EMO_DRIFT_PARTS], utterance,
				  tells_values ? NULL : run->probabilities, tells_values ? run->values : NULL);
	bucket->n++;
	if (has_speaker)
		addHyperLogLog(&bucket->speakers, hash);
}

static void
check_takes(Run *run, const TrainingReader *reader)
{
	const EmoModel *model = run->drift->model;

	if (run->is_checked)
		return;
	if (reader->columns.audio != 0)
		emoser_check_model_takes_audio(model);
	if (model->n_heads > 0)
		emoser_check_model_takes(model, reader->n_features);
	run->is_checked = true;
}

/* An UtteranceTaker. */
static void
take_utterance(void *argument, const TrainingReader *reader)
{
	Run *run = argument;
	Drift *drift = run->drift;
	const Utterance *given = &reader->utterances[0];
	EmoUtterance utterance = {.features = drift->model->n_heads > 0 ? reader->features : NULL,
							  .frames = reader->taken_frames,
							  .n_frames = reader->n_taken_frames};
	const char *speaker =
		reader->columns.speaker != 0 ? list_nth(reader->speakers.names, given->speaker) : NULL;
	DriftBucket *bucket = &drift->all;

	check_takes(run, reader);
	/* Silence and music say nothing of how people sound. */
	if (given->without_speech)
		return;
	if (drift->model->targets != NULL)
		emoser_predict_values_of(run->decoded, &utterance, run->values);
	else
		emoser_predict_utterance(run->decoded, &utterance, run->probabilities);
	if (reader->columns.group != 0)
		bucket = bucket_of(run, reader, given->group);
	count_into(run, bucket, &utterance, part_hash(reader, speaker), speaker != NULL);
	if (drift->n_checked < MAX_CHECKED)
		run->contents[drift->n_checked++] = given->hashes;
}

/* Stretches of time make up the whole. */
static void
sum_up(Run *run, bool has_times)
{
	Drift *drift = run->drift;

	for (int b = 0; has_times && b < drift->n_buckets; b++)
	{
		emo_drift_merge(&drift->of, drift->all.counts, drift->buckets[b].counts);
		drift->all.n += drift->buckets[b].n;
		for (int r = 0; r < (int) drift->all.speakers.nRegisters; r++)
			drift->all.speakers.hashesArr[r] =
				Max(drift->all.speakers.hashesArr[r], drift->buckets[b].speakers.hashesArr[r]);
	}
}

static void
measure_bucket(const Drift *drift, DriftBucket *bucket, bool has_speakers)
{
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	if (has_speakers)
		bucket->n_speakers =
			(int64) Max(1, Min(rint(estimateHyperLogLog(&bucket->speakers)), (double) bucket->n));
	emoser_check(&env, emo_drift_measure(&env, &drift->of, bucket->counts, bucket->n_speakers,
										 &bucket->items, &bucket->n_items));
}

static int
compare_buckets(const void *a, const void *b)
{
	const DriftBucket *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

/* Those with a time, in order. */
static void
sort_buckets(Drift *drift)
{
	int n = 0;

	for (int b = 0; b < drift->n_buckets; b++)
		if (drift->buckets[b].has_start)
			drift->buckets[n++] = drift->buckets[b];
	drift->n_buckets = n;
	if (n > 0)
		qsort(drift->buckets, n, sizeof(DriftBucket), compare_buckets);
}

static void
look_for_own_recordings(Oid function, Drift *drift, const StoredModel *stored,
						const ContentHashes *contents)
{
	bool *found = emoser_find_trained_on(function, pstrdup(stored->name), stored->version, contents,
										 drift->n_checked);

	drift->n_trained_on = found == NULL ? -1 : 0;
	for (int64 i = 0; found != NULL && i < drift->n_checked; i++)
		drift->n_trained_on += found[i];
	if (drift->n_trained_on > 0)
		ereport(
			WARNING,
			(errmsg("model \"%s\" was trained on " INT64_FORMAT " of %s" INT64_FORMAT " recordings",
					emoser_shown(drift->called), drift->n_trained_on,
					drift->n_checked < drift->all.n ? "the first " : "these ", drift->n_checked),
			 errdetail("It is surer of them than of others, and they are more like its "
					   "training.")));
}

static void
check_source(const char *text, const DriftOptions *options, bool wants_audio)
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

static void
read_source(Run *run, const char *text, const DriftOptions *options)
{
	Drift *drift = run->drift;
	const EmoModel *model = drift->model;
	TrainingSetOptions reading = {.source = options->source,
								  .features = model->n_heads > 0,
								  .frames = model->net != NULL,
								  .memory_mb = FRAMES_MEMORY_MB,
								  .quiet = options->quiet,
								  .any_classes = true};
	bool has_times = options->time != NULL, has_speakers;
	TrainingReader reader;

	reading.source.group = has_times ? BUCKET_COLUMN : NULL;
	begin_bucket(run, &drift->all);
	emoser_take_rows(&reader, &reading,
					 emoser_open_source(timed_source(emoser_source_item(text), options), false),
					 take_utterance, run);
	emoser_notice_talkers_of_source(reader.n_talkers_mixed);
	if (!options->quiet)
	{
		emoser_report_skipped_rows(reader.n_skipped);
		emoser_report_without_speech(reader.n_without_speech, "They are left out.");
	}
	sum_up(run, has_times);
	if (drift->all.n == 0)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("the source has no recordings to compare with the training")));
	has_speakers = reader.columns.speaker != 0;
	measure_bucket(drift, &drift->all, has_speakers);
	sort_buckets(drift);
	for (int b = 0; b < drift->n_buckets; b++)
	{
		CHECK_FOR_INTERRUPTS();
		measure_bucket(drift, &drift->buckets[b], has_speakers);
	}
}

Drift *
emoser_measure_drift(Oid function, const char *source, const char *model, Jsonb *given)
{
	Drift *drift = palloc0(sizeof(Drift));
	DriftOptions options = read_options(given);
	const StoredModel *stored;
	const ModelVersion *version;
	Run run = {.context = CurrentMemoryContext, .drift = drift};
	EmoEnv env;

	if (options.time != NULL)
		check_bucket(options.bucket);
	emoser_check_argument_order(source, model);
	stored = emoser_find_model(emoser_name_model(function, model, CurrentMemoryContext));
	version = emoser_read_version(function, stored->name, stored->version);
	drift->called = model;
	drift->model = stored->model;
	check_source(source, &options, drift->model->net != NULL);
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_drift_begin(&env, drift->model, (double) version->record.n_utterances,
									   version->record.n_speakers, &drift->of));
	run.decoded = stored->decoded;
	run.probabilities = palloc(drift->model->n_classes * sizeof(float));
	run.values = palloc(drift->model->n_classes * sizeof(EmoValue));
	run.contents = palloc(MAX_CHECKED * sizeof(ContentHashes));
	read_source(&run, source, &options);
	look_for_own_recordings(function, drift, stored, run.contents);
	return drift;
}
