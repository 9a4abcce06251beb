/*
 * tiny_encoders.h
 *	  The encoders of test/encoders, read in a way of their own.
 */
#ifndef EMO_TINY_ENCODERS_H
#define EMO_TINY_ENCODERS_H

#include <math.h>

#include "core/encoder/config.h"
#include "core/encoder/weights.h"
#include "tiny_files.h"

typedef struct TinyEncoder
{
	EmoEncoderConfig config;
	EmoEncoderWeights weights;

	/* model.safetensors. */
	char *header;     /* JSON, with an end */
	const char *data; /* behind the header */
} TinyEncoder;

static void
tiny_config(const char *json, const char *preprocessor, EmoEncoderConfig *config)
{
	const char *type = tiny_json(json, "model_type") + 1;

	memset(config, 0, sizeof(*config));
	while (strncmp(type, emo_encoder_kind_names[config->kind],
				   strlen(emo_encoder_kind_names[config->kind])) != 0)
		config->kind++;
	if (config->kind == EMO_WHISPER)
	{
		config->width = tiny_int(json, "d_model");
		config->n_layers = tiny_int(json, "encoder_layers");
		config->n_heads = tiny_int(json, "encoder_attention_heads");
		config->inner_width = tiny_int(json, "encoder_ffn_dim");
		config->norm_first = 1;
		config->norm_epsilon = 1e-5f;
		config->n_mels = tiny_int(json, "num_mel_bins");
		config->max_frames = tiny_int(json, "max_source_positions");
		return;
	}
	config->width = tiny_int(json, "hidden_size");
	config->n_layers = tiny_int(json, "num_hidden_layers");
	config->n_heads = tiny_int(json, "num_attention_heads");
	config->inner_width = tiny_int(json, "intermediate_size");
	config->norm_first = tiny_int(json, "do_stable_layer_norm");
	config->norm_epsilon = strtof(tiny_json(json, "layer_norm_eps"), NULL);
	config->standardises = tiny_int(preprocessor, "do_normalize");
	config->n_convs = tiny_int(json, "num_feat_extract_layers");
	for (int i = 0; i < config->n_convs; i++)
		config->convs[i] =
			(EmoEncoderConv){tiny_int_of(json, "conv_dim", i), tiny_int_of(json, "conv_kernel", i),
							 tiny_int_of(json, "conv_stride", i)};
	config->conv_bias = tiny_int(json, "conv_bias");
	config->conv_layer_norm = strncmp(tiny_json(json, "feat_extract_norm"), "\"layer\"", 7) == 0;
	config->projection_norm =
		tiny_json(json, "feat_proj_layer_norm") == NULL || tiny_int(json, "feat_proj_layer_norm");
	config->position_kernel = tiny_int(json, "num_conv_pos_embeddings");
	config->position_groups = tiny_int(json, "num_conv_pos_embedding_groups");
	config->n_buckets = tiny_int(json, "num_buckets");
	config->max_distance = tiny_int(json, "max_bucket_distance");
}

static float
tiny_half(uint16_t bits)
{
	int exponent = bits >> 10 & 31, fraction = bits & 1023;
	float value = exponent == 0 ? ldexpf((float) fraction, -24)
								: ldexpf((float) (fraction + 1024), exponent - 25);

	return bits & 0x8000 ? -value : value;
}

