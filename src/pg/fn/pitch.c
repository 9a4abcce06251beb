/*
 * pitch.c
 *	  emoser_pitch(): fundamental frequency over time.
 */
#include "pg/base/glue.h"

#include "core/dsp/pitch.h"
#include "pg/base/plans.h"
#include "pg/source/audio_arg.h"

/* The range of F0, arguments 1 and 2; NULL stands for the default. */
static EmoPitchParams
read_params(FunctionCallInfo fcinfo)
{
	EmoPitchParams defaults = emo_pitch_default_params();

	return emo_pitch_params(PG_ARGISNULL(1) ? defaults.min_hz : PG_GETARG_FLOAT8(1),
							PG_ARGISNULL(2) ? defaults.max_hz : PG_GETARG_FLOAT8(2));
}

static void
put_frames(RowWriter *rows, const float *f0_hz, const float *strength, int64 n_frames)
{
	for (int64 t = 0; t < n_frames; t++)
	{
		int64 center = t * EMO_PITCH_HOP + EMO_PITCH_CENTER;
		Datum values[3] = {Float8GetDatum((double) center / EMO_PITCH_SAMPLE_RATE),
						   Float4GetDatum(f0_hz[t]), Float4GetDatum(strength[t])};
		bool nulls[3] = {false, !emo_pitch_is_known(f0_hz[t], strength[t]), false};

		emoser_put_row(rows, values, nulls);
	}
}

PG_FUNCTION_INFO_V1(emoser_pitch);
Datum
emoser_pitch(PG_FUNCTION_ARGS)
{
	EmoPitchParams params = read_params(fcinfo);
	EmoPitch *pitch;
	EmoEnv env;
	EmoAudio audio;
	RowWriter rows;
	int64 n_frames;
	float *f0_hz, *strength;

	emoser_begin_rows(fcinfo, &rows);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	/* A wrong range is told before time is spent on the recording. */
	pitch = emoser_pitch_plan(&params);
	emoser_env_init(&env, CurrentMemoryContext);
	if (!emoser_decode_audio(&env, PG_GETARG_BYTEA_PP(0), EMO_PITCH_SAMPLE_RATE,
							 emoser_audio_options(fcinfo), &audio))
		return (Datum) 0;
	n_frames = emo_pitch_frame_count(audio.n_samples);
	f0_hz = palloc_extended(n_frames * sizeof(float), MCXT_ALLOC_HUGE);
	strength = palloc_extended(n_frames * sizeof(float), MCXT_ALLOC_HUGE);
	emoser_check(&env,
				 emo_pitch_track(&env, pitch, audio.samples, audio.n_samples, f0_hz, strength));
	put_frames(&rows, f0_hz, strength, n_frames);
	return (Datum) 0;
}
