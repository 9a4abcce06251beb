/*
 * embedding_test.c
 *	  Hidden states pooled over time.
 */
#include "core/encoder/embedding.h"

#include "encoder_sample.h"
#include "unit.h"

static void
check_pooled(const float *hidden, int64_t n_frames, int width, const float *embedding)
{
	for (int j = 0; j < width; j++)
	{
		double mean = 0, variance = 0;

		for (int64_t t = 0; t < n_frames; t++)
			mean += hidden[t * width + j] / (double) n_frames;
		for (int64_t t = 0; t < n_frames; t++)
			variance += pow(hidden[t * width + j] - mean, 2) / (double) n_frames;
		CHECK_NEAR(embedding[j], mean, 1e-6);
		CHECK_NEAR(embedding[width + j], sqrt(variance), 1e-6);
	}
}

/* As long as two windows, and as one. */
static void
check_length(EmoEnv *env, EmoEncoder *encoder, int n_samples)
{
	const EmoEncoderConfig *config = emo_encoder_config(encoder);
	int length = emo_embedding_length(config, EMO_POOL_MEAN_DEVIATION), width = config->width;
	float *samples = sample_recording(env, n_samples, 7);
	int64_t n_frames = emo_encoder_n_frames(config, n_samples);
	float *hidden = emo_alloc(env, (size_t) n_frames * width, sizeof(float));
	float *all = emo_alloc(env, (size_t) (config->n_layers + 1) * length, sizeof(float));
	float *some = emo_alloc(env, (size_t) config->n_layers * length, sizeof(float));
	float *one = emo_alloc(env, length, sizeof(float));

	CHECK(emo_embed_layers(env, encoder, samples, n_samples, 0, config->n_layers,
						   EMO_POOL_MEAN_DEVIATION, all) == EMO_OK);
	CHECK(emo_embed_layers(env, encoder, samples, n_samples, 1, config->n_layers,
						   EMO_POOL_MEAN_DEVIATION, some) == EMO_OK);
	CHECK(memcmp(some, all + length, (size_t) config->n_layers * length * sizeof(float)) == 0);
	for (int layer = 0; layer <= config->n_layers; layer++)
	{
		CHECK(emo_embed_frames(env, encoder, samples, n_samples, layer, hidden) == EMO_OK);
		check_pooled(hidden, n_frames, width, all + layer * length);
		CHECK(emo_embed(env, encoder, samples, n_samples, layer, EMO_POOL_MEAN_DEVIATION, one) ==
			  EMO_OK);
		CHECK(memcmp(one, all + layer * length, length * sizeof(float)) == 0);
		CHECK(emo_embed(env, encoder, samples, n_samples, layer, EMO_POOL_MEAN, one) == EMO_OK);
		CHECK(memcmp(one, all + layer * length, width * sizeof(float)) == 0);
	}
}

static void
test_pooling(EmoEnv *env)
{
	EmoEncoderConfig config = sample_base;
	EmoEncoder *encoder;

	CHECK(emo_embedding_length(&config, EMO_POOL_MEAN) == config.width);
	CHECK(emo_embedding_length(&config, EMO_POOL_MEAN_DEVIATION) == 2 * config.width);
	CHECK(emo_encoder_create(env, &config, sample_weights(env, &config, 1), &encoder) == EMO_OK);
	check_length(env, encoder, 30);
	check_length(env, encoder, 3001);
	config.n_convs = 1;
	config.convs[0] = (EmoEncoderConv){4, 3, 2};
	config.n_layers = 1;
	config.width = 4;
	config.n_heads = 2;
	config.position_groups = 1;
	CHECK(emo_encoder_create(env, &config, sample_weights(env, &config, 1), &encoder) == EMO_OK);
	check_length(env, encoder, 6500);
}

/* A mean far from 0 leaves the deviation its digits. */
static void
test_offset(EmoEnv *env)
{
	EmoEncoderConfig config = sample_base;
	EmoEncoderWeights *weights = sample_weights(env, &config, 1);
	float *samples = sample_recording(env, 3000, 7), *plain, *shift;
	int width = config.width;
	float embedding[2][24];
	EmoEncoder *encoder;

	/* What the first layer is given ends in a norm, whose shift moves it. */
	plain = (float *) weights->norm.shift;
	CHECK(emo_encoder_create(env, &config, weights, &encoder) == EMO_OK);
	CHECK(emo_embed(env, encoder, samples, 3000, 0, EMO_POOL_MEAN_DEVIATION, embedding[0]) ==
		  EMO_OK);
	shift = emo_alloc(env, width, sizeof(float));
	for (int j = 0; j < width; j++)
		shift[j] = plain[j] + 1000;
	weights->norm.shift = shift;
	CHECK(emo_embed(env, encoder, samples, 3000, 0, EMO_POOL_MEAN_DEVIATION, embedding[1]) ==
		  EMO_OK);
	for (int j = 0; j < width; j++)
	{
		CHECK_NEAR(embedding[1][j] - 1000, embedding[0][j], 1e-3);
		CHECK_NEAR(embedding[1][width + j], embedding[0][width + j], 1e-4);
	}
}

/* Weights that are finite, and too large. */
static void
test_infinite(EmoEnv *env)
{
	EmoEncoderWeights *weights = sample_weights(env, &sample_base, 1);
	size_t width = (size_t) sample_base.width;
	float *samples = sample_recording(env, 3000, 7), *bias, *hidden;
	float embedding[24];
	EmoEncoder *encoder;

	bias = emo_alloc(env, width, sizeof(float));
	hidden =
		emo_alloc(env, (size_t) emo_encoder_n_frames(&sample_base, 3000) * width, sizeof(float));
	for (size_t j = 0; j < width; j++)
		bias[j] = j % 2 == 0 ? 3e38f : -3e38f;
	CHECK(emo_encoder_create(env, &sample_base, weights, &encoder) == EMO_OK);
	CHECK(emo_embed(env, encoder, samples, 3000, 2, EMO_POOL_MEAN, embedding) == EMO_OK);
	weights->projection_bias = bias;
	CHECK(emo_embed(env, encoder, samples, 3000, 2, EMO_POOL_MEAN, embedding) == EMO_BAD_DATA);
	CHECK(emo_embed_frames(env, encoder, samples, 3000, 2, hidden) == EMO_BAD_DATA);
}

static void
test_short(EmoEnv *env)
{
	float *samples = sample_recording(env, 29, 7), embedding[24];
	EmoEncoder *encoder;

	CHECK(emo_encoder_create(env, &sample_base, sample_weights(env, &sample_base, 1), &encoder) ==
		  EMO_OK);
	CHECK(emo_embed(env, encoder, samples, 29, 2, EMO_POOL_MEAN, embedding) == EMO_LITTLE_SPEECH);
	CHECK(emo_embed_frames(env, encoder, samples, 29, 2, embedding) == EMO_LITTLE_SPEECH);
}

int
main(void)
{
	RUN(test_pooling);
	RUN(test_offset);
	RUN(test_infinite);
	RUN(test_short);
	return unit_finish();
}
