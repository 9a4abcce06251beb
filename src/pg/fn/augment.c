/*
 * augment.c
 *	  emoser_augment().
 */
#include "pg/source/audio_arg.h"

#include "utils/builtins.h"

#include "core/audio/alter.h"
#include "pg/base/options.h"
#include "pg/source/wav_result.h"

PG_FUNCTION_INFO_V1(emoser_augment);

static EmoAugmentMethod
find_method(const char *name)
{
	const char *names[EMO_AUGMENT_N_METHODS + 1] = {NULL};

	for (int i = 0; i < EMO_AUGMENT_N_METHODS; i++)
		names[i] = emo_augment_amounts[i].method;
	return (EmoAugmentMethod) emoser_find_word("method", name, names);
}

Datum
emoser_augment(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"audio", "method", "amount", "seed"};
	EmoAugmentMethod method;
	EmoAudio audio;
	double amount;
	int64_t n_copy;
	float *copy;
	EmoEnv env;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	for (int i = 1; i < (int) lengthof(names); i++)
		if (PG_ARGISNULL(i) && i != 2)
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("parameter \"%s\" must not be null", names[i])));
	method = find_method(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	amount = PG_ARGISNULL(2) ? emo_augment_amounts[method].usual : PG_GETARG_FLOAT8(2);
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_augment_check(&env, method, amount));
	if (!emoser_decode_audio(&env, PG_GETARG_BYTEA_PP(0), 0, emoser_audio_options(fcinfo), &audio))
		PG_RETURN_NULL();
	emoser_check(&env, emo_augment_audio(&env, method, amount, (uint32) PG_GETARG_INT32(3),
										 audio.sample_rate, audio.samples, audio.n_samples, &copy,
										 &n_copy));
	PG_RETURN_BYTEA_P(emoser_wav_result(&env, copy, n_copy, 1, audio.sample_rate, EMO_WAV_PCM16));
}
