/*
 * config.c
 *	  From Hugging Face's config.json and preprocessor_config.json to what an encoder is made of.
 */
#include "core/pretrained/config.h"

#include <stdio.h>
#include <string.h>

/* The frames of WhisperFeatureExtractor, and the samples of one that Whisper's convolutions leave. */
#define WHISPER_HOP           160
#define WHISPER_FFT           400
#define WHISPER_FRAME_SAMPLES (2 * WHISPER_HOP)

/* Longer words are none that is known. */
#define WORD_SIZE   64
#define DETAIL_SIZE 256

/* A file that is read field by field; after the first fault there is nothing more to read. */
typedef struct Fields
{
	EmoEnv *env;
	const char *file; /* its name */
	EmoJson object;
	EmoStatus status;
} Fields;

static void
wrong(Fields *fields, const char *name, const char *fault)
{
	fields->status = emo_fail(fields->env, EMO_CORRUPTED, "%s is wrong", fields->file);
	emo_set_detail(fields->env, "Its %s %s.", name, fault);
}

static void unsupported(Fields *fields, const char *name, const char *detail, ...)
	__attribute__((format(printf, 3, 4)));

static void
unsupported(Fields *fields, const char *name, const char *detail, ...)
{
	char text[DETAIL_SIZE];
	va_list args;

	va_start(args, detail);
	vsnprintf(text, sizeof(text), detail, args);
	va_end(args);
	fields->status =
		emo_fail(fields->env, EMO_UNSUPPORTED, "encoders with this %s are not supported", name);
	emo_set_detail(fields->env, "%s", text);
}

/* False if it is missing, or there was a fault before. */
static bool
find(const Fields *fields, const char *name, EmoJson *value)
{
	return fields->status == EMO_OK && emo_json_member(fields->object, name, value);
}

static int32_t
as_integer(Fields *fields, const char *name, EmoJson value)
{
	int64_t number = 0;

	if (!emo_json_integer(value, &number))
		wrong(fields, name, "is no whole number");
	else if (number < INT32_MIN || number > INT32_MAX)
		wrong(fields, name, "is out of range");
	return (int32_t) number;
}

static int32_t
integer(Fields *fields, const char *name, int32_t usual)
{
	EmoJson value;

	return find(fields, name, &value) ? as_integer(fields, name, value) : usual;
}

static int32_t
boolean(Fields *fields, const char *name, bool usual)
{
	EmoJson value;

	if (!find(fields, name, &value))
		return usual;
	if (emo_json_type(value) != EMO_JSON_BOOLEAN)
		wrong(fields, name, "is neither true nor false");
	return value.text[0] == 't';
}

static float
real(Fields *fields, const char *name, double usual)
{
	EmoJson value;
	double number = 0;

	if (!find(fields, name, &value))
		return (float) usual;
	if (!emo_json_real(value, &number))
		wrong(fields, name, "is no number");
	return (float) number;
}

/* word[WORD_SIZE]; empty if it is missing. */
static void
word(Fields *fields, const char *name, const char *usual, char *text)
{
	EmoJson value;

	strcpy(text, usual);
	if (find(fields, name, &value) && !emo_json_string(value, text, WORD_SIZE))
	{
		wrong(fields, name, "is no word");
		text[0] = '\0';
	}
}

/* numbers[EMO_ENCODER_MAX_CONVS]; their number. */
static int
integers(Fields *fields, const char *name, const int32_t *usual, int n_usual, int32_t *numbers)
{
	EmoJson list, key, value;
	EmoJsonItems items;
	int n = 0;

	memcpy(numbers, usual, n_usual * sizeof(int32_t));
	if (!find(fields, name, &list))
		return n_usual;
	if (emo_json_type(list) != EMO_JSON_ARRAY)
		wrong(fields, name, "is no list");
	items = emo_json_items(list);
	while (fields->status == EMO_OK && emo_json_next(&items, &key, &value))
	{
		if (n == EMO_ENCODER_MAX_CONVS)
			wrong(fields, name, "is longer than 16");
		else
			numbers[n++] = as_integer(fields, name, value);
	}
	return n;
}

static void
expect_word(Fields *fields, const char *name, const char *expected)
{
	char text[WORD_SIZE];

	word(fields, name, expected, text);
	if (fields->status == EMO_OK && strcmp(text, expected) != 0)
		unsupported(fields, name, "It is \"%s\" in %s, and must be \"%s\".", text, fields->file,
					expected);
}

