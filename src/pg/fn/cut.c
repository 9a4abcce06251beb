/*
 * cut.c
 *	  emoser_cut().
 */
#include "pg/source/audio_arg.h"

#include <math.h>

#include "core/audio/cut.h"
#include "pg/source/wav_result.h"

PG_FUNCTION_INFO_V1(emoser_cut);

Datum
emoser_cut(PG_FUNCTION_ARGS)
{
	EmoAudioLimits limits = emoser_audio_limits();
	double start_s = PG_ARGISNULL(1) ? 0 : PG_GETARG_FLOAT8(1);
	double end_s = PG_ARGISNULL(2) ? INFINITY : PG_GETARG_FLOAT8(2);
	AudioOptions options;
	bytea *audio;
	EmoCut cut;
	EmoEnv env;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	audio = PG_GETARG_BYTEA_PP(0);
	options = emoser_audio_options(fcinfo);
	if (options.channel == EMO_MIXED)
		options.channel = EMO_ALL_CHANNELS;
	emoser_env_init(&env, CurrentMemoryContext);
	if (!emoser_audio_accepted(&env,
							   emo_audio_cut(&env, VARDATA_ANY(audio), VARSIZE_ANY_EXHDR(audio),
											 start_s, end_s, options.channel, &limits, &cut),
							   options.on_bad_audio))
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(emoser_wav_result(&env, cut.samples, cut.n_frames * cut.n_channels,
										cut.n_channels, cut.sample_rate,
										cut.is_fine ? EMO_WAV_FLOAT32 : EMO_WAV_PCM16));
}
