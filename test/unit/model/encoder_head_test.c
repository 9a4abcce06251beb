/*
 * encoder_head_test.c
 *	  Heads of checkpoints as models: what they say of hidden states that PyTorch has computed, and of those computed here.
 */
#include "unit.h"

#include "encoder_heads.h"
#include "tiny_files.h"

#include "core/encoder/embedding.h"
#include "core/model/encoder_head.h"
#include "core/model/format.h"
#include "core/pretrained/numbers.h"

/* transformers adds up floats. */
#define TOLERANCE             1e-5

#define WHISPER_FRAME_SAMPLES 320

/* As a host does it that has the file somewhere else. */
static void
read_values(EmoEnv *env, TestHead *test)
{
	for (int part = 0; part < EMO_N_HEAD_PARTS; part++)
	{
		const EmoFileTensor *tensor = test->head.tensors[part];

		if (tensor == NULL)
			continue;
		test->head.values[part] = emo_alloc(env, tensor->n, sizeof(float));
		CHECK(emo_floats_of_numbers(tensor->dtype,
									(uint8_t *) test->encoder.weights_file.bytes + tensor->begin,
									tensor->n, test->head.values[part]));
	}
}

static void
make_model(EmoEnv *env, const char *name, TestHead *test)
{
	EmoHearing hearing = {.pooling = EMO_POOL_MEAN_FILLED};

	CHECK(find_head(env, name, test) == EMO_OK && test->is_there);
	hearing.width = test->encoder.config.width;
	hearing.n_layers = test->encoder.config.n_layers;
	strcpy(hearing.name, name);
	read_values(env, test);
	CHECK(emo_encoder_head_model(env, &test->head, &hearing, &test->model) == EMO_OK);
}

/* The means over time of hidden[n_layers + 1][n_frames][width], of which the first n_heard are heard. */
static float *
means_of(EmoEnv *env, const EmoHearing *hearing, const float *hidden, int n_frames, int n_heard)
{
	int width = hearing->width;
	float *means = emo_alloc_zero(env, (size_t) (hearing->n_layers + 1) * width, sizeof(float));

	for (int layer = 0; layer <= hearing->n_layers; layer++)
		for (int i = 0; i < width; i++)
		{
			double sum = 0;

			for (int frame = 0; frame < n_heard; frame++)
				sum += hidden[((size_t) layer * n_frames + frame) * width + i];
			means[layer * width + i] = (float) (sum / n_heard);
		}
	return means;
}

/* What the model hears, from the means of all layers. */
static float *
features_of(EmoEnv *env, const EmoHearing *hearing, const float *means)
{
	int width = hearing->width;
	double *mean = emo_alloc_zero(env, width, sizeof(double));
	float *features = emo_alloc_zero(env, EMO_MAX_FEATURES, sizeof(float));

	for (int layer = 0; layer <= hearing->n_layers; layer++)
		for (int i = 0; i < width; i++)
			mean[i] += hearing->layer_weights[layer] * means[layer * width + i];
	for (int i = 0; hearing->n_dense == 0 && i < width; i++)
		features[i] = (float) mean[i];
	for (int k = 0; k < hearing->n_dense; k++)
	{
		double sum = hearing->dense_bias[k];

		for (int i = 0; i < width; i++)
			sum += hearing->dense_weight[(size_t) k * width + i] * mean[i];
		features[k] = (float) tanh(sum);
	}
	return features;
}

/* The means that the encoder computes itself. */
static float *
heard_means(EmoEnv *env, TestHead *test, const char *recording)
{
	const EmoEncoderConfig *config = &test->encoder.config;
	int64_t n_samples;
	float *samples = tiny_recording(env, recording, &n_samples);
	float *means = emo_alloc(env, (size_t) (config->n_layers + 1) * config->width, sizeof(float));
	EmoEncoder *encoder;

	/* transformers cuts off what is longer than a window of Whisper. */
	if (config->kind == EMO_WHISPER && n_samples > config->max_frames * WHISPER_FRAME_SAMPLES)
		n_samples = config->max_frames * WHISPER_FRAME_SAMPLES;
	CHECK(emo_encoder_create(env, config, &test->encoder.weights, &encoder) == EMO_OK);
	CHECK(emo_embed_layers(env, encoder, samples, n_samples, 0, config->n_layers,
						   test->model.hearing->pooling, means) == EMO_OK);
	return means;
}

static void
check_probabilities(EmoEnv *env, const EmoModel *model, const float *features, const float *logits)
{
	EmoUtterance utterance = {.features = features};
	float probabilities[EMO_MAX_CLASSES];
	double sum = 0;

	CHECK(emo_model_predict_utterance(env, model, NULL, &utterance, probabilities) == EMO_OK);
	for (int c = 0; c < model->n_classes; c++)
		sum += exp(logits[c]);
	for (int c = 0; c < model->n_classes; c++)
		CHECK_NEAR(probabilities[c], exp(logits[c]) / sum, TOLERANCE);
}

