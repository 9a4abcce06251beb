/*
 * config_test.c
 *	  What config.json and preprocessor_config.json say, and how they are refused.
 */
#include "unit.h"

#include "core/pretrained/config.h"
#include "tiny_encoders.h"

static EmoStatus
read_config(EmoEnv *env, const char *config, const char *preprocessor, EmoEncoderConfig *encoder)
{
	EmoJson config_json, preprocessor_json;

	CHECK(emo_json_check(env, "config.json", config, strlen(config), &config_json) == EMO_OK);
	if (preprocessor != NULL)
		CHECK(emo_json_check(env, "preprocessor_config.json", preprocessor, strlen(preprocessor),
							 &preprocessor_json) == EMO_OK);
	return emo_read_encoder_config(env, config_json,
								   preprocessor != NULL ? &preprocessor_json : NULL, encoder);
}

/* Defaults are those of transformers' classes: base models. */
static void
test_defaults(EmoEnv *env)
{
	EmoEncoderConfig c;

	CHECK(read_config(env, "{\"model_type\":\"wav2vec2\"}", NULL, &c) == EMO_OK);
	CHECK(c.kind == EMO_WAV2VEC2 && c.width == 768 && c.n_layers == 12 && c.n_heads == 12 &&
		  c.inner_width == 3072 && !c.norm_first && c.norm_epsilon == 1e-5f && c.standardises);
	CHECK(c.n_convs == 7 && c.convs[0].channels == 512 && c.convs[0].kernel == 10 &&
		  c.convs[0].stride == 5 && c.convs[6].kernel == 2 && c.convs[6].stride == 2 &&
		  c.convs[4].kernel == 3);
	CHECK(!c.conv_bias && !c.conv_layer_norm && c.projection_norm && c.position_kernel == 128 &&
		  c.position_groups == 16 && c.n_buckets == 0 && c.n_mels == 0);
	CHECK(read_config(env, "{\"model_type\":\"wavlm\"}", "{\"do_normalize\":false}", &c) == EMO_OK);
	CHECK(c.kind == EMO_WAVLM && c.n_buckets == 320 && c.max_distance == 800 && !c.standardises);
	CHECK(read_config(env, "{\"model_type\":\"wavlm\"}",
					  "{\"feature_extractor\":{\"do_normalize\":false}}", &c) == EMO_OK);
	CHECK(!c.standardises);
	CHECK(read_config(env, "{\"model_type\":\"whisper\"}", "{}", &c) == EMO_OK);
	CHECK(c.kind == EMO_WHISPER && c.width == 384 && c.n_layers == 4 && c.n_heads == 6 &&
		  c.inner_width == 1536 && c.n_mels == 80 && c.max_frames == 1500 && c.norm_first &&
		  !c.standardises);
	CHECK(read_config(env, "{\"architectures\":[\"HubertModel\"]}", "{}", &c) == EMO_OK);
	CHECK(c.kind == EMO_HUBERT && c.projection_norm);
}

/* What files say is what another reader of them finds. */
static void
test_files(EmoEnv *env)
{
	static const char *const names[] = {"hubert_base",   "hubert_large",   "hubert_plain",
										"wav2vec2_base", "wav2vec2_large", "wavlm_base",
										"wavlm_large",   "whisper"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		EmoEncoderConfig expected, found;
		size_t n;
		const char *config = tiny_file(env, names[i], "/config.json", &n);
		const char *preprocessor = tiny_file(env, names[i], "/preprocessor_config.json", &n);

		tiny_config(config, preprocessor, &expected);
		CHECK(read_config(env, config, preprocessor, &found) == EMO_OK);
		CHECK(memcmp(&expected, &found, sizeof(found)) == 0);
	}
}

typedef struct Refusal
{
	const char *config, *preprocessor;
	EmoStatus status;
	const char *detail;
} Refusal;

#define WAVLM   "\"model_type\":\"wavlm\""
#define HUBERT  "\"model_type\":\"hubert\""
#define WHISPER "\"model_type\":\"whisper\""

