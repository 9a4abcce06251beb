/*
 * hearing_test.c
 *	  Models that hear by an encoder: as bytes and back, as arrays and back, and any damage refused.
 */
#include "model_sample.h"

#include <float.h>

#include "core/model/format.h"
#include "core/model/tensors.h"
#include "encoder_sample.h"

static void
check_same(EmoEnv *env, const EmoModel *model, const EmoModel *again)
{
	uint8_t *bytes, *second_bytes;
	size_t n_bytes, second_n_bytes;

	CHECK(emo_model_serialize(env, model, &bytes, &n_bytes) == EMO_OK);
	CHECK(emo_model_serialize(env, again, &second_bytes, &second_n_bytes) == EMO_OK);
	CHECK(n_bytes == second_n_bytes && memcmp(bytes, second_bytes, n_bytes) == 0);
}

static void
check_round_trip(EmoEnv *env, const EmoModel *model)
{
	const EmoHearing *hearing = model->hearing, *read;
	EmoModel *again;
	uint8_t *bytes;
	size_t n_bytes;

	CHECK(emo_model_serialize(env, model, &bytes, &n_bytes) == EMO_OK);
	CHECK(emo_model_deserialize(env, bytes, n_bytes, &again) == EMO_OK);
	check_same(env, model, again);
	read = again->hearing;
	CHECK(read != NULL && memcmp(read->encoder, hearing->encoder, EMO_ENCODER_ID_BYTES) == 0);
	CHECK(strcmp(read->name, hearing->name) == 0 && read->width == hearing->width);
	CHECK(read->n_layers == hearing->n_layers && read->pooling == hearing->pooling);
	CHECK(read->with_features == hearing->with_features && read->n_dense == hearing->n_dense);
	for (int layer = 0; layer <= hearing->n_layers; layer++)
		CHECK(read->layer_weights[layer] == hearing->layer_weights[layer]);
	for (int i = 0; i < hearing->n_dense * emo_hearing_length(hearing); i++)
		CHECK(read->dense_weight[i] == hearing->dense_weight[i]);
	for (int i = 0; i < hearing->n_dense; i++)
		CHECK(read->dense_bias[i] == hearing->dense_bias[i]);
}

static void
test_round_trip(EmoEnv *env)
{
	EmoModel plain = trained_hearing(env), dense = trained_dense_hearing(env);

	check_round_trip(env, &plain);
	check_round_trip(env, &dense);
	CHECK(emo_hearing_n_features(plain.hearing) == N_FEATURES);
	CHECK(emo_hearing_n_features(dense.hearing) == N_FEATURES);
	CHECK(emo_hearing_first_layer(plain.hearing) == 0);
	CHECK(emo_hearing_last_layer(plain.hearing) == 1);
	CHECK(emo_hearing_first_layer(dense.hearing) == 1);
	CHECK(emo_hearing_last_layer(dense.hearing) == 1);
}

/* Memory of exactly this size, so that the sanitizer sees a read past its end. */
static EmoStatus
read_copy(EmoEnv *env, const uint8_t *bytes, size_t n_bytes)
{
	uint8_t *copy = malloc(n_bytes);
	EmoModel *model;
	EmoStatus status;

	memcpy(copy, bytes, n_bytes);
	emo_put_little_endian(copy + 16, 8, n_bytes);
	emo_put_little_endian(copy + 12, 4,
						  emo_crc32c(copy + EMO_HEADER_BYTES, n_bytes - EMO_HEADER_BYTES));
	status = emo_model_deserialize(env, copy, n_bytes, &model);
	free(copy);
	return status;
}

/* The section stands at the end, where reading past it leaves the block: whatever its bytes are, they are read or refused. */
static void
check_hostile(EmoEnv *env, const EmoModel *model)
{
	static const uint8_t values[] = {0x00, 0x01, 0x3F, 0x7F, 0x80, 0xFF};
	uint8_t *bytes;
	size_t n_bytes, n_section;
	int n_refused = 0;

	CHECK(emo_model_serialize(env, model, &bytes, &n_bytes) == EMO_OK);
	n_section = emo_model_hearing_length(model->hearing);
	CHECK(read_copy(env, bytes, n_bytes) == EMO_OK);
	for (size_t i = n_bytes - n_section - EMO_SECTION_HEADER_BYTES; i < n_bytes; i++)
	{
		uint8_t kept = bytes[i];

		for (size_t v = 0; v < sizeof(values); v++)
		{
			EmoStatus status;

			bytes[i] = values[v];
			status = read_copy(env, bytes, n_bytes);
			CHECK(status == EMO_OK || status == EMO_CORRUPTED);
			n_refused += status == EMO_CORRUPTED;
		}
		bytes[i] = kept;
	}
	for (size_t length = n_bytes - n_section; length < n_bytes; length++)
	{
		emo_put_little_endian(bytes + n_bytes - n_section - 8, 8, length + n_section - n_bytes);
		CHECK(read_copy(env, bytes, length) == EMO_CORRUPTED);
	}
	CHECK(n_refused > 100);
}