static void
expect_false(Fields *fields, const char *name)
{
	if (boolean(fields, name, false) && fields->status == EMO_OK)
		unsupported(fields, name, "It is true, and must be false.");
}

static void
expect_integer(Fields *fields, const char *name, int32_t expected)
{
	int32_t number = integer(fields, name, expected);

	if (fields->status == EMO_OK && number != expected)
		unsupported(fields, name, "It is %d in %s, and must be %d.", (int) number, fields->file,
					(int) expected);
}

/* Older files have no model_type; their classes begin with these. */
static const char *const class_names[EMO_N_ENCODER_KINDS] = {"Wav2Vec2", "Hubert", "WavLM",
															 "Whisper"};

/* What the class is called in architectures, or an empty text. */
static void
read_class(Fields *fields, char *text)
{
	EmoJson list, key, first;
	EmoJsonItems items;

	text[0] = '\0';
	if (!find(fields, "architectures", &list) || emo_json_type(list) == EMO_JSON_NULL)
		return;
	items = emo_json_items(list);
	if (emo_json_type(list) != EMO_JSON_ARRAY ||
		(emo_json_next(&items, &key, &first) && !emo_json_string(first, text, WORD_SIZE)))
		wrong(fields, "architectures", "is no list of names");
}

static int32_t
read_kind(Fields *fields)
{
	char type[WORD_SIZE], class[WORD_SIZE];

	word(fields, "model_type", "", type);
	read_class(fields, class);
	if (fields->status != EMO_OK)
		return 0;
	for (int kind = 0; kind < EMO_N_ENCODER_KINDS; kind++)
		if (type[0] != '\0' ? strcmp(type, emo_encoder_kind_names[kind]) == 0
							: strncmp(class, class_names[kind], strlen(class_names[kind])) == 0)
			return kind;
	if (type[0] == '\0')
		wrong(fields, "model_type", "is missing");
	else
		unsupported(fields, "model_type", "It is \"%s\" in %s.", type, fields->file);
	emo_set_hint(fields->env, "There are \"wav2vec2\", \"hubert\", \"wavlm\" and \"whisper\".");
	return 0;
}

static void
read_convolutions(Fields *fields, EmoEncoderConfig *encoder)
{
	static const int32_t channels[] = {512, 512, 512, 512, 512, 512, 512};
	static const int32_t kernels[] = {10, 3, 3, 3, 3, 2, 2};
	static const int32_t strides[] = {5, 2, 2, 2, 2, 2, 2};
	const int n_usual = sizeof(channels) / sizeof(channels[0]);
	int32_t dims[EMO_ENCODER_MAX_CONVS], sizes[EMO_ENCODER_MAX_CONVS], steps[EMO_ENCODER_MAX_CONVS];
	char norm[WORD_SIZE];

	encoder->n_convs = integers(fields, "conv_dim", channels, n_usual, dims);
	if (integers(fields, "conv_kernel", kernels, n_usual, sizes) != encoder->n_convs ||
		integers(fields, "conv_stride", strides, n_usual, steps) != encoder->n_convs)
	{
		if (fields->status == EMO_OK)
			wrong(fields, "conv_dim, conv_kernel and conv_stride", "have different lengths");
		return;
	}
	for (int i = 0; i < encoder->n_convs; i++)
		encoder->convs[i] = (EmoEncoderConv){dims[i], sizes[i], steps[i]};
	encoder->conv_bias = boolean(fields, "conv_bias", false);
	word(fields, "feat_extract_norm", "group", norm);
	encoder->conv_layer_norm = strcmp(norm, "layer") == 0;
	if (fields->status == EMO_OK && !encoder->conv_layer_norm && strcmp(norm, "group") != 0)
		wrong(fields, "feat_extract_norm", "is neither \"group\" nor \"layer\"");
}

/* Adapters of languages (MMS) stand in each layer. */
static void
refuse_adapters(Fields *fields)
{
	EmoJson value;

	expect_false(fields, "add_adapter");
	if (find(fields, "adapter_attn_dim", &value) && emo_json_type(value) != EMO_JSON_NULL)
		unsupported(fields, "adapter_attn_dim", "There are no adapters here.");
}

