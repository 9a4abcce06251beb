/*
 * drift_source.c
 *	  What comes in, beside what a stored model was trained on.
 */
#include "pg/evaluate/drift_source.h"

#include <math.h>

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "pg/base/shown.h"
#include "pg/evaluate/drift_options.h"
#include "pg/evaluate/model_evaluation.h"
#include "pg/evaluate/trained_on.h"
#include "pg/model/named.h"
#include "pg/model/versions.h"
#include "pg/source/audio_arg.h"
#include "pg/source/reader.h"

/* More are no picture, and their counts would take too much memory. */
#define MAX_BUCKETS      1000
#define MAX_BUCKET_BYTES ((Size) 256 * 1024 * 1024)

/* So many recordings, the first ones, are looked for among those of the training. */
#define MAX_CHECKED 4096

/* Bits of the registers that count speakers of a stretch of time: 4096 of them, 2 % off for very many. */
#define SPEAKER_BITS 12

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
} Run;

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
	if (strcmp(name, EMOSER_NO_TIME) != 0)
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
	}
}

static int64
count_speakers(DriftBucket *bucket)
{
	return (int64) Max(1, Min(rint(estimateHyperLogLog(&bucket->speakers)), (double) bucket->n));
}

static void
measure_bucket(const Drift *drift, DriftBucket *bucket, int64 n_speakers)
{
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	bucket->n_speakers = n_speakers;
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
read_source(Run *run, const char *text, const DriftOptions *options)
{
	Drift *drift = run->drift;
	TrainingSetOptions reading = emoser_hearing_options(drift->model, &options->source);
	bool has_times = options->time != NULL, has_speakers;
	TrainingReader reader;

	reading.quiet = options->quiet;
	reading.source.group = has_times ? EMOSER_BUCKET_COLUMN : NULL;
	begin_bucket(run, &drift->all);
	emoser_take_rows(&reader, &reading,
					 emoser_open_source(emoser_timed_source(text, options), false), take_utterance,
					 run);
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
	measure_bucket(drift, &drift->all,
				   has_speakers ? Min(list_length(reader.speakers.names), drift->all.n) : 0);
	sort_buckets(drift);
	for (int b = 0; b < drift->n_buckets; b++)
	{
		CHECK_FOR_INTERRUPTS();
		measure_bucket(drift, &drift->buckets[b],
					   has_speakers ? count_speakers(&drift->buckets[b]) : 0);
	}
}

Drift *
emoser_measure_drift(Oid function, const char *source, const char *model, Jsonb *given)
{
	Drift *drift = palloc0(sizeof(Drift));
	DriftOptions options = emoser_read_drift_options(given);
	const StoredModel *stored;
	const ModelVersion *version;
	Run run = {.context = CurrentMemoryContext, .drift = drift};
	EmoEnv env;

	emoser_check_argument_order(source, model);
	stored = emoser_find_model(emoser_name_model(function, model, CurrentMemoryContext));
	version = emoser_read_version(function, stored->name, stored->version);
	drift->called = model;
	drift->model = stored->model;
	emoser_check_drift_source(source, &options, drift->model->net != NULL);
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
