/*
 * checkpoint_test.c
 *	  What is said of checkpoints that are damaged, or others than their config says.
 */
#include "unit.h"

#include <float.h>

#include "encoders.h"

#define Q_WEIGHT   "encoder.layers.1.attention.q_proj.weight"
#define OUT_WEIGHT "encoder.layers.1.attention.out_proj.weight"

/* Of a file whose header can be changed. */
static TestEncoder
files_of(EmoEnv *env, const char *name)
{
	TestEncoder encoder = {0};

	encoder.config_text = encoder_file(env, name, "config.json");
	encoder.preprocessor_text = encoder_file(env, name, "preprocessor_config.json");
	encoder.weights_file = encoder_file(env, name, "model.safetensors");
	return encoder;
}

/* The first place of a text in the header; behind a text before it. */
static char *
place_of(TestEncoder *encoder, const char *before, const char *text)
{
	char *header = encoder->weights_file.bytes + EMO_SAFETENSORS_LENGTH_BYTES;
	char *place = memmem(header, encoder->weights_file.n - EMO_SAFETENSORS_LENGTH_BYTES, before,
						 strlen(before));

	if (place != NULL)
		place = strstr(place, text);
	if (place == NULL)
	{
		printf("no %s in the header behind %s\n", text, before);
		exit(1);
	}
	return place;
}

/* Texts of equal length, so that all else stays where it is. */
static void
change(TestEncoder *encoder, const char *before, const char *from, const char *to)
{
	CHECK(strlen(from) == strlen(to));
	memcpy(place_of(encoder, before, from), to, strlen(to));
}

static void
expect(EmoEnv *env, TestEncoder *encoder, EmoPrecision precision, EmoStatus status,
	   const char *message, const char *detail)
{
	EmoStatus actual = open_test_encoder(env, precision, encoder);
	bool is_right = actual == status && env->status == status &&
					strcmp(env->message, message) == 0 && strcmp(env->detail, detail) == 0;

	CHECK(is_right);
	if (!is_right)
		printf("%d: %s: %s\n", (int) actual, env->message, env->detail);
}

static void
expect_damaged(EmoEnv *env, TestEncoder *encoder, const char *detail)
{
	expect(env, encoder, EMO_F32, EMO_CORRUPTED,
		   "model.safetensors is damaged, or no file of safetensors", detail);
}

/* A change of the header that makes it no file of safetensors. */
static void
expect_bad_header(EmoEnv *env, const char *before, const char *from, const char *to,
				  const char *detail)
{
	TestEncoder encoder = files_of(env, "wavlm_base");

	change(&encoder, before, from, to);
	expect_damaged(env, &encoder, detail);
}

static void
test_header(EmoEnv *env)
{
	expect_bad_header(env, Q_WEIGHT, "\"F32\"", "\"F33\"",
					  "Its tensor \"" Q_WEIGHT "\" has an unknown dtype.");
	expect_bad_header(env, Q_WEIGHT, "\"F32\"", "\"F16\"",
					  "Its tensor \"" Q_WEIGHT "\" has another size than its shape.");
	expect_bad_header(env, Q_WEIGHT, "[20,20]", "[20,21]",
					  "Its tensor \"" Q_WEIGHT "\" has another size than its shape.");
	expect_bad_header(env, Q_WEIGHT, "[20,20]", "[20,-1]",
					  "Its tensor \"" Q_WEIGHT "\" has a shape that can't be.");
	expect_bad_header(env, Q_WEIGHT, "[20,20]", "[2.0,2]",
					  "Its tensor \"" Q_WEIGHT "\" has a shape that can't be.");
	expect_bad_header(env, Q_WEIGHT, "[20,20]", "\"20x20\"",
					  "Its tensor \"" Q_WEIGHT "\" has no shape.");
	expect_bad_header(env, Q_WEIGHT, "\"shape\"", "\"shap0\"",
					  "Its tensor \"" Q_WEIGHT
					  "\" has something else than dtype, shape and data_offsets.");
	expect_bad_header(env, Q_WEIGHT, "\"shape\"", "\"dtype\"",
					  "Its tensor \"" Q_WEIGHT
					  "\" has something else than dtype, shape and data_offsets.");
	expect_bad_header(env, Q_WEIGHT, "q_proj.weight", "k_proj.weight",
					  "Its tensor \"encoder.layers.1.attention.k_proj.weight\" is there twice.");
	expect_bad_header(env, "{", "\"__metadata__\":{\"format\":\"pt\"}",
					  "\"__metadata__\":{\"format\":1234}",
					  "Its __metadata__ has something else than texts.");
	expect_bad_header(env, "{", "\"__metadata__\"", "\"__metadata_x\"",
					  "Its tensor \"__metadata_x\" has something else than dtype, shape and "
					  "data_offsets.");
	expect_bad_header(env, "{", "{\"__metadata__\":", "[\"__metadata__\":",
					  "It doesn't begin like a file of safetensors.");
	expect_bad_header(env, "{", "\"format\":", "\"format\"}", "Its header is no JSON.");
}

