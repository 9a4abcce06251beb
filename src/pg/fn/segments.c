/*
 * segments.c
 *	  emoser_segments(audio, model, window_s, hop_s, channel): how emotion goes on in a long recording.
 *
 * The recording is decoded block by block into a window that slides over it, so that the decoded
 * samples of an hour are never in memory at once.
 */
#include "pg/model/call.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/model/probabilities.h"
#include "pg/model/value.h"
#include "pg/source/audio_arg.h"

/* The arguments. */
enum
{
	ARG_AUDIO,
	ARG_MODEL,
	ARG_WINDOW,
	ARG_HOP,
	N_REQUIRED_ARGS
};

#define MIN_WINDOW_S 0.1
#define MAX_WINDOW_S 60.0
#define MIN_HOP_S    0.01
#define MAX_HOP_S    3600.0

/* Samples read at once to be skipped, when windows are further apart than they are long. */
#define SKIP_SAMPLES 16384

typedef struct Segmenter
{
	EmoEnv env;
	EmoAudioReader *reader;
	DecodedModel *decoded;
	const char **labels; /* of the model, in the encoding of the database */
	RowWriter rows;
	MemoryContext row_context;
	MemoryContextCallback closer;

	float *window; /* [window_samples] */
	float *fresh;  /* [window_samples], what comes next */
	int64 window_samples, hop_samples;
	int64 n_held; /* samples in the window */
	int64 first;  /* where in the recording the window begins, in samples */
	bool at_end;
} Segmenter;

static int64
read_seconds(FunctionCallInfo fcinfo, int argument, const char *name, double min, double max)
{
	double seconds = PG_GETARG_FLOAT8(argument);

	/* Written so that NaN is out of range too. */
	if (!(seconds >= min && seconds <= max))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must be between %g and %g", name, min, max),
						errdetail("It is %g.", seconds)));
	return llrint(seconds * EMOSER_MODEL_SAMPLE_RATE);
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
	float skipped[SKIP_SAMPLES];

	while (n > 0 && !segmenter->at_end)
	{
		int64 n_read;

		if (read_samples(segmenter, skipped, Min(n, SKIP_SAMPLES), &n_read) != EMO_OK)
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

static void
put_segment(Segmenter *segmenter)
{
	const EmoModel *model = segmenter->decoded->model;
	MemoryContext outer = MemoryContextSwitchTo(segmenter->row_context);
	EmoUtterance utterance = {0};
	float *probabilities = palloc(model->n_classes * sizeof(float));
	Datum values[5];
	bool nulls[5] = {false};
	EmoEnv env;
	int best;

	emoser_env_init(&env, segmenter->row_context);
	emoser_check(
		&env, emoser_make_utterance(&env, model, segmenter->window, segmenter->n_held, &utterance));
	emoser_predict_utterance(segmenter->decoded, &utterance, probabilities);
	for (int c = 0; c < model->n_classes; c++)
		probabilities[c] = logf(probabilities[c]);
	values[0] = Float8GetDatum((double) segmenter->first / EMOSER_MODEL_SAMPLE_RATE);
	values[1] =
		Float8GetDatum((double) (segmenter->first + segmenter->n_held) / EMOSER_MODEL_SAMPLE_RATE);
	values[4] = JsonbPGetDatum(
		emoser_probabilities(segmenter->labels, probabilities, model->n_classes, &best));
	values[2] = CStringGetTextDatum(segmenter->labels[best]);
	values[3] = Float4GetDatum(expf(probabilities[best]));
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

static void
call_model(FunctionCallInfo fcinfo, Segmenter *segmenter)
{
	const EmoModel *model;

	segmenter->decoded = emoser_called_model(emoser_model_call(fcinfo, ARG_MODEL), fcinfo);
	model = segmenter->decoded->model;
	emoser_check_model_takes_audio(model);
	segmenter->labels = palloc(model->n_classes * sizeof(char *));
	for (int c = 0; c < model->n_classes; c++)
		segmenter->labels[c] = emoser_model_text(model->labels[c]);
}

/* The reader has a handle of a library, which no memory context knows of. */
static void
close_reader(void *argument)
{
	emo_audio_close(((Segmenter *) argument)->reader);
}

/* In the current memory context, which is to be deleted afterwards. */
static Segmenter *
new_segmenter(FunctionCallInfo fcinfo)
{
	Segmenter *segmenter = palloc0(sizeof(Segmenter));

	segmenter->window_samples =
		read_seconds(fcinfo, ARG_WINDOW, "window_s", MIN_WINDOW_S, MAX_WINDOW_S);
	segmenter->hop_samples = read_seconds(fcinfo, ARG_HOP, "hop_s", MIN_HOP_S, MAX_HOP_S);
	call_model(fcinfo, segmenter);
	segmenter->window = palloc(segmenter->window_samples * sizeof(float));
	segmenter->fresh = palloc(segmenter->window_samples * sizeof(float));
	segmenter->row_context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser segment", ALLOCSET_DEFAULT_SIZES);
	emoser_env_init(&segmenter->env, CurrentMemoryContext);
	segmenter->closer.func = close_reader;
	segmenter->closer.arg = segmenter;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &segmenter->closer);
	return segmenter;
}

PG_FUNCTION_INFO_V1(emoser_segments);
Datum
emoser_segments(PG_FUNCTION_ARGS)
{
	EmoAudioLimits limits = emoser_audio_limits();
	AudioOptions options = emoser_audio_options(fcinfo);
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
	status = emo_audio_open(&segmenter->env, VARDATA_ANY(audio), VARSIZE_ANY_EXHDR(audio),
							EMOSER_MODEL_SAMPLE_RATE, options.channel, &limits, &segmenter->reader);
	if (status == EMO_OK && emo_audio_differs(segmenter->reader))
		emoser_call_mixed_talkers(emoser_model_call(fcinfo, ARG_MODEL));
	if (status == EMO_OK)
		status = segment(segmenter);
	(void) emoser_audio_accepted(&segmenter->env, status, options.on_bad_audio);
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
	return (Datum) 0;
}
