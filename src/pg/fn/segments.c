/*
 * segments.c
 *	  emoser_segments(audio, model, window_s, hop_s, ...): how emotion goes on in a long recording.
 *
 * The recording is decoded block by block, so that the decoded samples of an hour are never in memory at
 * once, and twice: to know where speech is, and into a window that slides over it.
 */
#include "pg/model/call.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/dsp/levels.h"
#include "core/dsp/spoken.h"
#include "pg/model/emotion.h"
#include "pg/source/audio_arg.h"

/* The arguments; channel, on_bad_audio and emotions come last. */
enum
{
	ARG_AUDIO,
	ARG_MODEL,
	ARG_WINDOW,
	ARG_HOP,
	N_REQUIRED_ARGS,
	ARG_PROFILE = N_REQUIRED_ARGS,
	ARG_MIN_CONFIDENCE
};

/* The columns. */
enum
{
	COLUMN_START,
	COLUMN_END,
	COLUMN_EMOTION, /* and what follows it */
	COLUMN_SPEECH_SHARE = COLUMN_EMOTION + N_EMOTION_COLUMNS,
	COLUMN_LEVEL,
	N_COLUMNS
};

#define MIN_WINDOW_S 0.1
#define MAX_WINDOW_S 60.0
#define MIN_HOP_S    0.01
#define MAX_HOP_S    3600.0

/* Samples read at once, to be listened to or to be skipped between windows. */
#define BLOCK_SAMPLES 16384

/*
 * With less speech a window has no emotion: 1 s, or half of a window below 2 s.  The end of a word is no
 * emotion: of half a second, half of EmoDB is heard right.
 */
#define MIN_SPEECH_S     1.0
#define MIN_SPEECH_SHARE 0.5

typedef struct Segmenter
{
	EmoEnv env;
	EmoAudioReader *reader;
	EmotionWriter emotions;
	const EmoProfile *profile; /* NULL: not known */
	RowWriter rows;
	MemoryContext row_context;
	MemoryContextCallback closer;

	float *window; /* [window_samples] */
	float *fresh;  /* [window_samples], what comes next */
	int64 window_samples, hop_samples;
	int64 n_held; /* samples in the window */
	int64 first;  /* where in the recording the window begins, in samples */
	bool at_end;

	EmoSpeechDetector *detector;
	EmoStretches speech;
	int64 n_past; /* stretches that end before the window */
} Segmenter;

static int64
read_seconds(FunctionCallInfo fcinfo, int argument, const char *name, double min, double max)
{
	return llrint(emoser_number_argument(fcinfo, argument, name, min, max) *
				  EMOSER_MODEL_SAMPLE_RATE);
}

/* Up to n samples into buffer; fewer at the end only. */
static EmoStatus
read_samples(Segmenter *segmenter, float *buffer, int64 n, int64 *n_read)
{
	*n_read = 0;
	while (*n_read < n && !segmenter->at_end)
	{
		int64 n_more;

		if (emo_check_stop(&segmenter->env) != EMO_OK ||
			emo_audio_read(segmenter->reader, buffer + *n_read, n - *n_read, &n_more) != EMO_OK)
			return segmenter->env.status;
		*n_read += n_more;
		segmenter->at_end = n_more == 0;
	}
	return EMO_OK;
}

/* Samples between two windows, when the hop is longer than the window. */
static EmoStatus
skip_samples(Segmenter *segmenter, int64 n)
{
	float skipped[BLOCK_SAMPLES];

	while (n > 0 && !segmenter->at_end)
	{
		int64 n_read;

		if (read_samples(segmenter, skipped, Min(n, BLOCK_SAMPLES), &n_read) != EMO_OK)
			return segmenter->env.status;
		n -= n_read;
	}
	return EMO_OK;
}

/*
 * Slide the window by the hop.  At the end of the recording it slides only as far as there are
 * samples, so that the last window is the last window_s seconds and as long as the others; but
 * between windows with a gap, a short rest is a short window.  *moved is false if nothing was left.
 */
static EmoStatus
slide(Segmenter *segmenter, bool *moved)
{
	int64 shift = Min(segmenter->hop_samples, segmenter->window_samples);
	int64 gap = segmenter->hop_samples - shift;
	int64 n_fresh, n_kept;

	if (skip_samples(segmenter, gap) != EMO_OK ||
		read_samples(segmenter, segmenter->fresh, shift, &n_fresh) != EMO_OK)
		return segmenter->env.status;
	*moved = n_fresh > 0;
	if (!*moved)
		return EMO_OK;
	n_kept = gap > 0 ? 0 : segmenter->window_samples - n_fresh;
	memmove(segmenter->window, segmenter->window + segmenter->n_held - n_kept,
			n_kept * sizeof(float));
	memcpy(segmenter->window + n_kept, segmenter->fresh, n_fresh * sizeof(float));
	segmenter->n_held = n_kept + n_fresh;
	segmenter->first += gap > 0 ? segmenter->hop_samples : n_fresh;
	return EMO_OK;
}

