/*
 * encoder_test.c
 *	  The forward pass of encoders against its definition, windows, memory and cancel.
 */
#include "core/encoder/encoder.h"

#include "core/encoder/windows.h"
#include "encoder_sample.h"
#include "naive_encoder.h"
#include "tiny_encoders.h"
#include "unit.h"

/* Largest difference of a layer by its largest number. */
#define TOLERANCE 1e-5

typedef struct Collected
{
	int width;
	int64_t n_frames;
	float *hidden; /* [layers][n_frames][width] */
	int n_calls, last_layer;
} Collected;

static EmoStatus
collect(void *argument, int layer, int64_t first, int n, const float *hidden)
{
	Collected *collected = argument;
	size_t at = ((size_t) layer * collected->n_frames + first) * collected->width;

	memcpy(collected->hidden + at, hidden, (size_t) n * collected->width * sizeof(float));
	collected->n_calls++;
	collected->last_layer = layer;
	return EMO_OK;
}

/* Of layers 0 .. last_layer; what is never handed over stays NaN. */
static Collected
run(EmoEnv *env, EmoEncoder *encoder, const float *samples, int n, int last_layer)
{
	const EmoEncoderConfig *config = emo_encoder_config(encoder);
	Collected collected = {.width = config->width, .n_frames = emo_encoder_n_frames(config, n)};
	size_t size = (size_t) (last_layer + 1) * collected.n_frames * config->width;

	collected.hidden = emo_alloc(env, size, sizeof(float));
	for (size_t i = 0; i < size; i++)
		collected.hidden[i] = NAN;
	CHECK(emo_encoder_run(env, encoder, samples, n, last_layer, collect, &collected) == EMO_OK);
	return collected;
}

static double
worst_of(const float *actual, const double *expected, size_t n)
{
	double worst = 0, largest = 0;

	for (size_t i = 0; i < n; i++)
	{
		double difference = fabs(actual[i] - expected[i]);

		worst = difference <= worst ? worst : difference;
		largest = fmax(largest, fabs(expected[i]));
	}
	return worst / largest;
}

static void
check_config(EmoEnv *env, const EmoEncoderConfig *config, int n_samples)
{
	const EmoEncoderWeights *weights = sample_weights(env, config, 1);
	float *samples = sample_recording(env, n_samples, 2);
	EmoEncoder *encoder;
	Collected collected;
	double *projected, *hidden;
	int n;

	CHECK(emo_encoder_check_config(env, config) == EMO_OK);
	CHECK(emo_encoder_create(env, config, weights, &encoder) == EMO_OK);
	collected = run(env, encoder, samples, n_samples, config->n_layers);
	projected = naive_front(config, weights, samples, n_samples, &n);
	hidden = naive_hidden(config, weights, projected, n);
	CHECK(collected.n_frames == n);
	CHECK(collected.n_calls == config->n_layers + 1);
	for (int i = 0; i <= config->n_layers; i++)
	{
		size_t size = (size_t) n * config->width;

		CHECK_NEAR(worst_of(collected.hidden + i * size, hidden + i * size, size), 0, TOLERANCE);
	}
	free(projected);
	free(hidden);
}

/* From the shortest on, of even and odd lengths, and long enough for several blocks of convolutions. */
static void
check_lengths(EmoEnv *env, const EmoEncoderConfig *config)
{
	int reach = (int) emo_encoder_reach(config), hop = (int) emo_encoder_hop(config);

	check_config(env, config, reach);
	check_config(env, config, reach + hop - 1);
	check_config(env, config, reach + hop);
	check_config(env, config, 1501);
	check_config(env, config, 6000);
}

static void
test_wav2vec2(EmoEnv *env)
{
	EmoEncoderConfig config = sample_base;

	check_lengths(env, &config);
	config.conv_bias = 1;
	config.standardises = 0;
	config.position_kernel = 7;
	config.position_groups = 1;
	check_lengths(env, &config);
	config.conv_layer_norm = 1;
	config.norm_first = 1;
	check_lengths(env, &config);
	config.conv_bias = 0;
	config.norm_epsilon = 0.01f;
	config.position_kernel = 1;
	config.position_groups = 12;
	check_lengths(env, &config);
	config.n_convs = 1;
	config.n_heads = 1;
	config.convs[0] = (EmoEncoderConv){5, 64, 40};
	check_lengths(env, &config);
}

/* Rows of which a product has fewer, or else they would take much memory. */
static void
test_wide_rows(EmoEnv *env)
{
	EmoEncoderConfig config = sample_base;

	config.n_convs = 2;
	config.convs[0] = (EmoEncoderConv){16, 1, 1};
	config.convs[1] = (EmoEncoderConv){3, 600, 512};
	/* Of three numbers that are nearly the same it would leave the rounding. */
	config.projection_norm = 0;
	check_config(env, &config, 100000);
}

