/*
 * What checkpoints become in an import against PyTorch, and what numbers of fewer bits cost: images of test/encoders in
 * each precision.
 */
#include "core/encoder/encoder.h"
#include "encoders.h"
#include "tiny_files.h"
#include "unit.h"

static const char *const names[] = {
	"wav2vec2_base",     "wav2vec2_large",      "wav2vec2_f16", "wav2vec2_emotion",
	"wav2vec2_weighted", "wav2vec2_dimensions", "hubert_base",  "hubert_large",
	"hubert_plain",      "hubert_emotion",      "wavlm_base",   "wavlm_large",
	"wavlm_bf16",        "wavlm_emotion",       "whisper",      "whisper_f16",
	"whisper_emotion",
};

typedef struct Difference
{
	const float *expected; /* [layers + 1][n_frames][width] */
	int n_frames, width;
	double squares, expected_squares, farthest;
} Difference;

static EmoStatus
add_difference(void *argument, int layer, int64_t first, int n, const float *hidden)
{
	Difference *difference = argument;
	const float *expected =
		difference->expected +
		((size_t) layer * difference->n_frames + (size_t) first) * difference->width;

	for (int64_t i = 0; i < (int64_t) n * difference->width; i++)
	{
		double d = (double) hidden[i] - expected[i];

		difference->squares += d * d;
		difference->expected_squares += (double) expected[i] * expected[i];
		difference->farthest = fmax(difference->farthest, fabs(d));
	}
	return EMO_OK;
}

/*
 * Of all layers of the long recording: the root of the mean squared difference, or the farthest one, by the root of the
 * mean square.
 */
static void
compare(EmoEnv *env, const char *name, EmoPrecision precision, double *error, double *farthest)
{
	TestEncoder test;
	EmoEncoder *encoder;
	int dimensions[MAX_DIMENSIONS];
	int64_t n_samples;
	const float *samples = tiny_recording(env, "long", &n_samples);
	Difference difference = {.expected = tiny_reference(env, name, "long.hidden", dimensions)};

	*error = *farthest = INFINITY;
	difference.n_frames = dimensions[1];
	difference.width = dimensions[2];
	CHECK(test_encoder(env, name, precision, &test) == EMO_OK);
	CHECK(emo_encoder_create(env, &test.config, &test.weights, &encoder) == EMO_OK);
	CHECK(test.config.width == dimensions[2] && test.config.n_layers + 1 == dimensions[0]);
	if (emo_encoder_run(env, encoder, samples, n_samples, test.config.n_layers, add_difference,
						&difference) != EMO_OK)
		return;
	*error = sqrt(difference.squares / difference.expected_squares);
	*farthest =
		difference.farthest / sqrt(difference.expected_squares /
								   ((double) dimensions[0] * dimensions[1] * dimensions[2]));
}

/*
 * Numbers of n bits behind the leading one are rounded by 2^-(n + 1) at most; the encoders are so narrow that not much of
 * that cancels out.
 */
static void
check_precision(EmoEnv *env, EmoPrecision precision, double least, double most)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		double error, farthest;

		compare(env, names[i], precision, &error, &farthest);
		CHECK(error >= least && error <= most && farthest <= 10 * most);
	}
}

static void
test_single(EmoEnv *env)
{
	check_precision(env, EMO_F32, 0, 1e-5);
}

static void
test_f16(EmoEnv *env)
{
	check_precision(env, EMO_F16, 1e-5, 2e-3);
}

static void
test_bf16(EmoEnv *env)
{
	check_precision(env, EMO_BF16, 1e-4, 1.5e-2);
}

static void
test_int8(EmoEnv *env)
{
	check_precision(env, EMO_INT8, 1e-3, 5e-2);
}

int
main(void)
{
	RUN(test_single);
	RUN(test_f16);
	RUN(test_bf16);
	RUN(test_int8);
	return unit_finish();
}