/* Offsets, 17552 and 19152 of 44480, that lie elsewhere. */
static void
test_offsets(EmoEnv *env)
{
	static const struct
	{
		int digit;      /* which is changed */
		int begin, end; /* by how much */
		const char *detail;
	} changes[] = {{2, 0, 1, "Its tensor \"" Q_WEIGHT "\" has another size than its shape."},
				   {2, 1, 1, "Its tensors overlap or leave gaps."},
				   {2, -1, -1, "Its tensors overlap or leave gaps."},
				   {0, 1, 0, "Its tensor \"" Q_WEIGHT "\" lies outside the file."},
				   {0, 8, 8, "Its tensor \"" Q_WEIGHT "\" lies outside the file."}};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
	{
		TestEncoder encoder = files_of(env, "wavlm_base");
		char *first =
			place_of(&encoder, Q_WEIGHT, "\"data_offsets\":[") + strlen("\"data_offsets\":[");
		char *second = strchr(first, ',') + 1;

		first[changes[i].digit] += changes[i].begin;
		second[changes[i].digit] += changes[i].end;
		expect_damaged(env, &encoder, changes[i].detail);
	}
}

static void
test_length(EmoEnv *env)
{
	TestEncoder encoder = files_of(env, "wavlm_base");

	encoder.weights_file.n--;
	/* The last tensor lies outside then, whichever that is. */
	CHECK(open_test_encoder(env, EMO_F32, &encoder) == EMO_CORRUPTED);
	CHECK(strstr(env->detail, "lies outside the file.") != NULL);
	encoder.weights_file.n += 2;
	expect_damaged(env, &encoder, "Its tensors overlap or leave gaps.");
	encoder.weights_file.bytes[2] = 1;
	expect_damaged(env, &encoder, "Its header is longer than the file.");
	encoder.weights_file.bytes[7] = (char) 0xFF;
	expect_damaged(env, &encoder, "Its header is longer than the file.");
	for (encoder.weights_file.n = 0; encoder.weights_file.n < 8; encoder.weights_file.n++)
		expect_damaged(env, &encoder, "Its header is longer than the file.");
	memset(encoder.weights_file.bytes, 0, 8);
	expect_damaged(env, &encoder, "It doesn't begin like a file of safetensors.");
}

/* Which files of safetensors are of no use. */
static void
test_tensors(EmoEnv *env)
{
	TestEncoder encoder = files_of(env, "wavlm_base");

	change(&encoder, Q_WEIGHT, "q_proj", "x_proj");
	expect(env, &encoder, EMO_F32, EMO_CORRUPTED, "checkpoint has no tensor \"" Q_WEIGHT "\"",
		   "Its config needs one of shape [20, 20].");

	encoder = files_of(env, "wavlm_base");
	change(&encoder, Q_WEIGHT, "[20,20]", "[ 400 ]");
	expect(env, &encoder, EMO_F32, EMO_CORRUPTED,
		   "tensor \"" Q_WEIGHT "\" of the checkpoint has another shape than its config needs",
		   "It is [400], and must be [20, 20].");

	encoder = files_of(env, "wavlm_base");
	change(&encoder, Q_WEIGHT, "\"F32\"", "\"I32\"");
	expect(env, &encoder, EMO_F32, EMO_UNSUPPORTED,
		   "tensor \"" Q_WEIGHT "\" of the checkpoint has a dtype that is not supported", "");
	CHECK(strcmp(env->hint, "Weights may be F32, F16 or BF16.") == 0);

	encoder = files_of(env, "wavlm_base");
	change(&encoder, "{", "\"masked_spec_embed\"", "\"unmasked_spec_emb\"");
	expect(env, &encoder, EMO_F32, EMO_CORRUPTED,
		   "tensor \"unmasked_spec_emb\" of the checkpoint is unknown",
		   "An encoder of model_type \"wavlm\" with this config has none.");

	encoder = files_of(env, "wavlm_base");
	change(&encoder, "{", "feature_extractor.conv_layers.0.conv.weight",
		   "feature_extractor.conv_layers.9.conv.weight");
	expect(env, &encoder, EMO_F32, EMO_CORRUPTED,
		   "checkpoint has no tensor \"feature_extractor.conv_layers.0.conv.weight\"",
		   "An encoder of model_type \"wavlm\" begins with it.");

	/* What is needless may have any dtype. */
	encoder = files_of(env, "wavlm_base");
	change(&encoder, "masked_spec_embed", "\"F32\"", "\"I32\"");
	CHECK(open_test_encoder(env, EMO_F32, &encoder) == EMO_OK);
}