static void
test_hubert(EmoEnv *env)
{
	EmoEncoderConfig config = sample_base;

	config.kind = EMO_HUBERT;
	config.projection_norm = 0;
	check_lengths(env, &config);
}

static void
test_wavlm(EmoEnv *env)
{
	EmoEncoderConfig config = sample_base;

	config.kind = EMO_WAVLM;
	config.n_buckets = 40;
	config.max_distance = 90;
	check_lengths(env, &config);
	config.norm_first = 1;
	config.conv_layer_norm = 1;
	config.n_buckets = 5;
	config.max_distance = 2;
	check_lengths(env, &config);
}

/* What PyTorch computed with an encoder, of the samples as they are and of a batch that is filled up. */
static void
check_reference(EmoEnv *env, const char *name, const char *recording)
{
	static const char *const kinds[] = {"hidden", "batch"};
	TinyEncoder *tiny = tiny_encoder(env, name);
	int64_t n_samples;
	float *samples = tiny_recording(env, recording, &n_samples);
	EmoEncoder *encoder;
	Collected collected;

	CHECK(emo_encoder_create(env, &tiny->config, &tiny->weights, &encoder) == EMO_OK);
	collected = run(env, encoder, samples, (int) n_samples, tiny->config.n_layers);
	for (int i = 0; i < 2; i++)
	{
		char array[64];
		int dimensions[MAX_DIMENSIONS];
		const float *expected;

		snprintf(array, sizeof(array), "%s.%s", recording, kinds[i]);
		expected = tiny_reference(env, name, array, dimensions);
		if (expected == NULL && i > 0)
			continue;
		CHECK(dimensions[0] == tiny->config.n_layers + 1);
		CHECK(dimensions[1] == collected.n_frames && dimensions[2] == tiny->config.width);
		for (int layer = 0; layer < dimensions[0]; layer++)
		{
			size_t size = (size_t) dimensions[1] * dimensions[2], at = layer * size;
			double *widened = naive_zeros(size);

			for (size_t j = 0; j < size; j++)
				widened[j] = expected[at + j];
			CHECK_NEAR(worst_of(collected.hidden + at, widened, size), 0, TOLERANCE);
			free(widened);
		}
	}
}

static void
test_references(EmoEnv *env)
{
	static const char *const names[] = {
		"wav2vec2_base", "wav2vec2_large",      "wav2vec2_f16", "wav2vec2_emotion",
		"hubert_base",   "wav2vec2_dimensions", "hubert_large", "wav2vec2_weighted",
		"hubert_plain",  "hubert_emotion",      "wavlm_base",   "wavlm_large",
		"wavlm_bf16",    "wavlm_emotion"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		check_reference(env, names[i], "short");
		check_reference(env, names[i], "long");
	}
}

/* A recording of two windows: each is what its frames are alone, but for the norms over all of the recording. */
static void
check_long(EmoEnv *env, const EmoEncoderConfig *config)
{
	const int n_samples = 3300 * 2;
	const EmoEncoderWeights *weights = sample_weights(env, config, 3);
	float *samples = sample_recording(env, n_samples, 4);
	size_t width = (size_t) config->width;
	EmoEncoder *encoder;
	Collected collected;
	double *projected;
	int n;

	CHECK(emo_encoder_create(env, config, weights, &encoder) == EMO_OK);
	collected = run(env, encoder, samples, n_samples, config->n_layers);
	projected = naive_front(config, weights, samples, n_samples, &n);
	CHECK(collected.n_frames == n && emo_n_windows(config, n) == 2);
	CHECK(collected.n_calls == 2 * (config->n_layers + 1));
	for (int64_t i = 0; i < 2; i++)
	{
		EmoEncoderWindow window = emo_window(config, n, i);
		double *hidden =
			naive_hidden(config, weights, projected + window.heard * width, window.n_heard);
		double *kept =
			hidden + (config->n_layers * window.n_heard + window.kept - window.heard) * width;

		CHECK_NEAR(
			worst_of(collected.hidden + (config->n_layers * (size_t) n + window.kept) * width, kept,
					 window.n_kept * width),
			0, TOLERANCE);
		free(hidden);
	}
	free(projected);
}

static const EmoEncoderConfig sample_narrow = {.kind = EMO_WAVLM,
											   .width = 4,
											   .n_layers = 1,
											   .n_heads = 2,
											   .inner_width = 4,
											   .norm_epsilon = 1e-5f,
											   .standardises = 1,
											   .n_convs = 1,
											   .convs = {{4, 3, 2}},
											   .projection_norm = 1,
											   .position_kernel = 4,
											   .position_groups = 2,
											   .n_buckets = 16,
											   .max_distance = 50};

