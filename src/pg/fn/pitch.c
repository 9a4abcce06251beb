/*
 * pitch.c
 *	  emoser_pitch(): fundamental frequency over time.
 */
#include "pg/base/glue.h"

#include "core/dsp/pitch.h"
#include "pg/base/kept_plan.h"
#include "pg/source/audio_arg.h"

PG_FUNCTION_INFO_V1(emoser_pitch);
Datum
emoser_pitch(PG_FUNCTION_ARGS)
{
	EmoEnv env;
	EmoAudio audio;
	RowWriter rows;
	int64 n_frames;
	float *f0_hz, *strength;

	emoser_begin_rows(fcinfo, &rows);
	emoser_env_init(&env, CurrentMemoryContext);
	if (!emoser_decode_audio(&env, PG_GETARG_BYTEA_PP(0), EMO_PITCH_SAMPLE_RATE, &audio))
		return (Datum) 0;
	n_frames = emo_pitch_frame_count(audio.n_samples);
	f0_hz = palloc_extended(n_frames * sizeof(float), MCXT_ALLOC_HUGE);
	strength = palloc_extended(n_frames * sizeof(float), MCXT_ALLOC_HUGE);
	emoser_check(&env, emo_pitch_track(&env, emoser_pitch_plan(), audio.samples, audio.n_samples,
									   f0_hz, strength));
	for (int64 t = 0; t < n_frames; t++)
	{
		int64 center = t * EMO_PITCH_HOP + EMO_PITCH_CENTER;
		bool is_voiced = strength[t] > EMO_VOICING_THRESHOLD;
		Datum values[3] = {Float8GetDatum((double) center / EMO_PITCH_SAMPLE_RATE),
						   Float4GetDatum(f0_hz[t]), Float4GetDatum(strength[t])};
		bool nulls[3] = {false, !is_voiced, false};

		emoser_put_row(&rows, values, nulls);
	}
	return (Datum) 0;
}