/* The stretches of speech in the window, from its start on. */
static EmoStretches
window_speech(Segmenter *segmenter)
{
	const EmoStretches *speech = &segmenter->speech;
	int64 end = segmenter->first + segmenter->n_held, last;
	EmoStretches inside = {NULL, 0};

	while (segmenter->n_past < speech->n &&
		   speech->items[segmenter->n_past].end <= segmenter->first)
		segmenter->n_past++;
	last = segmenter->n_past;
	while (last < speech->n && speech->items[last].start < end)
		last++;
	inside.items = palloc((last - segmenter->n_past + 1) * sizeof(EmoStretch));
	for (int64 i = segmenter->n_past; i < last; i++)
	{
		EmoStretch *stretch = &inside.items[inside.n++];

		*stretch = speech->items[i];
		stretch->start = Max(stretch->start - segmenter->first, 0);
		stretch->end = Min(stretch->end - segmenter->first, segmenter->n_held);
	}
	return inside;
}

/* Of the window, about its mean. */
static float
window_level(const Segmenter *segmenter)
{
	double sum = 0, squares = 0, n = (double) segmenter->n_held;

	for (int64 i = 0; i < segmenter->n_held; i++)
	{
		double x = (double) segmenter->window[i];

		sum += x;
		squares += x * x;
	}
	return emo_dbfs(squares / n - sum / n * (sum / n));
}

static void
put_segment(Segmenter *segmenter)
{
	MemoryContext outer = MemoryContextSwitchTo(segmenter->row_context);
	EmoStretches speech = window_speech(segmenter);
	int64 n_speech = emo_speech_samples(&speech);
	double least =
		Min(MIN_SPEECH_S * EMOSER_MODEL_SAMPLE_RATE, MIN_SPEECH_SHARE * (double) segmenter->n_held);
	EmoUtterance utterance = {0};
	Datum values[N_COLUMNS];
	bool nulls[N_COLUMNS] = {false};

	values[COLUMN_START] = Float8GetDatum((double) segmenter->first / EMOSER_MODEL_SAMPLE_RATE);
	values[COLUMN_END] =
		Float8GetDatum((double) (segmenter->first + segmenter->n_held) / EMOSER_MODEL_SAMPLE_RATE);
	values[COLUMN_SPEECH_SHARE] = Float8GetDatum((double) n_speech / (double) segmenter->n_held);
	values[COLUMN_LEVEL] = Float4GetDatum(window_level(segmenter));
	if ((double) n_speech >= least)
	{
		EmoSpoken spoken;
		EmoEnv env;

		emoser_env_init(&env, CurrentMemoryContext);
		emoser_check(&env,
					 emo_join_speech(&env, segmenter->window, segmenter->n_held, &speech, &spoken));
		emoser_hear(&segmenter->emotions, spoken.samples, spoken.n_samples, &utterance);
		utterance.profile = segmenter->profile;
		emoser_put_emotion(&segmenter->emotions, &utterance, values + COLUMN_EMOTION,
						   nulls + COLUMN_EMOTION);
	}
	else
		emoser_put_no_emotion(values + COLUMN_EMOTION, nulls + COLUMN_EMOTION);
	emoser_put_row(&segmenter->rows, values, nulls);
	MemoryContextSwitchTo(outer);
	MemoryContextReset(segmenter->row_context);
}

/* A segment for each place of the window. */
static EmoStatus
segment(Segmenter *segmenter)
{
	bool moved = true;

	if (read_samples(segmenter, segmenter->window, segmenter->window_samples, &segmenter->n_held) !=
		EMO_OK)
		return segmenter->env.status;
	while (moved)
	{
		CHECK_FOR_INTERRUPTS();
		put_segment(segmenter);
		if (slide(segmenter, &moved) != EMO_OK)
			return segmenter->env.status;
	}
	return EMO_OK;
}