static void
test_long(EmoEnv *env)
{
	check_long(env, &sample_narrow);
}

/* Fewer layers are the first of all, and what an encoder did before leaves nothing behind. */
static void
test_again(EmoEnv *env)
{
	EmoEncoderConfig config = sample_base;
	const EmoEncoderWeights *weights = sample_weights(env, &config, 5);
	float *samples = sample_recording(env, 5000, 6);
	EmoEncoder *encoder, *other;
	Collected all, few, again;
	size_t size;

	CHECK(emo_encoder_create(env, &config, weights, &encoder) == EMO_OK);
	CHECK(emo_encoder_create(env, &config, weights, &other) == EMO_OK);
	all = run(env, encoder, samples, 800, 2);
	size = (size_t) all.n_frames * config.width * sizeof(float);
	run(env, encoder, samples, 5000, 2);
	again = run(env, encoder, samples, 800, 2);
	few = run(env, other, samples, 800, 1);
	CHECK(memcmp(all.hidden, again.hidden, 3 * size) == 0);
	CHECK(memcmp(all.hidden, few.hidden, 2 * size) == 0);
	CHECK(few.last_layer == 1 && few.n_calls == 2);
	few = run(env, other, samples, 800, 0);
	CHECK(memcmp(all.hidden, few.hidden, size) == 0);
	CHECK(few.last_layer == 0 && few.n_calls == 1);
}

static void
test_short(EmoEnv *env)
{
	const EmoEncoderWeights *weights = sample_weights(env, &sample_base, 5);
	float *samples = sample_recording(env, 29, 6);
	EmoEncoder *encoder;

	CHECK(emo_encoder_create(env, &sample_base, weights, &encoder) == EMO_OK);
	CHECK(emo_encoder_run(env, encoder, samples, 29, 2, collect, NULL) == EMO_LITTLE_SPEECH);
	CHECK(strstr(env->detail, "29 samples") != NULL && strstr(env->detail, "30") != NULL);
	CHECK(emo_encoder_run(env, encoder, samples, 0, 2, collect, NULL) == EMO_LITTLE_SPEECH);
}

static long looks_left;

static bool
stop_after_looks(void *host)
{
	(void) host;
	return looks_left-- <= 0;
}

/* Whenever somebody wants to stop, and wherever memory ends, there is a word of it, and the encoder still works. */
static void
test_stops(EmoEnv *env)
{
	UnitHost host = {NULL, -1};
	EmoEnv stopping = unit_env(&host), poor = unit_env(&host);
	const EmoEncoderWeights *weights = sample_weights(env, &sample_narrow, 5);
	float *samples = sample_recording(env, 7000, 6);
	EmoEncoder *encoder;
	Collected expected, after;
	long n_looks = 0, n_allocations = 0;
	EmoStatus status;

	CHECK(emo_encoder_create(env, &sample_narrow, weights, &encoder) == EMO_OK);
	expected = run(env, encoder, samples, 7000, 1);
	after = expected;
	after.hidden = emo_alloc(env, (size_t) 2 * expected.n_frames * 4, sizeof(float));
	stopping.should_stop = stop_after_looks;
	do
	{
		looks_left = n_looks;
		status = emo_encoder_run(&stopping, encoder, samples, 7000, 1, collect, &after);
		CHECK(status == EMO_OK || (status == EMO_CANCELED && stopping.status == EMO_CANCELED));
		n_looks += n_looks < 8 ? 1 : n_looks / 4;
	} while (status != EMO_OK);
	CHECK(n_looks > 30);
	CHECK(memcmp(after.hidden, expected.hidden,
				 (size_t) 2 * expected.n_frames * 4 * sizeof(float)) == 0);
	do
	{
		host.allocations_left = n_allocations++;
		status = emo_encoder_create(&poor, &sample_narrow, weights, &encoder);
		if (status == EMO_OK)
			status = emo_encoder_run(env, encoder, samples, 600, 1, collect, &after);
		CHECK(status == EMO_OK || (status == EMO_OUT_OF_MEMORY &&
								   (n_allocations == 1 || env->status == EMO_OUT_OF_MEMORY)));
	} while (status != EMO_OK);
	CHECK(n_allocations > 10);
	unit_env_end(&host);
}

int
main(void)
{
	RUN(test_wav2vec2);
	RUN(test_wide_rows);
	RUN(test_hubert);
	RUN(test_wavlm);
	RUN(test_references);
	RUN(test_long);
	RUN(test_again);
	RUN(test_short);
	RUN(test_stops);
	return unit_finish();
}
