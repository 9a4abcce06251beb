/*
 * explain_test.c
 *	  Integrated gradients: completeness, and what they are for nets that are linear.
 */
#include "core/nn/explain.h"
#include "nn_sample.h"

static double
predicted_difference(EmoEnv *env, EmoNnModel *model, const uint16_t *frames, int n_frames,
					 int winner, int other)
{
	EmoNnPredictor *predictor;
	float log_probabilities[NN_CLASSES];

	CHECK(emo_nn_predictor_create(env, model, &predictor) == EMO_OK);
	CHECK(emo_nn_predict(env, predictor, frames, n_frames, log_probabilities) == EMO_OK);
	return (double) log_probabilities[winner] - log_probabilities[other];
}

/* Larger scores, so that a tolerance says something. */
static void
sharpen(EmoNnModel *model)
{
	EmoNnShape shape;

	emo_nn_shape(&model->architecture, NN_CLASSES, &shape);
	for (int i = 0; i < shape.n_pooled * NN_CLASSES; i++)
		model->weights[shape.dense_weight + i] *= 200;
}

static void
test_completeness(EmoEnv *env)
{
	static const char *names[] = {"temporal", "image", "original"};
	static const int lengths[] = {1, 7, 90};

	for (int i = 0; i < 3; i++)
	{
		EmoNnModel model = nn_make_model(env, names[i]);

		sharpen(&model);
		for (int l = 0; l < 3; l++)
		{
			EmoNnExplanation explanation;
			uint16_t *frames = nn_make_frames(env, lengths[l]);
			double gain;

			CHECK(emo_nn_explain(env, &model, frames, lengths[l], 2, 0, &explanation) == EMO_OK);
			CHECK_NEAR(explanation.difference,
					   predicted_difference(env, &model, frames, lengths[l], 2, 0), 1e-4);
			gain = explanation.difference - explanation.baseline;
			CHECK(fabs(gain) > 0.05);
			CHECK_NEAR(explanation.sum, gain, 3 * EMO_NN_EXPLAIN_TOLERANCE * fmax(1, fabs(gain)));
		}
	}
}

static void
test_baseline_is_nothing(EmoEnv *env)
{
	EmoNnModel model = nn_make_model(env, "temporal");
	EmoNnExplanation of_noise, of_nothing;
	uint16_t *frames = nn_make_frames(env, 40);

	CHECK(emo_nn_explain(env, &model, frames, 40, 1, 0, &of_noise) == EMO_OK);
	memset(frames, 0, 40 * EMO_NN_FRAME_VALUES * sizeof(uint16_t));
	CHECK(emo_nn_explain(env, &model, frames, 40, 1, 0, &of_nothing) == EMO_OK);
	CHECK_NEAR(of_nothing.difference, of_noise.baseline, 1e-6);
	for (int i = 0; i < 40 * EMO_NN_FRAME_VALUES; i++)
		CHECK(of_nothing.attributions[i] == 0);
}

/* Without kinks and with means only, a value's share is what the score loses without it. */
static void
test_linear_net(EmoEnv *env)
{
	EmoNnModel model = nn_make_model(env, "temporal");
	EmoNnExplanation explanation;
	EmoNnShape shape;
	uint16_t *frames = nn_make_frames(env, 30);
	double all;

	model.architecture.pooling = EMO_NN_POOL_MEAN_DEVIATION;
	model.architecture.n_heads = 1;
	model.architecture.n_blocks = 2;
	for (int i = 0; i < 2; i++)
		model.architecture.blocks[i].relu = false;
	emo_nn_shape(&model.architecture, NN_CLASSES, &shape);
	emo_nn_init_weights(&shape, 4, model.weights);
	sharpen(&model);
	for (int i = shape.n_features; i < shape.n_pooled; i++)
		for (int c = 0; c < NN_CLASSES; c++)
			model.weights[shape.dense_weight + i * NN_CLASSES + c] = 0;
	CHECK(emo_nn_explain(env, &model, frames, 30, 1, 2, &explanation) == EMO_OK);
	all = predicted_difference(env, &model, frames, 30, 1, 2);
	for (int i = 3; i < 30 * EMO_NN_FRAME_VALUES; i += 61)
	{
		uint16_t value = frames[i];

		frames[i] = 0;
		CHECK_NEAR(explanation.attributions[i],
				   all - predicted_difference(env, &model, frames, 30, 1, 2), 2e-5);
		frames[i] = value;
	}
	/* One gradient for each view does, of what is linear. */
	CHECK(explanation.n_gradients == model.n_warps);
}

/* Pieces of a recording longer than 30 s have all of their frames explained. */
static void
test_long_recording(EmoEnv *env)
{
	EmoNnModel model = nn_make_model(env, "original");
	int n_frames = EMO_NN_PIECE_FRAMES + 100;
	uint16_t *frames = nn_make_frames(env, n_frames);
	EmoNnExplanation explanation;

	model.n_warps = 1;
	CHECK(emo_nn_explain(env, &model, frames, n_frames, 0, 1, &explanation) == EMO_OK);
	CHECK_NEAR(explanation.difference, predicted_difference(env, &model, frames, n_frames, 0, 1),
			   1e-4);
	CHECK_NEAR(explanation.sum, explanation.difference - explanation.baseline,
			   2 * EMO_NN_EXPLAIN_TOLERANCE);
	for (int t = 0; t < n_frames; t += n_frames - 1)
	{
		double size = 0;

		for (int m = 0; m < EMO_NN_N_MELS; m++)
			size += fabsf(explanation.attributions[t * EMO_NN_FRAME_VALUES + m]);
		CHECK(size > 0);
	}
}

static bool
stop(void *host)
{
	(void) host;
	return true;
}

static void
test_stops(EmoEnv *env)
{
	EmoNnModel model = nn_make_model(env, "temporal");
	EmoNnExplanation explanation;
	uint16_t *frames = nn_make_frames(env, 20);

	env->should_stop = stop;
	CHECK(emo_nn_explain(env, &model, frames, 20, 0, 1, &explanation) == EMO_CANCELED);
}

int
main(void)
{
	RUN(test_completeness);
	RUN(test_baseline_is_nothing);
	RUN(test_linear_net);
	RUN(test_long_recording);
	RUN(test_stops);
	return unit_finish();
}