static void
test_refusals(EmoEnv *env)
{
	static const Refusal refusals[] = {
		{"[]", NULL, EMO_CORRUPTED, "It is no object."},
		{"{}", NULL, EMO_CORRUPTED, "Its model_type is missing."},
		{"{\"model_type\":\"bert\"}", NULL, EMO_UNSUPPORTED, "It is \"bert\" in config.json."},
		{"{\"model_type\":7}", NULL, EMO_CORRUPTED, "Its model_type is no word."},
		{"{\"architectures\":[\"BertModel\"]}", NULL, EMO_CORRUPTED, "Its model_type is missing."},
		{"{" WAVLM ",\"architectures\":7}", NULL, EMO_CORRUPTED,
		 "Its architectures is no list of names."},
		{"{" WAVLM ",\"hidden_size\":\"768\"}", NULL, EMO_CORRUPTED,
		 "Its hidden_size is no whole number."},
		{"{" WAVLM ",\"hidden_size\":768.5}", NULL, EMO_CORRUPTED,
		 "Its hidden_size is no whole number."},
		{"{" WAVLM ",\"hidden_size\":null}", NULL, EMO_CORRUPTED,
		 "Its hidden_size is no whole number."},
		{"{" WAVLM ",\"hidden_size\":99999999999}", NULL, EMO_CORRUPTED,
		 "Its hidden_size is out of range."},
		{"{" WAVLM ",\"hidden_size\":0}", NULL, EMO_CORRUPTED,
		 "Its hidden_size is 0, which must be between 1 and 4096."},
		{"{" WAVLM ",\"hidden_size\":-768}", NULL, EMO_CORRUPTED,
		 "Its hidden_size is -768, which must be between 1 and 4096."},
		{"{" WAVLM ",\"num_hidden_layers\":65}", NULL, EMO_CORRUPTED,
		 "Its num_hidden_layers is 65, which must be between 1 and 64."},
		{"{" WAVLM ",\"num_attention_heads\":7}", NULL, EMO_CORRUPTED,
		 "Its num_attention_heads is 7, which does not divide hidden_size, 768."},
		{"{" WAVLM ",\"intermediate_size\":65537}", NULL, EMO_CORRUPTED,
		 "Its intermediate_size is 65537, which must be between 1 and 65536."},
		{"{" WAVLM ",\"num_conv_pos_embedding_groups\":7}", NULL, EMO_CORRUPTED,
		 "Its num_conv_pos_embedding_groups is 7, which does not divide hidden_size, 768."},
		{"{" WAVLM ",\"num_buckets\":3}", NULL, EMO_CORRUPTED,
		 "Its num_buckets is 3, which must be between 4 and 65536."},
		{"{" WAVLM ",\"max_bucket_distance\":80}", NULL, EMO_CORRUPTED,
		 "Its max_bucket_distance is 80, which must be between 81 and 16777216."},
		{"{" WAVLM ",\"layer_norm_eps\":0}", NULL, EMO_CORRUPTED,
		 "Its layer_norm_eps is 0, which must be above 0 and at most 1."},
		{"{" WAVLM ",\"layer_norm_eps\":1e-60}", NULL, EMO_CORRUPTED,
		 "Its layer_norm_eps is 0, which must be above 0 and at most 1."},
		{"{" WAVLM ",\"layer_norm_eps\":\"small\"}", NULL, EMO_CORRUPTED,
		 "Its layer_norm_eps is no number."},
		{"{" WAVLM ",\"do_stable_layer_norm\":1}", NULL, EMO_CORRUPTED,
		 "Its do_stable_layer_norm is neither true nor false."},
		{"{" WAVLM ",\"conv_dim\":512}", NULL, EMO_CORRUPTED, "Its conv_dim is no list."},
		{"{" WAVLM ",\"conv_dim\":[512]}", NULL, EMO_CORRUPTED,
		 "Its conv_dim, conv_kernel and conv_stride have different lengths."},
		{"{" WAVLM ",\"conv_dim\":[],\"conv_kernel\":[],\"conv_stride\":[]}", NULL, EMO_CORRUPTED,
		 "Its number of convolutions is 0, which must be between 1 and 16."},
		{"{" WAVLM ",\"conv_dim\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}", NULL, EMO_CORRUPTED,
		 "Its conv_dim is longer than 16."},
		{"{" WAVLM ",\"conv_stride\":[1024,1024,2,2,2,2,2],\"conv_kernel\":[1024,1024,2,2,2,2,2]}",
		 NULL, EMO_CORRUPTED, "Its conv_stride makes frames of more than 160000 samples."},
		{"{" WAVLM ",\"conv_stride\":[0,2,2,2,2,2,2]}", NULL, EMO_CORRUPTED,
		 "Its conv_stride is 0, which must be between 1 and 10."},
		/* Frames that nobody would hear. */
		{"{" WAVLM ",\"conv_stride\":[5,4,2,2,2,2,2]}", NULL, EMO_CORRUPTED,
		 "Its conv_stride is 4, which must be between 1 and 3."},
		{"{" WAVLM ",\"feat_extract_norm\":\"batch\"}", NULL, EMO_CORRUPTED,
		 "Its feat_extract_norm is neither \"group\" nor \"layer\"."},
		{"{" WAVLM ",\"hidden_act\":\"relu\"}", NULL, EMO_UNSUPPORTED,
		 "It is \"relu\" in config.json, and must be \"gelu\"."},
		{"{" WAVLM ",\"feat_extract_activation\":\"selu\"}", NULL, EMO_UNSUPPORTED,
		 "It is \"selu\" in config.json, and must be \"gelu\"."},
		{"{" WAVLM ",\"add_adapter\":true}", NULL, EMO_UNSUPPORTED,
		 "It is true, and must be false."},
		{"{" HUBERT ",\"conv_pos_batch_norm\":true}", NULL, EMO_UNSUPPORTED,
		 "It is true, and must be false."},
		{"{\"model_type\":\"wav2vec2\",\"adapter_attn_dim\":16}", NULL, EMO_UNSUPPORTED,
		 "There are no adapters here."},
		{"{" WHISPER ",\"activation_function\":\"relu\"}", NULL, EMO_UNSUPPORTED,
		 "It is \"relu\" in config.json, and must be \"gelu\"."},
		{"{" WHISPER ",\"d_model\":385}", NULL, EMO_CORRUPTED,
		 "Its encoder_attention_heads is 6, which does not divide d_model, 385."},
		{"{" WHISPER ",\"num_mel_bins\":0}", NULL, EMO_CORRUPTED,
		 "Its num_mel_bins is 0, which must be between 1 and 512."},
		{"{" WAVLM "}", "7", EMO_CORRUPTED, "It is no object."},
		{"{" WAVLM "}", "{\"feature_extractor\":7}", EMO_CORRUPTED, "It is no object."},
		{"{" WAVLM "}", "{\"sampling_rate\":8000}", EMO_UNSUPPORTED,
		 "It is 8000 in preprocessor_config.json, and must be 16000."},
		{"{" WAVLM "}", "{\"feature_size\":80}", EMO_UNSUPPORTED,
		 "It is 80 in preprocessor_config.json, and must be 1."},
		{"{" WAVLM "}", "{\"do_normalize\":\"yes\"}", EMO_CORRUPTED,
		 "Its do_normalize is neither true nor false."},
		{"{" WAVLM "}", "{\"feature_extractor_type\":\"WhisperFeatureExtractor\"}", EMO_UNSUPPORTED,
		 "It is \"WhisperFeatureExtractor\" in preprocessor_config.json, and must be "
		 "\"Wav2Vec2FeatureExtractor\"."},
		{"{" WHISPER "}", "{\"feature_size\":128}", EMO_UNSUPPORTED,
		 "It is 128 in preprocessor_config.json, and must be 80."},
		{"{" WHISPER "}", "{\"chunk_length\":20}", EMO_UNSUPPORTED,
		 "It is 20 in preprocessor_config.json, and must be 30."},
		{"{" WHISPER "}", "{\"dither\":0.1}", EMO_UNSUPPORTED,
		 "It must be 0: an encoder always hears the same."},
	};

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
	{
		const Refusal *refusal = &refusals[i];
		EmoEncoderConfig encoder;
		EmoStatus status = read_config(env, refusal->config, refusal->preprocessor, &encoder);

		CHECK(status == refusal->status && env->status == status);
		CHECK(strcmp(env->detail, refusal->detail) == 0);
		if (status != refusal->status || strcmp(env->detail, refusal->detail) != 0)
			printf("%s: %d, %s\n", refusal->config, (int) status, env->detail);
	}
}

int
main(void)
{
	RUN(test_defaults);
	RUN(test_files);
	RUN(test_refusals);
	return unit_finish();
}