/* A tensor whose name ends in such a way, n numbers; NULL if there is none. */
static float *
tiny_tensor(EmoEnv *env, const TinyEncoder *tiny, const char *name, size_t n)
{
	char quoted[160];
	const char *found = tiny->header, *offsets, *bytes;
	float *values = emo_alloc(env, n, sizeof(float));
	bool is_single, is_half;
	size_t begin, end;

	snprintf(quoted, sizeof(quoted), "%s\":{", name);
	do
		found = strstr(found + 1, quoted);
	while (found != NULL && found[-1] != '"' && found[-1] != '.');
	if (found == NULL)
		return NULL;
	is_single = strncmp(tiny_json(found, "dtype"), "\"F32\"", 5) == 0;
	is_half = strncmp(tiny_json(found, "dtype"), "\"F16\"", 5) == 0;
	offsets = tiny_json(found, "data_offsets");
	if (sscanf(offsets, "[%zu,%zu]", &begin, &end) != 2 || end - begin != n * (is_single ? 4 : 2))
		tiny_fail("tensor of another size", name);
	bytes = tiny->data + begin;
	for (size_t i = 0; i < n; i++)
	{
		uint16_t half;
		uint32_t word;

		if (is_single)
		{
			memcpy(&values[i], bytes + 4 * i, 4);
			continue;
		}
		memcpy(&half, bytes + 2 * i, 2);
		word = (uint32_t) half << 16;
		memcpy(&values[i], &word, 4);
		if (is_half)
			values[i] = tiny_half(half);
	}
	return values;
}

static float *
tiny_needed(EmoEnv *env, const TinyEncoder *tiny, const char *prefix, const char *name, size_t n)
{
	char whole[128];
	float *values;

	snprintf(whole, sizeof(whole), "%s%s", prefix, name);
	values = tiny_tensor(env, tiny, whole, n);
	if (values == NULL)
		tiny_fail("no tensor", whole);
	return values;
}

static EmoMatrix
tiny_matrix(const float *values, int rows, int columns)
{
	return (EmoMatrix){
		.values = values, .precision = EMO_F32, .rows = rows, .columns = columns, .panel = 1};
}

static void
tiny_norm(EmoEnv *env, const TinyEncoder *tiny, const char *prefix, const char *name, size_t n,
		  EmoNormWeights *norm)
{
	char whole[128];

	snprintf(whole, sizeof(whole), "%s%s", prefix, name);
	norm->scale = tiny_needed(env, tiny, whole, ".weight", n);
	norm->shift = tiny_needed(env, tiny, whole, ".bias", n);
}

static void
tiny_linear(EmoEnv *env, const TinyEncoder *tiny, const char *prefix, const char *name, int rows,
			int columns, EmoMatrix *matrix, const float **bias)
{
	char whole[128];

	snprintf(whole, sizeof(whole), "%s%s", prefix, name);
	*matrix = tiny_matrix(tiny_needed(env, tiny, whole, ".weight", (size_t) rows * columns), rows,
						  columns);
	*bias = tiny_needed(env, tiny, whole, ".bias", rows);
}

/* Of [channels][channels_in][kernel], with the kernel outside of the channels in. */
static EmoMatrix
tiny_kernel(EmoEnv *env, const float *values, int channels, int channels_in, int kernel)
{
	float *turned = emo_alloc(env, (size_t) channels * channels_in * kernel, sizeof(float));

	for (int o = 0; o < channels; o++)
		for (int c = 0; c < channels_in; c++)
			for (int k = 0; k < kernel; k++)
				turned[(o * kernel + k) * channels_in + c] =
					values[(o * channels_in + c) * kernel + k];
	return tiny_matrix(turned, channels, kernel * channels_in);
}

static void
tiny_conv(EmoEnv *env, const TinyEncoder *tiny, const char *name, int channels_in,
		  const EmoEncoderConv *conv, bool has_bias, EmoConvWeights *weights)
{
	size_t n = (size_t) conv->channels * channels_in * conv->kernel;

	weights->weight = tiny_kernel(env, tiny_needed(env, tiny, name, ".weight", n), conv->channels,
								  channels_in, conv->kernel);
	if (has_bias)
		weights->bias = tiny_needed(env, tiny, name, ".bias", conv->channels);
}