static EmoStatus
open_reader(Segmenter *segmenter, const struct varlena *audio, int channel)
{
	EmoAudioLimits limits = emoser_audio_limits();

	emo_audio_close(segmenter->reader);
	segmenter->reader = NULL;
	segmenter->at_end = false;
	return emo_audio_open(&segmenter->env, VARDATA_ANY(audio), VARSIZE_ANY_EXHDR(audio),
						  EMOSER_MODEL_SAMPLE_RATE, channel, &limits, &segmenter->reader);
}

/*
 * Where in the recording somebody speaks.  If it can't be read to its end, that is as far as it can: what
 * is wrong is said after the segments up to there.
 */
static EmoStatus
listen(Segmenter *segmenter)
{
	EmoEnv *env = &segmenter->env;
	EmoStatus status = emo_speech_create(env, &segmenter->detector);
	float *block = palloc(BLOCK_SAMPLES * sizeof(float));
	int64 n_read = 1;

	while (status == EMO_OK && n_read > 0)
	{
		status = read_samples(segmenter, block, BLOCK_SAMPLES, &n_read);
		if (status == EMO_OK && n_read > 0)
			status = emo_speech_push(env, segmenter->detector, block, n_read);
	}
	pfree(block);
	if (status != EMO_OK && !emoser_blames_recording(status))
		return status;
	return emo_speech_finish(env, segmenter->detector, &segmenter->speech);
}

/* The reader and the detector have what belongs to libraries, which no memory context knows of. */
static void
close_all(void *argument)
{
	Segmenter *segmenter = argument;

	emo_audio_close(segmenter->reader);
	emo_speech_destroy(&segmenter->env, segmenter->detector);
}

/* In the current memory context, which is to be deleted afterwards. */
static Segmenter *
new_segmenter(FunctionCallInfo fcinfo)
{
	Segmenter *segmenter = palloc0(sizeof(Segmenter));
	DecodedModel *decoded;

	segmenter->window_samples =
		read_seconds(fcinfo, ARG_WINDOW, "window_s", MIN_WINDOW_S, MAX_WINDOW_S);
	segmenter->hop_samples = read_seconds(fcinfo, ARG_HOP, "hop_s", MIN_HOP_S, MAX_HOP_S);
	decoded = emoser_called_classifier(emoser_model_call(fcinfo, ARG_MODEL), fcinfo);
	emoser_check_model_takes_audio(decoded->model);
	emoser_emotion_begin(&segmenter->emotions, decoded,
						 emoser_called_emotions(fcinfo, PG_NARGS() - 1, decoded->model),
						 emoser_min_confidence(fcinfo, ARG_MIN_CONFIDENCE));
	segmenter->profile = emoser_called_profile(fcinfo, ARG_PROFILE, decoded->model);
	segmenter->window = palloc(segmenter->window_samples * sizeof(float));
	segmenter->fresh = palloc(segmenter->window_samples * sizeof(float));
	segmenter->row_context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser segment", ALLOCSET_DEFAULT_SIZES);
	emoser_env_init(&segmenter->env, CurrentMemoryContext);
	segmenter->closer.func = close_all;
	segmenter->closer.arg = segmenter;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &segmenter->closer);
	return segmenter;
}

PG_FUNCTION_INFO_V1(emoser_segments);
Datum
emoser_segments(PG_FUNCTION_ARGS)
{
	AudioOptions options = emoser_audio_options_before(fcinfo, PG_NARGS() - 1);
	MemoryContext work, outer;
	Segmenter *segmenter;
	struct varlena *audio;
	RowWriter rows;
	EmoStatus status;

	emoser_begin_rows(fcinfo, &rows);
	for (int i = 0; i < N_REQUIRED_ARGS; i++)
		if (PG_ARGISNULL(i))
			return (Datum) 0;
	work = AllocSetContextCreate(CurrentMemoryContext, "emoser segments", ALLOCSET_DEFAULT_SIZES);
	outer = MemoryContextSwitchTo(work);
	segmenter = new_segmenter(fcinfo);
	segmenter->rows = rows;
	audio = PG_GETARG_BYTEA_PP(ARG_AUDIO);
	status = open_reader(segmenter, audio, options.channel);
	if (status == EMO_OK && emo_audio_differs(segmenter->reader))
		emoser_call_mixed_talkers(emoser_model_call(fcinfo, ARG_MODEL));
	if (status == EMO_OK)
		status = listen(segmenter);
	if (status == EMO_OK)
		status = open_reader(segmenter, audio, options.channel);
	if (status == EMO_OK)
		status = segment(segmenter);
	(void) emoser_audio_accepted(&segmenter->env, status, options.on_bad_audio);
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
	return (Datum) 0;
}
