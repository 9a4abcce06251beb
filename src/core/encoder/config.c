/*
 * config.c
 *	  What can be computed of an encoder's config.
 */
#include "core/encoder/config.h"

const char *const emo_encoder_kind_names[EMO_N_ENCODER_KINDS] = {"wav2vec2", "hubert", "wavlm",
																 "whisper"};

/* Far above what is published, and low enough that no size overflows. */
#define MAX_INNER_WIDTH     65536
#define MAX_KERNEL          1024
#define MAX_POSITION_KERNEL 4096
#define MAX_BUCKETS         65536
#define MAX_DISTANCE        (1 << 24)
#define MAX_MELS            512
#define MAX_FRAMES          65536

/* Samples between two frames; published encoders have 320. */
#define MAX_FRAME_SHIFT (EMO_ENCODER_SAMPLE_RATE * 10)

static EmoStatus
corrupted(EmoEnv *env)
{
	return emo_fail(env, EMO_CORRUPTED, "config of the encoder is wrong");
}

static EmoStatus
check_range(EmoEnv *env, const char *name, int32_t value, int32_t least, int32_t most)
{
	if (value >= least && value <= most)
		return EMO_OK;
	corrupted(env);
	emo_set_detail(env, "Its %s is %d, which must be between %d and %d.", name, (int) value,
				   (int) least, (int) most);
	return EMO_CORRUPTED;
}

static EmoStatus
check_divides(EmoEnv *env, const char *name, int32_t part, const char *whole_name, int32_t whole)
{
	EmoStatus status = check_range(env, name, part, 1, whole);

	if (status != EMO_OK || whole % part == 0)
		return status;
	corrupted(env);
	emo_set_detail(env, "Its %s is %d, which does not divide %s, %d.", name, (int) part, whole_name,
				   (int) whole);
	return EMO_CORRUPTED;
}

/* What is a flag has one form. */
static EmoStatus
check_flags(EmoEnv *env, const EmoEncoderConfig *config)
{
	const struct
	{
		const char *name;
		int32_t value;
	} flags[] = {{"do_stable_layer_norm", config->norm_first},
				 {"do_normalize", config->standardises},
				 {"conv_bias", config->conv_bias},
				 {"feat_extract_norm", config->conv_layer_norm},
				 {"feat_proj_layer_norm", config->projection_norm}};
	EmoStatus status = EMO_OK;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]) && status == EMO_OK; i++)
		status = check_range(env, flags[i].name, flags[i].value, 0, 1);
	return status;
}

static EmoStatus
check_convolutions(EmoEnv *env, const EmoEncoderConfig *config)
{
	EmoStatus status =
		check_range(env, "number of convolutions", config->n_convs, 1, EMO_ENCODER_MAX_CONVS);
	int64_t frame_shift = 1;

	for (int i = 0; i < config->n_convs && status == EMO_OK; i++)
	{
		const EmoEncoderConv *conv = &config->convs[i];

		if ((status = check_range(env, "conv_dim", conv->channels, 1, EMO_ENCODER_MAX_WIDTH)) !=
				EMO_OK ||
			(status = check_range(env, "conv_kernel", conv->kernel, 1, MAX_KERNEL)) != EMO_OK ||
			(status = check_range(env, "conv_stride", conv->stride, 1, conv->kernel)) != EMO_OK)
			return status;
		frame_shift *= conv->stride;
		if (frame_shift > MAX_FRAME_SHIFT)
		{
			corrupted(env);
			emo_set_detail(env, "Its conv_stride makes frames of more than %d samples.",
						   MAX_FRAME_SHIFT);
			return EMO_CORRUPTED;
		}
	}
	return status;
}

/* wav2vec 2.0, HuBERT and WavLM. */
static EmoStatus
check_convolutional(EmoEnv *env, const EmoEncoderConfig *config)
{
	EmoStatus status = check_convolutions(env, config);

	if (status == EMO_OK)
		status = check_range(env, "num_conv_pos_embeddings", config->position_kernel, 1,
							 MAX_POSITION_KERNEL);
	if (status == EMO_OK)
		status = check_divides(env, "num_conv_pos_embedding_groups", config->position_groups,
							   "hidden_size", config->width);
	if (status == EMO_OK && config->kind == EMO_WAVLM)
	{
		/* Half of the buckets are of distances to either side, and half of those of one distance each. */
		status = check_range(env, "num_buckets", config->n_buckets, 4, MAX_BUCKETS);
		if (status == EMO_OK)
			status = check_range(env, "max_bucket_distance", config->max_distance,
								 config->n_buckets / 4 + 1, MAX_DISTANCE);
	}
	return status;
}

static EmoStatus
check_whisper(EmoEnv *env, const EmoEncoderConfig *config)
{
	EmoStatus status = check_range(env, "num_mel_bins", config->n_mels, 1, MAX_MELS);

	if (status == EMO_OK)
		status = check_range(env, "max_source_positions", config->max_frames, 1, MAX_FRAMES);
	return status;
}

EmoStatus
emo_encoder_check_config(EmoEnv *env, const EmoEncoderConfig *config)
{
	bool is_whisper = config->kind == EMO_WHISPER;
	const char *width = is_whisper ? "d_model" : "hidden_size";
	EmoStatus status;

	if ((status = check_range(env, "kind", config->kind, 0, EMO_N_ENCODER_KINDS - 1)) != EMO_OK ||
		(status = check_range(env, width, config->width, 1, EMO_ENCODER_MAX_WIDTH)) != EMO_OK ||
		(status = check_range(env, is_whisper ? "encoder_layers" : "num_hidden_layers",
							  config->n_layers, 1, EMO_ENCODER_MAX_LAYERS)) != EMO_OK ||
		(status = check_divides(env, is_whisper ? "encoder_attention_heads" : "num_attention_heads",
								config->n_heads, width, config->width)) != EMO_OK ||
		(status = check_range(env, is_whisper ? "encoder_ffn_dim" : "intermediate_size",
							  config->inner_width, 1, MAX_INNER_WIDTH)) != EMO_OK ||
		(status = check_flags(env, config)) != EMO_OK)
		return status;
	/* Written so that NaN is wrong too. */
	if (!(config->norm_epsilon > 0 && config->norm_epsilon <= 1))
	{
		corrupted(env);
		emo_set_detail(env, "Its layer_norm_eps is %g, which must be above 0 and at most 1.",
					   (double) config->norm_epsilon);
		return EMO_CORRUPTED;
	}
	return is_whisper ? check_whisper(env, config) : check_convolutional(env, config);
}