static void
check_values(const EmoModel *model, const float *features, const float *logits)
{
	EmoUtterance utterance = {.features = features};
	EmoValue values[EMO_MAX_TARGETS];

	emo_model_predict_values(model, &utterance, values);
	for (int t = 0; t < model->n_classes; t++)
	{
		CHECK_NEAR(values[t].value, logits[t], TOLERANCE * fmax(1, fabs(logits[t])));
		CHECK(isnan(values[t].low) && isnan(values[t].high));
	}
}

static void
check_answers(EmoEnv *env, const EmoModel *model, const float *means, const float *logits)
{
	const float *features = features_of(env, model->hearing, means);

	if (model->targets != NULL)
		check_values(model, features, logits);
	else
		check_probabilities(env, model, features, logits);
}

static void
check_against_torch(EmoEnv *env, const char *name, bool tells_values)
{
	static const char *const recordings[] = {"short", "long"};
	TestHead test = {0};

	make_model(env, name, &test);
	CHECK((test.model.targets != NULL) == tells_values && test.head.left_out == NULL &&
		  !test.head.has_nameless_label);
	for (int r = 0; r < 2; r++)
	{
		char array[64];
		int of_hidden[MAX_DIMENSIONS], of_logits[MAX_DIMENSIONS], n_heard;
		const float *hidden, *logits;

		snprintf(array, sizeof(array), "%s.hidden", recordings[r]);
		hidden = tiny_reference(env, name, array, of_hidden);
		snprintf(array, sizeof(array), "%s.logits", recordings[r]);
		logits = tiny_reference(env, name, array, of_logits);
		CHECK(hidden != NULL && logits != NULL && of_logits[0] == test.model.n_classes);
		/* Whisper's head hears one window, and all of it. */
		n_heard =
			test.encoder.config.kind == EMO_WHISPER ? test.encoder.config.max_frames : of_hidden[1];
		check_answers(env, &test.model,
					  means_of(env, test.model.hearing, hidden, of_hidden[1], n_heard), logits);
		check_answers(env, &test.model, heard_means(env, &test, recordings[r]), logits);
	}
}

static void
test_against_torch(EmoEnv *env)
{
	check_against_torch(env, "wav2vec2_emotion", false);
	check_against_torch(env, "wav2vec2_weighted", false);
	check_against_torch(env, "hubert_emotion", false);
	check_against_torch(env, "wavlm_emotion", false);
	check_against_torch(env, "whisper_emotion", false);
	check_against_torch(env, "wav2vec2_dimensions", true);
}

/* A recording of two windows of Whisper, the second of which is mostly filling. */
static void
test_filled_windows(EmoEnv *env)
{
	TestHead test = {0};
	int of_hidden[MAX_DIMENSIONS];
	int64_t n_samples;
	const float *samples = tiny_recording(env, "long", &n_samples);
	const float *hidden = tiny_reference(env, "whisper_emotion", "long.hidden", of_hidden);
	float *expected, *means;
	EmoEncoder *encoder;

	make_model(env, "whisper_emotion", &test);
	expected = means_of(env, test.model.hearing, hidden, of_hidden[1], of_hidden[1]);
	means = emo_alloc_zero(env, (size_t) of_hidden[0] * of_hidden[2], sizeof(float));
	CHECK(emo_encoder_create(env, &test.encoder.config, &test.encoder.weights, &encoder) == EMO_OK);
	CHECK(emo_embed_layers(env, encoder, samples, n_samples, 0, of_hidden[0] - 1,
						   EMO_POOL_MEAN_FILLED, means) == EMO_OK);
	for (int i = 0; i < of_hidden[0] * of_hidden[2]; i++)
		CHECK_NEAR(means[i], expected[i], TOLERANCE * fmax(1, fabs(expected[i])));
	CHECK(emo_embed(env, encoder, samples, 0, 0, EMO_POOL_MEAN_FILLED, means) == EMO_LITTLE_SPEECH);
}

static void
test_labels(EmoEnv *env)
{
	TestHead emotions = {0}, dimensions = {0};

	make_model(env, "wav2vec2_emotion", &emotions);
	CHECK(strcmp(emotions.model.algorithm, "encoder") == 0);
	CHECK(strcmp(emotions.model.labels[0], "neutral") == 0 &&
		  strcmp(emotions.model.labels[3], "sad") == 0);
	make_model(env, "wav2vec2_dimensions", &dimensions);
	CHECK(dimensions.model.hearing->n_dense == dimensions.encoder.config.width);
	CHECK(strcmp(dimensions.model.labels[2], "valence") == 0);
}

/* A model of a head is stored and read like others. */
static void
test_bytes(EmoEnv *env)
{
	TestHead test = {0};
	uint8_t *bytes;
	size_t n_bytes;
	EmoModel *again;

	make_model(env, "wav2vec2_weighted", &test);
	CHECK(emo_model_serialize(env, &test.model, &bytes, &n_bytes) == EMO_OK);
	CHECK(emo_model_deserialize(env, bytes, n_bytes, &again) == EMO_OK);
	CHECK(again->hearing->layer_weights[1] == test.model.hearing->layer_weights[1]);
}

int
main(void)
{
	RUN(test_against_torch);
	RUN(test_filled_windows);
	RUN(test_labels);
	RUN(test_bytes);
	return unit_finish();
}