/* weight_norm() with the kernel's dimension kept: direction / length of it over the others * gain. */
static void
tiny_position(EmoEnv *env, TinyEncoder *tiny)
{
	const EmoEncoderConfig *config = &tiny->config;
	const char *prefix = "pos_conv_embed.conv.";
	int kernel = config->position_kernel, group = config->width / config->position_groups;
	size_t n = (size_t) config->width * group * kernel;
	float *gain, *direction;

	if (strstr(tiny->header, "pos_conv_embed.conv.weight_g") != NULL)
	{
		gain = tiny_needed(env, tiny, prefix, "weight_g", kernel);
		direction = tiny_needed(env, tiny, prefix, "weight_v", n);
	}
	else
	{
		gain = tiny_needed(env, tiny, prefix, "parametrizations.weight.original0", kernel);
		direction = tiny_needed(env, tiny, prefix, "parametrizations.weight.original1", n);
	}
	for (int k = 0; k < kernel; k++)
	{
		double squares = 0;

		for (size_t i = k; i < n; i += kernel)
			squares += (double) direction[i] * direction[i];
		for (size_t i = k; i < n; i += kernel)
			direction[i] = (float) (direction[i] * gain[k] / sqrt(squares));
	}
	tiny->weights.position = tiny_kernel(env, direction, config->width, group, kernel);
	tiny->weights.position_bias = tiny_needed(env, tiny, prefix, "bias", config->width);
}

static void
tiny_front(EmoEnv *env, TinyEncoder *tiny)
{
	const EmoEncoderConfig *config = &tiny->config;
	EmoEncoderWeights *weights = &tiny->weights;
	char name[64];
	int channels = 1;

	for (int i = 0; i < config->n_convs; i++)
	{
		snprintf(name, sizeof(name), "conv_layers.%d.conv", i);
		tiny_conv(env, tiny, name, channels, &config->convs[i], config->conv_bias,
				  &weights->convs[i]);
		channels = config->convs[i].channels;
		snprintf(name, sizeof(name), "conv_layers.%d.layer_norm", i);
		if (config->conv_layer_norm || i == 0)
			tiny_norm(env, tiny, name, "", channels, &weights->convs[i].norm);
	}
	if (config->projection_norm)
		tiny_norm(env, tiny, "feature_projection.", "layer_norm", channels,
				  &weights->projection_norm);
	tiny_linear(env, tiny, "feature_projection.", "projection", config->width, channels,
				&weights->projection, &weights->projection_bias);
	tiny_position(env, tiny);
	if (config->kind == EMO_WAVLM)
		weights->distance_bias =
			tiny_needed(env, tiny, "layers.0.attention.", "rel_attn_embed.weight",
						(size_t) config->n_buckets * config->n_heads);
}

static void
tiny_whisper_front(EmoEnv *env, TinyEncoder *tiny)
{
	const EmoEncoderConfig *config = &tiny->config;
	const EmoEncoderConv conv = {config->width, EMO_WHISPER_KERNEL, 1};

	tiny_conv(env, tiny, "encoder.conv1", config->n_mels, &conv, true, &tiny->weights.convs[0]);
	tiny_conv(env, tiny, "encoder.conv2", config->width, &conv, true, &tiny->weights.convs[1]);
	tiny->weights.positions = tiny_needed(env, tiny, "encoder.", "embed_positions.weight",
										  (size_t) config->max_frames * config->width);
}