static void
test_hostile_bytes(EmoEnv *env)
{
	EmoModel plain = trained_hearing(env), dense = trained_dense_hearing(env);

	check_hostile(env, &plain);
	check_hostile(env, &dense);
}

/* A reader that doesn't know the section must refuse the model, not hear something else. */
static void
test_section_is_required(EmoEnv *env)
{
	EmoModel model = trained_hearing(env);
	uint8_t *bytes, *section;
	size_t n_bytes;

	CHECK(emo_model_serialize(env, &model, &bytes, &n_bytes) == EMO_OK);
	section = bytes + n_bytes - emo_model_hearing_length(model.hearing) - EMO_SECTION_HEADER_BYTES;
	CHECK(emo_get_little_endian(section, 4) == 14 &&
		  emo_get_little_endian(section + 4, 4) == EMO_SECTION_IS_REQUIRED);
}

static void
test_arrays(EmoEnv *env)
{
	EmoModel models[] = {trained_hearing(env), trained_dense_hearing(env)};

	for (int m = 0; m < 2; m++)
	{
		EmoModel copy = models[m];
		EmoHearing hearing = *models[m].hearing;
		EmoFamiliarity familiarity;
		EmoCells cells = {.n_groups = 1};
		EmoCertainty certainty;
		EmoTensor *from, *to;
		int n_from, n_to;
		uint64_t n_values = 0;

		copy.hearing = &hearing;
		copy.familiarity = &familiarity;
		copy.cells = &cells;
		copy.certainty = &certainty;
		CHECK(emo_model_tensors(env, &models[m], &from, &n_from) == EMO_OK);
		for (int i = 0; i < n_from; i++)
			n_values += from[i].n;
		CHECK(emo_model_allocate(env, &copy, n_values - 1) == EMO_CORRUPTED);
		CHECK(emo_model_allocate(env, &copy, n_values) == EMO_OK);
		CHECK(emo_model_tensors(env, &copy, &to, &n_to) == EMO_OK);
		CHECK(n_from == n_to);
		for (int i = 0; i < n_to; i++)
		{
			CHECK(strcmp(from[i].name, to[i].name) == 0 && from[i].values != to[i].values);
			memcpy(to[i].values, from[i].values, from[i].n * sizeof(float));
		}
		for (int h = 0; h < copy.n_heads; h++)
			copy.heads[h] = (EmoModelHead){models[m].heads[h].on_profile, copy.heads[h].weight,
										   copy.heads[h].profile_weight, copy.heads[h].lda};
		check_same(env, &models[m], &copy);
		hearing.n_layers = EMO_ENCODER_MAX_LAYERS + 1;
		CHECK(emo_model_allocate(env, &copy, n_values) == EMO_CORRUPTED);
	}
}

static void
refuse(EmoEnv *env, const EmoModel *model, const char *detail)
{
	uint8_t *bytes;
	size_t n_bytes;

	CHECK(emo_model_serialize(env, model, &bytes, &n_bytes) == EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->detail, detail) == 0);
}

static void
test_unfit_hearings_are_not_written(EmoEnv *env)
{
	float none[] = {0, 0, 0}, negative[] = {1, -1, 0}, infinite[] = {1, INFINITY, 0};
	EmoModel model = trained_hearing(env), dense = trained_dense_hearing(env);
	EmoHearing hearing = *model.hearing, of_dense = *dense.hearing;
	const char *other_features = "The model has other features than its encoder makes.";

	model.hearing = &hearing;
	model.feature_version = EMO_FEATURE_VERSION;
	refuse(env, &model, other_features);
	hearing.with_features = true;
	refuse(env, &model, other_features);
	hearing.with_features = false;
	model.feature_version = 0;
	hearing.width = N_FEATURES + 1;
	refuse(env, &model, other_features);
	hearing.width = N_FEATURES;
	hearing.layer_weights = none;
	refuse(env, &model, "No layer has a weight.");
	hearing.layer_weights = negative;
	refuse(env, &model, "The weight of a layer is out of range.");
	hearing.layer_weights = infinite;
	refuse(env, &model, "The weight of a layer is out of range.");
	hearing.layer_weights = trained_hearing(env).hearing->layer_weights;
	hearing.name[0] = '\0';
	refuse(env, &model, "The name of the encoder is not valid.");
	hearing.name[0] = 'a';
	hearing.name[1] = '\0';
	hearing.name[5] = 'b';
	refuse(env, &model, "The name of the encoder is not valid.");

	dense.hearing = &of_dense;
	of_dense.dense_bias = none;
	none[1] = NAN;
	refuse(env, &dense, "A number of the dense layer is not finite.");
}