static void
read_convolutional(Fields *fields, EmoEncoderConfig *encoder)
{
	encoder->width = integer(fields, "hidden_size", 768);
	encoder->n_layers = integer(fields, "num_hidden_layers", 12);
	encoder->n_heads = integer(fields, "num_attention_heads", 12);
	encoder->inner_width = integer(fields, "intermediate_size", 3072);
	encoder->norm_first = boolean(fields, "do_stable_layer_norm", false);
	encoder->norm_epsilon = real(fields, "layer_norm_eps", 1e-5);
	encoder->projection_norm =
		encoder->kind == EMO_HUBERT ? boolean(fields, "feat_proj_layer_norm", true) : true;
	encoder->position_kernel = integer(fields, "num_conv_pos_embeddings", 128);
	encoder->position_groups = integer(fields, "num_conv_pos_embedding_groups", 16);
	if (encoder->kind == EMO_WAVLM)
	{
		encoder->n_buckets = integer(fields, "num_buckets", 320);
		encoder->max_distance = integer(fields, "max_bucket_distance", 800);
	}
	read_convolutions(fields, encoder);
	expect_word(fields, "hidden_act", "gelu");
	expect_word(fields, "feat_extract_activation", "gelu");
	expect_false(fields, "conv_pos_batch_norm");
	refuse_adapters(fields);
}

static void
read_whisper(Fields *fields, EmoEncoderConfig *encoder)
{
	encoder->width = integer(fields, "d_model", 384);
	encoder->n_layers = integer(fields, "encoder_layers", 4);
	encoder->n_heads = integer(fields, "encoder_attention_heads", 6);
	encoder->inner_width = integer(fields, "encoder_ffn_dim", 1536);
	encoder->norm_first = true;
	encoder->norm_epsilon = 1e-5f;
	encoder->n_mels = integer(fields, "num_mel_bins", 80);
	encoder->max_frames = integer(fields, "max_source_positions", 1500);
	expect_word(fields, "activation_function", "gelu");
}

/* What the feature extractor does, beyond what is always done. */
static void
read_preprocessor(Fields *fields, EmoEncoderConfig *encoder)
{
	bool is_whisper = encoder->kind == EMO_WHISPER;
	int window = encoder->max_frames / (EMO_ENCODER_SAMPLE_RATE / WHISPER_FRAME_SAMPLES);

	expect_word(fields, "feature_extractor_type",
				is_whisper ? "WhisperFeatureExtractor" : "Wav2Vec2FeatureExtractor");
	expect_integer(fields, "sampling_rate", EMO_ENCODER_SAMPLE_RATE);
	if (!is_whisper)
	{
		expect_integer(fields, "feature_size", 1);
		encoder->standardises = boolean(fields, "do_normalize", true);
		return;
	}
	expect_integer(fields, "feature_size", encoder->n_mels);
	expect_integer(fields, "hop_length", WHISPER_HOP);
	expect_integer(fields, "n_fft", WHISPER_FFT);
	expect_integer(fields, "chunk_length", window);
	if (real(fields, "dither", 0) != 0 && fields->status == EMO_OK)
		unsupported(fields, "dither", "It must be 0: an encoder always hears the same.");
}

EmoStatus
emo_read_encoder_config(EmoEnv *env, EmoJson config, const EmoJson *preprocessor,
						EmoEncoderConfig *encoder)
{
	Fields fields = {env, "config.json", config, EMO_OK};
	EmoStatus status;

	memset(encoder, 0, sizeof(*encoder));
	if (emo_json_type(config) != EMO_JSON_OBJECT)
	{
		emo_fail(env, EMO_CORRUPTED, "config.json is wrong");
		emo_set_detail(env, "It is no object.");
		return env->status;
	}
	encoder->kind = read_kind(&fields);
	if (encoder->kind == EMO_WHISPER)
		read_whisper(&fields, encoder);
	else
	{
		encoder->standardises = true;
		read_convolutional(&fields, encoder);
	}
	if (fields.status != EMO_OK)
		return fields.status;
	if ((status = emo_encoder_check_config(env, encoder)) != EMO_OK || preprocessor == NULL)
		return status;
	fields.file = "preprocessor_config.json";
	fields.object = *preprocessor;
	/* Of a processor, as newer versions of transformers write it, it is a part. */
	(void) emo_json_member(*preprocessor, "feature_extractor", &fields.object);
	if (emo_json_type(fields.object) != EMO_JSON_OBJECT)
	{
		emo_fail(env, EMO_CORRUPTED, "preprocessor_config.json is wrong");
		emo_set_detail(env, "It is no object.");
		return env->status;
	}
	read_preprocessor(&fields, encoder);
	return fields.status;
}