/* Of three linear layers, the first divided by the root of a head's width; Whisper's second has no bias. */
static void
tiny_query_key_value(EmoEnv *env, const TinyEncoder *tiny, const char *prefix,
					 EmoLayerWeights *layer)
{
	static const char *const names[] = {"q_proj", "k_proj", "v_proj"};
	int width = tiny->config.width;
	size_t n = (size_t) width * width;
	float *matrix = emo_alloc(env, 3 * n, sizeof(float));
	float *bias = emo_alloc_zero(env, 3 * width, sizeof(float));

	for (int i = 0; i < 3; i++)
	{
		double factor = i == 0 ? 1 / sqrt((double) width / tiny->config.n_heads) : 1;
		char name[128];
		float *values;

		snprintf(name, sizeof(name), "%s%s.", prefix, names[i]);
		values = tiny_needed(env, tiny, name, "weight", n);
		for (size_t j = 0; j < n; j++)
			matrix[i * n + j] = (float) (values[j] * factor);
		snprintf(name, sizeof(name), "%s%s.bias", prefix, names[i]);
		values = tiny_tensor(env, tiny, name, width);
		for (int j = 0; j < width && values != NULL; j++)
			bias[i * width + j] = (float) (values[j] * factor);
	}
	layer->query_key_value = tiny_matrix(matrix, 3 * width, width);
	layer->query_key_value_bias = bias;
}

static void
tiny_layer(EmoEnv *env, TinyEncoder *tiny, int i)
{
	const EmoEncoderConfig *config = &tiny->config;
	EmoLayerWeights *layer = &tiny->weights.layers[i];
	bool is_whisper = config->kind == EMO_WHISPER;
	int width = config->width;
	char prefix[64], attention[96];

	snprintf(prefix, sizeof(prefix), "encoder.layers.%d.", i);
	snprintf(attention, sizeof(attention), "%s%s.", prefix, is_whisper ? "self_attn" : "attention");
	tiny_query_key_value(env, tiny, attention, layer);
	tiny_linear(env, tiny, attention, "out_proj", width, width, &layer->out, &layer->out_bias);
	tiny_norm(env, tiny, prefix, is_whisper ? "self_attn_layer_norm" : "layer_norm", width,
			  &layer->attention_norm);
	tiny_linear(env, tiny, prefix, is_whisper ? "fc1" : "feed_forward.intermediate_dense",
				config->inner_width, width, &layer->inner, &layer->inner_bias);
	tiny_linear(env, tiny, prefix, is_whisper ? "fc2" : "feed_forward.output_dense", width,
				config->inner_width, &layer->outer, &layer->outer_bias);
	tiny_norm(env, tiny, prefix, "final_layer_norm", width, &layer->final_norm);
	if (config->kind != EMO_WAVLM)
		return;
	layer->gate_weight = tiny_needed(env, tiny, attention, "gru_rel_pos_linear.weight",
									 (size_t) 8 * width / config->n_heads);
	layer->gate_bias = tiny_needed(env, tiny, attention, "gru_rel_pos_linear.bias", 8);
	layer->gate_scale = tiny_needed(env, tiny, attention, "gru_rel_pos_const", config->n_heads);
}

/* An encoder of test/encoders, in single precision. */
static __attribute__((unused)) TinyEncoder *
tiny_encoder(EmoEnv *env, const char *name)
{
	TinyEncoder *tiny = emo_alloc_zero(env, 1, sizeof(TinyEncoder));
	size_t n_bytes;
	uint64_t header_bytes;
	const char *json = tiny_file(env, name, "/config.json", &n_bytes);
	const char *preprocessor = tiny_file(env, name, "/preprocessor_config.json", &n_bytes);
	char *checkpoint = tiny_file(env, name, "/model.safetensors", &n_bytes);

	tiny_config(json, preprocessor, &tiny->config);
	memcpy(&header_bytes, checkpoint, sizeof(header_bytes));
	tiny->data = checkpoint + 8 + header_bytes;
	tiny->header = emo_alloc_zero(env, header_bytes + 1, 1);
	memcpy(tiny->header, checkpoint + 8, header_bytes);
	if (tiny->config.kind == EMO_WHISPER)
		tiny_whisper_front(env, tiny);
	else
		tiny_front(env, tiny);
	tiny_norm(env, tiny, "encoder.", "layer_norm", tiny->config.width, &tiny->weights.norm);
	for (int i = 0; i < tiny->config.n_layers; i++)
		tiny_layer(env, tiny, i);
	return tiny;
}

#endif