/* A config of other encoders than the checkpoint is one of. */
static void
test_wrong_config(EmoEnv *env)
{
	TestEncoder encoder = files_of(env, "wavlm_base");

	encoder.config_text = encoder_file(env, "hubert_plain", "config.json");
	CHECK(open_test_encoder(env, EMO_F32, &encoder) == EMO_CORRUPTED);
	encoder.config_text = encoder_file(env, "whisper", "config.json");
	encoder.preprocessor_text.bytes = NULL;
	expect(env, &encoder, EMO_F32, EMO_CORRUPTED, "checkpoint has no tensor \"conv1.weight\"",
		   "An encoder of model_type \"whisper\" begins with it.");
}

/* Number i of a tensor, whose numbers have so many bytes. */
static char *
place_of_number(TestEncoder *encoder, const char *name, size_t i, size_t n_bytes)
{
	size_t begin;
	uint64_t n_header;

	memcpy(&n_header, encoder->weights_file.bytes, sizeof(n_header));
	CHECK(sscanf(place_of(encoder, name, "\"data_offsets\":["), "\"data_offsets\":[%zu", &begin) ==
		  1);
	return encoder->weights_file.bytes + EMO_SAFETENSORS_LENGTH_BYTES + n_header + begin +
		   i * n_bytes;
}

static void
set_number(TestEncoder *encoder, const char *name, size_t i, float value)
{
	memcpy(place_of_number(encoder, name, i, sizeof(value)), &value, sizeof(value));
}

static void
test_not_finite(EmoEnv *env)
{
	static const float bad[] = {INFINITY, -INFINITY, NAN};
	static const char *const names[] = {OUT_WEIGHT, "encoder.layers.1.attention.gru_rel_pos_const",
										"feature_extractor.conv_layers.1.conv.weight",
										"encoder.layer_norm.bias"};
	char message[256];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (size_t j = 0; j < 3; j++)
			for (int precision = 0; precision < EMO_N_PRECISIONS; precision++)
			{
				TestEncoder encoder = files_of(env, "wavlm_base");

				set_number(&encoder, names[i], 3, bad[j]);
				snprintf(message, sizeof(message),
						 "tensor \"%s\" of the checkpoint has a number that is not finite",
						 names[i]);
				expect(env, &encoder, precision, EMO_CORRUPTED, message, "");
			}
}

/* Of half precision, too. */
static void
test_not_finite_half(EmoEnv *env)
{
	TestEncoder encoder = files_of(env, "wav2vec2_f16");
	const uint16_t infinite = 0x7C00;

	memcpy(place_of_number(&encoder, OUT_WEIGHT, 399, sizeof(infinite)), &infinite,
		   sizeof(infinite));
	CHECK(open_test_encoder(env, EMO_OWN_PRECISION, &encoder) == EMO_CORRUPTED);
	CHECK(strstr(env->message, "has a number that is not finite") != NULL);
}

/* A kernel whose norm is 0 makes NaN, as in PyTorch. */
static void
test_zero_norm(EmoEnv *env)
{
	TestEncoder encoder = files_of(env, "wavlm_base");
	static const char name[] = "encoder.pos_conv_embed.conv.weight_v";
	char message[256];

	for (size_t i = 0; i < 20 * 5; i++)
		set_number(&encoder, name, i * 16 + 7, 0);
	snprintf(message, sizeof(message),
			 "tensor \"%s\" of the checkpoint has a number that is not finite", name);
	expect(env, &encoder, EMO_F32, EMO_CORRUPTED, message, "");
}

