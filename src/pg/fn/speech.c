/*
 * speech.c
 *	  emoser_speech(): where in a recording somebody speaks; emoser_pauses(): what it is where nobody does.
 */
#include "pg/base/glue.h"

#include "utils/memutils.h"

#include "core/dsp/speech.h"
#include "core/dsp/spoken.h"
#include "pg/base/plans.h"
#include "pg/source/audio_arg.h"
#include "pg/source/wav_result.h"

enum
{
	STRETCH_START,
	STRETCH_END,
	STRETCH_LEVEL,
	STRETCH_SNR,
	N_COLUMNS
};

/* Samples read at a time: a long recording is never in memory as a whole. */
#define BLOCK_SAMPLES 16384

/* What a recording is read with; the libraries' handle is closed with the memory context. */
typedef struct Listener
{
	EmoEnv env;
	EmoAudioReader *reader;
	EmoSpeechDetector *detector;
	MemoryContextCallback closer;
} Listener;

static void
close_reader(void *argument)
{
	Listener *listener = argument;

	emo_audio_close(listener->reader);
	emo_speech_destroy(&listener->env, listener->detector);
}

static EmoStatus
listen(Listener *listener, EmoStretches *stretches)
{
	float *block = emo_alloc(&listener->env, BLOCK_SAMPLES, sizeof(float));
	int64_t n_read = 1;

	if (block == NULL)
		return listener->env.status;
	if (emo_speech_create(&listener->env, &listener->detector) != EMO_OK)
		return listener->env.status;
	while (n_read > 0)
		if (emo_audio_read(listener->reader, block, BLOCK_SAMPLES, &n_read) != EMO_OK ||
			emo_speech_push(&listener->env, listener->detector, block, n_read) != EMO_OK)
			return listener->env.status;
	return emo_speech_finish(&listener->env, listener->detector, stretches);
}

static void
put_stretches(RowWriter *rows, const EmoStretches *stretches)
{
	for (int64_t i = 0; i < stretches->n; i++)
	{
		const EmoStretch *stretch = &stretches->items[i];
		Datum values[N_COLUMNS];
		bool nulls[N_COLUMNS] = {false};

		values[STRETCH_START] = Float8GetDatum((double) stretch->start / EMO_SPEECH_SAMPLE_RATE);
		values[STRETCH_END] = Float8GetDatum((double) stretch->end / EMO_SPEECH_SAMPLE_RATE);
		values[STRETCH_LEVEL] = Float4GetDatum(stretch->level_dbfs);
		values[STRETCH_SNR] = Float4GetDatum(stretch->snr_db);
		emoser_put_row(rows, values, nulls);
	}
}

PG_FUNCTION_INFO_V1(emoser_speech);
Datum
emoser_speech(PG_FUNCTION_ARGS)
{
	EmoAudioLimits limits = emoser_audio_limits();
	AudioOptions options = emoser_audio_options(fcinfo);
	static const EmoChannelRule all = {0};
	EmoStretches stretches = {NULL, 0};
	MemoryContext work, outer;
	Listener *listener;
	struct varlena *audio;
	RowWriter rows;
	EmoStatus status;

	emoser_begin_rows(fcinfo, &rows);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	work = AllocSetContextCreate(CurrentMemoryContext, "emoser speech", ALLOCSET_DEFAULT_SIZES);
	outer = MemoryContextSwitchTo(work);
	listener = palloc0(sizeof(Listener));
	emoser_env_init(&listener->env, work);
	listener->closer.func = close_reader;
	listener->closer.arg = listener;
	MemoryContextRegisterResetCallback(work, &listener->closer);
	audio = PG_GETARG_BYTEA_PP(0);
	/* When somebody speaks is no judgement of how. */
	limits.channels = all;
	status = emo_audio_open(&listener->env, VARDATA_ANY(audio), VARSIZE_ANY_EXHDR(audio),
							EMO_SPEECH_SAMPLE_RATE, options.channel, &limits, &listener->reader);
	if (status == EMO_OK)
		status = listen(listener, &stretches);
	if (emoser_audio_accepted(&listener->env, status, options.on_bad_audio))
		put_stretches(&rows, &stretches);
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(work);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(emoser_pauses);
Datum
emoser_pauses(PG_FUNCTION_ARGS)
{
	EmoSpoken pauses;
	EmoAudio decoded;
	EmoEnv env;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	emoser_env_init(&env, CurrentMemoryContext);
	if (!emoser_decode_audio(&env, PG_GETARG_BYTEA_PP(0), EMO_SPEECH_SAMPLE_RATE,
							 emoser_audio_options(fcinfo), &decoded))
		PG_RETURN_NULL();
	emoser_check(&env, emo_cut_to_pauses(&env, emoser_speech_detector(), decoded.samples,
										 decoded.n_samples, &pauses));
	if (pauses.n_samples == 0)
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(emoser_wav_result(&env, pauses.samples, pauses.n_samples, 1,
										EMO_SPEECH_SAMPLE_RATE, EMO_WAV_FLOAT32));
}
