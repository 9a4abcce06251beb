/*
 * config.h
 *	  What a pre-trained speech encoder is made of.
 *
 * The architectures of wav2vec 2.0 (Baevski et al. 2020), HuBERT (Hsu et al. 2021), WavLM (Chen et al. 2022) and of
 * the encoder of Whisper (Radford et al. 2022), by the names of Hugging Face's config.json, which stand behind each
 * field.
 */
#ifndef EMO_ENCODER_CONFIG_H
#define EMO_ENCODER_CONFIG_H

#include "core/base/env.h"

typedef enum EmoEncoderKind
{
	EMO_WAV2VEC2,
	EMO_HUBERT, /* computes what wav2vec 2.0 does */
	EMO_WAVLM,
	EMO_WHISPER,
	EMO_N_ENCODER_KINDS
} EmoEncoderKind;

/* "wav2vec2", "hubert", "wavlm", "whisper": model_type. */
extern const char *const emo_encoder_kind_names[EMO_N_ENCODER_KINDS];

/* Hz; all of them hear this. */
#define EMO_ENCODER_SAMPLE_RATE 16000

/* Frames that each of Whisper's two convolutions hears. */
#define EMO_WHISPER_KERNEL 3

/* Those that are published have at most 7, 48 and 1280; what is larger is refused before anything is allocated. */
#define EMO_ENCODER_MAX_CONVS  16
#define EMO_ENCODER_MAX_LAYERS 64
#define EMO_ENCODER_MAX_WIDTH  4096

typedef struct EmoEncoderConv
{
	int32_t channels, kernel, stride; /* conv_dim, conv_kernel, conv_stride */
} EmoEncoderConv;

/* All numbers have 32 bits, and flags are 0 or 1, so that a config has one form as bytes. */
typedef struct EmoEncoderConfig
{
	int32_t kind;        /* EmoEncoderKind */
	int32_t width;       /* hidden_size; d_model */
	int32_t n_layers;    /* num_hidden_layers; encoder_layers */
	int32_t n_heads;     /* num_attention_heads; encoder_attention_heads */
	int32_t inner_width; /* intermediate_size; encoder_ffn_dim */
	int32_t norm_first;  /* do_stable_layer_norm; always of Whisper */
	float norm_epsilon;  /* layer_norm_eps; convolutions have 1e-5 */
	int32_t
		standardises; /* do_normalize of preprocessor_config.json: the recording has mean 0 and variance 1 */

	/* But for Whisper. */
	int32_t n_convs;
	EmoEncoderConv convs[EMO_ENCODER_MAX_CONVS];
	int32_t conv_bias; /* conv_bias */
	int32_t
		conv_layer_norm; /* feat_extract_norm is "layer", each; or else "group", the first alone */
	int32_t projection_norm; /* always, but for HuBERT with feat_proj_layer_norm false */
	int32_t position_kernel; /* num_conv_pos_embeddings */
	int32_t position_groups; /* num_conv_pos_embedding_groups */

	/* WavLM. */
	int32_t n_buckets;    /* num_buckets */
	int32_t max_distance; /* max_bucket_distance */

	/* Whisper. */
	int32_t n_mels;     /* num_mel_bins */
	int32_t max_frames; /* max_source_positions */
} EmoEncoderConfig;

/* EMO_CORRUPTED with a detail that names the field, unless it can be computed and is within the bounds above. */
extern EmoStatus emo_encoder_check_config(EmoEnv *env, const EmoEncoderConfig *config);

#endif