static void
test_too_large(EmoEnv *env)
{
	static const char message[] =
		"tensor \"" OUT_WEIGHT "\" of the checkpoint has a number too large for dtype ";
	char f16[256], bf16[256];
	TestEncoder encoder = files_of(env, "wavlm_base");

	snprintf(f16, sizeof(f16), "%sf16", message);
	snprintf(bf16, sizeof(bf16), "%sbf16", message);
	set_number(&encoder, OUT_WEIGHT, 0, -65519);
	CHECK(open_test_encoder(env, EMO_F16, &encoder) == EMO_OK);
	set_number(&encoder, OUT_WEIGHT, 0, -65520);
	expect(env, &encoder, EMO_F16, EMO_INVALID_PARAMETER, f16, "");
	CHECK(strcmp(env->hint, "Take dtype 'f32' or 'bf16'.") == 0);
	CHECK(open_test_encoder(env, EMO_BF16, &encoder) == EMO_OK);
	set_number(&encoder, OUT_WEIGHT, 0, FLT_MAX);
	expect(env, &encoder, EMO_BF16, EMO_INVALID_PARAMETER, bf16, "");
	CHECK(strcmp(env->hint, "Take dtype 'f32'.") == 0);
	CHECK(open_test_encoder(env, EMO_INT8, &encoder) == EMO_OK);
	CHECK(open_test_encoder(env, EMO_F32, &encoder) == EMO_OK);
}

/* Two files are one, unless both have a tensor. */
static void
test_shards(EmoEnv *env)
{
	TestEncoder encoder = files_of(env, "wavlm_base");
	const char *bytes = encoder.weights_file.bytes;
	EmoSafetensors files[2];
	uint64_t n_header;

	CHECK(emo_safetensors_header_length(env, "a", (const uint8_t *) bytes, encoder.weights_file.n,
										&n_header) == EMO_OK);
	for (int i = 0; i < 2; i++)
		CHECK(emo_safetensors_read_header(env, "a", bytes + 8, n_header, encoder.weights_file.n,
										  &files[i]) == EMO_OK);
	CHECK(emo_checkpoint_create(env, files, 2, EMO_WAVLM, &encoder.checkpoint) == EMO_CORRUPTED);
	CHECK(strstr(env->message, "is in two files of the checkpoint") != NULL);
	files[1].tensors += 10;
	files[1].n_tensors -= 10;
	files[0].n_tensors = 10;
	CHECK(emo_checkpoint_create(env, files, 2, EMO_WAVLM, &encoder.checkpoint) == EMO_OK);
	CHECK(emo_checkpoint_find(&encoder.checkpoint, files[0].tensors[3].name)->file == 0);
	CHECK(emo_checkpoint_find(&encoder.checkpoint, files[1].tensors[3].name)->file == 1);
	CHECK(emo_checkpoint_find(&encoder.checkpoint, "no such tensor") == NULL);
}

/* Memory that fails at any time is a clean failure. */
static void
test_memory(EmoEnv *env)
{
	UnitHost *host = env->host;
	TestEncoder encoder = files_of(env, "whisper");
	EmoStatus status = EMO_OUT_OF_MEMORY;
	int n;

	for (n = 0; status != EMO_OK && n < 1000; n++)
	{
		host->allocations_left = n;
		status = open_test_encoder(env, EMO_F32, &encoder);
		CHECK(status == EMO_OK || (status == EMO_OUT_OF_MEMORY && env->status == status));
		host->allocations_left = -1;
	}
	CHECK(n > 50 && status == EMO_OK);
}

static int calls_left;

static bool
stop_later(void *host)
{
	return host != NULL && calls_left-- == 0;
}

static void
test_cancel(EmoEnv *env)
{
	TestEncoder encoder = files_of(env, "whisper");
	EmoStatus status = EMO_CANCELED;
	int n = 0;

	env->should_stop = stop_later;
	for (; status != EMO_OK && n < 1000; n++)
	{
		calls_left = n;
		status = open_test_encoder(env, EMO_F32, &encoder);
		CHECK(status == EMO_OK || (status == EMO_CANCELED && env->status == status));
	}
	CHECK(n > 20 && status == EMO_OK);
}

int
main(void)
{
	RUN(test_header);
	RUN(test_offsets);
	RUN(test_length);
	RUN(test_tensors);
	RUN(test_wrong_config);
	RUN(test_not_finite);
	RUN(test_not_finite_half);
	RUN(test_zero_norm);
	RUN(test_too_large);
	RUN(test_shards);
	RUN(test_memory);
	RUN(test_cancel);
	return unit_finish();
}
