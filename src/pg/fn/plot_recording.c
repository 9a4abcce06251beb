/*
 * plot_recording.c
 *	  emoser_plot_waveform(), _mel(), _mfcc(), _pitch(), _recording(): pictures of a recording.
 */
#include "pg/base/glue.h"

#include "core/draw/recording.h"
#include "core/dsp/mfcc.h"
#include "core/dsp/pitch.h"
#include "pg/base/plans.h"
#include "pg/draw/result.h"
#include "pg/source/audio_arg.h"

/* Finer than the 40 bands of MFCC, for the eye. */
#define PICTURE_N_MELS 64

static float *
new_floats(EmoEnv *env, int64_t count, int size)
{
	float *values = emo_alloc(env, (size_t) count * (size_t) size, sizeof(float));

	if (values == NULL)
		emoser_raise(env);
	return values;
}

static void
add_mel(EmoEnv *env, EmoRecordingData *data)
{
	EmoMfccParams params = emo_mfcc_default_params();
	float *mel;

	params.n_mels = data->n_mels = PICTURE_N_MELS;
	data->n_frames = emo_mfcc_frame_count(&params, data->n_samples);
	mel = new_floats(env, data->n_frames, data->n_mels);
	emoser_check(env, emo_mel(env, emoser_mfcc_plan(&params), data->samples, data->n_samples, mel));
	data->mel = mel;
}

static void
add_mfcc(EmoEnv *env, EmoRecordingData *data)
{
	EmoMfccParams params = emo_mfcc_default_params();
	float *mfcc;

	data->n_mfcc = params.n_mfcc;
	data->n_frames = emo_mfcc_frame_count(&params, data->n_samples);
	mfcc = new_floats(env, data->n_frames, data->n_mfcc);
	emoser_check(env,
				 emo_mfcc(env, emoser_mfcc_plan(&params), data->samples, data->n_samples, mfcc));
	data->mfcc = mfcc;
}

static void
add_pitch(EmoEnv *env, EmoRecordingData *data)
{
	EmoPitchParams params = emo_pitch_default_params();
	float *f0_hz, *strength;

	data->n_pitch_frames = emo_pitch_frame_count(data->n_samples);
	f0_hz = new_floats(env, data->n_pitch_frames, 1);
	strength = new_floats(env, data->n_pitch_frames, 1);
	emoser_check(env, emo_pitch_track(env, emoser_pitch_plan(&params), data->samples,
									  data->n_samples, f0_hz, strength));
	data->f0_hz = f0_hz;
	data->strength = strength;
	data->first_pitch_s = (double) EMO_PITCH_CENTER / data->sample_rate;
}

static Datum
plot_recording(FunctionCallInfo fcinfo, int parts)
{
	EmoRecordingData data = {.sample_rate = EMO_PITCH_SAMPLE_RATE};
	EmoAudio audio;
	Picture picture;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	emoser_picture_read(&picture, fcinfo, 1);
	if (!emoser_decode_audio(&picture.env, PG_GETARG_BYTEA_PP(0), data.sample_rate,
							 emoser_audio_options(fcinfo), &audio))
		PG_RETURN_NULL();
	data.samples = audio.samples;
	data.n_samples = audio.n_samples;
	if (parts & EMO_PART_MEL)
		add_mel(&picture.env, &data);
	if (parts & EMO_PART_MFCC)
		add_mfcc(&picture.env, &data);
	if (parts & EMO_PART_PITCH)
		add_pitch(&picture.env, &data);
	return emoser_picture_datum(&picture,
								emo_plot_recording(&picture.env, &data, parts, picture.title,
												   picture.width, &picture.svg, &picture.length));
}

#define PLOT_FUNCTION(name, parts)                                                                 \
	PG_FUNCTION_INFO_V1(name);                                                                     \
	Datum name(PG_FUNCTION_ARGS)                                                                   \
	{                                                                                              \
		return plot_recording(fcinfo, parts);                                                      \
	}                                                                                              \
	extern Datum name(PG_FUNCTION_ARGS)

PLOT_FUNCTION(emoser_plot_waveform, EMO_PART_WAVEFORM);
PLOT_FUNCTION(emoser_plot_mel, EMO_PART_MEL);
PLOT_FUNCTION(emoser_plot_mfcc, EMO_PART_MFCC);
PLOT_FUNCTION(emoser_plot_pitch, EMO_PART_PITCH);
PLOT_FUNCTION(emoser_plot_recording, EMO_PART_ALL);
