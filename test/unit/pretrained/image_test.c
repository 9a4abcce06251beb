/*
 * image_test.c
 *	  Images of small checkpoints that transformers has written.
 */
#include "unit.h"

#include "encoders.h"

static const char *const all_names[] = {
	"hubert_base",    "hubert_emotion",      "hubert_large",     "hubert_plain",
	"wav2vec2_base",  "wav2vec2_dimensions", "wav2vec2_emotion", "wav2vec2_f16",
	"wav2vec2_large", "wav2vec2_weighted",   "wavlm_base",       "wavlm_bf16",
	"wavlm_emotion",  "wavlm_large",         "whisper",          "whisper_emotion",
	"whisper_f16"};

#define N_NAMES (sizeof(all_names) / sizeof(all_names[0]))

/* Every checkpoint becomes an image in each precision, and it can be opened. */
static void
test_all(EmoEnv *env)
{
	for (size_t i = 0; i < N_NAMES; i++)
		for (int precision = 0; precision <= EMO_OWN_PRECISION; precision++)
		{
			TestEncoder encoder;
			EmoStatus status = test_encoder(env, all_names[i], precision, &encoder);

			CHECK(status == EMO_OK);
			if (status != EMO_OK)
				printf("%s: %s: %s\n", all_names[i], env->message, env->detail);
			CHECK(precision == EMO_OWN_PRECISION || (int) encoder.precision == precision);
			emo_free(env, encoder.image);
		}
}

int
main(void)
{
	RUN(test_all);
	return unit_finish();
}
