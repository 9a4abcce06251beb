/*
 * Whisper's encoder against PyTorch: every layer of windows that are full and of those that silence fills.
 */
#include "unit.h"

#include "core/encoder/encoder.h"
#include "tiny_encoders.h"

/* Of the size of a layer's numbers. */
#define TOLERANCE 1e-4

typedef struct Layers
{
	float *hidden; /* [layers + 1][frames][width] */
	int64_t n_frames;
	int width;
	int64_t n_taken;
} Layers;

static EmoStatus
keep(void *argument, int layer, int64_t first, int n, const float *hidden)
{
	Layers *layers = argument;

	memcpy(layers->hidden + (layer * layers->n_frames + first) * layers->width, hidden,
		   (size_t) n * layers->width * sizeof(float));
	layers->n_taken += n;
	return EMO_OK;
}

/* The farthest that numbers of a layer are off, beside the root of their mean square. */
static double
error_of(const float *hidden, const float *expected, int64_t n)
{
	double worst = 0, squares = 0;

	for (int64_t i = 0; i < n; i++)
	{
		worst = fmax(worst, fabs((double) hidden[i] - expected[i]));
		squares += (double) expected[i] * expected[i];
	}
	return worst / sqrt(squares / (double) n);
}

/* Layers 0 .. last_layer; the last one is computed of fewer frames than those before. */
static void
check_layers(EmoEnv *env, const char *name, const TinyEncoder *tiny, EmoEncoder *encoder,
			 const char *recording, int last_layer)
{
	int64_t n_samples;
	const float *samples = tiny_recording(env, recording, &n_samples);
	int dimensions[MAX_DIMENSIONS];
	char array[64];
	const float *expected;
	Layers layers = {.width = tiny->config.width};

	snprintf(array, sizeof(array), "%s.hidden", recording);
	expected = tiny_reference(env, name, array, dimensions);
	layers.n_frames = emo_encoder_n_frames(&tiny->config, n_samples);
	/* A frame is 20 ms; those that are filling aren't handed on. */
	CHECK(layers.n_frames == (n_samples + 319) / 320 && layers.n_frames < dimensions[1]);
	CHECK(dimensions[0] == tiny->config.n_layers + 1);
	layers.hidden =
		emo_alloc_zero(env, dimensions[0] * layers.n_frames * layers.width, sizeof(float));
	CHECK(emo_encoder_run(env, encoder, samples, n_samples, last_layer, keep, &layers) == EMO_OK);
	CHECK(layers.n_taken == (last_layer + 1) * layers.n_frames);
	for (int layer = 0; layer <= last_layer; layer++)
		CHECK_NEAR(error_of(layers.hidden + layer * layers.n_frames * layers.width,
							expected + (int64_t) layer * dimensions[1] * layers.width,
							layers.n_frames * layers.width),
				   0, TOLERANCE);
}

static void
check_recording(EmoEnv *env, const char *name, const TinyEncoder *tiny, EmoEncoder *encoder,
				const char *recording)
{
	for (int last_layer = 0; last_layer <= tiny->config.n_layers; last_layer++)
		check_layers(env, name, tiny, encoder, recording, last_layer);
}

static void
check_encoder(EmoEnv *env, const char *name)
{
	const TinyEncoder *tiny = tiny_encoder(env, name);
	EmoEncoder *encoder;

	CHECK(emo_encoder_create(env, &tiny->config, &tiny->weights, &encoder) == EMO_OK);
	/* What a long recording leaves in the work space is not heard in a short one. */
	check_recording(env, name, tiny, encoder, "long");
	check_recording(env, name, tiny, encoder, "short");
}

static void
test_against_pytorch(EmoEnv *env)
{
	check_encoder(env, "whisper");
	check_encoder(env, "whisper_f16");
	check_encoder(env, "whisper_emotion");
}