#define N_SAMPLES 6000

/* What is heard of a recording, against its definition. */
static void
check_features(EmoEnv *env, EmoEncoder *encoder, const EmoHearing *hearing)
{
	const EmoEncoderConfig *config = emo_encoder_config(encoder);
	int length = emo_hearing_length(hearing), n = emo_hearing_n_features(hearing);
	int n_heard = emo_hearing_n_heard(hearing);
	float *samples = sample_recording(env, N_SAMPLES, 3);
	float *layers = emo_alloc(env, (size_t) (config->n_layers + 1) * length, sizeof(float));
	float *features = emo_alloc(env, n, sizeof(float));
	float *ours = emo_alloc(env, emo_feature_count(), sizeof(float));
	EmoFeaturePlan *plan;

	CHECK(emo_feature_plan_create(env, &plan) == EMO_OK);
	CHECK(emo_hearing_features(env, hearing, encoder, plan, samples, N_SAMPLES, features) ==
		  EMO_OK);
	CHECK(emo_embed_layers(env, encoder, samples, N_SAMPLES, 0, config->n_layers, hearing->pooling,
						   layers) == EMO_OK);
	for (int i = 0; i < n_heard; i++)
	{
		double sum = hearing->n_dense > 0 ? hearing->dense_bias[i] : 0;

		for (int j = 0; j < length; j++)
			for (int layer = 0; layer <= config->n_layers; layer++)
				sum += (hearing->n_dense > 0 ? hearing->dense_weight[i * length + j] : i == j) *
					   (double) hearing->layer_weights[layer] * layers[layer * length + j];
		CHECK_NEAR(features[i], hearing->n_dense > 0 ? tanh(sum) : sum, 1e-5);
	}
	CHECK(emo_features(env, plan, samples, N_SAMPLES, NULL, ours) == EMO_OK);
	for (int i = n_heard; i < n; i++)
		CHECK(features[i] == ours[i - n_heard]);
	emo_feature_plan_destroy(env, plan);
}

static void
test_features(EmoEnv *env)
{
	enum
	{
		WIDTH = 12,
		N_DENSE = 5
	};
	float one[] = {0, 1, 0}, some[] = {0.5f, 0, 0.25f};
	float weight[N_DENSE * 2 * WIDTH], bias[N_DENSE];
	EmoHearing hearing = {.width = WIDTH, .n_layers = 2, .layer_weights = one};
	EmoEncoderConfig config = sample_base;
	EmoEncoder *encoder;
	float samples[N_SAMPLES] = {0}, features[WIDTH];

	CHECK(emo_encoder_create(env, &config, sample_weights(env, &config, 1), &encoder) == EMO_OK);
	check_features(env, encoder, &hearing);
	hearing.layer_weights = some;
	hearing.with_features = true;
	check_features(env, encoder, &hearing);
	for (int i = 0; i < N_DENSE * 2 * WIDTH; i++)
		weight[i] = (float) sin(i) / WIDTH;
	for (int i = 0; i < N_DENSE; i++)
		bias[i] = (float) cos(i);
	hearing.pooling = EMO_POOL_MEAN_DEVIATION;
	hearing.n_dense = N_DENSE;
	hearing.dense_weight = weight;
	hearing.dense_bias = bias;
	check_features(env, encoder, &hearing);

	/* One layer alone is the embedding itself, to the last bit. */
	hearing = (EmoHearing){.width = WIDTH, .n_layers = 2, .layer_weights = one};
	CHECK(emo_hearing_features(env, &hearing, encoder, NULL, samples, N_SAMPLES, features) ==
		  EMO_OK);
	CHECK(emo_embed(env, encoder, samples, N_SAMPLES, 1, EMO_POOL_MEAN, weight) == EMO_OK);
	for (int i = 0; i < WIDTH; i++)
		CHECK(features[i] == weight[i]);
	hearing.n_layers = 1;
	CHECK(emo_hearing_features(env, &hearing, encoder, NULL, samples, N_SAMPLES, features) ==
		  EMO_CORRUPTED);
	CHECK(strcmp(env->detail, "It hears 1 layers of 12 numbers, and its encoder has 2 of 12.") ==
		  0);
}

int
main(void)
{
	RUN(test_round_trip);
	RUN(test_hostile_bytes);
	RUN(test_section_is_required);
	RUN(test_arrays);
	RUN(test_features);
	RUN(test_unfit_hearings_are_not_written);
	return unit_finish();
}
