/*
 * wav_result.c
 *	  Samples as the result of SQL functions.
 */
#include "pg/source/wav_result.h"

#include "utils/memutils.h"

void
emoser_check_wav_fits(int64_t n_samples, EmoWavEncoding encoding)
{
	if (!AllocSizeIsValid(VARHDRSZ + emo_wav_max_bytes(n_samples, encoding)))
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many samples for one bytea: %lld", (long long) n_samples)));
}

bytea *
emoser_wav_result(EmoEnv *env, const float *samples, int64_t n_samples, int n_channels,
				  int sample_rate, EmoWavEncoding encoding)
{
	Size max_bytes = VARHDRSZ + emo_wav_max_bytes(n_samples, encoding);
	size_t n_bytes;
	bytea *wav;

	emoser_check_wav_fits(n_samples, encoding);
	wav = palloc(max_bytes);
	emoser_check(env, emo_wav_write(env, samples, n_samples, n_channels, sample_rate, encoding,
									(uint8_t *) VARDATA(wav), &n_bytes));
	SET_VARSIZE(wav, VARHDRSZ + n_bytes);
	return wav;
}