/* Layers of samples in a window of so many frames. */
static Layers
layers_of(EmoEnv *env, const TinyEncoder *tiny, int max_frames, const float *samples,
		  int64_t n_samples)
{
	EmoEncoderConfig config = tiny->config;
	Layers layers = {.width = config.width};
	EmoEncoder *encoder;

	config.max_frames = max_frames;
	layers.n_frames = emo_encoder_n_frames(&config, n_samples);
	layers.hidden =
		emo_alloc(env, (config.n_layers + 1) * layers.n_frames * layers.width, sizeof(float));
	CHECK(emo_encoder_create(env, &config, &tiny->weights, &encoder) == EMO_OK);
	CHECK(emo_encoder_run(env, encoder, samples, n_samples, config.n_layers, keep, &layers) ==
		  EMO_OK);
	return layers;
}

/* Silence is convolved once where it fills a window; as samples, it is all through. */
static void
check_filling(EmoEnv *env, const TinyEncoder *tiny, int max_frames)
{
	int window = max_frames * 320;

	for (int n_samples = 1; n_samples <= window; n_samples += 317)
	{
		float *samples = emo_alloc_zero(env, window, sizeof(float));
		Layers filled, whole;

		for (int i = 0; i < n_samples; i++)
			samples[i] = (float) sin(0.1 * i) / 2;
		filled = layers_of(env, tiny, max_frames, samples, n_samples);
		whole = layers_of(env, tiny, max_frames, samples, window);
		CHECK(whole.n_frames == max_frames);
		for (int layer = 0; layer <= tiny->config.n_layers; layer++)
			CHECK_NEAR(error_of(filled.hidden + layer * filled.n_frames * filled.width,
								whole.hidden + layer * whole.n_frames * whole.width,
								filled.n_frames * filled.width),
					   0, 1e-5);
	}
}

static void
test_filling(EmoEnv *env)
{
	const TinyEncoder *tiny = tiny_encoder(env, "whisper");

	check_filling(env, tiny, tiny->config.max_frames);
	for (int max_frames = 1; max_frames < 6; max_frames++)
		check_filling(env, tiny, max_frames);
}

static bool
always_stop(void *host)
{
	(void) host;
	return true;
}

static void
test_cancel(EmoEnv *env)
{
	const TinyEncoder *tiny = tiny_encoder(env, "whisper");
	const float samples[1] = {1};
	Layers layers = {0};
	EmoEncoder *encoder;

	CHECK(emo_encoder_create(env, &tiny->config, &tiny->weights, &encoder) == EMO_OK);
	env->should_stop = always_stop;
	CHECK(emo_encoder_run(env, encoder, samples, 1, 0, keep, &layers) == EMO_CANCELED);
}

/* Without memory for something, whatever it is, there is an error. */
static void
test_memory(EmoEnv *env)
{
	const TinyEncoder *tiny = tiny_encoder(env, "whisper");
	UnitHost *host = env->host;
	const float samples[1] = {1};
	EmoStatus status = EMO_OUT_OF_MEMORY;
	int n_allocations = 0;

	for (; status != EMO_OK && n_allocations < 100; n_allocations++)
	{
		Layers layers = {.n_frames = 1, .width = tiny->config.width};
		EmoEncoder *encoder;

		layers.hidden = emo_alloc(env, 3 * layers.width, sizeof(float));
		host->allocations_left = n_allocations;
		status = emo_encoder_create(env, &tiny->config, &tiny->weights, &encoder);
		if (status == EMO_OK)
			status = emo_encoder_run(env, encoder, samples, 1, 2, keep, &layers);
		host->allocations_left = -1;
		CHECK(status == EMO_OK || status == EMO_OUT_OF_MEMORY);
	}
	CHECK(n_allocations > 10 && n_allocations < 100);
}

int
main(void)
{
	RUN(test_against_pytorch);
	RUN(test_filling);
	RUN(test_cancel);
	RUN(test_memory);
	return unit_finish();
}
